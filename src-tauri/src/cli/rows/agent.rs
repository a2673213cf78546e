//! Agents and their states.

use jiff::tz::TimeZone;
use ringside_api::view::{AgentMode, AgentStateView, AgentView};
use serde::Serialize;

use super::{clock, text, time, word};
use crate::cli::out::Columns;

/// A state that agents of an account can be put into.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AgentState {
    account: String,
    id: String,
    mode: AgentMode,
    name: Option<String>,
}

impl AgentState {
    pub fn of(account: &str, view: &AgentStateView) -> Self {
        Self { account: account.to_owned(), id: view.id.clone(), mode: view.mode, name: name(view) }
    }
}

/// An agent as just read; without a state where the service does not say.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Agent {
    account: String,
    extension: String,
    state: Option<String>,
    mode: Option<AgentMode>,
    name: Option<String>,
    at: Option<String>,
}

impl Agent {
    pub fn of(view: &AgentView, zone: &TimeZone) -> Self {
        let state = view.state.as_ref();
        Self {
            account: view.account.clone(),
            extension: view.extension.clone(),
            state: state.map(|state| state.id.clone()),
            mode: state.map(|state| state.mode),
            name: state.and_then(name),
            at: time(view.at, zone),
        }
    }
}

fn name(view: &AgentStateView) -> Option<String> {
    Some(view.name.clone()).filter(|name| !name.is_empty())
}

impl Columns for AgentState {
    const HEAD: &'static [&'static str] = &["account", "id", "mode", "name"];
    fn cells(&self) -> Vec<String> {
        vec![self.account.clone(), self.id.clone(), word(&self.mode), text(&self.name)]
    }
}

impl Columns for Agent {
    const HEAD: &'static [&'static str] = &["account", "extension", "state", "mode", "name", "read"];
    fn cells(&self) -> Vec<String> {
        vec![
            self.account.clone(),
            self.extension.clone(),
            text(&self.state),
            word(&self.mode),
            text(&self.name),
            clock(&self.at),
        ]
    }
}
