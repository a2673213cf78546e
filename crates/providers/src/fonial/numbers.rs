//! The numbers of the account.

use async_trait::async_trait;
use ringside_domain::OwnNumber;
use ringside_telephony::{Numbers, ProviderError};

use super::Fonial;
use super::trouble::refusal;

pub const WHAT: &str = "the number list";

#[async_trait]
impl Numbers for Fonial {
    async fn list(&self) -> Result<Vec<OwnNumber>, ProviderError> {
        self.shared.numbers().await.map_err(|trouble| refusal(&trouble, WHAT))
    }
}
