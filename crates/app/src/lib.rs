//! The app: one actor that owns the state, performs the engine's effects and answers its hosts.
//!
//! It knows the port of telephony services and no vendor: which kinds of account there are, a host tells with the
//! [`config::ConfigFile`]. It knows the desktop behind [`desktop::Desktop`] and no windowing toolkit, and sends no HTTP
//! itself. Hosts speak [`ringside_api`] to it through a [`Handle`].

mod actor;
pub mod clock;
pub mod config;
pub mod demo;
pub mod desktop;
pub mod handle;
pub mod logs;
pub mod secrets;
mod view;

pub use handle::{Handle, Start, Subscription, Topics, start};
