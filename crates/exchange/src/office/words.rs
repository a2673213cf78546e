//! The words of the office.

use jiff::Timestamp;
use uuid::Uuid;

/// What a line does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Line {
    Unknown,
    Offline,
    Idle,
    Ringing,
    InUse,
}

/// What a person wants to be seen as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Presence {
    /// No presence known.
    Unknown,
    Offline,
    Available,
    Away,
    Busy,
    Dnd,
}

/// One step in the life of a leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    Start,
    CallerWait,
    CallerDial,
    CallerRing,
    CallerAnswer,
    Dial,
    Ring,
    Answer,
    Hangup,
    End,
}

/// Why a leg came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Failure {
    Timeout,
    Busy,
    Cancel,
    Reject,
    Unspecified,
}

/// Seen from the extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    Inbound,
    Outbound,
}

/// Where a live leg stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LegPhase {
    /// The extension calls out, or its phone rings because a client dials for it.
    Dialling,
    Ringing,
    Connected,
}

/// Whether a number is meant within the account or in the whole world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Context {
    Account,
    Global,
}

#[derive(Clone, Debug)]
pub(crate) struct CallEvent {
    pub(crate) call: Uuid,
    pub(crate) extension: String,
    pub(crate) step: Step,
    pub(crate) direction: Direction,
    /// `None` is a withheld number.
    pub(crate) caller: Option<String>,
    pub(crate) caller_context: Context,
    pub(crate) callee: String,
    pub(crate) callee_context: Context,
    pub(crate) failure: Option<Failure>,
    pub(crate) at: Timestamp,
}

#[derive(Clone, Debug)]
pub(crate) struct LineEvent {
    pub(crate) extension: String,
    pub(crate) line: Line,
    pub(crate) presence: Presence,
    pub(crate) at: Timestamp,
}
