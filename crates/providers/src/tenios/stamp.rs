//! Times on TENIOS's wire. How call records write them is not published, so every plausible form is read.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use ringside_domain::Timestamp;

/// Larger numbers are milliseconds: as seconds this is the year 5138.
const FIRST_MILLISECONDS: i64 = 100_000_000_000;

/// As requests want it: `2016-04-11T09:00:00.000Z`.
pub fn written(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// ISO 8601 with or without a zone, with a blank for the `T`, or seconds or milliseconds since 1970. Without a zone it
/// is UTC. `None` for anything else.
pub fn read(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(number) = text.parse::<i64>() {
        return since_1970(number);
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    let dated = text.as_bytes().get(4) == Some(&b'-') && text.as_bytes().get(7) == Some(&b'-') && text.len() > 10;
    let plain = text.strip_suffix("UTC").map_or(text, str::trim_end);
    let civil: DateTime = plain.parse().ok().filter(|_| dated)?;
    civil.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

fn since_1970(number: i64) -> Option<Timestamp> {
    match number {
        ..=0 => None,
        1..FIRST_MILLISECONDS => Timestamp::from_second(number).ok(),
        _ => Timestamp::from_millisecond(number).ok(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_plausible_form_is_the_same_moment() {
        let at: Timestamp = "2026-03-02T09:15:00Z".parse().unwrap();
        for text in [
            "2026-03-02T09:15:00.000Z",
            "2026-03-02T09:15:00Z",
            "2026-03-02T10:15:00+01:00",
            "2026-03-01T23:15:00-10:00",
            "2026-03-02T09:15:00",
            "2026-03-02 09:15:00.000",
            " 2026-03-02 09:15:00 ",
            "2026-03-02 09:15:00 UTC",
            "1772442900",
            "1772442900000",
        ] {
            assert_eq!(read(text), Some(at), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in
            ["", "0", "-5", "null", "soon", "2026-03-02", "2026-13-02 09:15:00", "09:15:00", "99999999999999999999"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text in any::<String>()) {
            let _ = read(&text);
        }

        #[test]
        fn what_is_written_is_read_back(second in 1_i64..4_000_000_000, millisecond in 0_i64..1000) {
            let at = Timestamp::from_millisecond(second * 1000 + millisecond).unwrap();
            prop_assert_eq!(read(&written(at)), Some(at));
        }
    }
}
