//! Live calls: one stream for the whole account, changes only, nothing is ever told twice.

use async_trait::async_trait;
use ringside_domain::{Event, Gap, LegUpdate, Timestamp};
use ringside_telephony::Arrived;
use ringside_transport::{Probe, Verdict};
use tokio::time::Instant;

use super::client::CALLS;
use super::keep::{Listener, Stream, keep};
use super::map::{self, Reading};
use super::session::{End, Session, Shared};
use super::wire;
use crate::account::Standing;

pub const PART: &str = "live_calls";

/// Keeps the call stream until the session ends or the service refuses it.
pub async fn run(session: &Session<'_>) -> End {
    let probe = CallsProbe(session);
    let stream = Stream { path: CALLS, part: PART, what: "the call stream", probe: &probe, gives_up: false };
    let started = (session.shared.now)();
    let mut listener = Calls { session, last_heard: started, missed_since: session.missed_since };
    keep(session, &stream, &mut listener, session.shared.dice(1)).await
}

struct Calls<'a> {
    session: &'a Session<'a>,
    last_heard: Timestamp,
    /// Set from the loss of the stream until it is back: one gap, however many tries it takes.
    missed_since: Option<Timestamp>,
}

#[async_trait]
impl Listener for Calls<'_> {
    async fn opened(&mut self, at: Instant) {
        let session = self.session;
        session.hears_calls(at, true);
        let until = (session.shared.now)();
        if let Some(from) = self.missed_since.take() {
            let gap = Gap { account: session.shared.account.clone(), from: from.min(until), until };
            let _ = session.events.send(Arrived::now(Event::Gap(gap))).await;
            session.reread.notify_one();
            session.relist.notify_one();
        }
        self.last_heard = until;
        session.link.stands(PART, Standing::Works).await;
    }

    async fn event(&mut self, data: &str, received: Instant) {
        self.heard(received);
        let Some(leg) = leg(self.session.shared, data, self.last_heard) else { return };
        let _ = self.session.events.send(Arrived { received, event: Event::Leg(leg) }).await;
        self.session.hurry.notify_one();
    }

    fn heard(&mut self, at: Instant) {
        self.session.hears_calls(at, false);
        self.last_heard = (self.session.shared.now)();
    }

    fn lost(&mut self) {
        self.missed_since.get_or_insert(self.last_heard);
    }
}

fn leg(shared: &Shared, data: &str, received: Timestamp) -> Option<LegUpdate> {
    let call: wire::Call<'_> = shared.read("calls", data)?;
    let is_extension = |digits: &str| shared.is_extension(digits);
    let skew = shared.client.http.skew();
    let reading =
        Reading { plan: &shared.plan, is_extension: &is_extension, oddities: &shared.oddities, received, skew };
    map::leg(&call, &reading)
}

/// A silent call stream is dead if a line has begun to ring or talk and the stream did not tell.
struct CallsProbe<'a>(&'a Session<'a>);

#[async_trait]
impl Probe for CallsProbe<'_> {
    async fn probe(&self) -> Verdict {
        let asked = Instant::now();
        match self.0.shared.states().await {
            Ok(snapshot) => self.0.board.examine(&snapshot, asked).await,
            // The service answers, and line states are none of its business.
            Err(error) if matches!(error.status(), Some(403 | 404 | 406 | 410)) => return Verdict::Alive,
            Err(_) => return Verdict::Lost,
        }
        if self.0.board.betrays_call_after(self.0.calls_heard()).await { Verdict::Lost } else { Verdict::Alive }
    }
}
