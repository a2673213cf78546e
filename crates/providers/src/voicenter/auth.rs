//! The login of real time: a token that opens sockets, and the hosts they are on. The other interfaces know no login;
//! the code stands in each of their requests.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use ringside_domain::Timestamp;
use ringside_transport::{Grant, Http, Request, TokenSource, TransportError, origin, redact};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;

use super::options::{Login, Options};
use super::wire;

/// Of a token that does not say when it ends in a form we know: it is replaced when it is refused.
const UNKNOWN_LIFETIME: Duration = Duration::from_secs(24 * 3600);

/// Where the last login said that sockets are to be had.
#[derive(Debug, Default)]
pub struct Hosts(Mutex<Vec<Url>>);

impl Hosts {
    /// In the order of the login; empty before it.
    pub fn list(&self) -> Vec<Url> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn learn(&self, socket: &wire::Socket) {
        let listed = socket.hosts.as_array().into_iter().flatten();
        let mut hosts: Vec<Url> = Vec::new();
        for text in listed.chain([&socket.host]).filter_map(Value::as_str) {
            let Some(host) = host(text) else { continue };
            if !hosts.contains(&host) {
                hosts.push(host);
            }
        }
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = hosts;
    }
}

/// Scheme and host of what a login names, if a token may be sent there.
fn host(text: &str) -> Option<Url> {
    let text = text.trim();
    let text = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let text = text.replacen("wss://", "https://", 1).replacen("ws://", "http://", 1);
    let mut url = Url::parse(&text).ok()?;
    origin::admit(&url).ok()?;
    url.set_path("/");
    url.set_query(None);
    url.set_fragment(None);
    Some(url)
}

/// Signs one account in.
pub struct SignIn {
    pub http: Http,
    pub options: Options,
    pub hosts: Arc<Hosts>,
    pub now: fn() -> Timestamp,
}

impl SignIn {
    async fn ask(&self, request: Request) -> Result<Grant, TransportError> {
        let answer: wire::SignedIn = self.http.send(request.accept("application/json")).await?.json()?;
        let Some(socket) = answer.data.and_then(|data| data.socket) else {
            let said = [&answer.error, &answer.status].into_iter().map(wire::words).find(|it| !it.is_empty());
            let reason = redact::excerpt(said.unwrap_or("the answer holds no token"), 200);
            return Err(TransportError::NeedsSignIn { reason });
        };
        self.hosts.learn(&socket);
        let lifetime = expiry(&socket.expiry)
            .and_then(|at| left(at, self.http.skew().there((self.now)())))
            .unwrap_or(UNKNOWN_LIFETIME);
        Ok(Grant { access: socket.token, refresh: socket.refresh, lifetime: Some(lifetime) })
    }
}

#[async_trait]
impl TokenSource for SignIn {
    async fn login(&self) -> Result<Grant, TransportError> {
        let (path, body) = match &self.options.login {
            Login::Token { token } => ("Token", wire::Login::Token { token: token.expose_secret() }),
            Login::User { email, pin } => ("User", wire::Login::User { email, pin: pin.expose_secret() }),
            Login::Account { username, password } => {
                ("Account", wire::Login::Account { username, password: password.expose_secret() })
            }
            Login::Nothing => return Err(TransportError::NeedsSignIn { reason: "real time is switched off".into() }),
        };
        let url = self.options.login_host.at(&format!("monitorAPI/Login/{path}"));
        self.ask(Request::post(url).json(&body)).await
    }

    async fn refresh(&self, refresh: SecretString) -> Result<Grant, TransportError> {
        let url = self.options.login_host.at("monitorAPI/RefreshIdentityToken");
        self.ask(Request::get(url).bearer(&refresh)).await
    }
}

/// The vendor does not show the form: RFC 3339, the same without a zone (taken for UTC), or `/Date(ms)/`.
fn expiry(value: &Value) -> Option<Timestamp> {
    let text = value.as_str()?.trim();
    if let Some(ms) = text.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/")) {
        let ms = ms.split(['+', '-']).find(|it| !it.is_empty())?;
        return Timestamp::from_millisecond(ms.parse().ok()?).ok();
    }
    let bare = || text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok();
    text.parse().ok().or_else(|| bare().map(|zoned| zoned.timestamp()))
}

/// A token that has ended before it came says that a clock is wrong, and nothing else.
fn left(at: Timestamp, now: Timestamp) -> Option<Duration> {
    Duration::try_from(at.duration_since(now)).ok().filter(|left| !left.is_zero())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn expiries_are_read_in_every_plausible_form() {
        let at: Timestamp = "2026-03-02T09:15:00.12Z".parse().unwrap();
        for value in [
            json!("2026-03-02T09:15:00.12Z"),
            json!("2026-03-02T11:15:00.12+02:00"),
            json!("2026-03-02T09:15:00.12"),
            json!("2026-03-02 09:15:00.12"),
            json!(format!("/Date({})/", at.as_millisecond())),
            json!(format!("/Date({}+0200)/", at.as_millisecond())),
        ] {
            assert_eq!(expiry(&value), Some(at), "{value}");
        }
        for value in [json!("soon"), json!(7), json!(null), json!("/Date()/"), json!("/Date(99999999999999999999)/")] {
            assert_eq!(expiry(&value), None, "{value}");
        }
        assert_eq!(left(at, "2026-03-02T10:00:00Z".parse().unwrap()), None, "a clock is wrong");
    }

    #[test]
    fn a_token_goes_to_encrypted_hosts_alone() {
        for (text, expected) in [
            ("https://monitor3.voicenter.co.il", Some("https://monitor3.voicenter.co.il/")),
            ("wss://monitor3.voicenter.co.il/x?y#z", Some("https://monitor3.voicenter.co.il/")),
            ("monitor3.voicenter.co.il", Some("https://monitor3.voicenter.co.il/")),
            ("http://127.0.0.1:7/", Some("http://127.0.0.1:7/")),
            ("http://monitor3.voicenter.co.il", None),
            ("https://user:pw@host.example", None),
            ("", None),
        ] {
            assert_eq!(host(text).as_ref().map(Url::as_str), expected, "{text}");
        }
    }
}
