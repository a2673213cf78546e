//! The one place that knows the adapters by name.

use std::sync::Arc;

use ringside_telephony::{AccountConfig, Kind, Provider, ProviderError, Surroundings};

/// Every adapter. A sixth provider is a sixth line.
pub const KINDS: &[Kind] =
    &[crate::nfon::KIND, crate::fonial::KIND, crate::voicenter::KIND, crate::swisscom::KIND, crate::tenios::KIND];

/// Makes the provider an account asks for, of any kind there is; nothing is sent yet.
///
/// # Errors
/// [`ProviderError::Configuration`] for a kind nobody knows or settings the adapter cannot use.
pub fn connect(config: AccountConfig, surroundings: Surroundings) -> Result<Arc<dyn Provider>, ProviderError> {
    ringside_telephony::connect(KINDS, config, surroundings)
}
