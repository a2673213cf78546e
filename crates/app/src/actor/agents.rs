//! Agents: which states there are, and putting somebody into one. Asked once, and told as a reading shows it.

use std::time::Duration;

use ringside_api::view::AgentView;
use ringside_api::{ApiError, ApiEvent, Reply};
use ringside_domain::{AccountId, AgentState, ExtensionId, LineId};
use ringside_telephony::{Agents, ProviderError};

use super::inner::{Inner, ReplyTo};
use super::{Actor, answer, refuse};
use crate::view::agent;

/// How long to wait before another reading, as long as one does not show what was asked for.
const READ_AGAIN: [Duration; 3] = [Duration::from_millis(200), Duration::from_millis(500), Duration::from_secs(1)];

const CANNOT: &str = "has no agents to be logged in and out";

impl Actor {
    pub(super) fn agent_states(&self, account: &str, reply: ReplyTo) {
        let provider = match self.provider_that(&AccountId::new(account), CANNOT, |it| it.agents().is_some()) {
            Ok(provider) => provider,
            Err(error) => return answer(reply, Err(error)),
        };
        self.later(reply, async move {
            let agents = provider.agents().ok_or_else(|| told(&ProviderError::Stopped))?;
            let states = agents.states().await.map_err(|error| told(&error))?;
            Ok(Reply::AgentStates { states: states.iter().map(agent::state).collect() })
        });
    }

    pub(super) fn agent(&self, line: &str, reply: ReplyTo) {
        self.read_agent(line, None, reply);
    }

    pub(super) fn set_agent(&self, line: &str, state: String, reply: ReplyTo) {
        self.read_agent(line, Some(state), reply);
    }

    /// Reads the agent at the line beside the actor, after it was asked for the state that is wanted, if any.
    fn read_agent(&self, line: &str, wanted: Option<String>, reply: ReplyTo) {
        let Ok(line) = line.parse::<LineId>() else {
            return answer(reply, Err(refuse("bad_request", "this is not a line", "Write it as account/extension.")));
        };
        let provider = match self.provider_that(&line.account, CANNOT, |it| it.agents().is_some()) {
            Ok(provider) => provider,
            Err(error) => return answer(reply, Err(error)),
        };
        let (inner, clock) = (self.inner.clone(), self.clock.clone());
        tokio::spawn(async move {
            let read = match (provider.agents(), &wanted) {
                (None, _) => Err(told(&ProviderError::Stopped)),
                (Some(agents), None) => agents.state(&line.extension).await.map_err(|error| told(&error)),
                (Some(agents), Some(wanted)) => set(agents, &line.extension, wanted).await,
            };
            match read {
                Ok(state) => {
                    let agent = agent::agent(&line, state.as_ref(), clock.now());
                    // An actor that is gone answers nobody.
                    let _ = inner.send(Inner::Agent { agent, reply }).await;
                }
                Err(error) => answer(reply, Err(error)),
            }
        });
    }

    pub(super) fn agent_read(&mut self, agent: AgentView, reply: ReplyTo) {
        self.publish(ApiEvent::Agent { agent: agent.clone() });
        answer(reply, Ok(Reply::Agent { agent }));
    }
}

/// Asks once. Whatever came of that, what is said is what a reading shows afterwards.
async fn set(agents: &dyn Agents, extension: &ExtensionId, wanted: &str) -> Result<Option<AgentState>, ApiError> {
    let states = agents.states().await.map_err(|error| told(&error))?;
    let Some(wanted) = states.into_iter().find(|state| state.id.as_str() == wanted) else {
        let message = format!("the service has no state `{wanted}`");
        return Err(refuse("not_found", message, "Choose one of the account's states."));
    };
    let lost = match agents.set(extension, &wanted).await {
        Ok(()) => false,
        Err(ProviderError::Unconfirmed) => true,
        Err(error) => return Err(told(&error)),
    };
    match read_back(agents, extension, &wanted).await {
        Ok(Some(now)) if !lost || now.id == wanted.id => Ok(Some(now)),
        Ok(None) if !lost => Ok(None),
        Ok(_) => Err(refuse(
            "unconfirmed",
            "no answer came, and the service does not show the new state",
            "Refresh before you try again.",
        )),
        Err(error) => Err(refuse(
            "unconfirmed",
            format!("the new state could not be confirmed: {error}"),
            "Refresh before you try again.",
        )),
    }
}

async fn read_back(
    agents: &dyn Agents,
    extension: &ExtensionId,
    wanted: &AgentState,
) -> Result<Option<AgentState>, ProviderError> {
    let mut read = agents.state(extension).await;
    for wait in READ_AGAIN {
        if matches!(&read, Ok(Some(now)) if now.id == wanted.id) {
            break;
        }
        tokio::time::sleep(wait).await;
        read = agents.state(extension).await;
    }
    read
}

fn told(error: &ProviderError) -> ApiError {
    error.problem().into()
}
