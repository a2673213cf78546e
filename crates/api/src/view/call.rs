//! Live calls and calls being placed.

use ringside_domain::{CallerClass, Direction, Outcome, Phase};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ApiError;

/// The other side of a call, or our own number on it, ready to show. Texts are safe: one line, no overrides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PartyView {
    pub kind: PartyKind,
    /// E.164, an extension, or a code: what a dial would take. `None` when withheld or not stated.
    pub dial: Option<String>,
    /// The number as people write it; empty when withheld or not stated.
    pub number: String,
    /// ISO 3166 region of a public number.
    pub region: Option<String>,
    /// Who it is, where somebody knows.
    pub name: Option<String>,
    pub company: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PartyKind {
    Number,
    Extension,
    Code,
    Withheld,
    Unstated,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LegView {
    /// `account/call/extension`.
    pub id: String,
    pub account: String,
    pub call: String,
    pub extension: String,
    /// The extension's own name.
    pub extension_name: String,
    #[ts(as = "Option<DirectionTs>")]
    pub direction: Option<Direction>,
    #[ts(as = "PhaseTs")]
    pub phase: Phase,
    pub remote: PartyView,
    pub our_number: Option<PartyView>,
    #[ts(as = "CallerClassTs")]
    pub class: CallerClass,
    pub started_at: i64,
    pub answered_at: Option<i64>,
    pub ended_at: Option<i64>,
    #[ts(as = "Option<OutcomeTs>")]
    pub outcome: Option<Outcome>,
    /// The outcome may still be corrected.
    pub provisional: bool,
    /// Events were lost: the call may be over already.
    pub unverified: bool,
    pub mine: bool,
    /// Why it cannot be ended from here; `None` when it can.
    pub no_hang_up: Option<ApiError>,
}

/// One intention to ring somebody, from the click to its named end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DialView {
    pub intent: String,
    pub account: String,
    pub from: String,
    pub to: PartyView,
    pub state: DialState,
    pub call: Option<String>,
    pub started_at: i64,
    pub problem: Option<ApiError>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DialState {
    Sending,
    /// Taken by the service; nothing rings yet.
    Accepted,
    /// Your own telephone rings: pick it up.
    CallerRinging,
    CallerAnswered,
    CalleeDialing,
    CalleeRinging,
    Connected,
    /// Taken by a service that reports nothing further.
    HandedOver,
    NoAnswer,
    Busy,
    Rejected,
    Cancelled,
    Failed,
    /// The answer was lost; being found out from the call events.
    Checking,
    /// It could not be found out.
    Unknown,
}

#[derive(TS)]
#[ts(rename = "Direction", rename_all = "snake_case")]
#[expect(dead_code, reason = "only its TypeScript form is used")]
pub enum DirectionTs {
    Inbound,
    Outbound,
}

#[derive(TS)]
#[ts(rename = "Phase", rename_all = "snake_case")]
#[expect(dead_code, reason = "only its TypeScript form is used")]
pub enum PhaseTs {
    Dialing,
    Ringing,
    Connected,
    Ended,
}

#[derive(TS)]
#[ts(rename = "Outcome", rename_all = "snake_case")]
#[expect(dead_code, reason = "only its TypeScript form is used")]
pub enum OutcomeTs {
    Answered,
    AnsweredElsewhere,
    Missed,
    Busy,
    Rejected,
    Cancelled,
    Failed,
    Unknown,
}

#[derive(TS)]
#[ts(rename = "CallerClass", rename_all = "snake_case")]
#[expect(dead_code, reason = "only its TypeScript form is used")]
pub enum CallerClassTs {
    Internal,
    External,
    Vip,
    Withheld,
    Unknown,
}
