//! Who is served at once, and who makes way: keeping quiet keeps no place that somebody else needs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::limits::{CONNECTIONS, SILENCE_SPARED, SLOWNESS_SPARED};

const QUIET: u8 = 0;
/// The head of a request has come.
const ASKED: u8 = 1;
/// All of a request has come: what is left is ours.
const WHOLE: u8 = 2;
const LEFT: u8 = 3;

/// One connection's place.
pub(crate) struct Seat {
    stage: AtomicU8,
    since: Instant,
    wanted: CancellationToken,
    left: Arc<Notify>,
}

impl Seat {
    pub fn is_asked(&self) {
        self.stage.store(ASKED, Ordering::Relaxed);
    }

    pub fn has_brought_it(&self) {
        self.stage.store(WHOLE, Ordering::Relaxed);
    }

    /// Returns when another connection needs the place.
    pub async fn is_wanted(&self) {
        self.wanted.cancelled().await;
    }

    pub fn leave(&self) {
        self.stage.store(LEFT, Ordering::Relaxed);
        self.left.notify_one();
    }

    /// From when on it may be asked to make way, and whether before those that have said something.
    fn makes_way(&self) -> Option<(bool, Instant)> {
        match self.stage.load(Ordering::Relaxed) {
            _ if self.wanted.is_cancelled() => None,
            QUIET => Some((true, self.since + SILENCE_SPARED)),
            ASKED => Some((false, self.since + SLOWNESS_SPARED)),
            _ => None,
        }
    }
}

/// The places there are.
#[derive(Default)]
pub(crate) struct Seats {
    taken: Vec<Arc<Seat>>,
    left: Arc<Notify>,
}

impl Seats {
    /// A place, as soon as there is one.
    pub async fn take(&mut self) -> Arc<Seat> {
        loop {
            self.taken.retain(|seat| seat.stage.load(Ordering::Relaxed) != LEFT);
            if self.taken.len() < CONNECTIONS {
                let wanted = CancellationToken::new();
                let left = self.left.clone();
                let seat = Arc::new(Seat { stage: AtomicU8::new(QUIET), since: Instant::now(), wanted, left });
                self.taken.push(seat.clone());
                return seat;
            }
            let next = self.make_way(Instant::now());
            tokio::select! {
                () = self.left.notified() => {}
                () = sleep_until(next.unwrap_or_else(Instant::now)), if next.is_some() => {}
            }
        }
    }

    /// Has one make way that may: the quiet before the slow, the oldest first. When the next may, if none does now.
    fn make_way(&self, now: Instant) -> Option<Instant> {
        let candidates = || self.taken.iter().filter_map(|seat| Some((seat.makes_way()?, seat)));
        let ripe = candidates().filter(|((_, at), _)| *at <= now);
        match ripe.min_by_key(|((quiet, at), _)| (!quiet, *at)) {
            Some((_, seat)) => {
                seat.wanted.cancel();
                None
            }
            // One that has just been asked to leaves first.
            None if self.taken.iter().any(|seat| seat.wanted.is_cancelled()) => None,
            None => candidates().map(|((_, at), _)| at).min(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    async fn full(seats: &mut Seats) -> Vec<Arc<Seat>> {
        let mut all = Vec::new();
        for _ in 0..CONNECTIONS {
            all.push(seats.take().await);
        }
        all
    }

    /// Each leaves as soon as it is asked to.
    fn obey(seats: &[Arc<Seat>]) {
        for seat in seats {
            let seat = Arc::clone(seat);
            tokio::spawn(async move {
                seat.is_wanted().await;
                seat.leave();
            });
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_oldest_quiet_one_makes_way_and_nobody_who_brings_something() {
        let mut seats = Seats::default();
        let all = full(&mut seats).await;
        obey(&all);
        all[0].has_brought_it();
        all[1].is_asked();
        let begun = Instant::now();
        seats.take().await;
        assert_eq!(begun.elapsed().as_millis() / 100, 5, "a moment is left to everybody");
        let gone: Vec<_> = (0..CONNECTIONS).filter(|n| all[*n].wanted.is_cancelled()).collect();
        assert_eq!(gone, [2]);
    }

    #[tokio::test(start_paused = true)]
    async fn the_slow_make_way_later_and_the_busy_never() {
        let mut seats = Seats::default();
        let all = full(&mut seats).await;
        obey(&all);
        all.iter().for_each(|seat| seat.has_brought_it());
        all[7].is_asked();
        let begun = Instant::now();
        seats.take().await;
        assert_eq!(begun.elapsed().as_secs(), 2);
        assert!(all[7].wanted.is_cancelled());
        // The one that came has brought its request too: now somebody has to end first.
        seats.taken.iter().for_each(|seat| seat.has_brought_it());
        let waiting = tokio::time::timeout(Duration::from_secs(60), seats.take()).await;
        assert!(waiting.is_err());
        all[3].leave();
        seats.take().await;
    }
}
