//! What tests of several crates share: a log that is kept to be looked through, and looking through files.
//!
//! It imports none of our own crates, so that each may use it for its tests. Something moves in once it stands in the
//! tests of two crates, and not before. Start reading at [`KeptLog`].

mod log;
mod search;

pub use log::KeptLog;
pub use search::{files_holding, holds};
