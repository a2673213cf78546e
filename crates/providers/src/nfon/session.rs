//! What the parts of one NFON account share: for good in [`Shared`], from start to stop in [`Session`].

use std::collections::HashSet;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError, RwLock};
use std::time::Duration;

use rand::SeedableRng;
use rand::rngs::StdRng;
use ringside_domain::{AccountId, Extension, LineUpdate, NumberPlan, Timestamp};
use ringside_telephony::EventSink;
use ringside_transport::TransportError;
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::board::{Board, SLACK};
use super::client::{Client, EXTENSIONS, STATES};
use super::options::Options;
use super::{map, wire};
use crate::account::{Link, Oddities};

pub struct Shared {
    pub account: AccountId,
    pub plan: NumberPlan,
    pub options: Options,
    pub client: Client,
    pub oddities: Oddities,
    pub now: fn() -> Timestamp,
    pub seed: u64,
    /// Numbers of the account's extensions, as last read.
    pub known: RwLock<HashSet<String>>,
    /// The states stream does not work here; snapshots stand in for it.
    pub polled: AtomicBool,
}

impl Shared {
    /// All extensions; entries that cannot be read are counted as oddities.
    ///
    /// # Errors
    /// What the road ended with.
    pub async fn extensions(&self) -> Result<Vec<Extension>, TransportError> {
        let entries = self.client.list(EXTENSIONS).await?;
        let read = |json: &str| {
            let entry: wire::Extension<'_> = self.read("extensions", json)?;
            map::extension(&entry, &self.oddities)
        };
        let extensions: Vec<Extension> = entries.iter().filter_map(|raw| read(raw.get())).collect();
        let known = extensions.iter().map(|it| it.id.as_str().to_owned()).collect();
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = known;
        Ok(extensions)
    }

    /// The state of every line now.
    ///
    /// # Errors
    /// What the road ended with.
    pub async fn states(&self) -> Result<Vec<LineUpdate>, TransportError> {
        let entries = self.client.list(STATES).await?;
        Ok(entries.iter().filter_map(|raw| self.line(raw.get())).collect())
    }

    /// One state as it stands in a snapshot or an event.
    pub fn line(&self, json: &str) -> Option<LineUpdate> {
        let state: wire::State<'_> = self.read("states", json)?;
        map::line(&state, &self.oddities, (self.now)(), self.client.http.skew())
    }

    pub fn is_extension(&self, digits: &str) -> bool {
        self.known.read().unwrap_or_else(PoisonError::into_inner).contains(digits)
    }

    /// Reads JSON, or counts it among what was not understood.
    pub fn read<'j, T: serde::Deserialize<'j>>(&self, place: &str, json: &'j str) -> Option<T> {
        let read = serde_json::from_str(json);
        if read.is_err() {
            self.oddities.payload(place, json);
        }
        read.ok()
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
    pub board: Board,
    /// Read the line states anew: a stream has come back.
    pub reread: Notify,
    /// Read the extensions anew.
    pub relist: Notify,
    /// A call event came, so that polling now is worth it.
    pub hurry: Notify,
    /// Line states are not to be had at all.
    pub states_refused: AtomicBool,
    /// When the call stream last told anything.
    calls_heard: Mutex<Instant>,
    /// Since when calls have been missed already when the run began.
    pub missed_since: Option<Timestamp>,
}

/// Why a part of a session ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The account is being stopped.
    Stopped,
    /// Only new credentials help: the whole account ends.
    NeedsSignIn,
    /// The service does not want to be asked for this again.
    Refused(TransportError),
}

impl<'a> Session<'a> {
    pub fn new(
        shared: &'a Shared,
        events: EventSink,
        link: Link,
        stop: CancellationToken,
        missed_since: Option<Timestamp>,
    ) -> Self {
        Self {
            shared,
            events,
            link,
            stop,
            board: Board::default(),
            reread: Notify::new(),
            relist: Notify::new(),
            hurry: Notify::new(),
            states_refused: AtomicBool::new(false),
            calls_heard: Mutex::new(Instant::now()),
            missed_since,
        }
    }

    /// The call stream told something. Of its opening, anything after it counts as not told yet.
    pub fn hears_calls(&self, at: Instant, opening: bool) {
        let at = if opening { at.checked_sub(SLACK * 2).unwrap_or(at) } else { at };
        *self.calls_heard.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }

    pub fn calls_heard(&self) -> Instant {
        *self.calls_heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits; `false` if the account was stopped meanwhile.
    pub async fn pause(&self, pause: Duration) -> bool {
        tokio::select! {
            () = self.stop.cancelled() => false,
            () = tokio::time::sleep(pause) => true,
        }
    }
}
