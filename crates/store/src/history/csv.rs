//! The history as a table for a spreadsheet.

use std::io;

use jiff::SignedDuration;
use ringside_domain::{Party, Timestamp};

use super::record::CallRecord;
use super::search::HistoryQuery;
use crate::Store;
use crate::columns::Word;
use crate::error::StoreError;

const HEAD: [&str; 14] = [
    "id",
    "account",
    "extension",
    "direction",
    "number",
    "name",
    "company",
    "outcome",
    "started_at",
    "answered_at",
    "ended_at",
    "ring_s",
    "talk_s",
    "note",
];

impl Store {
    /// Writes everything that the query finds, from its newest row on, all pages; gives the number of rows.
    pub async fn export_csv<W: io::Write>(&self, query: &HistoryQuery, out: W) -> Result<u64, StoreError> {
        let mut table = csv::Writer::from_writer(out);
        table.write_record(HEAD).map_err(files)?;
        let mut query = HistoryQuery { limit: HistoryQuery::MAX_ROWS, ..query.clone() };
        let mut rows = 0;
        loop {
            let page = self.search(&query).await?;
            for call in &page.calls {
                table.write_record(cells(call)).map_err(files)?;
                rows += 1;
            }
            query.before = page.next;
            if page.next.is_none() {
                table.flush().map_err(StoreError::Files)?;
                return Ok(rows);
            }
        }
    }
}

/// These rows as CSV (RFC 4180) with a head line. Times are RFC 3339 in UTC, durations whole seconds.
///
/// No cell starts a formula in a spreadsheet: what would is preceded by `'` (OWASP, "CSV injection"). An E.164 number is
/// nothing but `+` and digits, and stays what other programs read.
pub fn write_csv<W: io::Write>(out: W, calls: &[CallRecord]) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(HEAD)?;
    for call in calls {
        table.write_record(cells(call))?;
    }
    table.flush()
}

fn files(error: csv::Error) -> StoreError {
    StoreError::Files(error.into())
}

fn cells(call: &CallRecord) -> [String; 14] {
    let at = |at: Timestamp| at.to_string();
    let seconds = |lasted: SignedDuration| lasted.round(jiff::Unit::Second).unwrap_or(lasted).as_secs().to_string();
    let number = match &call.remote {
        Party::Number(number) => number.e164().to_owned(),
        Party::Extension(extension) => harmless(extension.as_str()),
        Party::Code(code) => harmless(code),
        Party::Withheld => "withheld".to_owned(),
        Party::Unstated => String::new(),
    };
    [
        call.id.0.to_string(),
        harmless(call.account.as_str()),
        harmless(call.extension.as_str()),
        call.direction.text().to_owned(),
        number,
        harmless(call.name.as_str()),
        harmless(call.company.as_str()),
        call.outcome.map(Word::text).unwrap_or_default().to_owned(),
        at(call.started_at),
        call.answered_at.map(at).unwrap_or_default(),
        call.ended_at.map(at).unwrap_or_default(),
        call.rang_for().map(seconds).unwrap_or_default(),
        call.talked_for().map(seconds).unwrap_or_default(),
        harmless(&call.note),
    ]
}

fn harmless(text: &str) -> String {
    let first = text.trim_start_matches([' ', '\u{a0}', '\n']).chars().next();
    let formula =
        matches!(first, Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}'));
    if formula { format!("'{text}") } else { text.to_owned() }
}
