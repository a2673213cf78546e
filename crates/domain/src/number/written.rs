//! A number as it was written, without what stands between its digits.

use super::NumberError;
use super::fold::{fold, is_separator};

/// Longer texts are no number, whatever they hold.
const MAX_CHARS: usize = 200;

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Written {
    /// Only digits, `+`, `*` and `#`; never empty.
    pub dial: String,
    /// How many characters of `dial` stand before the first separator.
    pub first_group: usize,
    /// Where in `dial` the zero of a `(0)` stands.
    pub zero: Option<usize>,
    /// An outside-line prefix stood before the `+` and was taken off.
    pub outside_line: bool,
}

impl Written {
    pub fn of(text: &str, outside_line: Option<&str>) -> Result<Self, NumberError> {
        let mut out = Self { dial: String::new(), first_group: 0, zero: None, outside_line: false };
        let mut open = None;
        for c in trimmed(text).chars().take(MAX_CHARS + 1).filter_map(fold) {
            match c {
                '0'..='9' | '*' | '#' => out.dial.push(c),
                '+' => out.plus(outside_line)?,
                '(' | '[' => open = Some(out.dial.len()),
                ')' | ']' => {
                    if let Some(at) = open.take()
                        && out.zero.is_none()
                        && &out.dial[at..] == "0"
                    {
                        out.zero = Some(at);
                    }
                }
                _ if is_separator(c) => {}
                _ if c.is_alphabetic() => return Err(NumberError::Letters),
                _ => return Err(NumberError::NotANumber),
            }
            if out.first_group == 0 && is_separator(c) {
                out.first_group = out.dial.len();
            }
        }
        if out.dial.is_empty() {
            return Err(if trimmed(text).is_empty() { NumberError::Empty } else { NumberError::NotANumber });
        }
        if text.len() > MAX_CHARS * 4 {
            return Err(NumberError::TooLong);
        }
        Ok(out)
    }

    fn plus(&mut self, outside_line: Option<&str>) -> Result<(), NumberError> {
        let in_code = self.dial.contains(['*', '#']);
        if !in_code && !self.dial.is_empty() {
            if outside_line != Some(self.dial.as_str()) || self.outside_line {
                return Err(NumberError::Several);
            }
            self.dial.clear();
            self.first_group = 0;
            self.outside_line = true;
        }
        self.dial.push('+');
        Ok(())
    }

    /// Whether it is a service code: `*` or `#` in it.
    pub fn is_code(&self) -> bool {
        self.dial.contains(['*', '#'])
    }
}

/// Without the punctuation that a copied number drags along.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, ',' | ';' | ':' | '.' | '"' | '\'' | '<' | '>') || fold(c).is_none()
    })
}
