//! The call log.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Duration;

use hyper::StatusCode;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use super::Voicenter;
use super::book::PastRecord;
use super::options::KeyCase;
use super::sign_in::Known;
use crate::lock::hold;
use crate::wire::Answer;

const MINUTE: Duration = Duration::from_secs(60);

/// When the log was asked, within the last minute.
#[derive(Default)]
pub(super) struct Asked(Mutex<VecDeque<Instant>>);

impl Asked {
    /// Counts one request; `false` beyond `most` in a minute.
    fn one_more(&self, most: usize) -> bool {
        let mut asked = hold(&self.0);
        let now = Instant::now();
        while asked.front().is_some_and(|at| now.duration_since(*at) >= MINUTE) {
            asked.pop_front();
        }
        let allowed = asked.len() < most;
        if allowed {
            asked.push_back(now);
        }
        allowed
    }
}

impl Voicenter {
    /// Bearer or code; the limit comes before anything else.
    pub(super) fn call_log(&self, given: Known, fields: &Map<String, Value>) -> Answer {
        if !self.asked.one_more(self.options.log_per_minute) {
            return self.log_error(1, 403, "Too many requests");
        }
        if given != Known::Ours {
            return self.log_error(2, 403, "Authorization failed");
        }
        let search = fields.get("search");
        let date = |name: &str| search.and_then(|it| it.get(name)).and_then(Value::as_str).and_then(gmt);
        let (Some(from), Some(until)) = (date("fromdate"), date("todate")) else {
            return self.log_error(5, 404, "Bad date range");
        };
        if from > until {
            return self.log_error(5, 404, "Bad date range");
        }
        let mut found: Vec<PastRecord> =
            hold(&self.book).log.iter().filter(|it| it.at >= from && it.at <= until).cloned().collect();
        found.sort_by_key(|record| record.at);
        let descending =
            fields.get("sort").and_then(|it| it.pointer("/0/order")).and_then(Value::as_str) == Some("desc");
        if descending {
            found.reverse();
        }
        let hits = found.len();
        found.truncate(self.options.log_most);
        let list: Vec<Value> = found.iter().map(|record| written(record, self.options.log_case)).collect();
        let answer = json!({
            "ERROR_NUMBER": 0,
            "ERROR_DESCRIPTION": "OK",
            "STATUS_CODE": 200,
            "TOTAL_HITS": hits,
            "RETURN_HITS": list.len(),
            "CDR_LIST": list,
        });
        Answer::json(StatusCode::OK, &answer)
    }

    pub(super) fn log_error(&self, number: u32, status: u16, text: &str) -> Answer {
        let body = json!({
            "ERROR_NUMBER": number,
            "ERROR_DESCRIPTION": text,
            "STATUS_CODE": status,
            "TOTAL_HITS": 0,
            "RETURN_HITS": 0,
            "CDR_LIST": [],
        });
        Answer::json(StatusCode::OK, &body)
    }
}

/// GMT without saying so.
fn gmt(text: &str) -> Option<Timestamp> {
    let civil: DateTime = text.parse().ok()?;
    Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

fn written(record: &PastRecord, case: KeyCase) -> Value {
    let fields = json!({
        "CallerNumber": record.caller,
        "TargetNumber": record.target,
        "Date": record.at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "Duration": record.duration,
        "CallID": record.call,
        "Type": record.kind,
        "CdrType": record.kind,
        "DialStatus": record.status,
        "CallerExtension": record.caller_extension,
        "TargetExtension": record.target_extension,
        "DID": record.did,
        "RingTime": record.ring,
        "RecordURL": "",
        "CustomData": {},
    });
    match (case, fields) {
        (KeyCase::Lower, Value::Object(fields)) => {
            Value::Object(fields.into_iter().map(|(name, value)| (name.to_lowercase(), value)).collect())
        }
        (KeyCase::Pascal | KeyCase::Lower, fields) => fields,
    }
}
