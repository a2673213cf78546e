//! What the parts of one Voicenter account share: for good in [`Shared`], from start to stop in [`Session`].

use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use rand::SeedableRng;
use rand::rngs::StdRng;
use ringside_domain::{AccountId, Event, Extension, ExtensionId, NumberPlan, Timestamp};
use ringside_telephony::{Arrived, EventSink};
use ringside_transport::{Spoken, TransportError};
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::board::{Board, Reading};
use super::client::Client;
use super::epoch::Clock;
use super::map::{self, Context};
use super::options::Options;
use super::past::Pace;
use super::wire;
use crate::account::{Link, Oddities};

pub struct Shared {
    pub account: AccountId,
    pub plan: NumberPlan,
    pub options: Options,
    pub client: Client,
    pub oddities: Oddities,
    pub now: fn() -> Timestamp,
    pub seed: u64,
    /// SIP codes and speed dials of the account's extensions, as last read, with the SIP code of each.
    pub known: RwLock<HashMap<String, ExtensionId>>,
    pub board: Mutex<Board>,
    pub pace: Pace,
    /// Real time is not to be had; readings of the active calls stand in for it.
    pub polled: AtomicBool,
    /// The protocol of real time that the service took last.
    pub spoken: Spoken,
}

impl Shared {
    /// All extensions; entries that cannot be read are counted as oddities.
    ///
    /// # Errors
    /// What the road ended with.
    pub async fn extensions(&self) -> Result<Vec<Extension>, TransportError> {
        let entries = self.client.extensions().await?;
        let mut known = HashMap::new();
        let mut extensions = Vec::with_capacity(entries.len());
        for raw in &entries {
            let Some(entry) = self.read::<wire::Listed<'_>>("extensions", raw.get()) else { continue };
            let Some((extension, speed_dial)) = map::listed(&entry, &self.oddities) else { continue };
            known.insert(extension.id.as_str().to_owned(), extension.id.clone());
            if let Some(speed_dial) = speed_dial {
                known.entry(speed_dial).or_insert_with(|| extension.id.clone());
            }
            extensions.push(extension);
        }
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = known;
        Ok(extensions)
    }

    /// What every extension, or one of them, is doing now. The answer has no time of its own.
    ///
    /// # Errors
    /// What the road ended with.
    pub async fn active(&self, extension: Option<&ExtensionId>) -> Result<Vec<Reading>, TransportError> {
        let entries = self.client.active(extension).await?;
        let clock = Clock::none((self.now)());
        let readings = self.with_context(|context| {
            entries.iter().filter_map(|raw| map::reading(raw, "active_calls", &clock, context)).collect()
        });
        Ok(readings)
    }

    /// The extension list has never come.
    pub fn knows_nobody(&self) -> bool {
        self.known.read().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// What reading calls needs to know.
    pub fn with_context<T>(&self, read: impl FnOnce(&Context<'_>) -> T) -> T {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let colleague = |text: &str| known.get(text).cloned();
        read(&Context { plan: &self.plan, colleague: &colleague, oddities: &self.oddities })
    }

    pub fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads a JSON object, or counts it among what was not understood.
    pub fn read<'j, T: serde::Deserialize<'j>>(&self, place: &str, json: &'j str) -> Option<T> {
        let read = wire::object(json);
        if read.is_none() {
            self.oddities.payload(place, json);
        }
        read
    }

    /// Dice of its own for each part, so that two of them never wait alike.
    pub fn dice(&self, part: u64) -> StdRng {
        StdRng::seed_from_u64(self.seed.wrapping_add(part.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }
}

/// One run of an account.
pub struct Session<'a> {
    pub shared: &'a Shared,
    pub events: EventSink,
    pub link: Link,
    pub stop: CancellationToken,
    /// Read the extensions anew.
    pub relist: Notify,
}

/// Why a part of a session ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The account is being stopped.
    Stopped,
    /// The service does not want to be asked for this again.
    Refused(TransportError),
}

impl<'a> Session<'a> {
    pub fn new(shared: &'a Shared, events: EventSink, link: Link, stop: CancellationToken) -> Self {
        Self { shared, events, link, stop, relist: Notify::new() }
    }

    pub async fn tell(&self, events: Vec<Event>, received: Instant) {
        for event in events {
            // Nobody listens any more when the account is being removed.
            let _ = self.events.send(Arrived { received, event }).await;
        }
    }

    /// Waits; `false` if the account was stopped meanwhile.
    pub async fn pause(&self, pause: Duration) -> bool {
        tokio::select! {
            () = self.stop.cancelled() => false,
            () = tokio::time::sleep(pause) => true,
        }
    }
}
