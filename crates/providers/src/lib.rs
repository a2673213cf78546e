//! Telephony services behind one port.
//!
//! [`port`] is what the app sees, [`registry`] the one place that knows adapters by name, [`transport`] the HTTP,
//! event-stream, sign-in and retry machinery they share, [`account`] the few things every adapter does alike. Each
//! adapter is a folder with the same file names, and no adapter knows another. A new one is a folder, a line in
//! [`registry::KINDS`], and a twin in `tests/conformance`. This crate knows neither store, engine nor app.

pub mod account;
pub mod error;
mod fonial;
mod nfon;
pub mod port;
pub mod registry;
mod swisscom;
mod tenios;
pub mod transport;
mod voicenter;

pub use error::ProviderError;
pub use registry::{KINDS, Kind, connect};
