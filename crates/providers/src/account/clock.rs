//! A word to the user about this computer's clock.

use jiff::SignedDuration;
use ringside_domain::Problem;
use ringside_transport::ClockSkew;

/// One that people see beside each other is worth telling.
const WORTH_TELLING: SignedDuration = SignedDuration::from_secs(30);

/// Seconds this computer's clock is ahead of the service's, negative if it is behind; `None` where it is hardly either.
pub fn clock_ahead(skew: &ClockSkew) -> Option<i64> {
    let ahead = skew.ahead();
    (ahead.abs() > WORTH_TELLING).then(|| ahead.as_secs())
}

/// What to tell of a clock that is half a minute or more from the service's.
pub fn clock_problem(skew: &ClockSkew) -> Option<Problem> {
    let ahead = clock_ahead(skew)?;
    let (code, side) = if ahead < 0 { ("clock_behind", "behind") } else { ("clock_ahead", "ahead of") };
    let by = match ahead.unsigned_abs() {
        seconds @ ..120 => format!("{seconds} s"),
        seconds @ ..7_200 => format!("{} min", seconds / 60),
        seconds => format!("{} h", seconds / 3_600),
    };
    let message = format!("This computer's clock is {by} {side} the service's");
    Some(Problem::new(code, message, "Set the clock, or have the system keep it.").naming("by", by))
}

#[cfg(test)]
mod tests {
    use reqwest::header::{DATE, HeaderMap};

    use super::*;

    #[test]
    fn only_a_difference_that_people_see_is_told() {
        let now: jiff::Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
        for (date, told) in [
            ("Mon, 02 Mar 2026 08:59:30 GMT", None),
            ("Mon, 02 Mar 2026 08:59:29 GMT", Some("31 s ahead of")),
            ("Mon, 02 Mar 2026 08:57:30 GMT", Some("2 min ahead of")),
            ("Mon, 02 Mar 2026 10:00:00 GMT", Some("60 min behind")),
            ("Mon, 02 Mar 2026 19:00:00 GMT", Some("10 h behind")),
        ] {
            let skew = ClockSkew::default();
            let headers: HeaderMap = [(DATE, date.parse().unwrap())].into_iter().collect();
            skew.note(&headers, now, std::time::Duration::ZERO);
            let problem = clock_problem(&skew);
            assert_eq!(problem.is_some(), told.is_some(), "{date}");
            if let (Some(problem), Some(words)) = (problem, told) {
                assert!(problem.message.contains(words), "{}", problem.message);
            }
        }
    }
}
