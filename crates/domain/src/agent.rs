//! Whether an agent takes calls.

use crate::Label;

/// What a state means, whatever a service calls it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum AgentMode {
    /// Takes calls.
    Ready,
    /// Logged in and not taking calls: a break, with or without a reason.
    Break,
    LoggedOut,
    /// A state of the service's own that nobody has explained.
    Other,
}

/// A state an agent can be put into or was found in, such as *ready* or *lunch*.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AgentState {
    /// As the service names it.
    pub id: Label,
    pub mode: AgentMode,
    /// To be shown where nobody has better words; the service's own.
    pub name: Label,
}
