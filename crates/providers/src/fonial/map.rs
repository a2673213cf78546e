//! From fonial's records to ours. Unknown words are tolerated and counted, never fatal.

use jiff::SignedDuration;
use ringside_domain::{
    Direction, Extension, ExtensionId, Label, NumberPlan, Outcome, OwnNumber, Party, PastCall, PhoneNumber, Timestamp,
};

use super::record::{self, Name};
use super::times::{WallClock, Written};
use super::wire;
use crate::account::{Oddities, Word};

/// What reading a record needs to know of the account.
pub struct Reading<'a> {
    pub plan: &'a NumberPlan,
    pub clock: &'a WallClock,
    pub oddities: &'a Oddities,
    /// The device of a name, where exactly one is called so.
    pub device_called: &'a dyn Fn(&str) -> Option<ExtensionId>,
}

/// `None` for a device without an id, which could not be rung.
pub fn extension(device: &wire::Device<'_>, oddities: &Oddities) -> Option<Extension> {
    let Some(id) = device.id.get() else {
        oddities.payload("devices", "a device without id");
        return None;
    };
    let name = Label::new(device.name.get().unwrap_or_default());
    Some(Extension { id: ExtensionId::new(id), name, email: None, group: None })
}

/// `None` for an entry that names no number.
pub fn own_number(entry: &wire::Number<'_>, plan: &NumberPlan, oddities: &Oddities) -> Option<OwnNumber> {
    let Some(written) = entry.number.get() else {
        oddities.payload("numbers", "an entry without number");
        return None;
    };
    // A range has other signs in it, and is not one number however it may be read.
    let plain = written.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b' '));
    let number = match party(&entry.number, plan) {
        Party::Number(number) if plain => Some(number),
        _ => None,
    };
    Some(OwnNumber { written: Label::new(written), number, id: Label::new(entry.id.get().unwrap_or_default()) })
}

/// `None` for a record without a time that can be read: it has no place in any history.
pub fn incoming(row: &wire::Incoming<'_>, reading: &Reading<'_>) -> Option<PastCall> {
    let started_at = time(&row.date, "journal.date", reading)?.first;
    let name = Name { direction: Direction::Inbound, started_at, words: &[row.from.get(), row.to.get()] };
    Some(PastCall {
        id: record::id(&name),
        extension: None,
        direction: Direction::Inbound,
        remote: party(&row.from, reading.plan),
        our_number: party(&row.to, reading.plan),
        started_at,
        // The journal tells neither.
        answered_at: None,
        ended_at: None,
        outcome: outcome(&row.status, reading.oddities),
        word: Label::new(row.status.get().unwrap_or_default()),
    })
}

/// As [`incoming`].
pub fn outgoing(row: &wire::Outgoing<'_>, reading: &Reading<'_>) -> Option<PastCall> {
    let start = time(&row.date_start, "evn.dateStart", reading)?;
    let end = row.date_end.get().and_then(|_| time(&row.date_end, "evn.dateEnd", reading));
    let seconds = row.duration.get().and_then(|text| text.parse::<f64>().ok()).filter(|it| (0.0..1e7).contains(it));
    let (started_at, ended_at) = WallClock::call(start, end, seconds.map(SignedDuration::from_secs_f64));
    let device = row.target.get();
    // The cost and the end may be written later, and so may what tells which of two hours was meant; what names a
    // record is there from the start.
    let words = [row.from.get(), row.to.get(), row.sipuser.get(), device];
    let name = Name { direction: Direction::Outbound, started_at: start.first, words: &words };
    Some(PastCall {
        id: record::id(&name),
        extension: device.and_then(reading.device_called),
        direction: Direction::Outbound,
        remote: party(&row.to, reading.plan),
        our_number: party(&row.from, reading.plan),
        started_at,
        // An itemised record counts what was talked, up to the end.
        answered_at: seconds.filter(|seconds| *seconds > 0.0).zip(ended_at).map(|(seconds, end)| {
            end.checked_sub(SignedDuration::from_secs_f64(seconds)).unwrap_or(started_at).max(started_at)
        }),
        ended_at,
        outcome: if seconds.is_some_and(|seconds| seconds > 0.0) { Outcome::Answered } else { Outcome::Unknown },
        word: Label::default(),
    })
}

/// Only `TAKEN` is documented. The other words are those that one would expect; what they have in common is that
/// nobody spoke to the caller.
fn outcome(status: &Word<'_>, oddities: &Oddities) -> Outcome {
    let Some(word) = status.get() else { return Outcome::Unknown };
    let plain: String = word.chars().filter(|c| c.is_alphanumeric()).collect();
    match plain.to_ascii_uppercase().as_str() {
        "TAKEN" => Outcome::Answered,
        "MISSED" | "NOTTAKEN" | "NOANSWER" | "VOICEMAIL" | "MAILBOX" | "VOICEBOX" => Outcome::Missed,
        "BUSY" => Outcome::Busy,
        _ => {
            oddities.word("journal.status", word);
            Outcome::Unknown
        }
    }
}

fn party(text: &Word<'_>, plan: &NumberPlan) -> Party {
    let Some(text) = text.get() else { return Party::Unstated };
    // As documented, and much the quickest.
    if let Ok(number) = PhoneNumber::from_e164(text) {
        return Party::Number(number);
    }
    match Party::from_caller_text(text, plan, &|_| false) {
        // Short numbers of the account's own are not the ids by which its devices are known here.
        Party::Extension(short) => Party::Code(short.as_str().into()),
        party => party,
    }
}

fn time(word: &Word<'_>, place: &str, reading: &Reading<'_>) -> Option<Written> {
    let text = word.get().unwrap_or_default();
    let written = reading.clock.read(text);
    if written.is_none() {
        reading.oddities.payload(place, text);
    }
    written
}

/// Whether a record is in a window by its start.
pub fn begins_within(call: &PastCall, from: Timestamp, until: Timestamp) -> bool {
    from <= call.started_at && call.started_at < until
}

#[cfg(test)]
#[path = "map_tests.rs"]
mod tests;
