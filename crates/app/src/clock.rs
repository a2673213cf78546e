//! The one place that reads the wall clock.

use ringside_domain::Timestamp;

/// Hands out the time; tests hold it still.
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

/// The computer's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        wall_clock()
    }
}

/// The computer's clock as a function, for those who take one.
#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the wall clock")]
pub fn wall_clock() -> Timestamp {
    Timestamp::now()
}
