//! Calls as a service's own record of the past has them: a journal, a call log, call detail records.

use crate::{CallId, Direction, ExtensionId, Label, Outcome, Party, Timestamp};

/// One record. The same record read twice is equal to itself, so that reading a window again adds nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PastCall {
    /// Names the record within its account: the service's own id, or one made of what the record says.
    pub id: CallId,
    /// `None` where the service does not say who of us it was.
    pub extension: Option<ExtensionId>,
    /// Seen from us.
    pub direction: Direction,
    pub remote: Party,
    /// Which of our numbers was called or shown.
    pub our_number: Party,
    pub started_at: Timestamp,
    /// `None` where nobody answered, or the service does not say when.
    pub answered_at: Option<Timestamp>,
    /// `None` where the service does not say.
    pub ended_at: Option<Timestamp>,
    /// [`Outcome::Unknown`] for a word nobody has explained; the word itself is in [`Self::word`].
    pub outcome: Outcome,
    /// The service's own word for how it came out; empty where it has none.
    pub word: Label,
}
