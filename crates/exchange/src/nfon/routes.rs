//! Which endpoint a request is for, and who may use it.

use hyper::{Method, StatusCode};
use serde::Deserialize;
use serde_json::json;

use super::json::{Extension, State};
use super::sign_in::KEY_ID;
use super::{BASE, Nfon, event_item};
use crate::lock::hold;
use crate::wire::{Answer, Request, Service};

#[derive(Deserialize)]
struct Credentials {
    username: String,
    password: String,
}

impl Service for Nfon {
    fn answer(&self, request: &Request) -> Answer {
        let answer = self.route(request);
        // What a caller of the vendor's support reads out.
        answer.with("x-request-id", uuid::Builder::from_random_bytes(request_noise(request)).into_uuid().to_string())
    }
}

/// An error the way this service words it: JSON with `error`, but nothing at all with a 401.
pub(crate) fn error_form(status: StatusCode) -> Answer {
    if status == StatusCode::UNAUTHORIZED {
        return Answer::empty(status);
    }
    error(status, status.canonical_reason().unwrap_or("error"))
}

pub(super) fn error(status: StatusCode, text: &str) -> Answer {
    Answer::json(status, &json!({"error": text}))
}

impl Nfon {
    fn route(&self, request: &Request) -> Answer {
        let Some(path) = request.path.strip_prefix(BASE) else { return error(StatusCode::NOT_FOUND, "not found") };
        match (path, &request.method) {
            ("/login", &Method::POST) => self.sign_in(request),
            ("/login", &Method::PUT) => self.refresh(request),
            ("/.well-known/jwks.json", &Method::GET) => key_set(),
            ("/extensions/phone/data", &Method::GET) => self.guarded(request, Self::extensions),
            ("/extensions/phone/states", &Method::GET) => self.guarded_presence(request, Self::states),
            ("/extensions/phone/calls", &Method::GET) => self.guarded_presence(request, Self::call_stream),
            ("/extensions/phone/calls", &Method::POST) => self.guarded_presence(request, Self::dial),
            ("/login" | "/.well-known/jwks.json", _) => not_allowed(),
            ("/extensions/phone/data" | "/extensions/phone/states" | "/extensions/phone/calls", _) => not_allowed(),
            (path, method) => match path.strip_prefix("/extensions/phone/calls/") {
                Some(call) if !call.is_empty() && !call.contains('/') && method == Method::DELETE => {
                    self.guarded_presence(request, |this, _| this.cancel(call))
                }
                Some(call) if !call.is_empty() && !call.contains('/') => not_allowed(),
                _ => error(StatusCode::NOT_FOUND, "not found"),
            },
        }
    }

    fn sign_in(&self, request: &Request) -> Answer {
        let credentials = serde_json::from_slice::<Credentials>(&request.body);
        let Some(given) = credentials.ok().filter(|_| request.content_type_is("application/json")) else {
            return Answer::empty(StatusCode::BAD_REQUEST);
        };
        match self.sign_in.with_password(&given.username, &given.password) {
            Some(tokens) => Answer::json(StatusCode::OK, &tokens),
            None => Answer::empty(StatusCode::UNAUTHORIZED),
        }
    }

    fn refresh(&self, request: &Request) -> Answer {
        match request.bearer().and_then(|token| self.sign_in.with_refresh_token(token)) {
            Some(tokens) => Answer::json(StatusCode::OK, &tokens),
            None => Answer::empty(StatusCode::UNAUTHORIZED),
        }
    }

    fn guarded(&self, request: &Request, then: impl FnOnce(&Self, &Request) -> Answer) -> Answer {
        if !request.bearer().is_some_and(|token| self.sign_in.allows(token)) {
            return Answer::empty(StatusCode::UNAUTHORIZED);
        }
        if !hold(&self.licence).cti {
            return error(StatusCode::FORBIDDEN, "CTI licence missing");
        }
        then(self, request)
    }

    fn guarded_presence(&self, request: &Request, then: impl FnOnce(&Self, &Request) -> Answer) -> Answer {
        self.guarded(request, |this, request| {
            if hold(&this.licence).extended_presence {
                then(this, request)
            } else {
                error(StatusCode::FORBIDDEN, "extended presence not licensed")
            }
        })
    }

    fn extensions(&self, request: &Request) -> Answer {
        let wildcard = request.accepts("*/*") || request.accepts_nothing_named();
        if !wildcard && !request.accepts("application/json") {
            return not_acceptable();
        }
        let customer = &self.options.customer;
        let all = self.office.stand_still(|stations| -> Vec<Extension> {
            stations.iter().map(|station| Extension::of(station, customer)).collect()
        });
        Answer::json(StatusCode::OK, &all)
    }

    fn states(&self, request: &Request) -> Answer {
        if request.accepts("application/json") {
            self.states_snapshot(&request.query)
        } else if request.accepts("text/event-stream") || request.accepts_nothing_named() {
            self.states_stream()
        } else {
            not_acceptable()
        }
    }

    fn states_snapshot(&self, query: &str) -> Answer {
        let wanted: Vec<&str> = query.split('&').filter_map(|pair| pair.strip_prefix("extension=")).collect();
        let states = self.office.stand_still(|stations| -> Vec<State> {
            let wanted = stations.iter().filter(|it| wanted.is_empty() || wanted.contains(&it.number.as_str()));
            wanted.map(|station| State::of_station(station, &self.options.customer)).collect()
        });
        Answer::json(StatusCode::OK, &states)
    }

    fn states_stream(&self) -> Answer {
        if !self.options.states_stream {
            return not_acceptable();
        }
        // Snapshot and subscription in one go: no change falls between them.
        let (first, live) = self.office.stand_still(|stations| {
            let customer = &self.options.customer;
            let first = stations.iter().map(|it| event_item(&State::of_station(it, customer))).collect();
            (first, self.states.subscribe())
        });
        Answer::stream(crate::wire::Source { first, live, heartbeat: self.options.heartbeat })
    }
}

pub(super) fn not_acceptable() -> Answer {
    error(StatusCode::NOT_ACCEPTABLE, "not acceptable")
}

fn not_allowed() -> Answer {
    error(StatusCode::METHOD_NOT_ALLOWED, "method not allowed")
}

fn key_set() -> Answer {
    let modulus = "u1W0zcT3pW1Pq8m0vXn1xkqZJmQGkcG0u6nS8m3gk0w";
    let key = json!({"kid": KEY_ID, "kty": "RSA", "alg": "RS512", "use": "sig", "n": modulus, "e": "AQAB"});
    Answer::json(StatusCode::OK, &json!({"keys": [key]}))
}

/// The same request gets the same id, so that runs can be compared.
fn request_noise(request: &Request) -> [u8; 16] {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    (request.method.as_str(), &request.path, &request.query, &request.body).hash(&mut hasher);
    let mut noise = [0x5a; 16];
    noise[..8].copy_from_slice(&hasher.finish().to_be_bytes());
    noise
}
