//! A word to the user about this computer's clock.

use jiff::SignedDuration;
use ringside_domain::Problem;

use crate::transport::ClockSkew;

/// Ringside corrects for any difference; one that people see in the history is worth telling.
const WORTH_TELLING: SignedDuration = SignedDuration::from_secs(60);

/// What to tell of a clock that is a minute or more from the service's.
pub fn clock_problem(skew: &ClockSkew) -> Option<Problem> {
    let ahead = skew.ahead();
    if ahead.abs() < WORTH_TELLING {
        return None;
    }
    let minutes = ahead.abs().as_secs().div_euclid(60);
    let side = if ahead.is_negative() { "behind" } else { "ahead of" };
    Some(Problem::new(
        "clock_differs",
        format!("This computer's clock is {minutes} min {side} the service's"),
        "Set the clock, or have the system keep it. Calls are shown all the same, with this computer's times.",
    ))
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
            ("Mon, 02 Mar 2026 08:57:30 GMT", Some("2 min ahead of")),
            ("Mon, 02 Mar 2026 10:00:00 GMT", Some("60 min behind")),
        ] {
            let skew = ClockSkew::default();
            let headers: HeaderMap = [(DATE, date.parse().unwrap())].into_iter().collect();
            skew.note(&headers, now);
            let problem = clock_problem(&skew);
            assert_eq!(problem.is_some(), told.is_some(), "{date}");
            if let (Some(problem), Some(words)) = (problem, told) {
                assert!(problem.message.contains(words), "{}", problem.message);
            }
        }
    }
}
