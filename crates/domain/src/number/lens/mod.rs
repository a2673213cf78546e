//! The number lens: every number found in a text somebody selected, read or refused with the reason.

mod candidate;
mod judge;
mod plain;
mod refusal;
mod text;
mod words;

use std::ops::Range;

pub use refusal::Refusal;

use super::direction::{is_overridden_behind, is_turned};
use super::entry::{self, Piece, Probe};
use super::fold::{fold, is_separator};
use super::reading::read_one;
use super::rest::{direct_number, extension_end};
use super::table::{self, Cell};
use super::{NumberError, Reading};
use crate::NumberPlan;
use text::Text;

/// More of a text than this is not looked at.
const MAX_BYTES: usize = 10 * 1024;
/// No date, amount or IBAN is longer.
const MAX_ALONE: usize = 64;

/// A number, or what looked like one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// Bytes of the searched text.
    pub span: Range<usize>,
    /// As it stands there.
    pub text: String,
    pub result: Result<Reading, Refusal>,
}

/// Finds the numbers in the first 10 kB of a text, in its order, in time linear in its length.
///
/// Runs of fewer than three digits are passed over, unless something says that they are dialled.
pub fn find_numbers(text: &str, plan: &NumberPlan, is_extension: &dyn Fn(&str) -> bool) -> Vec<Found> {
    let source = start_of(text);
    let lens = Lens { text: Text::of(source), plan, is_extension };
    let mut found = Vec::new();
    let mut at = 0;
    while at < lens.text.len() {
        let (end, results) = lens.look(at);
        for (range, result) in results {
            let span = lens.text.span(range);
            let turned = || is_overridden_behind(&source[..span.start]) || is_turned(&source[span.clone()]);
            let result =
                if result.is_ok() && turned() { Err(Refusal::Unreadable(NumberError::Turned)) } else { result };
            found.push(Found { text: source[span.clone()].to_owned(), span, result });
        }
        at = end;
    }
    found
}

type Results = Vec<(Range<usize>, Result<Reading, Refusal>)>;

struct Lens<'a> {
    text: Text,
    plan: &'a NumberPlan,
    is_extension: &'a dyn Fn(&str) -> bool,
}

impl Lens<'_> {
    /// What begins at a place, and where to look on.
    fn look(&self, at: usize) -> (usize, Results) {
        let text = &self.text;
        if let Some((end, result)) = self.of_a_table(at) {
            return (end, vec![(at..end, result)]);
        }
        if let Some((end, number)) = self.before_fraction(at) {
            return match number {
                Some(number) => {
                    let end = extension_end(text.chars(), end).unwrap_or(end);
                    (end, self.numbers(&number, number.end).1)
                }
                None => (end, vec![(at..end, Err(Refusal::Amount))]),
            };
        }
        if entry::behind_joining_plus(text.chars(), at, &|written| self.probe(written)).is_some() {
            return (at + 1, Vec::new());
        }
        if let Some((end, refusal)) = plain::other_than_number(text, at) {
            return (end, vec![(at..end, Err(refusal))]);
        }
        match candidate::at(text, at) {
            Some(run) => self.numbers(&run, candidate::end_of_list(text, &run)),
            None => (at + 1, Vec::new()),
        }
    }

    /// The end of a fraction behind a number in groups, and the number, if a table program wrote the fraction.
    fn before_fraction(&self, at: usize) -> Option<(usize, Option<Range<usize>>)> {
        const MAX_TOKEN: usize = 40;
        let text = &self.text;
        if !matches!(text.get(at), '0'..='9' | '+' | '(') || text.before(at).is_alphanumeric() {
            return None;
        }
        let is_part = |c: &&char| c.is_ascii_digit() || is_separator(**c) || matches!(c, '+' | ',');
        let token = text.slice(at..at + MAX_TOKEN);
        let token = &token[..token.iter().take_while(is_part).count()];
        // A fraction ends where no digit and no group follows.
        let ends = (1..=token.len()).filter(|length| {
            let digits = token[..*length].iter().rev().take_while(|c| c.is_ascii_digit()).count();
            let mark = (length - digits).checked_sub(1).and_then(|mark| token.get(mark));
            let next = text.get(at + length);
            let goes_on = next.is_alphanumeric()
                || ((next == ',' || is_separator(next)) && next != ' ' && text.get(at + length + 1).is_ascii_digit());
            digits > 0 && matches!(mark, Some('.' | ',')) && !goes_on
        });
        ends.map(|length| at + length).find_map(|end| {
            let written = text.string(at..end);
            match table::cell(&written) {
                _ if plain::has_currency(text, at, end) => None,
                Cell::Digits(whole)
                    if written.starts_with(&whole)
                        && (whole.contains(is_separator) || written[whole.len()..].starts_with(' ')) =>
                {
                    Some((end, Some(at..at + whole.len())))
                }
                Cell::Amount => Some((end, None)),
                _ => None,
            }
        })
    }

    fn probe(&self, written: &str) -> Probe {
        Probe::of(&read_one(written, self.plan, self.is_extension), written)
    }

    /// The numbers of a run, endings included, up to the first that is refused.
    fn numbers(&self, run: &Range<usize>, list_end: usize) -> (usize, Results) {
        let text = &self.text;
        let one = |written: &str| read_one(written, self.plan, self.is_extension);
        let probe = |written: &str| self.probe(written);
        let pieces = entry::split(text.slice(run.start..list_end), &probe)
            .or_else(|| entry::split(text.slice(run.clone()), &probe));
        let whole = || vec![Piece { span: 0..run.len(), text: text.string(run.clone()), ending: false }];
        let (mut end, mut results) = (run.end, Vec::new());
        for (i, piece) in pieces.unwrap_or_else(whole).into_iter().enumerate() {
            let range = run.start + piece.span.start..run.start + piece.span.end;
            let result = if piece.ending {
                one(&piece.text).ok().map(Ok)
            } else {
                judge::judge(text, &range, i > 0, self.plan, self.is_extension)
            };
            end = range.end;
            if !piece.ending
                && matches!(result, Some(Ok(_)))
                && let Some((number, behind)) = direct_number(text.chars(), range.start..run.end, &probe)
            {
                results.push((range.start..behind, one(&number).map_err(Refusal::Unreadable)));
                return (behind, results);
            }
            let refused = !matches!(result, Some(Ok(_)));
            results.extend(result.map(|result| (range, result)));
            if refused {
                return (end, results);
            }
        }
        (extension_end(text.chars(), end).unwrap_or(end), results)
    }

    /// A number that a table program made a fraction or a power of ten of.
    fn of_a_table(&self, at: usize) -> Option<(usize, Result<Reading, Refusal>)> {
        const FEWEST_DIGITS: usize = 10;
        const MAX_TOKEN: usize = 32;
        let text = &self.text;
        let before = text.before(at);
        let first = at + usize::from(text.get(at) == '+');
        if !text.get(first).is_ascii_digit() || before.is_alphanumeric() || matches!(before, '.' | ',' | '-' | '/') {
            return None;
        }
        let is_part = |c: &&char| c.is_ascii_digit() || matches!(c, '.' | ',' | 'e' | 'E' | '+');
        let mut end = at + text.slice(at..at + MAX_TOKEN).iter().take_while(is_part).count();
        while end > at && !text.get(end - 1).is_ascii_digit() {
            end -= 1;
        }
        if text.get(end).is_alphanumeric() || plain::has_currency(text, at, end) {
            return None;
        }
        let reading = match table::cell(&text.string(at..end)) {
            Cell::Digits(digits) if digits.len() >= FEWEST_DIGITS => read_one(&digits, self.plan, self.is_extension),
            Cell::Rounded => Err(NumberError::DigitsLost),
            Cell::Amount => return Some((end, Err(Refusal::Amount))),
            Cell::Digits(_) | Cell::Other(_) => return None,
        };
        Some((end, reading.map_err(Refusal::Unreadable)))
    }
}

/// A text without words for a telephone in front, such as "Tel.-Nr.:", or for the kind of number on either side; the
/// text itself where there are none.
pub(super) fn without_labels(text: &str) -> &str {
    const FEWEST_DIGITS: usize = 6;
    let (mut rest, mut named, mut kind) = (text, false, false);
    loop {
        let length = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(length);
        let word = word.to_lowercase();
        let is_kind = words::is_kind(&word) || words::is_letter(&word, behind);
        match words::is_telephone(&word) {
            Some(telephone) if length > 0 => named |= telephone,
            None if is_kind => kind = true,
            _ => break,
        }
        rest =
            behind.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ':' | '-' | '\'' | '’' | '׳'));
    }
    let begins = rest.starts_with(|c: char| !c.is_alphabetic());
    // A room or a person may be called so too.
    let long = || rest.chars().filter_map(fold).filter(char::is_ascii_digit).count() >= FEWEST_DIGITS;
    let text = if begins && (named || kind) && (!kind || long()) { rest } else { text };
    let before = text.trim_end_matches([')', '.']);
    let word = before.len() - before.trim_end_matches(char::is_alphabetic).len();
    let (before, word) = before.split_at(before.len() - word);
    let number = before.trim_end_matches([' ', '(', '-']);
    if number.len() < before.len() && number.ends_with(|c: char| !c.is_alphabetic()) && is_label(&word.to_lowercase()) {
        number
    } else {
        text
    }
}

/// Whether a word, in small letters, says what kind of number it stands at.
pub(super) fn is_label(word: &str) -> bool {
    words::is_telephone(word) == Some(true) || words::is_kind(word) || words::is_letter(word, " ")
}

/// What a whole text is that is made of digits and is no telephone number.
pub(super) fn whole_is_other(text: &str) -> Option<Refusal> {
    if text.len() > MAX_ALONE {
        return None;
    }
    let text = Text::of(text);
    plain::other_than_number(&text, 0).filter(|(end, _)| *end == text.len()).map(|(_, refusal)| refusal)
}

fn start_of(text: &str) -> &str {
    let end = (0..=MAX_BYTES.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    &text[..end.unwrap_or(0)]
}

#[cfg(test)]
#[path = "lens_tests.rs"]
mod tests;
