//! What a service sends unasked. An adapter turns one request into a reply and what it tells, and does nothing else.

use ringside_domain::{Event, OrderUpdate, PastCall, Problem, Timestamp};
use secrecy::SecretString;

/// A request from outside, already limited in size.
#[derive(Clone, Copy, Debug)]
pub struct Push<'a> {
    pub method: &'a str,
    /// What follows the account's own path: empty, or begins with `/`.
    pub path: &'a str,
    /// Without `?`, as it came.
    pub query: &'a str,
    /// Names in lower case.
    pub headers: &'a [(&'a str, &'a [u8])],
    pub body: &'a [u8],
}

impl Push<'_> {
    /// The first header of that name, in lower case, where it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        let (_, value) = self.headers.iter().find(|(it, _)| *it == name)?;
        std::str::from_utf8(value).ok()
    }
}

/// What goes back to the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushReply {
    pub status: u16,
    pub content_type: &'static str,
    pub body: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    pub reply: PushReply,
    pub events: Vec<Event>,
    pub past: Vec<PastCall>,
    pub order: Option<OrderUpdate>,
    /// Why it was not taken; then nothing else is told.
    pub refused: Option<Problem>,
}

pub trait Pushes: Send + Sync {
    /// Without clock and I/O; the adapter counts oddities and remembers which calls are under way, no more.
    fn receive(&self, push: &Push<'_>, now: Timestamp) -> Received;

    /// What to have the service prove its pushes with ([`PushAddress::secret`](super::PushAddress::secret)): the same
    /// after a restart, so that it need not be kept. `None` where the service has its own way, or none.
    fn secret(&self) -> Option<SecretString> {
        None
    }

    /// The page of the service's own that sends from within a browser and must be let read the answer (CORS), as
    /// `scheme://host`.
    fn web_origin(&self) -> Option<&'static str> {
        None
    }
}
