//! Rows as they stand in the tables, and their reading into records.

use ringside_domain::{AccountId, CallId, ExtensionId, Label, LegKey, Timestamp};

use super::record::{CallRecord, CallRowId, Callback, LegRecord, Source, Sources, Was};
use crate::columns::{Row, Text, Word, words};
use crate::error::Inconsistency;

pub(super) struct CallRow {
    pub id: i64,
    pub account: Text,
    pub call: Text,
    pub named: Text,
    pub extension: Text,
    pub direction: Text,
    pub mine: bool,
    pub class: Option<Text>,
    pub party_kind: Text,
    pub party: Text,
    pub our_kind: Text,
    pub our_party: Text,
    pub name: Text,
    pub company: Text,
    pub outcome: Option<Text>,
    pub provisional: bool,
    pub started_at: i64,
    pub answered_at: Option<i64>,
    pub ended_at: Option<i64>,
    pub note: Text,
    pub callback: Option<Text>,
    pub callback_by: Option<Text>,
    pub callback_at: Option<i64>,
    pub rev: i64,
    pub live: bool,
    pub journal: bool,
    pub was: Option<Text>,
    pub was_by: Option<Text>,
    pub was_at: Option<i64>,
}

words!(Source { Live = "live", Journal = "journal", });

/// `SELECT` of whole calls; `$tail` is what follows the column list. The macros want one literal a statement.
macro_rules! select_calls {
    ($tail:literal $(, $arg:expr)* $(,)?) => {
        sqlx::query_as!(
            $crate::history::row::CallRow,
            r#"SELECT c.id AS "id!", c.account AS "account!: crate::columns::Text", c.call AS "call!: crate::columns::Text",
                c.named AS "named!: crate::columns::Text", c.extension AS "extension!: crate::columns::Text", c.direction AS "direction!: crate::columns::Text",
                c.mine AS "mine!: bool", c.class AS "class: crate::columns::Text",
                c.party_kind AS "party_kind!: crate::columns::Text", c.party AS "party!: crate::columns::Text",
                c.our_kind AS "our_kind!: crate::columns::Text", c.our_party AS "our_party!: crate::columns::Text",
                c.name AS "name!: crate::columns::Text", c.company AS "company!: crate::columns::Text",
                c.outcome AS "outcome: crate::columns::Text", c.provisional AS "provisional!: bool",
                c.started_at AS "started_at!", c.answered_at, c.ended_at,
                c.note AS "note!: crate::columns::Text", c.callback AS "callback: crate::columns::Text",
                c.callback_by AS "callback_by: crate::columns::Text", c.callback_at, c.rev AS "rev!",
                c.live AS "live!: bool", c.journal AS "journal!: bool", c.was AS "was: crate::columns::Text",
                c.was_by AS "was_by: crate::columns::Text", c.was_at "# + $tail
            $(, $arg)*
        )
    };
}
pub(super) use select_calls;

impl TryFrom<CallRow> for CallRecord {
    type Error = Inconsistency;

    fn try_from(row: CallRow) -> Result<Self, Inconsistency> {
        let of = Row { table: "calls", row: row.id };
        let callback = callback(of, &row)?;
        let was = was(of, &row)?;
        Ok(Self {
            id: CallRowId(row.id),
            account: AccountId::from(row.account.0),
            call: CallId::from(row.named.0),
            began: began(&row.call.0),
            extension: ExtensionId::from(row.extension.0),
            direction: of.word("direction", &row.direction)?,
            mine: row.mine,
            class: of.word_or_none("class", row.class.as_ref())?,
            remote: of.party("party", &row.party_kind, &row.party)?,
            our_number: of.party("our_party", &row.our_kind, &row.our_party)?,
            name: Label::new(&row.name.0),
            company: Label::new(&row.company.0),
            outcome: of.word_or_none("outcome", row.outcome.as_ref())?,
            provisional: row.provisional,
            started_at: of.time("started_at", row.started_at)?,
            answered_at: of.time_or_none("answered_at", row.answered_at)?,
            ended_at: of.time_or_none("ended_at", row.ended_at)?,
            note: row.note.0,
            callback,
            sources: Sources { live: row.live, journal: row.journal },
            was,
        })
    }
}

/// Stands between a service's id and our own addition to it.
const AND: char = '\u{1f}';

/// Our own name of an interaction.
pub(super) fn interaction(call: &CallId, began: Option<Timestamp>) -> String {
    began.map_or_else(|| call.to_string(), |began| format!("{call}{AND}{}", began.as_millisecond()))
}

fn began(interaction: &str) -> Option<Timestamp> {
    let (_, began) = interaction.rsplit_once(AND)?;
    Timestamp::from_millisecond(began.parse().ok()?).ok()
}

fn was(of: Row, row: &CallRow) -> Result<Option<Was>, Inconsistency> {
    let outcome = of.word_or_none("was", row.was.as_ref())?;
    let by = of.word_or_none("was_by", row.was_by.as_ref())?;
    let at = of.time_or_none("was_at", row.was_at)?;
    Ok(outcome.zip(by).zip(at).map(|((outcome, by), at)| Was { outcome, by, at }))
}

/// The three columns of a correction.
pub(super) fn was_columns(was: Option<Was>) -> (Option<&'static str>, Option<&'static str>, Option<i64>) {
    (was.map(|was| was.outcome.text()), was.map(|was| was.by.text()), was.map(|was| was.at.as_millisecond()))
}

fn callback(of: Row, row: &CallRow) -> Result<Option<Callback>, Inconsistency> {
    let Some(state) = &row.callback else { return Ok(None) };
    let by = row.callback_by.as_ref().map(|by| Label::new(&by.0));
    let at = of.time_or_none("callback_at", row.callback_at)?;
    match (state.0.as_str(), by, at) {
        ("open", ..) => Ok(Some(Callback::Open)),
        ("claimed", Some(by), Some(at)) => Ok(Some(Callback::Claimed { by, at })),
        ("done", by, Some(at)) => Ok(Some(Callback::Done { by, at })),
        _ => Err(of.bad("callback")),
    }
}

/// The three columns of a callback.
pub(super) fn callback_columns(callback: Option<&Callback>) -> (Option<&'static str>, Option<&str>, Option<i64>) {
    match callback {
        None => (None, None, None),
        Some(Callback::Open) => (Some("open"), None, None),
        Some(Callback::Claimed { by, at }) => (Some("claimed"), Some(by.as_str()), Some(at.as_millisecond())),
        Some(Callback::Done { by, at }) => (Some("done"), by.as_ref().map(Label::as_str), Some(at.as_millisecond())),
    }
}

pub(super) struct LegRow {
    pub id: i64,
    pub extension: Text,
    pub attempt: i64,
    pub mine: bool,
    pub direction: Text,
    pub phase: Text,
    pub class: Option<Text>,
    pub party_kind: Text,
    pub party: Text,
    pub our_kind: Text,
    pub our_party: Text,
    pub name: Text,
    pub company: Text,
    pub outcome: Option<Text>,
    pub provisional: bool,
    pub started_at: i64,
    pub answered_at: Option<i64>,
    pub ended_at: Option<i64>,
}

impl LegRow {
    pub fn into_record(self, call: &CallRecord) -> Result<LegRecord, Inconsistency> {
        let of = Row { table: "legs", row: self.id };
        Ok(LegRecord {
            key: LegKey {
                account: call.account.clone(),
                call: call.call.clone(),
                extension: ExtensionId::from(self.extension.0),
            },
            began: call.began.unwrap_or(Timestamp::UNIX_EPOCH),
            attempt: u32::try_from(self.attempt).map_err(|_| of.bad("attempt"))?,
            mine: self.mine,
            direction: of.word("direction", &self.direction)?,
            phase: of.word("phase", &self.phase)?,
            remote: of.party("party", &self.party_kind, &self.party)?,
            our_number: of.party("our_party", &self.our_kind, &self.our_party)?,
            class: of.word_or_none("class", self.class.as_ref())?,
            name: Label::new(&self.name.0),
            company: Label::new(&self.company.0),
            started_at: of.time("started_at", self.started_at)?,
            answered_at: of.time_or_none("answered_at", self.answered_at)?,
            ended_at: of.time_or_none("ended_at", self.ended_at)?,
            outcome: of.word_or_none("outcome", self.outcome.as_ref())?,
            provisional: self.provisional,
        })
    }
}
