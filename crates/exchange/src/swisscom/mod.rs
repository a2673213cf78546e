//! Swisscom's forwarding scenarios: the gateway, the token host and the scenarios behind them.

mod gateway;
mod scenarios;
mod token;

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::office::Office;
use crate::options::SwisscomOptions;

pub(crate) use gateway::{Gateway, error_form};
pub use scenarios::ScenarioState;
use scenarios::Scenarios;
use token::Tokens;
pub(crate) use token::{TokenHost, token_error_form};

/// The path all endpoints of the gateway lie under.
pub(crate) const BASE: &str = "/layer/esip-manual-forwarding/production/SEP";
/// The path of the token endpoint on its own host.
pub(crate) const TOKEN_PATH: &str = "/o/oauth2/token";

/// The Swisscom side of the exchange, for tests.
#[derive(Clone)]
pub struct SwisscomDesk {
    shared: Arc<Shared>,
}

pub(crate) struct Shared {
    options: SwisscomOptions,
    scenarios: Scenarios,
    tokens: Tokens,
    office: Office,
}

/// One forwarding scenario.
pub struct ScenarioHandle {
    shared: Arc<Shared>,
    id: String,
}

impl SwisscomDesk {
    pub(crate) fn new(options: SwisscomOptions, office: Office, clock: Clock, seed: u64) -> Self {
        let tokens = Tokens::new(&options, clock, seed);
        let shared = Shared { scenarios: Scenarios::new(), tokens, options, office };
        Self { shared: Arc::new(shared) }
    }

    pub(crate) fn gateway(&self) -> Arc<Gateway> {
        Arc::new(Gateway::new(self.shared.clone()))
    }

    pub(crate) fn token_host(&self) -> Arc<TokenHost> {
        Arc::new(TokenHost::new(self.shared.clone()))
    }

    pub fn customer_key(&self) -> &str {
        &self.shared.options.customer_key
    }

    pub fn customer_secret(&self) -> &str {
        &self.shared.options.customer_secret
    }

    /// The scenario with that id, whether there is one or not.
    pub fn scenario(&self, id: &str) -> ScenarioHandle {
        ScenarioHandle { shared: self.shared.clone(), id: id.into() }
    }

    /// Ids and names, in the order of the list.
    pub fn scenarios(&self) -> Vec<(String, String)> {
        self.shared.scenarios.ids_and_names()
    }

    /// Every token given out so far answers 401 from now on.
    pub fn expire_tokens(&self) {
        self.shared.tokens.expire();
    }

    /// What `HealthCheck/` says; `true` at the start.
    pub fn set_healthy(&self, healthy: bool) {
        self.shared.scenarios.set_healthy(healthy);
    }

    /// A subscription that is not approved yet: tokens are given out, every call answers 401.
    pub fn set_approved(&self, approved: bool) {
        self.shared.tokens.set_approved(approved);
    }

    /// How long a scenario is changing from now on.
    pub fn set_changing(&self, changing: Duration) {
        self.shared.scenarios.set_changing(Some(changing));
    }
}

impl ScenarioHandle {
    /// `None` if there is no such scenario.
    pub fn state(&self) -> Option<ScenarioState> {
        self.shared.scenarios.state(&self.id)
    }

    /// Somebody switches it in the Business Center; `false` if there is no such scenario.
    pub fn force_state(&self, state: ScenarioState) -> bool {
        self.shared.scenarios.force(&self.id, state)
    }
}
