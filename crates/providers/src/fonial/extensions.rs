//! The devices of the account: what can be rung for a callback. A device's id is its extension here, since the service
//! tells no other.

use async_trait::async_trait;
use ringside_domain::Extension;
use ringside_telephony::{Extensions, ProviderError};

use super::Fonial;
use super::trouble::refusal;

pub const WHAT: &str = "the device list";

#[async_trait]
impl Extensions for Fonial {
    async fn list(&self) -> Result<Vec<Extension>, ProviderError> {
        self.shared.devices().await.map_err(|trouble| refusal(&trouble, WHAT))
    }
}
