//! The extension list: the users of the cloud PBX.

use async_trait::async_trait;
use ringside_domain::Extension;
use ringside_telephony::{Extensions, ProviderError};

use super::Tenios;
use super::client::refusal;

pub const PART: &str = "extensions";
pub const WHAT: &str = "the list of users";

#[async_trait]
impl Extensions for Tenios {
    async fn list(&self) -> Result<Vec<Extension>, ProviderError> {
        self.shared.extensions().await.map_err(|error| refusal(&error, WHAT))
    }
}
