//! Sending requests to a receiver on this machine, one after the other.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hyper::Uri;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use crate::lock::hold;
use crate::office::Office;

/// A receiver that does not answer for so long is given up.
const PATIENCE: Duration = Duration::from_secs(5);

/// A request to be sent.
pub(super) struct Outgoing {
    url: String,
    media_type: &'static str,
    headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
}

/// What became of a request that was sent, for tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    pub url: String,
    /// `None` where nobody answered.
    pub status: Option<u16>,
}

#[derive(Clone)]
pub(super) struct Poster {
    queue: mpsc::UnboundedSender<Outgoing>,
    deliveries: Arc<Mutex<Vec<Delivery>>>,
}

impl Outgoing {
    pub(super) fn json(url: String, body: &Value) -> Self {
        Self { url, media_type: "application/json", headers: Vec::new(), body: body.to_string().into_bytes() }
    }

    pub(super) fn form(url: String, body: String) -> Self {
        let media_type = "application/x-www-form-urlencoded";
        Self { url, media_type, headers: Vec::new(), body: body.into_bytes() }
    }

    pub(super) fn header(&mut self, name: &'static str, value: &str) {
        self.headers.push((name, value.to_owned()));
    }

    fn head(&self, host: &str, path: &str) -> String {
        let mut head = format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n",
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
    pub(super) fn start(office: &Office) -> Self {
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

    pub(super) fn send(&self, outgoing: Outgoing) {
        // At the end of the office nobody sends any more.
        let _ = self.queue.send(outgoing);
    }

    pub(super) fn deliveries(&self) -> Vec<Delivery> {
        hold(&self.deliveries).clone()
    }
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
