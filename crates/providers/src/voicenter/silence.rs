//! Notices a socket that answers pings while nothing stands behind it, and does not trust one for ever that tells
//! changes alone: a pure value that is told what came when.

use std::time::Duration;

use tokio::time::Instant;

/// A socket whose snapshot does not come by itself is asked for it, and then given up.
const SNAPSHOT_WITHIN: Duration = Duration::from_secs(10);

/// What to do if nothing comes until then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alarm {
    AskAlive,
    AskSnapshot,
    /// Events carry no number, so that one that was lost leaves no trace but a lamp that is wrong.
    AskAgain,
    GiveUp,
}

/// Measures the silence of a socket that answers pings: its service behind it may be gone.
pub struct Watch {
    silence: Duration,
    /// How long changes alone are believed.
    trust: Duration,
    heard: Instant,
    asked_alive: bool,
    /// Until when the snapshot is waited for, and whether it was asked for.
    snapshot: Option<(Instant, bool)>,
    /// When the next one is due, once the first has come.
    again: Option<Instant>,
}

impl Watch {
    pub fn new(silence: Duration, trust: Duration) -> Self {
        let now = Instant::now();
        let snapshot = Some((now + SNAPSHOT_WITHIN, false));
        Self { silence, trust, heard: now, asked_alive: false, snapshot, again: None }
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

    /// The first one; may be said again.
    pub fn snapshot_came(&mut self, at: Instant) {
        if self.snapshot.take().is_some() {
            self.again = Some(at + self.trust);
        }
    }

    pub fn asked_again(&mut self, at: Instant) {
        self.again = Some(at + self.trust);
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
            _ => match self.again {
                Some(at) if at < alive.1 => (Alarm::AskAgain, at),
                _ => alive,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    const SILENCE: Duration = Duration::from_secs(60);
    const TRUST: Duration = Duration::from_secs(600);

    fn due(watch: &Watch) -> (Alarm, Duration) {
        let (alarm, at) = watch.next();
        (alarm, at.saturating_duration_since(Instant::now()))
    }

    #[tokio::test(start_paused = true)]
    async fn a_snapshot_is_asked_for_once_and_then_given_up() {
        let mut watch = Watch::new(SILENCE, TRUST);
        assert_eq!(due(&watch), (Alarm::AskSnapshot, SNAPSHOT_WITHIN));
        advance(SNAPSHOT_WITHIN).await;
        watch.asked_snapshot();
        assert_eq!(due(&watch), (Alarm::GiveUp, SNAPSHOT_WITHIN));
        watch.heard(Instant::now());
        assert_eq!(due(&watch).0, Alarm::GiveUp, "whatever else comes is no snapshot");
        watch.snapshot_came(Instant::now());
        assert_eq!(due(&watch), (Alarm::AskAlive, SILENCE));
    }

    #[tokio::test(start_paused = true)]
    async fn silence_is_asked_about_and_ends_the_socket_after_as_long_again() {
        let mut watch = Watch::new(SILENCE, TRUST);
        watch.snapshot_came(Instant::now());
        advance(SILENCE).await;
        watch.asked_alive();
        assert_eq!(due(&watch), (Alarm::GiveUp, SILENCE));
        advance(SILENCE / 2).await;
        watch.heard(Instant::now());
        assert_eq!(due(&watch), (Alarm::AskAlive, SILENCE));
    }

    #[tokio::test(start_paused = true)]
    async fn a_socket_that_tells_all_the_time_is_asked_for_all_of_it_now_and_then() {
        let mut watch = Watch::new(SILENCE, TRUST);
        let mut asked = 0;
        for _ in 0..(3 * TRUST.as_secs()) {
            advance(Duration::from_secs(1)).await;
            watch.heard(Instant::now());
            watch.snapshot_came(Instant::now());
            if due(&watch) == (Alarm::AskAgain, Duration::ZERO) {
                watch.asked_again(Instant::now());
                asked += 1;
            }
        }
        assert_eq!(asked, 2, "the first comes by itself");
        // Asking is no sign of life.
        advance(SILENCE).await;
        watch.asked_alive();
        watch.asked_again(Instant::now());
        assert_eq!(due(&watch), (Alarm::GiveUp, SILENCE));
    }
}
