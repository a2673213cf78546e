//! Whether an agent takes calls. The service knows agents by their e-mail.

use async_trait::async_trait;
use ringside_domain::{AgentMode, AgentState, ExtensionId, Label};
use ringside_telephony::{Agents, ProviderError};

use super::client::{refusal, refusal_of_one};
use super::{Tenios, wire};

pub const WHAT: &str = "the agent's state";
const READY: &str = "READY";
const NOT_READY: &str = "NOT_READY";
/// Between the state and the reason of a break in an id of ours.
const REASON: char = ':';

#[async_trait]
impl Agents for Tenios {
    async fn states(&self) -> Result<Vec<AgentState>, ProviderError> {
        let breaks = self.shared.options.not_ready_reasons.iter().map(|reason| AgentState {
            id: Label::new(&format!("{NOT_READY}{REASON}{reason}")),
            mode: AgentMode::Break,
            name: reason.clone(),
        });
        Ok([named(READY), named(NOT_READY)].into_iter().chain(breaks).collect())
    }

    async fn state(&self, extension: &ExtensionId) -> Result<Option<AgentState>, ProviderError> {
        let email = self.email(extension).await?;
        let body = wire::Agent { email: &email, state: None, not_ready_reason: None, nrr: None };
        let answer: wire::AgentAnswer = self
            .shared
            .client
            .read("acd/agent-state/retrieve", &body)
            .await
            .map_err(|error| refusal_of_one(&error, WHAT))?;
        let Some(word) = answer.state else { return Ok(None) };
        let state = named(&word);
        if state.mode == AgentMode::Other {
            self.shared.oddities.word("agents.state", &word);
        }
        Ok(Some(state))
    }

    async fn set(&self, extension: &ExtensionId, state: &AgentState) -> Result<(), ProviderError> {
        if !self.states().await?.iter().any(|known| known.id == state.id) {
            return Err(ProviderError::NotFound { what: format!("the state {}", state.id) });
        }
        let email = self.email(extension).await?;
        let (word, reason) = match state.id.as_str().split_once(REASON) {
            Some((word, reason)) => (word, Some(reason)),
            None => (state.id.as_str(), None),
        };
        let body = wire::Agent { email: &email, state: Some(word), not_ready_reason: reason, nrr: reason };
        let answer: wire::AgentAnswer = self.shared.client.change("acd/agent-state/change", &body, WHAT).await?;
        match answer.success.as_deref() {
            Some("false" | "0") => {
                Err(ProviderError::Refused { detail: "TENIOS did not change the agent's state".into() })
            }
            Some("true" | "1") => Ok(()),
            Some(_) | None if answer.state.as_deref() == Some(word) => Ok(()),
            Some(_) | None => Err(ProviderError::Unconfirmed),
        }
    }
}

impl Tenios {
    async fn email(&self, extension: &ExtensionId) -> Result<String, ProviderError> {
        let user = self.shared.user(extension).await.map_err(|error| refusal(&error, "the list of users"))?;
        user.and_then(|user| user.email).ok_or_else(|| ProviderError::NotFound {
            what: format!("an agent at extension {extension}: agents are known by the e-mail of their user"),
        })
    }
}

fn named(word: &str) -> AgentState {
    let (mode, name) = match word.trim().to_ascii_uppercase().as_str() {
        READY => (AgentMode::Ready, "Ready"),
        NOT_READY => (AgentMode::Break, "Not ready"),
        _ => (AgentMode::Other, word),
    };
    AgentState { id: Label::new(word), mode, name: Label::new(name) }
}
