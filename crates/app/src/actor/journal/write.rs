//! Past calls on their way into the history: the actor names them, the store writes them, the actor tells what changed.

use jiff::SignedDuration;
use ringside_domain::{AccountId, PastCall, Timestamp};
use ringside_store::{Store, StoreError};
use ringside_telephony::ProviderError;
use tokio::sync::{mpsc, oneshot};

use crate::actor::inner::Inner;

/// A missed call that is learnt of afterwards is to be returned if it is no older than this: over a weekend and a day.
const RECENT: SignedDuration = SignedDuration::from_hours(72);

/// Why past calls were not written, or not even read.
#[derive(Debug, thiserror::Error)]
pub(in crate::actor) enum Trouble {
    #[error(transparent)]
    Service(#[from] ProviderError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the app is closing")]
    Closing,
}

/// Writes the records of an account's connection, all or none. `true`: more changed than was told one by one, and the
/// history is to be read anew.
///
/// # Errors
/// The store refuses, or the app is closing.
pub(in crate::actor) async fn write_past(
    store: &Store,
    inner: &mpsc::Sender<Inner>,
    (account, generation): (&AccountId, u64),
    calls: Vec<PastCall>,
    now: Timestamp,
) -> Result<bool, Trouble> {
    let say = async |it| inner.send(it).await.map_err(|_| Trouble::Closing);
    let (named, names) = oneshot::channel();
    say(Inner::PastCalls { account: account.clone(), calls, named }).await?;
    let records = names.await.map_err(|_| Trouble::Closing)?;
    let recent = now.checked_sub(RECENT).unwrap_or(now);
    let written = store.write_past(account, &records, now, recent).await?;
    let many = written.many;
    if !written.changed.is_empty() || !written.dials.is_empty() {
        say(Inner::PastWritten { account: account.clone(), generation, written }).await?;
    }
    Ok(many)
}
