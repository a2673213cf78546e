//! Voicenter: extensions, calls in real time, click-to-call, the call log, agents, and its pushes. Sources: the
//! vendor's pages and repositories, and what clients in the field report; what neither says is named where it is read.
//!
//! An extension is known by its SIP code, which every interface of the service speaks of. One call has one id in all
//! of them.

mod agents;
mod auth;
mod board;
mod check;
mod client;
mod dial;
mod epoch;
mod extensions;
mod listen;
mod live;
mod map;
mod meaning;
mod options;
mod past;
mod poll;
mod push;
mod realtime;
mod record;
mod session;
mod silence;
mod wire;
mod xml;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use ringside_domain::{AccountId, Capability, CapabilitySet, Problem};
use ringside_telephony::{
    AccountConfig, Agents, Dialing, EventSink, Extensions, Field, Finding, HangUp, Journal, Kind, Lines, Oddity,
    Provider, ProviderError, Pushes, Surroundings,
};
use ringside_transport::Spoken;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::account::{Oddities, admit, clock_ahead, clock_problem};
use client::Client;
use options::Options;
use session::Shared;

pub const KIND: Kind = Kind {
    name: "voicenter",
    title: "Voicenter",
    fields: &[
        Field::required("secret", ""),
        Field::optional("login", "token").one_of(&["token", "user", "account", "none"]),
        Field::optional("login_name", "user@company.example"),
        Field::optional("base_url", ""),
    ],
    region: Some("IL"),
    pushes: true,
    capabilities,
    admits: admit,
    validate: |config| Options::read(config).map(drop),
    connect,
};

/// A Voicenter account.
pub struct Voicenter {
    shared: Arc<Shared>,
}

/// What every Voicenter account can do, from an address that is on its allow-list.
pub fn capabilities() -> CapabilitySet {
    CapabilitySet::of(&[
        Capability::Extensions,
        Capability::LineStates,
        Capability::LiveCalls,
        Capability::Dial,
        Capability::HangUpAny,
        Capability::Journal,
        Capability::AgentState,
    ])
}

/// # Errors
/// [`ProviderError::Configuration`] for settings that cannot be used.
pub fn connect(config: AccountConfig, surroundings: Surroundings) -> Result<Arc<dyn Provider>, ProviderError> {
    let options = Options::read(&config)?;
    let client = Client::new(&config.secret, &options, &surroundings)?;
    let shared = Shared {
        account: config.id,
        plan: config.plan,
        options,
        client,
        oddities: Oddities::default(),
        now: surroundings.now,
        seed: surroundings.seed,
        known: Default::default(),
        board: Default::default(),
        pace: Default::default(),
        polled: AtomicBool::new(false),
        spoken: Spoken::default(),
    };
    Ok(Arc::new(Voicenter { shared: Arc::new(shared) }))
}

#[async_trait]
impl Provider for Voicenter {
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
        let polled = self.shared.polled.load(Ordering::Relaxed);
        polled.then(check::polled_problem).into_iter().chain(clock_problem(self.shared.client.skew())).collect()
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

    fn lines(&self) -> Option<&dyn Lines> {
        Some(self)
    }

    fn dialing(&self) -> Option<&dyn Dialing> {
        Some(self)
    }

    fn hang_up(&self) -> Option<&dyn HangUp> {
        Some(self)
    }

    fn journal(&self) -> Option<&dyn Journal> {
        Some(self)
    }

    fn agents(&self) -> Option<&dyn Agents> {
        Some(self)
    }

    fn pushes(&self) -> Option<&dyn Pushes> {
        Some(self)
    }
}
