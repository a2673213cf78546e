//! The rules: what every line and call is doing, and what should happen because of it.
//!
//! [`apply`] takes the time and one thing that happened, changes a [`State`] and returns [`Effect`]s as data; whoever
//! hosts the engine performs them. Reports may be repeated, late, out of order or missing: what is known of a leg is a
//! function of the set of reports, not of the order in which they arrived, but for ends whose stamps leave them nothing to
//! end.
//!
//! This crate may not know clocks, threads, timers, sockets, storage, windows, vendors or languages. It imports the
//! domain and nothing else of ours. Time comes in as an argument; [`State::next_deadline`] says when to call again.

mod account;
mod apply;
mod call;
mod course;
mod deadlines;
mod details;
mod effect;
mod facts;
mod input;
mod legs;
mod lines;
mod links;
mod outcome;
mod policy;
mod popup;
mod restore;
mod scenarios;
mod shared;
mod state;
mod tracked;

pub use apply::{apply, apply_into};
pub use call::Call;
pub use effect::{DownReason, Effect, Manner, UnknownKind};
pub use input::{Hotkey, Input};
pub use lines::Line;
pub use policy::{Policy, Rule, Settings, Trigger};
pub use popup::{Attention, Card, stays};
pub use restore::LastKnown;
pub use scenarios::ScenarioReading;
pub use state::State;
pub use tracked::Leg;
