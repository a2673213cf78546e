//! What a telephone line is doing, and whether its user wants to be disturbed.

use serde::{Deserialize, Serialize};

use crate::{ExtensionId, Timestamp};

/// What the line is doing (the busy-lamp field).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineStatus {
    Idle,
    Ringing,
    Busy,
    Offline,
    /// Not known, or a word of the provider's that we do not know.
    #[default]
    Unknown,
}

/// What the user says of themselves, where the service has it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    Available,
    Away,
    Busy,
    Dnd,
    Offline,
    #[default]
    Unknown,
}

/// A line's state with the time it was true.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LineState {
    pub status: LineStatus,
    pub presence: Presence,
    /// When the provider says it changed; the time of receipt where it says nothing usable.
    pub at: Timestamp,
}

/// A line of an account reported its state.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LineUpdate {
    pub extension: ExtensionId,
    pub state: LineState,
}
