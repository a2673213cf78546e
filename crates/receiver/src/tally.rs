//! How much an account was sent since the app began.

use std::sync::{Mutex, PoisonError};

use ringside_domain::{Problem, Timestamp};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub taken: u32,
    pub last_at: Option<Timestamp>,
    pub refused: u32,
    pub last_refused: Option<Problem>,
}

/// Outlives the account's connections.
#[derive(Default)]
pub struct Tally(Mutex<Counts>);

impl Tally {
    pub fn taken(&self, at: Timestamp) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.taken = counts.taken.saturating_add(1);
        counts.last_at = Some(at);
    }

    pub fn refused(&self, why: Problem) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.refused = counts.refused.saturating_add(1);
        counts.last_refused = Some(why);
    }

    pub fn counts(&self) -> Counts {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
