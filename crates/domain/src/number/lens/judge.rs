//! Decides whether a run of digits is a telephone number, by its form and by the words around it.

use std::ops::Range;

use super::Refusal;
use super::text::Text;
use super::words::{Hint, hint};
use crate::NumberPlan;
use crate::number::metadata::is_valid;
use crate::number::reading::read_one;
use crate::number::rest::extension_end;
use crate::number::{NumberError, Party, Reading, Rule};

/// `None` where nothing is worth a mention. Behind another number of the same run, what stands in front says nothing.
pub(super) fn judge(
    text: &Text,
    range: &Range<usize>,
    follows: bool,
    plan: &NumberPlan,
    is_extension: &dyn Fn(&str) -> bool,
) -> Option<Result<Reading, Refusal>> {
    let written = text.string(range.clone());
    let digits = written.bytes().filter(u8::is_ascii_digit).count();
    let marks = written.bytes().filter(|b| matches!(b, b'*' | b'#')).count();
    let hint = hint(text, range.start);
    let alone = text.is_all_but(range);
    if let Some(refusal) = part_of_word(text, range, hint, follows) {
        return (digits >= 3).then_some(Err(refusal));
    }
    let reading = match read_one(&written, plan, is_extension) {
        Ok(_) if is_signed_behind(text, range.end) => Err(Refusal::Unreadable(NumberError::NotANumber)),
        read => read.map_err(Refusal::Unreadable),
    };
    if marks > 0 {
        let named = written.starts_with('#') && marks == 1 && !alone;
        return Some(if named { Err(Refusal::Reference) } else { reading });
    }
    if written.contains('+') || alone {
        return Some(reading);
    }
    // "-67" after another number replaces that one's last digits; it is no number of its own.
    if text.before(range.start) == '-' && digits < 5 {
        return None;
    }
    let grouped = written.contains([' ', '/', '-', '.', ')']);
    let plainly_a_number = grouped && digits >= 7 && reading.as_ref().is_ok_and(|r| is_dialled_so(r, &written));
    match hint {
        Hint::Phone => Some(reading),
        Hint::Reference => Some(Err(Refusal::Reference)),
        Hint::PerhapsReference if !plainly_a_number => Some(Err(Refusal::Reference)),
        _ if digits < 3 => None,
        Hint::PerhapsReference | Hint::None => Some(unnamed(text, range, &written, reading)),
    }
}

/// `94+`: a sign behind the number that no other number follows, as where a number is shown from the right.
fn is_signed_behind(text: &Text, end: usize) -> bool {
    let plus = end + usize::from(text.get(end) == ' ');
    let next = plus + 1 + usize::from(text.get(plus + 1) == ' ');
    let begins = matches!(text.get(next), '0'..='9' | '(' | '+');
    text.get(plus) == '+' && if plus == end { !begins } else { text.get(next) == '\n' }
}

/// Whether the form alone says that it is a telephone number: a prefix, and a range that is in use.
fn is_dialled_so(reading: &Reading, written: &str) -> bool {
    let Party::Number(number) = &reading.party else { return false };
    let prefixed = match reading.rule {
        Rule::International
        | Rule::InternationalAccessCode
        | Rule::National
        | Rule::OutsideLineThenNational
        | Rule::OutsideLineThenInternational
        | Rule::TrunkZeroInBracketsDropped
        | Rule::TrunkPrefixDropped => true,
        Rule::InternationalWithoutPlus
        | Rule::NationalWithoutTrunk
        | Rule::LocalInArea
        | Rule::Extension
        | Rule::ExtensionByLength
        | Rule::ServiceCode
        | Rule::ShortNumber
        | Rule::Emergency
        | Rule::OutsideLineThenShortNumber
        | Rule::OutsideLineThenLocal => false,
    };
    // Countries without a trunk prefix write numbers that begin like any other.
    let begins_so = written.starts_with(['0', '+', '(']) || written.bytes().filter(u8::is_ascii_digit).count() >= 9;
    prefixed && begins_so && is_valid(number)
}

fn unnamed(
    text: &Text,
    range: &Range<usize>,
    written: &str,
    reading: Result<Reading, Refusal>,
) -> Result<Reading, Refusal> {
    let digits = written.bytes().filter(u8::is_ascii_digit).count();
    if is_postcode(text, range, written) {
        return Err(Refusal::Postcode);
    }
    match reading {
        Ok(reading) if reading.rule == Rule::Extension || (digits >= 7 && is_dialled_so(&reading, written)) => {
            Ok(reading)
        }
        _ if written.len() == 4 && matches!(written.get(..2), Some("19" | "20")) => Err(Refusal::Year),
        _ if digits < 6 => Err(Refusal::TooShort),
        Ok(reading) => {
            let prefixed = written.starts_with(['0', '(']);
            let number = matches!(reading.party, Party::Number(_));
            Err(if prefixed && number { Refusal::NotInUse } else { Refusal::NoPrefix })
        }
        Err(refusal) => Err(refusal),
    }
}

/// Four or five digits before a word with a capital: `50667 Köln`.
fn is_postcode(text: &Text, range: &Range<usize>, written: &str) -> bool {
    let bare = matches!(written.len(), 4 | 5) && written.bytes().all(|b| b.is_ascii_digit());
    bare && text.get(range.end) == ' '
        && text.get(range.end + 1).is_uppercase()
        && text.get(range.end + 2).is_lowercase()
}

fn part_of_word(text: &Text, range: &Range<usize>, hint: Hint, follows: bool) -> Option<Refusal> {
    let (before, after) = (text.before(range.start), text.get(range.end));
    let extension = after.is_alphabetic() && extension_end(text.chars(), range.end).is_some();
    if !extension && (after.is_alphabetic() || after == '_' || after == '@') {
        return Some(Refusal::PartOfWord);
    }
    if hint == Hint::Phone || follows {
        return None;
    }
    let of_another_number = text.get(range.start) == '+' && before.is_ascii_digit();
    if (before.is_alphanumeric() && !of_another_number) || matches!(before, '_' | '@' | '&') {
        return Some(Refusal::PartOfWord);
    }
    let at = range.start.saturating_sub(1);
    let joined = matches!(before, '-' | '/' | '=' | '.') && text.before(at).is_alphanumeric();
    let next_number = text.get(range.start) == '+' && before == '/' && text.before(at).is_ascii_digit();
    if !joined || next_number {
        return None;
    }
    let digits = range.len();
    let country = before == '-' && text.before(at).is_uppercase() && matches!(digits, 4 | 5);
    Some(if country && !text.before(at.saturating_sub(2)).is_alphanumeric() {
        Refusal::Postcode
    } else {
        Refusal::PartOfWord
    })
}
