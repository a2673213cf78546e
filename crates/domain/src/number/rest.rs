//! What stands behind a number without being dialled with it: an extension, tones.

use super::entry::{FEWEST_DIGITS, is_pause_mark};
use super::fold::is_separator;

/// A number that something follows has at least so many digits.
const FEWEST_BEFORE_REST: usize = 5;
/// Numbers with so many national digits are as long as Germany gives them out, so that what follows is an extension.
pub(super) const LONGEST_BEFORE_DIRECT: usize = 11;
/// No extension and no tones are longer.
const MAX_REST: usize = 64;

/// Where an extension or tones begin that last to the end of the text.
pub(super) fn rest(chars: &[char]) -> Option<usize> {
    let mut before = Before::default();
    for at in 0..chars.len() {
        if rest_end(chars, at, &before).is_some_and(|end| end == chars.len()) {
            let kept = chars[..at].iter().rposition(|c| !is_separator(*c) && !matches!(c, ',' | ';'));
            return kept.map(|last| last + 1);
        }
        before.take(chars[at]);
    }
    None
}

/// What stands before a place.
#[derive(Default)]
struct Before {
    digits: usize,
    grouped: bool,
    code: bool,
    letter: bool,
}

impl Before {
    fn take(&mut self, c: char) {
        self.digits += usize::from(c.is_ascii_digit());
        self.grouped |= is_separator(c);
        self.code |= matches!(c, '*' | '#');
        self.letter = c.is_alphabetic();
    }
}

/// The end of an extension that is named as one, if one begins behind a number there.
pub(super) fn extension_end(chars: &[char], at: usize) -> Option<usize> {
    let blanks = chars.get(at..)?.iter().take(3).take_while(|c| is_separator(**c) || matches!(c, ',' | ';')).count();
    let before = Before { digits: FEWEST_BEFORE_REST, grouped: true, ..Before::default() };
    chars.get(at + blanks).filter(|c| c.is_alphabetic()).and_then(|_| rest_end(chars, at + blanks, &before))
}

fn rest_end(chars: &[char], at: usize, before: &Before) -> Option<usize> {
    if before.digits < FEWEST_BEFORE_REST || before.letter || before.code {
        return None;
    }
    let tones = |from: usize| {
        let length = chars[from..].iter().take(MAX_REST).take_while(|c| is_tone(**c)).count();
        let digits = chars[from..from + length].iter().any(char::is_ascii_digit);
        digits.then_some(from + length)
    };
    match chars[at] {
        ',' | ';' if is_pause(&chars[at..], before.grouped) => tones(at + 1),
        '#' if before.digits >= 7 => Some(tones(at + 1).unwrap_or(at + 1)),
        c if c.is_alphabetic() => {
            let length = chars[at..].iter().take(16).take_while(|c| c.is_alphabetic()).count();
            let word = chars[at..at + length].iter().collect::<String>().to_lowercase();
            let gap = chars[at + length..]
                .iter()
                .take(3)
                .take_while(|c| matches!(c, '.' | ':' | '=' | ' ' | '-' | ')' | '#'))
                .count();
            let first = at + length + gap;
            match chars.get(first) {
                Some(c) if c.is_ascii_digit() && is_extension_word(&word) => tones(first),
                // "then press 2"
                Some(c) if c.is_alphabetic() && matches!(word.as_str(), "then" | "dann") => {
                    rest_end(chars, first, before)
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// What is dialled behind an answer: digits, `*`, `#` and pauses.
fn is_tone(c: char) -> bool {
    c.is_ascii_digit() || is_pause_mark(c) || matches!(c, '*' | '#' | ' ' | '-' | '.' | ')')
}

/// Whether a comma or semicolon is the pause of a dialler and not the one of a list.
fn is_pause(tail: &[char], grouped: bool) -> bool {
    let next = tail.get(1).copied().unwrap_or(' ');
    if matches!(next, ',' | ';') {
        return true;
    }
    let marked = tail[1..].iter().any(|c| matches!(c, '*' | '#' | 'p' | 'w' | 'P' | 'W'));
    let whole_number = next == '0' && tail.iter().filter(|c| c.is_ascii_digit()).count() > FEWEST_DIGITS;
    next.is_ascii_digit() && (marked || !grouped) && !whole_number
}

fn is_extension_word(word: &str) -> bool {
    const WORDS: [&str; 32] = [
        "x",
        "ex",
        "xtn",
        "opt",
        "option",
        "p",
        "w",
        "ext",
        "extn",
        "extension",
        "extensión",
        "dw",
        "durchwahl",
        "nst",
        "nebenstelle",
        "app",
        "apparat",
        "kl",
        "klappe",
        "int",
        "intern",
        "interno",
        "then",
        "dann",
        "press",
        "taste",
        "poste",
        "tst",
        "toestel",
        "wew",
        "שלוחה",
        "שלוחת",
    ];
    WORDS.contains(&word)
}
