//! A receiver on a socket, as the app has one: hands each request to an account and sends back what it replies.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

use ringside_telephony::{Provider, Push, Received};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::rig::{self, PATIENCE};

pub struct Receiver {
    pub url: String,
    listener: TcpListener,
}

impl Receiver {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self { url: format!("http://{}/unguessable", listener.local_addr().unwrap()), listener }
    }

    /// The next request, as the account takes it.
    pub async fn next(&self, account: &dyn Provider) -> Received {
        let waiting = async {
            let (mut stream, _) = self.listener.accept().await.unwrap();
            let (head, body) = read(&mut stream).await;
            let received = receive(account, &head, &body);
            let reply = &received.reply;
            let answer = format!("HTTP/1.1 {} x\r\nContent-Length: {}\r\n\r\n", reply.status, reply.body.len());
            stream.write_all(&[answer.as_bytes(), &reply.body].concat()).await.unwrap();
            received
        };
        tokio::time::timeout(PATIENCE, waiting).await.expect("something should come")
    }
}

fn receive(account: &dyn Provider, head: &str, body: &[u8]) -> Received {
    let mut lines = head.lines();
    let mut first = lines.next().unwrap().split(' ');
    let (method, path) = (first.next().unwrap(), first.next().unwrap());
    let named: Vec<(String, &str)> =
        lines.filter_map(|line| line.split_once(": ")).map(|(name, value)| (name.to_lowercase(), value)).collect();
    let headers: Vec<(&str, &[u8])> = named.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
    let path = path.strip_prefix("/unguessable").unwrap();
    let push = Push { method, path, query: "", headers: &headers, body };
    account.pushes().unwrap().receive(&push, (rig::surroundings().now)())
}

async fn read(stream: &mut TcpStream) -> (String, Vec<u8>) {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
            let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")).unwrap();
            let body = &bytes[end + 4..];
            if body.len() >= length.parse().unwrap() {
                return (head, body.to_vec());
            }
        }
        assert_ne!(stream.read_buf(&mut bytes).await.unwrap(), 0, "the request is whole");
    }
}
