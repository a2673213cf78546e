//! What Voicenter sends unasked: the pop-up screen while a call goes on, the notification when it is over, and the
//! question of an external layer, which is none for us. None of them carries a secret: the path is one.

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use ringside_domain::{
    CallId, Direction, EndCause, Event, ExtensionId, LegStep, LegUpdate, PastCall, Problem, Timestamp,
};
use ringside_telephony::{Push, PushReply, Pushes, Received};
use serde_json::{Value, json};

use super::map::{self, Context};
use super::record::{self, Facts, Fields, Spans};
use super::{Voicenter, xml};

/// Bodies beyond this are none of Voicenter's.
const LONGEST: usize = 1024 * 1024;

/// The vendor's extension for Chrome, which sends the pop-up screen from the agent's own browser.
const EXTENSION: &str = "chrome-extension://ifiaikfdhcagbagdeflffjdammidpbio";

impl Pushes for Voicenter {
    fn receive(&self, push: &Push<'_>, now: Timestamp) -> Received {
        let Some(fields) = fields(push) else {
            self.shared.oddities.payload("push", &String::from_utf8_lossy(&push.body[..push.body.len().min(2048)]));
            return refused("Voicenter sent a message that cannot be read");
        };
        if fields.text(&["method"]).as_deref() == Some("IVR_LAYER_INPUT") {
            // 1 has the service take the way it takes without an answer.
            return taken(&json!({"STATUS": 1}), Vec::new(), Vec::new());
        }
        self.shared.with_context(|context| {
            if fields.text(&["ivruniqueid"]).is_some() {
                notification(&fields, now, context)
            } else {
                pop_up(&fields, now, context)
            }
        })
    }

    fn web_origin(&self) -> Option<&'static str> {
        Some(EXTENSION)
    }
}

/// A call of one extension. Its times have no zone: what counts is when it came.
fn pop_up(fields: &Fields, now: Timestamp, context: &Context<'_>) -> Received {
    let (call, extension) = (fields.text(&["ivrid"]), fields.text(&["extenuser"]));
    let status = fields.text(&["statuscall", "status"]);
    let (Some(call), Some(extension), Some(status)) = (call, extension, status) else {
        context.oddities.payload("push", "a pop-up without ivrid, extenUser or status");
        return refused("Voicenter sent a pop-up without call, extension or status");
    };
    let said = fields.text(&["direction"]);
    let direction = map::direction(said.as_deref(), context.oddities).or(match status.to_ascii_lowercase().as_str() {
        "ringing" => Some(Direction::Inbound),
        "dialing" => Some(Direction::Outbound),
        _ => None,
    });
    let step = if status.eq_ignore_ascii_case("hangup") {
        let cause = fields.text(&["cause"]);
        LegStep::Ended(cause.map_or(EndCause::Normal, |word| map::end_cause(&word, context.oddities)))
    } else {
        map::step(Some(&status), direction, context.oddities)
    };
    let leg = LegUpdate {
        call: CallId::from(call),
        extension: ExtensionId::from(extension),
        direction,
        step,
        remote: map::party(fields.text(&["phone", "callerphone"]).as_deref(), context),
        our_number: map::party(fields.text(&["did"]).as_deref(), context),
        at: now,
    };
    taken(&json!({"STATUS": "OK"}), vec![Event::Leg(leg)], Vec::new())
}

/// A call that is over. It may come more than once.
fn notification(fields: &Fields, now: Timestamp, context: &Context<'_>) -> Received {
    let Some(id) = fields.text(&["ivruniqueid"]) else {
        return refused("Voicenter sent a notification without a call");
    };
    let caller_extension = fields.text(&["callerextension"]);
    let target_extension = fields.text(&["targetextension"]);
    let said = fields.text(&["direction"]);
    let direction = map::direction(said.as_deref(), context.oddities).unwrap_or(
        if caller_extension.is_some() && target_extension.is_none() { Direction::Outbound } else { Direction::Inbound },
    );
    let own = fields.text(&["extenuser"]);
    let (caller_extension, target_extension) = match direction {
        Direction::Inbound => (caller_extension, target_extension.or(own)),
        Direction::Outbound => (caller_extension.or(own), target_extension),
    };
    let facts = Facts {
        id,
        at: fields.number(&["time"]).and_then(israel).filter(|at| *at <= now).unwrap_or(now),
        direction,
        caller: fields.text(&["caller", "callerphone"]),
        target: fields.text(&["target"]),
        did: fields.text(&["did"]),
        caller_extension,
        target_extension,
        word: fields.text(&["status"]).unwrap_or_default(),
        spans: Spans {
            ring: fields.seconds(&["dialtime", "actualcalldialtime"]),
            talk: fields.seconds(&["duration", "actualcallduration"]),
        },
    };
    let call = record::shaped(facts, context);
    // The vendor's own receivers answer in either case.
    taken(&json!({"Err": 0, "Errdesc": "OK", "err": 0, "errdesc": "OK"}), Vec::new(), vec![call])
}

/// Seconds since 1970 as a clock in Israel counts them.
fn israel(seconds: i64) -> Option<Timestamp> {
    let shown: DateTime = Timestamp::from_second(seconds).ok()?.to_zoned(TimeZone::UTC).datetime();
    // A system without time zones gets winter time; the call log corrects it.
    let zone = TimeZone::get("Asia/Jerusalem").unwrap_or_else(|_| TimeZone::fixed(Offset::constant(2)));
    Some(shown.to_zoned(zone).ok()?.timestamp())
}

/// Query, form, JSON or XML-RPC as one set of fields; `None` for what is neither.
fn fields(push: &Push<'_>) -> Option<Fields> {
    if push.body.len() > LONGEST {
        return None;
    }
    let body = push.body.trim_ascii();
    let pairs = |bytes: &[u8]| {
        let pairs: Vec<(String, Value)> = url::form_urlencoded::parse(bytes)
            .map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())))
            .collect();
        pairs
    };
    let mut all = pairs(push.query.as_bytes());
    match body.first() {
        None => {}
        Some(b'{') => all.extend(serde_json::from_slice::<serde_json::Map<String, Value>>(body).ok()?),
        Some(b'<') => {
            let text = String::from_utf8_lossy(body);
            all.extend(xml::members(&text).map(|(name, value)| (name, Value::String(value))));
        }
        Some(b'[') => return None,
        Some(_) => all.extend(pairs(body)),
    }
    (!all.is_empty()).then(|| Fields::new(all))
}

fn taken(answer: &Value, events: Vec<Event>, past: Vec<PastCall>) -> Received {
    Received { reply: reply(answer), events, past, order: None, refused: None }
}

/// Answered with 200: the service repeats what it takes for failed.
fn refused(message: &'static str) -> Received {
    let problem = Problem::new(
        "push_unreadable",
        message,
        "Compare the address and the form of the pop-up and of the CDR notification in Voicenter's CPanel.",
    );
    let answer = json!({"STATUS": "ERROR", "Err": 1, "Errdesc": "not readable", "err": 1, "errdesc": "not readable"});
    Received { reply: reply(&answer), events: Vec::new(), past: Vec::new(), order: None, refused: Some(problem) }
}

fn reply(answer: &Value) -> PushReply {
    PushReply { status: 200, content_type: "application/json", body: answer.to_string().into_bytes() }
}

#[cfg(test)]
#[path = "push_tests.rs"]
mod tests;
