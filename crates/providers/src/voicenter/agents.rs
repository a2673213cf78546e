//! Logging agents in and out, and their breaks.

use async_trait::async_trait;
use ringside_domain::{AgentMode, AgentState, Detail, ExtensionId, Label};
use ringside_telephony::{Agents, ProviderError};
use ringside_transport::redact;
use serde_json::Value;

use super::meaning::{refusal, speaks_of_address, speaks_of_use};
use super::{Voicenter, wire};

pub const WHAT: &str = "the agents' states";

/// The vendor's own table. An account may have renamed its break reasons.
const TABLE: [(&str, &str); 9] = [
    ("1", "Login"),
    ("2", "Logout"),
    ("3", "Lunch"),
    ("5", "Administrative"),
    ("7", "Private"),
    ("9", "Other"),
    ("11", "Training"),
    ("12", "Team meeting"),
    ("13", "Brief"),
];

#[async_trait]
impl Agents for Voicenter {
    async fn states(&self) -> Result<Vec<AgentState>, ProviderError> {
        if !self.shared.options.status_names {
            return Ok(TABLE.iter().map(|(id, name)| agent_state(id, name)).collect());
        }
        let statuses = self.shared.client.statuses().await.map_err(|error| refusal(&error, WHAT))?;
        let read = |json: &str| {
            let status: wire::Status<'_> = self.shared.read("statuses", json)?;
            Some(agent_state(status.id.get()?, status.name.get().unwrap_or_default()))
        };
        let list = statuses.list.unwrap_or_default();
        let states: Vec<AgentState> = list.iter().filter_map(|raw| read(raw.get())).collect();
        if states.is_empty() {
            return Ok(TABLE.iter().map(|(id, name)| agent_state(id, name)).collect());
        }
        Ok(states)
    }

    async fn state(&self, extension: &ExtensionId) -> Result<Option<AgentState>, ProviderError> {
        if let Some(status) = self.shared.board().status(extension) {
            return Ok(Some(named(&status)));
        }
        let readings = self.shared.active(Some(extension)).await.map_err(|error| refusal(&error, WHAT))?;
        let Some(reading) = readings.into_iter().find(|it| it.extension == *extension) else {
            return Err(unknown(extension));
        };
        Ok(reading.status.as_deref().filter(|status| *status != "0").map(named))
    }

    /// Sent exactly once. Only the question for the user's id, which the service wants beside the extension, goes
    /// before it.
    async fn set(&self, extension: &ExtensionId, state: &AgentState) -> Result<(), ProviderError> {
        let not_known = || ProviderError::NotFound { what: format!("the state `{}`", state.id) };
        let status = state.id.as_str().parse::<u64>().map_err(|_| not_known())?;
        let user = self.user(extension).await?;
        let answer = self.shared.client.set_status(&user, extension, status).await?;
        let answer: wire::StatusSet = answer.json().map_err(|_| ProviderError::Unconfirmed)?;
        let words = redact::excerpt(wire::words(&answer.words), 200);
        match (wire::number(&answer.status), wire::number(&answer.error)) {
            (Some(1), _) => Ok(()),
            _ if speaks_of_address(&words) => Err(ProviderError::AddressNotAllowed),
            // Under whichever number: somebody else is signed in there.
            _ if speaks_of_use(&words) => {
                Err(ProviderError::InUse { detail: format!("the extension {extension}").into() })
            }
            (Some(3), _) => Err(unknown(extension)),
            (Some(4), _) => Err(not_known()),
            (None, None) => Err(ProviderError::Unconfirmed),
            _ => Err(ProviderError::Refused {
                detail: Detail::raw(format!(
                    "it answered `{words}` (status {}, error {})",
                    shown(&answer.status),
                    shown(&answer.error)
                )),
            }),
        }
    }
}

impl Voicenter {
    async fn user(&self, extension: &ExtensionId) -> Result<String, ProviderError> {
        let known = self.shared.board().user(extension);
        if let Some(user) = known {
            return Ok(user);
        }
        let readings = self.shared.active(Some(extension)).await.map_err(|error| refusal(&error, WHAT))?;
        let reading = readings.into_iter().find(|it| it.extension == *extension);
        reading
            .ok_or_else(|| unknown(extension))?
            .user
            .ok_or_else(|| ProviderError::NotFound { what: format!("a user of the extension {extension}") })
    }
}

fn unknown(extension: &ExtensionId) -> ProviderError {
    ProviderError::NotFound { what: format!("the extension {extension}") }
}

fn named(status: &str) -> AgentState {
    let name = TABLE.iter().find(|(id, _)| *id == status).map_or("", |(_, name)| name);
    agent_state(status, name)
}

fn agent_state(id: &str, name: &str) -> AgentState {
    let mode = match id {
        "1" => AgentMode::Ready,
        "2" => AgentMode::LoggedOut,
        _ if TABLE.iter().any(|(known, _)| *known == id) => AgentMode::Break,
        _ => AgentMode::Other,
    };
    AgentState { id: Label::new(id), mode, name: Label::new(name) }
}

fn shown(value: &Value) -> String {
    wire::number(value).map_or_else(|| "none".to_owned(), |number| number.to_string())
}
