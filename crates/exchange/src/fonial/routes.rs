//! Which method a request is for, and what it answers. The body says whether it worked; HTTP says 200.

use std::time::Duration;

use hyper::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::ledger::Ledger;
use super::options::{FonialErrors, FonialLists, FonialLogin};
use super::sessions::Standing;
use super::{BASE, Books, Fonial, device_id, extension_of, wall};
use crate::lock::hold;
use crate::office::{Context, DESK, DialSpec, Site, public_number};
use crate::wire::{Answer, Request, Service};

/// How long the own telephone rings; the vendor names no time.
const RINGS: Duration = Duration::from_secs(30);

type Fields = Map<String, Value>;

impl Service for Fonial {
    fn answer(&self, request: &Request) -> Answer {
        let method = request.path.strip_prefix(BASE);
        match method {
            _ if request.method != Method::POST => portal(),
            Some("/session") => self.begin(request),
            Some("/session/authenticate") => self.authenticate(request),
            Some("/devices/get") => self.guarded(request, |this, sid, _| this.devices(sid)),
            Some("/numbers/get") => self.guarded(request, |this, sid, _| this.numbers(sid)),
            Some("/call/initiate") => self.guarded(request, Self::initiate),
            Some("/journal/get") => {
                self.guarded(request, |this, sid, fields| this.records(sid, fields, "journal", |books| &books.journal))
            }
            Some("/evn/get") => {
                self.guarded(request, |this, sid, fields| this.records(sid, fields, "evn", |books| &books.evn))
            }
            _ => portal(),
        }
    }
}

/// An error the way this service words it, under an HTTP status of its own.
pub(crate) fn error_form(status: StatusCode) -> Answer {
    let reason = status.canonical_reason().unwrap_or("error");
    text(status, "text/json", json!({"sid": null, "status": "error", "reason": reason}).to_string())
}

impl Fonial {
    fn begin(&self, request: &Request) -> Answer {
        // The vendor's own samples send an empty object, clients in PHP an empty list.
        let empty = |body: &Value| body.is_object() || body.as_array().is_some_and(Vec::is_empty);
        if !is_json(request) || !serde_json::from_slice::<Value>(&request.body).is_ok_and(|body| empty(&body)) {
            return self.refusal("request malformed");
        }
        session_answer(json!({"sid": self.sessions.begin(), "status": "ok"}))
    }

    fn authenticate(&self, request: &Request) -> Answer {
        let Some(fields) = fields(request) else { return self.refusal("request malformed") };
        let (Some(sid), Some(username), Some(password)) =
            (text_of(&fields, "sid"), text_of(&fields, "username"), text_of(&fields, "password"))
        else {
            return self.refusal("parameter missing");
        };
        if self.sessions.standing(sid) == Standing::Unknown {
            return self.session_refusal("session invalid");
        }
        let right = self.sessions.authenticate(sid, username, password);
        let flag = match self.options.login {
            FonialLogin::Error if !right => return self.refusal("authentication failed"),
            FonialLogin::Flag | FonialLogin::Error => json!(right),
            FonialLogin::Number => json!(u8::from(right)),
            FonialLogin::Text => json!(u8::from(right).to_string()),
        };
        session_answer(json!({"sid": sid, "status": "ok", "authenticated": flag}))
    }

    fn guarded(&self, request: &Request, then: impl FnOnce(&Self, &str, &Fields) -> Answer) -> Answer {
        let Some(fields) = fields(request) else { return self.refusal("request malformed") };
        let sid = text_of(&fields, "sid").unwrap_or_default();
        match self.sessions.standing(sid) {
            Standing::Unknown => self.session_refusal("session invalid"),
            Standing::Unauthenticated => self.session_refusal("session unauthenticated"),
            Standing::Authenticated => {
                let complaint = hold(&self.books).complaint.clone();
                complaint.map_or_else(|| then(self, sid, &fields), |words| self.refusal(&words))
            }
        }
    }

    fn devices(&self, sid: &str) -> Answer {
        let devices = self.office.stand_still(|stations| -> Vec<String> {
            let device =
                |number: &str, name: &str| Some(json!({"name": name, "id": self.id(device_id(number)?)}).to_string());
            stations.iter().filter_map(|it| device(&it.number, &it.name)).collect()
        });
        let name = if self.options.singular_devices { "device" } else { "devices" };
        self.list(sid, name, devices.iter().map(String::as_str))
    }

    fn numbers(&self, sid: &str) -> Answer {
        let site = self.office.site();
        let own = (site == Site::Main).then(|| public_number(DESK));
        let number = |(n, digits): (usize, String)| {
            json!({"number": format!("+{digits}"), "id": self.id(21 + n as u64)}).to_string()
        };
        let numbers: Vec<String> = site.hotlines().into_iter().chain(own).enumerate().map(number).collect();
        self.list(sid, "numbers", numbers.iter().map(String::as_str))
    }

    fn initiate(&self, sid: &str, fields: &Fields) -> Answer {
        let Some(device) = fields.get("device").and_then(Value::as_u64) else {
            return self.refusal("device invalid");
        };
        let target = text_of(fields, "target").and_then(|text| text.strip_prefix('+'));
        let e164 = |digits: &&str| {
            (4..=15).contains(&digits.len()) && !digits.starts_with('0') && digits.bytes().all(|it| it.is_ascii_digit())
        };
        let Some(digits) = target.filter(e164) else { return self.refusal("target invalid") };
        let Some(caller) = extension_of(device) else { return self.refusal("device unknown") };
        let spec = DialSpec { caller, callee: digits.to_owned(), callee_context: Context::Global, timeout: RINGS };
        match self.office.dial(spec) {
            // There is no call id, and nobody is told how it goes on.
            Ok(_) => data_answer(json!({"sid": sid, "status": "ok"}).to_string()),
            Err(_) => self.refusal("device unknown"),
        }
    }

    fn records(&self, sid: &str, fields: &Fields, name: &str, which: impl FnOnce(&Books) -> &Ledger) -> Answer {
        let span = text_of(fields, "start").zip(text_of(fields, "end"));
        let Some((start, end)) = span.filter(|(start, end)| wall::is_written(start) && wall::is_written(end)) else {
            return self.refusal("date range malformed");
        };
        if start > end {
            return self.refusal("date range invalid");
        }
        let books = hold(&self.books);
        let rows = which(&books).span(start, end, self.options.bounds);
        if self.options.newest_first { self.list(sid, name, rows.rev()) } else { self.list(sid, name, rows) }
    }

    /// A list in the form that is set, put together from entries that are JSON already.
    fn list<'r>(&self, sid: &str, name: &str, entries: impl Iterator<Item = &'r str>) -> Answer {
        let entries: Vec<&str> = entries.collect();
        let keyed = |from: usize| {
            let pairs: Vec<String> = entries.iter().zip(from..).map(|(entry, n)| format!("\"{n}\":{entry}")).collect();
            format!("{{{}}}", pairs.join(","))
        };
        let list = match (self.options.lists, entries.as_slice()) {
            (_, []) if self.options.empty_as_null => "null".to_owned(),
            (_, []) | (FonialLists::Arrays, _) => format!("[{}]", entries.join(",")),
            (FonialLists::Objects, _) => keyed(0),
            (FonialLists::Bare, [one]) => (*one).to_owned(),
            (FonialLists::Bare, _) => keyed(1),
        };
        data_answer(format!("{{\"sid\":{},\"status\":\"ok\",\"{name}\":{list}}}", json!(sid)))
    }

    fn id(&self, id: u64) -> Value {
        if self.options.numbers_as_text { json!(id.to_string()) } else { json!(id) }
    }

    fn session_refusal(&self, words: &str) -> Answer {
        let field =
            if self.options.errors == FonialErrors::AsSeen { FonialErrors::Reason } else { self.options.errors };
        self.said(field, words)
    }

    fn refusal(&self, words: &str) -> Answer {
        self.said(self.options.errors, words)
    }

    fn said(&self, field: FonialErrors, words: &str) -> Answer {
        let mut body = json!({"sid": null, "status": "error"});
        match field {
            FonialErrors::AsSeen | FonialErrors::Error => body["error"] = json!(words),
            FonialErrors::Reason => body["reason"] = json!(words),
            FonialErrors::Message => body["message"] = json!(words),
            FonialErrors::Object => body["error"] = json!({"code": 17, "text": words}),
        }
        let status = StatusCode::from_u16(self.options.error_status).unwrap_or(StatusCode::OK);
        text(status, "text/json;charset=UTF-8", body.to_string())
    }
}

fn is_json(request: &Request) -> bool {
    request.content_type_is("application/json")
}

fn fields(request: &Request) -> Option<Fields> {
    if is_json(request) { serde_json::from_slice(&request.body).ok() } else { None }
}

fn text_of<'f>(fields: &'f Fields, name: &str) -> Option<&'f str> {
    fields.get(name)?.as_str()
}

fn session_answer(body: Value) -> Answer {
    text(StatusCode::OK, "text/json", body.to_string())
}

/// The data methods also begin a session of the web server, which means nothing.
fn data_answer(body: String) -> Answer {
    text(StatusCode::OK, "text/json;charset=UTF-8", body).with("set-cookie", "PHPSESSID=0a1b2c3d4e; path=/; secure")
}

fn text(status: StatusCode, kind: &str, body: String) -> Answer {
    Answer::empty(status).with("content-type", kind).holding(body.into_bytes())
}

/// What is no method belongs to the customers' web portal.
fn portal() -> Answer {
    let page = "<!DOCTYPE html>\n<html lang=\"de\"><head><title>Kundenkonto</title></head>\
                <body><h1>404</h1><p>Diese Seite gibt es nicht.</p></body></html>\n";
    Answer::html(StatusCode::NOT_FOUND, page)
}
