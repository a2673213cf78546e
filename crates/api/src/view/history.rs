//! History: one row an interaction, with its legs.

use ringside_domain::{Direction, Outcome};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::PartyView;
use super::call::{DirectionTs, OutcomeTs};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HistoryRow {
    pub id: i64,
    pub account: String,
    pub call: String,
    pub extension: String,
    pub extension_name: String,
    #[ts(as = "Option<DirectionTs>")]
    pub direction: Option<Direction>,
    pub remote: PartyView,
    pub our_number: Option<PartyView>,
    /// `None` while it goes on.
    #[ts(as = "Option<OutcomeTs>")]
    pub outcome: Option<Outcome>,
    pub provisional: bool,
    pub started_at: i64,
    pub answered_at: Option<i64>,
    pub ended_at: Option<i64>,
    pub ring_s: Option<u32>,
    pub talk_s: Option<u32>,
    pub note: String,
    pub callback: Option<CallbackState>,
    pub legs: Vec<HistoryLeg>,
    pub mine: bool,
    /// Who says so: what was seen live, the service's own record, or both.
    pub sources: Vec<HistorySource>,
    /// What it said before the record corrected it.
    pub was: Option<HistoryWas>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HistorySource {
    Live,
    Journal,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HistoryWas {
    #[ts(as = "OutcomeTs")]
    pub outcome: Outcome,
    pub by: HistorySource,
    /// When the correction was read.
    pub at: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HistoryLeg {
    pub extension: String,
    pub extension_name: String,
    #[ts(as = "Option<OutcomeTs>")]
    pub outcome: Option<Outcome>,
    pub started_at: i64,
    pub answered_at: Option<i64>,
    pub ended_at: Option<i64>,
}

/// A missed call as work: open until somebody called back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum CallbackState {
    Open {},
    Claimed {
        by: String,
        at: i64,
    },
    /// Called back, or ticked off by hand.
    Done {
        at: i64,
    },
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HistoryFilter {
    /// Name, company, note, or digits of the number.
    pub text: String,
    pub account: Option<String>,
    #[ts(as = "Option<DirectionTs>")]
    pub direction: Option<Direction>,
    #[ts(as = "Vec<OutcomeTs>")]
    pub outcomes: Vec<Outcome>,
    /// Only missed calls that wait for a call back.
    pub callbacks: bool,
    /// Only calls of my own lines.
    pub mine: bool,
    pub since: Option<i64>,
    pub until: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HistoryPage {
    pub rows: Vec<HistoryRow>,
    /// Times within the page's range in which events were lost.
    pub gaps: Vec<GapView>,
    /// For the next page; `None` at the end.
    pub next: Option<String>,
    /// Missed calls that wait for a call back, in all.
    pub open_callbacks: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GapView {
    pub account: String,
    pub from: i64,
    pub until: i64,
    /// How many calls of this time the journal brought; `None` where none was read over it.
    pub recovered: Option<u32>,
}
