//! From what the app knows to what hosts show.

pub mod account;
pub mod agent;
pub mod call;
pub mod history;
pub mod line;
pub mod own_number;
pub mod party;
pub mod scenario;
pub mod settings;

use ringside_domain::Timestamp;

/// Milliseconds since the epoch.
pub(crate) fn ms(at: Timestamp) -> i64 {
    at.as_millisecond()
}
