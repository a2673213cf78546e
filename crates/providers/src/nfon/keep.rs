//! Keeps one event stream open: renews the token, waits and reconnects, gives up where the service wants it.

use std::time::Duration;

use async_trait::async_trait;
use rand::rngs::StdRng;
use ringside_transport::{Backoff, Next, Probe, StreamItem, TransportError, stream};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::client::refusal;
use super::session::{End, Session};
use ringside_transport::auth::Bearer;
use ringside_transport::stream::Ended;

/// Events between the socket and the map; more of them hold the server back.
const AHEAD: usize = 256;
/// A stream that ends sooner after its opening was none.
const SHORT: Duration = Duration::from_secs(2);

/// Who listens to a stream.
#[async_trait]
pub trait Listener: Send {
    /// The server has accepted.
    async fn opened(&mut self, at: Instant);

    /// One event's data, with the moment it was taken from the socket.
    async fn event(&mut self, data: &str, received: Instant);

    /// Anything else came, such as a heartbeat.
    fn heard(&mut self, _at: Instant) {}

    /// The stream is gone, or could not be opened.
    fn lost(&mut self);
}

/// Which stream, and for which part of the link.
pub struct Stream<'a> {
    pub path: &'static str,
    pub part: &'static str,
    /// In a sentence: `the call stream`.
    pub what: &'static str,
    pub probe: &'a dyn Probe,
    /// Takes a stream that ends in good order right after its opening, twice running, for one that is not to be had.
    pub gives_up: bool,
}

/// Runs until stopped, refused, or signed out.
pub async fn keep(session: &Session<'_>, stream: &Stream<'_>, listener: &mut dyn Listener, mut dice: StdRng) -> End {
    let mut backoff = Backoff::new();
    let (mut rejected, mut short_lives) = (None, 0);
    loop {
        let bearer = bearer(session, rejected.as_ref()).await;
        let (ended, wish) = match &bearer {
            Ok(bearer) => follow(session, stream, listener, bearer).await,
            Err(error) => (unopened(error.clone()), None),
        };
        if session.stop.is_cancelled() || ended.error == TransportError::Cancelled {
            return End::Stopped;
        }
        if let Some(at) = ended.opened_at {
            rejected = None;
            backoff.connected(at);
        }
        if let Some(wish) = wish {
            backoff.server_wish(wish);
        }
        listener.lost();
        if matches!(ended.error, TransportError::NeedsSignIn { .. }) {
            return End::NeedsSignIn;
        }
        let short =
            ended.opened_at.is_some_and(|at| at.elapsed() < SHORT) && ended.error == TransportError::StreamEnded;
        short_lives = if short { short_lives + 1 } else { 0 };
        match backoff.decide(Instant::now(), &ended.error, &mut dice) {
            Next::Renew if rejected.is_some() => return End::NeedsSignIn,
            Next::Renew => rejected = bearer.ok(),
            Next::After(_) if stream.gives_up && short_lives > 1 => return End::Refused(ended.error),
            Next::Stop => return End::Refused(ended.error),
            Next::After(pause) => {
                tracing::info!(stream = stream.path, code = ended.error.code(), ?pause, "the stream is lost");
                let problem = refusal(&ended.error, stream.what).problem();
                session.link.is_lost_for(stream.part, pause, problem).await;
                if !session.pause(pause).await {
                    return End::Stopped;
                }
            }
        }
    }
}

/// A token; another one than `rejected`, which the service has just refused and somebody else may have renewed.
async fn bearer(session: &Session<'_>, rejected: Option<&Bearer>) -> Result<Bearer, TransportError> {
    let tokens = &session.shared.client.tokens;
    match rejected {
        Some(rejected) => tokens.renew(rejected).await,
        None => tokens.bearer().await,
    }
}

fn unopened(error: TransportError) -> Ended {
    Ended { error, opened_at: None, last_event_id: String::new() }
}

/// One connection from its opening to its end, and what pause the server wished for.
async fn follow(
    session: &Session<'_>,
    stream: &Stream<'_>,
    listener: &mut dyn Listener,
    bearer: &Bearer,
) -> (Ended, Option<Duration>) {
    let client = &session.shared.client;
    let request = client.stream_of(stream.path, bearer);
    let settings = &session.shared.options.stream;
    let (sender, mut items) = mpsc::channel(AHEAD);
    // The sender is moved in, so that the listening below ends with the stream.
    let running =
        async move { stream::run(&client.http, request, settings, stream.probe, &sender, &session.stop).await };
    let listening = async {
        let mut wish = None;
        while let Some(item) = items.recv().await {
            let at = Instant::now();
            match item {
                StreamItem::Open { .. } => listener.opened(at).await,
                StreamItem::Event(event) => listener.event(&event.data, at).await,
                StreamItem::Comment => listener.heard(at),
                StreamItem::Retry(pause) => wish = Some(pause),
                StreamItem::TooLong => session.shared.oddities.payload(stream.part, "an event over 1 MiB was dropped"),
            }
        }
        wish
    };
    tokio::join!(running, listening)
}
