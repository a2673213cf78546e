//! Past calls from a service's own record: one reader an account, beside the actor. What it brings goes to the history
//! and nowhere else: an old call never rings.

mod reader;
mod write;

use std::sync::Arc;

use ringside_api::ApiEvent;
use ringside_api::view::JournalView;
use ringside_domain::{AccountId, ExtensionId, LineId, PastCall, Problem};
use ringside_store::{PastRecord, PastWritten};
use ringside_telephony::Provider;

use super::Actor;
use reader::{Hints, Reader};
pub(super) use write::{Trouble, write_past};

/// An account's journal, as the actor knows it.
pub(super) struct Reading {
    hints: Arc<Hints>,
    pub progress: JournalView,
}

impl Reading {
    /// Something may be new.
    pub fn look(&self) {
        self.hints.look();
    }

    /// Something will be new before long, such as the record of a call that was just placed.
    pub fn expect_soon(&self) {
        self.hints.expect_soon();
    }
}

impl Actor {
    /// Sets off the reader, if the account has a journal. It begins when the account is connected.
    pub(super) fn read_journal(&mut self, id: &AccountId, provider: Arc<dyn Provider>) {
        let Some(account) = self.accounts.get_mut(id) else { return };
        if provider.journal().is_none() {
            return;
        }
        let hints = Arc::new(Hints::default());
        account.journal = Some(Reading { hints: hints.clone(), progress: JournalView::default() });
        let reader = Reader {
            account: id.clone(),
            generation: account.generation,
            provider,
            store: self.store.clone(),
            inner: self.inner.clone(),
            clock: self.clock.clone(),
            days: self.days.clone(),
            hints,
        };
        let stop = account.stop.clone();
        tokio::spawn(async move {
            tokio::select! {
                biased;
                () = stop.cancelled() => {}
                () = reader.run() => {}
            }
        });
    }

    pub(super) fn look_into_journal(&self, id: &AccountId) {
        if let Some(account) = self.accounts.get(id) {
            account.look_into_journal();
        }
    }

    pub(super) fn name_past(&self, account: &AccountId, calls: Vec<PastCall>) -> Vec<PastRecord> {
        calls
            .into_iter()
            .map(|call| {
                let named = self.who.named(account, &call.remote);
                PastRecord {
                    mine: call.extension.as_ref().is_some_and(|extension| self.is_mine(account, extension)),
                    class: Some(self.who.class(account, &call.remote)),
                    name: named.name,
                    company: named.company,
                    call,
                }
            })
            .collect()
    }

    fn is_mine(&self, account: &AccountId, extension: &ExtensionId) -> bool {
        let line = LineId { account: account.clone(), extension: extension.clone() }.to_string();
        self.config.me.extensions.iter().chain(&self.demo.mine).any(|mine| *mine == line)
    }

    pub(super) fn past_written(&mut self, id: &AccountId, generation: u64, written: PastWritten) {
        if self.accounts.get(id).is_none_or(|account| account.generation != generation) {
            return;
        }
        for dial in &written.dials {
            self.dial_told(dial);
        }
        // Where many changed, the reader says so once in a while.
        if !written.many {
            for row in &written.changed {
                self.publish_row(row);
            }
        }
        if !written.changed.is_empty() {
            self.refresh_callbacks();
        }
    }

    pub(super) fn journal_refused(&mut self, id: &AccountId, generation: u64, problem: &Problem) {
        let known = self.accounts.get_mut(id).filter(|account| account.generation == generation);
        let Some(journal) = known.and_then(|account| account.journal.as_mut()) else { return };
        let told = journal.progress.problem.replace(problem.into());
        if told != journal.progress.problem
            && let Some(account) = self.account_view(id)
        {
            self.publish(ApiEvent::Account { account });
        }
    }

    pub(super) fn journal_read(&mut self, id: &AccountId, generation: u64, progress: JournalView, changed: bool) {
        let known = self.accounts.get_mut(id).filter(|account| account.generation == generation);
        let Some(journal) = known.and_then(|account| account.journal.as_mut()) else { return };
        let news = journal.progress != progress;
        journal.progress = progress;
        if changed {
            self.publish(ApiEvent::HistoryReset {});
        }
        if news && let Some(account) = self.account_view(id) {
            self.publish(ApiEvent::Account { account });
        }
    }
}
