//! From the CTI API's words to ours. Unknown words are tolerated and counted, never fatal.

use ringside_domain::{
    CallId, Direction, EndCause, Extension, ExtensionId, Label, LegStep, LegUpdate, LineState, LineStatus, LineUpdate,
    NumberPlan, Party, Presence, Timestamp, text::clean,
};
use ringside_transport::ClockSkew;

use super::wire;
use crate::account::{Oddities, Word};

/// A conference's name beyond this is cut.
const CODE_CHARS: usize = 32;

/// What reading a call needs to know of the account.
pub struct Reading<'a> {
    pub plan: &'a NumberPlan,
    pub is_extension: &'a dyn Fn(&str) -> bool,
    pub oddities: &'a Oddities,
    /// Stands in for a time that is missing or malformed.
    pub received: Timestamp,
    pub skew: &'a ClockSkew,
}

/// `None` for an entry without a number, which nothing could be done with.
pub fn extension(entry: &wire::Extension<'_>, oddities: &Oddities) -> Option<Extension> {
    let in_uuid = || entry.uuid.get().and_then(|uuid| uuid.split('@').next()).filter(|part| !part.is_empty());
    let Some(number) = entry.extension_number.get().or_else(in_uuid) else {
        oddities.payload("extensions", "an entry without extension_number");
        return None;
    };
    let name = Label::new(entry.name.get().unwrap_or_default());
    Some(Extension { id: ExtensionId::new(number), name, email: None, group: None })
}

/// `None` for a state that does not say whose it is.
pub fn line(state: &wire::State<'_>, oddities: &Oddities, received: Timestamp, skew: &ClockSkew) -> Option<LineUpdate> {
    let Some(extension) = state.extension.get() else {
        oddities.payload("states", "a state without extension");
        return None;
    };
    let state = LineState {
        status: line_status(&state.line, oddities),
        presence: presence(&state.presence, oddities),
        at: time(&state.updated, "states.updated", oddities).map_or(received, |at| skew.here(at)),
    };
    Some(LineUpdate { extension: ExtensionId::new(extension), state })
}

/// `None` for an event that cannot be told from others: without a call or without an extension.
pub fn leg(call: &wire::Call<'_>, reading: &Reading<'_>) -> Option<LegUpdate> {
    let direction = direction(call, reading);
    let Some(id) = call.uuid.get() else {
        reading.oddities.payload("calls", "an event without uuid");
        return None;
    };
    let Some(extension) = our_extension(call, direction, reading) else {
        reading.oddities.payload("calls", "an event without extension");
        return None;
    };
    let caller = || party(&call.caller, &call.caller_context, reading);
    let callee = || party(&call.callee, &call.callee_context, reading);
    let (remote, our_number) = match direction {
        Some(Direction::Inbound) => (caller(), callee()),
        Some(Direction::Outbound) => (callee(), caller()),
        None => (Party::Unstated, Party::Unstated),
    };
    Some(LegUpdate {
        call: CallId::new(id),
        extension: ExtensionId::new(extension),
        direction,
        step: step(call, direction, reading.oddities),
        remote,
        our_number,
        at: time(&call.updated, "calls.updated", reading.oddities).map_or(reading.received, |at| reading.skew.here(at)),
    })
}

/// What a step's `error` means; `None` for none.
pub fn end_cause(error: &Word<'_>, oddities: &Oddities) -> Option<EndCause> {
    let word = error.get()?;
    Some(match word.to_ascii_lowercase().as_str() {
        "timeout" => EndCause::Timeout,
        "busy" => EndCause::Busy,
        "cancel" => EndCause::Cancelled,
        "reject" => EndCause::Rejected,
        "unspecified" => EndCause::Failed,
        _ => {
            oddities.word("calls.error", word);
            EndCause::Failed
        }
    })
}

fn line_status(word: &Word<'_>, oddities: &Oddities) -> LineStatus {
    let Some(word) = word.get() else { return LineStatus::Unknown };
    match word.to_ascii_lowercase().as_str() {
        "idle" => LineStatus::Idle,
        "ringing" => LineStatus::Ringing,
        // `busy` is not documented for a line; it has been seen.
        "in-use" | "busy" => LineStatus::Busy,
        "offline" => LineStatus::Offline,
        "unknown" => LineStatus::Unknown,
        _ => {
            oddities.word("states.line", word);
            LineStatus::Unknown
        }
    }
}

fn presence(word: &Word<'_>, oddities: &Oddities) -> Presence {
    let Some(word) = word.get() else { return Presence::Unknown };
    match word.to_ascii_lowercase().as_str() {
        "available" => Presence::Available,
        "away" => Presence::Away,
        "busy" => Presence::Busy,
        "dnd" => Presence::Dnd,
        "offline" => Presence::Offline,
        // The service writes the word, not the JSON null.
        "null" => Presence::Unknown,
        _ => {
            oddities.word("states.presence", word);
            Presence::Unknown
        }
    }
}

fn step(call: &wire::Call<'_>, direction: Option<Direction>, oddities: &Oddities) -> LegStep {
    let outbound = direction == Some(Direction::Outbound);
    let Some(word) = call.state.get() else {
        oddities.payload("calls.state", "an event without state");
        return LegStep::Other;
    };
    match word.to_ascii_lowercase().as_str() {
        "start" | "caller-wait" | "caller-dial" | "caller-ring" => LegStep::Dialing,
        // Our telephone has been picked up, which says nothing about the far side's.
        "caller-answer" if outbound => LegStep::PickedUp,
        "caller-answer" => LegStep::Dialing,
        // Calling the extension makes it ring; whoever waits for `ring` may wait for an event that never comes.
        "dial" if !outbound => LegStep::Ringing,
        "dial" => LegStep::Dialing,
        "ring" => LegStep::Ringing,
        // `bridge` is not documented; clients in the field handle it.
        "answer" | "bridge" => LegStep::Connected,
        "hangup" | "end" => LegStep::Ended(end_cause(&call.error, oddities).unwrap_or(EndCause::Normal)),
        _ => {
            oddities.word("calls.state", word);
            LegStep::Other
        }
    }
}

fn direction(call: &wire::Call<'_>, reading: &Reading<'_>) -> Option<Direction> {
    match call.direction.get().map(str::to_ascii_lowercase).as_deref() {
        Some("inbound") => return Some(Direction::Inbound),
        Some("outbound") => return Some(Direction::Outbound),
        Some(other) => reading.oddities.word("calls.direction", other),
        None => {}
    }
    let own = call.extension.get()?;
    let is_own = |side: &Word<'_>| side.get() == Some(own);
    match (is_own(&call.caller), is_own(&call.callee)) {
        (true, false) => Some(Direction::Outbound),
        (false, true) => Some(Direction::Inbound),
        (true, true) | (false, false) => None,
    }
}

/// The extension the event is about; where it does not say, the side that can only be ours.
fn our_extension<'c>(call: &'c wire::Call<'_>, direction: Option<Direction>, reading: &Reading<'_>) -> Option<&'c str> {
    let side = match direction {
        Some(Direction::Inbound) => &call.callee,
        Some(Direction::Outbound) => &call.caller,
        None => &call.extension,
    };
    call.extension.get().or_else(|| side.get().filter(|text| (reading.is_extension)(text)))
}

/// `global` is E.164 without `+`; every other context, known or not, is read as the K-Account's: an extension or what
/// is dialled from a desk telephone.
fn party(text: &Word<'_>, context: &Word<'_>, reading: &Reading<'_>) -> Party {
    let Some(text) = text.get() else { return Party::Unstated };
    match context.get().map(str::to_ascii_lowercase).as_deref() {
        Some("global") => Party::from_digits_global(text),
        // Neither a conference's name nor a number that calls for help is anybody's extension.
        Some("emergency" | "conference") => Party::Code(clean(text, CODE_CHARS).into()),
        _ => Party::from_caller_text(text, reading.plan, reading.is_extension),
    }
}

fn time(word: &Word<'_>, place: &str, oddities: &Oddities) -> Option<Timestamp> {
    let text = word.get()?;
    let time = text.parse().ok();
    if time.is_none() {
        oddities.payload(place, text);
    }
    time
}

#[cfg(test)]
#[path = "map_tests.rs"]
mod tests;
