//! A text with its characters folded, each knowing where it came from.

use std::ops::Range;

use crate::number::fold::fold;

pub(super) struct Text {
    chars: Vec<char>,
    spans: Vec<(u32, u32)>,
}

impl Text {
    pub fn of(source: &str) -> Self {
        let mut text = Self { chars: Vec::with_capacity(source.len()), spans: Vec::with_capacity(source.len()) };
        for (at, c) in source.char_indices() {
            if let Some(folded) = fold(c) {
                text.chars.push(folded);
                text.spans.push((at as u32, (at + c.len_utf8()) as u32));
            }
        }
        text
    }

    pub fn chars(&self) -> &[char] {
        &self.chars
    }

    pub fn len(&self) -> usize {
        self.chars.len()
    }

    /// The character there; a line break outside the text.
    pub fn get(&self, at: usize) -> char {
        self.chars.get(at).copied().unwrap_or('\n')
    }

    /// The character before; a line break at the start.
    pub fn before(&self, at: usize) -> char {
        at.checked_sub(1).map_or('\n', |at| self.get(at))
    }

    pub fn slice(&self, range: Range<usize>) -> &[char] {
        &self.chars[range.start.min(self.len())..range.end.min(self.len())]
    }

    pub fn string(&self, range: Range<usize>) -> String {
        self.slice(range).iter().collect()
    }

    /// The bytes of the source that a non-empty range of characters stands for.
    pub fn span(&self, range: Range<usize>) -> Range<usize> {
        match (self.spans.get(range.start), range.end.checked_sub(1).and_then(|last| self.spans.get(last))) {
            (Some((start, _)), Some((_, end))) if start < end => *start as usize..*end as usize,
            _ => 0..0,
        }
    }

    /// Whether nothing but white space and punctuation stands around the range.
    pub fn is_all_but(&self, range: &Range<usize>) -> bool {
        let idle = |c: &char| !c.is_alphanumeric();
        self.chars[..range.start].iter().all(idle) && self.chars[range.end..].iter().all(idle)
    }

    /// How many digits stand there, one after another.
    pub fn digits(&self, at: usize) -> usize {
        self.chars.get(at..).unwrap_or_default().iter().take(40).take_while(|c| c.is_ascii_digit()).count()
    }

    /// The number that the digits there stand for; at most nine are taken.
    pub fn value(&self, at: usize, digits: usize) -> u32 {
        self.slice(at..at + digits.min(9)).iter().fold(0, |value, c| value * 10 + c.to_digit(10).unwrap_or(0))
    }

    /// The word there, in small letters; at most 24 letters, else nothing.
    pub fn word_from(&self, at: usize) -> String {
        let word: String =
            self.chars.get(at..).unwrap_or_default().iter().take(25).take_while(|c| c.is_alphabetic()).collect();
        if word.chars().count() > 24 { String::new() } else { word.to_lowercase() }
    }
}
