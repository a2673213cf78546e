//! The countries whose numbering plans are known, by their ISO 3166 codes.

use rlibphonenumber::{PHONE_NUMBER_UTIL, Region};

use super::PhoneNumber;
use super::metadata::destination_code;

/// Every country's two letters, in alphabetical order.
pub fn regions() -> Vec<String> {
    let mut all: Vec<String> =
        PHONE_NUMBER_UTIL.get_supported_regions().map(|region| region.as_region_str().to_string()).collect();
    all.sort();
    all
}

/// Whether national numbers can be read for it.
pub fn is_region(code: &str) -> bool {
    Region::from_code(code).is_ok_and(|region| PHONE_NUMBER_UTIL.get_country_code_for_region(region).is_some())
}

/// What numbers of the country begin with, such as 49.
pub fn country_code_of(region: &str) -> Option<u16> {
    let code = PHONE_NUMBER_UTIL.get_country_code_for_region(Region::from_code(region).ok()?)?;
    u16::try_from(code).ok()
}

/// The area of a code that was written behind its country's, such as 221 of 49221; `None` where an area begins so
/// itself, such as 4921 in Germany.
pub fn area_behind_country_code<'a>(region: &str, area_code: &'a str) -> Option<&'a str> {
    let country = country_code_of(region)?.to_string();
    let whole = area_code.trim_start_matches('0');
    let is_area = |area: &str| {
        (4..=8).any(|more| {
            let number = PhoneNumber::from_e164(&format!("+{country}{area}{}", "3".repeat(more)));
            number.is_ok_and(|number| destination_code(&number) == area)
        })
    };
    whole.strip_prefix(&country).filter(|area| is_area(area) && !is_area(whole))
}

/// Whether numbers of some country begin with it, such as 49.
pub fn is_country_code(code: u16) -> bool {
    PHONE_NUMBER_UTIL.get_region_for_country_code(i32::from(code)).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_told_from_what_looks_like_one() {
        let all = regions();
        assert!(all.len() > 200 && all.iter().all(|code| is_region(code)), "{all:?}");
        for (code, is) in [("DE", true), ("IL", true), ("XK", true), ("ZZ", false), ("Germany", false), ("", false)] {
            assert_eq!(is_region(code), is, "{code}");
        }
        assert_eq!((country_code_of("DE"), country_code_of("ZZ")), (Some(49), None));
        for (region, code, area) in [
            ("DE", "49221", Some("221")),
            ("DE", "0049221", Some("221")),
            ("DE", "4921", None),
            ("DE", "221", None),
            ("AT", "431", Some("1")),
            ("US", "1212", Some("212")),
        ] {
            assert_eq!(area_behind_country_code(region, code), area, "{region} {code}");
        }
        for (code, is) in [(49, true), (1, true), (972, true), (0, false), (210, false), (999, false)] {
            assert_eq!(is_country_code(code), is, "{code}");
        }
    }
}
