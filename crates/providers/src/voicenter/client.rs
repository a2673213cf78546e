//! The one door to Voicenter: addresses, the code, and what an error number means here.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ringside_domain::{ExtensionId, Timestamp};
use ringside_telephony::{ProviderError, Surroundings};
use ringside_transport::{ClockSkew, Engine, Http, HttpSettings, Request, Response, TokenKeeper, TransportError};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::value::RawValue;
use url::Url;

use super::auth::{Hosts, SignIn};
use super::meaning::{coded, refusal};
use super::options::Options;
use super::wire;
use crate::account::failure::{failure, failure_of_a_change};
use ringside_transport::auth::Bearer;

const EXTENSIONS: &str = "Comet/api/GetExtensions";
const CALLS: &str = "comet/API/GetExtensionsCalls";
const CLICK: &str = "ForwardDialer/click2call.aspx";
const LOG: &str = "hub/cdr/";
const SET_STATUS: &str = "UserLogin/SetStatusFromAPI";
const STATUSES: &str = "UserLogin/GetStatusesList";
const SOCKET: &str = "socket.io/";

const JSON: &str = "application/json";

pub struct Client {
    pub http: Http,
    pub tokens: TokenKeeper<SignIn>,
    hosts: Arc<Hosts>,
    options: Options,
    /// The refusal that stops further tries with the same code.
    refused: Mutex<Option<TransportError>>,
}

impl Client {
    /// # Errors
    /// [`ProviderError::Configuration`] where the network client cannot be set up.
    pub fn new(secret: &SecretString, options: &Options, surroundings: &Surroundings) -> Result<Self, ProviderError> {
        let clock: Arc<dyn ringside_transport::Clock> = Arc::new(surroundings.now as fn() -> Timestamp);
        let settings = HttpSettings {
            total_timeout: options.request_timeout,
            secrets: secret.expose_secret().split_whitespace().map(SecretString::from).collect(),
            ..HttpSettings::new(&surroundings.user_agent, Arc::clone(&clock))
        };
        let http = Http::new(settings).map_err(|error| failure(&error, "the network client"))?;
        let hosts = Arc::new(Hosts::default());
        let source =
            SignIn { http: http.clone(), options: options.clone(), hosts: Arc::clone(&hosts), now: surroundings.now };
        let tokens = TokenKeeper::new(source, clock);
        Ok(Self { http, tokens, hosts, options: options.clone(), refused: Mutex::default() })
    }

    /// The user has looked at the code and the login: refusals are forgotten.
    pub fn try_again(&self) {
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.tokens.try_again();
    }

    /// The elements of the extension list, each still to be read. Empty also for a code that is well formed and
    /// nobody's.
    ///
    /// # Errors
    /// What the road ended with, error numbers as the statuses they stand for; see [`refusal`].
    pub async fn extensions(&self) -> Result<Vec<Box<RawValue>>, TransportError> {
        let body =
            wire::List { code: self.options.code.expose_secret(), show_all: self.options.show_all.map(u8::from) };
        self.list(self.options.monitor.at(EXTENSIONS), &body).await
    }

    /// The extensions with their active calls, or one of them.
    ///
    /// # Errors
    /// As [`Self::extensions`].
    pub async fn active(&self, extension: Option<&ExtensionId>) -> Result<Vec<Box<RawValue>>, TransportError> {
        let body =
            wire::Active { code: self.options.code.expose_secret(), extension: extension.map(ExtensionId::as_str) };
        self.list(self.options.calls.at(CALLS), &body).await
    }

    /// One window of the call log, as it is.
    ///
    /// # Errors
    /// As [`Self::extensions`].
    pub async fn log(&self, fields: &[&str], window: wire::Window) -> Result<Response, TransportError> {
        let sort = [wire::Sort { field: "date", order: "asc" }];
        let body = wire::Search { code: self.options.code.expose_secret(), fields, search: window, sort };
        self.post(self.options.api.at(LOG), &body).await
    }

    /// The account's own names of the statuses. The service wants the code in the address.
    ///
    /// # Errors
    /// As [`Self::extensions`].
    pub async fn statuses(&self) -> Result<wire::Statuses, TransportError> {
        let mut url = self.options.login_host.at(STATUSES);
        url.query_pairs_mut().append_pair("code", self.options.code.expose_secret());
        self.remembered()?;
        self.http.send(Request::get(url).accept(JSON)).await?.json()
    }

    /// Calls or ends calls. Sent exactly once.
    ///
    /// # Errors
    /// [`ProviderError::Unconfirmed`] where the request left and no answer came.
    pub async fn click(
        &self,
        action: &'static str,
        phone: &ExtensionId,
        target: Option<&str>,
        ring: Option<Duration>,
    ) -> Result<Response, ProviderError> {
        let body = wire::Click {
            code: self.options.code.expose_secret(),
            action,
            phone: phone.as_str(),
            target,
            ring: ring.map(|ring| ring.as_secs()),
            format: "json",
        };
        self.change(self.options.api.at(CLICK), &body, "the call").await
    }

    /// Sent exactly once.
    ///
    /// # Errors
    /// As [`Self::click`].
    pub async fn set_status(
        &self,
        user: &str,
        extension: &ExtensionId,
        status: u64,
    ) -> Result<Response, ProviderError> {
        let code = self.options.code.expose_secret();
        let body = wire::SetStatus { code, user, extension: extension.as_str(), status };
        self.change(self.options.api.at(SET_STATUS), &body, "the agent's status").await
    }

    /// What the answers so far tell of this computer's clock.
    pub fn skew(&self) -> &ClockSkew {
        self.http.skew()
    }

    /// Whether anything answers at the address at all; sent without the code.
    ///
    /// # Errors
    /// As [`Self::extensions`].
    pub async fn reach(&self) -> Result<Response, TransportError> {
        self.http.send(Request::get(self.options.monitor.at(EXTENSIONS)).accept(JSON)).await
    }

    /// A request for a socket on one of the hosts; the service wants the token in the address.
    pub fn socket(&self, host: usize, engine: Engine, bearer: &Bearer) -> Request {
        let mut url = match (&self.options.socket_host, self.hosts.list()) {
            (Some(here), _) => here.at(SOCKET),
            (None, listed) if !listed.is_empty() => {
                let mut url = listed[host % listed.len()].clone();
                url.set_path(SOCKET);
                url
            }
            (None, _) => self.options.fallback_hosts[host % self.options.fallback_hosts.len()].at(SOCKET),
        };
        url.query_pairs_mut()
            .append_pair("EIO", engine.number())
            .append_pair("transport", "websocket")
            .append_pair("token", bearer.token.expose_secret());
        Request::get(url)
    }

    async fn list(&self, url: Url, body: &impl Serialize) -> Result<Vec<Box<RawValue>>, TransportError> {
        let listing: wire::Listing = self.post(url, body).await?.json()?;
        match (wire::number(&listing.error), listing.extensions) {
            (Some(0) | None, Some(list)) => Ok(list),
            (Some(0), None) => Ok(Vec::new()),
            (Some(number), _) => {
                let error = coded(number, wire::words(&listing.words));
                self.remember(&error);
                Err(error)
            }
            (None, None) => Err(TransportError::NotJson {
                line: 1,
                column: 1,
                problem: "it holds neither an error number nor a list".into(),
            }),
        }
    }

    async fn post(&self, url: Url, body: &impl Serialize) -> Result<Response, TransportError> {
        self.remembered()?;
        let answer = self.http.send(Request::post(url).accept(JSON).json(body)).await?.ok();
        if let Err(error) = &answer {
            self.remember(error);
        }
        answer
    }

    async fn change(&self, url: Url, body: &impl Serialize, what: &str) -> Result<Response, ProviderError> {
        self.post(url, body).await.map_err(|error| match refusal(&error, what) {
            refused @ (ProviderError::AddressNotAllowed
            | ProviderError::SignInRefused
            | ProviderError::NoSuchAddress { .. }) => refused,
            _ => failure_of_a_change(&error, what),
        })
    }

    /// Trying a refused code again could lock the account: somebody has to look at it.
    pub fn remember(&self, error: &TransportError) {
        if refusal(error, "the code").needs_sign_in() {
            *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.clone());
        }
    }

    fn remembered(&self) -> Result<(), TransportError> {
        match &*self.refused.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(refused) => Err(refused.clone()),
            None => Ok(()),
        }
    }
}
