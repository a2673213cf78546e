//! What a service answered.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::error::TransportError;
use super::{json, redact, retry};

/// Characters of a body kept for a message.
const EXCERPT: usize = 500;

/// A whole answer, whatever its status.
#[derive(Clone)]
pub struct Response {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// `X-Request-Id` (or the gateway's `SCS-Request-ID`), redacted, at most 100 characters.
    pub request_id: Option<String>,
    /// From `Retry-After`, counted from the moment of the answer.
    pub retry_after: Option<Duration>,
}

impl Response {
    pub fn new(status: StatusCode, headers: HeaderMap, body: Bytes, now: Timestamp) -> Self {
        let request_id = request_id(&headers);
        let retry_after = headers
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| retry::parse_retry_after(value, now));
        Self { status, headers, body, request_id, retry_after }
    }

    /// The answer itself if it is a success (2xx).
    ///
    /// # Errors
    /// `Status` otherwise, with a redacted excerpt of the body; of a web page only the title.
    pub fn ok(self) -> Result<Self, TransportError> {
        if self.status.is_success() { Ok(self) } else { Err(self.refusal()) }
    }

    /// A success that may say nothing, or something in JSON.
    ///
    /// # Errors
    /// As [`Self::json`]: what a web page or half an answer acknowledges is not known.
    pub fn acknowledged(self) -> Result<Option<Box<RawValue>>, TransportError> {
        let answer = self.ok()?;
        if answer.body.trim_ascii().is_empty() {
            return Ok(None);
        }
        json::decode(&answer.body, answer.content_type()).map(Some)
    }

    /// The body of a success, read tolerantly: see [`json::decode`].
    ///
    /// # Errors
    /// As [`Self::ok`]; `Html` or `NotJson` if the body is not what was asked for.
    pub fn json<T: DeserializeOwned>(self) -> Result<T, TransportError> {
        let answer = self.ok()?;
        json::decode(&answer.body, answer.content_type())
    }

    /// The `Content-Type` as sent.
    pub fn content_type(&self) -> Option<&str> {
        self.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok())
    }

    /// This answer as an error, whatever its status.
    pub fn refusal(&self) -> TransportError {
        TransportError::Status {
            status: self.status.as_u16(),
            body_excerpt: self.excerpt(),
            request_id: self.request_id.clone(),
            retry_after: self.retry_after,
        }
    }

    /// At most 500 characters of the body, redacted; of a web page its title.
    pub fn excerpt(&self) -> String {
        match json::html_title(&self.body, self.content_type()) {
            Some(Some(title)) => format!("web page \"{title}\""),
            Some(None) => "web page".to_owned(),
            None => {
                let reach = self.body.len().min(16 * 1024);
                redact::excerpt(&String::from_utf8_lossy(&self.body[..reach]), EXCERPT)
            }
        }
    }
}

pub(crate) fn request_id(headers: &HeaderMap) -> Option<String> {
    ["x-request-id", "scs-request-id"]
        .iter()
        .find_map(|name| headers.get(*name))
        .map(|value| redact::excerpt(&String::from_utf8_lossy(value.as_bytes()), 100))
        .filter(|id| !id.is_empty())
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("content_type", &self.content_type())
            .field("body_bytes", &self.body.len())
            .field("request_id", &self.request_id)
            .finish_non_exhaustive()
    }
}
