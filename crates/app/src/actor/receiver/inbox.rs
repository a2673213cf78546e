//! What the receiver hands on: events to the actor, past calls to the history.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use async_trait::async_trait;
use jiff::ToSpan as _;
use ringside_domain::{AccountId, Event, OrderUpdate, PastCall, Problem, Timestamp};
use ringside_receiver::{Recipient, Unkept};
use ringside_store::Store;
use ringside_telephony::Arrived;
use tokio::sync::mpsc;

use crate::actor::inner::Inner;
use crate::actor::journal::{Trouble, write_past};
use crate::actor::number_jobs::Errand;
use crate::clock::Clock;

/// The actor's ways, as the receiver's connections use them.
pub(in crate::actor) struct Inbox {
    pub clock: Arc<dyn Clock>,
    pub store: Store,
    pub days: Arc<AtomicU32>,
    pub arrivals: mpsc::Sender<(AccountId, u64, Arrived)>,
    pub inner: mpsc::Sender<Inner>,
    /// Counts changed, and the actor was told and has not looked yet.
    pub news: Arc<AtomicBool>,
}

#[async_trait]
impl Recipient for Inbox {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    async fn events(&self, account: &AccountId, generation: u64, events: Vec<Event>) -> Result<(), Unkept> {
        for event in events {
            let arrived = (account.clone(), generation, Arrived::now(event));
            self.arrivals.send(arrived).await.map_err(|_| closing())?;
        }
        Ok(())
    }

    async fn past(&self, account: &AccountId, generation: u64, calls: Vec<PastCall>) -> Result<(), Unkept> {
        let days = i64::from(self.days.load(Ordering::Relaxed).min(180));
        let now = self.clock.now();
        let oldest = now.checked_sub((days * 24).hours()).unwrap_or(now);
        let calls: Vec<PastCall> = calls.into_iter().filter(|call| days > 0 && call.started_at >= oldest).collect();
        if calls.is_empty() {
            return Ok(());
        }
        let many = write_past(&self.store, &self.inner, (account, generation), calls, now).await?;
        if many {
            self.inner.send(Inner::Erased).await.map_err(|_| closing())?;
        }
        Ok(())
    }

    async fn order(&self, account: &AccountId, update: OrderUpdate) -> Result<(), Unkept> {
        let (store, inner, clock) = (self.store.clone(), self.inner.clone(), self.clock.clone());
        let errand = Errand { store, inner, clock };
        match errand.write_order(account, &update).await {
            Ok(told) => {
                errand.order_told(account.clone(), update, Ok(told)).await;
                Ok(())
            }
            Err(error) => {
                self.inner
                    .send(Inner::OrderUpdate { account: account.clone(), update })
                    .await
                    .map_err(|_| closing())?;
                Err(Unkept(error.problem()))
            }
        }
    }

    fn counted(&self) {
        // A full queue tells it with the next one.
        if !self.news.swap(true, Ordering::AcqRel) && self.inner.try_send(Inner::ReceiverCounted).is_err() {
            self.news.store(false, Ordering::Release);
        }
    }

    async fn listens(&self, turn: u64, at: Result<SocketAddr, Problem>) {
        // An actor that is gone needs to know no more.
        let _ = self.inner.send(Inner::ReceiverListens { turn, at }).await;
    }
}

impl From<Trouble> for Unkept {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Store(error) => Self(error.problem()),
            Trouble::Service(error) => Self(error.problem()),
            Trouble::Closing => closing(),
        }
    }
}

fn closing() -> Unkept {
    Unkept(Problem::new("stopped", "a message came while Ringside was closing", "The service may send it again."))
}

#[cfg(test)]
#[path = "inbox_tests.rs"]
mod tests;
