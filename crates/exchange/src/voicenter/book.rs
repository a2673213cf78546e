//! Who is on which call, as this service sees it, and what has become of the calls that are over.

use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;

use crate::office::{
    CallEvent, Context, Direction, Failure, Line, LineEvent, Presence, Station, Step, extension_of, public_number,
};

/// How many records of past calls are kept; the oldest go first.
const LOG: usize = 200_000;

#[derive(Default)]
pub(super) struct Book {
    pub(super) desks: BTreeMap<String, Desk>,
    pub(super) log: Vec<PastRecord>,
}

/// One extension.
#[derive(Clone, Default)]
pub(super) struct Desk {
    pub(super) number: String,
    pub(super) name: String,
    pub(super) offline: bool,
    /// A code of the status table.
    pub(super) status: u8,
    pub(super) status_since: Timestamp,
    pub(super) calls: Vec<Call>,
    pub(super) last_call: Timestamp,
    /// How many calls were made up for it.
    made_up: u64,
}

#[derive(Clone)]
pub(super) struct Call {
    pub(super) id: String,
    /// `None` is withheld.
    pub(super) far: Option<String>,
    pub(super) did: String,
    pub(super) internal: bool,
    pub(super) direction: Way,
    pub(super) status: Status,
    pub(super) started: Timestamp,
    pub(super) answered: Option<Timestamp>,
    /// Its lamp is out already, and its end has not been told.
    dark: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Incoming,
    Outgoing,
    Click2call,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Ringing,
    Dialing,
    Talking,
}

/// What an extension event says happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct News {
    pub(super) reason: &'static str,
    pub(super) cause: Option<&'static str>,
    pub(super) call: Option<String>,
}

/// One record of the call log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastRecord {
    pub call: String,
    /// A `CdrType`: 1 incoming, 4 outgoing, 9 and 10 the legs of a click-to-call, …
    pub kind: u8,
    /// A `DialStatus`, such as `ANSWER`.
    pub status: String,
    pub caller: String,
    pub target: String,
    pub did: String,
    /// The SIP codes; empty where the side is not ours.
    pub caller_extension: String,
    pub target_extension: String,
    pub at: Timestamp,
    /// Seconds of talk.
    pub duration: i64,
    /// Seconds of ringing.
    pub ring: i64,
}

impl Book {
    pub(super) fn learn(&mut self, stations: &[&Station]) {
        let there: HashSet<&str> = stations.iter().map(|station| station.number.as_str()).collect();
        self.desks.retain(|number, _| there.contains(number.as_str()));
        for station in stations {
            let desk = self.desk(&station.number);
            desk.name.clone_from(&station.name);
            desk.offline = station.line == Line::Offline;
            desk.wear(station.presence, station.updated);
        }
    }

    pub(super) fn desk(&mut self, number: &str) -> &mut Desk {
        let fresh = || Desk { number: number.to_owned(), status: 1, ..Desk::default() };
        self.desks.entry(number.to_owned()).or_insert_with(fresh)
    }

    /// The extension a SIP code or a speed dial belongs to.
    pub(super) fn number_of(&self, dialled: &str) -> Option<&str> {
        let number = dialled.strip_prefix("SIP").unwrap_or(dialled);
        self.desks.get_key_value(number).map(|(number, _)| number.as_str())
    }

    /// The leg as it stands.
    pub(super) fn call_of(&mut self, event: &CallEvent) -> Option<Call> {
        let calls = &self.desk(&event.extension).calls;
        calls.iter().find(|it| it.is(event) && it.direction.fits(event.direction)).cloned()
    }

    /// Takes a step of a leg; what there is to tell of it.
    pub(super) fn call(&mut self, event: &CallEvent) -> Option<News> {
        let ended = matches!(event.step, Step::Hangup | Step::End);
        // Only a cancelled leg asks for it: the office may be large.
        let cancelled = ended && event.failure == Some(Failure::Cancel);
        let elsewhere = cancelled
            && self.desks.values().any(|desk| {
                desk.number != event.extension
                    && desk.calls.iter().any(|it| it.is(event) && it.status == Status::Talking)
            });
        let desk = self.desk(&event.extension);
        desk.last_call = event.at;
        let known = desk.calls.iter().position(|it| it.is(event) && it.direction.fits(event.direction));
        if ended {
            let call = desk.calls.remove(known?);
            let cause = cause(event.failure, elsewhere);
            if cause != "Answered elsewhere" {
                let record = PastRecord::of(&call, event);
                self.keep(record);
            }
            return Some(News { reason: "HANGUP", cause: Some(cause), call: Some(call.id) });
        }
        let at = known.unwrap_or_else(|| {
            desk.calls.push(Call::of(event));
            desk.calls.len() - 1
        });
        let call = &mut desk.calls[at];
        if matches!(event.step, Step::CallerWait | Step::CallerDial | Step::CallerRing | Step::CallerAnswer) {
            call.direction = Way::Click2call;
        }
        let status = call.status_after(event.step);
        if known.is_some() && call.status == status && !std::mem::take(&mut call.dark) {
            return None;
        }
        call.status = status;
        let answered = status == Status::Talking && call.answered.is_none();
        if answered {
            call.answered = Some(event.at);
        }
        let reason = if answered { "ANSWER" } else { "NEWCALL" };
        Some(News { reason, cause: None, call: Some(event.call.to_string()) })
    }

    /// Takes a lamp's change. Calls light their lamps themselves; what else does is a person or a load.
    pub(super) fn line(&mut self, event: &LineEvent) -> Option<News> {
        let desk = self.desk(&event.extension);
        let (was_offline, status) = (desk.offline, desk.status);
        desk.offline = event.line == Line::Offline;
        desk.wear(event.presence, event.at);
        let made_up = format!("line-{}-{}", event.extension, desk.made_up);
        match event.line {
            Line::InUse if desk.calls.is_empty() => {
                desk.made_up += 1;
                let id = format!("line-{}-{}", event.extension, desk.made_up);
                desk.calls.push(Call::made_up(id.clone(), &event.extension, event.at));
                desk.last_call = event.at;
                return Some(News { reason: "ANSWER", cause: None, call: Some(id) });
            }
            Line::Idle | Line::Offline => {
                if desk.calls.iter().any(|it| it.id == made_up) {
                    desk.calls.retain(|it| it.id != made_up);
                    return Some(News { reason: "HANGUP", cause: Some("Normal hangup"), call: Some(made_up) });
                }
                desk.calls.iter_mut().for_each(|call| call.dark = true);
            }
            Line::InUse | Line::Ringing | Line::Unknown => {}
        }
        let said = (desk.offline, desk.status) != (was_offline, status);
        said.then_some(News { reason: "userStatusUpdate", cause: None, call: None })
    }

    fn keep(&mut self, record: PastRecord) {
        if self.log.len() >= LOG {
            self.log.remove(0);
        }
        self.log.push(record);
    }
}

impl Desk {
    pub(super) fn sip(&self) -> String {
        sip(&self.number)
    }

    /// The user the extension belongs to.
    pub(super) fn user(&self) -> u64 {
        70_000 + self.number.parse::<u64>().unwrap_or_default()
    }

    /// The calls whose lamps are lit.
    pub(super) fn lit(&self) -> impl Iterator<Item = &Call> {
        self.calls.iter().filter(|call| !call.dark)
    }

    /// A person's presence, unless the code it wears says just that.
    fn wear(&mut self, presence: Presence, at: Timestamp) {
        if presence_of(self.status) != presence {
            self.status = status_of(presence);
            self.status_since = at;
        }
    }
}

impl Call {
    fn of(event: &CallEvent) -> Self {
        let (far, context, did) = match event.direction {
            Direction::Inbound => (event.caller.as_deref(), event.caller_context, event.callee.as_str()),
            Direction::Outbound => {
                (Some(event.callee.as_str()), event.callee_context, event.caller.as_deref().unwrap_or_default())
            }
        };
        let internal = context == Context::Account;
        let far = far.map(|far| if internal { extension_of(far).unwrap_or(far).to_owned() } else { shown(far) });
        Self {
            id: event.call.to_string(),
            far,
            did: shown(did),
            internal,
            direction: if event.direction == Direction::Inbound { Way::Incoming } else { Way::Outgoing },
            status: if event.direction == Direction::Inbound { Status::Ringing } else { Status::Dialing },
            started: event.at,
            answered: None,
            dark: false,
        }
    }

    /// A call that stands for a lamp which a load lights; every line has somebody else on it.
    fn made_up(id: String, extension: &str, at: Timestamp) -> Self {
        Self {
            id,
            far: Some(shown(&format!("972501{extension:0>6}"))),
            did: shown(&public_number("900")),
            internal: false,
            direction: Way::Outgoing,
            status: Status::Talking,
            started: at,
            answered: Some(at),
            dark: false,
        }
    }

    fn is(&self, event: &CallEvent) -> bool {
        self.id == event.call.to_string()
    }

    fn status_after(&self, step: Step) -> Status {
        match (self.direction, step) {
            (_, Step::Answer) => Status::Talking,
            (_, _) if self.status == Status::Talking => Status::Talking,
            (Way::Incoming, _) => Status::Ringing,
            (_, Step::CallerDial | Step::CallerRing) => Status::Ringing,
            (Way::Outgoing | Way::Click2call, _) => Status::Dialing,
        }
    }
}

impl Way {
    fn fits(self, direction: Direction) -> bool {
        (self == Self::Incoming) == (direction == Direction::Inbound)
    }
}

impl PastRecord {
    fn of(call: &Call, end: &CallEvent) -> Self {
        let own = sip(&end.extension);
        let far = call.far.clone().unwrap_or_default();
        let seconds = |from: Timestamp, until: Timestamp| until.duration_since(from).as_secs();
        let inward = call.direction == Way::Incoming;
        let answered = call.answered;
        Self {
            call: call.id.clone(),
            kind: match call.direction {
                Way::Incoming => 1,
                Way::Outgoing => 4,
                Way::Click2call => 10,
            },
            status: status_word(answered.is_some(), end.failure).into(),
            caller: if inward { far.clone() } else { call.did.clone() },
            target: if inward { call.did.clone() } else { far },
            did: if inward { call.did.clone() } else { String::new() },
            caller_extension: if inward { String::new() } else { own.clone() },
            target_extension: if inward { own } else { String::new() },
            at: call.started,
            duration: answered.map_or(0, |answered| seconds(answered, end.at)),
            ring: seconds(call.started, answered.unwrap_or(end.at)),
        }
    }
}

pub(super) fn sip(number: &str) -> String {
    format!("SIP{number}")
}

/// The status table's code for a presence of the office.
pub(super) fn status_of(presence: Presence) -> u8 {
    match presence {
        Presence::Available => 1,
        Presence::Offline => 2,
        Presence::Away => 3,
        Presence::Busy => 5,
        Presence::Dnd => 7,
        Presence::Unknown => 9,
    }
}

pub(super) fn presence_of(status: u8) -> Presence {
    match status {
        1 => Presence::Available,
        2 => Presence::Offline,
        5 => Presence::Busy,
        7 => Presence::Dnd,
        9 => Presence::Unknown,
        _ => Presence::Away,
    }
}

/// E.164 digits the way this service shows them: Israeli numbers with their trunk prefix.
fn shown(digits: &str) -> String {
    digits.strip_prefix("972").map_or_else(|| digits.to_owned(), |national| format!("0{national}"))
}

fn cause(failure: Option<Failure>, elsewhere: bool) -> &'static str {
    match failure {
        None => "Normal hangup",
        Some(Failure::Cancel) if elsewhere => "Answered elsewhere",
        Some(Failure::Cancel) => "Normal hangup",
        Some(Failure::Busy) => "User busy",
        Some(Failure::Reject) => "Call Rejected",
        Some(Failure::Timeout) => "User alerting, no answer",
        Some(Failure::Unspecified) => "No user responding",
    }
}

fn status_word(answered: bool, failure: Option<Failure>) -> &'static str {
    match failure {
        _ if answered => "ANSWER",
        None | Some(Failure::Cancel) => "CANCEL",
        Some(Failure::Busy | Failure::Reject) => "BUSY",
        Some(Failure::Timeout) => "NOANSWER",
        Some(Failure::Unspecified) => "CHANUNAVAIL",
    }
}
