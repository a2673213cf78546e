//! Which interface a request is for, and who may use it.

use std::sync::Arc;

use hyper::{Method, StatusCode};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use super::options::AddressRefusal;
use super::sign_in::{Known, LOGIN, REFRESH};
use super::{Voicenter, json, socket};
use crate::lock::hold;
use crate::wire::{Answer, Request, Service};

const EXTENSIONS: &str = "/Comet/api/GetExtensions";
const CALLS: &str = "/comet/API/GetExtensionsCalls";
const CLICK: &str = "/ForwardDialer/click2call.aspx";
const LOG: &str = "/hub/cdr/";
const SET_STATUS: &str = "/UserLogin/SetStatusFromAPI";
const STATUSES: &str = "/UserLogin/GetStatusesList";

/// All of the vendor's hosts at one address.
pub(crate) struct Hosts(pub(crate) Arc<Voicenter>);

impl Service for Hosts {
    fn answer(&self, request: &Request) -> Answer {
        match request.path.as_str() {
            socket::PATH => socket::open(&self.0, request),
            REFRESH => self.0.sign_in.refresh(request),
            path => match path.strip_prefix(LOGIN) {
                Some(kind) => self.0.sign_in.login(kind, request),
                None => self.0.rest(request),
            },
        }
    }
}

/// An error the way a web server of this vendor's words it.
pub(crate) fn error_form(status: StatusCode) -> Answer {
    Answer::json(status, &json!({"error": status.canonical_reason().unwrap_or("error")}))
}

impl Voicenter {
    fn rest(&self, request: &Request) -> Answer {
        if request.method == Method::PUT
            && let Some(answer) = self.portal(request)
        {
            return answer;
        }
        let Some(fields) = parameters(request) else { return error_form(StatusCode::BAD_REQUEST) };
        let code = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
        let path = request.path.as_str();
        if !matches!(path, EXTENSIONS | CALLS | CLICK | LOG | SET_STATUS | STATUSES) {
            return error_form(StatusCode::NOT_FOUND);
        }
        // A bearer's address is not looked at.
        let by_bearer = path == LOG && request.bearer().is_some();
        if !by_bearer && !self.sign_in.address_allowed() {
            return self.stranger(path);
        }
        let lower = self.sign_in.know(request.bearer().filter(|_| by_bearer).unwrap_or(code("code")));
        match path {
            EXTENSIONS => self.extensions(lower),
            CALLS => self.extensions_calls(lower, &fields),
            CLICK => self.click(lower, &fields),
            LOG => self.call_log(lower, &fields),
            SET_STATUS => self.set_status(self.sign_in.know(code("Code")), &fields),
            _ => self.statuses(lower),
        }
    }

    fn extensions(&self, given: Known) -> Answer {
        let list = match given {
            Known::Malformed => return listing(1, "Unauthorized", Vec::new()),
            Known::Nobodys => Vec::new(),
            Known::Ours => self.office.stand_still(|stations| {
                let mut book = hold(&self.book);
                book.learn(stations);
                stations.iter().map(|station| json::listed(book.desk(&station.number))).collect()
            }),
        };
        listing(0, "OK", list)
    }

    fn extensions_calls(&self, given: Known, fields: &Map<String, Value>) -> Answer {
        let wanted = fields.get("extension").and_then(Value::as_str);
        let list = match given {
            Known::Malformed => return listing(1, "Authorization failed.", Vec::new()),
            Known::Nobodys => return listing(2, "Bad values", Vec::new()),
            Known::Ours => self.office.stand_still(|stations| {
                let mut book = hold(&self.book);
                book.learn(stations);
                let mut desks = Vec::new();
                for station in stations {
                    let desk = book.desk(&station.number);
                    if wanted.is_none_or(|wanted| wanted == desk.sip()) {
                        desks.push(json::polled(desk, self.shift()));
                    }
                }
                desks
            }),
        };
        listing(0, "OK", list)
    }

    /// What an address meets that is not on the allow-list.
    fn stranger(&self, path: &str) -> Answer {
        const WORDS: &str = "IP address is not authorized";
        let answer = match path {
            LOG => self.log_error(4, 403, WORDS),
            CLICK => Answer::json(StatusCode::OK, &json!({"ERRORCODE": 1, "ERRORMESSAGE": WORDS})),
            SET_STATUS => {
                Answer::json(StatusCode::OK, &json!({"Status": 2, "StatusError": 0, "StatusErroMessage": WORDS}))
            }
            _ => listing(1, WORDS, Vec::new()),
        };
        match self.options.address_refusal {
            AddressRefusal::Coded => answer,
            AddressRefusal::Forbidden => Answer { status: StatusCode::FORBIDDEN, ..answer },
        }
    }
}

fn listing(error: u32, text: &str, list: Vec<Value>) -> Answer {
    Answer::json(StatusCode::OK, &json!({"ERR": error, "DESC": text, "EXTENSIONS": list}))
}

/// The parameters of a GET's query or of a POST in JSON; `None` for anything else.
fn parameters(request: &Request) -> Option<Map<String, Value>> {
    match request.method {
        Method::GET => Some(request.query.split('&').filter_map(pair).collect()),
        Method::POST if request.content_type_is("application/json") => serde_json::from_slice(&request.body).ok(),
        _ => None,
    }
}

fn pair(text: &str) -> Option<(String, Value)> {
    let (name, value) = text.split_once('=')?;
    let value = percent_decode_str(value).decode_utf8().ok()?;
    Some((name.to_owned(), Value::String(value.into_owned())))
}
