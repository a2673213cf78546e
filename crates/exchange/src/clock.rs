//! The one clock of the exchange.

use jiff::Timestamp;
use jiff::tz::Offset;
use tokio::time::Instant;

/// Wall-clock time that advances with tokio's clock, so that a test which pauses or advances time moves this too.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    at_start: Timestamp,
    started: Instant,
}

impl Clock {
    /// A clock that shows `at` now, or the machine's time.
    pub(crate) fn starting_at(at: Option<Timestamp>) -> Self {
        Self { at_start: at.unwrap_or_else(machine_time), started: Instant::now() }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.at_start.checked_add(self.started.elapsed()).unwrap_or(self.at_start)
    }
}

/// RFC 3339 with nanoseconds and a zone of +01:00, the way NFON prints times.
pub(crate) fn with_nanoseconds(at: Timestamp) -> String {
    format!("{:.9}", at.display_with_offset(Offset::constant(1)))
}

#[expect(clippy::disallowed_methods, reason = "the one place of this crate that reads the machine's clock")]
fn machine_time() -> Timestamp {
    Timestamp::now()
}
