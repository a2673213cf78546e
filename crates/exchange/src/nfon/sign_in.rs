//! Passwords and token pairs.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::json;

use super::json::Tokens;
use super::options::NfonOptions;
use crate::clock::Clock;
use crate::lock::hold;

pub(super) struct SignIn {
    clock: Clock,
    customer: String,
    username: String,
    state: Mutex<State>,
}

struct State {
    password: String,
    rng: StdRng,
    extended_presence: bool,
    access_lifetime: Duration,
    refresh_lifetime: Duration,
    /// Tokens and when they expire.
    access: HashMap<String, Timestamp>,
    refresh: HashMap<String, Timestamp>,
}

impl SignIn {
    pub(super) fn new(options: &NfonOptions, clock: Clock, seed: u64) -> Self {
        let state = State {
            password: options.password.clone(),
            rng: StdRng::seed_from_u64(seed ^ 0x6e66_6f6e),
            extended_presence: options.extended_presence,
            access_lifetime: options.access_lifetime,
            refresh_lifetime: options.refresh_lifetime,
            access: HashMap::new(),
            refresh: HashMap::new(),
        };
        let (customer, username) = (options.customer.clone(), options.username.clone());
        Self { clock, customer, username, state: Mutex::new(state) }
    }

    /// A pair for the right name and password. The name may be the bare account too.
    pub(super) fn with_password(&self, username: &str, password: &str) -> Option<Tokens> {
        let mut state = hold(&self.state);
        let known = username == self.username || username == self.customer;
        (known && password == state.password).then(|| self.give_out(&mut state))
    }

    /// A new pair for a refresh token, which is used up by it.
    pub(super) fn with_refresh_token(&self, token: &str) -> Option<Tokens> {
        let mut state = hold(&self.state);
        let expires = state.refresh.remove(token)?;
        (expires > self.clock.now()).then(|| self.give_out(&mut state))
    }

    pub(super) fn allows(&self, access_token: &str) -> bool {
        hold(&self.state).access.get(access_token).is_some_and(|expires| *expires > self.clock.now())
    }

    pub(super) fn clock(&self) -> Clock {
        self.clock
    }

    pub(super) fn password(&self) -> String {
        hold(&self.state).password.clone()
    }

    pub(super) fn set_password(&self, password: &str) {
        hold(&self.state).password = password.into();
    }

    pub(super) fn expire_access_tokens(&self) {
        hold(&self.state).access.clear();
    }

    pub(super) fn revoke_refresh_tokens(&self) {
        hold(&self.state).refresh.clear();
    }

    pub(super) fn set_access_lifetime(&self, lifetime: Duration) {
        hold(&self.state).access_lifetime = lifetime;
    }

    pub(super) fn set_extended_presence(&self, extended_presence: bool) {
        hold(&self.state).extended_presence = extended_presence;
    }

    fn give_out(&self, state: &mut State) -> Tokens {
        let now = self.clock.now();
        let access_until = now.checked_add(state.access_lifetime).unwrap_or(now);
        let refresh_until = now.checked_add(state.refresh_lifetime).unwrap_or(now);
        let access = self.jwt(state, access_until, "access");
        let refresh = self.jwt(state, refresh_until, "refresh");
        state.access.retain(|_, until| *until > now);
        state.refresh.retain(|_, until| *until > now);
        state.access.insert(access.clone(), access_until);
        state.refresh.insert(refresh.clone(), refresh_until);
        Tokens { access, refresh }
    }

    /// Three parts as in life; the signature is noise, since nobody has the key to check it with.
    fn jwt(&self, state: &mut State, until: Timestamp, usage: &str) -> String {
        let head = json!({"alg": "RS512", "typ": "JWT", "kid": KEY_ID});
        let claims = json!({
            "customer": self.customer,
            "extended_presence": state.extended_presence,
            "exp": until.as_second(),
            "iat": self.clock.now().as_second(),
            "use": usage,
            "jti": format!("{:016x}", state.rng.random::<u64>()),
        });
        let noise: [u8; 64] = state.rng.random();
        let parts = [head.to_string().into_bytes(), claims.to_string().into_bytes(), noise.to_vec()];
        parts.map(|part| URL_SAFE_NO_PAD.encode(part)).join(".")
    }
}

pub(super) const KEY_ID: &str = "demo-exchange-1";
