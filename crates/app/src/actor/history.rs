//! History: what was written is shown, what is asked for is read beside the actor.

use std::time::Duration;

use ringside_api::view::{HistoryFilter, HistoryPage, HistoryRow, NoticeLevel};
use ringside_api::{ApiError, ApiEvent, Reply};
use ringside_domain::{AccountId, CallId, ExtensionId, Label, Party, PhoneNumber, Timestamp};
use ringside_store::{CallKey, CallRecord, CallRowId, Claim, HistoryChange, Store, StoreError};

use super::inner::{Inner, ReplyTo, RowsFor};
use super::{Actor, answer, refuse};
use crate::view::history::{self, Names};
use crate::view::party::Named;

/// The whole file is looked through for damage this long after the start.
const VERIFY_AFTER: Duration = Duration::from_secs(20);

impl Names for Actor {
    fn extension(&self, account: &AccountId, extension: &ExtensionId) -> String {
        self.extension_name(account, extension)
    }

    fn caller(&self, account: &AccountId, remote: &Party) -> Named {
        self.named(account, remote)
    }
}

impl Actor {
    /// What the start left for later: planned ends, lost answers, open callbacks, a look for damage.
    pub(super) fn begin_store(&mut self) {
        let store = self.store.clone();
        let (inner, errand) = (self.inner.clone(), self.errand());
        tokio::spawn(async move {
            if let Ok(actions) = store.pending_ends().await {
                // An actor that is gone needs none of this.
                let _ = inner.send(Inner::PendingEnds(actions)).await;
            }
            if let Ok(jobs) = store.number_jobs().await {
                for job in &jobs {
                    errand.tell_words_of(job).await;
                }
                let lost = jobs.into_iter().filter(|job| job.stage.is_unconfirmed()).collect();
                let _ = inner.send(Inner::UnconfirmedJobs(lost)).await;
            }
            if let Ok(count) = store.callbacks_open().await {
                let _ = inner.send(Inner::OpenCallbacks(count)).await;
            }
            tokio::time::sleep(VERIFY_AFTER).await;
            if store.verify().await.is_err_and(|error| error.is_damaged()) {
                let _ = inner.send(Inner::Damaged).await;
            }
        });
    }

    pub(super) fn heal_store(&mut self) {
        let (store, now, inner) = (self.store.clone(), self.now(), self.inner.clone());
        tokio::spawn(async move {
            match store.heal(now).await {
                Ok(Some(problem)) => {
                    // An actor that is gone needs not know.
                    let _ = inner.send(Inner::Healed(problem)).await;
                }
                Ok(None) => {}
                Err(error) => tracing::error!(code = error.code(), "the damaged store could not be put aside"),
            }
        });
    }

    pub(super) fn history_written(&mut self, change: HistoryChange, took: Duration) {
        if took > Duration::ZERO {
            self.latencies.note("history_write", None, took);
        }
        if !change.changed {
            return;
        }
        for returned in &change.returned {
            self.publish_row(returned);
        }
        self.publish_row(&change.call);
        if change.joined {
            self.publish(ApiEvent::HistoryReset {});
        }
        if change.joined || change.call.callback.is_some() || !change.returned.is_empty() {
            self.count_callbacks();
        }
    }

    pub(super) fn history_changed(&mut self, call: &CallRecord) {
        self.note_elsewhere(call);
        self.publish_row(call);
        self.count_callbacks();
    }

    /// Events carry the row without its legs: the list shows them when it is opened, and then reads them.
    pub(super) fn publish_row(&mut self, call: &CallRecord) {
        let row = history::row(call, &[], self);
        self.publish(ApiEvent::History { row });
    }

    pub(super) fn refresh_callbacks(&self) {
        self.count_callbacks();
    }

    fn count_callbacks(&self) {
        let store = self.store.clone();
        let inner = self.inner.clone();
        tokio::spawn(async move {
            if let Ok(count) = store.callbacks_open().await {
                // An actor that is gone needs no count.
                let _ = inner.send(Inner::OpenCallbacks(count)).await;
            }
        });
    }

    pub(super) fn history(&self, filter: &HistoryFilter, before: Option<&str>, limit: u32, reply: ReplyTo) {
        let query = match history::query(filter, before, limit) {
            Ok(query) => query,
            Err(error) => return answer(reply, Err(error)),
        };
        let (store, inner, now) = (self.store.clone(), self.inner.clone(), self.now());
        tokio::spawn(async move {
            match read_page(&store, &query, now).await {
                Ok(rows) => {
                    // An actor that is gone answers nobody.
                    let _ = inner.send(Inner::Rows { rows, reply }).await;
                }
                Err(error) => answer(reply, Err(error.problem().into())),
            }
        });
    }

    pub(super) fn rows_reply(&self, rows: RowsFor) -> Reply {
        match rows {
            RowsFor::One(call) => Reply::HistoryRow { row: Box::new(history::row(&call, &[], self)) },
            RowsFor::Page { page, legs, gaps, open } => {
                let rows: Vec<HistoryRow> =
                    page.calls.iter().zip(&legs).map(|(call, legs)| history::row(call, legs, self)).collect();
                Reply::History {
                    page: HistoryPage {
                        rows,
                        gaps: gaps.iter().map(history::gap).collect(),
                        next: page.next.as_ref().map(history::cursor_text),
                        open_callbacks: open,
                    },
                }
            }
        }
    }

    /// The row of a call, for the note on it.
    pub(super) fn call_row(&self, account: &str, call: &str, reply: ReplyTo) {
        let (store, inner) = (self.store.clone(), self.inner.clone());
        let (account, call) = (AccountId::new(account), CallId::new(call));
        let began = self.engine.call(&account, &call).and_then(|call| call.legs().next()).map(|leg| leg.began);
        tokio::spawn(async move {
            let row = match began {
                Some(began) => store.call_of(&CallKey { account, call, began }).await,
                None => store.call_named(&account, &call).await,
            };
            match row {
                Ok(Some(call)) => {
                    // An actor that is gone answers nobody.
                    let _ = inner.send(Inner::Rows { rows: RowsFor::One(Box::new(call)), reply }).await;
                }
                Ok(None) => {
                    let error = refuse("no_row", "the call is not in the history yet", "Try again in a moment.");
                    answer(reply, Err(error));
                }
                Err(error) => answer(reply, Err(error.problem().into())),
            }
        });
    }

    pub(super) fn set_note(&self, id: i64, note: String, reply: ReplyTo) {
        let store = self.store.clone();
        self.change_row(reply, async move { store.set_note(CallRowId(id), note.trim()).await.map(Ok) });
    }

    pub(super) fn claim(&self, id: i64, claimed: bool, reply: ReplyTo) {
        let (by, at) = (Label::new(&self.user), self.now());
        let store = self.store.clone();
        self.change_row(reply, async move {
            if !claimed {
                return store.reopen(CallRowId(id)).await.map(Ok);
            }
            Ok(match store.claim(CallRowId(id), &by, at).await? {
                Claim::Taken(call) => Ok(call),
                Claim::Refused(_) => Err(claimed_already()),
            })
        });
    }

    pub(super) fn callback_done(&self, id: i64, reply: ReplyTo) {
        let (by, at) = (Label::new(&self.user), self.now());
        let store = self.store.clone();
        self.change_row(reply, async move { store.mark_done(CallRowId(id), &by, at).await.map(Ok) });
    }

    fn change_row(
        &self,
        reply: ReplyTo,
        change: impl Future<Output = Result<Result<CallRecord, ApiError>, StoreError>> + Send + 'static,
    ) {
        let inner = self.inner.clone();
        tokio::spawn(async move {
            match change.await {
                Ok(Ok(call)) => {
                    // An actor that is gone answers nobody.
                    let _ = inner.send(Inner::Changed(Box::new(call.clone()))).await;
                    let _ = inner.send(Inner::Rows { rows: RowsFor::One(Box::new(call)), reply }).await;
                }
                Ok(Err(error)) => answer(reply, Err(error)),
                Err(error) => answer(reply, Err(error.problem().into())),
            }
        });
    }

    pub(super) fn forget_number(&mut self, number: &str, reply: ReplyTo) {
        let number = match PhoneNumber::from_e164(number) {
            Ok(number) => number,
            Err(error) => return answer(reply, Err(refuse("bad_number", error.to_string(), "Write it as +49 …"))),
        };
        let store = self.store.clone();
        self.erase(reply, async move { store.delete_number(&number).await.map(drop) });
    }

    pub(super) fn forget_all(&mut self, reply: ReplyTo) {
        let store = self.store.clone();
        self.erase(reply, async move { store.delete_all().await.map(drop) });
    }

    fn erase(&mut self, reply: ReplyTo, erase: impl Future<Output = Result<(), StoreError>> + Send + 'static) {
        let inner = self.inner.clone();
        self.later(reply, async move {
            erase.await.map_err(|error| ApiError::from(error.problem()))?;
            // An actor that is gone tells nobody.
            let _ = inner.send(Inner::Erased).await;
            Ok(Reply::Done {})
        });
    }

    pub(super) fn export(&self, filter: &HistoryFilter, reply: ReplyTo) {
        let query = match history::query(filter, None, 500) {
            Ok(query) => query,
            Err(error) => return answer(reply, Err(error)),
        };
        let store = self.store.clone();
        self.later(reply, async move {
            let mut out = Vec::new();
            store.export_csv(&query, &mut out).await.map_err(|error| ApiError::from(error.problem()))?;
            Ok(Reply::Text { text: String::from_utf8_lossy(&out).into_owned() })
        });
    }

    pub(super) fn history_recording(&self) -> (&'static str, NoticeLevel) {
        if self.store_problem.is_some() { ("memory", NoticeLevel::Warning) } else { ("file", NoticeLevel::Info) }
    }
}

/// Takes the missed call of a leg to be called back.
pub(super) async fn claim_call(
    store: &Store,
    call: &CallKey,
    by: &Label,
    at: Timestamp,
) -> Result<CallRecord, ApiError> {
    let trouble = |error: StoreError| ApiError::from(error.problem());
    let Some(call) = store.call_of(call).await.map_err(trouble)? else {
        return Err(refuse("no_row", "the call is not in the history yet", "Try again in a moment."));
    };
    match store.claim(call.id, by, at).await.map_err(trouble)? {
        Claim::Taken(call) => Ok(call),
        Claim::Refused(_) => Err(claimed_already()),
    }
}

fn claimed_already() -> ApiError {
    refuse("claimed", "someone else has claimed this callback", "Check who under Callbacks.")
}

async fn read_page(store: &Store, query: &ringside_store::HistoryQuery, now: Timestamp) -> Result<RowsFor, StoreError> {
    let page = store.search(query).await?;
    let mut legs = Vec::with_capacity(page.calls.len());
    for call in &page.calls {
        legs.push(store.legs_of(call.id).await?);
    }
    // The page's range: from its oldest row, or from the beginning on the last page, to its newest.
    let until = query.before.map_or(now, |before| before.started_at);
    let since = match (&page.next, page.calls.last()) {
        (Some(_), Some(oldest)) => oldest.started_at,
        _ => query.since.unwrap_or(Timestamp::UNIX_EPOCH),
    };
    let gaps = store.gaps(since, until).await?;
    let open = store.callbacks_open().await?;
    Ok(RowsFor::Page { page, legs, gaps, open })
}
