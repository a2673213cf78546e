//! What carries requests to a service of any kind: HTTP, server-sent events, Socket.IO, sign-in, back-off, redaction.
//!
//! Nothing here knows a vendor or what a telephone is; of our own words it uses one, [`ringside_domain::Detail`], in which
//! a failure tells what was seen. What an adapter needs, in the order in which it needs it: [`Http`] sends a [`Request`]
//! and answers a [`Response`]; [`TokenKeeper`] signs it; [`stream::run`] keeps one event stream and [`Connection`] one
//! socket; [`Backoff`] says when to try again; every failure is a [`TransportError`]. Start reading at [`http`].

pub mod auth;
mod cause;
pub mod clock;
pub mod error;
pub mod http;
pub mod json;
pub mod jwt;
pub mod origin;
pub mod redact;
pub mod request;
pub mod response;
pub mod retry;
pub mod skew;
pub mod socketio;
pub mod sse;
pub mod stream;
pub mod watchdog;

pub use auth::{Grant, TokenKeeper, TokenSource};
pub use clock::Clock;
pub use error::TransportError;
pub use http::{Http, HttpSettings};
pub use request::{Request, path_segment};
pub use response::Response;
pub use retry::{Backoff, Next};
pub use skew::ClockSkew;
pub use socketio::{Connection, Engine, SocketItem, SocketSettings, Spoken};
pub use stream::{Probe, SseEvent, StreamItem, StreamSettings, Verdict};
