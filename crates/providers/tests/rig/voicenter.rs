//! A Voicenter account on the exchange.

use std::sync::Arc;

use ringside_domain::{AccountId, Event, LegStep, LegUpdate, LineStatus, LineUpdate, NumberPlan};
use ringside_exchange::{Exchange, Options, VoicenterOptions};
use ringside_telephony::{AccountConfig, Provider};
use secrecy::SecretString;
use serde_json::{Map, Value};

pub const EXTENSIONS: &str = "/Comet/api/GetExtensions";
pub const ACTIVE: &str = "/comet/API/GetExtensionsCalls";
pub const CLICK: &str = "/ForwardDialer/click2call.aspx";
pub const LOG: &str = "/hub/cdr/";
pub const SET_STATUS: &str = "/UserLogin/SetStatusFromAPI";
pub const LOGIN: &str = "/monitorAPI/Login/Token";
pub const REFRESH: &str = "/monitorAPI/RefreshIdentityToken";
pub const SOCKET: &str = "/socket.io/";

pub async fn start(voicenter: VoicenterOptions) -> Exchange {
    Exchange::start(Options { voicenter, ..Options::quiet() }).await.unwrap()
}

pub fn config(exchange: &Exchange, options: Map<String, Value>) -> AccountConfig {
    AccountConfig {
        id: AccountId::new("clinic"),
        provider: "voicenter".into(),
        base_url: Some(exchange.voicenter_url().parse().unwrap()),
        username: None,
        secret: SecretString::from(exchange.voicenter().code()),
        options,
        plan: NumberPlan { region: "IL".into(), ..NumberPlan::default() },
    }
}

pub fn connect(exchange: &Exchange, value: Value) -> Arc<dyn Provider> {
    super::connect(config(exchange, super::options(value)))
}

pub fn leg(event: &Event) -> Option<LegUpdate> {
    if let Event::Leg(leg) = event { Some(leg.clone()) } else { None }
}

pub fn step(event: &Event, extension: &str, step: LegStep) -> Option<LegUpdate> {
    leg(event).filter(|leg| leg.extension.as_str() == extension && leg.step == step)
}

pub fn line(event: &Event, extension: &str, status: LineStatus) -> Option<()> {
    let is = |line: &LineUpdate| line.extension.as_str() == extension && line.state.status == status;
    match event {
        Event::Line(line) => is(line).then_some(()),
        Event::Lines(lines) => lines.iter().any(is).then_some(()),
        _ => None,
    }
}
