//! Writing legs.

use std::collections::HashMap;

use ringside_domain::{Outcome, Party, Phase, Timestamp};
use sqlx::sqlite::SqliteConnection;

use super::insert::insert_call;
use super::live::{Known, Live};
use super::merge;
use super::past;
use super::record::{CallRecord, CallRowId, Callback, HistoryChange, LegRecord};
use super::row::select_calls;
use super::table::{find, find_row, insert_leg, legs, update_call, update_leg};
use crate::Store;
use crate::columns::party_columns;
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
        match self.write_leg_once(leg).await {
            Err(error) if error.is_full() && self.shrink_log().await => self.write_leg_once(leg).await,
            written => written,
        }
    }

    async fn write_leg_once(&self, leg: &LegRecord) -> Result<HistoryChange, StoreError> {
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
        match self.write_legs_once(legs).await {
            Err(error) if error.is_full() && self.shrink_log().await => self.write_legs_once(legs).await,
            written => written,
        }
    }

    async fn write_legs_once(&self, legs: &[LegRecord]) -> Result<Vec<HistoryChange>, StoreError> {
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

    /// Closes the calls that an earlier run of the program left open: how they went on nobody knows. For the start, before
    /// anything is written. Gives how many there were.
    pub async fn close_unfinished(&self) -> Result<u32, StoreError> {
        let mut writer = self.write().await?;
        let mut transaction = writer.begin().await?;
        let open = sqlx::query_scalar!(r#"SELECT id AS "id!" FROM calls WHERE outcome IS NULL"#)
            .fetch_all(&mut *transaction)
            .await?;
        let mut closed = 0;
        for id in open {
            // One row that cannot be read must not keep the others open.
            let known = match find_row(&mut transaction, id).await {
                Ok(Some(known)) => known,
                Ok(None) | Err(StoreError::Inconsistent(_)) => continue,
                Err(error) => return Err(error),
            };
            closed += u32::from(give_up(&mut transaction, known).await?);
        }
        transaction.commit().await?;
        Ok(closed)
    }

    /// The legs of a call, the first to start first. Empty for an unknown call.
    pub async fn legs_of(&self, call: CallRowId) -> Result<Vec<LegRecord>, StoreError> {
        let mut reader = self.read().await?;
        let connection = reader.connection()?;
        let id = call.0;
        let row = select_calls!("FROM calls c WHERE c.id = ?1", id).fetch_optional(&mut *connection).await?;
        let Some(row) = row else { return Ok(Vec::new()) };
        let call = CallRecord::try_from(row)?;
        Ok(legs(connection, &call).await?.into_iter().map(|(_, leg)| leg).collect())
    }
}

/// Closes what nobody saw the end of. False where nothing of it is known that a row could say.
async fn give_up(connection: &mut SqliteConnection, known: Known) -> Result<bool, StoreError> {
    let Known { call: before, rev, mut legs, past } = known;
    for (row, leg) in legs.iter_mut().filter(|(_, leg)| leg.phase != Phase::Ended) {
        *leg = LegRecord { phase: Phase::Ended, outcome: Some(Outcome::Unknown), provisional: true, ..leg.clone() };
        update_leg(connection, *row, leg).await?;
    }
    let after = merge::call(Some(&before), legs.iter().map(|(_, leg)| leg), past.as_ref());
    let after = after.unwrap_or(CallRecord { outcome: Some(Outcome::Unknown), provisional: true, ..before });
    update_call(connection, &after, rev).await
}

fn follow(earlier: &mut HistoryChange, later: HistoryChange) {
    earlier.call = later.call;
    earlier.changed |= later.changed;
    earlier.returned.extend(later.returned);
    earlier.joined |= later.joined;
}

/// From memory first; where the row turns out to be another, once more from the file.
async fn write(
    connection: &mut SqliteConnection,
    live: &mut Live,
    new: &LegRecord,
) -> Result<HistoryChange, StoreError> {
    let new = to_milliseconds(new);
    let remembered = live.take(&new);
    let written = match write_to(connection, remembered, &new).await? {
        Some(written) => written,
        None => {
            let known = find(connection, &new.key.account, &new.key.call, Some(new.began)).await?;
            let again = write_to(connection, known, &new).await?;
            again.ok_or(StoreError::NotFound("call"))?
        }
    };
    let (mut change, mut known) = written;
    if change.turned {
        let seed = past::Seed::of_call(&change.change.call);
        let settled = past::settle(connection, &new.key.account, &[seed], Timestamp::MIN).await?;
        change.change.joined = settled.joined;
        change.change.returned.extend(settled.returned);
        if settled.changed.contains(&known.call.id)
            && let Some(found) = find_row(connection, known.call.id.0).await?
        {
            change.change.call = found.call.clone();
            known = found;
        }
    }
    live.remember(known);
    Ok(change.change)
}

/// What a write of a leg did to its call.
struct Written {
    change: HistoryChange,
    /// The call is new, or who it is with or how it came out is: a record may be of it that was not before.
    turned: bool,
}

/// `None`: what was known of the call is not what the file has, nothing was written.
async fn write_to(
    connection: &mut SqliteConnection,
    known: Option<Known>,
    new: &LegRecord,
) -> Result<Option<(Written, Known)>, StoreError> {
    let (before, rev, mut legs, past) = match known {
        Some(Known { call, rev, legs, past }) => (Some(call), rev, legs, past),
        None => (None, 0, Vec::new(), None),
    };
    let place = legs.iter().position(|(_, leg)| leg.key.extension == new.key.extension && leg.attempt == new.attempt);
    let leg = merge::leg(place.map(|place| &legs[place].1), new);
    if let (Some(place), Some(before)) = (place, &before)
        && legs[place].1 == leg
    {
        return unchanged(connection, before, rev, legs, past).await;
    }
    let place = place.unwrap_or_else(|| {
        legs.push((NEW, leg.clone()));
        legs.len() - 1
    });
    legs[place].1 = leg;
    let legs_alone = legs.iter().map(|(_, leg)| leg);
    let Some(mut call) = merge::call(before.as_ref(), legs_alone, past.as_ref()) else { return Ok(None) };
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
    let returned = match answered_now(before.as_ref(), &call) {
        Some(at) => close_returned(connection, &call, at).await?,
        None => Vec::new(),
    };
    let turned = before.as_ref().is_none_or(|before| has_turned(before, &call));
    let change =
        HistoryChange { created: before.is_none(), changed: true, call: call.clone(), returned, joined: false };
    Ok(Some((Written { change, turned }, Known { call, rev: rev + 1, legs, past })))
}

/// Since when somebody speaks with the party, if that is news.
pub(super) fn answered_now(before: Option<&CallRecord>, call: &CallRecord) -> Option<Timestamp> {
    spoke_at(call).filter(|_| before.is_none_or(|before| spoke_at(before).is_none()))
}

/// A record may say that a call was answered, and not when.
fn spoke_at(call: &CallRecord) -> Option<Timestamp> {
    call.answered_at.or_else(|| (call.outcome == Some(Outcome::Answered)).then_some(call.started_at))
}

fn has_turned(before: &CallRecord, call: &CallRecord) -> bool {
    !before.sources.live
        || before.remote != call.remote
        || before.direction != call.direction
        || before.started_at != call.started_at
        || before.answered_at != call.answered_at
        || before.outcome != call.outcome
        || before.extension != call.extension
}

/// The row of a leg that has none yet.
const NEW: i64 = 0;

/// The leg is as it was; its call may have a note or a claim since.
async fn unchanged(
    connection: &mut SqliteConnection,
    before: &CallRecord,
    rev: i64,
    legs: Vec<(i64, LegRecord)>,
    past: Option<past::Past>,
) -> Result<Option<(Written, Known)>, StoreError> {
    let (id, account, call) = (before.id.0, before.account.as_str(), before.call.as_str());
    let row = select_calls!(
        "FROM calls c WHERE c.id = ?1 AND c.account = ?2 AND c.named = ?3 AND c.rev = ?4",
        id,
        account,
        call,
        rev
    );
    let Some(row) = row.fetch_optional(connection).await? else { return Ok(None) };
    let call = CallRecord::try_from(row)?;
    let change =
        HistoryChange { call: call.clone(), created: false, changed: false, returned: Vec::new(), joined: false };
    Ok(Some((Written { change, turned: false }, Known { call, rev, legs, past })))
}

/// The file keeps milliseconds: comparing what was read with what comes in needs the same.
fn to_milliseconds(leg: &LegRecord) -> LegRecord {
    let whole = |at: Timestamp| Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at);
    LegRecord {
        began: whole(leg.began),
        started_at: whole(leg.started_at),
        answered_at: leg.answered_at.map(whole),
        ended_at: leg.ended_at.map(whole),
        ..leg.clone()
    }
}

/// How a missed call starts on the list: done where somebody has already spoken with that number since, as when a
/// provider's journal brings it late.
pub(super) async fn born(connection: &mut SqliteConnection, missed: &CallRecord) -> Result<Callback, StoreError> {
    let (kind, party) = party_columns(&missed.remote);
    let (account, since) = (missed.account.as_str(), missed.started_at.as_millisecond());
    let spoke = sqlx::query_scalar!(
        r#"SELECT min(coalesce(answered_at, started_at)) AS "at: i64" FROM calls
        WHERE party = ?1 AND party <> '' AND party_kind = ?2 AND (party_kind = 'number' OR account = ?3)
            AND (answered_at IS NOT NULL OR outcome = 'answered') AND coalesce(answered_at, started_at) > ?4"#,
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
pub(super) async fn close_returned(
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
