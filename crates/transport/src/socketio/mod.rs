//! Socket.IO over a WebSocket: one connection from its opening to its end, watched for silence.
//!
//! Speaks Engine.IO 3 and 4, the default namespace, texts alone: what the services that need it use. Sources: the
//! Engine.IO and Socket.IO protocol documents, RFC 6455 by way of tungstenite. Never reconnects.

mod engine;
pub mod packet;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, sleep_until, timeout, timeout_at};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message, error::ProtocolError};
use tokio_util::sync::CancellationToken;

use super::error::TransportError;
use super::http::Http;
use super::redact;
use super::request::Request;
pub use engine::{Engine, Spoken};
use packet::{Opening, Packet};
use ringside_domain::Detail;

/// Assumed where the server does not say.
const USUAL_INTERVAL: Duration = Duration::from_secs(25);
/// Beyond two intervals, for slow networks.
const SLACK: Duration = Duration::from_secs(5);
/// No server may make us wait longer to notice that it has gone, nor ping us warm.
const INTERVALS: std::ops::RangeInclusive<Duration> = Duration::from_millis(50)..=Duration::from_secs(30);
const FAREWELL: Duration = Duration::from_millis(500);
const EXCERPT: usize = 200;

/// How a connection is kept.
#[derive(Debug, Clone)]
pub struct SocketSettings {
    pub engine: Engine,
    /// Time from the request until the namespace is open.
    pub open_within: Duration,
    /// Bytes of one message that are accepted; a longer one ends the connection.
    pub max_message: usize,
    /// Packets sent before we part.
    pub farewell: Vec<String>,
}

/// What a connection tells, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SocketItem {
    /// `data` is the first argument, as JSON.
    Event { name: String, data: String, received: Instant },
    /// A redacted excerpt of a message that is no packet we know.
    Odd(String),
}

/// An open connection.
pub struct Connection {
    socket: WebSocketStream<reqwest::Upgraded>,
    engine: Engine,
    interval: Duration,
    /// Silence beyond the interval that is tolerated.
    grace: Duration,
    limit: usize,
    farewell: Vec<String>,
    last_heard: Instant,
}

impl Connection {
    /// Opens a connection: `request` is a GET whose query has `EIO`, `transport` and whatever the service asks for.
    ///
    /// # Errors
    /// `Status` for a refusal, a 401 also where the server refuses after the opening; `StreamEnded` where it closes
    /// without a word; `Html` for a web page.
    pub async fn open(http: &Http, request: Request, settings: &SocketSettings) -> Result<Self, TransportError> {
        Self::open_and_tell(http, request, settings, &AtomicBool::new(false)).await
    }

    /// Sets `spoke` once the server has sent a packet.
    async fn open_and_tell(
        http: &Http,
        request: Request,
        settings: &SocketSettings,
        spoke: &AtomicBool,
    ) -> Result<Self, TransportError> {
        let deadline = Instant::now() + settings.open_within;
        let opening = async {
            let io = http.upgrade(request).await?;
            let config = WebSocketConfig::default()
                .max_message_size(Some(settings.max_message))
                .max_frame_size(Some(settings.max_message));
            let socket = WebSocketStream::from_raw_socket(io, Role::Client, Some(config)).await;
            let mut connection = Self {
                socket,
                engine: settings.engine,
                interval: USUAL_INTERVAL,
                grace: SLACK,
                limit: settings.max_message,
                farewell: settings.farewell.clone(),
                last_heard: Instant::now(),
            };
            connection.shake_hands(spoke).await?;
            Ok(connection)
        };
        match timeout_at(deadline, opening).await {
            Ok(opened) => opened,
            Err(_) => Err(TransportError::Timeout { after: settings.open_within }),
        }
    }

    async fn shake_hands(&mut self, spoke: &AtomicBool) -> Result<(), TransportError> {
        loop {
            let text = self.text().await?;
            spoke.store(true, Ordering::Relaxed);
            match packet::read(&text) {
                Packet::Open(json) => {
                    self.learn(serde_json::from_str(json).unwrap_or_default());
                    if self.engine == Engine::V4 {
                        self.send(packet::CONNECT).await?;
                    }
                }
                Packet::Connected => return Ok(()),
                Packet::Ping(ping) => self.send(&packet::pong(ping)).await?,
                Packet::Refused(words) => return Err(refused(words)),
                Packet::Close | Packet::Disconnected => return Err(TransportError::StreamEnded),
                Packet::Pong | Packet::Event(_) | Packet::Idle | Packet::Unknown => {}
            }
        }
    }

    fn learn(&mut self, opening: Opening) {
        let duration =
            |ms: Option<f64>| ms.filter(|ms| (1.0..1e9).contains(ms)).map(|ms| Duration::from_secs_f64(ms / 1000.0));
        let interval = duration(opening.interval).unwrap_or(USUAL_INTERVAL);
        self.interval = interval.clamp(*INTERVALS.start(), *INTERVALS.end());
        let longest = self.interval + SLACK;
        self.grace = duration(opening.timeout).unwrap_or(SLACK).clamp(*INTERVALS.start(), longest);
    }

    /// Runs the connection to its end, which always comes with an error: `StreamEnded` if the server parted, `Silent`
    /// where nothing came for an interval and a bit, `TooLarge`, `Interrupted` …; `Cancelled` if `cancel` fired or the
    /// receiver is gone. `packets` are sent as they are.
    ///
    /// A receiver that is slow holds the server back by TCP's own means; nothing is dropped, and pings go on.
    pub async fn run(
        mut self,
        items: &mpsc::Sender<SocketItem>,
        packets: &mut mpsc::Receiver<String>,
        cancel: &CancellationToken,
    ) -> TransportError {
        let mut waiting: Option<SocketItem> = None;
        let mut beat = tokio::time::interval_at(Instant::now() + self.interval, self.interval);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let step = tokio::select! {
                biased;
                () = cancel.cancelled() => Err(TransportError::Cancelled),
                // A full receiver is no silence of the server's.
                () = sleep_until(self.last_heard + self.interval + self.grace), if waiting.is_none() => {
                    Err(TransportError::Silent { after: self.last_heard.elapsed() })
                }
                _ = beat.tick(), if self.engine == Engine::V3 => self.send(packet::PING).await,
                room = items.reserve(), if waiting.is_some() => match (room, waiting.take()) {
                    (Ok(room), Some(item)) => {
                        room.send(item);
                        Ok(())
                    }
                    (Err(_), _) => Err(TransportError::Cancelled),
                    (Ok(_), None) => Ok(()),
                },
                Some(text) = packets.recv() => self.send(&text).await,
                text = self.text(), if waiting.is_none() => match text {
                    Ok(text) => self.take(&text).await.map(|item| waiting = item),
                    Err(error) => Err(error),
                },
            };
            if let Err(error) = step {
                if error == TransportError::Cancelled {
                    self.part().await;
                }
                return error;
            }
            if waiting.is_some() {
                self.last_heard = Instant::now();
            }
        }
    }

    /// What a message has to tell, if it is for the receiver.
    async fn take(&mut self, text: &str) -> Result<Option<SocketItem>, TransportError> {
        let received = self.last_heard;
        match packet::read(text) {
            Packet::Event(json) => Ok(Some(match packet::take_apart(json) {
                Some(event) => SocketItem::Event { name: event.name, data: event.data.to_owned(), received },
                None => odd(text),
            })),
            Packet::Ping(ping) => self.send(&packet::pong(ping)).await.map(|()| None),
            Packet::Close | Packet::Disconnected => Err(TransportError::StreamEnded),
            Packet::Refused(words) => Err(refused(words)),
            Packet::Open(_) | Packet::Connected | Packet::Pong | Packet::Idle => Ok(None),
            Packet::Unknown => Ok(Some(odd(text))),
        }
    }

    /// The next text message. May be dropped and called again.
    async fn text(&mut self) -> Result<String, TransportError> {
        loop {
            let message = match self.socket.next().await {
                Some(Ok(message)) => message,
                Some(Err(error)) => return Err(self.broken(&error)),
                None => return Err(TransportError::StreamEnded),
            };
            self.last_heard = Instant::now();
            match message {
                Message::Text(text) => return Ok(text.as_str().to_owned()),
                Message::Close(_) => return Err(TransportError::StreamEnded),
                // Pings of the WebSocket itself are answered below us; binary packets are none of ours.
                Message::Ping(_) | Message::Pong(_) | Message::Binary(_) | Message::Frame(_) => {}
            }
        }
    }

    async fn send(&mut self, text: &str) -> Result<(), TransportError> {
        // A socket that takes nothing for so long is as dead as one that gives nothing.
        match timeout(self.interval + self.grace, self.socket.send(Message::text(text))).await {
            Ok(sent) => sent.map_err(|error| self.broken(&error)),
            Err(_) => Err(TransportError::Silent { after: self.last_heard.elapsed() }),
        }
    }

    async fn part(mut self) {
        let words = std::mem::take(&mut self.farewell);
        let parting = async {
            for word in words.iter().map(String::as_str).chain([packet::DISCONNECT]) {
                self.send(word).await?;
            }
            self.socket.close(None).await.map_err(|error| self.broken(&error))
        };
        // Whoever does not listen any more need not be told.
        let _ = timeout(FAREWELL, parting).await;
    }

    fn broken(&self, error: &Error) -> TransportError {
        match error {
            Error::ConnectionClosed
            | Error::AlreadyClosed
            | Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => TransportError::StreamEnded,
            Error::Capacity(_) => TransportError::TooLarge { limit: self.limit },
            other => TransportError::Interrupted { detail: Detail::raw(redact::excerpt(&other.to_string(), EXCERPT)) },
        }
    }
}

fn odd(text: &str) -> SocketItem {
    SocketItem::Odd(redact::excerpt(text, EXCERPT))
}

/// As if the request itself had been refused.
fn refused(words: &str) -> TransportError {
    TransportError::Status {
        status: 401,
        body_excerpt: redact::excerpt(words.trim_matches('"'), EXCERPT),
        request_id: None,
        retry_after: None,
    }
}
