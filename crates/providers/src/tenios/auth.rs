//! Sign-in: there is none. Every body carries the account's key; a harmless question tells whether it is taken, so
//! that one request, not fifty, shows a wrong one.

use std::time::Duration;

use async_trait::async_trait;
use ringside_domain::Timestamp;
use ringside_transport::{Grant, Http, Request, Response, TokenSource, TransportError, json};
use secrecy::{ExposeSecret, SecretString};
use serde_json::value::RawValue;

use super::client::{RECORDS, bad_credentials, refusal_in_words, speaks};
use super::{stamp, wire};
use crate::account::Address;

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

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;
    use reqwest::header::HeaderMap;

    use super::*;

    /// The code of what the trial ends with.
    fn trial(status: u16, body: &str) -> Option<&'static str> {
        let status = StatusCode::from_u16(status).unwrap();
        let answer = Response::new(status, HeaderMap::new(), body.to_owned().into(), Timestamp::UNIX_EPOCH);
        accepted(&answer, &"key".to_owned().into()).err().map(|error| error.code())
    }

    #[test]
    fn only_the_service_itself_says_anything_about_the_key() {
        const BAD: &str = r#"{"error_code":"BAD_CREDENTIALS","error_message":"Bad credentials","fields":[]}"#;
        const OTHER: &str = r#"{"error_code":"INVALID_VALUE","error_message":"x","fields":["start_date_from"]}"#;
        for (status, body, expected) in [
            (200, r#"{"items":[]}"#, None),
            (200, "{", Some("not_json")),
            (200, "<html><title>Wi-Fi</title>", Some("html_page")),
            (400, BAD, Some("sign_in_refused")),
            (403, BAD, Some("sign_in_refused")),
            (403, "", Some("sign_in_refused")),
            (403, "<html>", Some("html_page")),
            (400, OTHER, None),
            (404, r#"{"error_code":"NOT_FOUND"}"#, None),
            (404, "no such host here", Some("not_found")),
            (400, "{}", Some("refused")),
            (429, OTHER, Some("rate_limited")),
            (500, BAD, Some("sign_in_refused")),
            (503, "", Some("server_error")),
        ] {
            assert_eq!(trial(status, body), expected, "{status} {body}");
        }
    }
}
