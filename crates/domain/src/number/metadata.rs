//! The one place that asks the numbering plans of the world (Google's libphonenumber metadata, in a Rust port).

use rlibphonenumber::{
    CountryCodeSource, NumberLengthType, PHONE_NUMBER_UTIL, ParseError, PhoneNumber as Parsed, PhoneNumberFormat,
    Region, ValidationError,
};

use super::short::is_emergency;
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

    /// Reads digits as dialled in this country, by its own prefixes.
    pub fn national(&self, digits: &str) -> Result<Known, NumberError> {
        parse(digits, Some(self.region))
    }
}

/// Reads `+` and digits.
pub(super) fn international(text: &str) -> Result<Known, NumberError> {
    parse(text, None)
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
    let e164 = parsed.format_as(PhoneNumberFormat::E164);
    let number = PhoneNumber::from_e164(&e164)
        .map_err(|_| if e164.len() > 16 { NumberError::TooLong } else { NumberError::NotANumber })?;
    // Some plans take prefixes off once more on a second reading; such a text has no one meaning.
    let again = PHONE_NUMBER_UTIL.parse(number.e164(), None).map_err(why)?;
    if again.format_as(PhoneNumberFormat::E164) != number.e164() {
        return Err(NumberError::NotANumber);
    }
    let valid = PHONE_NUMBER_UTIL.is_valid_number(&again);
    // A zero in front belongs to the number in a few countries only; elsewhere it was too short to take off.
    if !valid && again.italian_leading_zero() {
        return Err(NumberError::TooShort);
    }
    Ok(Known { number, valid, source: parsed.country_code_source() })
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
