//! Where a run of digits that may be a telephone number begins and ends.

use std::ops::Range;

use super::plain::other_than_number;
use super::text::Text;
use crate::NumberPlan;
use crate::number::fold::is_separator;
use crate::number::metadata::is_valid;
use crate::number::{Party, read};

/// Longer runs are cut: no number has so many characters.
const MAX_RUN: usize = 64;
/// No two numbers are told apart that have fewer digits.
const FEWEST_DIGITS: usize = 6;

/// The number that begins here, were it one; `None` where none begins.
pub(super) fn at(
    text: &Text,
    at: usize,
    plan: &NumberPlan,
    is_extension: &dyn Fn(&str) -> bool,
) -> Option<Range<usize>> {
    let begins = match text.get(at) {
        '0'..='9' | '*' | '#' => true,
        '+' => begins_digits(text, at + 1),
        '(' => text.get(at + 1).is_ascii_digit() || (text.get(at + 1) == '+' && begins_digits(text, at + 2)),
        _ => false,
    };
    if !begins {
        return None;
    }
    let run = run(text, at);
    if !text.slice(run.clone()).iter().any(char::is_ascii_digit) {
        return None;
    }
    Some(first_of_several(text, run, plan, is_extension))
}

fn begins_digits(text: &Text, at: usize) -> bool {
    text.get(at).is_ascii_digit() || (matches!(text.get(at), ' ' | '(') && text.get(at + 1).is_ascii_digit())
}

/// As far as digits go on with at most three separators between them.
fn run(text: &Text, start: usize) -> Range<usize> {
    let is_code = matches!(text.get(start), '*' | '#');
    let mut digits_seen = false;
    let (mut at, mut end) = (start, start);
    while at < text.len() && at - start < MAX_RUN {
        match text.get(at) {
            '0'..='9' => {
                digits_seen = true;
                at += 1;
                end = at;
            }
            '*' | '#' if is_code => {
                at += 1;
                end = at;
            }
            '+' if !digits_seen || is_code => at += 1,
            '(' if at == start => at += 1,
            c if is_separator(c) => match gap(text, at) {
                Some(length) if !(is_code && digits_seen && c == ' ') => at += length,
                _ => break,
            },
            _ => break,
        }
    }
    // All digits of an over-long run belong together, so that its tail is not taken for another number.
    if at - start >= MAX_RUN {
        while text.get(end).is_ascii_digit() {
            end += 1;
        }
    }
    let unmatched = text.get(start) == '(' && !text.slice(start..end).contains(&')');
    start + usize::from(unmatched)..end
}

/// How many separators stand there, if the number goes on behind them.
fn gap(text: &Text, at: usize) -> Option<usize> {
    const MAX_GAP: usize = 3;
    let length = text.slice(at..at + MAX_GAP + 1).iter().take_while(|c| is_separator(**c)).count();
    let next = at + length;
    let sentence_ends = text.slice(at..next).windows(2).any(|pair| pair == ['.', ' '] || pair == [' ', ' ']);
    if length > MAX_GAP || sentence_ends || !text.get(next).is_ascii_digit() {
        return None;
    }
    let apart = text.slice(at..next).contains(&' ');
    (!apart || other_than_number(text, next).is_none()).then_some(length)
}

/// The first number of a run that holds several, one after another; else the run.
fn first_of_several(
    text: &Text,
    run: Range<usize>,
    plan: &NumberPlan,
    is_extension: &dyn Fn(&str) -> bool,
) -> Range<usize> {
    let valid = |range: Range<usize>| match read(&text.string(range), plan, is_extension).map(|reading| reading.party) {
        Ok(Party::Number(number)) => is_valid(&number),
        _ => false,
    };
    let digits = |range: Range<usize>| text.slice(range).iter().filter(|c| c.is_ascii_digit()).count();
    let mut whole_is_valid = None;
    let mut at = run.start;
    while at < run.end {
        let length = text.slice(at..run.end).iter().take_while(|c| is_separator(**c)).count();
        let next = at + length;
        // A bracket before the zero belongs to the second number.
        let begins = if length > 0 && text.get(next - 1) == '(' { next - 1 } else { next };
        let marks = text.slice(at..begins);
        if text.get(next) == '0'
            && marks.iter().any(|c| matches!(c, ' ' | '/'))
            && digits(run.start..at) >= FEWEST_DIGITS
            && digits(next..run.end) >= FEWEST_DIGITS
            && valid(run.start..at)
        {
            let stands_apart = marks.contains(&'/') && marks.len() > 1 && valid(begins..run.end);
            if stands_apart || !*whole_is_valid.get_or_insert_with(|| valid(run.clone())) {
                return run.start..at;
            }
        }
        at = next.max(at + 1);
    }
    run
}
