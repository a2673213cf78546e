//! Logging agents in and out.

use async_trait::async_trait;
use ringside_domain::{AgentState, ExtensionId};

use crate::ProviderError;

#[async_trait]
pub trait Agents: Send + Sync {
    /// The states an agent can be put into, in the order to offer them.
    async fn states(&self) -> Result<Vec<AgentState>, ProviderError>;

    /// The state the agent at this extension is in; `None` where the service does not say.
    async fn state(&self, extension: &ExtensionId) -> Result<Option<AgentState>, ProviderError>;

    /// # Errors
    /// [`ProviderError::NotFound`] for an extension or a state the service does not know.
    async fn set(&self, extension: &ExtensionId, state: &AgentState) -> Result<(), ProviderError>;
}
