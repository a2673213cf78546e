//! Text that somebody else wrote: callers' names, directory fields, notes. Hostile until made a [`Label`].

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize};

/// One line of text that is safe to show: no control characters, no line breaks, no bidirectional overrides or
/// invisible marks, runs of white space folded, at most [`Label::MAX_CHARS`] characters.
///
/// Markup is left as the text it is: hosts show labels as text, never as HTML.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize)]
#[serde(transparent)]
pub struct Label(Arc<str>);

impl Label {
    /// Longer text is cut and ends in `…`.
    pub const MAX_CHARS: usize = 120;

    pub fn new(text: &str) -> Self {
        Self(Arc::from(clean(text, Self::MAX_CHARS)))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The text on one line without what could mislead a reader, at most `max` characters.
pub fn clean(text: &str, max: usize) -> String {
    let mut out = String::with_capacity(text.len().min(max * 4));
    let mut chars = 0;
    let mut gap = false;
    for c in text.chars() {
        if is_break(c) {
            gap = chars > 0;
            continue;
        }
        if misleads(c) {
            continue;
        }
        if chars + usize::from(gap) >= max {
            while chars >= max && out.pop().is_some() {
                chars -= 1;
            }
            out.push('…');
            return out;
        }
        if gap {
            out.push(' ');
            chars += 1;
            gap = false;
        }
        out.push(c);
        chars += 1;
    }
    out
}

fn is_break(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Controls, bidirectional embeddings, overrides and isolates, zero-width and tag characters, private use and BOM.
fn misleads(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffd}'
            | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{e0fff}' | '\u{f0000}'..='\u{10ffff}')
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl From<&str> for Label {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl<'de> Deserialize<'de> for Label {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::new(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_is_tamed() {
        for (raw, shown) in [
            ("Anna\nMuster", "Anna Muster"),
            ("  Anna \t\r\n Muster  ", "Anna Muster"),
            ("\u{202e}reirruoc", "reirruoc"),
            ("a\u{200b}b\u{2066}c\u{2069}", "abc"),
            ("<b>Anna</b>", "<b>Anna</b>"),
            ("\u{0}\u{1b}[31mred", "[31mred"),
            ("", ""),
            ("חיים אזולאי", "חיים אזולאי"),
        ] {
            assert_eq!(Label::new(raw).as_str(), shown, "{raw:?}");
        }
    }

    #[test]
    fn long_text_is_cut_with_an_ellipsis() {
        let label = Label::new(&"ä".repeat(10_000));
        assert_eq!(label.as_str().chars().count(), Label::MAX_CHARS);
        assert!(label.as_str().ends_with('…'));
        assert_eq!(Label::new(&"x".repeat(Label::MAX_CHARS)).as_str(), "x".repeat(Label::MAX_CHARS));
    }
}
