//! Past calls: the journal has the incoming ones, the EVN (itemised bill) the outgoing ones. Window by window both are
//! read and become one list.

use async_trait::async_trait;
use ringside_domain::{ExtensionId, Label, PastCall, Timestamp};
use ringside_telephony::{Journal, JournalReach, ProviderError};
use tokio::sync::mpsc;

use super::envelope::entries;
use super::map::{self, Reading};
use super::shared::{Names, Shared};
use super::trouble::{Trouble, refusal};
use super::{Fonial, record, wire};

pub const WHAT: &str = "the record of past calls";
/// Calls in one batch.
const BATCH: usize = 500;

#[async_trait]
impl Journal for Fonial {
    fn reach(&self) -> JournalReach {
        self.shared.options.journal
    }

    async fn read(
        &self,
        from: Timestamp,
        until: Timestamp,
        batches: mpsc::Sender<Vec<PastCall>>,
    ) -> Result<(), ProviderError> {
        let reading = windows(&self.shared, from, until, &batches);
        let read = tokio::select! {
            biased;
            () = batches.closed() => Ok(()),
            read = reading => read,
        };
        read.map_err(|trouble| {
            let error = refusal(&trouble, WHAT);
            if error.is_transient() {
                self.shared.doubt.notify_one();
            }
            error
        })
    }
}

/// Every call that began in `from..until`, oldest window first.
async fn windows(
    shared: &Shared,
    from: Timestamp,
    until: Timestamp,
    batches: &mpsc::Sender<Vec<PastCall>>,
) -> Result<(), Trouble> {
    let mut start = from;
    while start < until {
        let end = start.checked_add(shared.options.journal.window).map_or(until, |end| end.min(until));
        let calls = window(shared, start, end).await?;
        for batch in calls.chunks(BATCH) {
            // Whoever asked has gone away.
            if batches.send(batch.to_vec()).await.is_err() {
                return Ok(());
            }
        }
        start = end;
    }
    Ok(())
}

/// Every call that began in one window.
///
/// # Errors
/// All kinds of [`Trouble`].
pub async fn window(shared: &Shared, from: Timestamp, until: Timestamp) -> Result<Vec<PastCall>, Trouble> {
    let names = shared.names().await?;
    let clock = &shared.options.clock;
    let (start, end) = clock.span(from, until);
    let incoming = wire::Span { start: start.clone(), end };
    // Whether the EVN takes a call by its start or by its end is not documented.
    let ended_by = until.checked_add(shared.options.journal.settles_after).unwrap_or(until);
    let outgoing = wire::Span { start, end: clock.span(from, ended_by).1 };
    let (incoming, outgoing) = tokio::try_join!(shared.client.journal(&incoming), shared.client.evn(&outgoing))?;
    let device_called = |name: &str| called(&names, name);
    let reading = Reading { plan: &shared.plan, clock, oddities: &shared.oddities, device_called: &device_called };
    let rows = entries(incoming.envelope().journal);
    let calls_in = shared.each("journal", &rows).filter_map(|row| map::incoming(&row, &reading));
    let rows = entries(outgoing.envelope().evn);
    let calls_out = shared.each("evn", &rows).filter_map(|row| map::outgoing(&row, &reading));
    // Numbered before any is left out: of two that are called alike, one may belong to the window before.
    let mut calls = record::settle(calls_in.chain(calls_out).collect());
    calls.retain(|call| map::begins_within(call, from, until));
    Ok(calls)
}

fn called(names: &Names, name: &str) -> Option<ExtensionId> {
    names.get(Label::new(name).as_str()).cloned().flatten()
}
