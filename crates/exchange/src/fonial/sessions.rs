//! Sessions: given out to anybody, authenticated with the main user's password.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use jiff::Timestamp;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::options::FonialOptions;
use crate::clock::Clock;
use crate::lock::hold;

pub(super) struct Sessions {
    clock: Clock,
    lifetime: Duration,
    username: String,
    state: Mutex<State>,
}

struct State {
    rng: StdRng,
    password: String,
    open: HashMap<String, Session>,
    forgetful: bool,
}

struct Session {
    authenticated: bool,
    until: Timestamp,
}

/// What a session is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Unknown,
    Unauthenticated,
    Authenticated,
}

impl Sessions {
    pub(super) fn new(options: &FonialOptions, clock: Clock, seed: u64) -> Self {
        let state = State {
            rng: StdRng::seed_from_u64(seed ^ 0x666f_6e69),
            password: options.password.clone(),
            open: HashMap::new(),
            forgetful: false,
        };
        let username = options.username.clone();
        Self { clock, lifetime: options.session_lifetime, username, state: Mutex::new(state) }
    }

    pub(super) fn begin(&self) -> String {
        let now = self.clock.now();
        let mut state = hold(&self.state);
        let sid = uuid::Builder::from_random_bytes(state.rng.random()).into_uuid().to_string();
        state.open.retain(|_, session| session.until > now);
        state.open.insert(sid.clone(), Session { authenticated: false, until: self.end(now) });
        sid
    }

    /// Whether name and password are right; the session counts as authenticated then.
    pub(super) fn authenticate(&self, sid: &str, username: &str, password: &str) -> bool {
        let mut state = hold(&self.state);
        let right = username == self.username && password == state.password;
        if let Some(session) = state.open.get_mut(sid) {
            session.authenticated |= right;
        }
        right
    }

    /// Looks a session up, which keeps it alive.
    pub(super) fn standing(&self, sid: &str) -> Standing {
        let now = self.clock.now();
        let mut state = hold(&self.state);
        if state.forgetful && state.open.get(sid).is_some_and(|session| session.authenticated) {
            return Standing::Unknown;
        }
        match state.open.get_mut(sid) {
            Some(session) if session.until > now => {
                session.until = self.end(now);
                if session.authenticated { Standing::Authenticated } else { Standing::Unauthenticated }
            }
            _ => Standing::Unknown,
        }
    }

    pub(super) fn ids(&self) -> Vec<String> {
        hold(&self.state).open.keys().cloned().collect()
    }

    pub(super) fn expire(&self) {
        hold(&self.state).open.clear();
    }

    pub(super) fn set_forgetful(&self, forgetful: bool) {
        hold(&self.state).forgetful = forgetful;
    }

    pub(super) fn password(&self) -> String {
        hold(&self.state).password.clone()
    }

    pub(super) fn set_password(&self, password: &str) {
        hold(&self.state).password = password.into();
    }

    fn end(&self, now: Timestamp) -> Timestamp {
        now.checked_add(self.lifetime).unwrap_or(now)
    }
}
