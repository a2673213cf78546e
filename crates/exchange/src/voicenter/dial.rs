//! Click-to-call, and ending whatever is active on an extension.

use std::time::Duration;

use hyper::StatusCode;
use serde_json::{Map, Value, json};

use super::Voicenter;
use super::sign_in::Known;
use crate::lock::hold;
use crate::office::{Context, DialSpec, Line};
use crate::wire::Answer;

/// Seconds the first leg rings unless the request says otherwise.
const USUAL_RING: u64 = 60;

const BAD: u32 = 1;
const OFFLINE: u32 = 3;

impl Voicenter {
    pub(super) fn click(&self, given: Known, fields: &Map<String, Value>) -> Answer {
        let field = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
        let as_json = field("format") == "json";
        let phone = hold(&self.book).number_of(field("phone")).map(str::to_owned);
        let done = match (given, field("action"), phone) {
            (Known::Malformed | Known::Nobodys, ..) => Err((BAD, "Authorization failed")),
            (Known::Ours, "call", Some(phone)) => self.call(phone, field("target"), fields.get("phonemaxdialtime")),
            (Known::Ours, "terminate", Some(phone)) => self.terminate(&phone),
            (Known::Ours, "call" | "terminate", None) => Err((BAD, "phone is not valid")),
            (Known::Ours, ..) => Err((BAD, "action is not valid")),
        };
        let (error, text, call) = match done {
            Ok(call) => (0, "OK", call),
            Err((error, text)) => (error, text, String::new()),
        };
        if as_json {
            let answer = json!({"ERRORCODE": error, "ERRORMESSAGE": text, "CALLID": call});
            return Answer::json(StatusCode::OK, &answer);
        }
        Answer::xml(&format!(
            "<?xml version=\"1.0\"?><methodResponse><params><param><value><struct>{}{}{}</struct></value></param></params></methodResponse>",
            member("ERRORCODE", &error.to_string()),
            member("ERRORMESSAGE", text),
            member("CALLID", &call),
        ))
    }

    fn call(&self, phone: String, target: &str, ring: Option<&Value>) -> Result<String, (u32, &'static str)> {
        if target.is_empty() || !target.chars().all(|it| it.is_ascii_alphanumeric() || it == '*' || it == '#') {
            return Err((BAD, "target is not valid"));
        }
        let line = self.office.stand_still(|stations| stations.iter().find(|it| it.number == phone).map(|it| it.line));
        if line == Some(Line::Offline) {
            return Err((OFFLINE, "Extension is offline"));
        }
        let own = hold(&self.book).number_of(target).map(str::to_owned);
        let (callee, callee_context) = match (own, target.strip_prefix('0')) {
            (Some(number), _) => (number, Context::Account),
            (None, Some(national)) if !national.starts_with('0') => (format!("972{national}"), Context::Global),
            (None, _) => (target.to_owned(), Context::Global),
        };
        let seconds = ring.and_then(|it| it.as_u64().or_else(|| it.as_str()?.parse().ok())).unwrap_or(USUAL_RING);
        let spec = DialSpec { caller: phone, callee, callee_context, timeout: Duration::from_secs(seconds) };
        // The steps are told in real time.
        let dialled = self.office.dial(spec);
        dialled.map(|(call, _)| call.to_string()).map_err(|_| (BAD, "phone is not valid"))
    }

    fn terminate(&self, phone: &str) -> Result<String, (u32, &'static str)> {
        let active: Vec<_> =
            hold(&self.book).desk(phone).calls.iter().filter_map(|call| call.id.parse().ok()).collect();
        let handles: Vec<_> = active.into_iter().filter_map(|id| self.office.call(id)).collect();
        if handles.is_empty() {
            return Err((BAD, "No active call"));
        }
        for call in &handles {
            call.hang_up();
        }
        Ok(String::new())
    }
}

fn member(name: &str, value: &str) -> String {
    format!("<member><name>{name}</name><value><string>{value}</string></value></member>")
}
