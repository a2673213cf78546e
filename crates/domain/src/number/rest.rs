//! What stands behind a number: an extension or tones, dialled when somebody has answered, or the direct number that ends it.

use std::ops::Range;

use super::entry::{FEWEST_DIGITS, LONGEST_ENDING, Probe, is_pause_mark};
use super::fold::is_separator;

/// A number that something follows has at least so many digits.
const FEWEST_BEFORE_REST: usize = 5;
/// Numbers with so many national digits are as long as Germany gives them out, so that what follows is an extension.
pub(super) const LONGEST_BEFORE_DIRECT: usize = 11;
/// No extension and no tones are longer.
const MAX_REST: usize = 64;

/// `669669 DW 66` as `669669-66`, wherever that is a number: where direct dialling-in goes on with the number, nothing
/// answers at what stands before the word. `None` where no such word stands.
pub(super) fn with_direct_numbers(chars: &[char], probe: &dyn Fn(&str) -> Probe) -> Option<Vec<char>> {
    let (mut out, mut found) = (Vec::new(), false);
    // Where the number begins that stands before a place, and where it does if a slash parts two.
    let (mut at, mut begin, mut slash) = (0, 0, 0);
    while at < chars.len() {
        let ends = chars[at].is_ascii_digit() && !chars.get(at + 1).is_some_and(char::is_ascii_digit);
        let number = |from: usize| Some((from, direct_number(chars, from..at + 1, probe)?));
        if ends && let Some((from, (number, end))) = number(begin).or_else(|| number(slash.max(begin))) {
            out.extend(&chars[begin..from]);
            out.extend(number.chars());
            // "DW 66-69"
            if chars.get(end) == Some(&'-') {
                out.push(' ');
            }
            (found, at, begin) = (true, end, end);
            continue;
        }
        // "DW 66, DW 67"
        if found
            && !chars[begin..at].iter().any(char::is_ascii_digit)
            && !at.checked_sub(1).is_some_and(|before| chars[before].is_alphabetic())
            && let Some(first) = behind_direct_word(chars, at)
        {
            out.extend(&chars[begin..at]);
            out.push('-');
            (at, begin) = (first, first);
            continue;
        }
        if chars[at] == '/' {
            slash = at + 1;
        }
        at += 1;
        // Another number may begin there.
        if chars.get(at).is_none_or(|c| c.is_alphabetic() || matches!(c, '+' | ',' | ';' | '|' | '&' | '\n')) {
            out.extend(&chars[begin..at]);
            begin = at;
        }
    }
    out.extend(&chars[begin..at]);
    found.then_some(out)
}

/// The number that a direct number follows which is named as one, with it in place of the 0 of a switchboard, and where
/// that ends.
pub(super) fn direct_number(
    chars: &[char],
    number: Range<usize>,
    probe: &dyn Fn(&str) -> Probe,
) -> Option<(String, usize)> {
    const FARTHEST: usize = 4;
    const FEWEST_BEFORE_DIRECT: usize = 3;
    let between = |c: &&char| is_separator(**c) || matches!(**c, ',' | ';' | ':');
    let gap = chars.get(number.end..)?.iter().take(FARTHEST).take_while(between).count();
    let word = number.end + gap;
    let first = behind_direct_word(chars, word)?;
    let length = chars[first..].iter().take(LONGEST_ENDING + 1).take_while(|c| c.is_ascii_digit()).count();
    let end = first + length;
    let text: String = chars[number.clone()].iter().collect();
    let before = text.chars().filter(char::is_ascii_digit).count();
    if before < FEWEST_BEFORE_DIRECT
        || !(1..=LONGEST_ENDING).contains(&length)
        || chars[number.end..word].contains(&')')
    {
        return None;
    }
    let goes_on = chars.get(end).is_some_and(|c| c.is_alphabetic() || matches!(c, '*' | '#'));
    let head = text.strip_suffix('0').filter(|head| head.ends_with(is_separator)).unwrap_or(&text);
    let head = head.trim_end_matches(is_separator);
    let direct: String = chars[first..end].iter().collect();
    let joined = format!("{head}-{direct}");
    let probed = probe(&joined);
    let closes =
        chars[number.end..first].iter().any(|c| matches!(c, '(' | '[')) && matches!(chars.get(end), Some(')' | ']'));
    let dials_in = probed.takes_direct && probed.national.saturating_sub(length) < LONGEST_BEFORE_DIRECT;
    (dials_in && !goes_on).then_some((joined, end + usize::from(closes)))
}

/// Where digits begin behind a word for a direct number.
fn behind_direct_word(chars: &[char], at: usize) -> Option<usize> {
    const LONGEST: usize = 16;
    let word = |at: usize| -> String {
        let letters = chars.get(at..).unwrap_or_default().iter().take(LONGEST).take_while(|c| c.is_alphabetic());
        letters.collect::<String>().to_lowercase()
    };
    let marks = |at: usize| {
        let mark = |c: &&char| matches!(**c, '.' | ':' | '=' | ' ' | '-' | '(' | '/');
        chars.get(at..).unwrap_or_default().iter().take(4).take_while(mark).count()
    };
    let name = word(at);
    if !is_direct_word(&name) {
        return None;
    }
    let mut next = at + name.chars().count();
    next += marks(next);
    let number = word(next);
    if matches!(number.as_str(), "nr" | "nummer") {
        next += number.chars().count();
        next += marks(next);
    }
    chars.get(next).filter(|c| c.is_ascii_digit()).map(|_| next)
}

fn is_direct_word(word: &str) -> bool {
    matches!(word, "dw" | "durchw" | "durchwahl" | "durchwahlnummer" | "kl" | "klappe")
}

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
    const WORDS: [&str; 28] = [
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
        "nst",
        "nebenstelle",
        "app",
        "apparat",
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
    is_direct_word(word) || WORDS.contains(&word)
}
