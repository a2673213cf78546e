//! A server of a few lines that says exactly what a test tells it to, down to the byte and the reset.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use ringside_transport::{Http, HttpSettings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use url::Url;

/// What to send, and how to end.
pub struct Reply {
    pub bytes: Vec<u8>,
    pub then: Then,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Then {
    Close,
    Reset,
    /// Stays open and silent.
    Hold,
}

impl Reply {
    /// A whole answer with its length.
    pub fn whole(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let mut bytes = format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n", body.len()).into_bytes();
        bytes.extend_from_slice(body);
        Self { bytes, then: Then::Close }
    }

    /// An event stream that ends with the connection.
    pub fn stream(body: impl AsRef<[u8]>, then: Then) -> Self {
        let mut bytes = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n".to_vec();
        bytes.extend_from_slice(body.as_ref());
        Self { bytes, then }
    }
}

/// A listening server; ends with its value.
pub struct Server {
    pub url: Url,
    seen: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Server {
    /// One request a connection; `answer` gets its number and its text, head and body.
    pub async fn start(mut answer: impl FnMut(usize, &str) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}/v1/", listener.local_addr().unwrap())).unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        let task = tokio::spawn(async move {
            let mut held = Vec::new();
            for number in 0.. {
                let (mut socket, _) = listener.accept().await.unwrap();
                let request = read_request(&mut socket).await;
                let reply = answer(number, &request);
                log.lock().unwrap().push(request);
                // The client may have gone: that is its right.
                let _ = socket.write_all(&reply.bytes).await;
                match reply.then {
                    Then::Close => {
                        let _ = socket.shutdown().await;
                    }
                    Then::Reset => socket.set_zero_linger().unwrap(),
                    Then::Hold => held.push(socket),
                }
            }
        });
        Self { url, seen, task }
    }

    pub fn at(&self, path: &str) -> Url {
        self.url.join(path).unwrap()
    }

    /// The requests so far, as received.
    pub fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn read_request(socket: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut part = [0; 4096];
    loop {
        let read = socket.read(&mut part).await.unwrap_or(0);
        bytes.extend_from_slice(&part[..read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            if read == 0 {
                return text;
            }
            continue;
        };
        let length =
            head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
        if body.len() >= length.unwrap_or(0) || read == 0 {
            return text;
        }
    }
}

pub fn settings() -> HttpSettings {
    HttpSettings::new("Ringside/0.1 (K7001)", Arc::new(noon))
}

pub fn http() -> Http {
    Http::new(settings()).unwrap()
}

pub fn noon() -> Timestamp {
    "2026-03-02T12:00:00Z".parse().unwrap()
}

pub fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}
