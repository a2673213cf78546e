//! The one door to the voice API: address, key, and what a refusal means here. Always POST, always JSON.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ringside_domain::{Detail, Timestamp};
use ringside_telephony::{ProviderError, Surroundings};
use ringside_transport::{ClockSkew, Http, HttpSettings, Request, Response, TokenKeeper, TransportError, json, redact};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use super::auth::KeyTrial;
use super::options::Options;
use super::wire;
use crate::account::Address;
use crate::account::failure::{failure, failure_of_a_change, failure_of_one, words};
use ringside_transport::auth::Bearer;

pub const USERS: &str = "cloud-pbx/list";
pub const RECORDS: &str = "cdrs/retrieve";

/// Characters of an answer that are told.
const EXCERPT: usize = 300;
const BAD_CREDENTIALS: &str = "BAD_CREDENTIALS";
/// A key that one method refuses is tried with another at most so often.
const DOUBT_EVERY: Duration = Duration::from_secs(60);

pub struct Client {
    pub tokens: TokenKeeper<KeyTrial>,
    http: Http,
    address: Address,
    upload_timeout: Duration,
    doubted: Mutex<Option<Instant>>,
}

impl Client {
    /// # Errors
    /// [`ProviderError::Configuration`] where the network client cannot be set up.
    pub fn new(key: SecretString, options: &Options, surroundings: &Surroundings) -> Result<Self, ProviderError> {
        let clock: Arc<dyn ringside_transport::Clock> = Arc::new(surroundings.now as fn() -> Timestamp);
        let settings = HttpSettings {
            total_timeout: options.request_timeout,
            secrets: vec![key.clone()],
            ..HttpSettings::new(&surroundings.user_agent, Arc::clone(&clock))
        };
        let http = Http::new(settings).map_err(|error| failure(&error, "the network client"))?;
        let address = options.address.clone();
        let trial = KeyTrial { http: http.clone(), address: address.clone(), key, now: surroundings.now };
        Ok(Self {
            tokens: TokenKeeper::new(trial, clock),
            http,
            address,
            upload_timeout: options.request_timeout * 4,
            doubted: Mutex::default(),
        })
    }

    /// A question that may be repeated; it is, once, after a 401 to a key that is taken elsewhere.
    ///
    /// # Errors
    /// What the road ended with; see [`refusal`] for its meaning here.
    pub async fn read<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, TransportError> {
        let bearer = self.tokens.bearer().await?;
        let request = self.request(path, body, &bearer);
        let mut answer = self.once(request.clone(), &bearer).await;
        if let Err(error) = &answer
            && doubts_the_key(error)
            && self.try_anew(&bearer).await?
            && error.status() == Some(401)
        {
            answer = self.once(request, &bearer).await;
        }
        match answer {
            Err(error) if error.status() == Some(401) => Err(TransportError::NeedsSignIn { reason: error.to_string() }),
            answer => answer?.json(),
        }
    }

    /// A request that rings, orders, cancels or changes something: sent exactly once.
    ///
    /// # Errors
    /// [`ProviderError::Unconfirmed`] where the request left and no answer came that can be read.
    pub async fn change<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
        what: &str,
    ) -> Result<T, ProviderError> {
        self.change_once(path, body, what, None).await
    }

    /// A change whose body carries a document, which takes its time.
    ///
    /// # Errors
    /// As [`Self::change`].
    pub async fn upload<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
        what: &str,
    ) -> Result<T, ProviderError> {
        self.change_once(path, body, what, Some(self.upload_timeout)).await
    }

    /// What the answers so far tell of this computer's clock.
    pub fn skew(&self) -> &ClockSkew {
        self.http.skew()
    }

    /// Whether anything answers at the address at all; sent without the key.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub async fn reach(&self) -> Result<Response, TransportError> {
        let nothing = serde_json::json!({});
        self.http.send(Request::post(self.address.at(USERS)).accept("application/json").json(&nothing)).await
    }

    async fn change_once<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
        what: &str,
        within: Option<Duration>,
    ) -> Result<T, ProviderError> {
        // As long as the key is not taken, nothing has been asked for.
        let signed_out = |error: TransportError| refusal(&error, "the sign-in");
        let bearer = self.tokens.bearer().await.map_err(signed_out)?;
        let request = self.request(path, body, &bearer);
        let request = within.into_iter().fold(request, Request::timeout);
        let answer = self.once(request, &bearer).await;
        if let Err(error) = &answer
            && doubts_the_key(error)
        {
            self.try_anew(&bearer).await.map_err(signed_out)?;
        }
        answer.and_then(Response::json).map_err(|error| refusal_of_a_change(&error, what))
    }

    fn request(&self, path: &str, body: &impl Serialize, bearer: &Bearer) -> Request {
        let keyed = wire::Keyed { access_key: bearer.token.expose_secret(), body };
        Request::post(self.address.at(path)).accept("application/json").json(&keyed)
    }

    async fn once(&self, request: Request, bearer: &Bearer) -> Result<Response, TransportError> {
        let answer = self.http.send(request).await?;
        if answer.status.is_success() { Ok(answer) } else { Err(refusal_in_words(&answer, &bearer.token)) }
    }

    /// Tries the key with the harmless question; `false` if that was done a moment ago or told nothing.
    ///
    /// # Errors
    /// `NeedsSignIn` where the key is refused there too.
    async fn try_anew(&self, bearer: &Bearer) -> Result<bool, TransportError> {
        {
            let mut doubted = self.doubted.lock().unwrap_or_else(PoisonError::into_inner);
            if doubted.is_some_and(|at| at.elapsed() < DOUBT_EVERY) {
                return Ok(false);
            }
            *doubted = Some(Instant::now());
        }
        match self.tokens.renew(bearer).await {
            Err(error @ TransportError::NeedsSignIn { .. }) => Err(error),
            tried => Ok(tried.is_ok()),
        }
    }
}

/// An answer that is no success as an error, in words instead of JSON: `INVALID_VALUE: Invalid parameter (area_code)`.
/// The key has the form of a call's id, which is not masked elsewhere: an answer that repeats it is told without it.
pub fn refusal_in_words(answer: &Response, key: &SecretString) -> TransportError {
    let refusal = answer.refusal();
    let TransportError::Status { status, body_excerpt, request_id, retry_after } = refusal else { return refusal };
    // Before anything is cut: half a key is too much.
    let masked = |text: &str| redact::excerpt(&text.replace(key.expose_secret(), "[secret]"), EXCERPT);
    let body_excerpt = match said(answer) {
        Some(said) => masked(&said),
        None if json::html_title(&answer.body, answer.content_type()).is_some() => body_excerpt,
        None => masked(&String::from_utf8_lossy(&answer.body[..answer.body.len().min(16 << 10)])),
    };
    TransportError::Status { status, body_excerpt, request_id, retry_after }
}

/// Whether it is the service that answers, in its own form, and not something in between.
pub fn speaks(answer: &Response) -> bool {
    said(answer).is_some()
}

fn said(answer: &Response) -> Option<String> {
    let refusal: wire::Refusal<'_> = serde_json::from_slice(&answer.body).ok()?;
    let mut said = refusal.error_code.get()?.to_owned();
    if let Some(message) = refusal.error_message.get() {
        said.push_str(": ");
        said.push_str(message);
    }
    let fields: Vec<&str> = refusal.fields.as_array().into_iter().flatten().filter_map(|it| it.as_str()).collect();
    if !fields.is_empty() {
        said.push_str(&format!(" ({})", fields.join(", ")));
    }
    Some(said)
}

/// The vendor's pages put this word under 400 as well as under 403.
pub fn bad_credentials(error: &TransportError) -> bool {
    matches!(error, TransportError::Status { body_excerpt, .. } if body_excerpt.starts_with(BAD_CREDENTIALS))
}

fn doubts_the_key(error: &TransportError) -> bool {
    bad_credentials(error) || matches!(error.status(), Some(401 | 403))
}

/// What a failure means at TENIOS. A key that is refused everywhere has been found out before.
pub fn refusal(error: &TransportError, what: &str) -> ProviderError {
    if doubts_the_key(error) { forbidden(error, what) } else { failure(error, what) }
}

/// The same while dealing with one thing, such as an agent.
pub fn refusal_of_one(error: &TransportError, what: &str) -> ProviderError {
    if doubts_the_key(error) { forbidden(error, what) } else { failure_of_one(error, what) }
}

fn refusal_of_a_change(error: &TransportError, what: &str) -> ProviderError {
    if doubts_the_key(error) { forbidden(error, what) } else { failure_of_a_change(error, what) }
}

fn forbidden(error: &TransportError, what: &str) -> ProviderError {
    ProviderError::Forbidden {
        detail: Detail::told(format!("TENIOS takes the access key elsewhere, but not for {what}"), words(error)),
    }
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;
    use reqwest::header::HeaderMap;

    use super::*;

    fn words_of(body: &str) -> String {
        let now = Timestamp::UNIX_EPOCH;
        let answer = Response::new(StatusCode::BAD_REQUEST, HeaderMap::new(), body.to_owned().into(), now);
        refusal(&refusal_in_words(&answer, &"3f6a0c52-4b1e-4d3c-9d3c-0000ca4a7700".to_owned().into()), "it").to_string()
    }

    #[test]
    fn a_refusal_is_told_in_words_and_without_the_key() {
        let body = r#"{"error_code":"FIELD_IS_REQUIRED","error_message":"no","fields":["zip",7,"city"],"x":1}"#;
        assert!(words_of(body).ends_with("it answered 400: FIELD_IS_REQUIRED: no (zip, city)"), "{}", words_of(body));
        for body in [
            r#"{"error_code":"BAD_CREDENTIALS","error_message":"3f6a0c52-4b1e-4d3c-9d3c-0000ca4a7700 is not known"}"#,
            "what is 3f6a0c52-4b1e-4d3c-9d3c-0000ca4a7700?",
            &format!("{} 3f6a0c52-4b1e-4d3c-9d3c-0000ca4a7700", "so ".repeat(90)),
            r#"{"echo":{"k":"3f6a0c52-4b1e-4d3c-9d3c-0000ca4a7700"}}"#,
        ] {
            assert!(!words_of(body).contains("ca4a77"), "{}", words_of(body));
        }
    }
}
