//! The services' twins: the exchange, and where on it each kind of request goes.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ringside_domain::{ExtensionId, PhoneNumber, ScenarioId};
use ringside_exchange::{DialBehaviour, Exchange, Fault, FaultKind, Options, Recorded, ServiceName};
use ringside_telephony::{AccountConfig, DialRequest, DialTarget, Provider, ProviderError};
use serde_json::json;
use tokio::sync::mpsc;

use crate::rig;

/// In every secret of every twin; it must show nowhere.
pub const CANARY: &str = "canary-5e1f-07c3";

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Where tokens or sessions come from.
    SignIn,
    /// What [`Twin::read`] asks.
    Read,
    /// What the running account lives on: a stream, or the list that is polled.
    Live,
    /// What [`Twin::change`] asks: it must not be repeated.
    Change,
}

/// A service on loopback that an adapter is held against.
#[async_trait]
pub trait Twin: Send + Sync + Sized {
    /// How many requests one sign-in takes.
    const REQUESTS_TO_SIGN_IN: usize = 1;
    /// Whether the service hands out tokens that end. Another is sent the account's own secret with every request.
    const TOKENS: bool = true;

    async fn start() -> Self;

    fn exchange(&self) -> &Exchange;

    /// The account with its right secret.
    fn account(&self) -> AccountConfig;

    /// A fault switch for one kind of request.
    fn fault(what: FaultKind, place: Place) -> Fault;

    fn is(request: &Recorded, place: Place) -> bool;

    /// Every token given out so far is refused from now on; nothing where there are none.
    fn expire_tokens(&self);

    /// Whether what [`Twin::read`] asks needs a token. Of a service whose secret stands in every request it does not.
    fn signs_in() -> bool {
        true
    }

    /// A plain question that may be repeated.
    async fn read(provider: &dyn Provider) -> Result<(), ProviderError>;

    /// Something that rings a telephone or redirects calls; `None` for a service that can do neither.
    async fn change(provider: &dyn Provider) -> Option<Result<(), ProviderError>>;
}

/// NFON's twin.
pub struct Nfon(Exchange);

/// Swisscom's twin.
pub struct Swisscom(Exchange);

fn options() -> Options {
    let mut options = Options { dial: DialBehaviour::at_once(), ..Options::quiet() };
    options.nfon.password = format!("nfon-{CANARY}");
    options.swisscom.customer_secret = format!("swisscom-{CANARY}");
    options.swisscom.changing = Duration::ZERO;
    options
}

#[async_trait]
impl Twin for Nfon {
    async fn start() -> Self {
        Self(Exchange::start(options()).await.unwrap())
    }

    fn exchange(&self) -> &Exchange {
        &self.0
    }

    fn account(&self) -> AccountConfig {
        rig::nfon_config(&self.0, rig::options(json!({"request_seconds": 2})))
    }

    fn fault(what: FaultKind, place: Place) -> Fault {
        let fault = Fault::new(what).on(ServiceName::Nfon);
        match place {
            Place::SignIn => fault.path(rig::LOGIN),
            Place::Read => fault.method("GET").path(rig::DATA),
            Place::Live => fault.method("GET").path(rig::CALLS),
            Place::Change => fault.method("POST").path(rig::CALLS),
        }
    }

    fn is(request: &Recorded, place: Place) -> bool {
        match place {
            Place::SignIn => request.path == rig::LOGIN,
            Place::Read => request.is("GET", rig::DATA),
            Place::Live => request.is("GET", rig::CALLS),
            Place::Change => request.is("POST", rig::CALLS),
        }
    }

    fn expire_tokens(&self) {
        self.0.nfon().expire_access_tokens();
    }

    async fn read(provider: &dyn Provider) -> Result<(), ProviderError> {
        provider.extensions().unwrap().list().await.map(drop)
    }

    async fn change(provider: &dyn Provider) -> Option<Result<(), ProviderError>> {
        let request = DialRequest {
            from: ExtensionId::new("31"),
            to: DialTarget::Number(PhoneNumber::from_e164("+4922166966966").unwrap()),
            ring_timeout: Duration::from_secs(20),
        };
        let (steps, mut told) = mpsc::channel(32);
        let dialled = provider.dialing().unwrap().dial(request, steps).await;
        while told.recv().await.is_some() {}
        Some(dialled.map(drop))
    }
}

#[async_trait]
impl Twin for Swisscom {
    async fn start() -> Self {
        Self(Exchange::start(options()).await.unwrap())
    }

    fn exchange(&self) -> &Exchange {
        &self.0
    }

    fn account(&self) -> AccountConfig {
        rig::swisscom_config(&self.0, rig::options(json!({"request_seconds": 2, "poll_seconds": 0.2})))
    }

    fn fault(what: FaultKind, place: Place) -> Fault {
        let fault = Fault::new(what);
        let gateway = |fault: Fault| fault.on(ServiceName::Swisscom);
        match place {
            Place::SignIn => fault.on(ServiceName::SwisscomToken),
            Place::Read | Place::Live => gateway(fault).method("GET"),
            Place::Change => gateway(fault).method("PUT"),
        }
    }

    fn is(request: &Recorded, place: Place) -> bool {
        let gateway = request.service == ServiceName::Swisscom;
        match place {
            Place::SignIn => request.service == ServiceName::SwisscomToken,
            Place::Read | Place::Live => gateway && request.method == "GET",
            Place::Change => gateway && request.method == "PUT",
        }
    }

    fn expire_tokens(&self) {
        self.0.swisscom().expire_tokens();
    }

    async fn read(provider: &dyn Provider) -> Result<(), ProviderError> {
        provider.forwarding().unwrap().list().await.map(drop)
    }

    async fn change(provider: &dyn Provider) -> Option<Result<(), ProviderError>> {
        Some(provider.forwarding().unwrap().set(&ScenarioId::new("17"), true).await)
    }
}

/// How many requests of a kind came.
pub fn count<T: Twin>(twin: &T, place: Place) -> usize {
    twin.exchange().tape().count(|request| T::is(request, place))
}

pub fn provider<T: Twin>(twin: &T) -> Arc<dyn Provider> {
    rig::connect(twin.account())
}
