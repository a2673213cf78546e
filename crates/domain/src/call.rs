//! Calls and their legs.

use serde::{Deserialize, Serialize};

use crate::{CallId, ExtensionId, Party, Timestamp};

/// Seen from the extension.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    Inbound,
    Outbound,
}

/// Where a leg stands. Only ever goes forward, but for a re-ring after a cancel, which is a new attempt.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Our side is being rung or the number is being dialled.
    Dialing,
    Ringing,
    Connected,
    Ended,
}

/// How a leg came out.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Answered,
    AnsweredElsewhere,
    Missed,
    Busy,
    Rejected,
    Cancelled,
    Failed,
    /// It ended while nobody was looking, or the provider did not say how.
    Unknown,
}

/// Why a provider says a leg ended.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum EndCause {
    /// No error was given: an ordinary end.
    Normal,
    Busy,
    Rejected,
    Cancelled,
    /// Nobody answered in time.
    Timeout,
    /// Another party of the same call took it, where the provider says so.
    AnsweredElsewhere,
    Failed,
}

/// A step a leg takes, as reported.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum LegStep {
    Dialing,
    /// Of a call that our side places: our own telephone was picked up. It says nothing of the other side.
    PickedUp,
    Ringing,
    Connected,
    Ended(EndCause),
    /// A word of the provider's that we do not know: keeps the leg alive, changes nothing else.
    Other,
}

/// What a provider reports of one leg. Reports may be repeated, late, out of order, or missing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LegUpdate {
    pub call: CallId,
    pub extension: ExtensionId,
    /// `None` where the event does not say; the engine keeps what it knew.
    pub direction: Option<Direction>,
    pub step: LegStep,
    /// The other side. `Party::Unstated` where the event does not say.
    pub remote: Party,
    /// Which of our numbers was called or shown.
    pub our_number: Party,
    /// When the provider says it happened; the time of receipt where it says nothing usable.
    pub at: Timestamp,
}
