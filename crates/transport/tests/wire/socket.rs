//! Sockets over real connections: what is no WebSocket, what is no Socket.IO, and what falls silent.

use ringside_transport::socketio::packet;
use ringside_transport::{Connection, Engine, Request, SocketItem, SocketSettings, TransportError};
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_util::sync::CancellationToken;

use crate::server::{Reply, Server, Then, http, seconds};

const OPEN: &str = r#"0{"sid":"a","upgrades":[],"pingInterval":50,"pingTimeout":100}"#;

fn settings(engine: Engine) -> SocketSettings {
    SocketSettings {
        engine,
        open_within: seconds(2),
        max_message: 1024,
        farewell: vec![packet::event("closeme", None)],
    }
}

/// A good handshake, then these texts.
fn upgraded(request: &str, texts: &[&str], then: Then) -> Reply {
    let key = request.lines().find_map(|line| line.strip_prefix("sec-websocket-key: ")).unwrap_or_default();
    let accept = derive_accept_key(key.trim().as_bytes());
    let mut bytes = format!(
        "HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-accept: {accept}\r\n\r\n"
    )
    .into_bytes();
    for text in texts {
        assert!(text.len() < 126, "a short frame");
        bytes.extend([0x81, text.len() as u8]);
        bytes.extend_from_slice(text.as_bytes());
    }
    Reply { bytes, then }
}

/// The connection, and the server that holds it.
async fn open(
    reply: impl FnMut(usize, &str) -> Reply + Send + 'static,
) -> Result<(Server, Connection), TransportError> {
    let server = Server::start(reply).await;
    let opened = Connection::open(&http(), Request::get(server.at("socket.io/?EIO=3")), &settings(Engine::V3)).await;
    assert_eq!(server.seen().len(), 1, "nothing is repeated");
    opened.map(|connection| (server, connection))
}

/// Runs a connection to its end and collects what it told.
async fn run(connection: Connection) -> (Vec<SocketItem>, TransportError) {
    let (sender, mut items) = mpsc::channel(8);
    let (_packets, mut to_send) = mpsc::channel(1);
    let running = async move { connection.run(&sender, &mut to_send, &CancellationToken::new()).await };
    let collecting = async {
        let mut all = Vec::new();
        while let Some(item) = items.recv().await {
            all.push(item);
        }
        all
    };
    let (ended, items) = tokio::join!(running, collecting);
    (items, ended)
}

fn code<T>(result: Result<T, TransportError>) -> &'static str {
    result.map_or_else(|error| error.code(), |_| "open")
}

#[tokio::test]
async fn what_is_no_web_socket_is_named() {
    for (reply, expected) in [
        (Reply::whole("401 Unauthorized", "", "no"), "unauthorized"),
        (Reply::whole("403 Forbidden", "", ""), "forbidden"),
        (Reply::whole("503 Service Unavailable", "", ""), "server_error"),
        (Reply::whole("200 OK", "content-type: text/html\r\n", "<title>Wi-Fi</title>"), "html_page"),
        (Reply::whole("200 OK", "content-type: application/json\r\n", "{}"), "not_event_stream"),
        (Reply::whole("302 Found", "location: https://elsewhere.example/\r\n", ""), "redirected"),
        (Reply { bytes: Vec::new(), then: Then::Reset }, "interrupted"),
    ] {
        let mut reply = Some(reply);
        let opened = open(move |_, request| {
            assert!(
                request.contains("upgrade: websocket") && request.contains("sec-websocket-version: 13"),
                "{request}"
            );
            reply.take().unwrap()
        });
        assert_eq!(code(opened.await), expected);
    }
}

#[tokio::test]
async fn an_answer_to_somebody_elses_key_opens_nothing() {
    let opened = open(|_, _| upgraded("sec-websocket-key: x\r\n", &[OPEN, "40"], Then::Hold)).await;
    assert_eq!(code(opened), "not_event_stream");
}

#[tokio::test]
async fn a_handshake_that_ends_early_says_how() {
    for (texts, then, expected) in [
        (&[OPEN, r#"44"Authentication error""#][..], Then::Hold, "unauthorized"),
        (&[OPEN, "41"], Then::Hold, "stream_ended"),
        (&[OPEN, "1"], Then::Hold, "stream_ended"),
        (&[OPEN], Then::Close, "stream_ended"),
        (&[], Then::Close, "stream_ended"),
        (&["nonsense", "{}", "42[]", OPEN, "40"], Then::Hold, "open"),
        (&["0not json", "40"], Then::Hold, "open"),
        (&["40"], Then::Hold, "open"),
        (&[OPEN], Then::Hold, "timeout"),
    ] {
        let opened = open(move |_, request| upgraded(request, texts, then)).await;
        assert_eq!(code(opened), expected, "{texts:?}");
    }
}

#[tokio::test]
async fn events_come_in_order_until_the_server_parts_or_falls_silent() {
    for (end, then, expected) in [
        ("41", Then::Hold, "stream_ended"),
        ("1", Then::Hold, "stream_ended"),
        ("3", Then::Hold, "stream_silent"),
        (r#"44"no more""#, Then::Hold, "unauthorized"),
    ] {
        let texts = [OPEN, "40", r#"42["a",{"n":1}]"#, "2probe", "what?", r#"42["b"]"#, end];
        let (_server, connection) = open(move |_, request| upgraded(request, &texts, then)).await.ok().unwrap();
        let (items, ended) = run(connection).await;
        assert_eq!(ended.code(), expected, "{end}");
        let told: Vec<_> = items
            .into_iter()
            .map(|item| match item {
                SocketItem::Event { name, data, .. } => format!("{name} {data}"),
                SocketItem::Odd(text) => text,
            })
            .collect();
        assert_eq!(told, [r#"a {"n":1}"#, "what?", "b null"]);
    }
}

#[tokio::test]
async fn a_message_over_the_limit_ends_the_connection() {
    let long = |_: usize, request: &str| {
        let mut reply = upgraded(request, &[OPEN, "40"], Then::Hold);
        reply.bytes.extend([0x81, 126]);
        reply.bytes.extend(2000_u16.to_be_bytes());
        reply.bytes.extend([b'x'; 2000]);
        reply
    };
    let (_server, connection) = open(long).await.ok().unwrap();
    let (items, ended) = run(connection).await;
    assert_eq!((items, ended), (vec![], TransportError::TooLarge { limit: 1024 }));
}

#[tokio::test]
async fn no_token_of_an_address_is_told() {
    let server = Server::start(|_, _| Reply::whole("500 Internal Server Error", "", "no")).await;
    let request = Request::get(server.at("socket.io/?token=canary-91"));
    let shown = format!("{request:?}");
    let error = Connection::open(&http(), request, &settings(Engine::V4)).await.map(drop).unwrap_err();
    assert!(!format!("{shown}{error:?}{error}").contains("canary"), "{shown} {error:?}");
}
