//! One event stream, from its opening to its end, watched for silence.

use std::time::Duration;

use async_trait::async_trait;
use futures_util::future::BoxFuture;
use reqwest::StatusCode;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use super::error::TransportError;
use super::http::Http;
use super::json;
use super::request::Request;
use super::response::{Response, request_id};
use super::sse::{Frame, SseParser};
use super::watchdog::{Alarm, Watchdog};

const EVENT_STREAM: &str = "text/event-stream";

/// When a silent stream is given up.
#[derive(Debug, Clone)]
pub struct StreamSettings {
    /// The interval at which the server is known to send something. `None`: learnt from its comments.
    pub heartbeat: Option<Duration>,
    /// Without a heartbeat: silence after which the service is asked.
    pub probe_after: Duration,
    /// Time for the answer; none counts as lost.
    pub probe_within: Duration,
}

impl Default for StreamSettings {
    /// No known heartbeat; asks after 40 s and gives up 5 s later.
    fn default() -> Self {
        Self { heartbeat: None, probe_after: Duration::from_secs(40), probe_within: Duration::from_secs(5) }
    }
}

/// What a probe found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The service answers and the stream has missed nothing.
    Alive,
    /// The service does not answer, or it tells something that the stream should have told.
    Lost,
}

/// Asks a service, beside a silent stream, whether the silence is real. That the service answers proves nothing about
/// the stream: a proxy may have swallowed it. Compare a snapshot with what the stream has told.
#[async_trait]
pub trait Probe: Send + Sync {
    async fn probe(&self) -> Verdict;
}

/// A verdict without asking: `Verdict::Lost` reopens a stream after every 40 s of silence.
#[async_trait]
impl Probe for Verdict {
    async fn probe(&self) -> Verdict {
        *self
    }
}

/// An event that owns its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SseEvent {
    /// `message` if the server named none.
    pub event: String,
    pub data: String,
    /// The stream's last event id so far; empty if there was none.
    pub id: String,
}

/// What a running stream tells, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StreamItem {
    /// The server accepted; events follow.
    Open {
        request_id: Option<String>,
    },
    Event(SseEvent),
    /// A comment line: mostly a heartbeat.
    Comment,
    /// The server's wish for the pause before a reconnect.
    Retry(Duration),
    /// An event or line over 1 MiB was dropped; the stream goes on.
    TooLong,
}

/// How a stream came to its end.
#[derive(Debug, Clone)]
pub struct Ended {
    pub error: TransportError,
    /// When it opened, if it did: tell [`super::Backoff::connected`].
    pub opened_at: Option<Instant>,
    /// For `Last-Event-ID` at the next connection: the last one of this stream, else the one that the request named;
    /// empty if there never was one.
    pub last_event_id: String,
}

/// The answer to a request for an event stream.
pub enum Opened {
    Events(EventStream),
    /// A success that is no stream, e.g. a dial answered with JSON; read whole.
    Other(Response),
}

/// An open stream.
pub struct EventStream {
    answer: reqwest::Response,
    opened_at: Instant,
    last_event_id: String,
    /// `X-Request-Id` of the answer.
    pub request_id: Option<String>,
}

/// Opens a stream and runs it to its end, which always comes with an error: `StreamEnded` if the server closed it in
/// good order, `NotEventStream` or `Html` if something else came, `NoContent` for 204, `Silent` from the watchdog,
/// `Interrupted`, `Status` …; `Cancelled` if `cancel` fired or the receiver is gone. Never reconnects.
///
/// A receiver that is slow holds the server back by TCP's own means; nothing is dropped.
pub async fn run(
    http: &Http,
    request: Request,
    settings: &StreamSettings,
    probe: &dyn Probe,
    items: &mpsc::Sender<StreamItem>,
    cancel: &CancellationToken,
) -> Ended {
    let last_event_id = named_event_id(&request);
    let opened = tokio::select! {
        biased;
        () = cancel.cancelled() => Err(TransportError::Cancelled),
        opened = open(http, request) => opened,
    };
    let error = match opened {
        Ok(Opened::Events(stream)) => return stream.run(settings, probe, items, cancel).await,
        Ok(Opened::Other(answer)) => not_a_stream(&answer),
        Err(error) => error,
    };
    Ended { error, opened_at: None, last_event_id }
}

/// Sends a GET or POST that asks for an event stream (`Accept` is set unless the request has one) and waits until the
/// answer begins.
///
/// # Errors
/// `NoContent` for 204, `Status` for what is no success, `Timeout` and the like.
pub async fn open(http: &Http, mut request: Request) -> Result<Opened, TransportError> {
    if !request.headers.contains_key(ACCEPT) {
        request = request.accept(EVENT_STREAM);
    }
    let last_event_id = named_event_id(&request);
    let answer = http.open(request.header("cache-control", "no-store")).await?;
    if answer.status() == StatusCode::NO_CONTENT {
        return Err(TransportError::NoContent);
    }
    if answer.status().is_success() && is_event_stream(&answer) {
        let request_id = request_id(answer.headers());
        return Ok(Opened::Events(EventStream { answer, opened_at: Instant::now(), last_event_id, request_id }));
    }
    http.finish(answer).await?.ok().map(Opened::Other)
}

impl EventStream {
    /// See [`run`].
    pub async fn run(
        mut self,
        settings: &StreamSettings,
        probe: &dyn Probe,
        items: &mpsc::Sender<StreamItem>,
        cancel: &CancellationToken,
    ) -> Ended {
        let mut parser = SseParser::new().after(std::mem::take(&mut self.last_event_id));
        let reading = self.read(&mut parser, settings, probe, items);
        let error = tokio::select! {
            biased;
            () = cancel.cancelled() => TransportError::Cancelled,
            error = reading => error,
        };
        Ended { error, opened_at: Some(self.opened_at), last_event_id: parser.last_event_id().to_owned() }
    }

    async fn read(
        &mut self,
        parser: &mut SseParser,
        settings: &StreamSettings,
        probe: &dyn Probe,
        items: &mpsc::Sender<StreamItem>,
    ) -> TransportError {
        let mut watchdog = Watchdog::new(settings.heartbeat, settings.probe_after, Instant::now());
        let mut probing: Option<BoxFuture<'_, Verdict>> = None;
        let mut batch = vec![StreamItem::Open { request_id: self.request_id.clone() }];
        loop {
            for item in batch.drain(..) {
                if items.send(item).await.is_err() {
                    return TransportError::Cancelled;
                }
            }
            let (at, alarm) = watchdog.next_alarm();
            tokio::select! {
                biased;
                chunk = self.answer.chunk() => {
                    probing = None;
                    match chunk {
                        Ok(Some(bytes)) => take(&bytes, parser, &mut watchdog, &mut batch),
                        Ok(None) => return TransportError::StreamEnded,
                        Err(error) => return broken(error, &watchdog).at(self.answer.url()),
                    }
                }
                verdict = answer_of(&mut probing), if probing.is_some() => {
                    probing = None;
                    match verdict {
                        Verdict::Alive => watchdog.found_alive(Instant::now()),
                        Verdict::Lost => return silent(&watchdog),
                    }
                }
                () = sleep_until(at), if probing.is_none() => match alarm {
                    Alarm::Silent => return silent(&watchdog),
                    Alarm::Probe => probing = Some(Box::pin(ask(probe, settings.probe_within))),
                }
            }
        }
    }
}

fn take(bytes: &[u8], parser: &mut SseParser, watchdog: &mut Watchdog, batch: &mut Vec<StreamItem>) {
    let now = Instant::now();
    watchdog.bytes(now);
    parser.feed(bytes, |frame| {
        batch.push(match frame {
            Frame::Event { event, data, id } => {
                watchdog.event();
                StreamItem::Event(SseEvent { event: event.into(), data: data.into(), id: id.into() })
            }
            Frame::Comment(_) => {
                watchdog.comment(now);
                StreamItem::Comment
            }
            Frame::Retry(pause) => StreamItem::Retry(Duration::from_millis(pause)),
            Frame::TooLong => StreamItem::TooLong,
        });
    });
}

async fn ask(probe: &dyn Probe, within: Duration) -> Verdict {
    timeout(within, probe.probe()).await.unwrap_or(Verdict::Lost)
}

async fn answer_of(probing: &mut Option<BoxFuture<'_, Verdict>>) -> Verdict {
    match probing {
        Some(probing) => probing.await,
        None => std::future::pending().await,
    }
}

fn silent(watchdog: &Watchdog) -> TransportError {
    TransportError::Silent { after: watchdog.silent_for(Instant::now()) }
}

/// A time-out on an open stream is the kernel's keep-alive speaking: the peer is gone.
fn broken(error: reqwest::Error, watchdog: &Watchdog) -> TransportError {
    let after = watchdog.silent_for(Instant::now());
    match TransportError::from_reqwest(error, after) {
        TransportError::Timeout { after } => TransportError::Silent { after },
        other => other,
    }
}

fn named_event_id(request: &Request) -> String {
    let id = request.headers.get("last-event-id").map(|id| String::from_utf8_lossy(id.as_bytes()).into_owned());
    id.unwrap_or_default()
}

fn is_event_stream(answer: &reqwest::Response) -> bool {
    let kind = answer.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(EVENT_STREAM)
}

fn not_a_stream(answer: &Response) -> TransportError {
    if let Some(title) = json::html_title(&answer.body, answer.content_type()) {
        return TransportError::Html { title };
    }
    let content_type = super::redact::excerpt(answer.content_type().unwrap_or_default(), 100);
    TransportError::NotEventStream { content_type }
}
