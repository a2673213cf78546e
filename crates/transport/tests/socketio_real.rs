//! The servers of both Socket.IO protocols as their makers publish them, on this computer.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use ringside_transport::socketio::packet;
use ringside_transport::{
    Connection, Engine, Http, HttpSettings, Request, SocketItem, SocketSettings, Spoken, TransportError,
};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use url::Url;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/socketio");

/// Ends with its value.
struct Server {
    url: Url,
    node: Child,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.node.kill();
        let _ = self.node.wait();
    }
}

impl Server {
    fn start(version: &str) -> Self {
        let installed = std::path::Path::new(FOLDER).join("node_modules").is_dir();
        assert!(installed, "`cargo xtask test` installs the servers, and so does `npm ci` in {FOLDER}");
        let mut command = Command::new("node");
        command.arg("server.js").arg(version).current_dir(FOLDER).stdout(Stdio::piped());
        let mut node = command.spawn().expect("node starts");
        let mut port = String::new();
        BufReader::new(node.stdout.take().unwrap()).read_line(&mut port).unwrap();
        let url = format!("http://127.0.0.1:{}/socket.io/", port.trim()).parse().expect("it writes its port");
        Self { url, node }
    }

    fn request(&self, engine: Engine, token: &str) -> Request {
        let mut url = self.url.clone();
        url.query_pairs_mut()
            .append_pair("EIO", engine.number())
            .append_pair("transport", "websocket")
            .append_pair("token", token);
        Request::get(url)
    }

    async fn open(&self, token: &str, spoken: &Spoken) -> Result<Connection, TransportError> {
        let http = Http::new(HttpSettings::new("Ringside/0", Arc::new(|| Timestamp::UNIX_EPOCH))).unwrap();
        let settings = SocketSettings {
            engine: Engine::V3,
            open_within: Duration::from_secs(10),
            max_message: 64 << 10,
            farewell: vec![packet::event("closeme", None)],
        };
        Connection::open_either(&http, |engine| self.request(engine, token), &settings, spoken).await
    }
}

async fn next(items: &mut mpsc::Receiver<SocketItem>) -> (String, String) {
    match tokio::time::timeout(Duration::from_secs(10), items.recv()).await.expect("it comes").unwrap() {
        SocketItem::Event { name, data, .. } => (name, data),
        SocketItem::Odd(text) => panic!("not understood: {text}"),
    }
}

#[tokio::test]
async fn both_servers_are_understood_and_what_they_speak_is_kept_in_mind() {
    for (version, engine) in [("2", Engine::V3), ("4", Engine::V4)] {
        let server = Server::start(version);
        let spoken = Spoken::default();
        let connection = server.open("good", &spoken).await.unwrap_or_else(|error| panic!("{version}: {error}"));
        assert_eq!(spoken.engine(), engine, "socket.io {version}");
        let (sender, mut items) = mpsc::channel(8);
        let (packets, mut to_send) = mpsc::channel(1);
        let leave = CancellationToken::new();
        let leaving = leave.clone();
        let running = tokio::spawn(async move { connection.run(&sender, &mut to_send, &leaving).await });
        assert_eq!(next(&mut items).await, ("loginSuccess".into(), format!(r#"{{"server":"{version}"}}"#)));
        // Some pings go to and fro: whoever does not answer them is cut off after two seconds.
        tokio::time::sleep(Duration::from_millis(2_600)).await;
        packets.send(packet::event("resync", Some(&serde_json::json!({"cache": false})))).await.unwrap();
        assert_eq!(next(&mut items).await, ("AllExtensionsStatus".into(), r#"{"asked":{"cache":false}}"#.into()));
        leave.cancel();
        assert_eq!(running.await.unwrap(), TransportError::Cancelled);
        assert!(server.open("good", &spoken).await.is_ok(), "again, in the protocol that worked");
    }
}

#[tokio::test]
async fn a_refused_token_is_told_as_that_by_both() {
    for version in ["2", "4"] {
        let server = Server::start(version);
        let error = server.open("stale", &Spoken::default()).await.map(drop).unwrap_err();
        assert_eq!(error.status(), Some(401), "socket.io {version}: {error:?}");
    }
}
