//! Call detail records: one a leg, by the page.

use hyper::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::Tenios;
use super::book::{Book, Record};
use super::fields::{Fields, Refusal};
use super::options::StampForm;
use super::stamps::{date, stamp};
use super::users::{page, paged};
use crate::lock::hold;
use crate::wire::Answer;

impl Tenios {
    pub(super) fn records(&self, fields: &Fields) -> Result<Answer, Refusal> {
        let range = range(fields)?;
        let page = page(fields, self.options.largest_page)?;
        let book = hold(&self.book);
        let answer = paged(&within(&book, range), page, |it| item(it, self.options.stamps));
        Ok(Answer::json(StatusCode::OK, &answer))
    }

    pub(super) fn count_records(&self, fields: &Fields) -> Result<Answer, Refusal> {
        let range = range(fields)?;
        Ok(Answer::json(StatusCode::OK, &json!({"total_items": within(&hold(&self.book), range).len()})))
    }
}

/// By their start, oldest first.
fn within(book: &Book, (from, to): (Timestamp, Timestamp)) -> Vec<&Record> {
    let mut found: Vec<&Record> = book.records.iter().filter(|it| it.started >= from && it.started <= to).collect();
    found.sort_by_key(|it| (it.started, it.uuid));
    found
}

fn range(fields: &Fields) -> Result<(Timestamp, Timestamp), Refusal> {
    let (from, to) = (date(fields, "start_date_from")?, date(fields, "start_date_to")?);
    if from > to { Err(Refusal::invalid("start_date_to")) } else { Ok((from, to)) }
}

fn item(record: &Record, form: StampForm) -> Value {
    let talk = record.answered.map_or(0, |at| record.ended.duration_since(at).as_micros());
    json!({
        "uuid": record.uuid.to_string(),
        "call_type": record.call_type,
        "callerid_number": record.caller.as_deref().unwrap_or("anonymous"),
        "callerid_name": "",
        "destination_number": record.destination,
        "start_stamp": stamp(record.started, form),
        "answer_stamp": record.answered.map(|at| stamp(at, form)),
        "end_stamp": stamp(record.ended, form),
        "duration": record.ended.duration_since(record.started).as_secs(),
        "billusec": talk,
        "hangup_cause": record.cause,
        "cost": 0.0,
        "prepaid": false,
        "source_type": "FIXED_LINE",
        "bleg_uuid": null,
        "main_leg_uuid": record.main_leg.map(|it| it.to_string()),
        "billing_status": "BILLED",
        "routing_status": null,
    })
}
