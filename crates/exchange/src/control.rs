//! `/_control/…` on every port: switches for scripts and other programs.

use std::sync::Arc;

use hyper::{Method, StatusCode};
use serde_json::json;

use crate::faults::{Fault, Faults};
use crate::tape::Tape;
use crate::wire::{Answer, Request};

#[derive(Clone)]
pub(crate) struct Control {
    pub(crate) faults: Arc<Faults>,
    pub(crate) tape: Arc<Tape>,
}

impl Control {
    /// `GET|PUT|POST|DELETE /_control/faults` (PUT replaces all with an array, POST adds one), `GET|DELETE /_control/tape`.
    pub(crate) fn answer(&self, request: &Request) -> Answer {
        match (&request.method, request.path.as_str()) {
            (&Method::GET, "/_control/faults") => Answer::json(StatusCode::OK, &self.faults.active()),
            (&Method::PUT, "/_control/faults") => match serde_json::from_slice::<Vec<Fault>>(&request.body) {
                Ok(faults) => {
                    self.faults.clear();
                    faults.into_iter().for_each(|fault| self.faults.set(fault));
                    Answer::empty(StatusCode::NO_CONTENT)
                }
                Err(error) => refused(&error),
            },
            (&Method::POST, "/_control/faults") => match serde_json::from_slice::<Fault>(&request.body) {
                Ok(fault) => {
                    self.faults.set(fault);
                    Answer::empty(StatusCode::NO_CONTENT)
                }
                Err(error) => refused(&error),
            },
            (&Method::DELETE, "/_control/faults") => {
                self.faults.clear();
                Answer::empty(StatusCode::NO_CONTENT)
            }
            (&Method::GET, "/_control/tape") => Answer::json(StatusCode::OK, &self.tape.requests()),
            (&Method::DELETE, "/_control/tape") => {
                self.tape.clear();
                Answer::empty(StatusCode::NO_CONTENT)
            }
            _ => Answer::empty(StatusCode::NOT_FOUND),
        }
    }
}

fn refused(error: &serde_json::Error) -> Answer {
    Answer::json(StatusCode::BAD_REQUEST, &json!({"error": error.to_string()}))
}
