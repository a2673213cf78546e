//! Kinds of accounts: what each needs to be connected, and how it is.

use std::sync::Arc;

use ringside_domain::CapabilitySet;
use url::Url;

use crate::{AccountConfig, Provider, ProviderError, Surroundings};

/// What an account of this kind needs to be connected: the wizard draws its form from it.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// `username`, `secret`, `base_url`, or a key of `[accounts.options]`.
    pub name: &'static str,
    pub required: bool,
    /// Shown in the empty field.
    pub example: &'static str,
    /// What it may hold, the usual one first; empty where anything may stand.
    pub choices: &'static [&'static str],
}

impl Field {
    /// The account cannot be connected without it.
    pub const fn required(name: &'static str, example: &'static str) -> Self {
        Self { name, required: true, example, choices: &[] }
    }

    /// Something usual holds where it is empty.
    pub const fn optional(name: &'static str, example: &'static str) -> Self {
        Self { required: false, ..Self::required(name, example) }
    }

    /// Only these, the usual one first.
    #[must_use]
    pub const fn one_of(self, choices: &'static [&'static str]) -> Self {
        Self { choices, ..self }
    }
}

/// A kind of account: one line in the registry an adapter.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// As `accounts.provider` in the configuration names it.
    pub name: &'static str,
    /// As its vendor writes it.
    pub title: &'static str,
    pub fields: &'static [Field],
    /// The country of its customers, where it serves one alone: how their numbers without a country code are read
    /// until somebody says otherwise.
    pub region: Option<&'static str>,
    /// Its service sends something unasked (see [`crate::Pushes`]).
    pub pushes: bool,
    pub capabilities: fn() -> CapabilitySet,
    /// Whether its account's credentials may be sent to an address somebody wrote, with a sentence where not.
    pub admits: fn(&Url) -> Result<(), ProviderError>,
    /// Reads the account's settings and makes nothing of them: what is wrong is known before anything is sent.
    pub validate: fn(&AccountConfig) -> Result<(), ProviderError>,
    pub connect: fn(AccountConfig, Surroundings) -> Result<Arc<dyn Provider>, ProviderError>,
}

/// Makes the provider an account asks for; nothing is sent yet.
///
/// # Errors
/// [`ProviderError::Configuration`] for a kind nobody knows or settings the adapter cannot use.
pub fn connect(
    kinds: &[Kind],
    config: AccountConfig,
    surroundings: Surroundings,
) -> Result<Arc<dyn Provider>, ProviderError> {
    let Some(kind) = kinds.iter().find(|kind| kind.name == config.provider) else {
        let known: Vec<_> = kinds.iter().map(|kind| kind.name).collect();
        return Err(ProviderError::Configuration {
            detail: format!("there is no provider `{}`; there are {}", config.provider, known.join(", ")).into(),
        });
    };
    (kind.connect)(config, surroundings)
}
