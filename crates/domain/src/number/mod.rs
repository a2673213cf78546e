//! Telephone numbers: one form inside (E.164), many forms outside.
//!
//! [`read`] reads what somebody typed, [`find_numbers`] what stands in a text, [`parse_link`] what a web page links to,
//! and [`Party::from_caller_text`] what a telephone service says of a caller. All of them take hostile text.

mod caller;
mod cell;
mod direction;
mod entry;
mod error;
mod fold;
mod format;
mod lens;
mod link;
mod metadata;
mod phone;
mod reader;
mod reading;
mod regions;
mod rest;
mod short;
mod table;
mod written;

pub use cell::{CellReading, LeftOut, LeftOutReason, read_cell};
pub use error::NumberError;
pub use lens::{Found, Refusal, find_numbers};
pub use link::{Link, LinkError, is_link, parse_link, read_link};
pub use phone::{NotE164, Party, PhoneNumber};
pub use reading::{Choice, Entry, Reading, Rule, is_dialable, read, read_entry};
pub use regions::{area_behind_country_code, country_code_of, is_country_code, is_region, regions};
