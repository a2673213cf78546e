//! TENIOS's twin: no tokens, but a key that is tried once.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::time::Duration;

use async_trait::async_trait;
use ringside_domain::{ExtensionId, PhoneNumber};
use ringside_exchange::{DialBehaviour, Exchange, Fault, FaultKind, Options, Recorded, ServiceName};
use ringside_telephony::{AccountConfig, DialRequest, DialTarget, Provider, ProviderError};
use serde_json::json;
use tokio::sync::mpsc;

use crate::rig;
use crate::twin::{CANARY, Place, Twin};

const RECORDS: &str = "/cdrs/retrieve";
const USERS: &str = "/cloud-pbx/list";
const CALLBACK: &str = "/callback/init";

pub struct Tenios(Exchange);

#[async_trait]
impl Twin for Tenios {
    const TOKENS: bool = false;

    async fn start() -> Self {
        let mut options = Options { dial: DialBehaviour::at_once(), ..Options::quiet() };
        options.tenios.access_key = format!("tenios-{CANARY}");
        Self(Exchange::start(options).await.unwrap())
    }

    fn exchange(&self) -> &Exchange {
        &self.0
    }

    fn account(&self) -> AccountConfig {
        let options = json!({
            "request_seconds": 2, "poll_seconds": 0.2, "status_seconds": 0.02, "callback_config_id": 4711,
        });
        rig::tenios_config(&self.0, rig::options(options))
    }

    fn fault(what: FaultKind, place: Place) -> Fault {
        Fault::new(what).on(ServiceName::Tenios).path(path(place))
    }

    fn is(request: &Recorded, place: Place) -> bool {
        request.service == ServiceName::Tenios && request.is("POST", path(place))
    }

    fn expire_tokens(&self) {}

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

fn path(place: Place) -> &'static str {
    match place {
        Place::SignIn => RECORDS,
        Place::Read | Place::Live => USERS,
        Place::Change => CALLBACK,
    }
}
