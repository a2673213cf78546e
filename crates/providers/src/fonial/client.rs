//! The methods of the API, each asked with the account's session.

use std::sync::Arc;
use std::time::Duration;

use ringside_domain::Timestamp;
use ringside_telephony::{AccountConfig, ProviderError, Surroundings};
use ringside_transport::{Clock, ClockSkew, Http, HttpSettings, TokenKeeper};
use secrecy::ExposeSecret;
use serde::Serialize;

use super::auth::{SESSION, SignIn};
use super::door::{Answer, Door};
use super::options::Options;
use super::trouble::Trouble;
use super::wire::{Call, Nothing, Signed, Span};
use crate::account::Oddities;
use crate::account::failure::failure;
use ringside_transport::auth::Bearer;

const DEVICES: &str = "devices/get";
const NUMBERS: &str = "numbers/get";
const INITIATE: &str = "call/initiate";
const JOURNAL: &str = "journal/get";
const EVN: &str = "evn/get";
/// Past calls are gathered while we wait.
const PATIENCE: u32 = 4;

pub struct Client {
    pub tokens: TokenKeeper<SignIn>,
    door: Door,
    patience: Duration,
}

impl Client {
    /// # Errors
    /// [`ProviderError::Configuration`] where the network client cannot be set up.
    pub fn new(
        config: &AccountConfig,
        options: &Options,
        surroundings: &Surroundings,
        oddities: Arc<Oddities>,
    ) -> Result<Self, ProviderError> {
        let clock: Arc<dyn Clock> = Arc::new(surroundings.now as fn() -> Timestamp);
        let settings = HttpSettings {
            total_timeout: options.request_timeout,
            secrets: vec![config.secret.clone()],
            ..HttpSettings::new(&surroundings.user_agent, Arc::clone(&clock))
        };
        let http = Http::new(settings).map_err(|error| failure(&error, "the network client"))?;
        let door = Door { http, address: options.address.clone(), oddities };
        let source = SignIn {
            door: door.clone(),
            username: options.username.clone(),
            password: config.secret.clone(),
            lifetime: options.session_lifetime,
        };
        let patience = options.request_timeout * PATIENCE;
        Ok(Self { tokens: TokenKeeper::new(source, clock), door, patience })
    }

    /// What the answers so far tell of this computer's clock.
    pub fn skew(&self) -> &ClockSkew {
        self.door.http.skew()
    }

    /// Whether the API answers at the address at all; begins a session that is nobody's.
    ///
    /// # Errors
    /// Everything but [`Trouble::SignIn`].
    pub async fn reach(&self) -> Result<Answer, Trouble> {
        self.door.post(SESSION, &Nothing {}, None).await
    }

    /// # Errors
    /// All kinds of [`Trouble`], as of every method below.
    pub async fn devices(&self) -> Result<Answer, Trouble> {
        self.ask(DEVICES, &Nothing {}, None).await
    }

    pub async fn numbers(&self) -> Result<Answer, Trouble> {
        self.ask(NUMBERS, &Nothing {}, None).await
    }

    /// Incoming calls.
    pub async fn journal(&self, span: &Span) -> Result<Answer, Trouble> {
        self.ask(JOURNAL, span, Some(self.patience)).await
    }

    /// Outgoing calls.
    pub async fn evn(&self, span: &Span) -> Result<Answer, Trouble> {
        self.ask(EVN, span, Some(self.patience)).await
    }

    /// Rings the device and then the target.
    pub async fn initiate(&self, call: &Call) -> Result<Answer, Trouble> {
        self.ask(INITIATE, call, None).await
    }

    /// Asks once. Only where the service does not take the session, which says that nothing was done, is another one
    /// begun and the method asked once more.
    async fn ask(&self, method: &str, body: &impl Serialize, patience: Option<Duration>) -> Result<Answer, Trouble> {
        let bearer = self.tokens.bearer().await.map_err(Trouble::SignIn)?;
        match self.once(method, body, &bearer, patience).await {
            Err(Trouble::Session { said, status }) => {
                tracing::debug!(method, %said, status, "the session is not taken any more");
                let bearer = self.tokens.renew(&bearer).await.map_err(Trouble::SignIn)?;
                self.once(method, body, &bearer, patience).await
            }
            answer => answer,
        }
    }

    async fn once(
        &self,
        method: &str,
        body: &impl Serialize,
        bearer: &Bearer,
        patience: Option<Duration>,
    ) -> Result<Answer, Trouble> {
        self.door.post(method, &Signed { sid: bearer.token.expose_secret(), body }, patience).await
    }
}
