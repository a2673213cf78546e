//! The rows of a call and its legs, read and written whole.

use ringside_domain::{AccountId, CallId, Timestamp};
use sqlx::sqlite::SqliteConnection;

use super::live::Known;
use super::past;
use super::record::{CallRecord, CallRowId, LegRecord};
use super::row::{CallRow, LegRow, callback_columns, interaction, select_calls, was_columns};
use crate::columns::{Word, party_columns, readable};
use crate::error::StoreError;

/// By the service's id, and when it was first heard of where it was heard live.
pub(super) async fn find(
    connection: &mut SqliteConnection,
    account: &AccountId,
    call: &CallId,
    began: Option<Timestamp>,
) -> Result<Option<Known>, StoreError> {
    let (account, interaction) = (account.as_str(), interaction(call, began));
    let row = select_calls!("FROM calls c WHERE c.account = ?1 AND c.call = ?2", account, interaction);
    let row: Option<CallRow> = row.fetch_optional(&mut *connection).await?;
    match row {
        Some(row) => known(connection, row).await,
        None => Ok(None),
    }
}

pub(super) async fn find_row(connection: &mut SqliteConnection, id: i64) -> Result<Option<Known>, StoreError> {
    let row = select_calls!("FROM calls c WHERE c.id = ?1", id).fetch_optional(&mut *connection).await?;
    match row {
        Some(row) => known(connection, row).await,
        None => Ok(None),
    }
}

async fn known(connection: &mut SqliteConnection, row: CallRow) -> Result<Option<Known>, StoreError> {
    let (rev, record) = (row.rev, CallRecord::try_from(row)?);
    let legs = legs(connection, &record).await?;
    let past = if record.sources.journal { past::of_call(connection, record.id).await? } else { None };
    Ok(Some(Known { call: record, rev, legs, past }))
}

/// The legs of a call with their rows' ids.
pub(super) async fn legs(
    connection: &mut SqliteConnection,
    call: &CallRecord,
) -> Result<Vec<(i64, LegRecord)>, StoreError> {
    let call_id = call.id.0;
    let rows = sqlx::query_as!(
        LegRow,
        r#"SELECT id AS "id!", extension AS "extension!: _", attempt, mine AS "mine!: bool", direction AS "direction!: _",
            phase AS "phase!: _", class AS "class: _", party_kind AS "party_kind!: _", party AS "party!: _",
            our_kind AS "our_kind!: _", our_party AS "our_party!: _", name AS "name!: _", company AS "company!: _",
            outcome AS "outcome: _", provisional AS "provisional!: bool", started_at, answered_at, ended_at
        FROM legs WHERE call_id = ?1 ORDER BY started_at, id"#,
        call_id
    )
    .fetch_all(connection)
    .await?;
    Ok(readable(rows.into_iter().map(|row| Ok((row.id, row.into_record(call)?)))))
}

/// False if the row is not the one remembered any more.
pub(super) async fn update_call(
    connection: &mut SqliteConnection,
    call: &CallRecord,
    rev: i64,
) -> Result<bool, StoreError> {
    let (account, call_id) = (call.account.as_str(), call.call.as_str());
    let (id, extension) = (call.id.0, call.extension.as_str());
    let (direction, class, outcome) = (call.direction.text(), call.class.map(Word::text), call.outcome.map(Word::text));
    let ((party_kind, party), (our_kind, our_party)) = (party_columns(&call.remote), party_columns(&call.our_number));
    let (name, company) = (call.name.as_str(), call.company.as_str());
    let (started, answered, ended) = times(call.started_at, call.answered_at, call.ended_at);
    let (callback, callback_by, callback_at) = callback_columns(call.callback.as_ref());
    let (was, was_by, was_at) = was_columns(call.was);
    let written = sqlx::query!(
        "UPDATE calls SET extension = ?2, direction = ?3, mine = ?4, class = ?5, party_kind = ?6, party = ?7,
            our_kind = ?8, our_party = ?9, name = ?10, company = ?11, outcome = ?12, provisional = ?13,
            started_at = ?14, answered_at = ?15, ended_at = ?16, callback = ?17, callback_by = ?18, callback_at = ?19,
            live = ?23, journal = ?24, was = ?25, was_by = ?26, was_at = ?27, rev = rev + 1
        WHERE id = ?1 AND account = ?20 AND named = ?21 AND rev = ?22",
        id,
        extension,
        direction,
        call.mine,
        class,
        party_kind,
        party,
        our_kind,
        our_party,
        name,
        company,
        outcome,
        call.provisional,
        started,
        answered,
        ended,
        callback,
        callback_by,
        callback_at,
        account,
        call_id,
        rev,
        call.sources.live,
        call.sources.journal,
        was,
        was_by,
        was_at
    )
    .execute(connection)
    .await?;
    Ok(written.rows_affected() == 1)
}

pub(super) async fn insert_leg(
    connection: &mut SqliteConnection,
    call: CallRowId,
    leg: &LegRecord,
) -> Result<i64, StoreError> {
    let (call, extension, attempt) = (call.0, leg.key.extension.as_str(), i64::from(leg.attempt));
    let (direction, phase) = (leg.direction.text(), leg.phase.text());
    let (class, outcome) = (leg.class.map(Word::text), leg.outcome.map(Word::text));
    let ((party_kind, party), (our_kind, our_party)) = (party_columns(&leg.remote), party_columns(&leg.our_number));
    let (name, company) = (leg.name.as_str(), leg.company.as_str());
    let (started, answered, ended) = times(leg.started_at, leg.answered_at, leg.ended_at);
    let written = sqlx::query!(
        "INSERT INTO legs (call_id, extension, attempt, mine, direction, phase, class, party_kind, party, our_kind,
            our_party, name, company, outcome, provisional, started_at, answered_at, ended_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
        call,
        extension,
        attempt,
        leg.mine,
        direction,
        phase,
        class,
        party_kind,
        party,
        our_kind,
        our_party,
        name,
        company,
        outcome,
        leg.provisional,
        started,
        answered,
        ended
    )
    .execute(connection)
    .await?;
    Ok(written.last_insert_rowid())
}

pub(super) async fn update_leg(connection: &mut SqliteConnection, row: i64, leg: &LegRecord) -> Result<(), StoreError> {
    let (direction, phase) = (leg.direction.text(), leg.phase.text());
    let (class, outcome) = (leg.class.map(Word::text), leg.outcome.map(Word::text));
    let ((party_kind, party), (our_kind, our_party)) = (party_columns(&leg.remote), party_columns(&leg.our_number));
    let (name, company) = (leg.name.as_str(), leg.company.as_str());
    let (started, answered, ended) = times(leg.started_at, leg.answered_at, leg.ended_at);
    sqlx::query!(
        "UPDATE legs SET mine = ?2, direction = ?3, phase = ?4, class = ?5, party_kind = ?6, party = ?7, our_kind = ?8,
            our_party = ?9, name = ?10, company = ?11, outcome = ?12, provisional = ?13, started_at = ?14,
            answered_at = ?15, ended_at = ?16
        WHERE id = ?1",
        row,
        leg.mine,
        direction,
        phase,
        class,
        party_kind,
        party,
        our_kind,
        our_party,
        name,
        company,
        outcome,
        leg.provisional,
        started,
        answered,
        ended
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) fn times(
    started: Timestamp,
    answered: Option<Timestamp>,
    ended: Option<Timestamp>,
) -> (i64, Option<i64>, Option<i64>) {
    let ms = |at: Timestamp| at.as_millisecond();
    (ms(started), answered.map(ms), ended.map(ms))
}
