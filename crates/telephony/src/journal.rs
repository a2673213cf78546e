//! Past calls, read back from the service's own record.

use std::time::Duration;

use async_trait::async_trait;
use ringside_domain::{PastCall, Timestamp};
use tokio::sync::mpsc;

use crate::ProviderError;

/// How a journal wants to be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JournalReach {
    /// The longest window to ask for at once.
    pub window: Duration,
    /// How late a record may still appear: the last windows are read again for so long.
    pub settles_after: Duration,
    /// How often it is worth asking while nothing hints at news.
    pub poll_every: Duration,
}

#[async_trait]
pub trait Journal: Send + Sync {
    fn reach(&self) -> JournalReach;

    /// Every record whose start lies in `from..until`, each once, in batches as they arrive, so that a year needs no
    /// more memory than a day. Dropping the receiver ends the reading.
    ///
    /// # Errors
    /// What the road ended with; batches sent before it stand.
    async fn read(
        &self,
        from: Timestamp,
        until: Timestamp,
        batches: mpsc::Sender<Vec<PastCall>>,
    ) -> Result<(), ProviderError>;
}
