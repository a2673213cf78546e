//! The one task that writes to the store, in the order things happened, so that a slow disk holds up nothing else.

use std::collections::BTreeMap;
use std::time::Duration;

use ringside_store::{Backlog, CallKey, LegRecord, Store, StoreError};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tracing::warn;

use super::inner::{Inner, Write};

/// How long to wait before a refused write is tried again.
const AGAIN: Duration = Duration::from_secs(5);

/// A note whose call never comes into the history is given up after so many tries.
const NOTE_TRIES: u32 = 12;

/// Legs written in one transaction at most.
const BATCH: usize = 64;

pub(super) struct Recorder {
    store: Store,
    inner: mpsc::Sender<Inner>,
    backlog: Backlog,
    /// The latest note of each call that is still to be written, and how often that was tried.
    notes: BTreeMap<CallKey, (String, u32)>,
    /// Other writes that wait behind the backlog.
    trouble: bool,
}

/// Waits until the recorders have written what is left. Nobody reads what they tell any more: one with much to tell would
/// wait for ever.
pub(super) async fn end(
    results: mpsc::Receiver<Inner>,
    writes: mpsc::Sender<Write>,
    recorders: impl Iterator<Item = JoinHandle<()>>,
) {
    drop((results, writes));
    for recorder in recorders {
        if recorder.await.is_err() {
            tracing::error!("a recorder failed while the app was closing");
        }
    }
}

impl Recorder {
    pub fn new(store: Store, inner: mpsc::Sender<Inner>) -> Self {
        Self { store, inner, backlog: Backlog::default(), notes: BTreeMap::new(), trouble: false }
    }

    /// Runs until the actor drops its end, then writes what is left.
    pub async fn run(mut self, mut writes: mpsc::Receiver<Write>) {
        let mut batch = Vec::new();
        loop {
            let write = if self.backlog.is_empty() && self.notes.is_empty() {
                writes.recv().await
            } else {
                match tokio::time::timeout(AGAIN, writes.recv()).await {
                    Ok(write) => write,
                    Err(_) => {
                        self.legs(&[]).await;
                        self.write_notes().await;
                        continue;
                    }
                }
            };
            let Some(write) = write else { break };
            let mut next = Some(write);
            while let Some(write) = next.take() {
                match write {
                    Write::Leg(leg) if batch.len() < BATCH => batch.push(*leg),
                    // Of many keys typed while the disk was busy only the last counts.
                    Write::Note { call, note } => {
                        self.notes.insert(call, (note, 0));
                    }
                    other => {
                        self.flush(&mut batch).await;
                        self.other(other).await;
                    }
                }
                next = writes.try_recv().ok();
            }
            self.flush(&mut batch).await;
            self.write_notes().await;
        }
        self.legs(&[]).await;
        self.write_notes().await;
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

    /// A note comes after its call's row; where that is still to come, the note waits for it.
    async fn write_notes(&mut self) {
        if !self.backlog.is_empty() {
            return;
        }
        for (call, (note, tries)) in std::mem::take(&mut self.notes) {
            match self.write_note(&call, &note).await {
                Ok(true) => self.well().await,
                Ok(false) if tries < NOTE_TRIES => {
                    self.notes.insert(call, (note, tries + 1));
                }
                Ok(false) => {
                    warn!(code = "note_without_call", "a note was on a call that the history does not have");
                    self.tell(Inner::NoteRefused(call)).await;
                }
                Err(error) => {
                    self.refused(&error).await;
                    self.notes.insert(call, (note, tries));
                }
            }
        }
    }

    /// `false`: the history does not have the call.
    async fn write_note(&self, call: &CallKey, note: &str) -> Result<bool, StoreError> {
        let Some(row) = self.store.call_of(call).await? else { return Ok(false) };
        let row = match self.store.set_note(row.id, note).await {
            Err(StoreError::NotFound(_)) => return Ok(false),
            written => written?,
        };
        self.tell(Inner::NoteWritten { call: call.clone(), row: Box::new(row) }).await;
        Ok(true)
    }

    async fn other(&mut self, write: Write) {
        let result = match write {
            Write::Leg(leg) => {
                self.legs(&[*leg]).await;
                return;
            }
            Write::Note { call, note } => {
                self.notes.insert(call, (note, 0));
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
            let problem = error.problem();
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

#[cfg(test)]
mod tests {
    use ringside_domain::{Direction, Label, LegKey, Party, Phase};
    use ringside_store::HistoryQuery;

    use super::*;

    fn leg(call: usize) -> LegRecord {
        LegRecord {
            key: LegKey::new("office", format!("call-{call}"), "31"),
            attempt: 1,
            mine: true,
            direction: Direction::Inbound,
            phase: Phase::Ringing,
            remote: Party::Withheld,
            our_number: Party::Unstated,
            class: None,
            name: Label::default(),
            company: Label::default(),
            began: "2026-03-02T09:00:00Z".parse().unwrap(),
            started_at: "2026-03-02T09:00:00Z".parse().unwrap(),
            answered_at: None,
            ended_at: None,
            outcome: None,
            provisional: false,
        }
    }

    #[tokio::test]
    async fn an_app_that_closes_waits_for_what_is_to_be_written_and_for_no_reader() {
        let folder = tempfile::tempdir().unwrap();
        let now = "2026-03-02T09:00:00Z".parse().unwrap();
        let store = Store::open(folder.path(), now).await.unwrap().store;
        let (inner, results) = mpsc::channel(1);
        let (writes, queue) = mpsc::channel(300);
        for call in 0..300 {
            writes.send(Write::Leg(Box::new(leg(call)))).await.unwrap();
        }
        let recorder = tokio::spawn(Recorder::new(store, inner).run(queue));
        let ended = end(results, writes, std::iter::once(recorder));
        tokio::time::timeout(Duration::from_secs(20), ended).await.expect("nobody listens, and nobody is waited for");
        let store = Store::open(folder.path(), now).await.unwrap().store;
        assert_eq!(store.export_csv(&HistoryQuery::default(), std::io::sink()).await.unwrap(), 300);
    }
}
