//! The contract with the user interface and the command line: requests, replies, views, events, error codes.
//!
//! Every host speaks these types and nothing else; the TypeScript ones are generated from them. Times are milliseconds
//! since the Unix epoch. This crate knows neither tauri nor an HTTP server nor SQL.

pub mod error;
pub mod event;
pub mod request;
pub mod typescript;
pub mod view;

pub use error::ApiError;
pub use event::{ApiEvent, Envelope};
pub use request::{Reply, Request};
