//! Takes one entry apart: endings of one line, several numbers, and what is dialled only after an answer.

use std::ops::Range;

use percent_encoding::percent_decode_str;

use super::fold::{fold, is_separator};
use super::lens;
use super::metadata::{destination_code, is_valid, takes_direct_number};
use super::rest::{LONGEST_BEFORE_DIRECT, rest, with_direct_numbers};
use super::written::{is_access_code, trimmed};
use super::{NumberError, Party, Reading, Rule};

/// Longer texts are no entry.
pub(super) const MAX_BYTES: usize = 2_000;
/// No number of its own has fewer.
pub(super) const FEWEST_DIGITS: usize = 6;
/// An ending, such as the 67 of `66966966/67`, has at most so many digits.
pub(super) const LONGEST_ENDING: usize = 5;
/// More pieces than these are no entry.
const MOST_SPLITS: usize = 16;

/// One number of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Where it stands among the characters that were split.
    pub span: Range<usize>,
    /// As it would be written alone.
    pub text: String,
    /// It was written as an ending, or without the area, of the number before it.
    pub ending: bool,
}

/// What a text is when read as one number.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Probe {
    /// It is a whole number, or a local one whose area nobody told.
    whole: bool,
    /// Of a range that is in use.
    valid: bool,
    /// It bears a prefix, or is of a country that dials none.
    prefixed: bool,
    /// How many of its digits stand behind the area or network code.
    subscriber: usize,
    /// How many stand behind the country code.
    pub national: usize,
    /// It is of a kind that a direct number goes behind.
    pub takes_direct: bool,
}

impl Probe {
    pub fn of(read: &Result<Reading, NumberError>, text: &str) -> Self {
        match read {
            Ok(Reading { party: Party::Number(number), rule }) => {
                let (valid, code) = (is_valid(number), destination_code(number));
                let national = super::metadata::national_digits(number);
                let prefixed = matches!(
                    rule,
                    Rule::International
                        | Rule::InternationalAccessCode
                        | Rule::InternationalWithoutPlus
                        | Rule::National
                        | Rule::TrunkPrefixDropped
                        | Rule::TrunkZeroInBracketsDropped
                );
                Self {
                    whole: true,
                    valid,
                    prefixed,
                    subscriber: national.len().saturating_sub(code.len()),
                    national: national.len(),
                    takes_direct: takes_direct_number(number),
                }
            }
            Err(NumberError::NoPrefix) => Self {
                whole: true,
                subscriber: text.chars().filter_map(fold).filter(char::is_ascii_digit).count(),
                ..Self::default()
            },
            _ => Self::default(),
        }
    }

    /// Whether no direct number goes behind it.
    fn is_complete(self) -> bool {
        !self.takes_direct || self.national >= LONGEST_BEFORE_DIRECT
    }
}

/// The numbers of an entry, at least one, and what stands behind them without being dialled.
pub(super) fn pieces(text: &str, probe: &dyn Fn(&str) -> Probe) -> (Vec<Piece>, Option<String>) {
    let source = trimmed(text);
    let chars: Vec<char> = source.chars().filter_map(fold).take(MAX_BYTES).collect();
    let joined = with_direct_numbers(&chars, probe);
    let text: String;
    let (source, chars) = match joined {
        Some(joined) => {
            text = joined.iter().collect();
            (text.as_str(), joined)
        }
        None => (source, chars),
    };
    let rest = rest(&chars);
    let (end, rest) = match rest {
        Some(at) => (at, Some(chars[at..].iter().collect::<String>().trim().to_owned())),
        None => (chars.len(), None),
    };
    match split(&chars[..end], probe) {
        Some(pieces) => (pieces, rest),
        None => {
            let text = if rest.is_some() { chars[..end].iter().collect() } else { source.to_owned() };
            (vec![Piece { span: 0..end, text, ending: false }], rest)
        }
    }
}

/// `%2B49%20221…`, as an address has it, in plain characters.
pub(super) fn unescaped(text: &str) -> Option<String> {
    let escaped = |text: &str| {
        text.as_bytes().windows(3).any(|w| w[0] == b'%' && w[1].is_ascii_hexdigit() && w[2].is_ascii_hexdigit())
    };
    if text.len() > MAX_BYTES || !escaped(text) {
        return None;
    }
    let mut text = percent_decode_str(text).decode_utf8_lossy().into_owned();
    if escaped(&text) {
        text = percent_decode_str(&text).decode_utf8_lossy().into_owned();
    }
    Some(blanks_for_plus(&text))
}

/// `0,0221 …` and `9,1,212 …` with blanks for the pauses: a dialler waits for the outside line, and what follows is
/// dialled behind it.
pub(super) fn without_pause(text: &str, outside_line: &str) -> Option<String> {
    const LONGEST_PREFIX: usize = 3;
    let text: String = trimmed(text).chars().filter_map(fold).collect();
    let behind = text.strip_prefix(outside_line).filter(|_| !outside_line.is_empty())?;
    let mut number = behind_pause(behind)?;
    let mut out = format!("{outside_line} ");
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (prefix, rest) = number.split_at(digits(number));
    if (1..=LONGEST_PREFIX).contains(&prefix.len())
        && let Some(rest) =
            behind_pause(rest).filter(|rest| rest.bytes().filter(u8::is_ascii_digit).count() >= FEWEST_DIGITS)
    {
        out.push_str(prefix);
        out.push(' ');
        number = rest;
    }
    Some(out + number)
}

/// What stands behind a pause, if digits do.
fn behind_pause(text: &str) -> Option<&str> {
    let number = text.trim_start_matches(|c: char| is_pause_mark(c) || c == ' ');
    let paused = text[..text.len() - number.len()].contains(is_pause_mark);
    let begins = number.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '(' | '*' | '#'));
    (paused && begins).then_some(number)
}

pub(super) fn is_pause_mark(c: char) -> bool {
    matches!(c, ',' | ';' | 'p' | 'w' | 'P' | 'W')
}

/// Forms write `+` for a blank. The first one in front of a number is its sign, and one behind an outside line too.
pub(super) fn blanks_for_plus(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut digits, mut signed) = (0, false);
    for (at, c) in text.char_indices() {
        // Behind a number without one it may be the sign of a number that is shown from the right.
        let last = || !text[at..].contains(|c| fold(c).is_some_and(|c| c.is_ascii_digit()));
        let between = digits > 0 && (signed || digits > 2) && !out.ends_with([',', ';', '*', '#', '/', ' ']);
        match fold(c) {
            Some('+') if between && !text.starts_with(['*', '#']) && (signed || !last()) => {
                out.push(' ');
                continue;
            }
            Some('+') => signed = true,
            Some('0'..='9') => digits += 1,
            _ => {}
        }
        out.push(c);
    }
    out
}

/// Words that join alternatives.
pub(super) fn is_conjunction(word: &str) -> bool {
    const WORDS: [&str; 21] = [
        "or",
        "and",
        "oder",
        "und",
        "u",
        "o",
        "bzw",
        "resp",
        "bis",
        "ou",
        "et",
        "e",
        "y",
        "of",
        "en",
        "lub",
        "i",
        "od",
        "או",
        "to",
        "alternativ",
    ];
    WORDS.contains(&word)
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mark {
    /// `+`: a number begins.
    Plus,
    /// `/`, with or without blanks around it, and what stands for "to": `~`, `..`.
    Slash { blanks: bool },
    /// `,`, `;`, `|`, `&`, a line break, a conjunction.
    List,
    /// A word for a kind of number, such as `mobile`.
    Label,
    /// ` -`, ` - `, ` -- `
    Dash,
    /// A blank before a zero.
    Blank,
    /// `(67)` behind a number.
    Bracket,
}

struct Split {
    at: usize,
    /// Where the text goes on: a digit, `+`, or the bracket before it.
    next: usize,
    mark: Mark,
    /// A dash stands right before the digits.
    dash: bool,
}

enum Verdict {
    /// The mark stands within one number.
    Within,
    /// A number of its own begins.
    Number,
    /// Digits that stand for the last ones of the number before.
    Ending(String),
}

/// The numbers among folded characters; `None` where a list holds something else.
pub(super) fn split(chars: &[char], probe: &dyn Fn(&str) -> Probe) -> Option<Vec<Piece>> {
    let splits = splits(chars, probe)?;
    let string = |range: Range<usize>| chars[range].iter().collect::<String>();
    let own = |span: Range<usize>| Piece { text: string(span.clone()), span, ending: false };
    let mut pieces: Vec<Piece> = Vec::new();
    let mut begin = 0;
    // Where the number ends whose endings are being listed.
    let mut base_end = None;
    for (i, split) in splits.iter().enumerate() {
        let later = |from: Option<&Split>| from.map_or(chars.len(), |split| split.at);
        let token = split.next..later(splits[i + 1..].iter().find(|s| s.mark != Mark::Blank));
        let far =
            split.next..later(splits[i + 1..].iter().find(|s| matches!(s.mark, Mark::Plus | Mark::List | Mark::Label)));
        let head = string(begin..base_end.unwrap_or(split.at));
        let near = split.next..later(splits.get(i + 1));
        let texts = [near, token.clone(), far].map(string);
        match judge(&head, split, &texts, probe) {
            Verdict::Within if base_end.is_some() || matches!(split.mark, Mark::List | Mark::Label) => return None,
            Verdict::Within => {}
            Verdict::Number => {
                if base_end.is_none() {
                    pieces.push(own(begin..split.at));
                }
                begin = split.next;
                base_end = None;
            }
            Verdict::Ending(text) => {
                if base_end.is_none() {
                    pieces.push(own(begin..split.at));
                    base_end = Some(split.at);
                }
                pieces.push(Piece { span: token, text, ending: true });
            }
        }
    }
    if base_end.is_none() {
        pieces.push(own(begin..chars.len()));
    }
    Some(pieces)
}

/// Every place where another number or ending may begin; `None` where there are words that join nothing.
fn splits(chars: &[char], probe: &dyn Fn(&str) -> Probe) -> Option<Vec<Split>> {
    let mut splits = Vec::new();
    let mut at = chars.iter().position(char::is_ascii_digit)?;
    while at < chars.len() {
        if chars[at].is_ascii_digit() || chars[at] == ')' {
            at += 1;
            continue;
        }
        let length = chars[at..].iter().take_while(|c| !c.is_ascii_digit() && !matches!(c, '+' | '(' | '[')).count();
        let between = &chars[at..at + length];
        let next = at + length;
        if let Some(number) = behind_joining_plus(chars, next, probe) {
            splits.push(Split { at, next: number, mark: Mark::List, dash: false });
            at = number;
            continue;
        }
        if next < chars.len()
            && let Some((mark, dash)) = mark(between, &chars[next..])?
        {
            // "66966966 (mobile) …": the bracket belongs to the word.
            let named = between.iter().any(|c| c.is_alphabetic());
            let ends = |c: &char| c.is_ascii_digit() || *c == ')';
            let at = if named { chars[..at].iter().rposition(ends).map_or(at, |last| last + 1) } else { at };
            let at = splits.last().map_or(at, |split: &Split| at.max(split.next));
            // ", 00+49 …"
            let from = splits.last().map_or(0, |split: &Split| split.next);
            let both = mark == Mark::Plus && is_access_code(chars[from..at].iter().collect::<String>().trim());
            if !both {
                splits.push(Split { at, next, mark, dash });
            }
        }
        at = next + 1;
    }
    (splits.len() <= MOST_SPLITS).then_some(splits)
}

/// Where the number behind a plus begins that joins two numbers and is no sign: `66966966 + 0171 …`.
pub(super) fn behind_joining_plus(chars: &[char], plus: usize, probe: &dyn Fn(&str) -> Probe) -> Option<usize> {
    const LONGEST: usize = 24;
    if !chars.get(plus.checked_sub(1)?..)?.starts_with(&[' ', '+', ' ']) {
        return None;
    }
    chars[..plus].iter().rev().find(|c| **c != ' ').filter(|c| c.is_ascii_digit() || **c == ')')?;
    let next = plus + 2;
    let goes_on = |c: &&char| c.is_ascii_digit() || is_separator(**c);
    let number: String = chars.get(next..)?.iter().take(LONGEST).take_while(goes_on).collect();
    let joins = number.starts_with('0') || (probe(&number).valid && !probe(&format!("+{number}")).valid);
    joins.then_some(next)
}

/// What the characters between two groups of digits say; the outer `None` where they say nothing of numbers.
fn mark(between: &[char], after: &[char]) -> Option<Option<(Mark, bool)>> {
    let text: String = between.iter().collect::<String>().to_lowercase();
    let mut words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let joined = words.clone().next().is_some();
    let labels = words.clone().filter(|word| lens::is_label(word)).count();
    if !words.all(|word| is_conjunction(word) || lens::is_label(word)) {
        return None;
    }
    let dash = text.ends_with('-');
    let mark = if after.first() == Some(&'+') {
        if !after.iter().any(char::is_ascii_digit) {
            return Some(None);
        }
        Mark::Plus
    } else if labels > 0 {
        Mark::Label
    } else if joined || text.contains([',', ';', '|', '&', '\n']) {
        Mark::List
    } else if let Some((before, behind)) = text.split_once('/') {
        Mark::Slash { blanks: before.ends_with(' ') || behind.starts_with(' ') }
    } else if matches!(text.trim_matches([' ', '-']), "~" | ".." | "..." | "…") {
        Mark::Slash { blanks: text.contains(' ') }
    } else if text.bytes().all(|b| b == b' ') && holds_ending(after) {
        Mark::Bracket
    } else if text.starts_with(" -") && text.trim_start().trim_end_matches(' ').bytes().all(|b| b == b'-') {
        Mark::Dash
    } else if text.contains(' ') && after.iter().find(|c| !matches!(c, '(' | '[')) == Some(&'0') {
        Mark::Blank
    } else {
        return Some(None);
    };
    Some(Some((mark, dash)))
}

/// Whether a bracket opens there around an ending, or around the first one of several.
fn holds_ending(after: &[char]) -> bool {
    let Some(inner) = after.strip_prefix(&['(']).or_else(|| after.strip_prefix(&['['])) else { return false };
    let digits = inner.strip_prefix(&['-']).unwrap_or(inner);
    let length = digits.iter().take(LONGEST_ENDING + 1).take_while(|c| c.is_ascii_digit()).count();
    let closes = match digits.get(length) {
        Some(')' | ']') => !digits[length + 1..].iter().any(char::is_ascii_digit),
        next => next.is_none_or(|c| matches!(c, '/' | ',' | ';')),
    };
    (1..=LONGEST_ENDING).contains(&length) && closes
}

/// What follows is given as far as the next mark, the next but blanks, and the next that only stands between numbers.
fn judge(head: &str, split: &Split, [near, token, far]: &[String; 3], probe: &dyn Fn(&str) -> Probe) -> Verdict {
    let count = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    let before = probe(head);
    if !before.whole {
        return Verdict::Within;
    }
    if split.mark == Mark::Plus {
        return Verdict::Number;
    }
    let digits: String = token.chars().filter(char::is_ascii_digit).collect();
    let enough = count(far) >= FEWEST_DIGITS && count(head) >= FEWEST_DIGITS;
    let own =
        if enough { Some(probe(far)).filter(|own| own.valid).unwrap_or_else(|| probe(near)) } else { Probe::default() };
    let begins_one = digits.starts_with('0') || (own.valid && own.prefixed);
    let joined = || probe(&format!("{head} {far}"));
    let ending = dash_ending(head).filter(|length| before.subscriber >= length + 2);
    let slashed = || slash_among_last(head, before.subscriber);
    if begins_one && enough {
        let is_own = match split.mark {
            Mark::List | Mark::Label => own.whole || probe(far).whole,
            Mark::Slash { blanks: true } => own.valid && before.valid,
            Mark::Slash { blanks: false } => own.valid && before.valid && before.subscriber >= 5,
            Mark::Blank => own.valid && before.valid && !joined().valid,
            Mark::Dash => {
                let too_long = || own.whole && !probe(&format!("{head} {near}")).whole;
                before.valid && ((own.valid && !joined().valid) || too_long())
            }
            Mark::Plus | Mark::Bracket => false,
        };
        if is_own {
            return Verdict::Number;
        }
    }
    let bracketed = token.trim_start_matches(['(', '[', '-']);
    let written = if split.mark == Mark::Bracket { bracketed } else { token.as_str() };
    let alone = digits.len() == written.trim_end_matches([' ', ')', ']', '.', '-']).len();
    let fits = alone && (1..=LONGEST_ENDING).contains(&digits.len()) && digits.len() < before.subscriber;
    let impossible = || !probe(&format!("{head}{digits}")).whole;
    let is_ending = fits
        && match split.mark {
            Mark::Slash { blanks: false } => {
                ending.is_some()
                    || (before.subscriber >= 6 && !slashed())
                    || (before.subscriber == 5 && digits.len() <= 2 && !slashed())
                    || impossible()
            }
            Mark::Slash { blanks: true } => ending.is_some() || before.subscriber >= 5 || impossible(),
            Mark::List => ending.is_some() || split.dash || before.subscriber >= 5 || impossible(),
            Mark::Dash => ending == Some(digits.len()),
            Mark::Bracket => {
                ending.is_some() || before.is_complete() || (before.valid && !probe(&format!("{head}{digits}")).valid)
            }
            Mark::Plus | Mark::Blank | Mark::Label => false,
        };
    if is_ending {
        let last = with_ending(head, &digits, digits.len());
        let behind_dash = ending.map(|taken| with_ending(head, &digits, taken)).filter(|text| {
            let probed = probe(text);
            probed.valid || (probed.whole && !before.valid)
        });
        return Verdict::Ending(behind_dash.unwrap_or(last));
    }
    let lists = match split.mark {
        Mark::Slash { .. } | Mark::List | Mark::Label => true,
        Mark::Dash => !joined().whole,
        Mark::Plus | Mark::Blank | Mark::Bracket => false,
    };
    if lists && !begins_one && digits.len() >= FEWEST_DIGITS && before.subscriber >= 6 && !slashed() {
        let sibling = with_ending(head, &digits, before.subscriber);
        if probe(&sibling).whole {
            return Verdict::Ending(sibling);
        }
    }
    Verdict::Within
}

/// How many digits stand behind the last dash, where they are an ending.
pub(super) fn dash_ending(head: &str) -> Option<usize> {
    let (before, last) = head.trim_end().rsplit_once('-')?;
    let last = last.trim();
    let digits = (1..=4).contains(&last.len()) && last.bytes().all(|b| b.is_ascii_digit());
    (digits && before.bytes().any(|b| b.is_ascii_digit())).then_some(last.len())
}

/// Whether a slash, or what is taken like one, stands among the last digits.
fn slash_among_last(head: &str, digits: usize) -> bool {
    let mut left = digits;
    for c in head.chars().rev() {
        if left == 0 {
            return false;
        }
        left -= usize::from(c.is_ascii_digit());
        if matches!(c, '/' | '~') {
            return true;
        }
    }
    false
}

/// The number with its last digits taken off and others put there.
fn with_ending(head: &str, digits: &str, taken: usize) -> String {
    let places = head.char_indices().filter(|(_, c)| c.is_ascii_digit());
    let at = places.rev().take(taken).last().map_or(head.len(), |(at, _)| at);
    format!("{}{digits}", &head[..at])
}
