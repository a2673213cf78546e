//! Where a run of digits that may be a telephone number begins and ends.

use std::ops::Range;

use super::plain::other_than_number;
use super::text::Text;
use crate::number::entry::{dash_ending, is_conjunction};
use crate::number::fold::is_separator;

/// Longer runs are cut: no number has so many characters.
const MAX_RUN: usize = 64;

/// The number that begins here, or several with nothing else between them; `None` where none begins.
pub(super) fn at(text: &Text, at: usize) -> Option<Range<usize>> {
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
    text.slice(run.clone()).iter().any(char::is_ascii_digit).then_some(run)
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

/// As far as endings are listed behind a run: `, -67`, ` oder -67`. Digits without a dash are an ending only where the
/// run has one of that length.
pub(super) fn end_of_list(text: &Text, run: &Range<usize>) -> usize {
    const LONGEST_ENDING: usize = 5;
    let ending = dash_ending(&text.string(run.clone()));
    let mut end = run.end;
    while end - run.start < MAX_RUN {
        let blanks = |at: usize| text.slice(at..at + 2).iter().take_while(|c| **c == ' ').count();
        let mark = end + blanks(end);
        let behind = match text.get(mark) {
            ',' | ';' | '/' => mark + 1,
            c if c.is_alphabetic() && mark > end && is_conjunction(&text.word_from(mark)) => {
                mark + text.word_from(mark).chars().count()
            }
            _ => break,
        };
        let first = behind + blanks(behind);
        let dash = text.get(first) == '-';
        let first = first + usize::from(dash);
        let digits = text.digits(first);
        let fits = (1..=LONGEST_ENDING).contains(&digits) && (dash || ending == Some(digits));
        let next = text.get(first + digits);
        let goes_on = next.is_alphanumeric()
            || (matches!(next, '.' | ',' | ':' | '-' | '/') && text.get(first + digits + 1).is_ascii_digit());
        if !fits || goes_on {
            break;
        }
        end = first + digits;
    }
    end
}
