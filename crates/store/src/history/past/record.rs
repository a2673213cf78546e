//! What a journal brings, and what is kept of it.

use ringside_domain::{CallerClass, Label, Outcome, PastCall, Timestamp};

use crate::dials::Dial;
use crate::history::CallRecord;

/// A record as the service has it, with what only we know of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PastRecord {
    pub call: PastCall,
    /// It was on an extension of the user of this computer.
    pub mine: bool,
    pub class: Option<CallerClass>,
    /// Who it was, as known now.
    pub name: Label,
    pub company: Label,
}

/// What writing records did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PastWritten {
    /// Records not seen before.
    pub new: u32,
    /// Rows that are new or other than before, as they are now; those of calls that others returned among them.
    /// At most [`PastWritten::LISTED`], and then [`PastWritten::many`] is set.
    pub changed: Vec<CallRecord>,
    /// More changed than are listed, or rows became one: the history is to be read anew.
    pub many: bool,
    /// Dials of which these records said what became of them.
    pub dials: Vec<Dial>,
}

impl PastWritten {
    /// More than this is quicker read anew than told one by one.
    pub const LISTED: usize = 20;
}

/// A record as it is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Past {
    pub row: i64,
    /// `None`: its call was erased, and it brings nothing back.
    pub call_id: Option<i64>,
    pub call: PastCall,
    /// What the record itself said before.
    pub was: Option<Outcome>,
    /// Since when it says what it says.
    pub said_at: Timestamp,
}
