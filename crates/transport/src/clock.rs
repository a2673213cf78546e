//! The wall clock, handed in: this crate never reads it by itself.

use jiff::Timestamp;

/// Tells the time of day, for dates that a server writes (`Retry-After`, a token's `exp`). Spans are measured with
/// `tokio::time::Instant` instead, which neither the user nor a time server can move.
pub trait Clock: Send + Sync {
    /// The present moment, UTC.
    fn now(&self) -> Timestamp;
}

impl<F: Fn() -> Timestamp + Send + Sync> Clock for F {
    fn now(&self) -> Timestamp {
        self()
    }
}
