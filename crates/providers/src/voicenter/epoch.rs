//! The service's epochs, which run ahead of UTC by its own time zone.

use jiff::SignedDuration;
use ringside_domain::Timestamp;

use super::wire::Envelope;

/// A server whose clock is further from ours has another one than it says: its offset is not to be trusted.
const SKEW: SignedDuration = SignedDuration::from_mins(10);

/// What time it is at the service, as one message says it.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// Seconds, shifted.
    server: Option<i64>,
    /// Seconds by which epochs run ahead, where the message says so and it fits.
    ahead: Option<i64>,
    received: Timestamp,
}

impl Clock {
    /// A message without a time: only what is received counts.
    pub fn none(received: Timestamp) -> Self {
        Self { server: None, ahead: None, received }
    }

    pub fn of(envelope: &Envelope<'_>, received: Timestamp) -> Self {
        let server = envelope.server_time();
        let ahead = envelope.offset().and_then(|minutes| minutes.checked_mul(60)).filter(|ahead| {
            let at = server.and_then(|server| Timestamp::from_second(server.checked_sub(*ahead)?).ok());
            at.is_some_and(|at| at.duration_since(received).abs() <= SKEW)
        });
        Self { server, ahead, received }
    }

    /// What orders the messages of one server; `None` where it says nothing.
    pub fn server(&self) -> Option<i64> {
        self.server
    }

    pub fn now(&self) -> Timestamp {
        self.server.map_or(self.received, |server| self.utc(server))
    }

    /// UTC of an epoch in seconds. Without an offset that fits, by its distance from the server's own time; the time of
    /// receipt where that is missing too. Never later than the receipt.
    pub fn utc(&self, epoch: i64) -> Timestamp {
        let shifted = || Timestamp::from_second(epoch.checked_sub(self.ahead?)?).ok();
        let by_distance = || {
            let ago = self.server?.checked_sub(epoch)?;
            self.received.checked_sub(SignedDuration::from_secs(ago)).ok()
        };
        shifted().or_else(by_distance).unwrap_or(self.received).min(self.received)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn clock(json: &str, received: &str) -> Clock {
        Clock::of(&serde_json::from_str(json).unwrap(), received.parse().unwrap())
    }

    #[test]
    fn epochs_are_shifted_by_the_offset_that_the_server_names() {
        // 2026-01-01T10:00:00Z is 1767261600; two hours ahead it is 1767268800.
        let clock = clock(r#"{"servertime":1767268800,"servertimeoffset":"120"}"#, "2026-01-01T10:00:03Z");
        assert_eq!(clock.now().to_string(), "2026-01-01T10:00:00Z");
        assert_eq!(clock.utc(1767268740).to_string(), "2026-01-01T09:59:00Z");
    }

    #[test]
    fn an_offset_that_does_not_fit_or_is_missing_leaves_the_distance() {
        for json in [
            r#"{"servertime":1767268800,"servertimeoffset":0}"#,
            r#"{"servertime":1767268800,"servertimeoffset":-120}"#,
            r#"{"serverTime":"1767268800"}"#,
        ] {
            let clock = clock(json, "2026-01-01T10:00:03Z");
            assert_eq!(clock.now().to_string(), "2026-01-01T10:00:03Z", "{json}");
            assert_eq!(clock.utc(1767268740).to_string(), "2026-01-01T09:59:03Z", "{json}");
        }
        assert_eq!(clock("{}", "2026-01-01T10:00:03Z").utc(1).to_string(), "2026-01-01T10:00:03Z");
    }

    #[test]
    fn both_clock_changes_are_just_another_offset() {
        // Israel leaves summer time on 2026-10-25 at 02:00 local: the same local second twice, an hour apart.
        let before = clock(r#"{"servertime":1792890000,"servertimeoffset":180}"#, "2026-10-24T22:00:01Z");
        let after = clock(r#"{"servertime":1792890000,"servertimeoffset":120}"#, "2026-10-24T23:00:01Z");
        assert_eq!(
            (before.now().to_string(), after.now().to_string()),
            ("2026-10-24T22:00:00Z".into(), "2026-10-24T23:00:00Z".into())
        );
    }

    proptest! {
        #[test]
        fn no_number_panics_or_leads_into_the_future(server in any::<i64>(), offset in any::<i64>(), epoch in any::<i64>()) {
            let json = format!(r#"{{"servertime":{server},"servertimeoffset":{offset}}}"#);
            let clock = clock(&json, "2026-01-01T10:00:03Z");
            prop_assert!(clock.utc(epoch) <= clock.received && clock.now() <= clock.received);
        }
    }
}
