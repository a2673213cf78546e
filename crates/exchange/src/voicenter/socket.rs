//! Real time: Socket.IO over a WebSocket, in Engine.IO 3 or 4.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use hyper::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::options::{EngineIo, TokenRefusal};
use super::{Voicenter, json};
use crate::lock::hold;
use crate::wire::{Answer, Over, Request, Socket};

pub(super) const PATH: &str = "/socket.io/";
/// How far a client may lag before its socket is closed.
const LAG: usize = 50_000;

/// One thing to be sent.
#[derive(Clone)]
pub(super) enum Notice {
    /// What stands before the data, and the data.
    Event(String, Bytes),
    Message(Bytes),
    Bytes(Bytes),
    /// The service parts.
    End,
}

/// Everybody who listens, and what they have said.
#[derive(Default)]
pub(super) struct Sockets {
    feeds: Mutex<Vec<mpsc::Sender<Notice>>>,
    emitted: Mutex<Vec<String>>,
    keepalive_refused: AtomicBool,
}

impl Notice {
    pub(super) fn event(name: &str, data: &Value) -> Self {
        let name = Value::from(name);
        Self::Event(format!("42[{name},"), data.to_string().into())
    }
}

impl Sockets {
    /// Sends to all. Who has gone, or lags too far behind, is dropped.
    pub(super) fn send(&self, notice: &Notice) {
        hold(&self.feeds).retain(|feed| feed.try_send(notice.clone()).is_ok());
    }

    pub(super) fn count(&self) -> usize {
        let mut feeds = hold(&self.feeds);
        feeds.retain(|feed| !feed.is_closed());
        feeds.len()
    }

    pub(super) fn emitted(&self) -> Vec<String> {
        hold(&self.emitted).clone()
    }

    pub(super) fn set_keepalive_ok(&self, ok: bool) {
        self.keepalive_refused.store(!ok, Ordering::Relaxed);
    }

    fn subscribe(&self) -> mpsc::Receiver<Notice> {
        let (sender, feed) = mpsc::channel(LAG);
        hold(&self.feeds).push(sender);
        feed
    }
}

/// Opens a socket, or refuses the way the options say.
pub(super) fn open(voicenter: &Arc<Voicenter>, request: &Request) -> Answer {
    let field = |name: &str| request.query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    let engine = match voicenter.options.engine {
        EngineIo::V3 => "3",
        EngineIo::V4 => "4",
    };
    if field("EIO") != Some(engine) {
        return Answer::json(StatusCode::BAD_REQUEST, &json!({"code": 5, "message": "Unsupported protocol version"}));
    }
    if field("transport") != Some("websocket") {
        return Answer::json(StatusCode::BAD_REQUEST, &json!({"code": 0, "message": "Transport unknown"}));
    }
    let until = voicenter.sign_in.until(field("token").unwrap_or_default());
    if until.is_none() && voicenter.options.token_refusal == TokenRefusal::Unauthorized {
        return Answer::json(StatusCode::UNAUTHORIZED, &json!({"error": "Authentication error"}));
    }
    let voicenter = voicenter.clone();
    Answer::socket(request, Box::new(move |socket| Box::pin(serve(voicenter, socket, until))))
}

async fn serve(voicenter: Arc<Voicenter>, mut socket: Socket, until: Option<Timestamp>) {
    // Whoever ended it, the socket goes with this.
    if let Ok(true) = converse(&voicenter, &mut socket, until).await {
        socket.close().await;
    }
}

/// `true` if it is for the service to part.
async fn converse(voicenter: &Arc<Voicenter>, socket: &mut Socket, until: Option<Timestamp>) -> Result<bool, Over> {
    let options = &voicenter.options;
    let Some(until) = until else {
        return refuse(options.token_refusal, socket).await;
    };
    let (interval, timeout) = (options.ping_interval, options.ping_timeout);
    let hello = json!({
        "sid": "demo-sid",
        "upgrades": [],
        "pingInterval": interval.as_millis() as u64,
        "pingTimeout": timeout.as_millis() as u64,
    });
    socket.say(format!("0{hello}").as_bytes()).await?;
    if options.engine == EngineIo::V4 {
        while !socket.heard().await?.starts_with("40") {}
        socket.say(b"40{\"sid\":\"demo-sid\"}").await?;
    } else {
        socket.say(b"40").await?;
    }
    let mut feed = greet(voicenter, socket).await?;
    let left = until.duration_since(voicenter.clock.now()).unsigned_abs();
    let dies = Instant::now() + left;
    let mut alive = Instant::now();
    let mut beat = tokio::time::interval_at(Instant::now() + interval, interval);
    loop {
        tokio::select! {
            biased;
            () = sleep_until(dies) => return part(socket).await,
            () = sleep_until(alive + interval + timeout) => return Ok(true),
            _ = beat.tick(), if options.engine == EngineIo::V4 => socket.say(b"2").await?,
            heard = socket.heard() => {
                alive = Instant::now();
                if !answer(voicenter, socket, &heard?).await? {
                    return Ok(true);
                }
            }
            notice = feed.recv() => match notice {
                Some(Notice::Event(before, data)) => socket.event((&before, "]"), &data).await?,
                Some(Notice::Message(text)) => socket.say(&text).await?,
                Some(Notice::Bytes(bytes)) => socket.raw(&bytes).await?,
                Some(Notice::End) => return part(socket).await,
                None => return Ok(true),
            },
        }
    }
}

async fn refuse(refusal: TokenRefusal, socket: &mut Socket) -> Result<bool, Over> {
    if refusal == TokenRefusal::ErrorPacket {
        socket.say(b"0{\"sid\":\"x\",\"upgrades\":[],\"pingInterval\":25000,\"pingTimeout\":5000}").await?;
        socket.say(b"44\"Authentication error\"").await?;
    }
    Ok(true)
}

async fn part(socket: &mut Socket) -> Result<bool, Over> {
    socket.say(b"41").await?;
    Ok(true)
}

/// What every socket is told first. Snapshot and subscription in one go: no change falls between them.
async fn greet(voicenter: &Arc<Voicenter>, socket: &mut Socket) -> Result<mpsc::Receiver<Notice>, Over> {
    let well = json!({"errorCode": 0, "errorDesc": "OK"});
    for (name, data) in [("loginSuccess", &well), ("loginStatus", &json!({"errorCode": 0, "queues": []}))] {
        say(socket, &Notice::event(name, data)).await?;
    }
    let (all, feed) = snapshot(voicenter, true);
    say(socket, &all).await?;
    Ok(feed.unwrap_or_else(|| voicenter.sockets.subscribe()))
}

fn snapshot(voicenter: &Arc<Voicenter>, subscribe: bool) -> (Notice, Option<mpsc::Receiver<Notice>>) {
    voicenter.office.stand_still(|stations| {
        let mut book = hold(&voicenter.book);
        book.learn(stations);
        let all = json::all_extensions(book.desks.values(), voicenter.clock.now(), voicenter.shift());
        let feed = subscribe.then(|| voicenter.sockets.subscribe());
        (Notice::event("AllExtensionsStatus", &all), feed)
    })
}

async fn say(socket: &mut Socket, notice: &Notice) -> Result<(), Over> {
    match notice {
        Notice::Event(before, data) => socket.event((before, "]"), data).await,
        Notice::Message(_) | Notice::Bytes(_) | Notice::End => Ok(()),
    }
}

/// Acts on what a client said; `false` if it takes its leave.
async fn answer(voicenter: &Arc<Voicenter>, socket: &mut Socket, heard: &str) -> Result<bool, Over> {
    match heard {
        "2" => socket.say(b"3").await?,
        "41" | "1" => return Ok(false),
        text => {
            let Some(Value::Array(parts)) = text.strip_prefix("42").and_then(|json| serde_json::from_str(json).ok())
            else {
                return Ok(true);
            };
            let name = parts.first().and_then(Value::as_str).unwrap_or_default();
            hold(&voicenter.sockets.emitted).push(name.to_owned());
            match name {
                "keepalive" => {
                    let refused = voicenter.sockets.keepalive_refused.load(Ordering::Relaxed);
                    let answer = json!({"errorCode": i32::from(refused), "isOk": !refused});
                    say(socket, &Notice::event("keepaliveResponse", &answer)).await?;
                }
                "resync" => say(socket, &snapshot(voicenter, false).0).await?,
                "closeme" => return Ok(false),
                _ => {}
            }
        }
    }
    Ok(true)
}
