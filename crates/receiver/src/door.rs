//! One account at the receiver.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use ringside_domain::AccountId;
use ringside_telephony::{Provider, Pushes};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use super::address::AccountPath;
use super::limits::{Bucket, WAITING};
use super::tally::Tally;

/// Where what one account's service sends comes in, for one connection of the account.
pub struct Door {
    pub(crate) account: AccountId,
    /// Of the connection, so that what comes late is told apart.
    pub(crate) generation: u64,
    /// Its path below the receiver's address.
    pub path: AccountPath,
    pub(crate) tally: Arc<Tally>,
    provider: Arc<dyn Provider>,
    closed: AtomicBool,
    bucket: Mutex<Bucket>,
    /// Held from the adapter's reading to the handing on of what it tells, so that what came first is told first.
    pub(crate) turn: tokio::sync::Mutex<()>,
    waiting: Arc<Semaphore>,
}

impl Door {
    /// `None` where the service sends nothing.
    pub fn new(
        provider: Arc<dyn Provider>,
        generation: u64,
        path: AccountPath,
        tally: Arc<Tally>,
        now: Instant,
    ) -> Option<Self> {
        provider.pushes()?;
        Some(Self {
            account: provider.account().clone(),
            generation,
            path,
            tally,
            provider,
            closed: AtomicBool::new(false),
            bucket: Mutex::new(Bucket::full(now)),
            turn: tokio::sync::Mutex::default(),
            waiting: Arc::new(Semaphore::new(WAITING)),
        })
    }

    /// What reads what is sent, as long as the provider takes any.
    pub fn pushes(&self) -> Option<&dyn Pushes> {
        self.provider.pushes()
    }

    /// The account connects anew: until then what comes is asked to come later, instead of being told to nobody.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Release);
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// `false`: too many came.
    pub(crate) fn admits(&self, now: Instant) -> bool {
        self.bucket.lock().unwrap_or_else(PoisonError::into_inner).take(now)
    }

    /// A place among those that wait for the app or the disk; `None` when all are taken.
    pub(crate) fn place(&self) -> Option<OwnedSemaphorePermit> {
        self.waiting.clone().try_acquire_owned().ok()
    }
}
