//! Whether an agent takes calls.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A state an agent can be put into, in the service's own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AgentStateView {
    /// As the service names it; what [`crate::Request::SetAgent`] takes.
    pub id: String,
    pub mode: AgentMode,
    /// The service's own; empty where it has none.
    pub name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AgentMode {
    Ready,
    /// Logged in and not taking calls.
    Break,
    LoggedOut,
    /// A state of the service's own that nobody has explained.
    Other,
}

/// The agent at one line, as last read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AgentView {
    /// Of the line, `account/extension`.
    pub line: String,
    pub account: String,
    pub extension: String,
    /// `None` where the service does not say.
    pub state: Option<AgentStateView>,
    /// When it was read.
    pub at: i64,
}
