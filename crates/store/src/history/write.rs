//! Writing legs.

use std::collections::HashMap;

use ringside_domain::{AccountId, CallId, Party, Timestamp};
use sqlx::sqlite::SqliteConnection;

use super::live::{Known, Live};
use super::merge;
use super::record::{CallRecord, CallRowId, Callback, HistoryChange, LegRecord};
use super::row::{CallRow, LegRow, callback_columns, select_calls};
use crate::Store;
use crate::columns::{Word, party_columns, readable};
use crate::error::StoreError;

impl Store {
    /// Writes a leg as it stands now, and its call with it, in one transaction. Writing the same again changes
    /// nothing; a late report never takes a leg back.
    ///
    /// # Errors
    ///
    /// [`StoreError::Full`] and [`StoreError::Busy`]: nothing was written, keep the record (see [`super::Backlog`])
    /// and write it again later. [`StoreError::Damaged`]: [`Store::heal`], then again.
    pub async fn write_leg(&self, leg: &LegRecord) -> Result<HistoryChange, StoreError> {
        let mut writer = self.write().await?;
        let mut live = writer.take_live();
        let mut transaction = writer.begin().await?;
        let change = write(&mut transaction, &mut live, leg).await?;
        transaction.commit().await?;
        writer.give_back(live);
        drop(writer);
        self.committed().await;
        Ok(change)
    }

    /// Writes many legs in one transaction: all or none. One change a call, in the order of their first legs.
    ///
    /// # Errors
    ///
    /// As [`Store::write_leg`].
    pub async fn write_legs(&self, legs: &[LegRecord]) -> Result<Vec<HistoryChange>, StoreError> {
        if legs.is_empty() {
            return Ok(Vec::new());
        }
        let mut writer = self.write().await?;
        let mut live = writer.take_live();
        let mut transaction = writer.begin().await?;
        let mut changes: Vec<HistoryChange> = Vec::new();
        let mut places: HashMap<CallRowId, usize> = HashMap::new();
        for leg in legs {
            let change = write(&mut transaction, &mut live, leg).await?;
            match places.get(&change.call.id) {
                Some(place) => follow(&mut changes[*place], change),
                None => {
                    places.insert(change.call.id, changes.len());
                    changes.push(change);
                }
            }
        }
        transaction.commit().await?;
        writer.give_back(live);
        drop(writer);
        self.committed().await;
        Ok(changes)
    }

    /// The legs of a call, the first to start first. Empty for an unknown call.
    pub async fn legs_of(&self, call: CallRowId) -> Result<Vec<LegRecord>, StoreError> {
        let mut reader = self.read().await?;
        let connection = reader.connection()?;
        let id = call.0;
        let row = select_calls!("FROM calls c WHERE c.id = ?1", id).fetch_optional(&mut *connection).await?;
        let Some(row) = row else { return Ok(Vec::new()) };
        let (account, call) = (AccountId::from(row.account.0), CallId::from(row.call.0));
        Ok(legs(connection, id, &account, &call).await?.into_iter().map(|(_, leg)| leg).collect())
    }
}

fn follow(earlier: &mut HistoryChange, later: HistoryChange) {
    earlier.call = later.call;
    earlier.changed |= later.changed;
    earlier.returned.extend(later.returned);
}

/// From memory first; where the row turns out to be another, once more from the file.
async fn write(
    connection: &mut SqliteConnection,
    live: &mut Live,
    new: &LegRecord,
) -> Result<HistoryChange, StoreError> {
    let new = to_milliseconds(new);
    let remembered = live.take(&new.key.account, &new.key.call);
    let written = match write_to(connection, remembered, &new).await? {
        Some(written) => written,
        None => {
            let known = find(connection, &new.key.account, &new.key.call).await?;
            let again = write_to(connection, known, &new).await?;
            again.ok_or(StoreError::NotFound("call"))?
        }
    };
    let (change, known) = written;
    live.remember(known);
    Ok(change)
}

/// `None`: what was known of the call is not what the file has, nothing was written.
async fn write_to(
    connection: &mut SqliteConnection,
    known: Option<Known>,
    new: &LegRecord,
) -> Result<Option<(HistoryChange, Known)>, StoreError> {
    let (before, rev, mut legs) = match known {
        Some(Known { call, rev, legs }) => (Some(call), rev, legs),
        None => (None, 0, Vec::new()),
    };
    let place = legs.iter().position(|(_, leg)| leg.key.extension == new.key.extension && leg.attempt == new.attempt);
    let leg = merge::leg(place.map(|place| &legs[place].1), new);
    if let (Some(place), Some(before)) = (place, &before)
        && legs[place].1 == leg
    {
        return unchanged(connection, before, rev, legs).await;
    }
    let place = place.unwrap_or_else(|| {
        legs.push((NEW, leg.clone()));
        legs.len() - 1
    });
    legs[place].1 = leg;
    let Some(mut call) = merge::call(before.as_ref(), legs.iter().map(|(_, leg)| leg)) else { return Ok(None) };
    if call.callback == Some(Callback::Open) && before.as_ref().is_none_or(|before| before.callback.is_none()) {
        call.callback = Some(born(connection, &call).await?);
    }
    let written = match &before {
        None => insert_call(connection, &mut call).await?,
        Some(_) => update_call(connection, &call, rev).await?,
    };
    if !written {
        return Ok(None);
    }
    let (row, leg) = &mut legs[place];
    match *row {
        NEW => *row = insert_leg(connection, call.id, leg).await?,
        row => update_leg(connection, row, leg).await?,
    }
    let answered_now = call.answered_at.filter(|_| before.as_ref().is_none_or(|before| before.answered_at.is_none()));
    let returned = match answered_now {
        Some(at) => close_returned(connection, &call, at).await?,
        None => Vec::new(),
    };
    let change = HistoryChange { created: before.is_none(), changed: true, call: call.clone(), returned };
    Ok(Some((change, Known { call, rev: rev + 1, legs })))
}

/// The row of a leg that has none yet.
const NEW: i64 = 0;

/// The leg is as it was; its call may have a note or a claim since.
async fn unchanged(
    connection: &mut SqliteConnection,
    before: &CallRecord,
    rev: i64,
    legs: Vec<(i64, LegRecord)>,
) -> Result<Option<(HistoryChange, Known)>, StoreError> {
    let (id, account, call) = (before.id.0, before.account.as_str(), before.call.as_str());
    let row = select_calls!(
        "FROM calls c WHERE c.id = ?1 AND c.account = ?2 AND c.call = ?3 AND c.rev = ?4",
        id,
        account,
        call,
        rev
    );
    let Some(row) = row.fetch_optional(connection).await? else { return Ok(None) };
    let call = CallRecord::try_from(row)?;
    let change = HistoryChange { call: call.clone(), created: false, changed: false, returned: Vec::new() };
    Ok(Some((change, Known { call, rev, legs })))
}

/// The file keeps milliseconds: comparing what was read with what comes in needs the same.
fn to_milliseconds(leg: &LegRecord) -> LegRecord {
    let whole = |at: Timestamp| Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at);
    LegRecord {
        started_at: whole(leg.started_at),
        answered_at: leg.answered_at.map(whole),
        ended_at: leg.ended_at.map(whole),
        ..leg.clone()
    }
}

async fn find(
    connection: &mut SqliteConnection,
    account: &AccountId,
    call: &CallId,
) -> Result<Option<Known>, StoreError> {
    let (account_text, call_text) = (account.as_str(), call.as_str());
    let row = select_calls!("FROM calls c WHERE c.account = ?1 AND c.call = ?2", account_text, call_text);
    let row: Option<CallRow> = row.fetch_optional(&mut *connection).await?;
    let Some(row) = row else { return Ok(None) };
    let (rev, record) = (row.rev, CallRecord::try_from(row)?);
    let legs = legs(connection, record.id.0, account, call).await?;
    Ok(Some(Known { call: record, rev, legs }))
}

/// The legs of a call with their rows' ids.
async fn legs(
    connection: &mut SqliteConnection,
    call_id: i64,
    account: &AccountId,
    call: &CallId,
) -> Result<Vec<(i64, LegRecord)>, StoreError> {
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
    Ok(readable(rows.into_iter().map(|row| Ok((row.id, row.into_record(account, call)?)))))
}

/// Gives the call its row; false if it has one.
async fn insert_call(connection: &mut SqliteConnection, call: &mut CallRecord) -> Result<bool, StoreError> {
    let (account, id, extension) = (call.account.as_str(), call.call.as_str(), call.extension.as_str());
    let (direction, class, outcome) = (call.direction.text(), call.class.map(Word::text), call.outcome.map(Word::text));
    let ((party_kind, party), (our_kind, our_party)) = (party_columns(&call.remote), party_columns(&call.our_number));
    let (name, company) = (call.name.as_str(), call.company.as_str());
    let (started, answered, ended) = times(call.started_at, call.answered_at, call.ended_at);
    let (callback, callback_by, callback_at) = callback_columns(call.callback.as_ref());
    let written = sqlx::query!(
        "INSERT INTO calls (account, call, extension, direction, mine, class, party_kind, party, our_kind, our_party,
            name, company, outcome, provisional, started_at, answered_at, ended_at, callback, callback_by, callback_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)
        ON CONFLICT (account, call) DO NOTHING",
        account,
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
        callback_at
    )
    .execute(connection)
    .await?;
    call.id = CallRowId(written.last_insert_rowid());
    Ok(written.rows_affected() == 1)
}

/// False if the row is not the one remembered any more.
async fn update_call(connection: &mut SqliteConnection, call: &CallRecord, rev: i64) -> Result<bool, StoreError> {
    let (account, call_id) = (call.account.as_str(), call.call.as_str());
    let (id, extension) = (call.id.0, call.extension.as_str());
    let (direction, class, outcome) = (call.direction.text(), call.class.map(Word::text), call.outcome.map(Word::text));
    let ((party_kind, party), (our_kind, our_party)) = (party_columns(&call.remote), party_columns(&call.our_number));
    let (name, company) = (call.name.as_str(), call.company.as_str());
    let (started, answered, ended) = times(call.started_at, call.answered_at, call.ended_at);
    let (callback, callback_by, callback_at) = callback_columns(call.callback.as_ref());
    let written = sqlx::query!(
        "UPDATE calls SET extension = ?2, direction = ?3, mine = ?4, class = ?5, party_kind = ?6, party = ?7,
            our_kind = ?8, our_party = ?9, name = ?10, company = ?11, outcome = ?12, provisional = ?13,
            started_at = ?14, answered_at = ?15, ended_at = ?16, callback = ?17, callback_by = ?18, callback_at = ?19, rev = rev + 1
        WHERE id = ?1 AND account = ?20 AND call = ?21 AND rev = ?22",
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
        rev
    )
    .execute(connection)
    .await?;
    Ok(written.rows_affected() == 1)
}

async fn insert_leg(connection: &mut SqliteConnection, call: CallRowId, leg: &LegRecord) -> Result<i64, StoreError> {
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

async fn update_leg(connection: &mut SqliteConnection, row: i64, leg: &LegRecord) -> Result<(), StoreError> {
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

fn times(started: Timestamp, answered: Option<Timestamp>, ended: Option<Timestamp>) -> (i64, Option<i64>, Option<i64>) {
    let ms = |at: Timestamp| at.as_millisecond();
    (ms(started), answered.map(ms), ended.map(ms))
}

/// How a missed call starts on the list: done where somebody has already spoken with that number since, as when a
/// provider's journal brings it late.
async fn born(connection: &mut SqliteConnection, missed: &CallRecord) -> Result<Callback, StoreError> {
    let (kind, party) = party_columns(&missed.remote);
    let (account, since) = (missed.account.as_str(), missed.started_at.as_millisecond());
    let spoke = sqlx::query_scalar!(
        r#"SELECT min(answered_at) AS "at: i64" FROM calls
        WHERE party = ?1 AND party <> '' AND party_kind = ?2 AND (party_kind = 'number' OR account = ?3)
            AND answered_at > ?4"#,
        party,
        kind,
        account,
        since
    )
    .fetch_one(connection)
    .await?;
    let at = spoke.and_then(|ms| Timestamp::from_millisecond(ms).ok());
    Ok(at.map_or(Callback::Open, |at| Callback::Done { by: None, at }))
}

/// Takes earlier missed calls of the same party off the list: an extension's within its account, a number's anywhere.
async fn close_returned(
    connection: &mut SqliteConnection,
    answered: &CallRecord,
    at: Timestamp,
) -> Result<Vec<CallRecord>, StoreError> {
    if !matches!(answered.remote, Party::Number(_) | Party::Extension(_)) {
        return Ok(Vec::new());
    }
    let (kind, party) = party_columns(&answered.remote);
    let (account, at) = (answered.account.as_str(), at.as_millisecond());
    let rows = select_calls!(
        "FROM calls c WHERE c.party = ?1 AND c.party <> '' AND c.party_kind = ?2
            AND (c.party_kind = 'number' OR c.account = ?3) AND c.started_at < ?4 AND c.callback IN ('open', 'claimed')",
        party,
        kind,
        account,
        at
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut returned = Vec::new();
    let done = Timestamp::from_millisecond(at).unwrap_or(answered.started_at);
    for row in rows {
        let rev = row.rev;
        let Ok(mut call) = CallRecord::try_from(row) else { continue };
        call.callback = Some(Callback::Done { by: None, at: done });
        update_call(connection, &call, rev).await?;
        returned.push(call);
    }
    Ok(returned)
}
