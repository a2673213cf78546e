//! The words Ringside is written in: numbers, extensions, lines, calls, contacts, scenarios, capabilities, events.
//!
//! This crate does no I/O, is not async, reads no clock and knows nobody's wire format. Everything else may import it;
//! it imports none of our own crates.

pub mod account;
pub mod agent;
pub mod call;
pub mod caller;
pub mod capability;
pub mod contact;
pub mod detail;
pub mod event;
pub mod extension;
pub mod id;
pub mod line;
pub mod link;
pub mod number;
pub mod ordering;
pub mod past_call;
pub mod problem;
pub mod scenario;
pub mod text;

pub use account::NumberPlan;
pub use agent::{AgentMode, AgentState};
pub use call::{Direction, EndCause, LegStep, LegUpdate, Outcome, Phase};
pub use caller::CallerClass;
pub use capability::{Capability, CapabilitySet};
pub use contact::{Contact, ContactNumber};
pub use detail::Detail;
pub use event::{Event, Gap};
pub use extension::Extension;
pub use id::{AccountId, CallId, ExtensionId, LegKey, LineId, ScenarioId};
pub use line::{LineState, LineStatus, LineUpdate, Presence};
pub use link::{Limit, LinkPhase, LinkState};
pub use number::{Party, PhoneNumber};
pub use ordering::{OrderState, OrderUpdate, OwnNumber};
pub use past_call::PastCall;
pub use problem::Problem;
pub use scenario::{Forwarding, Scenario, ScenarioState};
pub use text::Label;

/// A point in time, UTC, nanosecond resolution.
pub use jiff::Timestamp;
