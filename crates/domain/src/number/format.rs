//! How a number is shown.

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat};

use super::PhoneNumber;
use super::metadata::split;

impl PhoneNumber {
    /// `+49 221 66966966`: grouped as the country does it.
    pub fn international(&self) -> String {
        self.grouped(PhoneNumberFormat::International)
    }

    /// `0221 66966966`: as dialled within the number's own country.
    pub fn national(&self) -> String {
        self.grouped(PhoneNumberFormat::National)
    }

    /// The ISO 3166 code of the country, such as `DE`; `None` for numbers of no country (`+800 …`) and unknown codes.
    pub fn country_region(&self) -> Option<&'static str> {
        let parsed = split(self)?;
        let region = PHONE_NUMBER_UTIL
            .get_region_for_number(&parsed)
            .or_else(|| PHONE_NUMBER_UTIL.get_region_for_country_code(parsed.country_code))?;
        interned(&region.as_region_str())
    }

    fn grouped(&self, format: PhoneNumberFormat) -> String {
        match split(self) {
            Some(parsed) => parsed.format_as(format).into_owned(),
            None => self.e164().to_owned(),
        }
    }
}

/// Every pair of capital letters, one after another: `AAABAC…`.
static PAIRS: [u8; 26 * 26 * 2] = {
    let mut pairs = [0; 26 * 26 * 2];
    let mut at = 0;
    while at < 26 * 26 {
        pairs[at * 2] = b'A' + (at / 26) as u8;
        pairs[at * 2 + 1] = b'A' + (at % 26) as u8;
        at += 1;
    }
    pairs
};

fn interned(code: &str) -> Option<&'static str> {
    let &[first, second] = code.as_bytes() else { return None };
    if !first.is_ascii_uppercase() || !second.is_ascii_uppercase() {
        return None;
    }
    let at = (usize::from(first - b'A') * 26 + usize::from(second - b'A')) * 2;
    std::str::from_utf8(&PAIRS[at..at + 2]).ok()
}

#[cfg(test)]
#[path = "format_tests.rs"]
mod tests;
