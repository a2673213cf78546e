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

/// Words and zeros that stand for a caller who hides the number or of whom the network knows none. Services say it in
/// the language of their users, with or without a word for what is hidden: "Private", "Private Caller".
fn not_told(text: &str) -> Option<Party> {
    const WITHHELD: [&str; 46] = [
        "anonymous",
        "anonym",
        "anonyme",
        "anonymer",
        "anonymes",
        "anonimo",
        "anonima",
        "anoniem",
        "anonieme",
        "withheld",
        "restricted",
        "private",
        "privat",
        "privater",
        "privates",
        "prive",
        "privee",
        "privato",
        "privata",
        "privado",
        "privada",
        "blocked",
        "hidden",
        "suppressed",
        "unterdruckt",
        "unterdruckte",
        "unterdrueckt",
        "unterdrueckte",
        "verborgen",
        "gesperrt",
        "masque",
        "masquee",
        "cache",
        "secret",
        "nascosto",
        "riservato",
        "oculto",
        "oculta",
        "afgeschermd",
        "geheim",
        "zastrzezony",
        "clir",
        "חסוי",
        "חסויה",
        "חסום",
        "פרטי",
    ];
    const UNSTATED: [&str; 19] = [
        "unknown",
        "unavailable",
        "unbekannt",
        "unbekannte",
        "unbekannter",
        "inconnu",
        "inconnue",
        "sconosciuto",
        "sconosciuta",
        "desconocido",
        "desconocida",
        "onbekend",
        "onbekende",
        "nieznany",
        "undefined",
        "null",
        "none",
        "unidentified",
        "מזוהה",
    ];
    const NEGATIONS: [&str; 8] = ["no", "not", "kein", "keine", "ohne", "sans", "ללא", "לא"];
    const NOUNS: [&str; 37] = [
        "number",
        "caller",
        "call",
        "calling",
        "party",
        "id",
        "cid",
        "clip",
        "callerid",
        "name",
        "nummer",
        "rufnummer",
        "telefonnummer",
        "anrufer",
        "anruf",
        "teilnehmer",
        "numero",
        "appel",
        "appelant",
        "correspondant",
        "chiamata",
        "chiamante",
        "utente",
        "llamada",
        "beller",
        "numer",
        "user",
        "identity",
        "identite",
        "available",
        "verfugbar",
        "מספר",
        "מתקשר",
        "שיחה",
        "מזהה",
        "זמין",
        "ידוע",
    ];
    const NAMELESS: [&str; 2] = ["n/a", "n.a."];
    if text.len() > 64 {
        return None;
    }
    let plain: String = text.to_lowercase().chars().filter_map(without_accent).collect();
    let words: Vec<&str> = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is = |list: &[&str]| words.iter().any(|word| list.contains(word));
    let known = |word: &&str| [&WITHHELD[..], &UNSTATED, &NEGATIONS, &NOUNS].iter().any(|list| list.contains(word));
    let dialled = text.contains(['*', '#', '+']);
    if (words.is_empty() && !dialled) || NAMELESS.contains(&plain.trim()) {
        return Some(Party::Unstated);
    }
    if let [word] = words[..]
        && !dialled
        && word.bytes().all(|b| b == b'0')
    {
        return Some(Party::Withheld);
    }
    if !words.iter().all(known) {
        return None;
    }
    // "no caller id" hides one, and "not available" has none.
    let denied = is(&NEGATIONS) && is(&NOUNS);
    let unstated = is(&UNSTATED) || (denied && is(&["available", "verfugbar", "זמין", "ידוע"]));
    if is(&WITHHELD) || (denied && !unstated) { Some(Party::Withheld) } else { unstated.then_some(Party::Unstated) }
}

/// A letter of the words above as they are written there; `None` for an accent that stands by itself.
fn without_accent(c: char) -> Option<char> {
    match c {
        '\u{300}'..='\u{36f}' => None,
        'é' | 'è' | 'ê' => Some('e'),
        'ü' | 'ú' => Some('u'),
        'ó' => Some('o'),
        'ż' => Some('z'),
        _ => Some(c),
    }
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
