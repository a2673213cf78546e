//! What is really the case, for tests to compare a client's view with.

use std::collections::BTreeMap;

use jiff::Timestamp;
use uuid::Uuid;

use super::model::State;
use super::{Direction, LegPhase, Line, Presence};

/// The office at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// By extension number.
    pub lines: BTreeMap<String, LineTruth>,
    /// Live legs by call and extension.
    pub legs: Vec<LegTruth>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineTruth {
    pub line: Line,
    pub presence: Presence,
    pub updated: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegTruth {
    pub call: Uuid,
    pub extension: String,
    pub direction: Direction,
    pub phase: LegPhase,
    /// `None` is a withheld number.
    pub caller: Option<String>,
    pub callee: String,
    pub since: Timestamp,
}

pub(super) fn snapshot(state: &State) -> Snapshot {
    let lines = state.stations.values().map(|station| {
        let truth = LineTruth { line: station.line, presence: station.presence, updated: station.updated };
        (station.number.clone(), truth)
    });
    let mut legs: Vec<LegTruth> = Vec::new();
    for (id, call) in &state.calls {
        legs.extend(call.legs.iter().map(|leg| LegTruth {
            call: *id,
            extension: leg.extension.clone(),
            direction: leg.direction,
            phase: leg.phase,
            caller: leg.parties.caller.clone(),
            callee: leg.parties.callee.clone(),
            since: leg.since,
        }));
    }
    legs.sort_by(|a, b| (a.call, &a.extension).cmp(&(b.call, &b.extension)));
    Snapshot { lines: lines.collect(), legs }
}
