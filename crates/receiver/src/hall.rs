//! Who can be found at the receiver, and to whom what comes is handed on.

use std::net::SocketAddr;
use std::sync::Arc;

use async_trait::async_trait;
use hyper::StatusCode;
use ringside_domain::{AccountId, Event, OrderUpdate, PastCall, Problem, Timestamp};
use subtle::Choice;
use tokio::sync::watch;

use super::answer::{self, Answer};
use super::door::Door;
use super::self_test::Tests;

/// What was sent could not be kept: it is to be sent again later.
#[derive(Debug)]
pub struct Unkept(pub Problem);

/// What the receiver hands on to; it knows neither the actor nor the store.
#[async_trait]
pub trait Recipient: Send + Sync {
    /// The app's clock.
    fn now(&self) -> Timestamp;

    /// In order, the same way as what comes by the account's connection.
    ///
    /// # Errors
    /// The app is closing.
    async fn events(&self, account: &AccountId, generation: u64, events: Vec<Event>) -> Result<(), Unkept>;

    /// Returns once they are on disk.
    ///
    /// # Errors
    /// The store refuses to write, or the app is closing.
    async fn past(&self, account: &AccountId, generation: u64, calls: Vec<PastCall>) -> Result<(), Unkept>;

    /// Returns once it is on disk.
    ///
    /// # Errors
    /// The store refuses to write, or the app is closing.
    async fn order(&self, account: &AccountId, update: OrderUpdate) -> Result<(), Unkept>;

    /// Some account's counts are other than before.
    fn counted(&self);

    /// It listens there, or does not; `turn` is that of [`super::Listening::begin`].
    async fn listens(&self, turn: u64, at: Result<SocketAddr, Problem>);
}

/// Replaced as a whole when accounts come and go.
pub struct Hall {
    /// Every account whose service sends something.
    pub doors: Vec<Arc<Door>>,
    /// The path of the public address: some proxies pass it on and some do not.
    pub prefix: String,
    /// The secret of an account is not known yet, and so neither is its path: any may still be it.
    pub awaited: bool,
    /// Who is handed what they take.
    pub recipient: Arc<dyn Recipient>,
}

impl Hall {
    /// The door a path leads to, and what follows it: nothing, or what begins with `/`. All doors are looked at, so that
    /// the time it takes tells nothing.
    pub(crate) fn find<'a>(&self, path: &'a str) -> Option<(Arc<Door>, &'a str)> {
        let (segment, rest) = self.split(path);
        let mut found = None;
        for door in &self.doors {
            let here: Choice = door.path.is(segment);
            if here.into() {
                found = Some(door.clone());
            }
        }
        Some((found?, rest))
    }

    /// What a path is answered that leads nowhere now.
    pub(crate) fn nobody(&self) -> Answer {
        if self.awaited {
            answer::later(StatusCode::SERVICE_UNAVAILABLE, 5)
        } else {
            answer::empty(StatusCode::NOT_FOUND)
        }
    }

    /// The first segment after the prefix, and what follows it.
    pub(crate) fn split<'a>(&self, path: &'a str) -> (&'a str, &'a str) {
        let prefix = self.prefix.trim_matches('/');
        let path = path.strip_prefix('/').unwrap_or(path);
        let inner = path.strip_prefix(prefix).filter(|_| !prefix.is_empty()).and_then(|rest| rest.strip_prefix('/'));
        let path = inner.unwrap_or(path);
        path.split_at(path.find('/').unwrap_or(path.len()))
    }
}

/// What connections share.
pub struct House {
    hall: watch::Sender<Arc<Hall>>,
    pub(crate) tests: Tests,
}

impl House {
    /// For requests of any account that `hall` has.
    pub fn new(hall: Hall) -> Self {
        Self { hall: watch::Sender::new(Arc::new(hall)), tests: Tests::default() }
    }

    /// For requests from now on.
    pub fn furnish(&self, hall: Hall) {
        self.hall.send_replace(Arc::new(hall));
    }

    pub(crate) fn hall(&self) -> Arc<Hall> {
        self.hall.borrow().clone()
    }
}
