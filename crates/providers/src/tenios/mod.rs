//! TENIOS's voice API: cloud PBX users, callbacks, call records, agents, numbers to order, and posts about live calls.
//! Source: the vendor's documentation and its samples. Not published: how call records write times, how an order's push
//! proves itself, which posts name the user a call is forwarded to.

mod agents;
mod auth;
mod board;
mod check;
mod client;
mod course;
mod dial;
mod extensions;
mod journal;
mod live;
mod map;
mod numbers;
mod options;
mod pdf;
mod pdf_syntax;
mod proof;
mod pushes;
mod session;
mod stamp;
mod users;
mod walk;
mod wire;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use async_trait::async_trait;
use ringside_domain::{AccountId, Capability, CapabilitySet, Problem};
use ringside_telephony::{
    AccountConfig, Agents, Dialing, EventSink, Extensions, Field, Finding, Journal, Kind, NumberOrders, Oddity,
    Provider, ProviderError, Pushes, Surroundings,
};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::account::{Oddities, admit, clock_ahead, clock_problem};
use client::Client;
use options::Options;
use proof::Proof;
use session::Shared;

pub const KIND: Kind = Kind {
    name: "tenios",
    title: "TENIOS",
    fields: &[
        Field::required("secret", ""),
        Field::optional("callback_config_id", "4711"),
        Field::optional("base_url", "https://api.tenios.com"),
    ],
    region: Some("DE"),
    pushes: true,
    capabilities,
    admits: admit,
    validate: |config| Options::read(config).map(drop),
    connect,
};

/// A TENIOS account.
pub struct Tenios {
    shared: Arc<Shared>,
}

const ALWAYS: [Capability; 5] = [
    Capability::Extensions,
    Capability::LiveCalls,
    Capability::Journal,
    Capability::AgentState,
    Capability::NumberOrders,
];
/// With a callback configuration.
const DIALLING: [Capability; 2] = [Capability::Dial, Capability::DialProgress];

/// What every TENIOS account can do, if dialling is set up in the portal.
pub fn capabilities() -> CapabilitySet {
    CapabilitySet::of(&[ALWAYS.as_slice(), DIALLING.as_slice()].concat())
}

/// The secret is the access key. Where the posts of the portal carry another one, that follows after a blank.
///
/// # Errors
/// [`ProviderError::Configuration`] for settings that cannot be used.
pub fn connect(config: AccountConfig, surroundings: Surroundings) -> Result<Arc<dyn Provider>, ProviderError> {
    let options = Options::read(&config)?;
    let mut keys = config.secret.expose_secret().split_whitespace();
    let key: SecretString = keys.next().unwrap_or_default().into();
    let post_key = keys.next().map(SecretString::from);
    if key.expose_secret().is_empty() {
        return Err(ProviderError::Configuration {
            detail: "a TENIOS account needs its access key as the password".into(),
        });
    }
    let proof = Proof::new(&key, post_key);
    let client = Client::new(key, &options, &surroundings)?;
    let shared = Shared {
        account: config.id,
        plan: config.plan,
        page_size: AtomicU64::new(options.page_size),
        options,
        client,
        oddities: Oddities::default(),
        now: surroundings.now,
        seed: surroundings.seed,
        proof,
        users: Default::default(),
        board: Default::default(),
    };
    Ok(Arc::new(Tenios { shared: Arc::new(shared) }))
}

/// The problem for the user, who has entered a key and no name and password.
fn problem(error: &ProviderError) -> Problem {
    if !error.needs_sign_in() {
        return error.problem();
    }
    Problem::new(
        error.code(),
        "TENIOS refused the access key",
        "Copy the access key from the TENIOS portal and enter it again under Accounts.",
    )
}

impl Tenios {
    fn dials(&self) -> bool {
        !self.shared.options.callbacks.none()
    }
}

#[async_trait]
impl Provider for Tenios {
    fn account(&self) -> &AccountId {
        &self.shared.account
    }

    fn capabilities(&self) -> CapabilitySet {
        if self.dials() { capabilities() } else { CapabilitySet::of(&ALWAYS) }
    }

    async fn run(self: Arc<Self>, events: EventSink, stop: CancellationToken) {
        live::run(&self.shared, events, stop).await;
    }

    async fn check(&self, findings: mpsc::Sender<Finding>) {
        check::run(self, &findings).await;
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
        if self.dials() { Some(self) } else { None }
    }

    fn journal(&self) -> Option<&dyn Journal> {
        Some(self)
    }

    fn agents(&self) -> Option<&dyn Agents> {
        Some(self)
    }

    fn number_orders(&self) -> Option<&dyn NumberOrders> {
        Some(self)
    }

    fn pushes(&self) -> Option<&dyn Pushes> {
        Some(self)
    }
}
