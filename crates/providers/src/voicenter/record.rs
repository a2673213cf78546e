//! From a record of the call log to a past call.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use ringside_domain::{CallId, Direction, ExtensionId, Label, Outcome, PastCall, Timestamp};
use serde_json::Value;

use super::map::{self, Context};
use super::wire;

/// What is asked for; the service sends no more than that.
pub const FIELDS: [&str; 13] = [
    "CallerNumber",
    "TargetNumber",
    "Date",
    "Duration",
    "CallID",
    "Type",
    "CdrType",
    "DialStatus",
    "CallerExtension",
    "TargetExtension",
    "DID",
    "RingTime",
    "QueueName",
];

/// A record with its keys in lower case: the document writes them in one, real answers came in another.
pub struct Fields(BTreeMap<String, Value>);

impl Fields {
    pub fn new(record: impl IntoIterator<Item = (String, Value)>) -> Self {
        Self(record.into_iter().map(|(name, value)| (name.to_lowercase(), value)).collect())
    }

    /// The text of the first of these that has one; numbers as their text.
    pub fn text(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| match self.0.get(*name)? {
            Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(flag) => Some(flag.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        })
    }

    pub fn number(&self, names: &[&str]) -> Option<i64> {
        wire::whole(&self.text(names)?)
    }

    /// Seconds; a negative or absurd number is none.
    pub fn seconds(&self, names: &[&str]) -> Option<SignedDuration> {
        self.number(names).filter(|seconds| (0..=7 * 86_400).contains(seconds)).map(SignedDuration::from_secs)
    }
}

/// `None` for a record without an id or a time, which is counted.
///
/// The document does not say what a duration spans: it is taken for the talk, with the ringing before it.
pub fn past_call(fields: &Fields, context: &Context<'_>) -> Option<PastCall> {
    let at = fields.text(&["date"]).as_deref().and_then(gmt);
    let (Some(id), Some(at)) = (fields.text(&["callid"]), at) else {
        context.oddities.payload("call_log", "a record without CallID or Date");
        return None;
    };
    let kind = fields.number(&["cdrtype", "type"]);
    let caller_extension = fields.text(&["callerextension"]);
    let target_extension = fields.text(&["targetextension"]);
    let direction = direction(kind, caller_extension.is_some(), target_extension.is_some(), context);
    let spans = Spans { ring: fields.seconds(&["ringtime"]), talk: fields.seconds(&["duration"]) };
    Some(shaped(
        Facts {
            id,
            at,
            direction,
            caller: fields.text(&["callernumber"]),
            target: fields.text(&["targetnumber"]),
            did: fields.text(&["did"]),
            caller_extension,
            target_extension,
            word: fields.text(&["dialstatus"]).unwrap_or_default(),
            spans,
        },
        context,
    ))
}

/// What a record and a notification both say.
pub struct Facts {
    pub id: String,
    pub at: Timestamp,
    pub direction: Direction,
    pub caller: Option<String>,
    pub target: Option<String>,
    pub did: Option<String>,
    pub caller_extension: Option<String>,
    pub target_extension: Option<String>,
    pub word: String,
    pub spans: Spans,
}

pub struct Spans {
    pub ring: Option<SignedDuration>,
    pub talk: Option<SignedDuration>,
}

pub fn shaped(facts: Facts, context: &Context<'_>) -> PastCall {
    let outcome = outcome(&facts.word, facts.direction, context);
    let inward = facts.direction == Direction::Inbound;
    let answered = outcome == Outcome::Answered;
    let after = |from: Timestamp, span: SignedDuration| from.checked_add(span).ok();
    let answered_at = facts.spans.ring.filter(|_| answered).and_then(|ring| after(facts.at, ring));
    let ended_at = match (answered, facts.spans.ring, facts.spans.talk) {
        (true, ring, Some(talk)) => after(facts.at, ring.unwrap_or_default()).and_then(|at| after(at, talk)),
        (false, Some(ring), _) => after(facts.at, ring),
        _ => None,
    };
    let extension = if inward { &facts.target_extension } else { &facts.caller_extension };
    let (remote, own) = if inward {
        (&facts.caller, facts.did.as_ref().or(facts.target.as_ref()))
    } else {
        (&facts.target, facts.caller.as_ref())
    };
    PastCall {
        id: CallId::from(facts.id),
        extension: extension.as_deref().map(ExtensionId::new),
        direction: facts.direction,
        remote: map::party(remote.as_deref(), context),
        our_number: map::party(own.map(String::as_str), context),
        started_at: facts.at,
        answered_at,
        ended_at,
        outcome,
        word: Label::new(&facts.word),
    }
}

/// `CdrType`; where it does not say, the side that has an extension of ours is we.
fn direction(kind: Option<i64>, from_us: bool, to_us: bool, context: &Context<'_>) -> Direction {
    match kind {
        Some(1 | 8 | 11 | 18 | 19) => return Direction::Inbound,
        Some(4 | 9 | 10 | 14 | 15 | 17) => return Direction::Outbound,
        // Transfers and forwardings go either way.
        Some(13 | 21 | 22 | 23) | None => {}
        Some(other) => context.oddities.word("call_log.type", &other.to_string()),
    }
    if from_us && !to_us { Direction::Outbound } else { Direction::Inbound }
}

/// How a call came out; the words are the switch's.
pub fn outcome(word: &str, direction: Direction, context: &Context<'_>) -> Outcome {
    let inward = direction == Direction::Inbound;
    match word.to_ascii_uppercase().as_str() {
        "ANSWER" | "ANSWERED" => Outcome::Answered,
        "NOANSWER" | "NO ANSWER" | "TIMEOUT" | "VOICEMAIL" => Outcome::Missed,
        "ABANDONE" | "ABANDONED" | "CANCEL" if inward => Outcome::Missed,
        // Nobody of us could be reached, for whatever reason.
        "FULL" | "JOINEMPTY" if inward => Outcome::Missed,
        "ABANDONE" | "ABANDONED" | "CANCEL" => Outcome::Cancelled,
        "BUSY" => Outcome::Busy,
        "CONGESTION" | "CHANUNAVAIL" | "NOTDIALED" | "NOTCALLED" => Outcome::Failed,
        // Known words that nobody has explained.
        "EXIT" | "VOEND" | "TE" | "FULL" | "JOINEMPTY" | "" => Outcome::Unknown,
        _ => {
            context.oddities.word("call_log.status", word);
            Outcome::Unknown
        }
    }
}

/// With `T` or a blank, with `Z` or without: always GMT.
fn gmt(text: &str) -> Option<Timestamp> {
    let civil = || text.trim_end_matches('Z').parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok();
    text.parse().ok().or_else(|| civil().map(|zoned| zoned.timestamp()))
}

/// Of two records of one call on one extension, whether the other says more: of a click-to-call, the leg to the far
/// side says how it came out.
pub fn rank(fields: &Fields) -> u8 {
    match fields.number(&["cdrtype", "type"]) {
        Some(9 | 14 | 21) => 0,
        _ => 1,
    }
}

#[cfg(test)]
#[path = "record_tests.rs"]
mod tests;
