//! Forwarding scenarios: what the service says, beside what was asked of it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ApiError;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ScenarioView {
    pub account: String,
    pub id: String,
    /// `None` where the service names none.
    pub name: Option<String>,
    /// As last read: `active`, `inactive`, `changing`, `scheduled`, `unknown`.
    pub state: String,
    /// The service's own word, where it is `unknown`.
    pub state_text: Option<String>,
    pub forwardings: Vec<ForwardingView>,
    /// When it was last read.
    pub at: i64,
    /// Since when it could not be read.
    pub stale_since: Option<i64>,
    pub asked: Option<ScenarioAsked>,
    /// When Ringside will switch it off by itself.
    pub ends_at: Option<i64>,
    /// The service's state is no longer what was asked and confirmed: somebody else changed it.
    pub drift: bool,
    /// Nobody has yet seen switching work against the live service.
    pub unverified_live: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ForwardingView {
    /// As the service has it.
    pub from: String,
    pub to: String,
    /// As people write it.
    pub from_shown: String,
    pub to_shown: String,
}

/// The last intention and how far it got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ScenarioAsked {
    pub active: bool,
    pub by: String,
    pub at: i64,
    pub result: ScenarioResult,
    /// When the result was known.
    pub result_at: Option<i64>,
    pub problem: Option<ApiError>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ScenarioResult {
    /// Sent; being read back.
    Requested,
    /// Read back and true.
    Confirmed,
    /// The service took it, but reading back does not show it.
    AcceptedNotConfirmed,
    /// The answer was lost; being read back.
    Checking,
    /// Read back differently: somebody else changed it meanwhile.
    Conflict,
    Failed,
}
