//! Trying the receiver's addresses from here: whether what is sent there arrives at this very receiver.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use hyper::{Method, StatusCode};
use ringside_domain::{Problem, Timestamp};
use ringside_telephony::{Finding, Note, Verdict};
use ringside_transport::{Http, HttpSettings, Request, TransportError, origin};
use url::Url;
use uuid::Uuid;

use super::address::below;
use super::answer::{self, Answer};
use super::hall::House;

const PATIENCE: Duration = Duration::from_secs(5);

/// Bytes of an answer that are read: ours has 32.
const LONGEST: usize = 64 << 10;

/// Tests that may run at once; the oldest is given up.
const MOST: usize = 8;

/// The tests that are running.
#[derive(Default)]
pub(crate) struct Tests(Mutex<Vec<Pending>>);

/// A path of its own and what only this receiver answers there.
#[derive(Clone)]
struct Pending {
    path: String,
    answer: String,
}

impl Tests {
    /// `None` where no test waits for this.
    pub(crate) fn answer(&self, method: &Method, segment: &str) -> Option<Answer> {
        if method != Method::POST {
            return None;
        }
        let tests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let test = tests.iter().find(|test| test.path == segment)?;
        let mut answer = answer::empty(StatusCode::OK);
        *answer.body_mut() = Bytes::from(test.answer.clone()).into();
        Some(answer)
    }

    fn begin(&self) -> Pending {
        let drawn = || Uuid::new_v4().simple().to_string();
        let test = Pending { path: drawn(), answer: drawn() };
        let mut tests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tests.len() == MOST {
            tests.remove(0);
        }
        tests.push(test.clone());
        test
    }

    fn end(&self, test: &Pending) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|it| it.path != test.path);
    }
}

/// What there is to try.
pub struct Tried {
    /// Where it listens, or why it does not.
    pub local: Result<Url, Problem>,
    /// How services reach it, where that is set, or why it cannot be read.
    pub public: Result<Option<Url>, Problem>,
    /// As adapters send it.
    pub user_agent: String,
    /// The clock of the HTTP client.
    pub now: fn() -> Timestamp,
}

/// One finding an address: `local`, then `public`.
pub async fn test(house: Arc<House>, tried: Tried) -> Vec<Finding> {
    let Tried { local, public, user_agent, now } = tried;
    let listens = local.is_ok();
    let here = match local {
        Err(problem) => Verdict::Fails(problem),
        Ok(url) if !origin::is_loopback(&url) => {
            let address = origin::name(&url);
            let text = format!("it listens on {address}, which other computers are to try");
            Verdict::NotTried(Note::new("receiver_for_others", text))
        }
        Ok(url) => judged(&Place::Local, &url, &sent(&house, &url, &user_agent, now).await),
    };
    let public = match public {
        Err(problem) => Verdict::Fails(problem),
        Ok(None) => Verdict::NotTried(Note::new("receiver_not_public", "no public address is set")),
        Ok(Some(_)) if !listens => Verdict::NotTried(Note::new("receiver_silent", "the receiver is not running")),
        Ok(Some(url)) => judged(&Place::Public, &url, &sent(&house, &url, &user_agent, now).await),
    };
    vec![Finding { step: "local", verdict: here }, Finding { step: "public", verdict: public }]
}

enum Place {
    Local,
    Public,
}

/// What answered.
#[derive(Debug)]
enum Answered {
    /// This receiver.
    Here,
    /// Somebody else, with this status.
    Other(u16),
    Nobody(TransportError),
}

/// Sends one request that only this receiver can answer. No redirect is followed.
async fn sent(house: &House, base: &Url, user_agent: &str, now: fn() -> Timestamp) -> Answered {
    let settings = HttpSettings {
        connect_timeout: PATIENCE,
        total_timeout: PATIENCE,
        max_body: LONGEST,
        ..HttpSettings::new(user_agent, Arc::new(now))
    };
    let test = house.tests.begin();
    let request = Request::post(below(base, &test.path)).body(Bytes::from_static(b"{}"), "application/json");
    let answered = match Http::new(settings) {
        Ok(http) => http.send(request).await,
        Err(error) => Err(error),
    };
    house.tests.end(&test);
    match answered {
        Ok(response) if response.status.is_success() && *response.body == *test.answer.as_bytes() => Answered::Here,
        Ok(response) => Answered::Other(response.status.as_u16()),
        Err(error) => Answered::Nobody(error),
    }
}

fn judged(place: &Place, url: &Url, answered: &Answered) -> Verdict {
    use TransportError::{Interrupted, Redirected, TooLarge};
    let address = origin::name(url);
    let fails = |code, message: String, hint| Verdict::Fails(Problem::new(code, message, hint));
    match (place, answered) {
        (_, Answered::Here) => Verdict::Works(Note::new("receiver_found", format!("{address} leads here"))),
        (
            Place::Local,
            Answered::Other(_) | Answered::Nobody(Redirected { .. } | TooLarge { .. } | Interrupted { .. }),
        ) => fails(
            "receiver_other_program",
            format!("another program answers at {address}"),
            "Close that program, or choose another port for the receiver.",
        ),
        (Place::Local, Answered::Nobody(error)) => {
            fails("receiver_unreachable", format!("no answer at {address}: {error}"), "Check this computer's firewall.")
        }
        (Place::Public, Answered::Other(status @ (502..=504 | 530))) => fails(
            "receiver_proxy_finds_nobody",
            format!("the reverse proxy or tunnel at {address} answers ({status}), but does not reach this receiver"),
            "Have it pass requests on to the receiver's local address.",
        ),
        (Place::Public, Answered::Other(status)) => fails(
            "receiver_leads_elsewhere",
            format!("{address} answers ({status}), but not with this receiver"),
            "Let the proxy or tunnel pass on POST requests with their whole path, without a sign-in.",
        ),
        (Place::Public, Answered::Nobody(error)) => unreached(&address, error),
    }
}

fn unreached(address: &str, error: &TransportError) -> Verdict {
    let (code, message, hint) = match error {
        TransportError::Tls { detail } => (
            "receiver_certificate",
            format!("the certificate of {address} is not valid: {detail}"),
            "Renew it at the reverse proxy or tunnel. Services refuse any other.",
        ),
        TransportError::Redirected { status, to_origin } => (
            "receiver_redirected",
            format!("{address} redirects ({status}) to {to_origin}; services do not follow"),
            "Enter the address it redirects to. Services don't follow redirects.",
        ),
        TransportError::Timeout { after } => (
            "receiver_unreachable",
            format!("no answer at {address} within {} s", after.as_secs()),
            "Check the reverse proxy, tunnel and firewall. Some networks can't reach their own public address.",
        ),
        TransportError::BadRequest { .. } => {
            return Verdict::NotTried(
                format!("{address} is not encrypted, and nothing is sent there from here").into(),
            );
        }
        TransportError::TooLarge { .. } | TransportError::Interrupted { .. } => (
            "receiver_leads_elsewhere",
            format!("something at {address} answers, but not this receiver: {error}"),
            "Compare the address with the settings of the reverse proxy or tunnel.",
        ),
        error => (
            "receiver_unreachable",
            format!("no answer at {address}: {error}"),
            "Check that the reverse proxy or tunnel runs under this name.",
        ),
    };
    Verdict::Fails(Problem::new(code, message, hint))
}

#[cfg(test)]
#[path = "self_test_tests.rs"]
mod tests;
