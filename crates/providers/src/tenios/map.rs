//! From call records, one a leg, to calls. Unknown words are tolerated and counted, never fatal.
//!
//! A call from outside is an `INBOUND` leg and the legs that it is forwarded by; those name it as their main leg. How
//! calls that are made from the account are recorded is not published: a leg without a main leg that is no inbound one
//! is taken for an outbound call.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::time::Duration;

use jiff::SignedDuration;
use ringside_domain::{CallId, Direction, ExtensionId, Label, NumberPlan, Outcome, Party, PastCall, Timestamp};

use super::{stamp, wire};
use crate::account::{Oddities, Word};

/// A leg that begins later belongs to no call any more, so that a call reads the same in whatever window.
pub const JOIN: Duration = Duration::from_secs(3600);

/// What reading records needs to know of the account.
pub struct Reading<'a> {
    pub plan: &'a NumberPlan,
    pub is_extension: &'a dyn Fn(&str) -> bool,
    /// Whose telephone a number or a user name is.
    pub extension_of: &'a dyn Fn(&str) -> Option<ExtensionId>,
    pub oddities: &'a Oddities,
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leg {
    id: String,
    inbound: bool,
    caller: String,
    called: String,
    started: Timestamp,
    answered: Option<Timestamp>,
    ended: Option<Timestamp>,
    cause: String,
    main: Option<String>,
}

/// `None` for a record without a usable start, which has no place in any history.
pub fn leg(record: &wire::Record<'_>, oddities: &Oddities) -> Option<Leg> {
    let time = |word: &Word<'_>, place: &str| {
        let text = word.get()?;
        let time = stamp::read(text);
        if time.is_none() {
            oddities.payload(place, text);
        }
        time
    };
    let text = |word: &Word<'_>| word.get().unwrap_or_default().to_owned();
    let started = time(&record.start_stamp, "records.start_stamp");
    if started.is_none() {
        oddities.payload("records", "a record without start_stamp");
    }
    let started = started?;
    let (caller, called) = (text(&record.callerid_number), text(&record.destination_number));
    let id = record.uuid.get().map_or_else(|| format!("{started}|{caller}|{called}"), str::to_owned);
    let after = |word: &Word<'_>, unit: fn(i64) -> SignedDuration| {
        word.get().and_then(|text| text.parse().ok()).filter(|number| *number > 0).map(unit)
    };
    let ended = time(&record.end_stamp, "records.end_stamp")
        .or_else(|| started.checked_add(after(&record.duration, SignedDuration::from_secs)?).ok())
        .map(|ended| ended.max(started));
    let answered = time(&record.answer_stamp, "records.answer_stamp").or_else(|| {
        let talk = after(&record.billusec, SignedDuration::from_micros)?;
        ended?.checked_sub(talk).ok()
    });
    let answered = answered.map(|at| at.clamp(started, ended.unwrap_or(at).max(started)));
    let main = record.main_leg_uuid.get().filter(|main| *main != id).map(str::to_owned);
    let inbound = is_inbound(record.call_type.get().unwrap_or_default(), main.is_some(), oddities);
    Some(Leg { inbound, caller, called, started, answered, ended, cause: text(&record.hangup_cause), main, id })
}

/// The calls that began in `window`, oldest first. `legs` has to reach [`JOIN`] beyond it on both sides.
pub fn calls(mut legs: Vec<Leg>, window: &Range<Timestamp>, reading: &Reading<'_>) -> Vec<PastCall> {
    legs.sort_by(|a, b| (a.started, &a.id).cmp(&(b.started, &b.id)));
    // A list that grows while its pages are turned tells some twice.
    let mut seen = HashSet::new();
    legs.retain(|leg| seen.insert(leg.id.clone()));
    let roots: HashMap<&str, Timestamp> =
        legs.iter().filter(|leg| leg.main.is_none()).map(|leg| (leg.id.as_str(), leg.started)).collect();
    let mut forwards: HashMap<&str, Vec<&Leg>> = HashMap::new();
    let mut tops: Vec<&Leg> = Vec::new();
    for leg in &legs {
        let main = leg.main.as_deref().filter(|main| {
            let apart = roots.get(main).map(|start| leg.started.duration_since(*start).unsigned_abs());
            apart.is_some_and(|apart| apart <= JOIN)
        });
        match main {
            Some(main) => forwards.entry(main).or_default().push(leg),
            None => tops.push(leg),
        }
    }
    let none = Vec::new();
    let mut parties = Parties { reading, known: HashMap::new() };
    tops.into_iter()
        .filter(|top| window.contains(&top.started))
        .map(|top| call(top, forwards.get(top.id.as_str()).unwrap_or(&none), &mut parties))
        .collect()
}

/// Who stands behind a text. Reading a number takes its time, and the same ones come again and again.
struct Parties<'r, 'l> {
    reading: &'r Reading<'r>,
    known: HashMap<&'l str, Party>,
}

impl<'l> Parties<'_, 'l> {
    fn read(&mut self, text: &'l str) -> Party {
        let reading = self.reading;
        let party = || Party::from_caller_text(text, reading.plan, reading.is_extension);
        self.known.entry(text).or_insert_with(party).clone()
    }
}

fn call<'l>(top: &'l Leg, forwards: &[&'l Leg], parties: &mut Parties<'_, 'l>) -> PastCall {
    let reading = parties.reading;
    // A leg whose main leg is nowhere to be seen is a forward of a call that came from outside.
    let inbound = top.inbound || top.main.is_some();
    let taken = forwards.iter().filter(|leg| leg.answered.is_some()).min_by_key(|leg| leg.answered);
    // The platform answers a call itself to play something; only a forward tells of somebody who talks.
    let answered = if forwards.is_empty() { top.answered } else { taken.and_then(|leg| leg.answered) };
    let extension = if inbound { ours(top, forwards, reading) } else { (reading.extension_of)(&top.caller) };
    let ends = forwards.iter().filter_map(|leg| leg.ended).chain(top.ended);
    let (word, outcome) = match answered {
        Some(_) => (top.cause.as_str(), Outcome::Answered),
        None => unanswered(top, forwards, inbound, reading.oddities),
    };
    let (remote, our_number) = if inbound { (&top.caller, &top.called) } else { (&top.called, &top.caller) };
    // Of a forward alone the number that was called is not told; its destination is a user.
    let our_number = if inbound && top.main.is_some() { Party::Unstated } else { parties.read(our_number) };
    PastCall {
        id: CallId::new(&top.id),
        extension,
        direction: if inbound { Direction::Inbound } else { Direction::Outbound },
        remote: parties.read(remote),
        our_number,
        started_at: top.started,
        answered_at: answered,
        ended_at: ends.max(),
        outcome,
        word: Label::new(word),
    }
}

/// The user who took the call, or the only one whom it rang; else whoever the number belongs to.
fn ours(top: &Leg, forwards: &[&Leg], reading: &Reading<'_>) -> Option<ExtensionId> {
    let of = |leg: &&Leg| (reading.extension_of)(&leg.called);
    let took = forwards.iter().filter(|leg| leg.answered.is_some()).max_by_key(|leg| leg.answered);
    if let Some(extension) = took.and_then(of) {
        return Some(extension);
    }
    let mut rung: Vec<ExtensionId> = forwards.iter().filter_map(of).collect();
    rung.dedup();
    if let [only] = rung.as_slice() {
        return Some(only.clone());
    }
    (reading.extension_of)(&top.called)
}

/// The word and what it means of a call that nobody took.
fn unanswered<'l>(top: &'l Leg, forwards: &[&'l Leg], inbound: bool, oddities: &Oddities) -> (&'l str, Outcome) {
    // An ordinary end of the whole says nothing; then the last forward says more.
    let ordinary = matches!(top.cause.to_ascii_uppercase().as_str(), "" | "NORMAL_CLEARING");
    let telling = forwards.iter().rev().find(|leg| !leg.cause.is_empty()).filter(|_| ordinary);
    let word = telling.map_or(top.cause.as_str(), |leg| leg.cause.as_str());
    let outcome = match word.to_ascii_uppercase().as_str() {
        "" => Outcome::Unknown,
        "USER_BUSY" => Outcome::Busy,
        "CALL_REJECTED" => Outcome::Rejected,
        "NORMAL_CLEARING" | "ORIGINATOR_CANCEL" | "LOSE_RACE" if inbound => Outcome::Missed,
        "NORMAL_CLEARING" | "ORIGINATOR_CANCEL" | "LOSE_RACE" => Outcome::Cancelled,
        "NO_ANSWER" | "NO_USER_RESPONSE" | "ALLOTTED_TIMEOUT" | "PROGRESS_TIMEOUT" => Outcome::Missed,
        // Whatever kept a caller from us, nobody took the call; of our own calls it is a failure.
        "UNALLOCATED_NUMBER"
        | "INVALID_NUMBER_FORMAT"
        | "NO_ROUTE_DESTINATION"
        | "DESTINATION_OUT_OF_ORDER"
        | "NETWORK_OUT_OF_ORDER"
        | "NORMAL_TEMPORARY_FAILURE"
        | "NORMAL_CIRCUIT_CONGESTION"
        | "RECOVERY_ON_TIMER_EXPIRE"
        | "INCOMPATIBLE_DESTINATION"
        | "USER_NOT_REGISTERED"
        | "SUBSCRIBER_ABSENT"
        | "GATEWAY_DOWN"
        | "INTERWORKING"
        | "NORMAL_UNSPECIFIED" => Outcome::Failed,
        _ => {
            oddities.word("records.hangup_cause", word);
            Outcome::Unknown
        }
    };
    (word, outcome)
}

fn is_inbound(call_type: &str, has_main: bool, oddities: &Oddities) -> bool {
    match call_type.to_ascii_uppercase().as_str() {
        "INBOUND" | "WEBRTCINBOUND" => true,
        "FORWARD" | "SIPFORWARD_USER" | "SIPFORWARD_PRFL" | "FAXOUT" => false,
        other => {
            oddities.word("records.call_type", call_type);
            // A main leg settles it anyhow.
            !has_main && other.contains("INBOUND")
        }
    }
}

#[cfg(test)]
#[path = "map_tests.rs"]
mod tests;
