//! Accounts and the wizard that connects them.

use std::collections::BTreeMap;

use ringside_domain::{Capability, LinkPhase};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ApiError;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AccountView {
    pub id: String,
    /// The adapter, such as `nfon`.
    pub provider: String,
    /// As its vendor writes it.
    pub title: String,
    #[ts(as = "Vec<CapabilityTs>")]
    pub capabilities: Vec<Capability>,
    pub link: LinkView,
    /// Where its secret is: `keyring`, `session`, `env`, `file`; `missing` when it must be entered again.
    pub secret: String,
    pub warnings: Vec<ApiError>,
    /// Locked by the machine's policy.
    pub locked: bool,
    pub demo: bool,
    /// How far its record of past calls was read; `None` where it has none.
    pub journal: Option<JournalView>,
    /// Seconds this computer's clock is ahead of the service's, negative if it is behind; `None` where the two agree.
    pub clock_ahead_s: Option<i64>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct JournalView {
    /// Everything from `read_from` to `read_until` was read; `None` before the first window.
    pub read_from: Option<i64>,
    pub read_until: Option<i64>,
    /// How far back it is to be read.
    pub wanted_from: Option<i64>,
    /// Older calls are still being read.
    pub reading: bool,
    /// Why the last reading came to nothing; absent where it did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub problem: Option<ApiError>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LinkView {
    #[ts(as = "LinkPhaseTs")]
    pub phase: LinkPhase,
    pub since: i64,
    pub reason: Option<ApiError>,
    /// The parts that do not work while the rest does; absent where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<LimitView>>", optional)]
    pub limits: Vec<LimitView>,
    /// When it will be tried again by itself, while it is offline.
    pub next_try_at: Option<i64>,
}

/// A part of an account's work that does not work now, such as `extensions`, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LimitView {
    pub part: String,
    pub problem: ApiError,
}

/// What an account of this kind needs; the wizard draws its form from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AccountKind {
    pub name: String,
    pub title: String,
    pub fields: Vec<Field>,
    /// The country its customers are in, where it serves one alone.
    pub region: Option<String>,
    #[ts(as = "Vec<CapabilityTs>")]
    pub capabilities: Vec<Capability>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Field {
    /// `username`, `secret`, `base_url`, or an option's key.
    pub name: String,
    pub required: bool,
    pub example: String,
    /// What it may hold, the usual one first; empty where anything may stand.
    pub choices: Vec<String>,
}

/// An account being connected. Has no `Debug` that shows the secret.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct AccountDraft {
    pub id: String,
    pub provider: String,
    pub base_url: Option<String>,
    pub username: Option<String>,
    pub secret: String,
    pub options: BTreeMap<String, String>,
    pub region: String,
    /// Extensions of this account that are mine.
    pub mine: Vec<String>,
    /// Keep the secret in memory until the app is closed: where no key store is to be had.
    pub session_only: bool,
}

impl std::fmt::Debug for AccountDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccountDraft").field("id", &self.id).field("provider", &self.provider).finish_non_exhaustive()
    }
}

/// One step of a test of an account: `reach`, `sign_in`, `extensions`, `line_states`, `live_calls`, `dial`, `scenarios`,
/// `health`, `done`; of the receiver: `local`, `public`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Finding {
    pub step: String,
    pub verdict: Verdict,
    /// What was seen, or why it was not tried.
    pub text: String,
    /// The same by a code and how many there are of what it names, for other languages.
    pub note: Option<String>,
    pub count: Option<u32>,
    pub problem: Option<ApiError>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Works,
    Warning,
    Fails,
    NotTried,
}

/// [`Capability`] as TypeScript knows it; a test holds the two together.
#[derive(TS)]
#[ts(rename = "Capability", rename_all = "snake_case")]
#[expect(dead_code, reason = "only its TypeScript form is used")]
pub enum CapabilityTs {
    Extensions,
    LineStates,
    LiveCalls,
    Dial,
    DialProgress,
    HangUpOwn,
    HangUpAny,
    Journal,
    AgentState,
    Scenarios,
    Numbers,
    NumberOrders,
}

#[derive(TS)]
#[ts(rename = "LinkPhase", rename_all = "snake_case")]
#[expect(dead_code, reason = "only its TypeScript form is used")]
pub enum LinkPhaseTs {
    Online,
    Connecting,
    Degraded,
    Offline,
}
