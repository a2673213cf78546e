//! The transport over real sockets, against servers that say what each test tells them to.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod auth;
mod http;
mod server;
mod socket;
mod stream;
