//! Calls under way, as last written: a ringing telephone writes often, and reading its rows again before each write
//! costs as much as the write.

use std::collections::HashMap;

use ringside_domain::{AccountId, CallId, Timestamp};

use super::past::Past;
use super::record::{CallRecord, LegRecord};

/// A call's row and its legs with the ids of their rows.
#[derive(Clone)]
pub(super) struct Known {
    pub call: CallRecord,
    /// The row's `rev`: if the row has another by now, somebody else wrote it and this is out of date.
    pub rev: i64,
    pub legs: Vec<(i64, LegRecord)>,
    pub past: Option<Past>,
}

#[derive(Default)]
pub(crate) struct Live(HashMap<(AccountId, CallId, Option<Timestamp>), Known>);

impl Live {
    /// More calls than this are not under way at once in one place.
    const MAX: usize = 2_000;

    pub(super) fn take(&mut self, leg: &LegRecord) -> Option<Known> {
        self.0.remove(&(leg.key.account.clone(), leg.key.call.clone(), Some(leg.began)))
    }

    /// Remembers a call that lasts; one that ended is rarely written again.
    pub(super) fn remember(&mut self, known: Known) {
        if known.call.outcome.is_some() {
            return;
        }
        if self.0.len() >= Self::MAX {
            self.0.clear();
        }
        self.0.insert((known.call.account.clone(), known.call.call.clone(), known.call.began), known);
    }
}
