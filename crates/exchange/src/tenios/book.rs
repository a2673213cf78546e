//! What the platform knows of the office's calls: the legs of those under way and the records of those that are over.
//!
//! Of calls from outside the form of the records is documented. Of calls that the office makes it is not: they are
//! written as a FORWARD without a main leg.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::Timestamp;
use uuid::Uuid;

use super::callback::Stage;
use super::users::user_name;
use crate::office::{CallEvent, Context, Direction, Failure, Step, extension_of, public_number};

/// Older ones are forgotten.
const MOST_RECORDS: usize = 500_000;

#[derive(Default)]
pub(super) struct Book {
    open: HashMap<Uuid, OpenCall>,
    /// In the order in which they ended.
    pub(super) records: Vec<Record>,
    stages: HashMap<Uuid, Stage>,
}

/// What a call did that a post tells.
pub(super) enum Moment {
    Started,
    Forwarded { extension: String },
    Answered { extension: String },
    Ended,
}

/// A moment with what every post says of its call.
pub(super) struct Told {
    pub(super) call: Uuid,
    /// `None` is a withheld number.
    pub(super) caller: Option<String>,
    pub(super) dialled: String,
    pub(super) moment: Moment,
}

struct OpenCall {
    caller: Option<String>,
    dialled: String,
    inbound: bool,
    started: Timestamp,
    legs: Vec<OpenLeg>,
}

struct OpenLeg {
    extension: String,
    direction: Direction,
    started: Timestamp,
    answered: Option<Timestamp>,
    ended: Option<(Timestamp, Option<Failure>)>,
}

/// One leg of a call that is over.
#[derive(Clone, Debug)]
pub(super) struct Record {
    pub(super) uuid: Uuid,
    pub(super) call_type: &'static str,
    pub(super) caller: Option<String>,
    pub(super) destination: String,
    pub(super) started: Timestamp,
    pub(super) answered: Option<Timestamp>,
    pub(super) ended: Timestamp,
    pub(super) cause: &'static str,
    pub(super) main_leg: Option<Uuid>,
}

impl Book {
    pub(super) fn stage(&self, call: Uuid) -> Option<Stage> {
        self.stages.get(&call).copied()
    }

    /// Adds records of calls that one extension took, one every minute back from `now`.
    pub(super) fn fill(&mut self, calls: u32, now: Timestamp) {
        for minute in 0..i64::from(calls) {
            let before = |seconds: i64| now.checked_sub(jiff::SignedDuration::from_secs(seconds)).unwrap_or(now);
            let started = before(60 * minute + 50);
            let call = leg_uuid(Uuid::nil(), "31", started);
            let root = Record {
                uuid: call,
                call_type: "INBOUND",
                caller: Some("+4922166966966".into()),
                destination: format!("+{}", public_number("31")),
                started,
                answered: Some(before(60 * minute + 45)),
                ended: before(60 * minute + 5),
                cause: "NORMAL_CLEARING",
                main_leg: None,
            };
            let leg = Record {
                uuid: leg_uuid(call, "31", started),
                call_type: "SIPFORWARD_USER",
                destination: user_name("31"),
                main_leg: Some(call),
                ..root.clone()
            };
            self.records.extend([root, leg]);
        }
    }

    /// Notes one event and says what the posts tell of it.
    pub(super) fn note(&mut self, event: &CallEvent) -> Vec<Told> {
        if event.direction == Direction::Outbound {
            let stage = self.stages.entry(event.call).or_insert(Stage::Requested);
            *stage = stage.after(event.step);
        }
        let known = self.open.contains_key(&event.call);
        if !known && matches!(event.step, Step::Hangup | Step::End) {
            return Vec::new();
        }
        let call = self.open.entry(event.call).or_insert_with(|| OpenCall::of(event));
        let mut moments = Vec::new();
        if !known {
            moments.push(Moment::Started);
        }
        moments.extend(call.step(event));
        let over = call.is_over();
        if over {
            moments.push(Moment::Ended);
        }
        let told =
            |moment| Told { call: event.call, caller: call.caller.clone(), dialled: call.dialled.clone(), moment };
        // Posts are set up for numbers that are called from outside.
        let told = if call.inbound { moments.into_iter().map(told).collect() } else { Vec::new() };
        if over && let Some(call) = self.open.remove(&event.call) {
            self.records.extend(call.records(event.call, event.at));
            let too_many = self.records.len().saturating_sub(MOST_RECORDS);
            self.records.drain(..too_many);
        }
        told
    }
}

impl OpenCall {
    fn of(event: &CallEvent) -> Self {
        Self {
            caller: event.caller.as_deref().map(|number| public(number, event.caller_context)),
            dialled: public(&event.callee, event.callee_context),
            inbound: event.direction == Direction::Inbound,
            started: event.at,
            legs: Vec::new(),
        }
    }

    fn step(&mut self, event: &CallEvent) -> Option<Moment> {
        let extension = event.extension.clone();
        let at = self
            .legs
            .iter()
            .position(|leg| leg.extension == extension && leg.direction == event.direction && leg.ended.is_none());
        match (event.step, at) {
            (Step::Answer, Some(at)) => {
                self.legs[at].answered.get_or_insert(event.at);
                (event.direction == Direction::Inbound).then_some(Moment::Answered { extension })
            }
            (Step::Hangup | Step::End, Some(at)) => {
                self.legs[at].ended = Some((event.at, event.failure));
                None
            }
            (Step::Hangup | Step::End | Step::Answer, None) | (_, Some(_)) => None,
            (_, None) => {
                self.legs.push(OpenLeg {
                    extension: extension.clone(),
                    direction: event.direction,
                    started: event.at,
                    answered: None,
                    ended: None,
                });
                (event.direction == Direction::Inbound).then_some(Moment::Forwarded { extension })
            }
        }
    }

    /// Nobody talks or rings any more. A losing leg whose end is never told does not keep a call alive.
    fn is_over(&self) -> bool {
        let rings_or_talks = self.legs.iter().any(|leg| leg.ended.is_none());
        let was_answered = self.legs.iter().any(|leg| leg.answered.is_some());
        let talks = self.legs.iter().any(|leg| leg.answered.is_some() && leg.ended.is_none());
        !rings_or_talks || (was_answered && !talks && !self.is_being_handed_over())
    }

    /// The one that answered has left, and another rings that began after the answer.
    fn is_being_handed_over(&self) -> bool {
        let answered = self.legs.iter().filter_map(|leg| leg.answered).max();
        self.legs.iter().any(|leg| leg.ended.is_none() && answered.is_some_and(|at| leg.started > at))
    }

    fn records(self, call: Uuid, now: Timestamp) -> Vec<Record> {
        let answered = self.legs.iter().filter_map(|leg| leg.answered).min();
        let (outward, inward): (Vec<&OpenLeg>, Vec<&OpenLeg>) =
            self.legs.iter().partition(|leg| leg.direction == Direction::Outbound);
        let failure = self.legs.iter().filter_map(|leg| leg.ended.and_then(|(_, failure)| failure)).next_back();
        let root = Record {
            uuid: call,
            call_type: if outward.is_empty() { "INBOUND" } else { "FORWARD" },
            caller: self.caller.clone(),
            destination: self.dialled.clone(),
            started: self.started,
            answered,
            ended: now,
            cause: if answered.is_some() { "NORMAL_CLEARING" } else { cause(failure) },
            main_leg: None,
        };
        let leg = |leg: &OpenLeg| {
            let (ended, failure) = leg.ended.unwrap_or((now, Some(Failure::Cancel)));
            let lost = answered.is_some() && leg.answered.is_none() && failure == Some(Failure::Cancel);
            Record {
                uuid: leg_uuid(call, &leg.extension, leg.started),
                call_type: "SIPFORWARD_USER",
                caller: self.caller.clone(),
                destination: user_name(&leg.extension),
                started: leg.started,
                answered: leg.answered,
                ended,
                cause: if lost { "LOSE_RACE" } else { cause(failure) },
                main_leg: Some(call),
            }
        };
        std::iter::once(root).chain(inward.into_iter().map(leg)).collect()
    }
}

fn cause(failure: Option<Failure>) -> &'static str {
    match failure {
        None => "NORMAL_CLEARING",
        Some(Failure::Timeout) => "NO_ANSWER",
        Some(Failure::Busy) => "USER_BUSY",
        Some(Failure::Cancel) => "ORIGINATOR_CANCEL",
        Some(Failure::Reject) => "CALL_REJECTED",
        Some(Failure::Unspecified) => "NORMAL_TEMPORARY_FAILURE",
    }
}

/// E.164 with its `+` where it is a public number.
fn public(number: &str, context: Context) -> String {
    if context == Context::Global || extension_of(number).is_some() { format!("+{number}") } else { number.into() }
}

/// The same leg gets the same id, so that runs can be compared.
fn leg_uuid(call: Uuid, extension: &str, started: Timestamp) -> Uuid {
    let mut noise = *call.as_bytes();
    let mut hasher = DefaultHasher::new();
    (call, extension, started.as_nanosecond()).hash(&mut hasher);
    noise[..8].copy_from_slice(&hasher.finish().to_be_bytes());
    uuid::Builder::from_random_bytes(noise).into_uuid()
}
