//! How far this computer's clock is from a service's.
//!
//! A computer that is minutes ahead takes every ring for an old one, and one that is behind takes it for one to come.
//! Services date their events and their answers by the same clock, so the `Date` of an answer (RFC 9110, 6.6.1) tells
//! the difference.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::header::{DATE, HeaderMap};

/// A `Date` has whole seconds, and the way here takes time: less than this is no difference.
const NOTICED: SignedDuration = SignedDuration::from_secs(5);

/// Of the way here; an answer that took longer was not on its way all the time.
const MOST_ALLOWED: SignedDuration = SignedDuration::from_secs(5);

/// Cheap to clone; all clones are the same.
#[derive(Clone, Debug, Default)]
pub struct ClockSkew {
    /// Milliseconds this computer is ahead.
    ahead: Arc<AtomicI64>,
}

impl ClockSkew {
    /// Takes the difference from an answer that came `took` after its request left: the service wrote the date in the
    /// middle of that, as far as anybody knows. One without a `Date` changes nothing.
    pub fn note(&self, headers: &HeaderMap, now: Timestamp, took: Duration) {
        let date = headers.get(DATE).and_then(|value| value.to_str().ok()).and_then(|text| {
            let date = httpdate::parse_http_date(text).ok()?;
            Timestamp::try_from(date).ok()
        });
        let Some(date) = date else { return };
        let half = SignedDuration::try_from(took / 2).unwrap_or(SignedDuration::ZERO);
        let ahead = now.duration_since(date) - half.min(MOST_ALLOWED);
        let ahead = if ahead.abs() < NOTICED { SignedDuration::ZERO } else { ahead };
        self.ahead.store(i64::try_from(ahead.as_millis()).unwrap_or(0), Ordering::Relaxed);
    }

    /// How far this computer is ahead of the service; negative if it is behind, zero where it is hardly either.
    pub fn ahead(&self) -> SignedDuration {
        SignedDuration::from_millis(self.ahead.load(Ordering::Relaxed))
    }

    /// A moment of this computer's clock, by the service's: for dates that it wrote.
    pub fn there(&self, ours: Timestamp) -> Timestamp {
        ours.checked_sub(self.ahead()).unwrap_or(ours)
    }

    /// A moment of the service's clock, by this computer's.
    pub fn here(&self, theirs: Timestamp) -> Timestamp {
        theirs.checked_add(self.ahead()).unwrap_or(theirs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(date: &str) -> HeaderMap {
        [(DATE, date.parse().unwrap())].into_iter().collect()
    }

    #[test]
    fn a_clock_that_is_wrong_is_noticed_and_one_that_is_right_is_left_alone() {
        let now: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
        for (date, ahead) in [
            ("Mon, 02 Mar 2026 09:00:00 GMT", 0),
            ("Mon, 02 Mar 2026 08:59:57 GMT", 0),
            ("Mon, 02 Mar 2026 08:57:00 GMT", 180),
            ("Mon, 02 Mar 2026 10:00:00 GMT", -3_600),
        ] {
            let skew = ClockSkew::default();
            skew.note(&headers(date), now, Duration::ZERO);
            assert_eq!(skew.ahead(), SignedDuration::from_secs(ahead), "{date}");
            assert_eq!(skew.here(now), now + SignedDuration::from_secs(ahead), "{date}");
        }
    }

    #[test]
    fn the_date_was_written_in_the_middle_of_the_way() {
        let now: Timestamp = "2026-03-02T09:00:08Z".parse().unwrap();
        for (took, ahead) in [(0, 8), (4, 6), (8, 0), (60, 0)] {
            let skew = ClockSkew::default();
            skew.note(&headers("Mon, 02 Mar 2026 09:00:00 GMT"), now, Duration::from_secs(took));
            assert_eq!(skew.ahead(), SignedDuration::from_secs(ahead), "{took}");
        }
    }

    #[test]
    fn an_answer_without_a_usable_date_changes_nothing() {
        let skew = ClockSkew::default();
        let now: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
        skew.note(&headers("Mon, 02 Mar 2026 08:57:00 GMT"), now, Duration::ZERO);
        for headers in [headers("yesterday"), headers("\u{ff}"), HeaderMap::new()] {
            skew.note(&headers, now, Duration::ZERO);
            assert_eq!(skew.ahead(), SignedDuration::from_secs(180));
        }
    }
}
