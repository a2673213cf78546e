//! The history: one row an interaction (`calls`), with its legs.
//!
//! Only legs, and records of past calls, are written. The row of a call is derived from all legs and the record known of
//! it, so that the order in which reports arrive does not matter, and writing the same again changes nothing.

mod backlog;
mod callback;
mod csv;
mod erase;
mod insert;
mod live;
mod merge;
mod past;
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
pub use past::{PastRecord, PastWritten};
pub use record::{CallKey, CallRecord, CallRowId, Callback, HistoryChange, LegRecord, Source, Sources, Was};
pub use search::{Cursor, Earlier, HistoryQuery, Page, TodayCounts};
