//! Swisscom's forwarding scenarios: the gateway, the token host and the scenarios behind them.

mod gateway;
mod options;
mod scenarios;
mod token;

use std::sync::Arc;
use std::time::Duration;

use crate::account::Account;
use crate::exchange::Exchange;
use crate::office::Office;
use crate::services::{Desk, Door, Opening, ServiceName};

use gateway::{Gateway, error_form};
pub use options::{ActionBody, ScenarioShape, SwisscomOptions};
pub use scenarios::ScenarioState;
use scenarios::Scenarios;
use token::{TokenHost, Tokens, token_error_form};

/// The path all endpoints of the gateway lie under.
const BASE: &str = "/layer/esip-manual-forwarding/production/SEP";
/// The path of the token endpoint on its own host.
const TOKEN_PATH: &str = "/o/oauth2/token";

/// The Swisscom side of the exchange, for tests.
#[derive(Clone)]
pub struct SwisscomDesk {
    shared: Arc<Shared>,
}

struct Shared {
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

impl Desk for SwisscomDesk {
    type Options = SwisscomOptions;

    fn open(options: SwisscomOptions, opening: &Opening) -> (Self, Vec<Door>) {
        let tokens = Tokens::new(&options, opening.clock, opening.seed);
        let shared = Shared { scenarios: Scenarios::new(), tokens, options, office: opening.office.clone() };
        let shared = Arc::new(shared);
        let (gateway, token_host) = (Arc::new(Gateway::new(shared.clone())), Arc::new(TokenHost::new(shared.clone())));
        let doors = vec![
            Door { name: ServiceName::Swisscom, base: BASE, service: gateway, error_form },
            Door {
                name: ServiceName::SwisscomToken,
                base: TOKEN_PATH,
                service: token_host,
                error_form: token_error_form,
            },
        ];
        (Self { shared }, doors)
    }

    fn account(&self, exchange: &Exchange) -> Account {
        Account {
            id: "forwarding",
            provider: "swisscom",
            base_url: exchange.swisscom_url(),
            username: Some(self.customer_key().to_owned()),
            secret: self.customer_secret().to_owned(),
            variable: "RINGSIDE_DEMO_SWISSCOM",
            region: "DE",
            options: vec![("token_url", exchange.swisscom_token_url())],
            people: false,
        }
    }
}

impl SwisscomDesk {
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
