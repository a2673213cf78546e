//! `[accounts.options]` of a fonial account. All are optional.
//!
//! | key | meaning | default |
//! | --- | --- | --- |
//! | `probe_seconds` | pause between two readings of the device list, which also tell whether the service is there; never below 15 | 30 |
//! | `session_seconds` | age at which a session is renewed unasked; how long the service keeps one is not documented | 43200 |
//! | `window_days` | the longest span of past calls to ask for at once, 1 to 31 | 7 |
//! | `journal_seconds` | pause between two looks into the journal; never below 15 | 60 |
//! | `settles_seconds` | how long a record may be late: longer than the longest call, and never below 2 hours | 14400 |
//! | `time_zone` | the clock by which the service writes its times | `Europe/Berlin` |
//! | `request_seconds` | time a request may take; one for past calls may take four times as long | 15 |

use std::time::Duration;

use ringside_telephony::{AccountConfig, JournalReach, ProviderError};
use serde_json::Value;

use super::times::{BERLIN, WallClock};
use crate::account::{Address, OptionReader, options::wrong};

const VENDOR: &str = "https://kundenkonto.fonial.de/api/2.0";
const LEAST_PAUSE: Duration = Duration::from_secs(15);
const DAY: Duration = Duration::from_secs(24 * 3600);
/// A record of the second hour of the autumn night stands in the first: a whole hour must be read again, and then some.
const LEAST_SETTLING: Duration = Duration::from_secs(2 * 3600);

#[derive(Clone, Debug)]
pub struct Options {
    pub address: Address,
    /// The account's main user.
    pub username: String,
    /// Thirty seconds, and a request's time on top, are what it takes to notice a service that has fallen silent.
    pub probe_every: Duration,
    pub session_lifetime: Duration,
    pub journal: JournalReach,
    pub clock: WallClock,
    pub request_timeout: Duration,
}

impl Options {
    /// # Errors
    /// [`ProviderError::Configuration`] with the key that is not usable.
    pub fn read(config: &AccountConfig) -> Result<Self, ProviderError> {
        let address = Address::new(config.base_url.as_ref(), VENDOR)?;
        let username = config.username.clone().map(|name| name.trim().to_owned()).unwrap_or_default();
        if username.is_empty() {
            return Err(ProviderError::Configuration {
                detail: "a fonial account needs the name of its main user, such as office@example.com".into(),
            });
        }
        let mut reader = OptionReader::new(&config.options);
        let least = if address.is_here() { Duration::from_millis(20) } else { LEAST_PAUSE };
        let mut seconds = |key, usual, least| -> Result<Duration, ProviderError> {
            Ok(reader.seconds(key)?.unwrap_or(Duration::from_secs(usual)).max(least))
        };
        let probe_every = seconds("probe_seconds", 30, least)?;
        let session_lifetime = seconds("session_seconds", 43_200, Duration::ZERO)?;
        let poll_every = seconds("journal_seconds", 60, least)?;
        let settles_after = seconds("settles_seconds", 14_400, LEAST_SETTLING)?;
        let request_timeout = seconds("request_seconds", 15, Duration::ZERO)?;
        let window = DAY * window_days(reader.value("window_days"))?;
        let clock = WallClock::of(reader.text("time_zone")?.unwrap_or(BERLIN))
            .ok_or_else(|| wrong("time_zone", "a place such as `Europe/Berlin`"))?;
        reader.finish()?;
        let journal = JournalReach { window, settles_after, poll_every };
        Ok(Self { address, username, probe_every, session_lifetime, journal, clock, request_timeout })
    }
}

fn window_days(value: Option<&Value>) -> Result<u32, ProviderError> {
    let Some(value) = value else { return Ok(7) };
    let days = value.as_u64().filter(|days| (1..=31).contains(days)).and_then(|days| u32::try_from(days).ok());
    days.ok_or_else(|| wrong("window_days", "a whole number from 1 to 31"))
}
