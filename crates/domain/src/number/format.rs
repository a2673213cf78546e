//! How a number is shown.

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat};

use super::PhoneNumber;
use super::metadata::split;

impl PhoneNumber {
    /// `+49 221 669 669 66`: grouped as the country does it, or in threes where it does not.
    pub fn international(&self) -> String {
        self.grouped(PhoneNumberFormat::International)
    }

    /// `0221 669 669 66`: as dialled within the number's own country.
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
            Some(parsed) => in_threes(&parsed.format_as(format)),
            None => self.e164().to_owned(),
        }
    }
}

/// Groups what the country's plan leaves in one piece, as Germany's and Austria's do for subscriber numbers, which have
/// any length: three digits to a group from the left, never one alone (`669 669 66`, `555 5555`). DIN 5008 and ITU-T
/// E.123 part the area from the rest by a blank and leave it to the writer to part long digits further the same way.
fn in_threes(written: &str) -> String {
    const LONGEST: usize = 5;
    let mut out = String::with_capacity(written.len() + 4);
    let mut rest = written;
    while let Some(first) = rest.chars().next() {
        let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (digits, behind) = rest.split_at(length.max(if length == 0 { first.len_utf8() } else { 0 }));
        if length > LONGEST && !written[..written.len() - rest.len()].ends_with('+') {
            for (i, digit) in digits.chars().enumerate() {
                if i > 0 && i % 3 == 0 && length - i > 1 {
                    out.push(' ');
                }
                out.push(digit);
            }
        } else {
            out.push_str(digits);
        }
        rest = behind;
    }
    out
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
