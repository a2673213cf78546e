//! One lamp of the board.

use ringside_domain::{LineStatus, Phase, Presence};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::PartyView;
use super::call::PhaseTs;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LineView {
    /// `account/extension`.
    pub id: String,
    pub account: String,
    pub extension: String,
    pub name: String,
    pub group: Option<String>,
    #[ts(as = "LineStatusTs")]
    pub line: LineStatus,
    #[ts(as = "PresenceTs")]
    pub presence: Presence,
    /// When this state began.
    pub at: i64,
    /// Since when nobody can vouch for the state; it is then the last known one.
    pub stale_since: Option<i64>,
    /// Who the line talks to or is rung by, where it is known and may be shown.
    pub peer: Option<PartyView>,
    /// When the call that `peer` is part of was answered or began to ring.
    pub peer_since: Option<i64>,
    /// How far that call is: the line may be busy with one that nobody has answered yet.
    #[ts(as = "Option<PhaseTs>")]
    pub peer_phase: Option<Phase>,
    /// Why the line cannot be called from here, as a stable code; `None` where it can.
    pub no_dial: Option<String>,
    pub mine: bool,
    pub favourite: bool,
}

/// Whose a line is, with what its lamp does not show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExtensionView {
    pub account: String,
    pub extension: String,
    pub name: String,
    pub email: Option<String>,
    pub group: Option<String>,
}

#[derive(TS)]
#[ts(rename = "LineStatus", rename_all = "snake_case")]
#[expect(dead_code, reason = "only its TypeScript form is used")]
pub enum LineStatusTs {
    Idle,
    Ringing,
    Busy,
    Offline,
    Unknown,
}

#[derive(TS)]
#[ts(rename = "Presence", rename_all = "snake_case")]
#[expect(dead_code, reason = "only its TypeScript form is used")]
pub enum PresenceTs {
    Available,
    Away,
    Busy,
    Dnd,
    Offline,
    Unknown,
}
