//! Reads a number as somebody typed it, and says by which rule.

use std::sync::Arc;

use super::direction::is_turned;
use super::entry::{self, Piece};
use super::lens::{self, Refusal};
use super::link::read_link_from;
use super::metadata::{Known, international};
use super::reader::Reader;
use super::table::{self, Cell};
use super::written::{Written, trimmed};
use super::{LinkError, NumberError, Party, is_link};
use crate::NumberPlan;

/// A number as read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reading {
    /// A number, an extension or a code.
    pub party: Party,
    pub rule: Rule,
}

/// What made the reading what it is. The host shows it before anything rings.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Rule {
    /// `+49 …`
    International,
    /// `0049 …`, or what stands for `+` in the account's country.
    InternationalAccessCode,
    /// `49 221 …`, without `+`.
    InternationalWithoutPlus,
    /// `0221 …` in the account's country.
    National,
    /// `221 …` where the country dials a prefix before it.
    NationalWithoutTrunk,
    /// A local number in the account's area.
    LocalInArea,
    /// An extension that the account has.
    Extension,
    /// Short enough to be an extension by the account's dial plan.
    ExtensionByLength,
    /// `*43#12`: dialled as it is.
    ServiceCode,
    /// `116117`: a short number of the public network, dialled as it is.
    ShortNumber,
    /// `112`: help.
    Emergency,
    /// The outside-line prefix was taken off a national number.
    OutsideLineThenNational,
    /// The outside-line prefix was taken off a number of the account's area.
    OutsideLineThenLocal,
    /// The outside-line prefix was taken off an international number.
    OutsideLineThenInternational,
    /// The outside-line prefix was taken off a short number.
    OutsideLineThenShortNumber,
    /// `+49 (0) 221 …`
    TrunkZeroInBracketsDropped,
    /// `+49 0221 …`, and `49 0221 …`
    TrunkPrefixDropped,
}

impl Rule {
    /// Stable, snake_case.
    pub fn code(self) -> &'static str {
        match self {
            Self::International => "international",
            Self::InternationalAccessCode => "international_00",
            Self::InternationalWithoutPlus => "international_without_plus",
            Self::National => "national",
            Self::NationalWithoutTrunk => "national_without_trunk",
            Self::LocalInArea => "local_in_area",
            Self::Extension => "extension",
            Self::ExtensionByLength => "extension_by_length",
            Self::ServiceCode => "service_code",
            Self::ShortNumber => "short_number",
            Self::Emergency => "emergency",
            Self::OutsideLineThenNational => "outside_line_then_national",
            Self::OutsideLineThenLocal => "outside_line_then_local",
            Self::OutsideLineThenInternational => "outside_line_then_international",
            Self::OutsideLineThenShortNumber => "outside_line_then_short_number",
            Self::TrunkZeroInBracketsDropped => "trunk_zero_in_brackets_dropped",
            Self::TrunkPrefixDropped => "trunk_prefix_dropped",
        }
    }
}

/// What somebody put in as one entry: mostly one number, at times several to choose from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// In the order of the text, each once; never empty.
    pub choices: Vec<Choice>,
    /// The choices are numbers of their own, and not endings of one line: none stands for the others.
    pub several: bool,
    /// What stands behind the number and is dialled only when somebody has answered: an extension, tones.
    pub not_dialled: Option<String>,
    /// Pieces between or behind the choices that could not be read.
    pub unread: Vec<(String, NumberError)>,
}

/// One number of an [`Entry`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choice {
    /// As it would be written alone.
    pub text: String,
    pub reading: Reading,
}

/// Reads one number, however it was put in: typed, as a cell of a table, as a link. `is_extension` says whether the
/// account has an extension of these digits. Of several endings of one line (`669669-66/67`) it is the first; offer the
/// others where that can be done, see [`read_entry`].
///
/// Help comes first: `112` is read as the emergency number even where an extension is called so. A colleague of that
/// number is reached by picking the colleague.
///
/// # Errors
/// Why it is no number, or that the text holds several of which none stands for the others.
pub fn read(text: &str, plan: &NumberPlan, is_extension: &dyn Fn(&str) -> bool) -> Result<Reading, NumberError> {
    let entry = read_entry(text, plan, is_extension)?;
    match entry.choices.into_iter().next() {
        Some(first) if !entry.several => Ok(first.reading),
        Some(_) => Err(NumberError::Several),
        None => Err(NumberError::NotANumber),
    }
}

/// Reads everything that one entry offers for dialling. What the number lens refuses in a text (dates, amounts, IBANs)
/// is refused here too.
///
/// # Errors
/// Why the entry holds no number.
pub fn read_entry(text: &str, plan: &NumberPlan, is_extension: &dyn Fn(&str) -> bool) -> Result<Entry, NumberError> {
    if is_link(text) {
        let link = read_link_from(text, plan.outside_line.as_deref()).map_err(|error| match error {
            LinkError::Scheme => NumberError::NotANumber,
            LinkError::TooLong => NumberError::LinkTooLong,
            LinkError::Name => NumberError::LinkName,
            LinkError::Number(error) => error,
        })?;
        let mut entry = written_entry(&link.written, plan, is_extension)?;
        entry.not_dialled = entry.not_dialled.or(link.not_dialled);
        return Ok(entry);
    }
    written_entry(text, plan, is_extension)
}

fn written_entry(text: &str, plan: &NumberPlan, is_extension: &dyn Fn(&str) -> bool) -> Result<Entry, NumberError> {
    let unescaped = entry::unescaped(text);
    if is_turned(unescaped.as_deref().unwrap_or(text)) {
        return Err(NumberError::Turned);
    }
    let text = lens::without_labels(trimmed(table::without_formula(unescaped.as_deref().unwrap_or(text))));
    if text.len() > entry::MAX_BYTES {
        return Err(NumberError::TooLong);
    }
    let digits;
    let text = match table::cell(text) {
        Cell::Digits(whole) => {
            digits = whole;
            &digits
        }
        Cell::Rounded => return Err(NumberError::DigitsLost),
        Cell::Amount => return Err(NumberError::Amount),
        Cell::Other(text) => {
            digits = table::without_fractions(text).unwrap_or_else(|| text.to_owned());
            &digits
        }
    };
    if let Some(refusal) = lens::whole_is_other(trimmed(text)) {
        return Err(refusal.into());
    }
    let paused = plan.outside_line.as_deref().and_then(|prefix| entry::without_pause(text, prefix));
    let text = paused.as_deref().unwrap_or(text);
    let one = |text: &str| match table::cell(text) {
        Cell::Amount => Err(NumberError::Amount),
        _ => read_one(text, plan, is_extension),
    };
    let (pieces, rest) = entry::pieces(text, &|text| entry::Probe::of(&one(text), text));
    let mut out = Entry { choices: Vec::new(), several: false, not_dialled: rest, unread: Vec::new() };
    let mut error = None;
    for Piece { text, ending, .. } in pieces {
        match one(&text) {
            Ok(reading) if out.choices.iter().any(|known| known.reading.party == reading.party) => {}
            Ok(reading) => {
                out.several |= !ending && !out.choices.is_empty();
                out.choices.push(Choice { text, reading });
            }
            Err(why) => {
                error.get_or_insert(why);
                out.unread.push((text, why));
            }
        }
    }
    match error {
        Some(error) if out.choices.is_empty() => Err(lens_says(text, error, plan, is_extension)),
        None if out.choices.is_empty() => Err(NumberError::Empty),
        _ => Ok(out),
    }
}

/// A text with letters in it that is one thing other than a number is refused as that.
fn lens_says(text: &str, error: NumberError, plan: &NumberPlan, is_extension: &dyn Fn(&str) -> bool) -> NumberError {
    if error != NumberError::Letters {
        return error;
    }
    match lens::find_numbers(text, plan, is_extension).as_slice() {
        [
            lens::Found {
                result:
                    Err(
                        refusal
                        @ (Refusal::Iban | Refusal::Reference | Refusal::Amount | Refusal::Date | Refusal::Time),
                    ),
                ..
            },
        ] => (*refusal).into(),
        _ => error,
    }
}

/// Reads digits and what stands between them as one number.
pub(super) fn read_one(
    text: &str,
    plan: &NumberPlan,
    is_extension: &dyn Fn(&str) -> bool,
) -> Result<Reading, NumberError> {
    let outside = plan.outside_line.as_deref().filter(|prefix| !prefix.is_empty());
    let written = Written::of(text, outside)?;
    if written.is_code() {
        return code(&written);
    }
    let reader = Reader::of(plan, outside);
    if written.dial.starts_with('+') { reader.with_plus(&written) } else { reader.without_plus(&written, is_extension) }
}

/// Whether a text may be handed to a telephone service: 1 to 32 of `+`, `*`, `#` and digits.
pub fn is_dialable(text: &str) -> bool {
    (1..=32).contains(&text.len()) && text.bytes().all(|b| matches!(b, b'+' | b'*' | b'#' | b'0'..=b'9'))
}

/// Takes the zero of a `+49 (0) 221` out where the country's plan does not want it (Italy's does).
pub(super) fn without_bracketed_zero(written: &Written) -> Option<String> {
    let at = written.zero.filter(|at| written.dial.starts_with('+') && (2..=4).contains(at))?;
    let mut dropped = written.dial.clone();
    dropped.remove(at);
    let kept_is_valid =
        || international(&written.dial).is_ok_and(|known| known.valid && ends_with(&known, &written.dial[at..]));
    match international(&dropped) {
        Ok(known) if known.valid || !kept_is_valid() => Some(dropped),
        _ => None,
    }
}

fn ends_with(known: &Known, digits: &str) -> bool {
    known.number.digits().ends_with(digits)
}

fn code(written: &Written) -> Result<Reading, NumberError> {
    if written.dial.starts_with('+') || !written.dial.bytes().any(|b| b.is_ascii_digit() || b == b'*') {
        return Err(NumberError::NotANumber);
    }
    if !is_dialable(&written.dial) {
        return Err(NumberError::TooLong);
    }
    Ok(Reading { party: Party::Code(Arc::from(written.dial.as_str())), rule: Rule::ServiceCode })
}

#[cfg(test)]
#[path = "reading_tests.rs"]
mod tests;
