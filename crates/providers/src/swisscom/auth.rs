//! Sign-in: OAuth 2.0 client credentials (RFC 6749, section 4.4) with Customer Key and Customer Secret.

use std::time::Duration;

use async_trait::async_trait;
use ringside_transport::{Grant, Http, Request, TokenSource, TransportError};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::options::Options;
use super::wire;

/// Assumed where `expires_in` says nothing usable.
const UNKNOWN_LIFETIME: Duration = Duration::from_secs(300);
const GRANT: (&str, &str) = ("grant_type", "client_credentials");

/// Signs one account in.
pub struct ClientCredentials {
    pub http: Http,
    pub options: Options,
    pub secret: SecretString,
}

#[async_trait]
impl TokenSource for ClientCredentials {
    async fn login(&self) -> Result<Grant, TransportError> {
        let (url, key) = (self.options.token_url.clone(), self.options.key.as_str());
        let request = Request::post(url).accept("application/json");
        let request = if self.options.credentials_in_body {
            request.form(&[GRANT, ("client_id", key), ("client_secret", self.secret.expose_secret())])
        } else {
            request.form(&[GRANT]).basic(key, &self.secret)
        };
        let token: wire::Token = self.http.send(request).await?.json()?;
        let lifetime = Some(seconds(&token.expires_in).unwrap_or(UNKNOWN_LIFETIME));
        Ok(Grant { access: token.access_token, refresh: None, lifetime })
    }

    /// Client credentials come without a refresh token; asking anew is all there is.
    async fn refresh(&self, _refresh: SecretString) -> Result<Grant, TransportError> {
        self.login().await
    }
}

fn seconds(value: &Value) -> Option<Duration> {
    let seconds = match value {
        Value::String(text) => text.trim().parse().ok()?,
        Value::Number(number) => number.as_f64()?,
        _ => return None,
    };
    // A year at most; beyond it somebody has mistaken the unit.
    (1.0..=31_536_000.0).contains(&seconds).then(|| Duration::from_secs_f64(seconds))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_lifetime_is_text_or_a_number() {
        for (value, expected) in [
            (json!("3600"), Some(3600)),
            (json!(3600), Some(3600)),
            (json!(" 60 "), Some(60)),
            (json!("soon"), None),
            (json!(-1), None),
            (json!(0), None),
            (json!(1e300), None),
            (Value::Null, None),
        ] {
            assert_eq!(seconds(&value), expected.map(Duration::from_secs), "{value}");
        }
    }
}
