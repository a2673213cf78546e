//! What the service sends unasked: the pop-up screen while a call goes on, and the notification when it is over.

use hyper::StatusCode;
use serde_json::{Map, Value, json};

use super::book::{Call, News, PastRecord, Status, Way, sip};
use super::options::{PushForm, VoicenterOptions};
use super::{Voicenter, json};
use crate::lock::hold;
use crate::post::{Outgoing, form_of};
use crate::wire::{Answer, Request};

/// Where what goes.
pub(super) struct PushesTo {
    pub(super) pop_ups: Option<String>,
    pub(super) records: Option<String>,
}

impl PushesTo {
    pub(super) fn of(options: &VoicenterOptions) -> Self {
        Self { pop_ups: options.pop_ups_to.clone(), records: options.records_to.clone() }
    }
}

impl Voicenter {
    /// What an administrator sets in the vendor's portal, for those who try a receiver of their own.
    pub(super) fn portal(&self, request: &Request) -> Option<Answer> {
        let mut to = hold(&self.pushes_to);
        match request.path.as_str() {
            "/_portal/pop-ups" => to.pop_ups = request.text(),
            "/_portal/records" => to.records = request.text(),
            _ => return None,
        }
        Some(Answer::empty(StatusCode::NO_CONTENT))
    }

    pub(super) fn pop_up(&self, call: &Call, extension: &str, news: &News) {
        let Some(url) = hold(&self.pushes_to).pop_ups.clone() else { return };
        let status = match (news.reason, call.status) {
            ("HANGUP", _) => "Hangup",
            (_, Status::Ringing) => "Ringing",
            (_, Status::Dialing) => "Dialing",
            (_, Status::Talking) => "Talking",
        };
        let mut fields = Map::new();
        fields.insert("phone".into(), json!(call.far.as_deref().unwrap_or("anonymous")));
        fields.insert("ivrid".into(), json!(call.id));
        fields.insert("extenUser".into(), json!(sip(extension)));
        fields.insert("did".into(), json!(call.did));
        let named = if self.options.push_form == PushForm::Other { "statusCall" } else { "status" };
        fields.insert(named.into(), json!(status));
        if let Some(cause) = news.cause {
            fields.insert("cause".into(), json!(cause));
        }
        self.poster.send(match self.options.push_form {
            PushForm::Form => Outgoing::form(url, form_of(&fields)),
            PushForm::Other => Outgoing::query(&url, &form_of(&fields)),
            PushForm::Json => {
                let direction = if call.direction == Way::Incoming { "Incoming" } else { "Outgoing" };
                fields.insert("direction".into(), json!(direction));
                fields.insert("callerName".into(), json!(""));
                fields.insert("callStarted".into(), json!(self.shift().seconds(call.started)));
                fields.insert("isAnswered".into(), json!(i32::from(call.answered.is_some())));
                fields.insert("currentCall".into(), json::call(call, self.shift()));
                Outgoing::json(url, &Value::Object(fields))
            }
        });
    }

    pub(super) fn tell_record(&self, record: &PastRecord) {
        let Some(url) = hold(&self.pushes_to).records.clone() else { return };
        let fields = json!({
            "caller": record.caller,
            "target": record.target,
            "time": self.shift().seconds(record.at),
            "duration": record.duration,
            "dialtime": record.ring,
            "ivruniqueid": record.call,
            "type": record.kind,
            "status": record.status,
            "callerextension": record.caller_extension,
            "targetextension": record.target_extension,
            "did": record.did,
            "queueid": 0,
            "queuename": "",
            "record": "",
            "price": "0",
            "IVR": "[]",
        });
        let Value::Object(fields) = fields else { return };
        self.poster.send(match self.options.push_form {
            PushForm::Json => Outgoing::json(url, &Value::Object(fields)),
            PushForm::Form => Outgoing::form(url, form_of(&fields)),
            PushForm::Other => Outgoing::xml(url, rpc(&fields)),
        });
    }
}

/// XML-RPC with one structure.
fn rpc(fields: &Map<String, Value>) -> String {
    let member = |(name, value): (&String, &Value)| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        format!("<member><name>{name}</name><value><string>{text}</string></value></member>")
    };
    let members: String = fields.iter().map(member).collect();
    format!(
        "<?xml version=\"1.0\"?><methodCall><methodName>cdr</methodName><params><param><value><struct>{members}\
         </struct></value></param></params></methodCall>"
    )
}
