//! The one door to the API: posts JSON, and judges an answer by its body.

use std::sync::Arc;
use std::time::Duration;

use ringside_transport::{Http, Request, Response, TransportError, json};
use serde::Serialize;
use serde_json::value::RawValue;

use super::envelope::{Envelope, Verdict};
use super::trouble::Trouble;
use crate::account::{Address, Oddities};

/// Cheap to clone.
#[derive(Clone)]
pub struct Door {
    pub http: Http,
    pub address: Address,
    pub oddities: Arc<Oddities>,
}

/// An answer that says that it worked.
pub struct Answer {
    json: Box<RawValue>,
}

impl Door {
    /// Asks a method exactly once.
    ///
    /// # Errors
    /// Everything but [`Trouble::SignIn`].
    pub async fn post(
        &self,
        method: &str,
        body: &impl Serialize,
        patience: Option<Duration>,
    ) -> Result<Answer, Trouble> {
        let request = Request::post(self.address.at(method)).accept("application/json, text/json").json(body);
        let request = patience.into_iter().fold(request, Request::timeout);
        let answer = self.http.send(request).await.map_err(Trouble::Road)?;
        judge(&answer, &self.oddities)
    }
}

impl Answer {
    pub fn envelope(&self) -> Envelope<'_> {
        Envelope::read(self.json.get()).unwrap_or_default()
    }
}

/// What the body says goes before what HTTP says: under which status an error comes is not documented.
fn judge(answer: &Response, oddities: &Oddities) -> Result<Answer, Trouble> {
    let status = answer.status.as_u16();
    if let (403 | 404 | 410, Some(title)) = (status, json::html_title(&answer.body, answer.content_type())) {
        return Err(Trouble::Portal { status, title });
    }
    let read = json::decode::<Box<RawValue>>(&answer.body, answer.content_type());
    let envelope = read.as_ref().ok().and_then(|json| Envelope::read(json.get()));
    let said = envelope.as_ref().and_then(Envelope::complaint);
    match envelope.as_ref().map(Envelope::verdict) {
        Some(Verdict::Error) if said.as_deref().is_some_and(is_of_a_session) => {
            return Err(Trouble::Session { said: said.unwrap_or_default(), status });
        }
        _ if status == 401 => return Err(Trouble::Session { said: said.unwrap_or_else(|| answer.excerpt()), status }),
        Some(Verdict::Ok) => {}
        Some(Verdict::Error) if !answer.status.is_success() => return Err(Trouble::Answered(refused(answer, said))),
        _ if !answer.status.is_success() => return Err(Trouble::Road(refused(answer, said))),
        Some(Verdict::Error) => return Err(Trouble::Said(said.unwrap_or_else(|| "it does not say why".into()))),
        // A word we do not know beside the list that was asked for is not worth losing the list.
        Some(Verdict::Unclear) if envelope.as_ref().is_some_and(Envelope::has_list) => {
            oddities.word("status", envelope.as_ref().map_or("", Envelope::status));
        }
        Some(Verdict::Unclear) => return Err(Trouble::Road(unexpected("it says neither ok nor error"))),
        None if read.is_ok() => return Err(Trouble::Road(unexpected("it is not an object"))),
        None => {}
    }
    read.map(|json| Answer { json }).map_err(Trouble::Road)
}

/// JSON that cannot be what was asked for; a half-deployed server answers so, and stops doing so.
pub fn unexpected(problem: impl Into<String>) -> TransportError {
    TransportError::NotJson { line: 1, column: 1, problem: problem.into() }
}

/// `session invalid` and `session unauthenticated` have been seen; others are likely.
fn is_of_a_session(said: &str) -> bool {
    said.to_ascii_lowercase().contains("session")
}

fn refused(answer: &Response, said: Option<String>) -> TransportError {
    TransportError::Status {
        status: answer.status.as_u16(),
        body_excerpt: said.unwrap_or_else(|| answer.excerpt()),
        request_id: answer.request_id.clone(),
        retry_after: answer.retry_after,
    }
}

#[cfg(test)]
#[path = "door_tests.rs"]
mod tests;
