//! Reads what a telephone service says of the other side of a call.

use std::sync::Arc;

use super::fold::{fold, is_separator};
use super::{NotE164, Party, PhoneNumber, Reading, Rule, is_dialable, read};
use crate::text::clean;
use crate::{ExtensionId, NumberPlan};

/// Names of conferences and the like are cut here.
const MAX_CODE_CHARS: usize = 32;

impl PhoneNumber {
    /// Takes international digits whose `+` was left out, as NFON's global context writes them: `4930…`. A `+` or
    /// `00` in front does no harm. No trunk prefix is looked for: the digits are the number.
    pub fn from_digits_global(text: &str) -> Result<Self, NotE164> {
        let digits: String = text.chars().filter_map(fold).filter(|c| !is_separator(*c)).take(32).collect();
        let digits = digits.strip_prefix('+').or_else(|| digits.strip_prefix("00")).unwrap_or(&digits);
        Self::from_e164(&format!("+{digits}"))
    }
}

impl Party {
    /// Reads a caller in whatever form the service uses. An extension comes first: nobody is called by `112`.
    pub fn from_caller_text(text: &str, plan: &NumberPlan, is_extension: &dyn Fn(&str) -> bool) -> Self {
        let text = user_part(text);
        if let Some(party) = not_told(text) {
            return party;
        }
        if is_extension(text) {
            return Self::Extension(ExtensionId::new(text));
        }
        match read(text, plan, is_extension) {
            // Short services of the network are called, they do not call.
            Ok(Reading { party: Party::Code(digits), rule: Rule::ShortNumber })
                if digits.len() <= usize::from(plan.extension_digits) =>
            {
                Self::Extension(ExtensionId::new(&*digits))
            }
            Ok(reading) => reading.party,
            Err(_) => code(text),
        }
    }

    /// Reads a caller given as international digits without `+`.
    pub fn from_digits_global(text: &str) -> Self {
        let text = user_part(text);
        not_told(text)
            .unwrap_or_else(|| PhoneNumber::from_digits_global(text).map_or_else(|_| code(text), Self::Number))
    }

    /// What to dial for this party: E.164, an extension's digits, or a code. `None` where there is nothing to dial.
    pub fn dial_text(&self) -> Option<&str> {
        let text = match self {
            Self::Number(number) => number.e164(),
            Self::Extension(extension) => extension.as_str(),
            Self::Code(code) => code,
            Self::Withheld | Self::Unstated => return None,
        };
        is_dialable(text).then_some(text)
    }
}

/// `"Anna" <sip:anna@host>` and `sip:anna@host` to `anna`; other texts as they are.
fn user_part(text: &str) -> &str {
    let text = text.trim();
    let text = match (text.find('<'), text.rfind('>')) {
        (Some(open), Some(close)) if open < close => text[open + 1..close].trim(),
        _ => text,
    };
    let text = ["sips:", "sip:", "tel:"]
        .iter()
        .find_map(|scheme| {
            text.get(..scheme.len()).filter(|s| s.eq_ignore_ascii_case(scheme)).map(|s| &text[s.len()..])
        })
        .unwrap_or(text);
    let text = text.split([';', '?']).next().unwrap_or(text);
    text.split('@').next().unwrap_or(text).trim()
}

/// Words and zeros that stand for a caller who hides the number or of whom the network knows none.
fn not_told(text: &str) -> Option<Party> {
    const WITHHELD: [&str; 18] = [
        "anonymous",
        "anonym",
        "anonyme",
        "anonimo",
        "withheld",
        "restricted",
        "private",
        "private number",
        "privat",
        "blocked",
        "hidden",
        "unterdrückt",
        "unterdrueckt",
        "rufnummer unterdrückt",
        "no caller id",
        "id withheld",
        "caller id blocked",
        "חסוי",
    ];
    const UNSTATED: [&str; 11] = [
        "unknown",
        "unavailable",
        "unbekannt",
        "inconnu",
        "sconosciuto",
        "not available",
        "n/a",
        "null",
        "none",
        "undefined",
        "-",
    ];
    let word = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '(' | ')' | '[' | ']'));
    if word.len() > 64 {
        return None;
    }
    let word = word.to_lowercase();
    if word.is_empty() || UNSTATED.contains(&word.as_str()) {
        return Some(Party::Unstated);
    }
    let zeros = word.bytes().all(|b| b == b'0');
    (zeros || WITHHELD.contains(&word.as_str())).then_some(Party::Withheld)
}

/// Whatever was dialled that is no number: a service code, or the name of a conference.
fn code(text: &str) -> Party {
    let bare: String = text.chars().filter_map(fold).filter(|c| !is_separator(*c)).take(MAX_CODE_CHARS + 1).collect();
    if is_dialable(&bare) {
        return Party::Code(Arc::from(bare));
    }
    let shown = clean(text, MAX_CODE_CHARS);
    if shown.is_empty() { Party::Unstated } else { Party::Code(Arc::from(shown)) }
}

#[cfg(test)]
#[path = "caller_tests.rs"]
mod tests;
