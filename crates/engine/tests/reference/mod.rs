//! A small, slow model of what the engine should know of one call: it gathers all reports, sorts them by the time they
//! happened, and tells the whole call from the beginning, instant by instant. It knows nothing of order of arrival.

use std::collections::{BTreeMap, BTreeSet};

use ringside_domain::{Direction, EndCause, ExtensionId, LegStep, LegUpdate, Outcome, Party, Phase, Timestamp};

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ModelLeg {
    pub direction: Option<Direction>,
    pub remote: Party,
    pub phase: Phase,
    pub attempt: u32,
    pub started_at: Timestamp,
    pub picked_up_at: Option<Timestamp>,
    pub ringing_at: Option<Timestamp>,
    pub answered_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub outcome: Option<Outcome>,
    cause: Option<EndCause>,
    rang: bool,
    /// A sibling took it; and its own end was reported as well.
    lost: bool,
    lost_and_reported: bool,
}

/// What is to be known of each leg, given the reports of one call in the order in which they arrived. That order matters
/// for one thing alone: see [`placed`].
pub fn tell(reports: &[LegUpdate]) -> BTreeMap<ExtensionId, ModelLeg> {
    let said: Vec<&LegUpdate> = reports.iter().filter(|report| report.step != LegStep::Other).collect();
    let placed = placed(&said);
    let known: Vec<&LegUpdate> = placed.iter().collect();
    let instants: BTreeSet<Timestamp> = known.iter().map(|report| report.at).collect();
    let mut legs = BTreeMap::new();
    let mut answers: Vec<(ExtensionId, Option<Direction>)> = Vec::new();
    for instant in instants {
        let mut now: Vec<_> = known.iter().filter(|report| report.at == instant).collect();
        now.sort_by_key(|report| rank(report.step));
        let mut taken = Vec::new();
        for report in now {
            let direction = direction(&said, &report.extension);
            let taken_before = answers.iter().any(|(by, of)| *by != report.extension && *of == direction);
            let leg = legs.entry(report.extension.clone()).or_insert_with(|| ModelLeg {
                direction,
                remote: remote(&said, &report.extension),
                phase: Phase::Ended,
                attempt: 0,
                started_at: instant,
                picked_up_at: None,
                ringing_at: None,
                answered_at: None,
                ended_at: None,
                outcome: None,
                cause: None,
                rang: false,
                lost: false,
                lost_and_reported: false,
            });
            if step(leg, report, taken_before && direction.is_some()) {
                taken.push((report.extension.clone(), direction));
            }
        }
        for (by, of) in &taken {
            for (extension, leg) in &mut legs {
                if extension != by && leg.direction == *of && of.is_some() {
                    lose(leg, instant);
                }
            }
        }
        answers.extend(taken);
    }
    for leg in legs.values_mut() {
        conclude(leg);
    }
    legs
}

/// The reports at the time at which they count. An end that arrives after a ring, stamped before it, ends that ring; but
/// where an earlier ring has no end yet, and another ring follows, it is the earlier one's.
fn placed(said: &[&LegUpdate]) -> Vec<LegUpdate> {
    let mut heard: Vec<&LegUpdate> = Vec::new();
    let mut placed: Vec<LegUpdate> = Vec::new();
    for report in said {
        let same = |other: &&&LegUpdate| {
            (&other.extension, other.at, other.step) == (&report.extension, report.at, report.step)
        };
        if heard.iter().any(|other| same(&other)) {
            continue;
        }
        heard.push(report);
        let mut of_leg: Vec<&LegUpdate> = placed.iter().filter(|it| it.extension == report.extension).collect();
        of_leg.sort_by_key(|it| (it.at, rank(it.step)));
        let is_end = |it: &LegUpdate| matches!(it.step, LegStep::Ended(_));
        let mut at = report.at;
        if is_end(report) && of_leg.last().is_some_and(|last| last.at > report.at && !is_end(last)) {
            let latest_end = of_leg.iter().rposition(|it| it.at <= report.at && is_end(it));
            let open = &of_leg[latest_end.map_or(0, |end| end + 1)..];
            let began_before = open.first().is_some_and(|first| first.at <= report.at);
            let rings = |it: &&LegUpdate| it.step == LegStep::Ringing;
            let first_sound = open.iter().position(|it| matches!(it.step, LegStep::Ringing | LegStep::Connected));
            let rung_again = open.iter().enumerate().any(|(place, it)| {
                it.at > report.at && (is_end(it) || rings(it) && first_sound.is_some_and(|first| first < place))
            });
            if !(began_before && rung_again) {
                at = of_leg[of_leg.len() - 1].at;
            }
        }
        placed.push(LegUpdate { at, ..(*report).clone() });
    }
    placed
}

/// Returns whether the leg was answered by it.
fn step(leg: &mut ModelLeg, report: &LegUpdate, taken_before: bool) -> bool {
    let fresh = leg.attempt == 0;
    let ended = !fresh && leg.phase == Phase::Ended;
    match report.step {
        LegStep::Dialing | LegStep::Ringing => {
            let soft = [EndCause::Normal, EndCause::Cancelled, EndCause::Timeout, EndCause::AnsweredElsewhere];
            let over_softly = leg.lost || leg.cause.is_some_and(|cause| soft.contains(&cause));
            let again = ended && over_softly && leg.answered_at.is_none() && Some(report.at) > leg.ended_at;
            let rings = report.step == LegStep::Ringing;
            if fresh || again {
                leg.attempt += 1;
                leg.picked_up_at = None;
                leg.phase = if rings { Phase::Ringing } else { Phase::Dialing };
                leg.ringing_at = rings.then_some(report.at);
                leg.ended_at = None;
                leg.cause = None;
                leg.rang = true;
                leg.lost = false;
                leg.lost_and_reported = false;
            } else if leg.phase == Phase::Dialing && rings {
                leg.phase = Phase::Ringing;
                leg.ringing_at = Some(report.at);
            }
            false
        }
        LegStep::PickedUp => {
            if fresh {
                leg.attempt = 1;
                leg.phase = Phase::Dialing;
            }
            if matches!(leg.phase, Phase::Dialing | Phase::Ringing) {
                leg.rang = true;
                leg.picked_up_at = leg.picked_up_at.or(Some(report.at));
            }
            false
        }
        LegStep::Connected => {
            let only_lost = leg.lost && !leg.lost_and_reported;
            if fresh || only_lost || matches!(leg.phase, Phase::Dialing | Phase::Ringing) {
                leg.attempt = leg.attempt.max(1);
                leg.phase = Phase::Connected;
                leg.answered_at = Some(report.at);
                leg.ended_at = None;
                leg.lost = false;
                return true;
            }
            if ended && !leg.lost && leg.cause == Some(EndCause::Normal) && leg.answered_at.is_none() {
                leg.answered_at = leg.ended_at;
            }
            false
        }
        LegStep::Ended(cause) => {
            if leg.lost {
                leg.lost_and_reported = true;
            } else if !ended {
                leg.attempt = leg.attempt.max(1);
                leg.phase = Phase::Ended;
                leg.ended_at = Some(report.at);
                leg.cause = Some(cause);
                if fresh && taken_before && cause == EndCause::Cancelled {
                    leg.lost = true;
                    leg.lost_and_reported = true;
                }
            } else if leg.cause == Some(EndCause::Normal) && leg.answered_at.is_none() {
                leg.cause = Some(cause);
            }
            false
        }
        LegStep::Other => false,
    }
}

/// A sibling answered.
fn lose(leg: &mut ModelLeg, at: Timestamp) {
    match leg.phase {
        Phase::Connected => {}
        Phase::Dialing | Phase::Ringing => {
            leg.phase = Phase::Ended;
            leg.ended_at = Some(at);
            leg.lost = true;
        }
        Phase::Ended => {
            let nobody_took_it = match leg.cause {
                Some(EndCause::Cancelled) => true,
                Some(EndCause::Normal | EndCause::Timeout) => leg.rang,
                _ => false,
            };
            if nobody_took_it && leg.answered_at.is_none() {
                leg.lost = true;
                leg.lost_and_reported = true;
            }
        }
    }
}

fn conclude(leg: &mut ModelLeg) {
    if leg.phase != Phase::Ended {
        return;
    }
    use Direction::{Inbound, Outbound};
    let cause = leg.cause.unwrap_or(EndCause::Normal);
    let answered = leg.answered_at.is_some();
    let outcome = match (leg.direction, cause) {
        _ if leg.lost => Outcome::AnsweredElsewhere,
        (Some(Inbound) | None, _) if answered => Outcome::Answered,
        (Some(Outbound), EndCause::Normal | EndCause::Failed) if answered => Outcome::Answered,
        (_, EndCause::AnsweredElsewhere) => Outcome::AnsweredElsewhere,
        (_, EndCause::Busy) => Outcome::Busy,
        (_, EndCause::Rejected) => Outcome::Rejected,
        (_, EndCause::Failed) => Outcome::Failed,
        (_, EndCause::Timeout) => Outcome::Missed,
        (_, EndCause::Normal) if !leg.rang => Outcome::Unknown,
        (_, EndCause::Normal) if leg.picked_up_at.is_some() && leg.ringing_at.is_none() => Outcome::Unknown,
        (Some(Inbound), EndCause::Normal | EndCause::Cancelled) => Outcome::Missed,
        (Some(Outbound), EndCause::Normal | EndCause::Cancelled) => Outcome::Cancelled,
        (None, EndCause::Normal | EndCause::Cancelled) => Outcome::Unknown,
    };
    leg.outcome = Some(outcome);
    if !matches!(outcome, Outcome::Answered | Outcome::Unknown) {
        leg.answered_at = None;
    }
}

/// The direction that the earliest report gives.
fn direction(reports: &[&LegUpdate], extension: &ExtensionId) -> Option<Direction> {
    let said = reports.iter().filter(|report| report.extension == *extension);
    let said = said.filter_map(|report| report.direction.map(|d| (report.at, d == Direction::Outbound, d)));
    said.min_by_key(|(at, outbound, _)| (*at, *outbound)).map(|(_, _, direction)| direction)
}

/// The latest party that says most.
fn remote(reports: &[&LegUpdate], extension: &ExtensionId) -> Party {
    let weight = |party: &Party| match party {
        Party::Unstated => 0,
        Party::Withheld => 1,
        Party::Number(_) | Party::Extension(_) | Party::Code(_) => 2,
    };
    let said = reports.iter().filter(|report| report.extension == *extension);
    let best = said.max_by_key(|report| (weight(&report.remote), report.at, report.remote.clone()));
    best.map_or(Party::Unstated, |report| report.remote.clone())
}

/// The order of what is said to have happened in the same instant.
fn rank(step: LegStep) -> u8 {
    match step {
        LegStep::Dialing => 0,
        LegStep::PickedUp => 1,
        LegStep::Ringing => 2,
        LegStep::Connected => 3,
        LegStep::Ended(EndCause::Normal) => 4,
        LegStep::Ended(EndCause::Busy) => 5,
        LegStep::Ended(EndCause::Rejected) => 6,
        LegStep::Ended(EndCause::Cancelled) => 7,
        LegStep::Ended(EndCause::Timeout) => 8,
        LegStep::Ended(EndCause::AnsweredElsewhere) => 9,
        LegStep::Ended(EndCause::Failed) => 10,
        LegStep::Other => 11,
    }
}
