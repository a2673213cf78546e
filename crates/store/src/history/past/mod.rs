//! Calls that a service's own record brings: joined with what was seen live, or rows of their own.
//!
//! Which record is of which row is found from all records and rows near each other, and not from the order in which they
//! came: reading a window again, or windows cut otherwise, gives the same history.

mod dials;
mod erase;
mod pair;
mod record;
mod settle;
mod table;
mod verdict;
mod write;

pub(super) use erase::{blank, delete_all, no_further_back, purge_before};
pub(super) use record::Past;
pub use record::{PastRecord, PastWritten};
pub(super) use settle::{Seed, settle};
pub(super) use table::of_call;
pub(super) use verdict::correct;
