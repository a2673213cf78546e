//! Records as they stand in their table.

use std::collections::HashMap;

use ringside_domain::{AccountId, CallId, ExtensionId, Label, PastCall};
use serde::Serialize;
use sqlx::sqlite::SqliteConnection;

use super::Past;
use super::pair::Told;
use crate::columns::{Row, Text, Word, party_columns, readable};
use crate::error::{Inconsistency, StoreError};
use crate::history::record::CallRowId;
use crate::meta::json;

struct PastRow {
    id: i64,
    record: Text,
    call_id: Option<i64>,
    extension: Option<Text>,
    direction: Text,
    party_kind: Text,
    party: Text,
    our_kind: Text,
    our_party: Text,
    started_at: i64,
    answered_at: Option<i64>,
    ended_at: Option<i64>,
    outcome: Text,
    word: Text,
    was: Option<Text>,
    said_at: i64,
}

/// `SELECT` of whole records; `$tail` is what follows the column list.
macro_rules! select_past {
    ($tail:literal $(, $arg:expr)* $(,)?) => {
        sqlx::query_as!(
            PastRow,
            r#"SELECT p.id AS "id!", p.record AS "record!: Text", p.call_id AS "call_id?", p.extension AS "extension?: Text",
                p.direction AS "direction!: Text", p.party_kind AS "party_kind!: Text", p.party AS "party!: Text",
                p.our_kind AS "our_kind!: Text", p.our_party AS "our_party!: Text", p.started_at AS "started_at!",
                p.answered_at AS "answered_at?", p.ended_at AS "ended_at?", p.outcome AS "outcome!: Text",
                p.word AS "word!: Text", p.was AS "was?: Text", p.said_at AS "said_at!" "# + $tail
            $(, $arg)*
        )
    };
}

impl TryFrom<PastRow> for Past {
    type Error = Inconsistency;

    fn try_from(row: PastRow) -> Result<Self, Inconsistency> {
        let of = Row { table: "past_calls", row: row.id };
        let call = PastCall {
            id: CallId::from(row.record.0),
            extension: row.extension.map(|extension| ExtensionId::from(extension.0)),
            direction: of.word("direction", &row.direction)?,
            remote: of.party("party", &row.party_kind, &row.party)?,
            our_number: of.party("our_party", &row.our_kind, &row.our_party)?,
            started_at: of.time("started_at", row.started_at)?,
            answered_at: of.time_or_none("answered_at", row.answered_at)?,
            ended_at: of.time_or_none("ended_at", row.ended_at)?,
            outcome: of.word("outcome", &row.outcome)?,
            word: Label::new(&row.word.0),
        };
        let was = of.word_or_none("was", row.was.as_ref())?;
        Ok(Self { row: row.id, call_id: row.call_id, call, was, said_at: of.time("said_at", row.said_at)? })
    }
}

/// The record that a call's row has.
pub(in crate::history) async fn of_call(
    connection: &mut SqliteConnection,
    call: CallRowId,
) -> Result<Option<Past>, StoreError> {
    let id = call.0;
    let row = select_past!("FROM past_calls p WHERE p.call_id = ?1", id).fetch_optional(connection).await?;
    Ok(row.map(Past::try_from).transpose()?)
}

pub(super) async fn by_row(connection: &mut SqliteConnection, row: i64) -> Result<Option<Past>, StoreError> {
    let row = select_past!("FROM past_calls p WHERE p.id = ?1", row).fetch_optional(connection).await?;
    Ok(row.map(Past::try_from).transpose()?)
}

/// Those of these records that were read before, by their names.
pub(super) async fn known(
    connection: &mut SqliteConnection,
    account: &AccountId,
    records: &[&str],
) -> Result<HashMap<CallId, Past>, StoreError> {
    let (account, records) = (account.as_str(), json(&records)?);
    let rows = select_past!(
        "FROM json_each(?2) AS r CROSS JOIN past_calls AS p ON p.account = ?1 AND p.record = r.value",
        account,
        records
    )
    .fetch_all(connection)
    .await?;
    Ok(readable(rows.into_iter().map(Past::try_from)).into_iter().map(|past| (past.call.id.clone(), past)).collect())
}

/// Records that begin near a moment, with their rows.
pub(super) async fn told_near(
    connection: &mut SqliteConnection,
    account: &AccountId,
    near: &str,
) -> Result<Vec<Told>, StoreError> {
    let account = account.as_str();
    let rows = select_past!(
        "FROM past_calls AS p WHERE p.call_id IS NOT NULL AND p.id IN (
            SELECT near.id FROM json_each(?2) AS s CROSS JOIN past_calls AS near
                ON near.started_at BETWEEN s.value ->> 'from' AND s.value ->> 'until'
            WHERE +near.account = ?1 AND near.direction = s.value ->> 'direction'
                AND near.party_kind = s.value ->> 'kind' AND near.party = s.value ->> 'party'
            UNION SELECT named.id FROM json_each(?2) AS s CROSS JOIN past_calls AS named
                ON named.account = ?1 AND named.record = s.value ->> 'name')",
        account,
        near
    )
    .fetch_all(connection)
    .await?;
    Ok(readable(rows.into_iter().map(Past::try_from)).iter().filter_map(told).collect())
}

fn told(past: &Past) -> Option<Told> {
    Some(Told {
        row: past.row,
        record: past.call.id.as_str().to_owned(),
        extension: past.call.extension.as_ref().map(|extension| extension.as_str().to_owned()),
        direction: past.call.direction,
        party: past.call.remote.clone(),
        started_at: past.call.started_at.as_millisecond(),
        call_id: past.call_id?,
    })
}

/// A record's row, as one element of a statement's parameter.
#[derive(Serialize)]
struct New<'a> {
    record: &'a str,
    call_id: Option<i64>,
    extension: Option<&'a str>,
    direction: &'static str,
    party_kind: &'static str,
    party: &'a str,
    our_kind: &'static str,
    our_party: &'a str,
    started_at: i64,
    answered_at: Option<i64>,
    ended_at: Option<i64>,
    outcome: &'static str,
    word: &'a str,
    said_at: i64,
}

impl<'a> New<'a> {
    fn of(past: &'a Past) -> Self {
        let call = &past.call;
        let ((party_kind, party), (our_kind, our_party)) =
            (party_columns(&call.remote), party_columns(&call.our_number));
        let (started_at, answered_at, ended_at) = times(call);
        Self {
            record: call.id.as_str(),
            call_id: past.call_id,
            extension: call.extension.as_ref().map(ExtensionId::as_str),
            direction: call.direction.text(),
            party_kind,
            party,
            our_kind,
            our_party,
            started_at,
            answered_at,
            ended_at,
            outcome: call.outcome.text(),
            word: call.word.as_str(),
            said_at: past.said_at.as_millisecond(),
        }
    }
}

/// Gives new records their rows, each as part of the call that it names.
pub(super) async fn insert(
    connection: &mut SqliteConnection,
    account: &AccountId,
    records: &[Past],
) -> Result<(), StoreError> {
    let records: Vec<New<'_>> = records.iter().map(New::of).collect();
    let (account, records) = (account.as_str(), json(&records)?);
    sqlx::query!(
        "INSERT INTO past_calls (account, record, call_id, extension, direction, party_kind, party, our_kind, our_party,
            started_at, answered_at, ended_at, outcome, word, said_at)
        SELECT ?1, r.value ->> 'record', r.value ->> 'call_id', r.value ->> 'extension', r.value ->> 'direction',
            r.value ->> 'party_kind', r.value ->> 'party', r.value ->> 'our_kind', r.value ->> 'our_party',
            r.value ->> 'started_at', r.value ->> 'answered_at', r.value ->> 'ended_at', r.value ->> 'outcome',
            r.value ->> 'word', r.value ->> 'said_at'
        FROM json_each(?2) AS r",
        account,
        records
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn update(connection: &mut SqliteConnection, past: &Past) -> Result<(), StoreError> {
    let call = &past.call;
    let extension = call.extension.as_ref().map(ExtensionId::as_str);
    let (direction, outcome, word) = (call.direction.text(), call.outcome.text(), call.word.as_str());
    let ((kind, party), (our_kind, our_party)) = (party_columns(&call.remote), party_columns(&call.our_number));
    let (started, answered, ended) = times(call);
    let (was, said) = (past.was.map(Word::text), past.said_at.as_millisecond());
    sqlx::query!(
        "UPDATE past_calls SET extension = ?2, direction = ?3, party_kind = ?4, party = ?5, our_kind = ?6, our_party = ?7,
            started_at = ?8, answered_at = ?9, ended_at = ?10, outcome = ?11, word = ?12, was = ?13, said_at = ?14
        WHERE id = ?1",
        past.row,
        extension,
        direction,
        kind,
        party,
        our_kind,
        our_party,
        started,
        answered,
        ended,
        outcome,
        word,
        was,
        said
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Makes a record part of another row; of none only until the next step.
pub(super) async fn attach(
    connection: &mut SqliteConnection,
    past: i64,
    call: Option<CallRowId>,
) -> Result<(), StoreError> {
    let call = call.map(|call| call.0);
    sqlx::query!("UPDATE past_calls SET call_id = ?2 WHERE id = ?1", past, call).execute(connection).await?;
    Ok(())
}

fn times(call: &PastCall) -> (i64, Option<i64>, Option<i64>) {
    let ms = |at: ringside_domain::Timestamp| at.as_millisecond();
    (ms(call.started_at), call.answered_at.map(ms), call.ended_at.map(ms))
}
