//! A number as it was written, without what stands between its digits, but with how they were grouped.

use super::NumberError;
use super::fold::{fold, is_separator};

/// Longer texts are no number, whatever they hold.
pub(super) const MAX_CHARS: usize = 200;

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Written {
    /// Only digits, `+`, `*` and `#`; never empty.
    pub dial: String,
    /// Where in `dial` each group of digits begins.
    pub groups: Vec<usize>,
    /// Where in `dial` the direct number begins, if a dash stands before it (DIN 5008), or a slash before its 0.
    pub direct: Option<usize>,
    /// Nothing but a blank stands before the last group.
    pub blank: bool,
    /// Where in `dial` the zero of a `(0)` stands.
    pub zero: Option<usize>,
    /// An outside-line prefix stood before the `+` and was taken off.
    pub outside_line: bool,
}

impl Written {
    pub fn of(text: &str, outside_line: Option<&str>) -> Result<Self, NumberError> {
        let mut out = Self {
            dial: String::new(),
            groups: Vec::new(),
            direct: None,
            blank: false,
            zero: None,
            outside_line: false,
        };
        // What stands before each group, and before the next one.
        let (mut gaps, mut gap) = (Vec::new(), String::new());
        let (mut open, mut apart) = (None, true);
        let mut chars = trimmed(text).chars().take(MAX_CHARS + 1).filter_map(fold);
        while let Some(c) = chars.next() {
            match c {
                '0'..='9' => {
                    if std::mem::take(&mut apart) {
                        out.groups.push(out.dial.len());
                        gaps.push(std::mem::take(&mut gap));
                    }
                    out.dial.push(c);
                }
                '*' | '#' => out.dial.push(c),
                '+' if !out.dial.is_empty() && !chars.clone().any(|c| c.is_ascii_digit()) => {
                    return Err(NumberError::NotANumber);
                }
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
            if !c.is_ascii_digit() {
                apart = true;
                gap.push(c);
            }
        }
        if out.dial.is_empty() {
            return Err(if trimmed(text).is_empty() { NumberError::Empty } else { NumberError::NotANumber });
        }
        if text.len() > MAX_CHARS * 4 {
            return Err(NumberError::TooLong);
        }
        gaps.drain(..gaps.len() - out.groups.len());
        out.blank = gaps.last().is_some_and(|gap| gap == " ");
        out.direct = out.direct_behind(&gaps);
        Ok(out)
    }

    /// What stands before each group says whether the last one is a direct number, or the last ones where all are pairs.
    fn direct_behind(&self, gaps: &[String]) -> Option<usize> {
        /// No subscriber's number has so few digits.
        const SHORT: usize = 2;
        let length = |at: usize| self.group(at).len();
        let last = self.groups.len().checked_sub(1)?;
        let dash = gaps.iter().rposition(|gap| gap.trim_end_matches(' ').ends_with('-'));
        // In pairs from the right, one digit may be left over in front.
        let pairs = |dash| (0..=last).all(|at| length(at) == 2 || ((at < 2 || at == dash) && length(at) < 2));
        match dash {
            Some(at) if at == last || (at > 1 && pairs(at)) => self.groups.get(at).copied(),
            _ if gaps[last].trim() == "/" && length(last) <= SHORT => {
                self.groups.get(last).copied().filter(|at| *at > 2)
            }
            _ => None,
        }
    }

    fn plus(&mut self, outside_line: Option<&str>) -> Result<(), NumberError> {
        let in_code = self.dial.contains(['*', '#']);
        if self.dial == "+" {
            return Ok(());
        }
        if !in_code && !self.dial.is_empty() {
            let behind = outside_line.and_then(|prefix| self.dial.strip_prefix(prefix));
            let outside = behind.is_some_and(|rest| rest.is_empty() || is_access_code(rest));
            // "00+49 …": both ways to begin.
            if self.outside_line || !(outside || is_access_code(&self.dial)) {
                return Err(NumberError::Several);
            }
            self.outside_line = outside;
            self.dial.clear();
            self.groups.clear();
        }
        self.dial.push('+');
        Ok(())
    }

    /// Whether it is a service code: `*` or `#` in it.
    pub fn is_code(&self) -> bool {
        self.dial.contains(['*', '#'])
    }

    /// The digits of a group; empty where there are fewer groups.
    pub fn group(&self, index: usize) -> &str {
        let Some(start) = self.groups.get(index) else { return "" };
        let end = self.groups.get(index + 1).copied().unwrap_or(self.dial.len());
        &self.dial[*start..end]
    }

    /// The same without its first `length` characters.
    pub fn without_first(&self, length: usize) -> Option<Self> {
        let dial = self.dial.get(length..).filter(|rest| !rest.is_empty())?.to_owned();
        let mut groups: Vec<usize> = self.groups.iter().map(|at| at.saturating_sub(length)).collect();
        groups.dedup();
        let zero = self.zero.and_then(|at| at.checked_sub(length));
        let direct = self.direct.and_then(|at| at.checked_sub(length)).filter(|at| *at > 0);
        Some(Self { dial, groups, direct, zero, ..self.clone() })
    }
}

/// Whether digits are what somewhere is dialled for the `+`.
pub(super) fn is_access_code(digits: &str) -> bool {
    matches!(digits, "00" | "011" | "0011" | "010")
}

/// Without the punctuation that a copied number drags along.
pub(super) fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| {
        let telephone = matches!(c, '☎' | '☏' | '✆' | '🕿' | '📞' | '📱' | '📲');
        let mark = matches!(c, ',' | ';' | ':' | '.' | '"' | '\'' | '<' | '>');
        c.is_whitespace() || mark || telephone || fold(c).is_none()
    })
}
