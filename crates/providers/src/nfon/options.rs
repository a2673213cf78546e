//! `[accounts.options]` of an NFON account. All are optional.
//!
//! | key | meaning | default |
//! | --- | --- | --- |
//! | `states` | `stream`, or `poll` where the stream is not to be trusted | `stream` |
//! | `poll_seconds` | pause between two snapshots while nothing changes for a while; never below 3 | 15, growing to `poll_most_seconds` |
//! | `poll_most_seconds` | the longest pause between two snapshots | 60 |
//! | `extensions_seconds` | pause between two readings of the extension list | 600 |
//! | `heartbeat_seconds` | interval at which the service is known to send something on a stream | learnt |
//! | `probe_after_seconds` | silence after which a stream without heartbeat is examined | 40 |
//! | `request_seconds` | time a request may take | 15 |

use std::time::Duration;

use crate::account::{Address, OptionReader, options::wrong};
use ringside_telephony::AccountConfig;
use ringside_telephony::ProviderError;
use ringside_transport::StreamSettings;

const VENDOR: &str = "https://providersupportdata.cloud-cfg.com/v1";
/// The fastest polling that has been seen to be tolerated.
const LEAST_PAUSE: Duration = Duration::from_secs(3);

#[derive(Clone, Debug)]
pub struct Options {
    pub address: Address,
    pub username: String,
    pub stream_states: bool,
    pub poll: Pauses,
    pub extensions_every: Duration,
    pub stream: StreamSettings,
    pub request_timeout: Duration,
}

/// How often a snapshot is read: `least` after a call event, `usual` after a change, up to `most` in quiet times.
#[derive(Clone, Copy, Debug)]
pub struct Pauses {
    pub least: Duration,
    pub usual: Duration,
    pub most: Duration,
}

impl Options {
    /// # Errors
    /// [`ProviderError::Configuration`] with the key that is not usable.
    pub fn read(config: &AccountConfig) -> Result<Self, ProviderError> {
        let address = Address::new(config.base_url.as_ref(), VENDOR)?;
        let username = config.username.clone().map(|name| name.trim().to_owned()).unwrap_or_default();
        if username.is_empty() {
            return Err(ProviderError::Configuration {
                detail: "an NFON account needs a user name, such as K7001/cti".into(),
            });
        }
        let mut reader = OptionReader::new(&config.options);
        let stream_states = match reader.text("states")? {
            None | Some("stream") => true,
            Some("poll") => false,
            Some(_) => return Err(wrong("states", "`stream` or `poll`")),
        };
        let least = if address.is_here() { Duration::from_millis(20) } else { LEAST_PAUSE };
        let usual = reader.seconds("poll_seconds")?.unwrap_or(Duration::from_secs(15)).max(least);
        let most = reader.seconds("poll_most_seconds")?.unwrap_or(Duration::from_secs(60)).max(usual);
        let defaults = StreamSettings::default();
        let stream = StreamSettings {
            heartbeat: reader.seconds("heartbeat_seconds")?,
            probe_after: reader.seconds("probe_after_seconds")?.unwrap_or(defaults.probe_after),
            ..defaults
        };
        let extensions_every = reader.seconds("extensions_seconds")?.unwrap_or(Duration::from_secs(600)).max(least);
        let request_timeout = reader.seconds("request_seconds")?.unwrap_or(Duration::from_secs(15));
        reader.finish()?;
        let poll = Pauses { least: least.max(usual.min(LEAST_PAUSE)), usual, most };
        Ok(Self { address, username, stream_states, poll, extensions_every, stream, request_timeout })
    }
}
