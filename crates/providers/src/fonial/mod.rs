//! fonial's API 2.0: devices, callback dialling, numbers, and the record of past calls. Source: the vendor's document,
//! clients in the field, and answers that somebody has seen; much of it is not documented.

mod auth;
mod check;
mod client;
mod dial;
mod door;
mod envelope;
mod extensions;
mod journal;
mod live;
mod map;
mod numbers;
mod options;
mod record;
mod shared;
mod times;
mod trouble;
mod wire;

use std::sync::Arc;

use async_trait::async_trait;
use ringside_domain::{AccountId, Capability, CapabilitySet, Problem};
use ringside_telephony::{
    AccountConfig, Dialing, EventSink, Extensions, Field, Finding, Journal, Kind, Numbers, Oddity, Provider,
    ProviderError, Surroundings,
};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::account::{Oddities, admit, clock_ahead, clock_problem};
use client::Client;
use options::Options;
use shared::Shared;

pub const KIND: Kind = Kind {
    name: "fonial",
    title: "fonial",
    fields: &[
        Field::required("username", "office@example.com"),
        Field::required("secret", ""),
        Field::optional("base_url", "https://kundenkonto.fonial.de/api/2.0"),
    ],
    region: Some("DE"),
    pushes: false,
    capabilities,
    admits: admit,
    validate: |config| Options::read(config).map(drop),
    connect,
};

/// A fonial account.
pub struct Fonial {
    shared: Arc<Shared>,
}

/// What every account can do whose API is enabled.
pub fn capabilities() -> CapabilitySet {
    CapabilitySet::of(&[Capability::Extensions, Capability::Dial, Capability::Journal, Capability::Numbers])
}

/// # Errors
/// [`ProviderError::Configuration`] for settings that cannot be used.
pub fn connect(config: AccountConfig, surroundings: Surroundings) -> Result<Arc<dyn Provider>, ProviderError> {
    let options = Options::read(&config)?;
    let oddities = Arc::new(Oddities::default());
    let client = Client::new(&config, &options, &surroundings, Arc::clone(&oddities))?;
    let shared = Shared {
        account: config.id,
        plan: config.plan,
        options,
        client,
        oddities,
        now: surroundings.now,
        seed: surroundings.seed,
        doubt: Default::default(),
        names: Default::default(),
    };
    Ok(Arc::new(Fonial { shared: Arc::new(shared) }))
}

#[async_trait]
impl Provider for Fonial {
    fn account(&self) -> &AccountId {
        &self.shared.account
    }

    fn capabilities(&self) -> CapabilitySet {
        capabilities()
    }

    async fn run(self: Arc<Self>, events: EventSink, stop: CancellationToken) {
        live::run(&self.shared, events, stop).await;
    }

    async fn check(&self, findings: mpsc::Sender<Finding>) {
        check::run(&self.shared, &findings).await;
    }

    fn warnings(&self) -> Vec<Problem> {
        clock_problem(self.shared.client.skew()).into_iter().collect()
    }

    fn clock_ahead(&self) -> Option<i64> {
        clock_ahead(self.shared.client.skew())
    }

    fn oddities(&self) -> Vec<Oddity> {
        self.shared.oddities.list()
    }

    fn extensions(&self) -> Option<&dyn Extensions> {
        Some(self)
    }

    fn dialing(&self) -> Option<&dyn Dialing> {
        Some(self)
    }

    fn journal(&self) -> Option<&dyn Journal> {
        Some(self)
    }

    fn numbers(&self) -> Option<&dyn Numbers> {
        Some(self)
    }
}
