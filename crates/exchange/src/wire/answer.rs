//! A request as a service sees it, and what it answers.

use bytes::Bytes;
use hyper::{HeaderMap, Method, StatusCode};
use serde::Serialize;
use tokio::sync::mpsc;

use super::frames;
use super::{Item, Talk};
use crate::faults::FaultKind;

pub(crate) struct Request {
    pub(crate) method: Method,
    /// As it came, percent-encoding and slashes untouched.
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Faults that the service itself has to act out.
    pub(crate) twists: Vec<FaultKind>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body as a line of text; `None` where there is none.
    pub(crate) fn text(&self) -> Option<String> {
        let text = String::from_utf8_lossy(&self.body).trim().to_owned();
        (!text.is_empty()).then_some(text)
    }

    pub(crate) fn bearer(&self) -> Option<&str> {
        let (scheme, token) = self.header("authorization")?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(token)
    }

    /// Whether `Accept` names the type itself; a wildcard does not count.
    pub(crate) fn accepts(&self, kind: &str) -> bool {
        self.header("accept").is_some_and(|accept| media_types(accept).any(|it| it.eq_ignore_ascii_case(kind)))
    }

    pub(crate) fn accepts_nothing_named(&self) -> bool {
        self.header("accept").is_none_or(|accept| accept.trim().is_empty())
    }

    /// Whether the client wants to go on as a WebSocket.
    pub(crate) fn wants_socket(&self) -> bool {
        self.header("upgrade").is_some_and(|it| it.eq_ignore_ascii_case("websocket"))
    }

    pub(crate) fn content_type_is(&self, kind: &str) -> bool {
        self.header("content-type").is_some_and(|it| media_types(it).any(|it| it.eq_ignore_ascii_case(kind)))
    }
}

fn media_types(header: &str) -> impl Iterator<Item = &str> {
    header.split(',').map(|part| part.split(';').next().unwrap_or(part).trim())
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) content: Content,
}

pub(crate) enum Content {
    Nothing,
    Whole(Bytes),
    Stream(Source),
    Socket(Talk),
}

/// Where a stream's events come from: those at the start, then those to come.
pub(crate) struct Source {
    pub(crate) first: Vec<Item>,
    pub(crate) live: mpsc::Receiver<Item>,
    pub(crate) heartbeat: Option<std::time::Duration>,
}

impl Answer {
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self { status, headers: Vec::new(), content: Content::Nothing }
    }

    pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Self {
        // Our own types always serialise; an empty body would show up in every test.
        let bytes = serde_json::to_vec(body).unwrap_or_default();
        Self::empty(status).with("content-type", "application/json").holding(bytes)
    }

    pub(crate) fn html(status: StatusCode, page: &str) -> Self {
        Self::empty(status).with("content-type", "text/html; charset=utf-8").holding(page.as_bytes().to_vec())
    }

    pub(crate) fn xml(text: &str) -> Self {
        Self::empty(StatusCode::OK).with("content-type", "text/xml; charset=utf-8").holding(text.as_bytes().to_vec())
    }

    pub(crate) fn stream(source: Source) -> Self {
        let mut answer = Self::empty(StatusCode::OK).with("content-type", "text/event-stream");
        answer.headers.push(("cache-control", "no-cache".into()));
        answer.content = Content::Stream(source);
        answer
    }

    /// Goes on as a WebSocket; 400 if the client did not ask for one in good form.
    pub(crate) fn socket(request: &Request, talk: Talk) -> Self {
        let version = request.header("sec-websocket-version") == Some("13");
        let key = request.header("sec-websocket-key").filter(|_| version && request.wants_socket());
        let Some(key) = key else { return Self::empty(StatusCode::BAD_REQUEST) };
        let mut answer = Self::empty(StatusCode::SWITCHING_PROTOCOLS)
            .with("connection", "Upgrade")
            .with("upgrade", "websocket")
            .with("sec-websocket-accept", frames::accept(key));
        answer.content = Content::Socket(talk);
        answer
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn holding(mut self, bytes: Vec<u8>) -> Self {
        self.content = Content::Whole(Bytes::from(bytes));
        self
    }
}
