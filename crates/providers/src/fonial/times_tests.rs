use proptest::prelude::*;

use super::*;

fn clock() -> WallClock {
    WallClock::of(BERLIN).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn a_time_is_read_by_berlins_clock() {
    for (text, first, second) in [
        ("2016-08-01 10:15:16", "2016-08-01T08:15:16Z", None),
        ("2017-01-01 12:00:00", "2017-01-01T11:00:00Z", None),
        ("2017-01-01T12:00:00", "2017-01-01T11:00:00Z", None),
        ("2017-01-01 12:00:00+05:00", "2017-01-01T07:00:00Z", None),
        ("2027-01-01 00:00:00", "2026-12-31T23:00:00Z", None),
        ("2026-03-29 01:59:59", "2026-03-29T00:59:59Z", None),
        ("2026-03-29 02:30:00", "2026-03-29T01:30:00Z", None),
        ("2026-03-29 03:00:00", "2026-03-29T01:00:00Z", None),
        ("2026-10-25 01:59:59", "2026-10-24T23:59:59Z", None),
        ("2026-10-25 02:00:00", "2026-10-25T00:00:00Z", Some("2026-10-25T01:00:00Z")),
        ("2026-10-25 02:59:59", "2026-10-25T00:59:59Z", Some("2026-10-25T01:59:59Z")),
        ("2026-10-25 03:00:00", "2026-10-25T02:00:00Z", None),
    ] {
        let expected = Written { first: at(first), second: second.map(at) };
        assert_eq!(clock().read(text), Some(expected), "{text}");
    }
    for text in ["", "0000-00-00 00:00:00", "2026-02-30 10:00:00", "10:15", "01.08.2016 10:15:16", "1470039316"] {
        assert_eq!(clock().read(text), None, "{text}");
    }
    assert!(WallClock::of("Europe/Atlantis").is_none());
}

#[test]
fn the_rule_for_computers_without_tables_says_the_same() {
    let rule = WallClock(TimeZone::posix(BERLIN_RULE).unwrap());
    for hours in 0..(3 * 366 * 24) {
        let at = at("2025-01-01T00:20:00Z").checked_add(SignedDuration::from_hours(hours)).unwrap();
        assert_eq!(rule.write(at), clock().write(at));
    }
}

#[test]
fn a_call_across_the_autumn_change_fits_its_length() {
    let minutes = |n| Some(SignedDuration::from_mins(n));
    for (start, end, length, expected) in [
        // Began and ended within the first, within the second, and across.
        ("02:10:00", "02:20:00", minutes(10), ("00:10:00", Some("00:20:00"))),
        ("02:50:00", "02:10:00", minutes(20), ("00:50:00", Some("01:10:00"))),
        ("02:10:00", "02:20:00", minutes(70), ("00:10:00", Some("01:20:00"))),
        ("02:50:00", "03:05:00", minutes(14), ("01:50:00", Some("02:05:00"))),
        ("02:50:00", "03:05:00", minutes(74), ("00:50:00", Some("02:05:00"))),
        // Without a length the first meanings that make a call.
        ("02:50:00", "02:10:00", None, ("00:50:00", Some("01:10:00"))),
        ("02:10:00", "02:20:00", None, ("00:10:00", Some("00:20:00"))),
        ("02:10:00", "01:50:00", minutes(5), ("00:10:00", None)),
    ] {
        let of = |time: &str| clock().read(&format!("2026-10-25 {time}")).unwrap();
        let utc = |time: &str| at(&format!("2026-10-25T{time}Z"));
        let told = WallClock::call(of(start), Some(of(end)), length);
        assert_eq!(told, (utc(expected.0), expected.1.map(utc)), "{start} {end} {length:?}");
    }
}

#[test]
fn the_length_never_overrules_the_times() {
    let of = |text: &str| clock().read(text).unwrap();
    let told = WallClock::call(
        of("2016-08-01 10:15:16"),
        Some(of("2016-08-01 10:25:23")),
        Some(SignedDuration::from_secs(667)),
    );
    assert_eq!(told, (at("2016-08-01T08:15:16Z"), Some(at("2016-08-01T08:25:23Z"))));
}

/// What a service would find for a span: it knows nothing but the written times.
fn found<'r>(rows: &'r [String], (start, end): &(String, String), inclusive: bool) -> Vec<&'r String> {
    let within = |row: &&String| if inclusive { start <= *row && *row <= end } else { start < *row && *row < end };
    rows.iter().filter(within).collect()
}

proptest! {
    /// However a night is cut into windows, and whether the ends of a span belong to it or not: each record is read
    /// exactly once.
    #[test]
    fn windows_lose_and_double_nothing(
        night in prop::sample::select(vec!["2026-10-24T20:00:00Z", "2026-03-28T20:00:00Z", "2026-12-31T18:00:00Z"]),
        calls in prop::collection::vec(0_i64..12 * 3600, 0..60),
        cuts in prop::collection::vec(1_i64..3 * 3600, 1..40),
        inclusive: bool,
        // Times of a clock that has not been put forward stand in the hour that is left out.
        unchanged: bool,
    ) {
        let (clock, evening) = (clock(), at(night));
        let after = |seconds| evening.checked_add(SignedDuration::from_secs(seconds)).unwrap();
        let winter = WallClock(TimeZone::posix("CET-1").unwrap());
        let writer = if unchanged && night.contains("-03-") { &winter } else { &clock };
        let rows: Vec<String> = calls.iter().map(|seconds| writer.write(after(*seconds))).collect();
        let mut read: Vec<String> = Vec::new();
        let mut from = after(-2 * 3600);
        for cut in cuts.iter().cycle() {
            let until = from.checked_add(SignedDuration::from_secs(*cut)).unwrap();
            let answer = found(&rows, &clock.span(from, until), inclusive);
            let ours = |row: &&&String| clock.read(row).is_some_and(|it| from <= it.first && it.first < until);
            read.extend(answer.iter().filter(ours).map(|row| (*row).clone()));
            from = until;
            if from > after(15 * 3600) {
                break;
            }
        }
        let (mut read, mut rows) = (read, rows);
        read.sort();
        rows.sort();
        prop_assert_eq!(read, rows);
    }

    #[test]
    fn no_call_ends_before_it_begins(start in 0_i64..30_000, end in 0_i64..30_000, length in prop::option::of(0_i64..20_000)) {
        let clock = clock();
        let of = |seconds| {
            let at = at("2026-10-24T21:00:00Z").checked_add(SignedDuration::from_secs(seconds)).unwrap();
            clock.read(&clock.write(at)).unwrap()
        };
        let (start, end) = WallClock::call(of(start), Some(of(end)), length.map(SignedDuration::from_secs));
        prop_assert!(end.is_none_or(|end| end >= start));
    }

    #[test]
    fn no_text_breaks_the_clock(text in "\\PC{0,40}", near in "[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}") {
        let _ = (clock().read(&text), clock().read(&near));
    }
}
