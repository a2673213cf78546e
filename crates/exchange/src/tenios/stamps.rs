//! Times as the vendor writes and reads them.

use jiff::Timestamp;
use jiff::tz::Offset;
use serde_json::{Value, json};

use super::fields::{Fields, Refusal};
use super::options::StampForm;

/// A time of a call record.
pub(super) fn stamp(at: Timestamp, form: StampForm) -> Value {
    match form {
        StampForm::Zulu => json!(format!("{at:.3}")),
        StampForm::Offset => json!(format!("{:.0}", at.display_with_offset(Offset::constant(1)))),
        StampForm::Bare => json!(format!("{at:.0}").trim_end_matches('Z')),
        StampForm::Blank => json!(format!("{at:.3}").trim_end_matches('Z').replace('T', " ")),
        StampForm::Seconds => json!(at.as_second()),
        StampForm::Milliseconds => json!(at.as_millisecond()),
    }
}

/// A date of a request: `2016-04-11T09:00:00.000Z`, or with an offset.
pub(super) fn date(fields: &Fields, name: &'static str) -> Result<Timestamp, Refusal> {
    let text = fields.text(name)?;
    let with_zone = text.ends_with('Z') || text.get(19..).is_some_and(|rest| rest.contains(['+', '-']));
    let parsed = text.parse::<Timestamp>().ok().filter(|_| with_zone && text.as_bytes().get(10) == Some(&b'T'));
    parsed.ok_or_else(|| Refusal::invalid(name))
}
