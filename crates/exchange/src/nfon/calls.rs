//! The call stream, dialling and cancelling.

use std::time::Duration;

use hyper::StatusCode;
use serde::Deserialize;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::json::{RequestStep, failure, step};
use super::routes::{error, not_acceptable};
use super::{Nfon, event_item};
use crate::clock::{Clock, with_nanoseconds};
use crate::office::{Context, DialSpec, Failure, Progress, Step};
use crate::wire::{Answer, Item, Request, Source};

#[derive(Deserialize)]
struct DialBody {
    caller: String,
    #[serde(default)]
    caller_context: String,
    callee: String,
    #[serde(default)]
    callee_context: String,
    extension: Option<String>,
    timeout: Option<u64>,
}

const USUAL_TIMEOUT: u64 = 20;
const LONGEST_TIMEOUT: u64 = 120;

impl Nfon {
    pub(super) fn call_stream(&self, request: &Request) -> Answer {
        if !request.accepts("text/event-stream") {
            return not_acceptable();
        }
        let live = self.calls.subscribe();
        Answer::stream(Source { first: Vec::new(), live, heartbeat: self.options.heartbeat })
    }

    pub(super) fn dial(&self, request: &Request) -> Answer {
        let as_json = request.accepts("application/json") || request.accepts_nothing_named();
        if !as_json && !request.accepts("text/event-stream") && !request.accepts("*/*") {
            return not_acceptable();
        }
        let spec = match self.dial_spec(request) {
            Ok(spec) => spec,
            Err(text) => return error(StatusCode::BAD_REQUEST, text),
        };
        let clock = self.sign_in.clock();
        match self.office.dial(spec) {
            Err(refused) => error(StatusCode::BAD_REQUEST, &refused.to_string()),
            Ok((call, _)) if as_json => {
                Answer::json(StatusCode::ACCEPTED, &request_step(clock, call, Step::Start, None))
            }
            Ok((call, progress)) => self.progress_stream(call, progress),
        }
    }

    pub(super) fn cancel(&self, call: &str) -> Answer {
        match call.parse::<Uuid>() {
            Err(_) => error(StatusCode::BAD_REQUEST, "uuid malformed"),
            Ok(id) if self.office.cancel_dial(id) => Answer::empty(StatusCode::NO_CONTENT),
            Ok(_) => error(StatusCode::NOT_FOUND, "call unknown"),
        }
    }

    fn dial_spec(&self, request: &Request) -> Result<DialSpec, &'static str> {
        if !request.content_type_is("application/json") {
            return Err("content type must be application/json");
        }
        let body: DialBody = serde_json::from_slice(&request.body).map_err(|_| "body malformed")?;
        let timeout = body.timeout.unwrap_or(USUAL_TIMEOUT);
        if timeout == 0 || timeout > LONGEST_TIMEOUT {
            return Err("timeout must be between 1 and 120");
        }
        if self.context(&body.caller_context)? == Context::Global && body.extension.is_none() {
            return Err("caller with context global needs an extension");
        }
        let callee_context = self.context(&body.callee_context)?;
        Ok(DialSpec {
            caller: dialable(body.extension.unwrap_or(body.caller), "caller malformed")?,
            callee: dialable(body.callee, "callee malformed")?,
            callee_context,
            timeout: Duration::from_secs(timeout),
        })
    }

    fn context(&self, text: &str) -> Result<Context, &'static str> {
        match text {
            "" => Ok(Context::Account),
            "global" => Ok(Context::Global),
            account if account == self.options.customer => Ok(Context::Account),
            _ => Err("context unknown"),
        }
    }

    /// The steps of the request as events; the stream ends with `end`.
    fn progress_stream(&self, call: Uuid, mut progress: Progress) -> Answer {
        let (sender, live) = mpsc::channel::<Item>(32);
        let clock = self.sign_in.clock();
        self.office.spawn(async move {
            while let Some((at, failed)) = progress.recv().await {
                let event = request_step(clock, call, at, failed);
                if sender.send(event_item(&event)).await.is_err() || at == Step::End {
                    return;
                }
            }
        });
        Answer::stream(Source { first: Vec::new(), live, heartbeat: self.options.heartbeat })
    }
}

fn request_step(clock: Clock, call: Uuid, at: Step, failed: Option<Failure>) -> RequestStep {
    RequestStep {
        uuid: call.to_string(),
        state: step(at),
        updated: with_nanoseconds(clock.now()),
        error: failed.map(failure),
    }
}

/// Digits, `*` and `#`; no `+` and no `00` in front.
fn dialable(number: String, complaint: &'static str) -> Result<String, &'static str> {
    let plain = !number.is_empty() && number.chars().all(|it| it.is_ascii_digit() || it == '*' || it == '#');
    if plain && !number.starts_with("00") { Ok(number) } else { Err(complaint) }
}
