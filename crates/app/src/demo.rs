//! A pretended office to look around in, started by whoever can make one.

use async_trait::async_trait;
use ringside_domain::Contact;
use secrecy::SecretString;

use crate::config::{AccountEntry, BoardGroup};

/// What the demo office needs to be connected to: nothing of it is written to the configuration.
pub struct DemoSetup {
    pub accounts: Vec<(AccountEntry, SecretString)>,
    /// `account/extension`.
    pub mine: Vec<String>,
    pub contacts: Vec<Contact>,
    pub groups: Vec<BoardGroup>,
}

#[async_trait]
pub trait DemoOffice: Send + Sync {
    /// Opens the office; a second call answers with the same one.
    ///
    /// # Errors
    /// When no port on loopback is to be had.
    async fn open(&self) -> anyhow::Result<DemoSetup>;
}
