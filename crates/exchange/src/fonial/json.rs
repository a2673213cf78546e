//! The records of past calls, as the vendor's document has them. Numbers are E.164 with `+`, times Berlin wall time.

use serde::Serialize;
use serde_json::Value;

/// An entry of `journal`: an incoming call.
#[derive(Serialize)]
pub(super) struct Incoming<'a> {
    pub(super) date: &'a str,
    pub(super) from: &'a str,
    pub(super) to: &'a str,
    pub(super) status: &'a str,
}

/// An entry of `evn`: an outgoing call.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Outgoing<'a> {
    pub(super) from: &'a str,
    pub(super) to: &'a str,
    pub(super) destination: &'a str,
    pub(super) date_start: &'a str,
    pub(super) date_end: &'a str,
    /// Seconds of talk.
    pub(super) duration: Value,
    /// Euros, as decimal text.
    pub(super) costs: &'a str,
    pub(super) sipuser: &'a str,
    /// The name of the device.
    pub(super) target: &'a str,
}

/// JSON text of a record.
pub(super) fn written(record: &impl Serialize) -> String {
    // Our own types always serialise.
    serde_json::to_string(record).unwrap_or_default()
}
