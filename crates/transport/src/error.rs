//! What can go wrong between us and a service, told so that the caller can act on it.

use std::time::Duration;

use ringside_domain::Detail;
use thiserror::Error;
use url::Url;

use super::cause::{self, place};

/// A failed request or an ended stream. Holds no secret: bodies are redacted and cut before they get in.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TransportError {
    /// The HTTP client could not be made, e.g. because the system's certificate store cannot be read.
    #[error("the network client could not be set up: {detail}")]
    Setup { detail: String },
    /// The address, a header or a body cannot be sent at all. Nothing has left this computer.
    #[error("the request cannot be sent: {problem}")]
    BadRequest { problem: &'static str },
    /// No connection: name not found, refused, unreachable, or not within the connect time-out.
    #[error("the service cannot be reached: {detail}")]
    Connect { detail: Detail },
    /// A connection, but no trust in it: expired, wrong host, unknown issuer, TLS below 1.2.
    #[error("the connection to the service is not trustworthy: {detail}")]
    Tls { detail: Detail },
    /// No whole answer in time. The service may or may not have done what was asked.
    #[error("no answer within {} s", after.as_secs())]
    Timeout { after: Duration },
    /// The connection broke while sending or reading. The service may or may not have done what was asked.
    #[error("the connection broke off: {detail}")]
    Interrupted { detail: Detail },
    /// An HTTP status that is not a success.
    #[error("the service answered {status}{}", with_excerpt(body_excerpt))]
    Status {
        status: u16,
        /// At most 500 characters of the body, numbers and tokens masked.
        body_excerpt: String,
        /// `X-Request-Id` of the answer: the support desk asks for it.
        request_id: Option<String>,
        /// From `Retry-After`, in either form, counted from the moment of the answer.
        retry_after: Option<Duration>,
    },
    /// A redirect that is not followed: to another origin, of a request that changes something, or too many.
    #[error("the service answered {status} and pointed to {to_origin}; this is not followed")]
    Redirected { status: u16, to_origin: String },
    /// A web page where data was expected: a captive portal, a proxy's error page, a wrong address.
    #[error("the service answered with a web page{} instead of data", with_title(title.as_deref()))]
    Html { title: Option<String> },
    /// Data that is not the JSON expected. `problem` says what, never with the data itself.
    #[error("the answer is not the JSON expected (line {line}, column {column}): {problem}")]
    NotJson { line: usize, column: usize, problem: String },
    /// A body larger than this client is willing to hold.
    #[error("the answer is larger than {limit} bytes")]
    TooLarge { limit: usize },
    /// A stream was asked for and something else came; poll instead.
    #[error("the service answered `{content_type}` instead of an event stream")]
    NotEventStream { content_type: String },
    /// The server ended the stream in good order.
    #[error("the service ended the event stream")]
    StreamEnded,
    /// 204 on a stream: the server asks not to be asked again.
    #[error("the service has no event stream to offer")]
    NoContent,
    /// The watchdog gave the stream up: still open, but nothing comes.
    #[error("nothing came over the event stream for {} s", after.as_secs())]
    Silent { after: Duration },
    /// The credentials were refused, and trying them again would not help.
    #[error("sign-in refused: {reason}")]
    NeedsSignIn { reason: String },
    /// Too many sign-ins in a minute; a loop is prevented.
    #[error("sign-in paused for {} s{}", retry_after.as_secs(), with_cause(after.as_deref()))]
    SignInPaused {
        retry_after: Duration,
        /// What the last of them ended with. `None` where it went well: what it brought was not taken for long.
        after: Option<Box<TransportError>>,
    },
    /// The caller asked to stop.
    #[error("cancelled")]
    Cancelled,
}

impl TransportError {
    /// Whether the same again, later, may work without anybody changing anything. True also for an HTML page, a TLS
    /// failure and broken JSON: captive portals and half-deployed servers cause all three and go away by themselves.
    /// Says nothing about whether a repeat is *safe*: for that see [`Self::may_have_been_executed`].
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Connect { .. }
            | Self::Tls { .. }
            | Self::Timeout { .. }
            | Self::Interrupted { .. }
            | Self::Html { .. }
            | Self::NotJson { .. }
            | Self::StreamEnded
            | Self::Silent { .. }
            | Self::SignInPaused { .. } => true,
            Self::Status { status, .. } => transient_status(*status),
            Self::Setup { .. }
            | Self::BadRequest { .. }
            | Self::Redirected { .. }
            | Self::TooLarge { .. }
            | Self::NotEventStream { .. }
            | Self::NoContent
            | Self::NeedsSignIn { .. }
            | Self::Cancelled => false,
        }
    }

    /// Whether somebody has to look at the credentials (or the token has to be renewed, for a bare 401).
    pub fn needs_sign_in(&self) -> bool {
        matches!(self, Self::NeedsSignIn { .. } | Self::Status { status: 401, .. })
    }

    /// How long the server, or the sign-in budget, asks to wait before the next try.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            Self::SignInPaused { retry_after, .. } => Some(*retry_after),
            Self::Setup { .. }
            | Self::BadRequest { .. }
            | Self::Connect { .. }
            | Self::Tls { .. }
            | Self::Timeout { .. }
            | Self::Interrupted { .. }
            | Self::Redirected { .. }
            | Self::Html { .. }
            | Self::NotJson { .. }
            | Self::TooLarge { .. }
            | Self::NotEventStream { .. }
            | Self::StreamEnded
            | Self::NoContent
            | Self::Silent { .. }
            | Self::NeedsSignIn { .. }
            | Self::Cancelled => None,
        }
    }

    /// Whether the service may have acted on the request although no good answer came. A dial that ends like this is
    /// "unknown, checking", never repeated.
    pub fn may_have_been_executed(&self) -> bool {
        match self {
            Self::Setup { .. }
            | Self::BadRequest { .. }
            | Self::Connect { .. }
            | Self::Tls { .. }
            | Self::Redirected { .. }
            | Self::NeedsSignIn { .. }
            | Self::SignInPaused { .. } => false,
            Self::Status { status, .. } => *status >= 500 || *status == 408,
            Self::Timeout { .. }
            | Self::Interrupted { .. }
            | Self::Html { .. }
            | Self::NotJson { .. }
            | Self::TooLarge { .. }
            | Self::NotEventStream { .. }
            | Self::StreamEnded
            | Self::NoContent
            | Self::Silent { .. }
            | Self::Cancelled => true,
        }
    }

    /// The HTTP status, where there was one.
    pub fn status(&self) -> Option<u16> {
        if let Self::Status { status, .. } | Self::Redirected { status, .. } = self { Some(*status) } else { None }
    }

    /// A stable name for logs, the interface and scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Setup { .. } => "client_setup",
            Self::BadRequest { .. } => "bad_request",
            Self::Connect { .. } => "unreachable",
            Self::Tls { .. } => "tls",
            Self::Timeout { .. } => "timeout",
            Self::Interrupted { .. } => "interrupted",
            Self::Status { status, .. } => status_code(*status),
            Self::Redirected { .. } => "redirected",
            Self::Html { .. } => "html_page",
            Self::NotJson { .. } => "not_json",
            Self::TooLarge { .. } => "too_large",
            Self::NotEventStream { .. } => "not_event_stream",
            Self::StreamEnded => "stream_ended",
            Self::NoContent => "no_content",
            Self::Silent { .. } => "stream_silent",
            Self::NeedsSignIn { .. } => "sign_in_refused",
            Self::SignInPaused { .. } => "sign_in_paused",
            Self::Cancelled => "cancelled",
        }
    }

    /// Sorts a client error; `after` is the time-out that was in force. The address is left out, since a query may
    /// carry what no log should.
    pub(crate) fn from_reqwest(error: reqwest::Error, after: Duration) -> Self {
        let error = error.without_url();
        let (causes, io_kind) = causes(&error);
        if error.is_builder() {
            return Self::BadRequest { problem: "the address or a header is not valid" };
        }
        let detail = cause::of_connecting(&causes, cause::proxy_of_the_environment);
        if error.is_connect() {
            let is_tls = io_kind == Some(std::io::ErrorKind::InvalidData) || detail.code.starts_with("tls");
            return match is_tls && detail.proxy.is_empty() {
                true => Self::Tls {
                    detail: Detail { code: if detail.code.is_empty() { "tls" } else { detail.code }, ..detail },
                },
                false => Self::Connect { detail },
            };
        }
        if error.is_timeout() {
            return Self::Timeout { after };
        }
        Self::Interrupted { detail: Detail { code: "", ..detail } }
    }

    /// The same, with who was to answer.
    #[must_use]
    pub(crate) fn at(self, url: &Url) -> Self {
        match self {
            Self::Connect { detail } => Self::Connect { detail: detail.at(place(url)) },
            Self::Tls { detail } => Self::Tls { detail: detail.at(place(url)) },
            Self::Interrupted { detail } => Self::Interrupted { detail: detail.at(place(url)) },
            other => other,
        }
    }
}

fn transient_status(status: u16) -> bool {
    matches!(status, 408 | 421 | 425 | 429 | 500 | 502 | 503 | 504 | 507 | 509 | 520..=599)
}

fn status_code(status: u16) -> &'static str {
    match status {
        401 => "unauthorized",
        403 => "forbidden",
        404 => "not_found",
        406 => "not_acceptable",
        409 => "conflict",
        410 => "gone",
        429 => "rate_limited",
        400..=499 => "refused",
        500..=599 => "server_error",
        _ => "unexpected_status",
    }
}

/// From the outermost to the one that names the fact ("Connection refused"); what stands above it says where it failed.
fn causes(error: &reqwest::Error) -> (Vec<String>, Option<std::io::ErrorKind>) {
    let mut cause: &dyn std::error::Error = error;
    let (mut all, mut io_kind) = (Vec::new(), None);
    loop {
        if let Some(io) = cause.downcast_ref::<std::io::Error>() {
            io_kind = io_kind.or(Some(io.kind()));
            // An io::Error shows its inner error as itself, and skips it in the chain of sources.
            if let Some(inner) = io.get_ref() {
                cause = inner;
                continue;
            }
        }
        all.push(cause.to_string());
        let Some(next) = cause.source() else { break };
        cause = next;
    }
    (all, io_kind)
}

fn with_excerpt(excerpt: &str) -> String {
    if excerpt.is_empty() { String::new() } else { format!(": {excerpt}") }
}

fn with_cause(cause: Option<&TransportError>) -> String {
    cause.map(|cause| format!(": {cause}")).unwrap_or_default()
}

fn with_title(title: Option<&str>) -> String {
    title.map(|title| format!(" (\"{title}\")")).unwrap_or_default()
}

#[cfg(test)]
#[path = "error_tests.rs"]
mod tests;
