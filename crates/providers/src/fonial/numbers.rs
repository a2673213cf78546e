//! The numbers of the account.

use async_trait::async_trait;
use ringside_domain::OwnNumber;

use super::Fonial;
use super::trouble::refusal;
use ringside_telephony::Numbers;
use ringside_telephony::ProviderError;

pub const WHAT: &str = "the number list";

#[async_trait]
impl Numbers for Fonial {
    async fn list(&self) -> Result<Vec<OwnNumber>, ProviderError> {
        self.shared.numbers().await.map_err(|trouble| refusal(&trouble, WHAT))
    }
}
