//! Swisscom's manual forwarding for enterprise SIP: scenarios that are listed and thrown. Source: the vendor's
//! factsheet and its documents on sibling products; the form of scenarios and of the change is not published.

mod auth;
mod check;
mod client;
mod live;
mod map;
mod options;
mod scenarios;
mod wire;

use std::sync::Arc;

use async_trait::async_trait;
use ringside_domain::{AccountId, Capability, CapabilitySet, Problem, Timestamp};
use ringside_telephony::{
    AccountConfig, EventSink, Field, Finding, ForwardingScenarios, Kind, Oddity, Provider, ProviderError, Surroundings,
};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::account::{Oddities, admit, clock_ahead, clock_problem};
use client::Client;
use options::Options;

pub const KIND: Kind = Kind {
    name: "swisscom",
    title: "Swisscom",
    fields: &[
        Field::required("username", "Customer Key"),
        Field::required("secret", ""),
        Field::optional("base_url", "https://api.swisscom.com/layer/esip-manual-forwarding/production/SEP"),
        Field::optional("token_url", "https://consent.swisscom.com/o/oauth2/token"),
        Field::optional("action_body", "action"),
    ],
    region: Some("CH"),
    pushes: false,
    capabilities,
    admits: admit,
    validate: |config| Options::read(config).map(drop),
    connect,
};

/// A Swisscom subscription.
pub struct Swisscom {
    account: AccountId,
    options: Options,
    client: Client,
    oddities: Oddities,
    now: fn() -> Timestamp,
    seed: u64,
}

/// What every subscription can do.
pub fn capabilities() -> CapabilitySet {
    CapabilitySet::of(&[Capability::Scenarios])
}

/// # Errors
/// [`ProviderError::Configuration`] for settings that cannot be used.
pub fn connect(config: AccountConfig, surroundings: Surroundings) -> Result<Arc<dyn Provider>, ProviderError> {
    let options = Options::read(&config)?;
    let client = Client::new(&config, &options, &surroundings)?;
    Ok(Arc::new(Swisscom {
        account: config.id,
        options,
        client,
        oddities: Oddities::default(),
        now: surroundings.now,
        seed: surroundings.seed,
    }))
}

#[async_trait]
impl Provider for Swisscom {
    fn account(&self) -> &AccountId {
        &self.account
    }

    fn capabilities(&self) -> CapabilitySet {
        capabilities()
    }

    async fn run(self: Arc<Self>, events: EventSink, stop: CancellationToken) {
        live::run(&self, events, stop).await;
    }

    async fn check(&self, findings: mpsc::Sender<Finding>) {
        check::run(self, &findings).await;
    }

    fn warnings(&self) -> Vec<Problem> {
        clock_problem(self.client.skew()).into_iter().collect()
    }

    fn clock_ahead(&self) -> Option<i64> {
        clock_ahead(self.client.skew())
    }

    fn oddities(&self) -> Vec<Oddity> {
        self.oddities.list()
    }

    fn forwarding(&self) -> Option<&dyn ForwardingScenarios> {
        Some(self)
    }
}
