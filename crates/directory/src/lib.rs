//! Who is calling: contact sources, the number index, and the search behind the dial palette.
//!
//! The [`Index`] holds everything that is known locally and answers without waiting for anything, so that a card has its
//! name when it first appears. Slower sources, asked over a network, are to fill further fields of a card that already
//! stands; they have no part in the index.

mod book;
mod fold;
mod hit;
mod import;
mod index;
mod lookup;
mod search;
mod similar;
mod sound;

pub use hit::{Hit, Match, MatchRule, People, Person, SourceId};
pub use import::{Column, ImportError, ImportReport, RowProblem, RowReason, import_csv, key_of, keyed};
pub use index::{Index, Listed};
