//! Sign-in: there is none. Every body carries the account's key; a harmless question tells whether it is taken, so
//! that one request, not fifty, shows a wrong one.

use std::time::Duration;

use async_trait::async_trait;
use ringside_domain::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::value::RawValue;

use super::client::{RECORDS, bad_credentials, refusal_in_words, speaks};
use super::{stamp, wire};
use crate::account::Address;
use crate::transport::{Grant, Http, Request, Response, TokenSource, TransportError, json};

/// A key that was taken is not tried again for so long, unless somebody doubts it.
const TRUST: Duration = Duration::from_secs(24 * 3600);

/// Tries the account's key.
pub struct KeyTrial {
    pub http: Http,
    pub address: Address,
    pub key: SecretString,
    pub now: fn() -> Timestamp,
}

#[async_trait]
impl TokenSource for KeyTrial {
    /// Asks for the records of this moment.
    async fn login(&self) -> Result<Grant, TransportError> {
        let now = stamp::written((self.now)());
        let body = wire::Records { start_date_from: now.clone(), start_date_to: now, page: 1, page_size: 1 };
        let keyed = wire::Keyed { access_key: self.key.expose_secret(), body: &body };
        let request = Request::post(self.address.at(RECORDS)).accept("application/json").json(&keyed);
        accepted(&self.http.send(request).await?, &self.key)?;
        Ok(Grant { access: self.key.clone(), refresh: None, lifetime: Some(TRUST) })
    }

    /// Never asked for: the grants carry no refresh token.
    async fn refresh(&self, _refresh: SecretString) -> Result<Grant, TransportError> {
        self.login().await
    }
}

/// Whether the answer shows that the key was taken. A complaint of the service about something else shows it as well.
fn accepted(answer: &Response, key: &SecretString) -> Result<(), TransportError> {
    if answer.status.is_success() {
        return json::decode::<Box<RawValue>>(&answer.body, answer.content_type()).map(drop);
    }
    if let Some(title) = json::html_title(&answer.body, answer.content_type()) {
        return Err(TransportError::Html { title });
    }
    let refusal = refusal_in_words(answer, key);
    match answer.status.as_u16() {
        _ if bad_credentials(&refusal) => Err(TransportError::NeedsSignIn { reason: refusal.to_string() }),
        // The general page says so of the bare status.
        401 | 403 => Err(TransportError::NeedsSignIn { reason: refusal.to_string() }),
        400 | 404 if speaks(answer) => Ok(()),
        _ => Err(refusal),
    }
}
