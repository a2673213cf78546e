//! HTTP by hand: what no well-behaved client would send.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use url::Url;

const PATIENCE: Duration = Duration::from_secs(15);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// The status line and all headers, in lower case.
    pub head: String,
    pub body: String,
}

pub fn address(url: &str) -> String {
    let url: Url = url.parse().unwrap();
    format!("{}:{}", url.host_str().unwrap(), url.port().unwrap())
}

pub async fn connect(url: &str) -> TcpStream {
    TcpStream::connect(address(url)).await.unwrap()
}

/// Everything up to the end of the connection.
pub async fn rest(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    // A reset ends it too.
    let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut bytes)).await.expect("the connection ends");
    bytes
}

pub fn read(bytes: &[u8]) -> Answer {
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("an answer: {text:?}"));
    let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap();
    Answer { status, head: head.to_lowercase(), body: body.to_owned() }
}

pub async fn send(method: &str, url: &str, headers: &str, body: &[u8]) -> Answer {
    let mut stream = connect(url).await;
    let parsed: Url = url.parse().unwrap();
    let query = parsed.query().map_or_else(String::new, |query| format!("?{query}"));
    let head = format!(
        "{method} {}{query} HTTP/1.1\r\nhost: x\r\n{headers}content-length: {}\r\n\r\n",
        parsed.path(),
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    // Whoever is turned away early does not read on.
    let _ = stream.write_all(body).await;
    read(&rest(&mut stream).await)
}

pub async fn post(url: &str, body: &str) -> Answer {
    send("POST", url, "content-type: application/json\r\n", body.as_bytes()).await
}
