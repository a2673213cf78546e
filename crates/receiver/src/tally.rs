//! How much an account was sent since the app began.

use std::sync::{Mutex, PoisonError};

use ringside_domain::{Problem, Timestamp};

/// What came in for one account, and what of it was turned away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Messages that were kept.
    pub taken: u32,
    /// When the last of them came.
    pub last_at: Option<Timestamp>,
    /// Messages that were turned away or could not be kept.
    pub refused: u32,
    /// Why the last of those was.
    pub last_refused: Option<Problem>,
}

/// Counts what comes in for one account; outlives the account's connections.
#[derive(Default)]
pub struct Tally(Mutex<Counts>);

impl Tally {
    pub(crate) fn taken(&self, at: Timestamp) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.taken = counts.taken.saturating_add(1);
        counts.last_at = Some(at);
    }

    pub(crate) fn refused(&self, why: Problem) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.refused = counts.refused.saturating_add(1);
        counts.last_refused = Some(why);
    }

    /// As they are now.
    pub fn counts(&self) -> Counts {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
