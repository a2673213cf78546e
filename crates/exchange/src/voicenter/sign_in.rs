//! The code, the three logins of real time, and the tokens they give out.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hyper::{Method, StatusCode};
use jiff::Timestamp;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde::Deserialize;
use serde_json::json;

use super::options::{ExpiryForm, VoicenterOptions};
use crate::clock::Clock;
use crate::lock::hold;
use crate::wire::{Answer, Request};

pub(super) const LOGIN: &str = "/monitorAPI/Login/";
pub(super) const REFRESH: &str = "/monitorAPI/RefreshIdentityToken";
/// Shorter codes have a bad format.
const SHORTEST: usize = 10;

pub(super) struct SignIn {
    clock: Clock,
    options: VoicenterOptions,
    state: Mutex<State>,
}

struct State {
    rng: StdRng,
    code: String,
    lifetime: Duration,
    /// Tokens and when they expire.
    tokens: HashMap<String, Timestamp>,
    refresh: HashSet<String>,
    address_allowed: bool,
}

/// What a code is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    Ours,
    /// Well formed, and nobody's.
    Nobodys,
    Malformed,
}

#[derive(Deserialize)]
struct ByToken {
    token: String,
}

#[derive(Deserialize)]
struct ByUser {
    email: String,
    pin: String,
}

#[derive(Deserialize)]
struct ByAccount {
    username: String,
    password: String,
}

impl SignIn {
    pub(super) fn new(options: &VoicenterOptions, clock: Clock, seed: u64) -> Self {
        let state = State {
            rng: StdRng::seed_from_u64(seed ^ 0x766f_6963),
            code: options.code.clone(),
            lifetime: options.token_lifetime,
            tokens: HashMap::new(),
            refresh: HashSet::new(),
            address_allowed: true,
        };
        Self { clock, options: options.clone(), state: Mutex::new(state) }
    }

    pub(super) fn code(&self) -> String {
        hold(&self.state).code.clone()
    }

    pub(super) fn set_code(&self, code: &str) {
        hold(&self.state).code = code.into();
    }

    pub(super) fn know(&self, code: &str) -> Known {
        let formed =
            code.len() >= SHORTEST && code.chars().all(|it| it.is_ascii_alphanumeric() || it == '-' || it == '_');
        match formed {
            _ if code == hold(&self.state).code => Known::Ours,
            true => Known::Nobodys,
            false => Known::Malformed,
        }
    }

    pub(super) fn address_allowed(&self) -> bool {
        hold(&self.state).address_allowed
    }

    pub(super) fn set_address_allowed(&self, allowed: bool) {
        hold(&self.state).address_allowed = allowed;
    }

    pub(super) fn expire_tokens(&self) {
        hold(&self.state).tokens.clear();
    }

    pub(super) fn revoke_refresh_tokens(&self) {
        hold(&self.state).refresh.clear();
    }

    pub(super) fn set_token_lifetime(&self, lifetime: Duration) {
        hold(&self.state).lifetime = lifetime;
    }

    /// Until when a token opens sockets; `None` if it does not.
    pub(super) fn until(&self, token: &str) -> Option<Timestamp> {
        hold(&self.state).tokens.get(token).copied().filter(|until| *until > self.clock.now())
    }

    /// One of the three logins, by the last segment of its path.
    pub(super) fn login(&self, kind: &str, request: &Request) -> Answer {
        if request.method != Method::POST || !request.content_type_is("application/json") {
            return refused(StatusCode::BAD_REQUEST, "JSON expected");
        }
        let (options, body) = (&self.options, &request.body);
        let known = match kind {
            "Token" => serde_json::from_slice::<ByToken>(body).map(|it| it.token == self.code()),
            "User" => {
                serde_json::from_slice::<ByUser>(body).map(|it| it.email == options.email && it.pin == options.pin)
            }
            "Account" => serde_json::from_slice::<ByAccount>(body)
                .map(|it| it.username == options.username && it.password == options.password),
            _ => return refused(StatusCode::NOT_FOUND, "unknown login"),
        };
        match known {
            Err(_) => refused(StatusCode::BAD_REQUEST, "missing parameters"),
            Ok(false) => refused(StatusCode::UNAUTHORIZED, "Login failed"),
            Ok(true) => self.grant(request),
        }
    }

    /// A refresh token is used up by its use.
    pub(super) fn refresh(&self, request: &Request) -> Answer {
        let known = request.bearer().is_some_and(|token| hold(&self.state).refresh.remove(token));
        if request.method != Method::GET || !known {
            return refused(StatusCode::UNAUTHORIZED, "Refresh token not valid");
        }
        self.grant(request)
    }

    fn grant(&self, request: &Request) -> Answer {
        let now = self.clock.now();
        let mut state = hold(&self.state);
        let until = now.checked_add(state.lifetime).unwrap_or(now);
        let (token, refresh) = (state.token(), state.token());
        state.tokens.retain(|_, until| *until > now);
        state.tokens.insert(token.clone(), until);
        state.refresh.insert(refresh.clone());
        drop(state);
        let host = format!("http://{}", request.header("host").unwrap_or_default());
        let socket = json!({
            "Token": token,
            "TokenExpiry": self.written(until),
            "RefreshToken": refresh,
            "RefreshTokenExpiry": self.written(until),
            "URLList": [host, host],
            "Url": host,
            "Client": format!("{host}/socket.io.js?v=2.4.0"),
            "Version": "1.3.7",
            "PersonId": 4711,
        });
        Answer::json(StatusCode::OK, &json!({"StatusCode": 200, "Status": "OK", "Data": {"Socket": socket}}))
    }

    fn written(&self, at: Timestamp) -> String {
        match self.options.expiry {
            ExpiryForm::Rfc3339 => format!("{at:.3}"),
            ExpiryForm::Bare => format!("{at:.3}").trim_end_matches('Z').to_owned(),
            ExpiryForm::Milliseconds => format!("/Date({})/", at.as_millisecond()),
            ExpiryForm::Unreadable => "in a while".into(),
        }
    }
}

impl State {
    /// Opaque, and easy to find in what should not hold it.
    fn token(&mut self) -> String {
        format!("eyJ{}", URL_SAFE_NO_PAD.encode(self.rng.random::<[u8; 24]>()))
    }
}

fn refused(status: StatusCode, text: &str) -> Answer {
    Answer::json(status, &json!({"error": text}))
}
