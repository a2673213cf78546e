//! The countries whose numbering plans are known, by their ISO 3166 codes.

use rlibphonenumber::{PHONE_NUMBER_UTIL, Region};

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
        for (code, is) in [(49, true), (1, true), (972, true), (0, false), (210, false), (999, false)] {
            assert_eq!(is_country_code(code), is, "{code}");
        }
    }
}
