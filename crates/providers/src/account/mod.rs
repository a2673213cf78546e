//! What every adapter does in the same way: where the service is, reading the account's options, reporting the link,
//! telling failures, and counting what it did not understand. Nothing here knows a vendor.

pub mod address;
pub mod clock;
pub mod failure;
pub mod link;
pub mod oddities;
pub mod options;
pub mod word;

pub use address::{Address, admit};
pub use clock::{clock_ahead, clock_problem};
pub use failure::failure;
pub use link::{Link, Standing};
pub use oddities::Oddities;
pub use options::OptionReader;
pub use word::Word;
