//! NFON's JSON, as the vendor's document has it.

use serde::Serialize;

use super::options::NfonOptions;
use crate::clock::with_nanoseconds;
use crate::office::{CallEvent, Context, Direction, Failure, Line, LineEvent, Presence, Station, Step};

#[derive(Serialize)]
pub(super) struct Extension {
    /// Extension and account, as in `31@K7001`.
    uuid: String,
    extension_number: String,
    name: String,
}

#[derive(Serialize)]
pub(super) struct State {
    customer: String,
    extension: String,
    line: &'static str,
    presence: &'static str,
    updated: String,
}

#[derive(Serialize)]
pub(super) struct Call {
    uuid: String,
    state: &'static str,
    caller: String,
    caller_context: String,
    callee: String,
    callee_context: String,
    extension: String,
    customer: String,
    direction: &'static str,
    updated: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'static str>,
}

/// One step of a client's own request.
#[derive(Serialize)]
pub(super) struct RequestStep {
    pub(super) uuid: String,
    pub(super) state: &'static str,
    pub(super) updated: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<&'static str>,
}

#[derive(Serialize)]
pub(super) struct Tokens {
    #[serde(rename = "access-token")]
    pub(super) access: String,
    #[serde(rename = "refresh-token")]
    pub(super) refresh: String,
}

impl Extension {
    pub(super) fn of(station: &Station, customer: &str) -> Self {
        Self {
            uuid: format!("{}@{customer}", station.number),
            extension_number: station.number.clone(),
            name: station.name.clone(),
        }
    }
}

impl State {
    pub(super) fn of(event: &LineEvent, customer: &str) -> Self {
        Self {
            customer: customer.into(),
            extension: event.extension.clone(),
            line: line(event.line),
            presence: presence(event.presence),
            updated: with_nanoseconds(event.at),
        }
    }

    pub(super) fn of_station(station: &Station, customer: &str) -> Self {
        Self {
            customer: customer.into(),
            extension: station.number.clone(),
            line: line(station.line),
            presence: presence(station.presence),
            updated: with_nanoseconds(station.updated),
        }
    }
}

impl Call {
    pub(super) fn of(event: &CallEvent, options: &NfonOptions) -> Self {
        Self {
            uuid: event.call.to_string(),
            state: step(event.step),
            caller: event.caller.clone().unwrap_or_else(|| options.withheld.clone()),
            caller_context: context(event.caller_context, &options.customer),
            callee: event.callee.clone(),
            callee_context: context(event.callee_context, &options.customer),
            extension: event.extension.clone(),
            customer: options.customer.clone(),
            direction: match event.direction {
                Direction::Inbound => "inbound",
                Direction::Outbound => "outbound",
            },
            updated: with_nanoseconds(event.at),
            error: event.failure.map(failure),
        }
    }
}

pub(super) fn step(step: Step) -> &'static str {
    match step {
        Step::Start => "start",
        Step::CallerWait => "caller-wait",
        Step::CallerDial => "caller-dial",
        Step::CallerRing => "caller-ring",
        Step::CallerAnswer => "caller-answer",
        Step::Dial => "dial",
        Step::Ring => "ring",
        Step::Answer => "answer",
        Step::Hangup => "hangup",
        Step::End => "end",
    }
}

pub(super) fn failure(failure: Failure) -> &'static str {
    match failure {
        Failure::Timeout => "timeout",
        Failure::Busy => "busy",
        Failure::Cancel => "cancel",
        Failure::Reject => "reject",
        Failure::Unspecified => "unspecified",
    }
}

fn line(line: Line) -> &'static str {
    match line {
        Line::Unknown => "unknown",
        Line::Offline => "offline",
        Line::Idle => "idle",
        Line::Ringing => "ringing",
        Line::InUse => "in-use",
    }
}

fn presence(presence: Presence) -> &'static str {
    match presence {
        // The vendor's enum really holds this word as text.
        Presence::Unknown => "null",
        Presence::Offline => "offline",
        Presence::Available => "available",
        Presence::Away => "away",
        Presence::Busy => "busy",
        Presence::Dnd => "dnd",
    }
}

fn context(context: Context, customer: &str) -> String {
    match context {
        Context::Account => customer.into(),
        Context::Global => "global".into(),
    }
}
