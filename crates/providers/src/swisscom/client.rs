//! The one door to the gateway: address, headers, token, and what a status means here.

use std::sync::{Arc, Mutex, PoisonError};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use ringside_domain::{Detail, Problem, ScenarioId, Timestamp};
use ringside_telephony::{AccountConfig, ProviderError, Surroundings};
use ringside_transport::{ClockSkew, Http, HttpSettings, Request, Response, TokenKeeper, TransportError, path_segment};
use serde_json::Value;

use super::auth::ClientCredentials;
use super::options::Options;
use crate::account::failure::{failure, failure_of_a_change, failure_of_one, words};

pub const HEALTH: &str = "HealthCheck/";
const SCENARIOS: &str = "Scenarios/";

pub struct Client {
    pub tokens: TokenKeeper<ClientCredentials>,
    http: Http,
    options: Options,
    dice: Mutex<StdRng>,
}

impl Client {
    /// # Errors
    /// [`ProviderError::Configuration`] where the network client cannot be set up.
    pub fn new(config: &AccountConfig, options: &Options, surroundings: &Surroundings) -> Result<Self, ProviderError> {
        let clock: Arc<dyn ringside_transport::Clock> = Arc::new(surroundings.now as fn() -> Timestamp);
        let settings = HttpSettings {
            total_timeout: options.request_timeout,
            secrets: vec![config.secret.clone()],
            ..HttpSettings::new(&surroundings.user_agent, Arc::clone(&clock))
        };
        let http = Http::new(settings).map_err(|error| failure(&error, "the network client"))?;
        let source = ClientCredentials { http: http.clone(), options: options.clone(), secret: config.secret.clone() };
        let dice = Mutex::new(StdRng::seed_from_u64(surroundings.seed));
        Ok(Self { tokens: TokenKeeper::new(source, http.service_clock()), http, options: options.clone(), dice })
    }

    /// All scenarios, as they are.
    ///
    /// # Errors
    /// What the road ended with; see [`refusal`] for its meaning here.
    pub async fn list(&self) -> Result<Value, TransportError> {
        self.get(SCENARIOS).await?.json()
    }

    /// One scenario, as it is.
    ///
    /// # Errors
    /// As [`Self::list`].
    pub async fn find(&self, id: &ScenarioId) -> Result<Value, TransportError> {
        self.get(&one(id)).await?.json()
    }

    /// # Errors
    /// As [`Self::list`].
    pub async fn health(&self) -> Result<Response, TransportError> {
        self.get(HEALTH).await?.ok()
    }

    /// What the answers so far tell of this computer's clock.
    pub fn skew(&self) -> &ClockSkew {
        self.http.skew()
    }

    /// Whether anything answers at the address at all; sent without a token.
    ///
    /// # Errors
    /// As [`Self::list`].
    pub async fn reach(&self) -> Result<Response, TransportError> {
        self.http.send(self.dressed(Request::get(self.options.address.at(HEALTH)))).await
    }

    /// Throws a scenario. Sent once; only after a 401, which says that nothing was done, once more with a new token.
    ///
    /// # Errors
    /// [`ProviderError::Unconfirmed`] where the request left and no answer came.
    pub async fn put(&self, id: &ScenarioId, body: &Value) -> Result<(), ProviderError> {
        let signed_out = |error: TransportError| refusal(&error, "the sign-in");
        let request = self.dressed(Request::put(self.options.address.at(&one(id))).json(body));
        let bearer = self.tokens.bearer().await.map_err(signed_out)?;
        let mut answer = self.http.send(request.clone().bearer(&bearer.token)).await;
        if matches!(&answer, Ok(answer) if answer.status.as_u16() == 401) {
            let bearer = self.tokens.renew(&bearer).await.map_err(signed_out)?;
            answer = self.http.send(request.bearer(&bearer.token)).await;
        }
        match answer.and_then(taken) {
            Ok(_) => Ok(()),
            Err(error) => Err(refusal_of_a_change(&error, id)),
        }
    }

    async fn get(&self, path: &str) -> Result<Response, TransportError> {
        self.tokens.send(&self.http, self.dressed(Request::get(self.options.address.at(path)))).await
    }

    fn dressed(&self, request: Request) -> Request {
        let bytes = self.dice.lock().unwrap_or_else(PoisonError::into_inner).random();
        let id = uuid::Builder::from_random_bytes(bytes).into_uuid().to_string();
        tracing::debug!(%id, path = request.url().path(), method = %request.method(), "asking Swisscom");
        let mut request = request.accept("application/json").header("scs-request-id", &id);
        if let Some(version) = &self.options.scs_version {
            request = request.header("scs-version", version);
        }
        if let Some(client_id) = &self.options.client_id {
            request = request.header("client_id", client_id);
        }
        request
    }
}

/// What a change is answered with is not published: nothing, JSON or a word, but no web page and no half of anything.
fn taken(answer: Response) -> Result<(), TransportError> {
    let is_json = matches!(answer.body.trim_ascii().first(), Some(b'{' | b'['));
    match answer.acknowledged() {
        Err(TransportError::NotJson { .. }) if !is_json => Ok(()),
        taken => taken.map(drop),
    }
}

fn one(id: &ScenarioId) -> String {
    format!("{SCENARIOS}{}", path_segment(id.as_str()))
}

/// What a failure means at Swisscom.
pub fn refusal(error: &TransportError, what: &str) -> ProviderError {
    match error.status() {
        Some(403) => ProviderError::Forbidden { detail: forbidden(error) },
        _ => failure(error, what),
    }
}

/// The same while dealing with one scenario.
pub fn refusal_of_one(error: &TransportError, id: &ScenarioId) -> ProviderError {
    match error.status() {
        Some(403) => ProviderError::Forbidden { detail: forbidden(error) },
        _ => failure_of_one(error, &scenario(id)),
    }
}

fn refusal_of_a_change(error: &TransportError, id: &ScenarioId) -> ProviderError {
    match error.status() {
        Some(403) => ProviderError::Forbidden { detail: forbidden(error) },
        Some(400 | 405 | 406 | 415 | 422) => ProviderError::Refused {
            detail: Detail::told(
                "the form of the request is not published: it is the account's option action_body",
                words(error),
            ),
        },
        _ => failure_of_a_change(error, &scenario(id)),
    }
}

/// For a sentence.
pub fn scenario(id: &ScenarioId) -> String {
    format!("the scenario {id}")
}

fn forbidden(error: &TransportError) -> Detail {
    Detail::told(
        "the subscription does not cover it, or the application has an IP allow-list without this network's public \
         address",
        words(error),
    )
}

/// The problem for the user; a refused sign-in has more causes here than a wrong secret.
pub fn problem(error: &ProviderError) -> Problem {
    if !error.needs_sign_in() {
        return error.problem();
    }
    Problem::new(
        error.code(),
        "Swisscom refused the Customer Key and Customer Secret",
        "Check both under Accounts. Swisscom approves new subscriptions on the next working day.",
    )
}
