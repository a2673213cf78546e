//! What the adapters' tests share: an exchange, an account on it, and a run whose events can be awaited.
#![expect(dead_code, reason = "each test binary uses its own part of the rig")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

pub mod voicenter;

use std::sync::Arc;
use std::time::Duration;

use ringside_domain::{AccountId, Event, LinkPhase, NumberPlan, Timestamp};
use ringside_exchange::{Exchange, Options};
use ringside_telephony::{AccountConfig, Arrived, Finding, Provider, Surroundings};
use secrecy::SecretString;
use serde_json::{Map, Value};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// A test that waits longer has failed.
pub const PATIENCE: Duration = Duration::from_secs(20);

pub const LOGIN: &str = "/v1/login";
pub const DATA: &str = "/v1/extensions/phone/data";
pub const STATES: &str = "/v1/extensions/phone/states";
pub const CALLS: &str = "/v1/extensions/phone/calls";

pub const FONIAL_SIGN_IN: &str = "/api/2.0/session/authenticate";
pub const FONIAL_DEVICES: &str = "/api/2.0/devices/get";
pub const FONIAL_JOURNAL: &str = "/api/2.0/journal/get";
pub const FONIAL_EVN: &str = "/api/2.0/evn/get";
pub const FONIAL_DIAL: &str = "/api/2.0/call/initiate";

pub async fn quiet() -> Exchange {
    Exchange::start(Options::quiet()).await.unwrap()
}

pub fn options(value: Value) -> Map<String, Value> {
    let Value::Object(map) = value else { panic!("options are an object") };
    map
}

#[expect(clippy::disallowed_methods, reason = "the test is the outside world: it hands the clock in")]
fn now() -> Timestamp {
    Timestamp::now()
}

pub fn surroundings() -> Surroundings {
    Surroundings { now, seed: 7, user_agent: "Ringside/0.1.0".into() }
}

pub fn nfon_config(exchange: &Exchange, options: Map<String, Value>) -> AccountConfig {
    AccountConfig {
        id: AccountId::new("office"),
        provider: "nfon".into(),
        base_url: Some(exchange.nfon_url().parse().unwrap()),
        username: Some(exchange.nfon().username().to_owned()),
        secret: SecretString::from(exchange.nfon().password()),
        options,
        plan: NumberPlan::default(),
    }
}

pub fn swisscom_config(exchange: &Exchange, mut options: Map<String, Value>) -> AccountConfig {
    options.entry("token_url").or_insert_with(|| exchange.swisscom_token_url().into());
    AccountConfig {
        id: AccountId::new("forwarding"),
        provider: "swisscom".into(),
        base_url: Some(exchange.swisscom_url().parse().unwrap()),
        username: Some(exchange.swisscom().customer_key().to_owned()),
        secret: SecretString::from(exchange.swisscom().customer_secret().to_owned()),
        options,
        plan: NumberPlan::default(),
    }
}

pub fn fonial_config(exchange: &Exchange, options: Map<String, Value>) -> AccountConfig {
    AccountConfig {
        id: AccountId::new("branch"),
        provider: "fonial".into(),
        base_url: Some(exchange.fonial_url().parse().unwrap()),
        username: Some(exchange.fonial().username().to_owned()),
        secret: SecretString::from(exchange.fonial().password()),
        options,
        plan: NumberPlan::default(),
    }
}

pub fn tenios_config(exchange: &Exchange, options: Map<String, Value>) -> AccountConfig {
    AccountConfig {
        id: AccountId::new("voice"),
        provider: "tenios".into(),
        base_url: Some(exchange.tenios_url().parse().unwrap()),
        username: None,
        secret: SecretString::from(exchange.tenios().access_key()),
        options,
        plan: NumberPlan::default(),
    }
}

pub fn connect(config: AccountConfig) -> Arc<dyn Provider> {
    ringside_providers::connect(config, surroundings()).unwrap()
}

pub fn nfon(exchange: &Exchange, value: Value) -> Arc<dyn Provider> {
    connect(nfon_config(exchange, options(value)))
}

pub fn fonial(exchange: &Exchange, value: Value) -> Arc<dyn Provider> {
    connect(fonial_config(exchange, options(value)))
}

pub fn swisscom(exchange: &Exchange, value: Value) -> Arc<dyn Provider> {
    connect(swisscom_config(exchange, options(value)))
}

pub fn tenios(exchange: &Exchange, value: Value) -> Arc<dyn Provider> {
    connect(tenios_config(exchange, options(value)))
}

/// All findings of a check, in order.
pub async fn check(provider: &dyn Provider) -> Vec<Finding> {
    let (sender, mut receiver) = mpsc::channel(32);
    let collecting = async {
        let mut all = Vec::new();
        while let Some(finding) = receiver.recv().await {
            all.push(finding);
        }
        all
    };
    tokio::join!(async { provider.check(sender).await }, collecting).1
}

/// A running account.
pub struct Run {
    pub provider: Arc<dyn Provider>,
    pub seen: Vec<Event>,
    events: mpsc::Receiver<Arrived>,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Run {
    pub fn start(provider: &Arc<dyn Provider>) -> Self {
        let (sender, events) = mpsc::channel(1024);
        let stop = CancellationToken::new();
        let task = tokio::spawn(Arc::clone(provider).run(sender, stop.clone()));
        Self { provider: Arc::clone(provider), seen: Vec::new(), events, stop, task }
    }

    /// The next event for which `which` says something.
    pub async fn find<T>(&mut self, what: &str, mut which: impl FnMut(&Event) -> Option<T>) -> T {
        let looking = async {
            loop {
                let Some(arrived) = self.events.recv().await else {
                    panic!("the run ended before {what}: {:?}", self.seen)
                };
                self.seen.push(arrived.event.clone());
                if let Some(found) = which(&arrived.event) {
                    return found;
                }
            }
        };
        match tokio::time::timeout(PATIENCE, looking).await {
            Ok(found) => found,
            Err(_) => panic!("nothing came of {what}; seen: {:?}", self.phases()),
        }
    }

    /// Waits for a phase and gives its reason's code.
    pub async fn phase(&mut self, phase: LinkPhase) -> Option<&'static str> {
        self.find(&format!("{phase:?}"), |event| match event {
            Event::Link(state) if state.phase == phase => Some(state.reason.as_ref().map(|problem| problem.code)),
            _ => None,
        })
        .await
    }

    /// All phases with their reasons, so far.
    pub fn phases(&self) -> Vec<(LinkPhase, Option<&'static str>)> {
        let link = |event: &Event| match event {
            Event::Link(state) => Some((state.phase, state.reason.as_ref().map(|problem| problem.code))),
            _ => None,
        };
        self.seen.iter().filter_map(link).collect()
    }

    /// Takes what is there already.
    pub fn drain(&mut self) {
        while let Ok(arrived) = self.events.try_recv() {
            self.seen.push(arrived.event);
        }
    }

    /// Stops the run, which must end by itself; all events it ever sent.
    pub async fn stop(mut self) -> Vec<Event> {
        self.stop.cancel();
        tokio::time::timeout(Duration::from_secs(5), &mut self.task).await.expect("run ends when stopped").unwrap();
        self.drain();
        std::mem::take(&mut self.seen)
    }
}
