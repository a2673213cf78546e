//! What the sockets of one account tell, and what is missed between them.

use ringside_domain::{Event, Gap, Timestamp};
use ringside_transport::{SocketItem, TransportError};
use serde_json::json;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::board::Reading;
use super::epoch::Clock;
use super::realtime::{PART, REAL_TIME};
use super::session::Session;
use super::{map, wire};
use crate::account::Standing;
use ringside_transport::socketio::packet;

/// Events that are known and tell nothing of calls: dialers, users and queues are not ours to show.
const PASSED_BY: [&str; 11] = [
    "loginSuccess",
    "loginStatus",
    "AllDialersStatus",
    "AllUsersStatus",
    "AllQueuesStatus",
    "QueueEvent",
    "QueuesEvent",
    "DialerEvent",
    "UserEvent",
    "updateMonitoredExtensionsResponse",
    "closemeResponse",
];

pub struct Listener<'a> {
    session: &'a Session<'a>,
    last_heard: Timestamp,
    /// Set from the loss of real time until it is back: one gap, however many tries it takes.
    missed_since: Option<Timestamp>,
    /// The present socket has told the whole office.
    snapshot: bool,
    /// Something has been told since the last try began, and ever.
    told: bool,
    ever: bool,
    began: Timestamp,
}

impl<'a> Listener<'a> {
    pub fn new(session: &'a Session<'a>) -> Self {
        let now = (session.shared.now)();
        Self { session, last_heard: now, missed_since: None, snapshot: false, told: false, ever: false, began: now }
    }

    /// A try begins.
    pub fn begin(&mut self) {
        self.told = false;
        self.began = (self.session.shared.now)();
    }

    /// A socket is open.
    pub fn opened(&mut self) {
        self.snapshot = false;
        self.session.shared.board().begin();
    }

    pub fn has_snapshot(&self) -> bool {
        self.snapshot
    }

    /// The socket is gone, or could not be opened; whether it had told anything.
    pub fn lost(&mut self) -> bool {
        let since = if self.told { self.last_heard } else { self.began };
        self.missed_since.get_or_insert(since);
        self.session.shared.board().lose();
        self.told
    }

    /// Real time was refused: what never was cannot have been missed.
    pub fn refused(&mut self) {
        if !self.ever {
            self.missed_since = None;
        }
    }

    /// # Errors
    /// Where what came says that the socket is of no use any more.
    pub async fn take(&mut self, item: SocketItem, packets: &mpsc::Sender<String>) -> Result<(), TransportError> {
        let shared = self.session.shared;
        match item {
            SocketItem::Odd(excerpt) => shared.oddities.payload("realtime", &excerpt),
            SocketItem::Event { name, data, received } => match name.as_str() {
                "ExtensionEvent" => self.extension(&data, received).await,
                "AllExtensionsStatus" => self.all_extensions(&data, received).await,
                "keepaliveResponse" => return self.alive(&data),
                "ExtensionsUpdated" | "QueuesUpdated" | "DialersUpdated" => {
                    self.session.relist.notify_one();
                    self.ask_for_all(packets);
                }
                known if PASSED_BY.contains(&known) => {}
                other => shared.oddities.word("realtime.event", other),
            },
        }
        Ok(())
    }

    /// Asks the socket for the whole office.
    pub fn ask_for_all(&self, packets: &mpsc::Sender<String>) {
        // A full queue means that one is on its way already.
        let _ = packets.try_send(packet::event("resync", Some(&json!({"cache": false}))));
    }

    /// The whole office, from a socket or read.
    pub async fn whole(&mut self, readings: Vec<Reading>, at: Timestamp, standing: Standing, received: Instant) {
        let session = self.session;
        let now = (session.shared.now)();
        if let Some(from) = self.missed_since.take() {
            let gap = Gap { account: session.shared.account.clone(), from: from.min(now), until: now };
            session.tell(vec![Event::Gap(gap)], received).await;
        }
        self.last_heard = now;
        (self.told, self.ever) = (true, true);
        // Where readings stand in for real time, calls and lines are known all the same.
        session.link.stands(REAL_TIME, standing).await;
        session.link.stands(PART, Standing::Works).await;
        let events = session.shared.board().replace(readings, at);
        session.tell(events, received).await;
    }

    async fn all_extensions(&mut self, data: &str, received: Instant) {
        let shared = self.session.shared;
        let Some(envelope) = shared.read::<wire::Envelope<'_>>("realtime.extensions", data) else { return };
        let entries = envelope.extensions.and_then(wire::items);
        let failed = envelope.error.get().is_some_and(|error| error != "0");
        let Some(entries) = entries.filter(|_| !failed) else {
            shared.oddities.payload("realtime.extensions", data);
            return;
        };
        if shared.knows_nobody() {
            // An address that is refused the list may still be told of the lines, and lines need names.
            let list = entries.iter().filter_map(|raw| map::named(raw)).collect();
            self.session.tell(vec![Event::Extensions(list)], received).await;
        }
        let clock = Clock::of(&envelope, (shared.now)());
        let readings = shared.with_context(|context| {
            entries.iter().filter_map(|raw| map::reading(raw, "realtime.extensions", &clock, context)).collect()
        });
        self.snapshot = true;
        shared.polled.store(false, std::sync::atomic::Ordering::Relaxed);
        self.whole(readings, clock.now(), Standing::Works, received).await;
    }

    async fn extension(&mut self, data: &str, received: Instant) {
        let shared = self.session.shared;
        let now = (shared.now)();
        self.last_heard = now;
        let Some(envelope) = shared.read::<wire::Envelope<'_>>("realtime.event", data) else { return };
        let Some(extension) = envelope.data else {
            shared.oddities.payload("realtime.event", "an event without data");
            return;
        };
        let reason = envelope.reason.get().unwrap_or_default();
        if !map::is_known_reason(reason) {
            shared.oddities.word("realtime.reason", if reason.is_empty() { "(none)" } else { reason });
        }
        let clock = Clock::of(&envelope, now);
        let read = |context: &map::Context<'_>| map::reading(extension, "realtime.event", &clock, context);
        let Some(mut reading) = shared.with_context(read) else { return };
        reading.ending = map::ending(&envelope, &shared.oddities);
        let of_status = reason.eq_ignore_ascii_case("userStatusUpdate");
        if of_status && reading.legs.as_ref().is_some_and(Vec::is_empty) {
            // The service leaves the calls out of it: nobody has hung up.
            reading.legs = None;
        }
        let events = shared.board().take(reading);
        self.session.tell(events, received).await;
    }

    fn alive(&self, data: &str) -> Result<(), TransportError> {
        let Some(answer) = self.session.shared.read::<wire::Envelope<'_>>("realtime.keepalive", data) else {
            return Ok(());
        };
        let failed = answer.error.get().is_some_and(|error| error != "0") || answer.ok.get() == Some("false");
        if failed { Err(TransportError::StreamEnded) } else { Ok(()) }
    }
}
