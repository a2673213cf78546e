//! Sending requests to a receiver on this machine, one after the other.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hyper::Uri;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use crate::lock::hold;
use crate::office::Office;

/// A receiver that does not answer for so long is given up.
const PATIENCE: Duration = Duration::from_secs(5);

/// A request to be sent.
pub(crate) struct Outgoing {
    method: &'static str,
    url: String,
    media_type: &'static str,
    headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

/// What became of a request that was sent, for tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    pub url: String,
    /// `None` where nobody answered.
    pub status: Option<u16>,
}

#[derive(Clone)]
pub(crate) struct Poster {
    queue: mpsc::UnboundedSender<Outgoing>,
    deliveries: Arc<Mutex<Vec<Delivery>>>,
}

impl Outgoing {
    pub(crate) fn json(url: String, body: &Value) -> Self {
        Self::post(url, "application/json", body.to_string())
    }

    pub(crate) fn form(url: String, body: String) -> Self {
        Self::post(url, "application/x-www-form-urlencoded", body)
    }

    pub(crate) fn xml(url: String, body: String) -> Self {
        Self::post(url, "text/xml", body)
    }

    /// A GET of a form's text behind the `?`.
    pub(crate) fn query(url: &str, query: &str) -> Self {
        Self { method: "GET", ..Self::post(format!("{url}?{query}"), "text/plain", String::new()) }
    }

    fn post(url: String, media_type: &'static str, body: String) -> Self {
        Self { method: "POST", url, media_type, headers: Vec::new(), body: body.into_bytes() }
    }

    pub(crate) fn header(&mut self, name: &'static str, value: &str) {
        self.headers.push((name, value.to_owned()));
    }

    fn head(&self, host: &str, path: &str) -> String {
        let mut head = format!(
            "{} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n",
            self.method,
            self.media_type,
            self.body.len()
        );
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head + "\r\n"
    }
}

impl Poster {
    /// Sends in the background, as long as the office lives.
    pub(crate) fn start(office: &Office) -> Self {
        let (queue, mut waiting) = mpsc::unbounded_channel::<Outgoing>();
        let deliveries = Arc::new(Mutex::new(Vec::new()));
        let done = deliveries.clone();
        office.spawn(async move {
            while let Some(outgoing) = waiting.recv().await {
                let sent = tokio::time::timeout(PATIENCE, send(&outgoing)).await;
                let status = sent.ok().and_then(Result::ok);
                hold(&done).push(Delivery { url: outgoing.url, status });
            }
        });
        Self { queue, deliveries }
    }

    pub(crate) fn send(&self, outgoing: Outgoing) {
        // At the end of the office nobody sends any more.
        let _ = self.queue.send(outgoing);
    }

    pub(crate) fn deliveries(&self) -> Vec<Delivery> {
        hold(&self.deliveries).clone()
    }
}

/// A form's text of the names and values.
pub(crate) fn form_of<'a>(fields: impl IntoIterator<Item = (&'a String, &'a Value)>) -> String {
    let encoded = |value: &Value| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        utf8_percent_encode(&text, NON_ALPHANUMERIC).to_string()
    };
    let pairs: Vec<String> = fields.into_iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    pairs.join("&")
}

/// One request over a connection of its own; the status of its answer.
async fn send(outgoing: &Outgoing) -> io::Result<u16> {
    let invalid = || io::Error::from(io::ErrorKind::InvalidInput);
    let url: Uri = outgoing.url.parse().map_err(|_| invalid())?;
    let host = url.authority().filter(|_| url.scheme_str() == Some("http")).ok_or_else(invalid)?;
    let path = url.path_and_query().map_or("/", |it| it.as_str());
    let mut stream = TcpStream::connect((host.host(), host.port_u16().unwrap_or(80))).await?;
    stream.write_all(outgoing.head(host.as_str(), path).as_bytes()).await?;
    stream.write_all(&outgoing.body).await?;
    let mut answer = Vec::new();
    // A receiver may break off once it has answered.
    let read = stream.read_to_end(&mut answer).await;
    let text = String::from_utf8_lossy(&answer);
    let status = text.strip_prefix("HTTP/1.").and_then(|rest| rest.get(2..5)).and_then(|code| code.parse().ok());
    status.ok_or_else(|| read.err().unwrap_or_else(invalid))
}
