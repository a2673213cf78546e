//! The line states as last heard, kept so that a snapshot never overwrites what a stream told after it was asked for,
//! and so that a stream that has fallen silent can be found out.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use ringside_domain::{Event, ExtensionId, LineState, LineStatus, LineUpdate};
use ringside_telephony::{Arrived, EventSink};
use tokio::sync::Mutex;
use tokio::time::Instant;

/// A call event and the line state it causes may come in either order, so far apart.
pub const SLACK: Duration = Duration::from_secs(2);

#[derive(Default)]
pub struct Board {
    lines: Mutex<Lines>,
}

#[derive(Default)]
struct Lines {
    seen: HashMap<ExtensionId, Seen>,
    /// When the latest snapshot was asked for, whether it was passed on or only examined.
    looked_at: Option<Instant>,
    /// The earliest moment at which the latest call that a line betrayed can have begun.
    activity: Option<Instant>,
}

impl Lines {
    /// A line that was not busy in the latest snapshot and is now cannot have become so before this.
    fn window(&self) -> Option<Instant> {
        self.looked_at.and_then(|at| at.checked_sub(SLACK))
    }
}

struct Seen {
    state: LineState,
    at: Instant,
}

/// What a snapshot told that nobody had told before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct News {
    /// Lines that were in another state than known.
    pub changed: usize,
    /// Some line is ringing or talking.
    pub active: bool,
}

impl Board {
    /// A stream told one line's state; it is passed on before any snapshot can be. `counts` is false of the states
    /// that a stream tells at its opening.
    pub async fn told(&self, update: LineUpdate, received: Instant, counts: bool, events: &EventSink) {
        let mut lines = self.lines.lock().await;
        if counts && begins(lines.seen.get(&update.extension), &update.state) {
            lines.activity = lines.activity.max(received.checked_sub(SLACK));
        }
        lines.seen.insert(update.extension.clone(), Seen { state: update.state, at: received });
        let _ = events.send(Arrived { received, event: Event::Line(update) }).await;
    }

    /// A snapshot came that was asked for at `asked`. It is passed on as a whole, but lines of which a stream has told
    /// since keep what it told. `counts` says whether lines that became busy since the snapshot before prove a call.
    pub async fn read(&self, snapshot: Vec<LineUpdate>, asked: Instant, counts: bool, events: &EventSink) -> News {
        let mut lines = self.lines.lock().await;
        let window = lines.window().filter(|_| counts);
        let mut news = News { changed: 0, active: false };
        let mut seen = HashMap::with_capacity(snapshot.len());
        let mut merged = Vec::with_capacity(snapshot.len());
        for mut update in snapshot {
            let before = lines.seen.remove(&update.extension);
            if let Some(before) = before.as_ref().filter(|before| before.at >= asked) {
                update.state = before.state;
            }
            if before.as_ref().is_none_or(|before| differs(&before.state, &update.state)) {
                news.changed += 1;
            }
            if begins(before.as_ref(), &update.state) {
                lines.activity = lines.activity.max(window);
            }
            news.active |= is_active(update.state.status);
            let at = before.map_or(asked, |before| before.at.max(asked));
            seen.insert(update.extension.clone(), Seen { state: update.state, at });
            merged.push(update);
        }
        lines.seen = seen;
        lines.looked_at = Some(asked);
        let _ = events.send(Arrived::now(Event::Lines(merged))).await;
        news
    }

    /// A snapshot came that was asked for at `asked` to examine the call stream alone: it is not passed on.
    pub async fn examine(&self, snapshot: &[LineUpdate], asked: Instant) {
        let mut lines = self.lines.lock().await;
        if snapshot.iter().any(|update| begins(lines.seen.get(&update.extension), &update.state)) {
            lines.activity = lines.activity.max(lines.window());
        }
        lines.looked_at = Some(asked);
    }

    /// How many of a snapshot's lines the board knows otherwise.
    pub async fn differences(&self, snapshot: &[LineUpdate]) -> usize {
        let lines = self.lines.lock().await;
        let known = |update: &&LineUpdate| {
            lines.seen.get(&update.extension).is_some_and(|seen| !differs(&seen.state, &update.state))
        };
        snapshot.iter().filter(|update| !known(update)).count()
    }

    /// Whether nobody has told the state of one of these.
    pub async fn lacks(&self, extensions: &HashSet<ExtensionId>) -> bool {
        let lines = self.lines.lock().await;
        extensions.iter().any(|extension| !lines.seen.contains_key(extension))
    }

    /// Whether a line betrayed a call that began after `heard` and of which a call stream should have told.
    pub async fn betrays_call_after(&self, heard: Instant) -> bool {
        self.lines.lock().await.activity.is_some_and(|activity| activity > heard)
    }
}

fn differs(one: &LineState, other: &LineState) -> bool {
    one.status != other.status || one.presence != other.presence
}

fn begins(before: Option<&Seen>, now: &LineState) -> bool {
    before.is_some_and(|before| !is_active(before.state.status)) && is_active(now.status)
}

fn is_active(status: LineStatus) -> bool {
    match status {
        LineStatus::Ringing | LineStatus::Busy => true,
        LineStatus::Idle | LineStatus::Offline | LineStatus::Unknown => false,
    }
}

#[cfg(test)]
#[path = "board_tests.rs"]
mod tests;
