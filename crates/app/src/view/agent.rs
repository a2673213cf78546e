//! Agents and their states.

use ringside_api::view::{AgentMode, AgentStateView, AgentView};
use ringside_domain::{self as domain, AgentState, LineId, Timestamp};

use super::ms;

pub(crate) fn state(state: &AgentState) -> AgentStateView {
    AgentStateView {
        id: state.id.as_str().to_owned(),
        mode: match state.mode {
            domain::AgentMode::Ready => AgentMode::Ready,
            domain::AgentMode::Break => AgentMode::Break,
            domain::AgentMode::LoggedOut => AgentMode::LoggedOut,
            domain::AgentMode::Other => AgentMode::Other,
        },
        name: state.name.as_str().to_owned(),
    }
}

pub(crate) fn agent(line: &LineId, of: Option<&AgentState>, at: Timestamp) -> AgentView {
    AgentView {
        line: line.to_string(),
        account: line.account.to_string(),
        extension: line.extension.to_string(),
        state: of.map(state),
        at: ms(at),
    }
}
