//! Notices a socket that answers pings while nothing stands behind it: a pure value that is told what came when.

use std::time::Duration;

use tokio::time::Instant;

/// A socket whose snapshot does not come by itself is asked for it, and then given up.
const SNAPSHOT_WITHIN: Duration = Duration::from_secs(10);

/// What to do if nothing comes until then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alarm {
    AskAlive,
    AskSnapshot,
    GiveUp,
}

/// Measures the silence of a socket that answers pings: its service behind it may be gone.
pub struct Watch {
    silence: Duration,
    heard: Instant,
    asked_alive: bool,
    /// Until when the snapshot is waited for, and whether it was asked for.
    snapshot: Option<(Instant, bool)>,
}

impl Watch {
    pub fn new(silence: Duration) -> Self {
        let now = Instant::now();
        Self { silence, heard: now, asked_alive: false, snapshot: Some((now + SNAPSHOT_WITHIN, false)) }
    }

    pub fn heard(&mut self, at: Instant) {
        self.heard = at;
        self.asked_alive = false;
    }

    pub fn asked_alive(&mut self) {
        self.asked_alive = true;
    }

    pub fn asked_snapshot(&mut self) {
        self.snapshot = self.snapshot.map(|(at, _)| (at + SNAPSHOT_WITHIN, true));
    }

    pub fn snapshot_came(&mut self) {
        self.snapshot = None;
    }

    pub fn next(&self) -> (Alarm, Instant) {
        let alive = if self.asked_alive {
            (Alarm::GiveUp, self.heard + self.silence * 2)
        } else {
            (Alarm::AskAlive, self.heard + self.silence)
        };
        match self.snapshot {
            Some((at, true)) if at < alive.1 => (Alarm::GiveUp, at),
            Some((at, false)) if at < alive.1 => (Alarm::AskSnapshot, at),
            _ => alive,
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    const SILENCE: Duration = Duration::from_secs(60);

    fn due(watch: &Watch) -> (Alarm, Duration) {
        let (alarm, at) = watch.next();
        (alarm, at.saturating_duration_since(Instant::now()))
    }

    #[tokio::test(start_paused = true)]
    async fn a_snapshot_is_asked_for_once_and_then_given_up() {
        let mut watch = Watch::new(SILENCE);
        assert_eq!(due(&watch), (Alarm::AskSnapshot, SNAPSHOT_WITHIN));
        advance(SNAPSHOT_WITHIN).await;
        watch.asked_snapshot();
        assert_eq!(due(&watch), (Alarm::GiveUp, SNAPSHOT_WITHIN));
        watch.heard(Instant::now());
        assert_eq!(due(&watch).0, Alarm::GiveUp, "whatever else comes is no snapshot");
        watch.snapshot_came();
        assert_eq!(due(&watch), (Alarm::AskAlive, SILENCE));
    }

    #[tokio::test(start_paused = true)]
    async fn silence_is_asked_about_and_ends_the_socket_after_as_long_again() {
        let mut watch = Watch::new(SILENCE);
        watch.snapshot_came();
        advance(SILENCE).await;
        watch.asked_alive();
        assert_eq!(due(&watch), (Alarm::GiveUp, SILENCE));
        advance(SILENCE / 2).await;
        watch.heard(Instant::now());
        assert_eq!(due(&watch), (Alarm::AskAlive, SILENCE));
    }
}
