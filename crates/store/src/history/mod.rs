//! The history: one row an interaction (`calls`), with its legs.
//!
//! Only legs are written. The row of a call is derived from all legs known of it, so that the order in which reports
//! arrive does not matter, and writing the same leg again changes nothing.

mod backlog;
mod callback;
mod csv;
mod erase;
mod live;
mod merge;
mod record;
mod row;
mod search;
mod table;
mod write;

pub use backlog::Backlog;
pub use callback::Claim;
pub use csv::write_csv;
pub use erase::Erased;
pub(crate) use live::Live;
pub use record::{CallRecord, CallRowId, Callback, HistoryChange, LegRecord};
pub use search::{Cursor, HistoryQuery, LastContact, Page, TodayCounts};
