//! Where services send what nobody asked for.

use ringside_domain::AccountId;
use ringside_providers::port::PushAddress;

use super::Actor;

impl Actor {
    /// Where the account's service is to say that an order is done; `None` as long as nothing listens.
    pub(super) fn push_address(&self, _account: &AccountId) -> Option<PushAddress> {
        None
    }
}
