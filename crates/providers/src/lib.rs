//! The adapters of telephony services, each behind the port of `ringside-telephony`.
//!
//! [`registry`] is the one place that knows them by name, [`account`] the few things all of them do alike; the HTTP stack
//! is `ringside-transport`. Each adapter is a folder, and none knows another. A new one is a folder, a line in
//! [`registry::KINDS`], and a twin in `tests/conformance`. This crate knows neither store, engine nor app. Start reading
//! at an adapter's `mod.rs`.

pub mod account;
mod fonial;
mod nfon;
pub mod registry;
mod swisscom;
mod tenios;
mod voicenter;

pub use registry::{KINDS, connect};
