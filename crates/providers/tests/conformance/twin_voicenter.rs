//! Voicenter's twin. Its REST interfaces know no token: the code stands in every request.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::time::Duration;

use async_trait::async_trait;
use ringside_domain::{ExtensionId, PhoneNumber};
use ringside_exchange::{DialBehaviour, Exchange, Fault, FaultKind, Options, Recorded, ServiceName, VoicenterOptions};
use ringside_telephony::{AccountConfig, DialRequest, DialTarget, Provider, ProviderError};
use serde_json::json;
use tokio::sync::mpsc;

use crate::rig::{self, voicenter};
use crate::twin::{CANARY, Place, Twin};

pub struct Voicenter(Exchange);

fn path(place: Place) -> &'static str {
    match place {
        Place::SignIn => "/monitorAPI/",
        Place::Read => voicenter::EXTENSIONS,
        Place::Live => voicenter::SOCKET,
        Place::Change => voicenter::CLICK,
    }
}

#[async_trait]
impl Twin for Voicenter {
    async fn start() -> Self {
        let voicenter = VoicenterOptions { code: format!("voicenter-{CANARY}"), ..VoicenterOptions::default() };
        let options = Options { voicenter, dial: DialBehaviour::at_once(), ..Options::quiet() };
        Self(Exchange::start(options).await.unwrap())
    }

    fn exchange(&self) -> &Exchange {
        &self.0
    }

    fn account(&self) -> AccountConfig {
        voicenter::config(&self.0, rig::options(json!({"request_seconds": 2, "poll_seconds": 0.2})))
    }

    fn fault(what: FaultKind, place: Place) -> Fault {
        Fault::new(what).on(ServiceName::Voicenter).path(path(place))
    }

    fn is(request: &Recorded, place: Place) -> bool {
        let whole = request.path == path(place);
        whole || place == Place::SignIn && request.path.starts_with(path(place))
    }

    fn expire_tokens(&self) {
        self.0.voicenter().expire_tokens();
    }

    fn signs_in() -> bool {
        false
    }

    async fn read(provider: &dyn Provider) -> Result<(), ProviderError> {
        provider.extensions().unwrap().list().await.map(drop)
    }

    async fn change(provider: &dyn Provider) -> Option<Result<(), ProviderError>> {
        let request = DialRequest {
            from: ExtensionId::new("SIP31"),
            to: DialTarget::Number(PhoneNumber::from_e164("+4922166966966").unwrap()),
            ring_timeout: Duration::from_secs(20),
        };
        let (steps, mut told) = mpsc::channel(32);
        let dialled = provider.dialing().unwrap().dial(request, steps).await;
        while told.recv().await.is_some() {}
        Some(dialled.map(drop))
    }
}
