//! How much the receiver takes, and how fast.

use std::time::Duration;

use tokio::time::Instant;

/// Bytes of a body; what services send has a few hundred. All connections together hold no more than some megabytes.
pub(crate) const LONGEST_BODY: usize = 32 << 10;

/// Bytes of a longer body that are still read, and dropped, so that whoever sends it gets to see the answer.
pub(crate) const LONGEST_DROPPED: usize = 16 << 20;

/// Of the request line and all headers together.
pub(crate) const LONGEST_HEAD: usize = 16 << 10;
pub(crate) const MOST_HEADERS: usize = 64;

/// From the connection to the end of its headers, and from there to the end of its body.
pub(crate) const HEAD_PATIENCE: Duration = Duration::from_secs(10);
pub(crate) const BODY_PATIENCE: Duration = Duration::from_secs(10);

/// Services wait 3 to 5 seconds for an answer.
pub(crate) const ANSWER_PATIENCE: Duration = Duration::from_millis(2_500);

/// A connection that takes longer than all of this reads its answer too slowly.
pub(crate) const WHOLE_PATIENCE: Duration = Duration::from_secs(30);

/// At once; more wait in the system's queue.
pub(crate) const CONNECTIONS: usize = 64;

/// When all places are taken, a connection that has brought no request for so long makes way for another, and then one
/// whose request is not whole after a longer while.
pub(crate) const SILENCE_SPARED: Duration = Duration::from_millis(500);
pub(crate) const SLOWNESS_SPARED: Duration = Duration::from_secs(2);

/// Requests of one account that wait for the app or the disk at once.
pub(crate) const WAITING: usize = 64;

/// Requests an account may send at once, and how many more every second.
const BURST: f64 = 200.0;
const PER_SECOND: f64 = 50.0;

/// How often an account may still be sent something.
pub(crate) struct Bucket {
    left: f64,
    at: Instant,
}

impl Bucket {
    pub fn full(now: Instant) -> Self {
        Self { left: BURST, at: now }
    }

    /// `false`: too many came.
    pub fn take(&mut self, now: Instant) -> bool {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.at = self.at.max(now);
        self.left = passed.mul_add(PER_SECOND, self.left).min(BURST);
        let enough = self.left >= 1.0;
        if enough {
            self.left -= 1.0;
        }
        enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(bucket: &mut Bucket, at: Instant) -> usize {
        (0..1_000).filter(|_| bucket.take(at)).count()
    }

    #[test]
    fn a_burst_is_taken_and_then_so_many_a_second() {
        let begin = Instant::now();
        let mut bucket = Bucket::full(begin);
        assert_eq!(taken(&mut bucket, begin), 200);
        assert_eq!(taken(&mut bucket, begin + Duration::from_millis(100)), 5);
        assert_eq!(taken(&mut bucket, begin + Duration::from_millis(1_100)), 50);
        assert_eq!(taken(&mut bucket, begin + Duration::from_secs(3_600)), 200, "never more than a burst");
    }

    #[test]
    fn time_that_goes_back_gives_nothing() {
        let begin = Instant::now() + Duration::from_secs(10);
        let mut bucket = Bucket::full(begin);
        assert_eq!(taken(&mut bucket, begin), 200);
        assert_eq!(taken(&mut bucket, begin - Duration::from_secs(5)), 0);
        assert_eq!(taken(&mut bucket, begin + Duration::from_secs(1)), 50);
    }
}
