//! Voicenter's JSON of extensions and calls, in both of its dialects.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::book::{Call, Desk, News, Status, Way};

pub(super) const ACCOUNT: u64 = 12_345_678;

/// Seconds since 1970 as the service's own time zone counts them.
#[derive(Clone, Copy)]
pub(super) struct Shift {
    pub(super) minutes: i64,
}

impl Shift {
    pub(super) fn seconds(self, at: Timestamp) -> i64 {
        at.as_second() + self.minutes * 60
    }
}

/// An entry of `GetExtensions`.
pub(super) fn listed(desk: &Desk) -> Value {
    json!({
        "SIP": desk.sip(),
        "Name": format!("Extension {}", desk.number),
        "SpeedDial": desk.number,
        "AccountID": ACCOUNT,
        "AccountName": "Demo office",
        "UserName": desk.name,
        "UserEmail": format!("user{}@office.example", desk.number),
    })
}

/// An entry of `GetExtensionsCalls`.
pub(super) fn polled(desk: &Desk, shift: Shift) -> Value {
    let user = desk.user();
    json!({
        "name": format!("Extension {}", desk.number),
        "representative": desk.name,
        "username": desk.sip(),
        "extensionID": 500_000 + user,
        "userID": user,
        "onlineUserID": if desk.status == 2 { 0 } else { user },
        "onlineUserStatus": desk.status,
        "calls": calls(desk, shift),
    })
}

/// An extension in real time. After a change of status the service leaves the calls out.
fn extension(desk: &Desk, shift: Shift, with_calls: bool) -> Value {
    let user = desk.user();
    let calls = if with_calls { calls(desk, shift) } else { Vec::new() };
    let mut extension = json!({
        "userID": user,
        "userName": desk.name,
        "number": desk.number,
        "extenUser": desk.sip(),
        "accountID": ACCOUNT,
        "topAccountID": ACCOUNT,
        "summery": {"representative": user},
        "onlineUserID": if desk.status == 2 { 0 } else { user },
        "representative": user,
        "representativeStatus": desk.status,
        "lastCallEventEpoch": shift.seconds(desk.last_call),
        "representativeUpdated": shift.seconds(desk.status_since) * 1000,
        "peerStatus": if desk.offline { "UNREACHABLE" } else { "OK" },
    });
    if let Some(current) = calls.last() {
        extension["currentCall"] = current.clone();
    }
    extension["calls"] = Value::Array(calls);
    extension
}

pub(super) fn extension_event(desk: &Desk, news: &News, now: Timestamp, shift: Shift) -> Value {
    let mut event = json!({
        "eventName": "extension",
        "reason": news.reason,
        "errorCode": 0,
        "servertime": shift.seconds(now),
        "servertimeoffset": shift.minutes,
        "data": extension(desk, shift, news.reason != "userStatusUpdate"),
    });
    if let Some(cause) = news.cause {
        event["cause"] = json!(cause);
    }
    if let Some(call) = &news.call {
        event["ivruniqueid"] = json!(call);
    }
    event
}

pub(super) fn all_extensions<'a>(desks: impl Iterator<Item = &'a Desk>, now: Timestamp, shift: Shift) -> Value {
    let extensions: Vec<Value> = desks.map(|desk| extension(desk, shift, true)).collect();
    json!({
        "errorCode": 0,
        "errorDesc": "OK",
        "servertime": shift.seconds(now),
        "servertimeoffset": shift.minutes,
        "extensions": extensions,
    })
}

fn calls(desk: &Desk, shift: Shift) -> Vec<Value> {
    desk.lit().map(|it| call(it, shift)).collect()
}

pub(super) fn call(call: &Call, shift: Shift) -> Value {
    json!({
        "ivrid": call.id,
        "callStarted": shift.seconds(call.started),
        "callAnswered": call.answered.map_or(0, |at| shift.seconds(at)),
        "answered": i32::from(call.answered.is_some()),
        "callername": "",
        "callerphone": call.far.as_deref().unwrap_or("anonymous"),
        "callstatus": match call.status {
            Status::Ringing => "Ringing",
            Status::Dialing => "Dialing",
            Status::Talking => "Talking",
        },
        "direction": match call.direction {
            Way::Incoming => "Incoming",
            Way::Outgoing => "Outgoing",
            Way::Click2call => "Click2call",
        },
        "did": call.did,
        "isInternal": call.internal,
        "customdata": {},
        "recording": {"Filename": "", "IsMuted": 0},
    })
}
