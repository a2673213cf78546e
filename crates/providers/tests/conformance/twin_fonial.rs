//! fonial's twin.
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

pub struct Fonial(Exchange);

fn path(place: Place) -> &'static str {
    match place {
        Place::SignIn => rig::FONIAL_SIGN_IN,
        // The list that says whether the service is there is also the plain question.
        Place::Read | Place::Live => rig::FONIAL_DEVICES,
        Place::Change => rig::FONIAL_DIAL,
    }
}

#[async_trait]
impl Twin for Fonial {
    /// The session is begun, then authenticated.
    const REQUESTS_TO_SIGN_IN: usize = 2;

    async fn start() -> Self {
        let mut options = Options { dial: DialBehaviour::at_once(), ..Options::quiet() };
        options.fonial.password = format!("fonial-{CANARY}");
        Self(Exchange::start(options).await.unwrap())
    }

    fn exchange(&self) -> &Exchange {
        &self.0
    }

    fn account(&self) -> AccountConfig {
        rig::fonial_config(&self.0, rig::options(json!({"request_seconds": 2, "probe_seconds": 0.2})))
    }

    fn fault(what: FaultKind, place: Place) -> Fault {
        Fault::new(what).on(ServiceName::Fonial).path(path(place))
    }

    fn is(request: &Recorded, place: Place) -> bool {
        request.is("POST", path(place))
    }

    fn expire_tokens(&self) {
        self.0.fonial().expire_sessions();
    }

    async fn read(provider: &dyn Provider) -> Result<(), ProviderError> {
        provider.extensions().unwrap().list().await.map(drop)
    }

    async fn change(provider: &dyn Provider) -> Option<Result<(), ProviderError>> {
        let request = DialRequest {
            from: ExtensionId::new("4031"),
            to: DialTarget::Number(PhoneNumber::from_e164("+4922166966966").unwrap()),
            ring_timeout: Duration::from_secs(20),
        };
        let (steps, mut told) = mpsc::channel(32);
        let dialled = provider.dialing().unwrap().dial(request, steps).await;
        while told.recv().await.is_some() {}
        Some(dialled.map(drop))
    }
}
