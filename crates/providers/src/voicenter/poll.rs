//! Readings of the active calls, where real time is not to be had.

use async_trait::async_trait;
use ringside_domain::{Event, LineUpdate, Problem};
use ringside_telephony::{Lines, ProviderError};
use ringside_transport::{Backoff, Next};
use tokio::time::Instant;

use super::Voicenter;
use super::board::Board;
use super::listen::Listener;
use super::meaning::{problem, refusal};
use super::realtime::PART;
use super::session::Session;
use crate::account::Standing;

pub const WHAT: &str = "the active calls";

#[async_trait]
impl Lines for Voicenter {
    async fn snapshot(&self) -> Result<Vec<LineUpdate>, ProviderError> {
        let readings = self.shared.active(None).await.map_err(|error| refusal(&error, WHAT))?;
        // A board of its own: what is read on the side must not look like news to the one that runs.
        let events = Board::default().replace(readings, (self.shared.now)());
        let lines =
            events.into_iter().find_map(|event| if let Event::Lines(lines) = event { Some(lines) } else { None });
        Ok(lines.unwrap_or_default())
    }
}

/// Reads until `until`, or for good. `limited` says why real time is not to be had; `None` if nobody wants it.
/// `true` when it is time to ask for real time again, `false` if the account was stopped.
pub async fn run(
    session: &Session<'_>,
    listener: &mut Listener<'_>,
    limited: Option<Problem>,
    until: Option<Instant>,
) -> bool {
    let standing = || limited.clone().map_or(Standing::Works, Standing::Limited);
    let mut dice = session.shared.dice(4);
    let mut backoff = Backoff::new();
    let mut down = false;
    loop {
        let asked = Instant::now();
        let pause = match session.shared.active(None).await {
            Ok(readings) => {
                if std::mem::take(&mut down) {
                    backoff.connected(asked);
                }
                listener.whole(readings, (session.shared.now)(), standing(), Instant::now()).await;
                session.shared.options.poll
            }
            Err(error) => {
                down = true;
                listener.lost();
                let told = problem(&refusal(&error, WHAT));
                let pause = match backoff.decide(asked, &error, &mut dice) {
                    Next::After(pause) => pause,
                    // Both ways are closed: there is nothing to do until it is time to ask again.
                    Next::Renew | Next::Stop => session.shared.options.realtime_every,
                };
                session.link.is_lost_for(PART, pause, told).await;
                pause
            }
        };
        let over = until.filter(|until| *until <= Instant::now() + pause);
        let pause = over.map_or(pause, |until| until.saturating_duration_since(Instant::now()));
        if !session.pause(pause).await {
            return false;
        }
        if over.is_some() {
            return true;
        }
    }
}
