//! From what happens in the office to the journal of incoming and the list of outgoing calls.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::json::{Incoming, Outgoing, written};
use super::options::FonialOptions;
use super::wall::Wall;
use crate::office::{CallEvent, Context, Direction, Failure, Step, public_number};

/// Calls that have not ended yet.
#[derive(Default)]
pub(super) struct Underway(HashMap<Uuid, Call>);

/// A call that has ended.
pub(super) struct Ended {
    pub(super) direction: Direction,
    /// When it began, as it is written.
    pub(super) at: String,
    pub(super) json: String,
}

/// One call with the outside world; colleagues who call each other are in neither list.
struct Call {
    direction: Direction,
    extension: String,
    /// `None` is a withheld number.
    caller: Option<String>,
    callee: String,
    started: Timestamp,
    answered: Option<Timestamp>,
    failure: Option<Failure>,
    /// Extensions that ring or talk.
    open: BTreeSet<String>,
}

/// How rows are written.
pub(super) struct Pen {
    pub(super) wall: Wall,
    pub(super) options: FonialOptions,
    /// Names of the devices by extension.
    pub(super) names: HashMap<String, String>,
}

impl Underway {
    /// Takes note of a step; the call's record if it was the last.
    pub(super) fn note(&mut self, event: &CallEvent, pen: &Pen) -> Option<Ended> {
        if event.caller_context == Context::Account && event.callee_context == Context::Account {
            return None;
        }
        let over = matches!(event.step, Step::Hangup | Step::End);
        if !over {
            let call = self.0.entry(event.call).or_insert_with(|| Call::begins(event));
            call.goes_on(event);
            return None;
        }
        let call = self.0.get_mut(&event.call)?;
        // A leg that lost is told late or twice: it is out of the set already.
        call.open.remove(&event.extension);
        call.failure = event.failure.or(call.failure);
        if !call.open.is_empty() {
            return None;
        }
        let call = self.0.remove(&event.call)?;
        pen.record(&call, event.at)
    }
}

impl Call {
    fn begins(event: &CallEvent) -> Self {
        Self {
            direction: event.direction,
            extension: event.extension.clone(),
            caller: event.caller.clone(),
            callee: event.callee.clone(),
            started: event.at,
            answered: None,
            failure: None,
            open: BTreeSet::new(),
        }
    }

    fn goes_on(&mut self, event: &CallEvent) {
        if event.step == Step::Answer {
            self.answered.get_or_insert(event.at);
            self.extension.clone_from(&event.extension);
            // The others stop ringing at once, whatever is said of them.
            self.open.clear();
        }
        self.open.insert(event.extension.clone());
    }
}

impl Pen {
    fn record(&self, call: &Call, ended: Timestamp) -> Option<Ended> {
        let at = self.wall.write(call.started);
        let json = match call.direction {
            Direction::Inbound => self.incoming(call, &at),
            Direction::Outbound if call.answered.is_none() && !self.options.lists_unanswered => return None,
            Direction::Outbound => self.outgoing(call, &at, ended),
        };
        Some(Ended { direction: call.direction, at, json })
    }

    fn incoming(&self, call: &Call, at: &str) -> String {
        let from = call.caller.as_ref().map_or(self.options.withheld.clone(), |number| format!("+{number}"));
        let status = match (call.answered, call.failure) {
            (Some(_), _) => "TAKEN",
            (None, Some(Failure::Busy)) => "BUSY",
            (None, _) => &self.options.missed,
        };
        written(&Incoming { date: at, from: &from, to: &format!("+{}", call.callee), status })
    }

    fn outgoing(&self, call: &Call, at: &str, ended: Timestamp) -> String {
        let extension = &call.extension;
        let seconds = call.answered.map_or(0, |answered| ended.duration_since(answered).as_secs());
        let duration = if self.options.numbers_as_text { json!(seconds.to_string()) } else { json!(seconds) };
        let target = self.names.get(extension).cloned().unwrap_or_else(|| format!("Telefon {extension}"));
        written(&Outgoing {
            from: &format!("+{}", public_number(extension)),
            to: &format!("+{}", call.callee),
            destination: destination(&call.callee),
            date_start: at,
            date_end: &self.wall.write(ended),
            duration,
            costs: "0.0000",
            sipuser: &format!("fo700100ip{extension}_00"),
            target: &target,
        })
    }
}

fn destination(digits: &str) -> &'static str {
    match digits {
        _ if digits.starts_with("491") => "Deutschland (Mobilfunk)",
        _ if digits.starts_with("49") => "Deutschland (Festnetz)",
        _ => "Ausland",
    }
}
