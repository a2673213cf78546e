//! The tape: every request that came, with its secrets blanked.

mod blank;

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Mutex;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::watch;

use crate::lock::hold;
use crate::services::ServiceName;
use crate::wire::Request;

/// How many requests are kept; the oldest go first.
const LENGTH: usize = 100_000;

/// Every request and connection since the start or the last [`Tape::clear`].
pub struct Tape {
    reel: Mutex<Reel>,
    changed: watch::Sender<u64>,
}

#[derive(Default)]
struct Reel {
    requests: VecDeque<Recorded>,
    connections: VecDeque<Connection>,
    next: u64,
}

/// One request.
#[derive(Clone, Debug, Serialize)]
pub struct Recorded {
    /// Counts from 0 and never repeats.
    pub seq: u64,
    pub at: Timestamp,
    pub service: ServiceName,
    pub method: String,
    /// As it came, without the query.
    pub path: String,
    /// Secrets blanked.
    pub query: String,
    /// Names in lower case; the values of secrets are `***`.
    pub headers: Vec<(String, String)>,
    pub authorization: Option<Authorization>,
    /// Text of the body, secrets blanked.
    pub body: String,
    /// `None` as long as there is no answer, or if there never was one.
    pub status: Option<u16>,
}

/// That there was a secret, without the secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Authorization {
    /// `Bearer`, `Basic`, … as it was written.
    pub scheme: String,
    /// The same for the same secret, within one run.
    pub fingerprint: u64,
}

/// One TCP connection that was accepted.
#[derive(Clone, Debug, Serialize)]
pub struct Connection {
    pub at: Timestamp,
    pub service: ServiceName,
}

impl Recorded {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Whether it is this method on exactly this path.
    pub fn is(&self, method: &str, path: &str) -> bool {
        self.method == method && self.path == path
    }
}

impl Tape {
    pub(crate) fn new() -> Self {
        Self { reel: Mutex::default(), changed: watch::Sender::new(0) }
    }

    /// All requests, oldest first.
    pub fn requests(&self) -> Vec<Recorded> {
        hold(&self.reel).requests.iter().cloned().collect()
    }

    /// All accepted connections, oldest first.
    pub fn connections(&self) -> Vec<Connection> {
        hold(&self.reel).connections.iter().cloned().collect()
    }

    /// How many requests satisfy the condition.
    pub fn count(&self, which: impl Fn(&Recorded) -> bool) -> usize {
        hold(&self.reel).requests.iter().filter(|request| which(request)).count()
    }

    /// How many requests with this method came to exactly this path of a service.
    pub fn count_of(&self, service: ServiceName, method: &str, path: &str) -> usize {
        self.count(|request| request.service == service && request.is(method, path))
    }

    /// Waits until so many requests satisfy the condition; `false` if they have not after `patience`.
    pub async fn wait_for(&self, count: usize, patience: Duration, which: impl Fn(&Recorded) -> bool) -> bool {
        let mut changed = self.changed.subscribe();
        let enough = async {
            while self.count(&which) < count {
                // The sender lives as long as we do.
                let _ = changed.changed().await;
            }
        };
        tokio::time::timeout(patience, enough).await.is_ok()
    }

    pub fn clear(&self) {
        let mut reel = hold(&self.reel);
        reel.requests.clear();
        reel.connections.clear();
    }

    pub(crate) fn record(&self, at: Timestamp, service: ServiceName, request: &Request) -> u64 {
        let headers = request.headers.iter().map(|(name, value)| {
            let value = value.to_str().unwrap_or("(not text)");
            (name.as_str().to_owned(), blank::header(name.as_str(), value))
        });
        let authorization = request.header("authorization").map(|value| {
            let mut hasher = DefaultHasher::new();
            value.hash(&mut hasher);
            let scheme = value.split(' ').next().unwrap_or_default().to_owned();
            Authorization { scheme, fingerprint: hasher.finish() }
        });
        let mut recorded = Recorded {
            seq: 0,
            at,
            service,
            method: request.method.to_string(),
            path: request.path.clone(),
            query: blank::fields(&request.query),
            headers: headers.collect(),
            authorization,
            body: blank::body(&request.body),
            status: None,
        };
        let mut reel = hold(&self.reel);
        let seq = reel.next;
        reel.next += 1;
        recorded.seq = seq;
        push(&mut reel.requests, recorded);
        drop(reel);
        self.tell();
        seq
    }

    pub(crate) fn answered(&self, seq: u64, status: u16) {
        let mut reel = hold(&self.reel);
        if let Some(request) = reel.requests.iter_mut().rev().find(|request| request.seq == seq) {
            request.status = Some(status);
        }
        drop(reel);
        self.tell();
    }

    pub(crate) fn connected(&self, at: Timestamp, service: ServiceName) {
        push(&mut hold(&self.reel).connections, Connection { at, service });
    }

    fn tell(&self) {
        self.changed.send_modify(|version| *version += 1);
    }
}

fn push<T>(queue: &mut VecDeque<T>, item: T) {
    if queue.len() == LENGTH {
        queue.pop_front();
    }
    queue.push_back(item);
}
