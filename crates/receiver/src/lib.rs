//! The local receiver for what services send unasked: HTTP/1.1 on an address of this computer, one path an account.
//!
//! A request goes one way: connection, limits, the account's [`Door`], the adapter, which is pure, and from there to the
//! [`Recipient`]. What was taken is handed on whether or not the other side waits for the answer.
//!
//! This crate knows no vendor, no store and no app: it asks the port of `ringside-telephony` what was sent, and hands
//! that to whoever is its [`Recipient`]. `ringside-transport` it needs for one thing, to send itself a request
//! ([`test()`]). Start reading at [`Listening::begin`], and follow a request through `connection.rs` and `taking.rs`.

mod address;
mod answer;
mod body;
mod connection;
mod door;
mod hall;
mod limits;
mod listening;
mod seats;
mod self_test;
mod taking;
mod tally;

pub use address::{AccountPath, local_url, public_url, read_listen, warn_of_listen, warn_of_public};
pub use door::Door;
pub use hall::{Hall, House, Recipient, Unkept};
pub use listening::Listening;
pub use self_test::{Tried, test};
pub use tally::{Counts, Tally};
