//! Voicenter's JSON, read tolerantly and written strictly. Nothing in it is required.

use secrecy::SecretString;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::account::Word;

/// What `GetExtensions` is sent.
#[derive(Serialize)]
pub struct List<'a> {
    pub code: &'a str,
    #[serde(rename = "showAll", skip_serializing_if = "Option::is_none")]
    pub show_all: Option<u8>,
}

/// What `GetExtensionsCalls` is sent.
#[derive(Serialize)]
pub struct Active<'a> {
    pub code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extension: Option<&'a str>,
}

/// What both answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Listing {
    /// 0, or an error number.
    #[serde(rename = "ERR", alias = "err", alias = "Err")]
    pub error: Value,
    #[serde(rename = "DESC", alias = "desc", alias = "Desc")]
    pub words: Value,
    /// `None` where there is none.
    #[serde(rename = "EXTENSIONS", alias = "extensions", alias = "Extensions", deserialize_with = "list")]
    pub extensions: Option<Vec<Box<RawValue>>>,
}

/// An entry of `GetExtensions`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Listed<'a> {
    #[serde(borrow, rename = "SIP", alias = "sip")]
    pub sip: Word<'a>,
    #[serde(borrow, rename = "Name", alias = "name")]
    pub name: Word<'a>,
    #[serde(borrow, rename = "SpeedDial", alias = "speedDial")]
    pub speed_dial: Word<'a>,
    #[serde(borrow, rename = "AccountName", alias = "accountName")]
    pub account_name: Word<'a>,
    #[serde(borrow, rename = "UserName", alias = "userName")]
    pub user_name: Word<'a>,
    #[serde(borrow, rename = "UserEmail", alias = "userEmail")]
    pub user_email: Word<'a>,
}

/// An extension as real time and `GetExtensionsCalls` tell it. Where the two name a field differently, or a server
/// both ways at once, each name has a field of its own: serde takes two names of one field for a fault.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Extension<'a> {
    #[serde(borrow, rename = "extenUser")]
    sip: Word<'a>,
    #[serde(borrow, rename = "username")]
    polled_sip: Word<'a>,
    #[serde(borrow, rename = "userID", alias = "userId")]
    pub user: Word<'a>,
    #[serde(borrow, rename = "userName")]
    pub name: Word<'a>,
    /// 0: nobody is logged in.
    #[serde(borrow, rename = "onlineUserID", alias = "onlineUserId")]
    pub online_user: Word<'a>,
    #[serde(borrow, rename = "representativeStatus")]
    status: Word<'a>,
    #[serde(borrow, rename = "onlineUserStatus")]
    polled_status: Word<'a>,
    #[serde(borrow, rename = "peerStatus")]
    pub peer: Word<'a>,
    #[serde(borrow)]
    pub calls: Option<&'a RawValue>,
}

impl Extension<'_> {
    /// The SIP code.
    pub fn sip(&self) -> Option<&str> {
        self.sip.get().or(self.polled_sip.get())
    }

    /// A code of the status table.
    pub fn status(&self) -> Option<&str> {
        self.status.get().or(self.polled_status.get())
    }
}

/// One call of an extension.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Call<'a> {
    #[serde(borrow, rename = "ivrid")]
    id: Word<'a>,
    #[serde(borrow, rename = "ivruniqueid")]
    unique_id: Word<'a>,
    #[serde(borrow, rename = "ivrUniqueId")]
    typed_id: Word<'a>,
    #[serde(borrow, rename = "callStarted")]
    pub started: Word<'a>,
    #[serde(borrow, rename = "callAnswered")]
    pub answered: Word<'a>,
    #[serde(borrow, rename = "callerphone")]
    pub phone: Word<'a>,
    #[serde(borrow, rename = "callstatus")]
    pub status: Word<'a>,
    #[serde(borrow)]
    pub direction: Word<'a>,
    #[serde(borrow)]
    pub did: Word<'a>,
}

impl Call<'_> {
    pub fn id(&self) -> Option<&str> {
        self.id.get().or(self.unique_id.get()).or(self.typed_id.get())
    }
}

/// What every message of real time has around it. Later types of the vendor's spell it otherwise than its servers.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Envelope<'a> {
    #[serde(borrow, rename = "errorCode")]
    pub error: Word<'a>,
    #[serde(borrow, rename = "servertime")]
    server_time: Word<'a>,
    #[serde(borrow, rename = "serverTime")]
    typed_server_time: Word<'a>,
    #[serde(borrow, rename = "servertimeoffset")]
    offset: Word<'a>,
    #[serde(borrow, rename = "serverTimeOffset")]
    typed_offset: Word<'a>,
    /// Of an `ExtensionEvent`.
    #[serde(borrow)]
    pub reason: Word<'a>,
    #[serde(borrow)]
    pub cause: Word<'a>,
    #[serde(borrow, rename = "ivruniqueid")]
    call: Word<'a>,
    #[serde(borrow, rename = "ivrUniqueId")]
    typed_call: Word<'a>,
    #[serde(borrow)]
    pub data: Option<&'a RawValue>,
    /// Of `AllExtensionsStatus`.
    #[serde(borrow)]
    pub extensions: Option<&'a RawValue>,
    /// Of `keepaliveResponse`.
    #[serde(borrow, rename = "isOk")]
    pub ok: Word<'a>,
}

impl Envelope<'_> {
    /// Seconds, shifted like all epochs.
    pub fn server_time(&self) -> Option<i64> {
        whole(self.server_time.get().or(self.typed_server_time.get())?)
    }

    /// Minutes by which epochs run ahead of UTC.
    pub fn offset(&self) -> Option<i64> {
        whole(self.offset.get().or(self.typed_offset.get())?)
    }

    /// The call an event is about.
    pub fn call(&self) -> Option<&str> {
        self.call.get().or(self.typed_call.get())
    }
}

/// A whole number, or the whole part of one.
pub fn whole(text: &str) -> Option<i64> {
    text.parse().ok().or_else(|| text.parse::<f64>().ok().filter(|it| it.abs() < 1e15).map(|it| it as i64))
}

/// What the three logins are sent.
#[derive(Serialize)]
#[serde(untagged)]
pub enum Login<'a> {
    Token {
        token: &'a str,
    },
    /// The password goes into `pin`.
    User {
        email: &'a str,
        pin: &'a str,
    },
    Account {
        username: &'a str,
        password: &'a str,
    },
}

/// What they and the refresh answer.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct SignedIn {
    pub error: Value,
    #[serde(rename = "Status", alias = "status")]
    pub status: Value,
    #[serde(rename = "Data", alias = "data")]
    pub data: Option<Data>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Data {
    #[serde(rename = "Socket", alias = "socket")]
    pub socket: Option<Socket>,
}

#[derive(Deserialize)]
pub struct Socket {
    #[serde(rename = "Token", alias = "token", deserialize_with = "secret")]
    pub token: SecretString,
    #[serde(default, rename = "TokenExpiry", alias = "tokenExpiry")]
    pub expiry: Value,
    #[serde(default, rename = "RefreshToken", alias = "refreshToken", deserialize_with = "perhaps_secret")]
    pub refresh: Option<SecretString>,
    #[serde(default, rename = "URLList", alias = "urlList", alias = "UrlList")]
    pub hosts: Value,
    #[serde(default, rename = "Url", alias = "URL", alias = "url")]
    pub host: Value,
}

/// What `click2call.aspx` is sent.
#[derive(Serialize)]
pub struct Click<'a> {
    pub code: &'a str,
    /// `call` or `terminate`.
    pub action: &'static str,
    /// The SIP code whose telephone rings first.
    pub phone: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<&'a str>,
    /// Seconds the first telephone may ring.
    #[serde(rename = "phonemaxdialtime", skip_serializing_if = "Option::is_none")]
    pub ring: Option<u64>,
    /// `json`; without it the answer is XML.
    pub format: &'static str,
}

/// What `SetStatusFromAPI` is sent.
#[derive(Serialize)]
pub struct SetStatus<'a> {
    #[serde(rename = "Code")]
    pub code: &'a str,
    #[serde(rename = "UserId")]
    pub user: &'a str,
    #[serde(rename = "ExtensionUser")]
    pub extension: &'a str,
    #[serde(rename = "Status")]
    pub status: u64,
}

/// What it answers; the vendor's own spelling misses a letter.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct StatusSet {
    #[serde(rename = "Status")]
    pub status: Value,
    #[serde(rename = "StatusError")]
    pub error: Value,
    #[serde(rename = "StatusErroMessage", alias = "StatusErrorMessage")]
    pub words: Value,
}

/// What `GetStatusesList` answers.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Statuses {
    #[serde(rename = "Statuses", alias = "statuses", deserialize_with = "list")]
    pub list: Option<Vec<Box<RawValue>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Status<'a> {
    #[serde(borrow, rename = "ID", alias = "Id", alias = "id")]
    pub id: Word<'a>,
    #[serde(borrow, rename = "Name", alias = "name")]
    pub name: Word<'a>,
}

/// What the call log is sent.
#[derive(Serialize)]
pub struct Search<'a> {
    pub code: &'a str,
    pub fields: &'a [&'a str],
    pub search: Window,
    pub sort: [Sort; 1],
}

/// GMT, without saying so.
#[derive(Serialize)]
pub struct Window {
    #[serde(rename = "fromdate")]
    pub from: String,
    #[serde(rename = "todate")]
    pub until: String,
}

#[derive(Serialize)]
pub struct Sort {
    pub field: &'static str,
    pub order: &'static str,
}

/// A number, also as text.
pub fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().map(|it| it as i64)),
        Value::String(text) => text.trim().parse().ok(),
        Value::Bool(flag) => Some(i64::from(*flag)),
        _ => None,
    }
}

/// A text, or nothing.
pub fn words(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// An object; `None` for anything else. Of a list serde would make a struct, field by field.
pub fn object<'j, T: Deserialize<'j>>(json: &'j str) -> Option<T> {
    json.trim_start().starts_with('{').then(|| serde_json::from_str(json).ok()).flatten()
}

/// The items of a list; `None` for what is none.
pub fn items(json: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(json.get()).ok()
}

fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<Box<RawValue>>>, D::Error> {
    let json = Box::<RawValue>::deserialize(deserializer)?;
    Ok(serde_json::from_str(json.get()).ok())
}

fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretString, D::Error> {
    String::deserialize(deserializer).map(SecretString::from)
}

fn perhaps_secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SecretString>, D::Error> {
    Ok(Value::deserialize(deserializer)?.as_str().filter(|it| !it.is_empty()).map(SecretString::from))
}
