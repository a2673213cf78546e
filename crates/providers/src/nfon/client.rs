//! The one door to the CTI API: address, headers, token, and what a status means here.

use std::sync::Arc;

use ringside_domain::{Detail, Timestamp};
use ringside_telephony::{AccountConfig, ProviderError, Surroundings};
use ringside_transport::{Http, HttpSettings, Request, Response, TokenKeeper, TransportError};
use serde_json::value::RawValue;

use super::auth::{About, SignIn};
use super::options::Options;
use crate::account::failure::{failure, failure_of_a_change, words};
use ringside_transport::auth::Bearer;

pub const EXTENSIONS: &str = "extensions/phone/data";
pub const STATES: &str = "extensions/phone/states";
pub const CALLS: &str = "extensions/phone/calls";
pub const KEYS: &str = ".well-known/jwks.json";

const JSON: &str = "application/json";
const EVENT_STREAM: &str = "text/event-stream";

pub struct Client {
    pub http: Http,
    pub tokens: TokenKeeper<SignIn>,
    pub about: Arc<About>,
    options: Options,
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
        let about = Arc::new(About::new(&surroundings.user_agent, &options.username));
        let sign_in = SignIn {
            http: http.clone(),
            login: options.address.at("login"),
            username: options.username.clone(),
            password: config.secret.clone(),
            about: Arc::clone(&about),
        };
        Ok(Self { tokens: TokenKeeper::new(sign_in, http.service_clock()), http, about, options: options.clone() })
    }

    /// The elements of a list, each still to be read: one that is broken does not spoil the others.
    ///
    /// # Errors
    /// What the road ended with; see [`refusal`] for its meaning here.
    pub async fn list(&self, path: &str) -> Result<Vec<Box<RawValue>>, TransportError> {
        self.send(Request::get(self.options.address.at(path)).accept(JSON)).await?.json()
    }

    /// Ends a call that is being set up.
    ///
    /// # Errors
    /// As [`Self::list`].
    pub async fn delete_call(&self, call: &str) -> Result<Response, TransportError> {
        let path = format!("{CALLS}/{}", ringside_transport::path_segment(call));
        self.send(Request::delete(self.options.address.at(&path)).accept(JSON)).await?.ok()
    }

    /// Whether anything answers at the address at all.
    ///
    /// # Errors
    /// As [`Self::list`].
    pub async fn reach(&self) -> Result<Response, TransportError> {
        let request = Request::get(self.options.address.at(KEYS)).accept(JSON);
        self.http.send(request.header("user-agent", &self.about.user_agent())).await
    }

    /// A request that is answered with an event stream.
    pub fn streaming(&self, request: Request, bearer: &Bearer) -> Request {
        request.accept(EVENT_STREAM).header("user-agent", &self.about.user_agent()).bearer(&bearer.token)
    }

    pub fn stream_of(&self, path: &str, bearer: &Bearer) -> Request {
        self.streaming(Request::get(self.options.address.at(path)), bearer)
    }

    pub fn dial(&self, body: &super::wire::Dial, bearer: &Bearer) -> Request {
        self.streaming(Request::post(self.options.address.at(CALLS)).json(body), bearer)
    }

    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        self.tokens.send(&self.http, request.header("user-agent", &self.about.user_agent())).await
    }
}

/// What a failure means at NFON.
pub fn refusal(error: &TransportError, what: &str) -> ProviderError {
    match error.status() {
        Some(403) => ProviderError::Forbidden { detail: licence(what, error) },
        _ => failure(error, what),
    }
}

/// The same for a dial, which is never repeated.
pub fn refusal_of_a_dial(error: &TransportError) -> ProviderError {
    match error.status() {
        Some(403) => ProviderError::Forbidden { detail: licence("dialling", error) },
        Some(404 | 410) => ProviderError::Refused { detail: Detail::raw(words(error)) },
        _ => failure_of_a_change(error, "the dialled call"),
    }
}

fn licence(what: &str, error: &TransportError) -> Detail {
    let needed =
        "needs NFON's CTI licence (tariff Business Premium with CTI set up, and extended presence for the key)";
    Detail::told(format!("{what} {needed}"), words(error))
}
