//! Wall time in Berlin, in which the vendor writes without saying so.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The rule as it has been since 1996, so that no machine's own tables matter.
const RULE: &str = "CET-1CEST,M3.5.0,M10.5.0/3";
const FORM: &str = "%Y-%m-%d %H:%M:%S";

#[derive(Clone)]
pub(super) struct Wall(TimeZone);

impl Wall {
    pub(super) fn new() -> Self {
        Self(TimeZone::posix(RULE).unwrap_or(TimeZone::UTC))
    }

    /// `YYYY-MM-DD HH:MM:SS`; in the hour that comes twice in autumn, twice the same.
    pub(super) fn write(&self, at: Timestamp) -> String {
        self.0.to_datetime(at).strftime(FORM).to_string()
    }
}

/// Whether a text is a time in exactly this form.
pub(super) fn is_written(text: &str) -> bool {
    jiff::civil::DateTime::strptime(FORM, text).is_ok_and(|at| at.strftime(FORM).to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summer_and_winter_follow_the_rule() {
        let wall = Wall::new();
        for (utc, written) in [
            ("2026-03-29T00:59:59Z", "2026-03-29 01:59:59"),
            ("2026-03-29T01:00:00Z", "2026-03-29 03:00:00"),
            ("2026-10-25T00:30:00Z", "2026-10-25 02:30:00"),
            ("2026-10-25T01:30:00Z", "2026-10-25 02:30:00"),
            ("2026-12-31T23:30:00Z", "2027-01-01 00:30:00"),
        ] {
            assert_eq!(wall.write(utc.parse().unwrap()), written);
        }
    }

    #[test]
    fn only_the_one_form_is_taken() {
        assert!(is_written("2026-03-29 02:30:00"));
        for other in ["2026-03-29T02:30:00", "2026-3-29 02:30:00", "2026-03-29", "2026-03-29 02:30", "soon", ""] {
            assert!(!is_written(other), "{other}");
        }
    }
}
