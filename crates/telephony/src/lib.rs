//! The port of telephony services: what the app asks of any telephony service, by capability and never by vendor.
//!
//! An adapter implements [`Provider`] and, for each thing its service can do, one of the small traits that `Provider`
//! hands out as an option. An action whose option is `None` is absent in every host; nothing fails at the click.
//!
//! This crate knows no vendor, no HTTP, no store and no interface. A [`Kind`] is what a vendor's adapter says of itself
//! before there is an account; [`connect`] makes a [`Provider`] of an account's settings. Start reading at [`Provider`],
//! and at [`ProviderError`] for what a caller may ask of a failure.

mod agents;
pub mod error;
mod finding;
mod journal;
mod kind;
mod numbers;
mod pushes;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ringside_domain::{
    AccountId, CallId, CapabilitySet, Event, Extension, ExtensionId, LineUpdate, NumberPlan, PhoneNumber, Problem,
    Scenario, ScenarioId,
};
use secrecy::SecretString;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use url::Url;

pub use agents::Agents;
pub use error::ProviderError;
pub use finding::{Finding, Note, Verdict};
pub use journal::{Journal, JournalReach};
pub use kind::{Field, Kind, connect};
pub use numbers::{NumberOrders, Numbers, OrderRequest, PushAddress, Verification};
pub use pushes::{Push, PushReply, Pushes, Received};

/// An account as configured, with its secret fetched.
#[derive(Clone, Debug)]
pub struct AccountConfig {
    pub id: AccountId,
    /// The [`Kind::name`] of the adapter.
    pub provider: String,
    /// Replaces the vendor's own address.
    pub base_url: Option<Url>,
    pub username: Option<String>,
    pub secret: SecretString,
    /// `[accounts.options]`, whatever the adapter documents.
    pub options: serde_json::Map<String, serde_json::Value>,
    pub plan: NumberPlan,
}

/// What adapters get from the outside world, so that tests can hold it still.
#[derive(Clone)]
pub struct Surroundings {
    pub now: fn() -> ringside_domain::Timestamp,
    /// Seed of the jitter; another one in each process.
    pub seed: u64,
    /// `Ringside/<version>`; adapters append what their vendor asks for.
    pub user_agent: String,
}

/// An event with the moment its last byte left the socket, for the latency page.
#[derive(Clone, Debug)]
pub struct Arrived {
    pub received: tokio::time::Instant,
    pub event: Event,
}

impl Arrived {
    pub fn now(event: Event) -> Self {
        Self { received: tokio::time::Instant::now(), event }
    }
}

/// Where an adapter puts its events. Bounded: a full channel holds the adapter back, never the memory.
pub type EventSink = mpsc::Sender<Arrived>;

/// One service account, connected or trying to be.
#[async_trait]
pub trait Provider: Send + Sync {
    fn account(&self) -> &AccountId;

    fn capabilities(&self) -> CapabilitySet;

    /// Keeps the account's link until `stop`: signs in, reads lists and states, streams or polls, reconnects, and
    /// reports all of it, [`Event::Link`] first. Returns only when stopped.
    async fn run(self: Arc<Self>, events: EventSink, stop: CancellationToken);

    /// Tries everything the account should be able to do without ringing or redirecting anything, one finding at a
    /// time, in an order an administrator can follow.
    async fn check(&self, findings: mpsc::Sender<Finding>);

    /// Something the administrator should know although nothing failed.
    fn warnings(&self) -> Vec<Problem> {
        Vec::new()
    }

    /// Seconds this computer's clock is ahead of the service's, negative if it is behind; `None` where the two agree or
    /// nothing is known.
    fn clock_ahead(&self) -> Option<i64> {
        None
    }

    /// What was received and not understood, redacted, newest last; for the diagnostics page.
    fn oddities(&self) -> Vec<Oddity> {
        Vec::new()
    }

    fn extensions(&self) -> Option<&dyn Extensions> {
        None
    }

    fn lines(&self) -> Option<&dyn Lines> {
        None
    }

    fn dialing(&self) -> Option<&dyn Dialing> {
        None
    }

    fn hang_up(&self) -> Option<&dyn HangUp> {
        None
    }

    fn forwarding(&self) -> Option<&dyn ForwardingScenarios> {
        None
    }

    fn journal(&self) -> Option<&dyn Journal> {
        None
    }

    fn agents(&self) -> Option<&dyn Agents> {
        None
    }

    fn numbers(&self) -> Option<&dyn Numbers> {
        None
    }

    fn number_orders(&self) -> Option<&dyn NumberOrders> {
        None
    }

    /// What this account takes from its service unasked.
    fn pushes(&self) -> Option<&dyn Pushes> {
        None
    }
}

/// Something a service sent that the adapter does not know, counted once a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Oddity {
    /// Where it was, such as `calls.state`.
    pub place: String,
    /// The word or a redacted excerpt of the payload.
    pub excerpt: String,
    pub count: u64,
}

#[async_trait]
pub trait Extensions: Send + Sync {
    async fn list(&self) -> Result<Vec<Extension>, ProviderError>;
}

#[async_trait]
pub trait Lines: Send + Sync {
    /// The state of every line now.
    async fn snapshot(&self) -> Result<Vec<LineUpdate>, ProviderError>;
}

/// What to dial, already read and checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DialTarget {
    Number(PhoneNumber),
    Extension(ExtensionId),
    /// A service code such as `*87`.
    Code(String),
}

#[derive(Clone, Debug)]
pub struct DialRequest {
    pub from: ExtensionId,
    pub to: DialTarget,
    /// How long our own side may ring.
    pub ring_timeout: Duration,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DialStep {
    /// The provider took the request. `call` is `None` where it names none.
    Accepted {
        call: Option<CallId>,
    },
    /// Our own telephone rings.
    CallerRinging,
    CallerAnswered,
    /// The other side is being dialled.
    CalleeDialing,
    CalleeRinging,
    CalleeAnswered,
    /// A word we do not know.
    Other(String),
}

/// Every dial ends in one of these or in a [`ProviderError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DialOutcome {
    /// Both sides talk.
    Connected,
    /// Taken by a service that reports nothing further.
    Accepted,
    /// Our own side did not answer in time, or the other side did not.
    NoAnswer,
    Busy,
    Rejected,
    Cancelled,
    Failed,
    /// The answer was lost: a telephone may or may not be ringing. Never repeated by itself.
    Unknown,
}

#[async_trait]
pub trait Dialing: Send + Sync {
    /// Sends the request exactly once and reports each step. Dropping the future does not end the call.
    ///
    /// # Errors
    /// [`ProviderError::Unconfirmed`] where the request left and no answer came: somebody's telephone may ring.
    async fn dial(&self, request: DialRequest, steps: mpsc::Sender<DialStep>) -> Result<DialOutcome, ProviderError>;

    /// Whether the service connects to an extension of the account; some take public numbers alone.
    fn dials_extensions(&self) -> bool {
        true
    }
}

#[async_trait]
pub trait HangUp: Send + Sync {
    /// # Errors
    /// [`ProviderError::TooLate`] where the service can end a call only while it is being set up.
    async fn hang_up(&self, call: &CallId, extension: &ExtensionId) -> Result<(), ProviderError>;
}

#[async_trait]
pub trait ForwardingScenarios: Send + Sync {
    /// Whether the service says it is well; the text is its own.
    async fn health(&self) -> Result<Health, ProviderError>;

    async fn list(&self) -> Result<Vec<Scenario>, ProviderError>;

    async fn find(&self, id: &ScenarioId) -> Result<Scenario, ProviderError>;

    /// Asks for the change exactly once. `Ok` means taken, not done: read back with [`Self::find`].
    ///
    /// # Errors
    /// [`ProviderError::Unconfirmed`] where the request left and no answer came.
    async fn set(&self, id: &ScenarioId, active: bool) -> Result<(), ProviderError>;

    /// Whether somebody has seen the change work against the live service.
    fn verified_live(&self) -> bool;
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    Up(String),
    Degraded(String),
}
