//! Line states: a stream that begins with every line, or snapshots where the service does not stream them.

use std::sync::atomic::Ordering;
use std::time::Duration;

use async_trait::async_trait;
use ringside_domain::LineUpdate;
use ringside_telephony::{Lines, ProviderError};
use ringside_transport::{Backoff, Next, Probe, TransportError, Verdict};
use tokio::time::Instant;

use super::Nfon;
use super::board::SLACK;
use super::client::{STATES, refusal};
use super::keep::{Listener, Stream, keep};
use super::session::{End, Session};
use crate::account::Standing;

pub const PART: &str = "line_states";
const WHAT: &str = "the line states";
/// A stream that has just come back needs a moment before a difference means anything.
const SETTLE: Duration = Duration::from_secs(1);

#[async_trait]
impl Lines for Nfon {
    async fn snapshot(&self) -> Result<Vec<LineUpdate>, ProviderError> {
        self.shared.states().await.map_err(|error| refusal(&error, WHAT))
    }
}

/// Streams, or polls for a while where streaming is refused, until the session ends or both are refused.
pub async fn run(session: &Session<'_>) -> End {
    let polled = &session.shared.polled;
    loop {
        if session.shared.options.stream_states {
            match stream(session).await {
                End::Refused(error) if cannot_stream(&error) => {
                    polled.store(true, Ordering::Relaxed);
                    tracing::info!(code = error.code(), "line states are not streamed here; reading snapshots");
                }
                end => return end,
            }
        }
        let until = Instant::now() + session.shared.options.extensions_every;
        if let Some(end) = poll(session, until).await {
            return end;
        }
    }
}

/// Reads a snapshot whenever a stream has come back, so that what happened meanwhile shows within moments.
pub async fn reread(session: &Session<'_>) -> End {
    let mut dice = session.shared.dice(3);
    loop {
        session.reread.notified().await;
        let mut backoff = Backoff::new();
        while !session.states_refused.load(Ordering::Relaxed) {
            let asked = Instant::now();
            match session.shared.states().await {
                Ok(lines) => {
                    session.board.read(lines, asked, false, &session.events).await;
                    break;
                }
                Err(TransportError::NeedsSignIn { .. }) => return End::NeedsSignIn,
                Err(error) => match backoff.decide(Instant::now(), &error, &mut dice) {
                    Next::After(pause) if session.pause(pause).await => {}
                    Next::After(_) => return End::Stopped,
                    // The stream or the polling says so as well.
                    Next::Renew | Next::Stop => break,
                },
            }
        }
    }
}

/// What says that streaming is not to be had, while a snapshot may be.
fn cannot_stream(error: &TransportError) -> bool {
    matches!(error, TransportError::NotEventStream { .. } | TransportError::StreamEnded) || error.status() == Some(406)
}

async fn stream(session: &Session<'_>) -> End {
    let probe = StatesProbe(session);
    let stream = Stream { path: STATES, part: PART, what: "the stream of line states", probe: &probe, gives_up: true };
    let mut listener = States { session, opened_at: None };
    keep(session, &stream, &mut listener, session.shared.dice(2)).await
}

struct States<'a> {
    session: &'a Session<'a>,
    opened_at: Option<Instant>,
}

#[async_trait]
impl Listener for States<'_> {
    async fn opened(&mut self, at: Instant) {
        if self.opened_at.replace(at).is_some() {
            self.session.reread.notify_one();
        }
        self.session.shared.polled.store(false, Ordering::Relaxed);
        self.session.link.stands(PART, Standing::Works).await;
    }

    async fn event(&mut self, data: &str, received: Instant) {
        let Some(update) = self.session.shared.line(data) else { return };
        let settled = self.opened_at.is_some_and(|at| received.duration_since(at) > SLACK);
        self.session.board.told(update, received, settled, &self.session.events).await;
    }

    fn lost(&mut self) {}
}

/// A silent stream is dead if a snapshot tells what the stream did not, even a moment later.
struct StatesProbe<'a>(&'a Session<'a>);

#[async_trait]
impl Probe for StatesProbe<'_> {
    async fn probe(&self) -> Verdict {
        let Ok(snapshot) = self.0.shared.states().await else { return Verdict::Lost };
        if self.0.board.differences(&snapshot).await == 0 {
            return Verdict::Alive;
        }
        tokio::time::sleep(SETTLE).await;
        if self.0.board.differences(&snapshot).await == 0 { Verdict::Alive } else { Verdict::Lost }
    }
}

/// Reads snapshots until `until`, seldom in quiet times and soon after a call event. `None` when the time is up.
async fn poll(session: &Session<'_>, until: Instant) -> Option<End> {
    let pauses = session.shared.options.poll;
    let mut dice = session.shared.dice(4);
    let (mut backoff, mut down, mut pause) = (Backoff::new(), true, pauses.usual);
    loop {
        let asked = Instant::now();
        match session.shared.states().await {
            Ok(lines) => {
                let news = session.board.read(lines, asked, true, &session.events).await;
                session.link.stands(PART, Standing::Works).await;
                if std::mem::take(&mut down) {
                    backoff.connected(asked);
                }
                let quiet = news.changed == 0 && !news.active;
                pause = if quiet { (pause * 3 / 2).min(pauses.most) } else { pauses.usual };
            }
            Err(TransportError::NeedsSignIn { .. }) => return Some(End::NeedsSignIn),
            Err(error) => {
                down = true;
                match backoff.decide(Instant::now(), &error, &mut dice) {
                    Next::Renew | Next::Stop => return Some(End::Refused(error)),
                    Next::After(wait) => {
                        let problem = refusal(&error, WHAT).problem();
                        session.link.is_lost_for(PART, wait, problem).await;
                        pause = wait;
                    }
                }
            }
        }
        if !rest(session, asked, pause, down).await {
            return Some(End::Stopped);
        }
        if session.shared.options.stream_states && Instant::now() >= until {
            return None;
        }
    }
}

/// Waits for the next reading; a call event shortens the wait, a service in trouble is never hurried.
async fn rest(session: &Session<'_>, asked: Instant, pause: Duration, down: bool) -> bool {
    if down {
        return session.pause(pause).await;
    }
    tokio::select! {
        () = session.stop.cancelled() => false,
        () = tokio::time::sleep(pause) => true,
        () = session.hurry.notified() => {
            let least = session.shared.options.poll.least;
            session.pause(least.saturating_sub(asked.elapsed())).await
        }
    }
}
