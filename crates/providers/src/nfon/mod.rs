//! NFON's CTI API: extensions, line states, live calls, dialling. Source: the vendor's OpenAPI document 1.0.0, its
//! samples, and what clients in the field report.

mod auth;
mod board;
mod calls;
mod check;
mod client;
mod dial;
mod extensions;
mod keep;
mod live;
mod map;
mod options;
mod session;
mod states;
mod wire;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use ringside_domain::{AccountId, Capability, CapabilitySet, Problem};
use ringside_telephony::{
    AccountConfig, Dialing, EventSink, Extensions, Field, Finding, HangUp, Kind, Lines, Oddity, Provider,
    ProviderError, Surroundings,
};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::account::{Oddities, admit, clock_ahead, clock_problem};
use client::Client;
use options::Options;
use session::Shared;

pub const KIND: Kind = Kind {
    name: "nfon",
    title: "NFON",
    fields: &[
        Field::required("username", "K7001/cti"),
        Field::required("secret", ""),
        Field::optional("base_url", "https://providersupportdata.cloud-cfg.com/v1"),
    ],
    region: None,
    pushes: false,
    capabilities,
    admits: admit,
    validate: |config| Options::read(config).map(drop),
    connect,
};

/// An NFON account.
pub struct Nfon {
    shared: Arc<Shared>,
}

/// What every NFON account can do, if its key has the licences.
pub fn capabilities() -> CapabilitySet {
    CapabilitySet::of(&[
        Capability::Extensions,
        Capability::LineStates,
        Capability::LiveCalls,
        Capability::Dial,
        Capability::DialProgress,
        Capability::HangUpOwn,
    ])
}

/// # Errors
/// [`ProviderError::Configuration`] for settings that cannot be used.
pub fn connect(config: AccountConfig, surroundings: Surroundings) -> Result<Arc<dyn Provider>, ProviderError> {
    let options = Options::read(&config)?;
    let client = Client::new(&config, &options, &surroundings)?;
    let shared = Shared {
        account: config.id,
        plan: config.plan,
        options,
        client,
        oddities: Oddities::default(),
        now: surroundings.now,
        seed: surroundings.seed,
        known: Default::default(),
        polled: AtomicBool::new(false),
    };
    Ok(Arc::new(Nfon { shared: Arc::new(shared) }))
}

#[async_trait]
impl Provider for Nfon {
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
        let mut warnings = Vec::new();
        if !self.shared.client.about.extended_presence() {
            warnings.push(check::extended_presence_problem());
        }
        if self.shared.polled.load(Ordering::Relaxed) {
            warnings.push(check::polled_problem());
        }
        warnings.extend(clock_problem(self.shared.client.http.skew()));
        warnings
    }

    fn clock_ahead(&self) -> Option<i64> {
        clock_ahead(self.shared.client.http.skew())
    }

    fn oddities(&self) -> Vec<Oddity> {
        self.shared.oddities.list()
    }

    fn extensions(&self) -> Option<&dyn Extensions> {
        Some(self)
    }

    fn lines(&self) -> Option<&dyn Lines> {
        Some(self)
    }

    fn dialing(&self) -> Option<&dyn Dialing> {
        Some(self)
    }

    fn hang_up(&self) -> Option<&dyn HangUp> {
        Some(self)
    }
}
