//! Forwarding scenarios: list, find, throw. What is asked for is not what is: the caller reads back.

use async_trait::async_trait;
use ringside_domain::{Scenario, ScenarioId};
use ringside_telephony::{ForwardingScenarios, Health, ProviderError};
use ringside_transport::{TransportError, json};
use serde_json::Value;

use super::client::{refusal, refusal_of_one, scenario};
use super::{Swisscom, map, wire};

pub const WHAT: &str = "the scenario list";

#[async_trait]
impl ForwardingScenarios for Swisscom {
    async fn health(&self) -> Result<Health, ProviderError> {
        health(&self.client).await
    }

    async fn list(&self) -> Result<Vec<Scenario>, ProviderError> {
        let answer = self.client.list().await.map_err(|error| refusal(&error, WHAT))?;
        map::list(&answer, &self.oddities).ok_or_else(|| unreadable(&self.oddities, WHAT, &answer))
    }

    async fn find(&self, id: &ScenarioId) -> Result<Scenario, ProviderError> {
        let answer = self.raw(id).await?;
        map::find(&answer, id, &self.oddities).ok_or_else(|| unreadable(&self.oddities, &scenario(id), &answer))
    }

    async fn set(&self, id: &ScenarioId, active: bool) -> Result<(), ProviderError> {
        let body = match wire::action(&self.options.action_body, active) {
            Some(body) => body,
            None => {
                let answer = self.raw(id).await?;
                map::changed(&answer, id, active).ok_or_else(|| ProviderError::Configuration {
                    detail: format!("{} has no state that could be changed; choose another action_body", scenario(id))
                        .into(),
                })?
            }
        };
        self.client.put(id, &body).await
    }

    fn verified_live(&self) -> bool {
        false
    }
}

impl Swisscom {
    async fn raw(&self, id: &ScenarioId) -> Result<Value, ProviderError> {
        self.client.find(id).await.map_err(|error| refusal_of_one(&error, id))
    }
}

/// # Errors
/// As [`ForwardingScenarios::health`].
pub async fn health(client: &super::client::Client) -> Result<Health, ProviderError> {
    const WHAT: &str = "the health check";
    let answer = client.health().await.map_err(|error| refusal(&error, WHAT))?;
    match json::html_title(&answer.body, answer.content_type()) {
        Some(title) => Err(refusal(&TransportError::Html { title }, WHAT)),
        None => Ok(map::health(&answer.body)),
    }
}

/// JSON that is no scenario: kept for the diagnostics, since the vendor's form is not known.
pub fn unreadable(oddities: &crate::account::Oddities, what: &str, answer: &Value) -> ProviderError {
    oddities.payload("scenarios", &answer.to_string());
    ProviderError::BadAnswer {
        detail: format!("{what} has a form that Ringside does not know; the diagnostics show it").into(),
    }
}
