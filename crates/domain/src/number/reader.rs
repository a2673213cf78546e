//! Reads one number by an account's dial plan. How the digits are grouped counts for more than what is possible.

use std::sync::Arc;

use rlibphonenumber::CountryCodeSource;

use super::metadata::{Home, Known, destination_code, international, is_country_code, is_mobile, national_digits};
use super::reading::without_bracketed_zero;
use super::short::{is_emergency, is_service};
use super::written::Written;
use super::{NumberError, Party, Reading, Rule};
use crate::{ExtensionId, NumberPlan};

/// Local numbers have at most so many digits.
const LONGEST_LOCAL: usize = 8;
/// A direct number behind a local one has at most so many.
const LONGEST_DIRECT: usize = 5;
/// Ungrouped digits that begin with a country code have at least so many.
const SHORTEST_WITH_COUNTRY: usize = 11;
/// Grouped ones, of another country than the account's.
const SHORTEST_FOREIGN: usize = 10;

type Read = Result<(Known, Rule), NumberError>;

pub(super) struct Reader<'a> {
    plan: &'a NumberPlan,
    home: Option<Home>,
    outside: Option<&'a str>,
}

impl<'a> Reader<'a> {
    pub fn of(plan: &'a NumberPlan, outside: Option<&'a str>) -> Self {
        Self { plan, home: Home::of(plan), outside }
    }

    pub fn with_plus(&self, written: &Written) -> Result<Reading, NumberError> {
        // "+0049 …": both ways to begin.
        if let Some(rest) = written.dial.strip_prefix("+00") {
            let plus = Written { dial: format!("+{rest}"), zero: None, ..written.clone() };
            return self.with_plus(&plus);
        }
        if (2..5).contains(&written.dial.len()) {
            return Err(NumberError::TooShort);
        }
        let (known, rule) = match without_bracketed_zero(written) {
            Some(dropped) => (international(&dropped)?, Rule::TrunkZeroInBracketsDropped),
            None => {
                let known = match international(&written.dial) {
                    Ok(known) if known.valid => known,
                    read => match without_old_trunk(&written.dial) {
                        Some(known) => known,
                        None => read?,
                    },
                };
                let whole = known.number.e164() == written.dial;
                (known, if whole { Rule::International } else { Rule::TrunkPrefixDropped })
            }
        };
        let rule = if written.outside_line { Rule::OutsideLineThenInternational } else { rule };
        Ok(number(known, rule))
    }

    pub fn without_plus(&self, written: &Written, is_extension: &dyn Fn(&str) -> bool) -> Result<Reading, NumberError> {
        if let Some(reading) = self.short(written, is_extension) {
            return Ok(reading);
        }
        let behind = self.behind(written);
        // A zero in brackets is the trunk prefix.
        let alone = behind.is_some() && self.outside == Some(written.group(0)) && written.zero != Some(0);
        // A group of its own says that it is the outside line, whatever the digits together could be.
        if alone && let Some(rest) = &behind {
            let read = self.behind_outside_line(rest);
            if !matches!(read, Err(NumberError::TooShort | NumberError::TooLong)) {
                return read.map(|(known, rule)| number(known, rule));
            }
            let begins = |digits| self.begins_with_code(rest, digits);
            if matches!(read, Err(NumberError::TooShort)) && rest.dial.strip_prefix('0').is_some_and(begins) {
                return Err(NumberError::TooShort);
            }
        }
        let as_it_is = self.public(written);
        if let Some((known, rule)) = behind.and_then(|rest| self.rather_behind(&rest, written, &as_it_is)) {
            return Ok(number(known, rule));
        }
        as_it_is.map(|(known, rule)| number(known, rule))
    }

    /// A number behind the digits of the outside line, where the whole is none or is one by its digits alone: nobody
    /// wrote a prefix, and what looks like a country or area code may be the outside line and a prefix.
    fn rather_behind(&self, rest: &Written, written: &Written, as_it_is: &Read) -> Option<(Known, Rule)> {
        let read = self.behind_outside_line(rest).ok().filter(|(known, _)| known.valid)?;
        if read.1 != Rule::OutsideLineThenInternational && self.begins_with_code(written, &rest.dial) {
            return None;
        }
        let rather = match as_it_is {
            Ok((whole, rule)) if whole.valid && is_guess(*rule, &written.dial) => {
                self.prefixed(&rest.dial, &self.home?).is_some()
                    && (!parts_area(written, whole) || parts_area(rest, &read.0))
            }
            Ok((whole, _)) => !whole.valid,
            Err(_) => true,
        };
        rather.then_some(read)
    }

    /// Whether the zero in front is the trunk prefix of the code behind it, in one group with it or with the whole number:
    /// what is too short then is no number of the account's area.
    fn begins_with_code(&self, written: &Written, rest: &str) -> bool {
        let Some(home) = self.home.filter(|_| written.dial.starts_with('0') && !rest.starts_with('0')) else {
            return false;
        };
        // Where the zero belongs to the number, it does to the code.
        let begin = usize::from(home.dials_trunk_zero());
        let digits = &written.dial[begin..];
        let mut groups = written.groups.iter().filter(|at| **at > 1).map(|at| at - begin).peekable();
        if groups.peek().is_none() {
            return home.has_numbers_with(digits);
        }
        groups.any(|at| digits[..at] == *self.area(&home) || home.has_code(&digits[..at]))
    }

    /// `01 23`: the beginning of a number of Vienna, and not the outside line before a short number.
    fn is_cut_off(&self, written: &Written, rest: &str) -> bool {
        self.begins_with_code(written, rest) && matches!(self.public(written), Err(NumberError::TooShort))
    }

    /// What stands behind the digits of the outside line.
    fn behind(&self, written: &Written) -> Option<Written> {
        let prefix = self.outside.filter(|prefix| written.dial.starts_with(prefix))?;
        written.without_first(prefix.len())
    }

    /// Emergency numbers, extensions and short numbers of the public network.
    fn short(&self, written: &Written, is_extension: &dyn Fn(&str) -> bool) -> Option<Reading> {
        let dial = written.dial.as_str();
        let region = self.home.map(|home| home.region.as_region_str());
        let region = region.as_deref();
        let as_dialled = |digits: &str, rule| Some(Reading { party: Party::Code(Arc::from(digits)), rule });
        let extension = |rule| Some(Reading { party: Party::Extension(ExtensionId::new(dial)), rule });
        if is_emergency(dial, region) {
            return as_dialled(dial, Rule::Emergency);
        }
        if is_extension(dial) {
            return extension(Rule::Extension);
        }
        let by_length = dial.len() <= usize::from(self.plan.extension_digits)
            && !dial.starts_with('0')
            && !self.home.is_some_and(|home| self.is_switchboard(written, &home) || lacks_subscriber(written, &home));
        if let Some(rest) = self.outside.and_then(|prefix| dial.strip_prefix(prefix)) {
            let alone = self.outside == Some(written.group(0));
            if is_emergency(rest, region) {
                return as_dialled(rest, Rule::Emergency);
            }
            let cut_off = || written.groups.len() > 1 && !alone && self.is_cut_off(written, rest);
            if is_service(rest, region) && (alone || !by_length) && !cut_off() {
                return as_dialled(rest, Rule::OutsideLineThenShortNumber);
            }
        }
        if is_service(dial, region) {
            return as_dialled(dial, Rule::ShortNumber);
        }
        if by_length { extension(Rule::ExtensionByLength) } else { None }
    }

    /// "2180-0" is a switchboard and its direct number, and "88-0" is one where the area is known.
    fn is_switchboard(&self, written: &Written, home: &Home) -> bool {
        let fewest = if self.area(home).is_empty() { 3 } else { 2 };
        written.direct.is_some_and(|at| at >= fewest) && home.has_open_plan()
    }

    /// A number of the public network, as dialled without an outside line.
    fn public(&self, written: &Written) -> Read {
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
        if let Some(read) = self.country_then_zero(written) {
            return read;
        }
        let Some(home) = self.home else {
            let rest = dial.strip_prefix("00").ok_or(NumberError::NoRegion)?;
            return Ok((international(&format!("+{rest}"))?, Rule::InternationalAccessCode));
        };
        self.prefixed(dial, &home).unwrap_or_else(|| self.bare(written, &home))
    }

    /// `0049 (0) 221` and `49 (0) 221` as if written `+49 (0) 221`, where that leads to a number.
    fn with_plus_in_front(&self, written: &Written) -> Option<Written> {
        let zero = written.zero?;
        let (dial, zero) = if let Some(rest) = written.dial.strip_prefix("00") {
            (format!("+{rest}"), zero.checked_sub(1)?)
        } else {
            is_country_code(&written.dial[..zero]).then(|| (format!("+{}", written.dial), zero + 1))?
        };
        let own = self.home.is_some_and(|home| dial.get(1..zero) == Some(&home.country_code.to_string()));
        let plus = Written { dial, zero: Some(zero), ..written.clone() };
        let dropped = without_bracketed_zero(&plus)?;
        (own || written.dial.starts_with("00") || international(&dropped).is_ok_and(|known| known.valid))
            .then_some(plus)
    }

    /// `49 0341 669660`, `972-050-…`: a country code without `+`, for no area begins like one and goes on with a zero.
    fn country_then_zero(&self, written: &Written) -> Option<Read> {
        let country = written.group(0);
        let rest = written.dial.strip_prefix(country)?;
        if written.group(1).is_empty() || country.starts_with('0') || !rest.starts_with('0') {
            return None;
        }
        let own = self.home.is_some_and(|home| country == home.country_code.to_string());
        let dial = format!("+{}", written.dial);
        let read = international(&dial);
        let whole = read.as_ref().ok().filter(|known| known.valid || own).cloned();
        let without = || international(&format!("+{country}{}", &rest[1..])).ok().filter(|known| known.valid);
        if !is_country_code(country) {
            return None;
        }
        let Some(known) = whole.or_else(without) else {
            // An area code with its zero, of which the rest is missing: no beginning of a local number.
            let begun = own && (written.zero == Some(country.len()) || written.group(1).len() > 2);
            return read.err().filter(|_| begun).map(Err);
        };
        let kept = known.number.e164() == dial;
        Some(Ok((known, if kept { Rule::InternationalWithoutPlus } else { Rule::TrunkPrefixDropped })))
    }

    /// Reads digits by a prefix they bear: what stands for `+`, or the trunk prefix. `None` where they bear none.
    fn prefixed(&self, dial: &str, home: &Home) -> Option<Read> {
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
    fn bare(&self, written: &Written, home: &Home) -> Read {
        let dial = written.dial.as_str();
        if dial.len() > 15 {
            return Err(NumberError::TooLong);
        }
        if let Some(known) = self.own_country(written, home) {
            let kept = known.number.digits() == dial;
            return Ok((known, if kept { Rule::InternationalWithoutPlus } else { Rule::TrunkPrefixDropped }));
        }
        if lacks_subscriber(written, home) {
            return Err(NumberError::TooShort);
        }
        let whole = home.without_trunk(dial);
        let in_area = self.in_area(dial, home);
        // Without anything in front, a dash may part a direct number and pairs part nothing.
        if (written.direct.is_none() || written.groups.len() > 2)
            && (0..written.groups.len()).any(|at| written.group(at).len() != 2)
            && let Some(known) = self.with_own_area(written, home)
        {
            return Ok((known, Rule::NationalWithoutTrunk));
        }
        if dial.len() <= LONGEST_LOCAL {
            let lost_its_zero = home.shortest_national().is_some_and(|shortest| dial.len() >= shortest);
            return match (in_area, whole) {
                (Ok(known), _) if known.valid => Ok((known, Rule::LocalInArea)),
                (_, Some(known)) if lost_its_zero || dialled_so(&known) => Ok((known, Rule::NationalWithoutTrunk)),
                (read, _) => read.map(|known| (known, Rule::LocalInArea)),
            };
        }
        let local = has_direct_number(written, home)
            && !whole.as_ref().is_some_and(|it| begins_with_area(written, it, !self.area(home).is_empty()));
        if let Some(known) = foreign(written, whole.as_ref(), local) {
            return Ok((known, Rule::InternationalWithoutPlus));
        }
        match whole {
            Some(known) if !local || !matches!(in_area, Ok(_) | Err(NumberError::NoPrefix)) => {
                Ok((known, Rule::NationalWithoutTrunk))
            }
            _ => in_area.map(|known| (known, Rule::LocalInArea)),
        }
    }

    /// Digits that begin with the account's own country code, where their number or their grouping says so.
    fn own_country(&self, written: &Written, home: &Home) -> Option<Known> {
        let dial = written.dial.as_str();
        let country = home.country_code.to_string();
        let rest = dial.strip_prefix(country.as_str())?;
        let known = international(&format!("+{dial}")).ok().filter(|known| known.valid)?;
        let whole = || home.without_trunk(dial);
        // "490341…": a zero behind it that the number keeps is no trunk prefix.
        let short = dial.len() <= LONGEST_LOCAL || (dial.len() < SHORTEST_WITH_COUNTRY && whole().is_some());
        if rest.starts_with('0') && short {
            return None;
        }
        let grouped = written.group(0) == country && !written.group(1).is_empty();
        let says_so = || written.group(1) == destination_code(&known.number);
        let area_ends = country.len() + destination_code(&known.number).len();
        if !grouped && has_direct_number(written, home) && !written.groups.contains(&area_ends) {
            return None;
        }
        match dial.len() {
            length if length <= LONGEST_LOCAL => (grouped && says_so()).then_some(known),
            length if length < SHORTEST_WITH_COUNTRY => {
                let area = || whole().is_some_and(|whole| destination_code(&whole.number) == country);
                (whole().is_none() || (grouped && (says_so() || !area()))).then_some(known)
            }
            _ => Some(known),
        }
    }

    /// The account's area code as it stands behind the country code.
    fn area(&self, home: &Home) -> &str {
        let area = self.plan.area_code.as_deref().unwrap_or("").trim();
        if home.dials_trunk_zero() { area.trim_start_matches('0') } else { area }
    }

    /// A number whose first group is the account's own area code.
    fn with_own_area(&self, written: &Written, home: &Home) -> Option<Known> {
        if written.groups.len() < 2 || written.group(0) != self.area(home) {
            return None;
        }
        international(&format!("+{}{}", home.country_code, written.dial)).ok().filter(|known| known.valid)
    }

    fn in_area(&self, dial: &str, home: &Home) -> Result<Known, NumberError> {
        let area = self.area(home);
        if area.is_empty() {
            return Err(NumberError::NoPrefix);
        }
        international(&format!("+{}{area}{dial}", home.country_code))
    }

    fn behind_outside_line(&self, rest: &Written) -> Read {
        let home = self.home.ok_or(NumberError::NoRegion)?;
        match self.prefixed(&rest.dial, &home).or_else(|| Some(Ok((self.with_own_area(rest, &home)?, Rule::National))))
        {
            Some(Ok((known, Rule::National))) => Ok((known, Rule::OutsideLineThenNational)),
            Some(read) => read.map(|(known, _)| (known, Rule::OutsideLineThenInternational)),
            None => match self.public(rest)? {
                (known, Rule::LocalInArea) => Ok((known, Rule::OutsideLineThenLocal)),
                (known, Rule::NationalWithoutTrunk) => Ok((known, Rule::OutsideLineThenNational)),
                (known, _) => Ok((known, Rule::OutsideLineThenInternational)),
            },
        }
    }
}

/// Whether the country dials this very number without a trunk prefix, as Lebanon does its mobile ones.
fn dialled_so(known: &Known) -> bool {
    let digits: String = known.number.national().chars().filter(char::is_ascii_digit).collect();
    digits == national_digits(&known.number)
}

/// `+48 022 …`: a trunk zero of a country that has given it up.
fn without_old_trunk(dial: &str) -> Option<Known> {
    let digits = dial.strip_prefix('+')?;
    let length = (1..=3).find(|length| digits.get(..*length).is_some_and(is_country_code))?;
    let (country, rest) = digits.split_at(length);
    let rest = rest.strip_prefix('0')?;
    international(&format!("+{country}{rest}")).ok().filter(|known| known.valid)
}

/// Whether the text ends behind an area code, in a country that always dials it: no local number is so short.
fn lacks_subscriber(written: &Written, home: &Home) -> bool {
    const SHORTEST_LOCAL: usize = 7;
    let area = written.group(0);
    area.len() == 3 && written.groups.len() > 1 && written.dial.len() < SHORTEST_LOCAL && home.is_area(area)
}

/// Whether the last group can be a direct number, behind a local one: what stands before it could be dialled by itself.
fn has_direct_number(written: &Written, home: &Home) -> bool {
    let direct = written.direct.or(written.groups.last().copied()).map_or(0, |at| written.dial.len() - at);
    let first = written.group(0).len();
    written.groups.len() > 1
        && direct <= LONGEST_DIRECT
        && first <= LONGEST_LOCAL
        && (first >= 3 || written.direct.is_some())
        && home.has_open_plan()
}

/// Whether the number was read so without any prefix.
fn is_guess(rule: Rule, dial: &str) -> bool {
    match rule {
        Rule::InternationalWithoutPlus | Rule::NationalWithoutTrunk => true,
        _ => rule == Rule::LocalInArea && dial.len() > LONGEST_LOCAL,
    }
}

/// Whether a group begins behind the area or network code of the number.
fn parts_area(written: &Written, known: &Known) -> bool {
    let (national, area) = (national_digits(&known.number), destination_code(&known.number));
    let begins = (written.dial.len() + area.len()).checked_sub(national.len());
    !area.is_empty() && begins.is_some_and(|at| at > 0 && written.groups.contains(&at))
}

/// Whether the area or network code of the number is what the first groups are. A dash alone stands before a direct
/// number, not behind an area, and where the account's own area is known so does a blank.
fn begins_with_area(written: &Written, known: &Known, has_own: bool) -> bool {
    let alone = written.groups.len() == 2
        && written.groups.last().is_some_and(|at| *at > 3)
        && (written.direct.is_some() || (written.blank && has_own));
    let area = destination_code(&known.number).len();
    let in_pairs = is_direct_in_pairs(written) && written.direct.is_some_and(|at| at != area || at > 3);
    (area > 0 && written.groups.contains(&area) && !alone && !in_pairs)
        || (is_mobile(&known.number) && matches!(written.group(0).len(), 3 | 4))
}

/// Whether the direct number is written in pairs, as is what stands before it.
fn is_direct_in_pairs(written: &Written) -> bool {
    written.direct.is_some_and(|at| written.groups.last() != Some(&at))
}

/// Digits that begin with another country's code in a group of its own, or that no number of the account's country is.
fn foreign(written: &Written, at_home: Option<&Known>, local: bool) -> Option<Known> {
    let dial = written.dial.as_str();
    let known = international(&format!("+{dial}")).ok().filter(|known| known.valid)?;
    let country = written.group(0);
    let in_pairs = local && is_direct_in_pairs(written);
    let grouped = !written.group(1).is_empty() && is_country_code(country) && !in_pairs;
    let is_area = at_home.is_some_and(|whole| destination_code(&whole.number) == country);
    let says_so = || written.group(1) == destination_code(&known.number) || dial.len() >= SHORTEST_WITH_COUNTRY;
    let by_group = grouped && !is_area && dial.len() >= SHORTEST_FOREIGN && says_so();
    (by_group || (at_home.is_none() && !local && dial.len() >= SHORTEST_WITH_COUNTRY)).then_some(known)
}

fn number(known: Known, rule: Rule) -> Reading {
    Reading { party: Party::Number(known.number), rule }
}
