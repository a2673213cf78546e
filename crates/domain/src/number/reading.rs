//! Reads a number as somebody typed it, and says by which rule.

use std::sync::Arc;

use rlibphonenumber::CountryCodeSource;

use super::metadata::{Home, Known, international};
use super::short::{is_emergency, is_service};
use super::written::Written;
use super::{NumberError, Party};
use crate::{ExtensionId, NumberPlan};

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
    /// The outside-line prefix was taken off an international number.
    OutsideLineThenInternational,
    /// The outside-line prefix was taken off a short number.
    OutsideLineThenShortNumber,
    /// `+49 (0) 221 …`
    TrunkZeroInBracketsDropped,
    /// `+49 0221 …`
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
            Self::OutsideLineThenInternational => "outside_line_then_international",
            Self::OutsideLineThenShortNumber => "outside_line_then_short_number",
            Self::TrunkZeroInBracketsDropped => "trunk_zero_in_brackets_dropped",
            Self::TrunkPrefixDropped => "trunk_prefix_dropped",
        }
    }
}

/// Reads one number. `is_extension` says whether the account has an extension of these digits.
///
/// Help comes first: `112` is read as the emergency number even where an extension is called so. A colleague of that
/// number is reached by picking the colleague.
pub fn read(text: &str, plan: &NumberPlan, is_extension: &dyn Fn(&str) -> bool) -> Result<Reading, NumberError> {
    let outside = plan.outside_line.as_deref().filter(|prefix| !prefix.is_empty());
    let written = Written::of(text, outside)?;
    if written.is_code() {
        return code(&written);
    }
    let reader = Reader { plan, home: Home::of(plan), outside };
    let reading = if written.dial.starts_with('+') {
        reader.with_plus(&written)?
    } else {
        reader.without_plus(&written, is_extension)?
    };
    Ok(reading)
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

struct Reader<'a> {
    plan: &'a NumberPlan,
    home: Option<Home>,
    outside: Option<&'a str>,
}

impl Reader<'_> {
    fn with_plus(&self, written: &Written) -> Result<Reading, NumberError> {
        if (2..5).contains(&written.dial.len()) {
            return Err(NumberError::TooShort);
        }
        let (known, rule) = match without_bracketed_zero(written) {
            Some(dropped) => (international(&dropped)?, Rule::TrunkZeroInBracketsDropped),
            None => {
                let known = international(&written.dial)?;
                let whole = known.number.e164() == written.dial;
                (known, if whole { Rule::International } else { Rule::TrunkPrefixDropped })
            }
        };
        let rule = if written.outside_line { Rule::OutsideLineThenInternational } else { rule };
        Ok(number(known, rule))
    }

    fn without_plus(&self, written: &Written, is_extension: &dyn Fn(&str) -> bool) -> Result<Reading, NumberError> {
        let dial = written.dial.as_str();
        if let Some(reading) = self.short(written, is_extension) {
            return Ok(reading);
        }
        let as_it_is = self.public(written);
        let alone = self.outside.is_some_and(|prefix| written.first_group == prefix.len());
        if (alone || !as_it_is.as_ref().is_ok_and(|(known, _)| known.valid))
            && let Some(rest) = self.outside.and_then(|prefix| dial.strip_prefix(prefix))
            && let Some((known, rule)) = self.behind_outside_line(rest)
        {
            return Ok(number(known, rule));
        }
        as_it_is.map(|(known, rule)| number(known, rule))
    }

    /// Emergency numbers, extensions and short numbers of the public network.
    fn short(&self, written: &Written, is_extension: &dyn Fn(&str) -> bool) -> Option<Reading> {
        let dial = written.dial.as_str();
        let region = self.home.map(|home| home.region.as_region_str());
        let region = region.as_deref();
        let as_dialled = |digits: &str, rule| Some(Reading { party: Party::Code(Arc::from(digits)), rule });
        let extension = |rule| Some(Reading { party: Party::Extension(ExtensionId::new(dial)), rule });
        let behind = self.outside.and_then(|prefix| dial.strip_prefix(prefix));
        if is_emergency(dial, region) {
            return as_dialled(dial, Rule::Emergency);
        }
        if is_extension(dial) {
            return extension(Rule::Extension);
        }
        if let Some(rest) = behind {
            if is_emergency(rest, region) {
                return as_dialled(rest, Rule::Emergency);
            }
            if is_service(rest, region) {
                return as_dialled(rest, Rule::OutsideLineThenShortNumber);
            }
        }
        if self.outside.is_none() && is_service(dial, region) {
            return as_dialled(dial, Rule::ShortNumber);
        }
        let by_length = dial.len() <= usize::from(self.plan.extension_digits) && !dial.starts_with('0');
        if by_length { extension(Rule::ExtensionByLength) } else { None }
    }

    /// A number of the public network, as dialled without an outside line.
    fn public(&self, written: &Written) -> Result<(Known, Rule), NumberError> {
        let dial = written.dial.as_str();
        match dial.len() {
            0..=2 => return Err(NumberError::TooShort),
            3..=24 => {}
            _ => return Err(NumberError::TooLong),
        }
        if let Some(plus) = self.with_plus_in_front(written) {
            let reading = without_bracketed_zero(&plus).ok_or(NumberError::NotANumber)?;
            return Ok((international(&reading)?, Rule::TrunkZeroInBracketsDropped));
        }
        let Some(home) = self.home else {
            let rest = dial.strip_prefix("00").ok_or(NumberError::NoRegion)?;
            return Ok((international(&format!("+{rest}"))?, Rule::InternationalAccessCode));
        };
        self.prefixed(dial, &home).unwrap_or_else(|| self.bare(dial, &home))
    }

    /// `0049 (0) 221` and `49 (0) 221` as if written `+49 (0) 221`, where that leads to a number.
    fn with_plus_in_front(&self, written: &Written) -> Option<Written> {
        let zero = written.zero?;
        let (dial, shift) = if let Some(rest) = written.dial.strip_prefix("00") {
            (format!("+{rest}"), 1)
        } else {
            let own = self.home?.country_code.to_string();
            (written.dial[..zero] == own).then(|| format!("+{}", written.dial)).map(|dial| (dial, 0))?
        };
        let zero = if shift == 1 { zero.checked_sub(1)? } else { zero + 1 };
        let plus = Written { dial, zero: Some(zero), ..written.clone() };
        without_bracketed_zero(&plus).is_some().then_some(plus)
    }

    /// Reads digits by a prefix they bear: what stands for `+`, or the trunk prefix. `None` where they bear none.
    fn prefixed(&self, dial: &str, home: &Home) -> Option<Result<(Known, Rule), NumberError>> {
        let read = home.national(dial);
        if let Ok(known) = &read
            && known.source == CountryCodeSource::FromNumberWithIdd
        {
            return Some(read.map(|known| (known, Rule::InternationalAccessCode)));
        }
        if let Some(rest) = dial.strip_prefix("00") {
            return Some(international(&format!("+{rest}")).map(|known| (known, Rule::InternationalAccessCode)));
        }
        if dial.starts_with('0') {
            return Some(read.map(|known| (known, Rule::National)));
        }
        let known = read.ok().filter(|known| known.valid && !home.dials_trunk_zero())?;
        // In North America the country code is what is dialled before national numbers.
        let without_plus = known.source == CountryCodeSource::FromNumberWithoutPlusSign && home.country_code != 1;
        Some(Ok((known, if without_plus { Rule::InternationalWithoutPlus } else { Rule::National })))
    }

    /// Digits without any prefix: a whole number that lacks it, or a local number.
    fn bare(&self, dial: &str, home: &Home) -> Result<(Known, Rule), NumberError> {
        const LONGEST_LOCAL: usize = 8;
        const SHORTEST_WITH_COUNTRY: usize = 11;
        if dial.len() > 15 {
            return Err(NumberError::TooLong);
        }
        let country = home.country_code.to_string();
        if dial.len() > LONGEST_LOCAL {
            let whole = international(&format!("+{country}{dial}")).ok().filter(|known| known.valid);
            let with_country = dial
                .strip_prefix(country.as_str())
                .filter(|rest| !rest.starts_with('0') && (dial.len() >= SHORTEST_WITH_COUNTRY || whole.is_none()))
                .and_then(|_| international(&format!("+{dial}")).ok())
                .filter(|known| known.valid);
            if let Some(known) = with_country {
                return Ok((known, Rule::InternationalWithoutPlus));
            }
            if let Some(known) = whole {
                return Ok((known, Rule::NationalWithoutTrunk));
            }
        }
        let area = self.plan.area_code.as_deref().unwrap_or("").trim();
        let area = if home.dials_trunk_zero() { area.trim_start_matches('0') } else { area };
        if area.is_empty() {
            return Err(NumberError::NoPrefix);
        }
        Ok((international(&format!("+{country}{area}{dial}"))?, Rule::LocalInArea))
    }

    fn behind_outside_line(&self, rest: &str) -> Option<(Known, Rule)> {
        let (known, rule) = self.prefixed(rest, &self.home?)?.ok()?;
        let rule =
            if rule == Rule::National { Rule::OutsideLineThenNational } else { Rule::OutsideLineThenInternational };
        known.valid.then_some((known, rule))
    }
}

fn number(known: Known, rule: Rule) -> Reading {
    Reading { party: Party::Number(known.number), rule }
}

#[cfg(test)]
#[path = "reading_tests.rs"]
mod tests;
