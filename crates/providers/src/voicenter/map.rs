//! From Voicenter's words to ours. Unknown words are tolerated and counted, never fatal.

use ringside_domain::{
    CallId, Direction, EndCause, Extension, ExtensionId, Label, LegStep, NumberPlan, Party, Presence,
};
use serde_json::value::RawValue;

use super::board::{Ending, Reading, Told};
use super::epoch::Clock;
use super::wire;
use crate::account::{Oddities, Word};

/// As many digits in a row, without a zero in front, are an international number.
const INTERNATIONAL: std::ops::RangeInclusive<usize> = 10..=15;

/// What reading a call needs to know of the account.
pub struct Context<'a> {
    pub plan: &'a NumberPlan,
    /// The SIP code of the extension that a SIP code or a speed dial belongs to.
    pub colleague: &'a dyn Fn(&str) -> Option<ExtensionId>,
    pub oddities: &'a Oddities,
}

/// An extension with its speed dial; `None` for an entry without a SIP code, which nothing could be done with.
pub fn listed(entry: &wire::Listed<'_>, oddities: &Oddities) -> Option<(Extension, Option<String>)> {
    let Some(sip) = entry.sip.get() else {
        oddities.payload("extensions", "an entry without SIP");
        return None;
    };
    let label = |word: &Word<'_>| word.get().map(Label::new).filter(|label| !label.is_empty());
    let extension = Extension {
        id: ExtensionId::new(sip),
        name: label(&entry.user_name).or_else(|| label(&entry.name)).unwrap_or_default(),
        email: label(&entry.user_email),
        group: label(&entry.account_name),
    };
    Some((extension, entry.speed_dial.get().map(str::to_owned)))
}

/// An extension as real time names it, for an account whose list is not to be had; `None` without a SIP code.
pub fn named(json: &RawValue) -> Option<Extension> {
    let extension: wire::Extension<'_> = wire::object(json.get())?;
    let name = Label::new(extension.name.get().unwrap_or_default());
    Some(Extension { id: ExtensionId::new(extension.sip()?), name, email: None, group: None })
}

/// What an extension is doing; `None` for one that does not say whose it is.
pub fn reading(json: &RawValue, place: &str, clock: &Clock, context: &Context<'_>) -> Option<Reading> {
    let Some(extension) = wire::object::<wire::Extension<'_>>(json.get()) else {
        context.oddities.payload(place, json.get());
        return None;
    };
    let Some(sip) = extension.sip() else {
        context.oddities.payload(place, "an extension without SIP code");
        return None;
    };
    let calls = extension.calls.and_then(|calls| {
        let items = wire::items(calls);
        if items.is_none() && calls.get() != "null" {
            context.oddities.payload("calls", calls.get());
        }
        items
    });
    let all = calls.as_ref().map_or(0, Vec::len);
    let legs: Option<Vec<Told>> =
        calls.map(|calls| calls.iter().filter_map(|call| told(call, clock, context)).collect());
    Some(Reading {
        extension: ExtensionId::new(sip),
        partial: legs.as_ref().is_some_and(|legs| legs.len() < all),
        legs,
        offline: is_offline(&extension.peer),
        presence: presence(&extension, context.oddities),
        status: extension.status().map(str::to_owned),
        user: extension.user.get().filter(|user| *user != "0").map(str::to_owned),
        at: clock.now(),
        server: clock.server(),
        ending: None,
    })
}

/// What an event says of the end of a call.
pub fn ending(event: &wire::Envelope<'_>, oddities: &Oddities) -> Option<Ending> {
    let hangup = event.reason.get().is_some_and(|reason| reason.eq_ignore_ascii_case("hangup"));
    let cause = event.cause.get().map_or(EndCause::Normal, |word| end_cause(word, oddities));
    hangup.then(|| Ending { call: event.call().map(CallId::new), cause })
}

/// The reasons there are; a new one changes nothing, since the extension itself says what is.
pub fn is_known_reason(reason: &str) -> bool {
    ["newcall", "answer", "hold", "unhold", "hangup", "userstatusupdate"]
        .iter()
        .any(|known| reason.eq_ignore_ascii_case(known))
}

/// Why a call ended, in words that the vendor takes from its switch.
pub fn end_cause(word: &str, oddities: &Oddities) -> EndCause {
    match word.to_ascii_lowercase().as_str() {
        "normal hangup" | "unknown" | "" => EndCause::Normal,
        "user busy" => EndCause::Busy,
        "call rejected" => EndCause::Rejected,
        "unallocated (unassigned) number" => EndCause::Failed,
        "no user responding" | "user alerting, no answer" => EndCause::Timeout,
        "answered elsewhere" => EndCause::AnsweredElsewhere,
        _ => {
            oddities.word("calls.cause", word);
            EndCause::Normal
        }
    }
}

/// Seen from the extension.
pub fn direction(word: Option<&str>, oddities: &Oddities) -> Option<Direction> {
    let word = word?;
    match word.to_ascii_lowercase().as_str() {
        "incoming" => Some(Direction::Inbound),
        "outgoing" | "click2call" => Some(Direction::Outbound),
        // Somebody listens to somebody else's call.
        "spy" => None,
        _ => {
            oddities.word("calls.direction", word);
            None
        }
    }
}

/// The step that a status stands for. Of a click-to-call our own telephone rings first, which nobody calls.
pub fn step(word: Option<&str>, direction: Option<Direction>, oddities: &Oddities) -> LegStep {
    let outbound = direction == Some(Direction::Outbound);
    match word.map(str::to_ascii_lowercase).as_deref() {
        Some("ringing") if !outbound => LegStep::Ringing,
        Some("ringing" | "dialing") => LegStep::Dialing,
        Some("talking" | "hold") => LegStep::Connected,
        other => {
            oddities.word("calls.status", other.unwrap_or("(none)"));
            LegStep::Other
        }
    }
}

/// A caller in whatever form the service uses: a SIP code or a speed dial, a national number, or international digits
/// without `+`.
pub fn party(text: Option<&str>, context: &Context<'_>) -> Party {
    let Some(text) = text else { return Party::Unstated };
    if let Some(colleague) = (context.colleague)(text) {
        return Party::Extension(colleague);
    }
    let digits = text.strip_prefix('+').unwrap_or(text);
    let international = INTERNATIONAL.contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0');
    if international {
        Party::from_digits_global(digits)
    } else {
        Party::from_caller_text(text, context.plan, &|_| false)
    }
}

fn told(json: &RawValue, clock: &Clock, context: &Context<'_>) -> Option<Told> {
    let Some(call) = wire::object::<wire::Call<'_>>(json.get()) else {
        context.oddities.payload("calls", json.get());
        return None;
    };
    let Some(id) = call.id() else {
        context.oddities.payload("calls", "a call without ivrid");
        return None;
    };
    let direction = direction(call.direction.get(), context.oddities);
    let step = step(call.status.get(), direction, context.oddities);
    let since = if step == LegStep::Connected { call.answered.get() } else { call.started.get() };
    let since = since.and_then(wire::whole).filter(|epoch| *epoch > 0);
    Some(Told {
        call: CallId::new(id),
        direction,
        step,
        remote: party(call.phone.get(), context),
        our_number: party(call.did.get(), context),
        at: since.map_or_else(|| clock.now(), |epoch| clock.utc(epoch)),
    })
}

/// The words are those of the switch, and only its clear ones are believed.
fn is_offline(peer: &Word<'_>) -> bool {
    let word = peer.get().unwrap_or_default().to_ascii_lowercase();
    ["unreach", "unregist", "not registered", "offline"].iter().any(|down| word.contains(down))
}

fn presence(extension: &wire::Extension<'_>, oddities: &Oddities) -> Presence {
    match extension.status() {
        None if extension.online_user.get() == Some("0") => Presence::Offline,
        None | Some("0") => Presence::Unknown,
        Some("1") => Presence::Available,
        Some("2") => Presence::Offline,
        Some("3" | "5" | "7" | "9" | "11" | "12" | "13") => Presence::Away,
        Some(other) => {
            oddities.word("extensions.status", other);
            Presence::Unknown
        }
    }
}

#[cfg(test)]
#[path = "map_tests.rs"]
mod tests;
