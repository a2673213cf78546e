//! The app without a window, against the exchange over real sockets. One subject a file.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on stops at once")]

mod answers;
mod calls;
mod cli;
mod dials;
mod faults;
mod hostile;
mod outages;
mod refusals;
mod resets;
mod scenarios;
mod secrets;
mod services;
mod starts;
mod tokens;
