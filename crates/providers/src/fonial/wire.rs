//! The API's JSON, read tolerantly and written strictly. Nothing in it is required but what we cannot do without. What
//! stands around the records of an answer is an [`Envelope`](super::envelope::Envelope).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::account::Word;

/// What `/session` is sent, and every method that asks for nothing in particular.
#[derive(Serialize)]
pub struct Nothing {}

/// What `/session/authenticate` is sent.
#[derive(Serialize)]
pub struct Credentials<'a> {
    pub sid: &'a str,
    pub username: &'a str,
    pub password: &'a str,
}

/// What every other method is sent: the session, and what it asks for.
#[derive(Serialize)]
pub struct Signed<'a, T> {
    pub sid: &'a str,
    #[serde(flatten)]
    pub body: &'a T,
}

/// What `/call/initiate` is sent.
#[derive(Debug, PartialEq, Serialize)]
pub struct Call {
    /// A number, as documented; an id that is none goes as it came.
    pub device: Value,
    /// E.164 with `+`.
    pub target: String,
}

/// What `/journal/get` and `/evn/get` are sent: `YYYY-MM-DD HH:MM:SS`, Berlin wall time.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Span {
    pub start: String,
    pub end: String,
}

/// An entry of `devices`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Device<'a> {
    #[serde(borrow)]
    pub name: Word<'a>,
    #[serde(borrow)]
    pub id: Word<'a>,
}

/// An entry of `numbers`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Number<'a> {
    #[serde(borrow)]
    pub number: Word<'a>,
    #[serde(borrow)]
    pub id: Word<'a>,
}

/// An entry of `journal`: an incoming call.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Incoming<'a> {
    #[serde(borrow)]
    pub date: Word<'a>,
    #[serde(borrow)]
    pub from: Word<'a>,
    #[serde(borrow)]
    pub to: Word<'a>,
    #[serde(borrow)]
    pub status: Word<'a>,
}

/// An entry of `evn`: an outgoing call. What it costs is nobody's business here.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Outgoing<'a> {
    #[serde(borrow)]
    pub from: Word<'a>,
    #[serde(borrow)]
    pub to: Word<'a>,
    #[serde(borrow)]
    pub date_start: Word<'a>,
    #[serde(borrow)]
    pub date_end: Word<'a>,
    /// Seconds; not the same as the difference of the two dates, even in the vendor's own sample.
    #[serde(borrow)]
    pub duration: Word<'a>,
    #[serde(borrow)]
    pub sipuser: Word<'a>,
    /// The name of the device that called, by the look of the vendor's sample.
    #[serde(borrow)]
    pub target: Word<'a>,
}

/// An object of ours; a list is none, although serde would take it for one.
pub fn record<'a, T: Deserialize<'a>>(json: &'a str) -> Option<T> {
    if json.trim_start().starts_with('{') { serde_json::from_str(json).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_written_as_documented() {
        let call = Call { device: 1234.into(), target: "+4922166966966".into() };
        let signed = serde_json::to_value(Signed { sid: "s", body: &call }).unwrap();
        assert_eq!(signed, serde_json::json!({"sid": "s", "device": 1234, "target": "+4922166966966"}));
        let signed = serde_json::to_value(Signed { sid: "s", body: &Nothing {} }).unwrap();
        assert_eq!(signed, serde_json::json!({"sid": "s"}));
        assert_eq!(serde_json::to_string(&Nothing {}).unwrap(), "{}");
    }

    #[test]
    fn a_list_is_no_record() {
        assert!(record::<Incoming<'_>>(r#"["2017-01-01 12:00:00","+49"]"#).is_none());
        assert!(record::<Incoming<'_>>(r#" {"date":"2017-01-01 12:00:00"}"#).is_some());
    }
}
