//! The one task that writes to the store, in the order things happened, so that a slow disk holds up nothing else.

use std::time::Duration;

use ringside_domain::Problem;
use ringside_store::{Backlog, LegRecord, Store, StoreError};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tracing::warn;

use super::inner::{Inner, Write};

/// How long to wait before a refused write is tried again.
const AGAIN: Duration = Duration::from_secs(5);

/// Legs written in one transaction at most.
const BATCH: usize = 64;

pub(super) struct Recorder {
    store: Store,
    inner: mpsc::Sender<Inner>,
    backlog: Backlog,
    /// Other writes that wait behind the backlog.
    trouble: bool,
}

impl Recorder {
    pub fn new(store: Store, inner: mpsc::Sender<Inner>) -> Self {
        Self { store, inner, backlog: Backlog::default(), trouble: false }
    }

    /// Runs until the actor drops its end, then writes what is left.
    pub async fn run(mut self, mut writes: mpsc::Receiver<Write>) {
        let mut batch = Vec::new();
        loop {
            let write = if self.backlog.is_empty() {
                writes.recv().await
            } else {
                match tokio::time::timeout(AGAIN, writes.recv()).await {
                    Ok(write) => write,
                    Err(_) => {
                        self.legs(&[]).await;
                        continue;
                    }
                }
            };
            let Some(write) = write else { break };
            let mut next = Some(write);
            while let Some(write) = next.take() {
                match write {
                    Write::Leg(leg) if batch.len() < BATCH => batch.push(*leg),
                    other => {
                        self.flush(&mut batch).await;
                        self.other(other).await;
                    }
                }
                next = writes.try_recv().ok();
            }
            self.flush(&mut batch).await;
        }
        self.legs(&[]).await;
        if let Err(error) = self.store.close().await {
            warn!(code = error.code(), "the store did not close properly");
        }
    }

    async fn flush(&mut self, batch: &mut Vec<LegRecord>) {
        if !batch.is_empty() {
            self.legs(batch).await;
            batch.clear();
        }
    }

    /// Writes the legs, older ones that were refused before them first.
    async fn legs(&mut self, legs: &[LegRecord]) {
        if !self.backlog.is_empty() {
            for leg in legs {
                self.backlog.keep(leg.clone());
            }
            let kept = self.backlog.legs().to_vec();
            match self.store.write_legs(&kept).await {
                Ok(changes) => {
                    self.backlog.clear();
                    self.written(changes, Duration::ZERO).await;
                    self.well().await;
                }
                Err(error) => self.refused(&error).await,
            }
            return;
        }
        if legs.is_empty() {
            return;
        }
        let begun = Instant::now();
        match self.store.write_legs(legs).await {
            Ok(changes) => {
                let took = begun.elapsed() / u32::try_from(legs.len()).unwrap_or(1);
                self.written(changes, took).await;
                self.well().await;
            }
            Err(error) => {
                for leg in legs {
                    self.backlog.keep(leg.clone());
                }
                self.refused(&error).await;
            }
        }
    }

    async fn other(&mut self, write: Write) {
        let result = match write {
            Write::Leg(leg) => {
                self.legs(&[*leg]).await;
                return;
            }
            Write::Gap(gap) => self.store.write_gap(&gap).await,
            Write::Extensions { account, list, at } => self.store.replace_extensions(&account, &list, at).await,
            Write::Lines { account, lines, all: true } => self.store.replace_lines(&account, &lines).await,
            Write::Lines { account, lines, all: false } => self.store.write_lines(&account, &lines).await,
            Write::Scenarios { account, list, at } => self.store.replace_scenarios(&account, &list, at).await,
            Write::Scenario { account, scenario, at } => self.store.write_scenario(&account, &scenario, at).await,
            Write::ForgetAccount(account) => self.store.forget_account(&account).await,
            Write::Purge { before } => self.store.purge_before(before).await.map(drop),
        };
        match result {
            Ok(()) => self.well().await,
            Err(error) => self.refused(&error).await,
        }
    }

    async fn written(&self, changes: Vec<ringside_store::HistoryChange>, took: Duration) {
        for change in changes {
            self.tell(Inner::Written { change: Box::new(change), took }).await;
        }
    }

    async fn refused(&mut self, error: &StoreError) {
        if !self.trouble {
            self.trouble = true;
            warn!(code = error.code(), "the store refuses to write");
            let problem = if error.is_full() {
                Problem::new(
                    "disk_full",
                    "The disk is full: calls are shown, but history is not being recorded",
                    "Free some space. Recording goes on by itself, and what came meanwhile is kept in memory.",
                )
            } else {
                error.problem()
            };
            self.tell(Inner::StoreTrouble(problem)).await;
        }
    }

    async fn well(&mut self) {
        if self.trouble && self.backlog.is_empty() {
            self.trouble = false;
            self.tell(Inner::StoreWell).await;
        }
    }

    async fn tell(&self, inner: Inner) {
        // An actor that is gone needs to know no more.
        let _ = self.inner.send(inner).await;
    }
}
