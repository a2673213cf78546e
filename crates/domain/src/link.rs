//! The connection to a provider, as the user should see it.

use serde::{Deserialize, Serialize};

use crate::{Problem, Timestamp};

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkPhase {
    /// Signed in, and whatever the account streams is arriving.
    Online,
    Connecting,
    /// Signed in, but something it should do it cannot do now, such as streaming.
    Degraded,
    Offline,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LinkState {
    pub phase: LinkPhase,
    /// Since when it has been in this phase.
    pub since: Timestamp,
    /// Why, unless it is online.
    pub reason: Option<Problem>,
    /// The parts that do not work while the rest does.
    pub limits: Vec<Limit>,
    /// When it will be tried again by itself, while it is offline.
    pub retry_at: Option<Timestamp>,
}

/// A part of an account's work that does not work now, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Limit {
    /// Such as `extensions`; a part that serves one capability has that one's name.
    pub part: &'static str,
    pub problem: Problem,
}
