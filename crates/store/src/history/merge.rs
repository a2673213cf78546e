//! How reports of a leg become a leg, and legs a call. Pure.

use ringside_domain::{Direction, Label, LegKey, Outcome, Party, Phase};

use super::past::{self, Past};
use super::record::{CallRecord, CallRowId, Callback, LegRecord, Sources};

/// The leg after `new` was reported, given what was known. Never steps back, never forgets a name or a number.
pub(super) fn leg(known: Option<&LegRecord>, new: &LegRecord) -> LegRecord {
    let mut leg = new.clone();
    if let Some(known) = known {
        if is_behind(known, new) {
            leg = known.clone();
            keep_what_only(&mut leg, new);
        } else {
            keep_what_only(&mut leg, known);
            leg.answered_at = new.answered_at.or(if disproves_answer(new) { None } else { known.answered_at });
        }
        leg.started_at = known.started_at.min(new.started_at);
    }
    // Clocks step and providers report seconds: no duration is negative.
    leg.answered_at = leg.answered_at.map(|at| at.max(leg.started_at));
    leg.ended_at = leg.ended_at.map(|at| at.max(leg.answered_at.unwrap_or(leg.started_at)));
    if leg.phase == Phase::Ended {
        // Without a time of its own nobody saw the end: it has an outcome and no duration.
        leg.outcome = leg.outcome.or(Some(Outcome::Unknown));
    }
    leg
}

/// A late report, or a guess about what the provider's journal has confirmed.
fn is_behind(known: &LegRecord, new: &LegRecord) -> bool {
    let guess = known.phase == Phase::Ended && !known.provisional && new.provisional;
    new.phase < known.phase || guess
}

fn disproves_answer(new: &LegRecord) -> bool {
    match new.outcome {
        Some(Outcome::Answered | Outcome::Unknown) | None => false,
        Some(
            Outcome::AnsweredElsewhere
            | Outcome::Missed
            | Outcome::Busy
            | Outcome::Rejected
            | Outcome::Cancelled
            | Outcome::Failed,
        ) => !new.provisional,
    }
}

fn keep_what_only(leg: &mut LegRecord, other: &LegRecord) {
    keep_party(&mut leg.remote, &other.remote);
    keep_party(&mut leg.our_number, &other.our_number);
    keep_label(&mut leg.name, &other.name);
    keep_label(&mut leg.company, &other.company);
    leg.class = leg.class.or(other.class);
    leg.mine |= other.mine;
}

pub(super) fn keep_party(party: &mut Party, other: &Party) {
    if *party == Party::Unstated {
        *party = other.clone();
    }
}

fn keep_label(label: &mut Label, other: &Label) {
    if label.is_empty() {
        *label = other.clone();
    }
}

/// The call that these legs are of, with what a record says of it; `legs` is not empty and its order does not matter.
/// The id is 0 for a new call.
pub(super) fn call<'a>(
    known: Option<&CallRecord>,
    legs: impl Iterator<Item = &'a LegRecord>,
    past: Option<&Past>,
) -> Option<CallRecord> {
    let legs: Vec<&LegRecord> = legs.collect();
    let current: Vec<&LegRecord> = legs.iter().copied().filter(|leg| !is_superseded(leg, &legs)).collect();
    let chosen = *current.iter().max_by(|a, b| weight(a).cmp(&weight(b)))?;
    let LegKey { account, call, extension } = chosen.key.clone();
    let ended = current.iter().all(|leg| leg.phase == Phase::Ended);
    let outcome = if ended { Some(outcome(chosen, &current)) } else { None };
    let mut record = CallRecord {
        id: known.map_or(CallRowId(0), |known| known.id),
        account,
        call,
        began: known.map_or(Some(chosen.began), |known| known.began),
        extension,
        direction: chosen.direction,
        mine: legs.iter().any(|leg| leg.mine),
        class: chosen.class,
        remote: chosen.remote.clone(),
        our_number: chosen.our_number.clone(),
        name: chosen.name.clone(),
        company: chosen.company.clone(),
        outcome,
        provisional: current.iter().any(|leg| leg.provisional && (!was_answered(chosen) || was_answered(leg))),
        started_at: legs.iter().map(|leg| leg.started_at).min()?,
        answered_at: chosen.answered_at,
        ended_at: if ended { end(&current) } else { None },
        note: known.map(|known| known.note.clone()).unwrap_or_default(),
        callback: known.and_then(|known| known.callback.clone()),
        sources: Sources { live: true, journal: past.is_some() },
        was: None,
    };
    fill_from_siblings(&mut record, &current);
    if let Some(past) = past {
        past::correct(&mut record, past);
    }
    record.callback = callback(&record);
    Some(record)
}

/// A later attempt on the same extension took this one's place.
fn is_superseded(leg: &LegRecord, legs: &[&LegRecord]) -> bool {
    legs.iter().any(|other| other.key.extension == leg.key.extension && other.attempt > leg.attempt)
        && !was_answered(leg)
}

fn was_answered(leg: &LegRecord) -> bool {
    leg.answered_at.is_some() || leg.outcome == Some(Outcome::Answered)
}

/// Which leg matters most; the end of the tuple makes the choice the same whatever the order.
fn weight(leg: &LegRecord) -> (bool, bool, bool, std::cmp::Reverse<(i64, &str)>, u32) {
    let answered = was_answered(leg);
    let caller = leg.direction == Direction::Outbound;
    let first = std::cmp::Reverse((leg.started_at.as_millisecond(), leg.key.extension.as_str()));
    // Mine and answered, answered, mine: a colleague's answer matters more than my ringing.
    (answered, leg.mine, caller, first, leg.attempt)
}

fn outcome(chosen: &LegRecord, legs: &[&LegRecord]) -> Outcome {
    if was_answered(chosen) {
        let rang_here = legs.iter().any(|leg| leg.mine && leg.direction == chosen.direction);
        return if rang_here && !chosen.mine { Outcome::AnsweredElsewhere } else { Outcome::Answered };
    }
    let among = legs.iter().filter(|leg| leg.direction == chosen.direction);
    among.filter_map(|leg| leg.outcome).max_by_key(|outcome| rank(*outcome)).unwrap_or(Outcome::Unknown)
}

/// Which of several unanswered legs speaks for the call. One that nobody saw the end of may have been answered, so
/// "unknown" stands above "missed": never claim more than is known.
fn rank(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Answered => 7,
        Outcome::AnsweredElsewhere => 6,
        Outcome::Unknown => 5,
        Outcome::Missed => 4,
        Outcome::Busy => 3,
        Outcome::Rejected => 2,
        Outcome::Failed => 1,
        Outcome::Cancelled => 0,
    }
}

fn end(legs: &[&LegRecord]) -> Option<ringside_domain::Timestamp> {
    // A talk whose end nobody saw did not end when the other telephones stopped ringing.
    let talked = legs.iter().any(|leg| was_answered(leg));
    legs.iter().filter(|leg| !talked || was_answered(leg)).filter_map(|leg| leg.ended_at).max()
}

/// What one leg was not told, another of the same direction may have been.
fn fill_from_siblings(record: &mut CallRecord, legs: &[&LegRecord]) {
    let mut siblings: Vec<_> = legs.iter().filter(|leg| leg.direction == record.direction).collect();
    siblings.sort_by(|a, b| weight(b).cmp(&weight(a)));
    for leg in siblings {
        keep_party(&mut record.remote, &leg.remote);
        keep_party(&mut record.our_number, &leg.our_number);
        if leg.remote == record.remote {
            keep_label(&mut record.name, &leg.name);
            keep_label(&mut record.company, &leg.company);
            record.class = record.class.or(leg.class);
        }
    }
}

/// A call is to be returned when it came in, nobody took it, and there is somebody to call. Whether it was done already
/// by a later call is for the writer to look up.
pub(super) fn callback(record: &CallRecord) -> Option<Callback> {
    let reachable = matches!(record.remote, Party::Number(_) | Party::Extension(_));
    let unanswered = matches!(record.outcome, Some(Outcome::Missed | Outcome::Busy));
    if record.direction == Direction::Inbound && unanswered && reachable {
        Some(record.callback.clone().unwrap_or(Callback::Open))
    } else {
        None
    }
}
