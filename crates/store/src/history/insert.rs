//! Giving calls their rows, one or many in one statement.

use std::collections::HashMap;

use ringside_domain::CallId;
use serde::Serialize;
use sqlx::sqlite::SqliteConnection;

use super::record::{CallRecord, CallRowId};
use super::row::{callback_columns, interaction, was_columns};
use super::table::times;
use crate::columns::{Text, Word, party_columns};
use crate::error::StoreError;
use crate::meta::json;

/// A row, as one element of a statement's parameter.
#[derive(Serialize)]
struct New<'a> {
    account: &'a str,
    call: String,
    named: &'a str,
    extension: &'a str,
    direction: &'static str,
    mine: bool,
    class: Option<&'static str>,
    party_kind: &'static str,
    party: &'a str,
    our_kind: &'static str,
    our_party: &'a str,
    name: &'a str,
    company: &'a str,
    outcome: Option<&'static str>,
    provisional: bool,
    started_at: i64,
    answered_at: Option<i64>,
    ended_at: Option<i64>,
    callback: Option<&'static str>,
    callback_by: Option<&'a str>,
    callback_at: Option<i64>,
    live: bool,
    journal: bool,
    was: Option<&'static str>,
    was_by: Option<&'static str>,
    was_at: Option<i64>,
}

impl<'a> New<'a> {
    fn of(call: &'a CallRecord) -> Self {
        let ((party_kind, party), (our_kind, our_party)) =
            (party_columns(&call.remote), party_columns(&call.our_number));
        let (started_at, answered_at, ended_at) = times(call.started_at, call.answered_at, call.ended_at);
        let (callback, callback_by, callback_at) = callback_columns(call.callback.as_ref());
        let (was, was_by, was_at) = was_columns(call.was);
        Self {
            account: call.account.as_str(),
            call: interaction(&call.call, call.began),
            named: call.call.as_str(),
            extension: call.extension.as_str(),
            direction: call.direction.text(),
            mine: call.mine,
            class: call.class.map(Word::text),
            party_kind,
            party,
            our_kind,
            our_party,
            name: call.name.as_str(),
            company: call.company.as_str(),
            outcome: call.outcome.map(Word::text),
            provisional: call.provisional,
            started_at,
            answered_at,
            ended_at,
            callback,
            callback_by,
            callback_at,
            live: call.sources.live,
            journal: call.sources.journal,
            was,
            was_by,
            was_at,
        }
    }
}

/// Gives the call its row; false if it has one.
pub(super) async fn insert_call(connection: &mut SqliteConnection, call: &mut CallRecord) -> Result<bool, StoreError> {
    let row = insert_calls(connection, std::iter::once(&*call)).await?.remove(&call.call);
    if let Some(row) = row {
        call.id = row;
    }
    Ok(row.is_some())
}

/// Gives calls of one account their rows. Who has one already is not among those returned.
pub(super) async fn insert_calls<'a>(
    connection: &mut SqliteConnection,
    calls: impl Iterator<Item = &'a CallRecord>,
) -> Result<HashMap<CallId, CallRowId>, StoreError> {
    let calls: Vec<New<'_>> = calls.map(New::of).collect();
    let calls = json(&calls)?;
    // Without a condition the conflict clause would be taken for one of a join.
    let rows = sqlx::query!(
        r#"INSERT INTO calls (account, call, named, extension, direction, mine, class, party_kind, party, our_kind, our_party,
            name, company, outcome, provisional, started_at, answered_at, ended_at, callback, callback_by, callback_at,
            live, journal, was, was_by, was_at)
        SELECT c.value ->> 'account', c.value ->> 'call', c.value ->> 'named', c.value ->> 'extension', c.value ->> 'direction',
            c.value ->> 'mine', c.value ->> 'class', c.value ->> 'party_kind', c.value ->> 'party',
            c.value ->> 'our_kind', c.value ->> 'our_party', c.value ->> 'name', c.value ->> 'company',
            c.value ->> 'outcome', c.value ->> 'provisional', c.value ->> 'started_at', c.value ->> 'answered_at',
            c.value ->> 'ended_at', c.value ->> 'callback', c.value ->> 'callback_by', c.value ->> 'callback_at',
            c.value ->> 'live', c.value ->> 'journal', c.value ->> 'was', c.value ->> 'was_by', c.value ->> 'was_at'
        FROM json_each(?1) AS c WHERE true
        ON CONFLICT (account, call) DO NOTHING RETURNING id AS "id!", named AS "named!: Text""#,
        calls
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (CallId::from(row.named.0), CallRowId(row.id))).collect())
}
