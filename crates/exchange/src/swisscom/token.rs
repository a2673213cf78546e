//! The OAuth 2.0 token endpoint, on a host of its own.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hyper::{Method, StatusCode};
use jiff::Timestamp;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::json;

use super::{Shared, SwisscomOptions, TOKEN_PATH};
use crate::clock::Clock;
use crate::lock::hold;
use crate::wire::{Answer, Request, Service};

pub(super) struct Tokens {
    clock: Clock,
    lifetime: Duration,
    state: Mutex<State>,
}

struct State {
    rng: StdRng,
    valid: HashMap<String, Timestamp>,
    approved: bool,
}

pub(crate) struct TokenHost {
    shared: Arc<Shared>,
}

impl Tokens {
    pub(super) fn new(options: &SwisscomOptions, clock: Clock, seed: u64) -> Self {
        let rng = StdRng::seed_from_u64(seed ^ 0x7377_6973);
        let state = State { rng, valid: HashMap::new(), approved: true };
        Self { clock, lifetime: options.token_lifetime, state: Mutex::new(state) }
    }

    pub(super) fn allow(&self, token: &str) -> bool {
        let state = hold(&self.state);
        state.approved && state.valid.get(token).is_some_and(|until| *until > self.clock.now())
    }

    pub(super) fn expire(&self) {
        hold(&self.state).valid.clear();
    }

    pub(super) fn set_approved(&self, approved: bool) {
        hold(&self.state).approved = approved;
    }

    fn give_out(&self) -> String {
        let now = self.clock.now();
        let until = now.checked_add(self.lifetime).unwrap_or(now);
        let mut state = hold(&self.state);
        let token = URL_SAFE_NO_PAD.encode(state.rng.random::<[u8; 24]>());
        state.valid.retain(|_, until| *until > now);
        state.valid.insert(token.clone(), until);
        token
    }
}

impl TokenHost {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }
}

impl Service for TokenHost {
    fn answer(&self, request: &Request) -> Answer {
        if request.path != TOKEN_PATH {
            return token_error_form(StatusCode::NOT_FOUND);
        }
        if request.method != Method::POST {
            return token_error_form(StatusCode::METHOD_NOT_ALLOWED);
        }
        if !request.content_type_is("application/x-www-form-urlencoded") {
            return token_error_form(StatusCode::UNSUPPORTED_MEDIA_TYPE);
        }
        if !self.knows(request) {
            return token_error_form(StatusCode::UNAUTHORIZED).with("www-authenticate", "Basic");
        }
        let body = String::from_utf8_lossy(&request.body);
        match body.split('&').find_map(|pair| pair.strip_prefix("grant_type=")) {
            Some("client_credentials") => self.token(),
            Some(_) => error(StatusCode::BAD_REQUEST, "INVALID_PARAMETER", "unsupported_grant_type"),
            None => token_error_form(StatusCode::BAD_REQUEST),
        }
    }
}

impl TokenHost {
    fn token(&self) -> Answer {
        let lifetime = self.shared.options.token_lifetime.as_secs();
        // `expires_in` is text in the vendor's schema and examples.
        let token = json!({
            "access_token": self.shared.tokens.give_out(),
            "token_type": "bearer",
            "expires_in": lifetime.to_string(),
        });
        Answer::json(StatusCode::OK, &token).with("cache-control", "no-store")
    }

    fn knows(&self, request: &Request) -> bool {
        let Some((scheme, encoded)) = request.header("authorization").and_then(|it| it.split_once(' ')) else {
            return false;
        };
        let options = &self.shared.options;
        let expected = format!("{}:{}", options.customer_key, options.customer_secret);
        scheme.eq_ignore_ascii_case("basic") && STANDARD.decode(encoded).is_ok_and(|it| it == expected.as_bytes())
    }
}

/// An error of the token endpoint: the gateway's form with the code of RFC 6749.
pub(crate) fn token_error_form(status: StatusCode) -> Answer {
    match status {
        StatusCode::BAD_REQUEST => error(status, "INVALID_REQUEST", "invalid_request"),
        StatusCode::UNAUTHORIZED => error(status, "INVALID_AUTHENTICATION_CREDENTIALS", "invalid_client"),
        StatusCode::NOT_FOUND => error(status, "INVALID_REQUEST_RESOURCE", "invalid_request"),
        StatusCode::METHOD_NOT_ALLOWED => error(status, "INVALID_REQUEST_METHOD", "invalid_request"),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => error(status, "UNSUPPORTED_MEDIA_TYPE", "invalid_request"),
        _ => super::error_form(status),
    }
}

fn error(status: StatusCode, code: &str, oauth: &str) -> Answer {
    let message = status.canonical_reason().unwrap_or("Error");
    let body = json!({"status": status.as_str(), "code": code, "message": message, "error": oauth});
    Answer::json(status, &body)
}
