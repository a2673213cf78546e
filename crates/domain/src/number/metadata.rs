//! The one place that asks the numbering plans of the world (Google's libphonenumber metadata, in a Rust port).

use rlibphonenumber::{
    CountryCodeSource, NumberLengthType, PHONE_NUMBER_UTIL, ParseError, PhoneNumber as Parsed, PhoneNumberFormat,
    PhoneNumberType, Region, ValidationError,
};

use super::short::{is_emergency, is_service};
use super::{NumberError, PhoneNumber};
use crate::NumberPlan;

/// A number with what its numbering plan says of it.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub number: PhoneNumber,
    /// It is of a range that is in use; a number that is not may still be a new one.
    pub valid: bool,
    pub source: CountryCodeSource,
}

/// Where an account is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Home {
    pub region: Region,
    pub country_code: i32,
}

impl Home {
    /// `None` when neither the region nor the country code is one that exists.
    pub fn of(plan: &NumberPlan) -> Option<Self> {
        let named = Region::from_code(plan.region.trim()).ok();
        let own = named.and_then(|region| PHONE_NUMBER_UTIL.get_country_code_for_region(region));
        match plan.country_code.map(i32::from) {
            Some(country_code) if own != Some(country_code) => {
                Some(Self { region: PHONE_NUMBER_UTIL.get_region_for_country_code(country_code)?, country_code })
            }
            _ => Some(Self { region: named?, country_code: own? }),
        }
    }

    /// Whether a `0` that is not part of the number is dialled before national numbers.
    pub fn dials_trunk_zero(&self) -> bool {
        PHONE_NUMBER_UTIL.get_example_number(self.region).is_ok_and(|example| {
            let written = example.format_as(PhoneNumberFormat::National);
            let first = written.chars().find(char::is_ascii_digit);
            first == Some('0') && !example.get_national_significant_number().starts_with('0')
        })
    }

    /// A number that is in use, of national digits without a prefix. Where the zero in front belongs to the number, as in
    /// Italy, it may be the one that is missing.
    pub fn without_trunk(&self, digits: &str) -> Option<Known> {
        let read = |zero: &str| international(&format!("+{}{zero}{digits}", self.country_code)).ok();
        let valid = |zero: &str| read(zero).filter(|known| known.valid);
        valid("").or_else(|| if self.dials_trunk_zero() { None } else { valid("0") })
    }

    /// How many digits the shortest numbers of an area code have with it, in a country where that is settled: numbers of
    /// eight digits and more, none of which can be a local one.
    pub fn shortest_national(&self) -> Option<usize> {
        let is_possible = |length: usize| {
            let number = Parsed {
                country_code: self.country_code,
                national_number: 10_u64.pow(u32::try_from(length - 1).unwrap_or(0)),
                ..Parsed::default()
            };
            PHONE_NUMBER_UTIL.is_possible_number_for_type_with_reason(&number, PhoneNumberType::FixedLine)
                == Ok(NumberLengthType::IsPossible)
        };
        (4..=9).find(|length| is_possible(*length)).filter(|shortest| *shortest > 7)
    }

    /// Whether numbers of an area are dialled in it without its code, and are of any length, as in Germany and Austria.
    pub fn has_open_plan(&self) -> bool {
        self.dials_trunk_zero() && self.shortest_national().is_none()
    }

    /// Whether numbers of the country begin with this area code, and always have it in front without a zero.
    pub fn is_area(&self, code: &str) -> bool {
        let Ok(example) = PHONE_NUMBER_UTIL.get_example_number(self.region) else { return false };
        let digits = example.get_national_significant_number();
        let with_code = digits.get(code.len()..).map(|rest| format!("+{}{code}{rest}", self.country_code));
        let known = with_code.filter(|_| !self.dials_trunk_zero()).and_then(|text| international(&text).ok());
        known.is_some_and(|known| known.valid && destination_code(&known.number) == code)
    }

    /// Whether numbers in use begin with these national digits.
    pub fn has_numbers_with(&self, digits: &str) -> bool {
        self.beginning_with(digits).next().is_some()
    }

    /// Whether these digits are an area code, or those that a network or a service is known by.
    pub fn has_code(&self, code: &str) -> bool {
        const FEWEST_OF_NETWORK: usize = 3;
        self.beginning_with(code).any(|(length, kind)| {
            let of_area = matches!(kind, PhoneNumberType::FixedLine | PhoneNumberType::FixedLineOrMobile);
            length == code.len() || (!of_area && (FEWEST_OF_NETWORK..=length).contains(&code.len()))
        })
    }

    /// How long the code is, and of what kind, of numbers in use that begin with these national digits.
    fn beginning_with(&self, digits: &str) -> impl Iterator<Item = (usize, PhoneNumberType)> {
        const LONGEST: usize = 11;
        let begun = format!("+{}{digits}", self.country_code);
        let more = (1..=LONGEST.saturating_sub(digits.len())).flat_map(|length| ('0'..='9').map(move |c| (length, c)));
        more.filter_map(move |(length, c)| {
            let number = PhoneNumber::from_e164(&(begun.clone() + &c.to_string().repeat(length))).ok()?;
            let parsed = split(&number)?;
            let code = destination_code(&number).len();
            (code > 0 && PHONE_NUMBER_UTIL.is_valid_number(&parsed))
                .then(|| (code, PHONE_NUMBER_UTIL.get_number_type(&parsed)))
        })
    }

    /// Reads digits as dialled in this country, by its own prefixes.
    pub fn national(&self, digits: &str) -> Result<Known, NumberError> {
        parse(digits, Some(self.region))
    }
}

/// The national digits, with the zeros that belong to them.
pub(super) fn national_digits(number: &PhoneNumber) -> &str {
    split(number).map_or("", |parsed| number.digits().get(parsed.country_code.to_string().len()..).unwrap_or(""))
}

/// The area or network code, as the country groups the number; empty where it has none.
pub(super) fn destination_code(number: &PhoneNumber) -> &str {
    let length = split(number).map_or(0, |it| PHONE_NUMBER_UTIL.get_length_of_national_destination_code(&it));
    national_digits(number).get(..length).unwrap_or("")
}

/// Whether the digits are the country calling code of some country.
pub(super) fn is_country_code(digits: &str) -> bool {
    (1..=3).contains(&digits.len())
        && !digits.starts_with('0')
        && digits.parse().is_ok_and(|code: i32| PHONE_NUMBER_UTIL.get_region_for_country_code(code).is_some())
}

/// The region of the country code that `+` and digits begin with.
pub(super) fn region_behind(prefix: &str) -> Option<String> {
    let digits = prefix.strip_prefix('+')?;
    let code = (1..=3).find_map(|length| digits.get(..length).filter(|code| is_country_code(code)))?;
    let region = PHONE_NUMBER_UTIL.get_region_for_country_code(code.parse().ok()?)?;
    Some(region.as_region_str().to_string())
}

/// Reads `+` and digits.
pub(super) fn international(text: &str) -> Result<Known, NumberError> {
    parse(text, None)
}

pub(super) fn is_mobile(number: &PhoneNumber) -> bool {
    split(number).is_some_and(|parsed| PHONE_NUMBER_UTIL.get_number_type(&parsed) == PhoneNumberType::Mobile)
}

/// Whether a number is of a country and kind where a direct number may go behind it, or has gone.
pub(super) fn takes_direct_number(number: &PhoneNumber) -> bool {
    const COUNTRIES: [i32; 2] = [43, 49];
    const LONGEST_DIRECT: usize = 5;
    let Some(parsed) = split(number).filter(|parsed| COUNTRIES.contains(&parsed.country_code)) else { return false };
    let text = number.e164();
    let shorter = (1..=LONGEST_DIRECT).filter_map(|taken| PhoneNumber::from_e164(text.get(..text.len() - taken)?).ok());
    // The kind of a number that is too long to be one itself is that of its beginning.
    let kinds = std::iter::once(parsed).chain(shorter.filter_map(|number| split(&number)));
    let known =
        kinds.map(|parsed| PHONE_NUMBER_UTIL.get_number_type(&parsed)).find(|it| *it != PhoneNumberType::Unknown);
    known.is_none_or(|kind| matches!(kind, PhoneNumberType::FixedLine | PhoneNumberType::UAN | PhoneNumberType::VoIP))
}

pub(super) fn is_valid(number: &PhoneNumber) -> bool {
    split(number).is_some_and(|parsed| PHONE_NUMBER_UTIL.is_valid_number(&parsed))
}

/// The library's form of a number, made without parsing: the country code is the one prefix that exists.
pub(super) fn split(number: &PhoneNumber) -> Option<Parsed> {
    let digits = number.digits();
    (1..=3).find_map(|length| {
        let (code, national) = digits.split_at_checked(length)?;
        let code: i32 = code.parse().ok()?;
        PHONE_NUMBER_UTIL.get_region_for_country_code(code)?;
        let zeros = national.bytes().take_while(|byte| *byte == b'0').count();
        let mut parsed = Parsed { country_code: code, national_number: national.parse().ok()?, ..Parsed::default() };
        if zeros > 0 {
            parsed.italian_leading_zero = Some(true);
            parsed.number_of_leading_zeros = Some(i32::try_from(zeros).ok()?);
        }
        Some(parsed)
    })
}

fn parse(text: &str, region: Option<Region>) -> Result<Known, NumberError> {
    let parsed = PHONE_NUMBER_UTIL.parse_and_keep_raw_input(text, region).map_err(why)?;
    match PHONE_NUMBER_UTIL.is_possible_number_with_reason(&parsed) {
        Ok(NumberLengthType::IsPossible) => {}
        Ok(NumberLengthType::IsPossibleLocalOnly) | Err(ValidationError::TooShort) => {
            return Err(too_short(&parsed));
        }
        Err(ValidationError::TooLong) => return Err(NumberError::TooLong),
        Err(ValidationError::InvalidCountryCode) => return Err(NumberError::UnknownCountry),
        Err(ValidationError::InvalidLength) => return Err(NumberError::NotANumber),
    }
    if too_short(&parsed) == NumberError::EmergencyPrefixed {
        return Err(NumberError::EmergencyPrefixed);
    }
    if is_short(&parsed) {
        return Err(NumberError::ShortPrefixed);
    }
    let e164 = parsed.format_as(PhoneNumberFormat::E164);
    let number = PhoneNumber::from_e164(&e164)
        .map_err(|_| if e164.len() > 16 { NumberError::TooLong } else { NumberError::NotANumber })?;
    // Some plans take prefixes off once more on a second reading; such a text has no one meaning.
    let again = PHONE_NUMBER_UTIL.parse(number.e164(), None).map_err(why)?;
    if again.format_as(PhoneNumberFormat::E164) != number.e164() {
        return Err(NumberError::NotANumber);
    }
    let valid = PHONE_NUMBER_UTIL.is_valid_number(&again);
    if !valid && (!has_subscriber(&number) || is_cut_off(&number)) {
        return Err(NumberError::TooShort);
    }
    // A zero in front belongs to the number in a few countries only; elsewhere it was too short to take off.
    if !valid && again.italian_leading_zero() {
        return Err(NumberError::TooShort);
    }
    Ok(Known { number, valid, source: parsed.country_code_source() })
}

/// Whether at least three digits stand behind the area code. That of a number too short to be one is told by what it
/// would be with more digits.
fn has_subscriber(number: &PhoneNumber) -> bool {
    const FEWEST: usize = 3;
    let longer = PhoneNumber::from_e164(&format!("{}00000", number.e164()));
    let area = longer.map_or(0, |longer| destination_code(&longer).len());
    area == 0 || national_digits(number).len() >= area + FEWEST
}

/// Whether numbers that go on like this one are of a kind that always has more digits, as mobile ones.
fn is_cut_off(number: &PhoneNumber) -> bool {
    const MOST_MISSING: usize = 6;
    let longer = (1..=MOST_MISSING).flat_map(|length| ["0", "5"].map(|fill| fill.repeat(length)));
    let kind =
        longer.filter_map(|rest| PhoneNumber::from_e164(&format!("{}{rest}", number.e164())).ok()).find_map(|longer| {
            match PHONE_NUMBER_UTIL.get_number_type(&split(&longer)?) {
                PhoneNumberType::Unknown => None,
                kind => Some(kind),
            }
        });
    kind.zip(split(number)).is_some_and(|(kind, parsed)| {
        matches!(
            PHONE_NUMBER_UTIL.is_possible_number_for_type_with_reason(&parsed, kind),
            Err(ValidationError::TooShort) | Ok(NumberLengthType::IsPossibleLocalOnly)
        )
    })
}

/// A short number behind a country code or a trunk prefix that is no number of the plan.
fn is_short(parsed: &Parsed) -> bool {
    let region = PHONE_NUMBER_UTIL.get_region_for_country_code(parsed.country_code).map(|r| r.as_region_str());
    let national = parsed.get_national_significant_number();
    national.len() <= 6 && is_service(&national, region.as_deref()) && !PHONE_NUMBER_UTIL.is_valid_number(parsed)
}

fn too_short(parsed: &Parsed) -> NumberError {
    let region = PHONE_NUMBER_UTIL.get_region_for_country_code(parsed.country_code).map(|r| r.as_region_str());
    let national = parsed.get_national_significant_number();
    if is_emergency(national.trim_start_matches('0'), region.as_deref()) {
        NumberError::EmergencyPrefixed
    } else {
        NumberError::TooShort
    }
}

fn why(error: ParseError) -> NumberError {
    match error {
        ParseError::InvalidCountryCode => NumberError::UnknownCountry,
        ParseError::NotANumber(_) => NumberError::NotANumber,
        ParseError::TooShortAfterIdd | ParseError::TooShortNsn => NumberError::TooShort,
        ParseError::TooLongNsn => NumberError::TooLong,
    }
}
