//! The number lens: every number found in a text somebody selected, read or refused with the reason.

mod candidate;
mod judge;
mod plain;
mod refusal;
mod text;
mod words;

use std::ops::Range;

pub use refusal::Refusal;

use super::Reading;
use crate::NumberPlan;
use text::Text;

/// More of a text than this is not looked at.
const MAX_BYTES: usize = 10 * 1024;

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
    let text = Text::of(source);
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let (end, result) = match plain::other_than_number(&text, at) {
            Some((end, refusal)) => (end, Some(Err(refusal))),
            None => match candidate::at(&text, at, plan, is_extension) {
                Some(range) => {
                    at = range.start;
                    (range.end, judge::judge(&text, &range, plan, is_extension))
                }
                None => (at + 1, None),
            },
        };
        if let Some(result) = result {
            let span = text.span(at..end);
            found.push(Found { text: source[span.clone()].to_owned(), span, result });
        }
        at = end;
    }
    found
}

fn start_of(text: &str) -> &str {
    let end = (0..=MAX_BYTES.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    &text[..end.unwrap_or(0)]
}

#[cfg(test)]
#[path = "lens_tests.rs"]
mod tests;
