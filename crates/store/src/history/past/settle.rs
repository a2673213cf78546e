//! Joining records with what was seen live, wherever something near them is new.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use ringside_domain::{AccountId, Direction, Party, Timestamp};
use serde::Serialize;
use sqlx::sqlite::SqliteConnection;

use super::pair::{self, APART_MS, Seen, Told};
use super::{table, verdict};
use crate::columns::{Row, Text, Word, party_columns, readable};
use crate::error::{Inconsistency, StoreError};
use crate::history::insert::insert_call;
use crate::history::merge;
use crate::history::record::{CallRecord, CallRowId, Callback};
use crate::history::row::select_calls;
use crate::history::table::{find_row, update_call};
use crate::history::write::{answered_now, born, close_returned};
use crate::meta::json;

/// The longest ring before an answer from which a service may count.
const LONGEST_RING_MS: i64 = 15 * 60_000;

/// Calls of one party that follow each other closely hang together; of such a chain, so many steps are looked at.
const STEPS: usize = 12;

/// Where to look.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::history) struct Seed {
    name: String,
    direction: Direction,
    party: Party,
    at: Vec<i64>,
}

impl Seed {
    pub fn of_call(call: &CallRecord) -> Self {
        let at = [Some(call.started_at), call.answered_at].into_iter().flatten();
        Self {
            name: call.call.as_str().to_owned(),
            direction: call.direction,
            party: call.remote.clone(),
            at: at.map(Timestamp::as_millisecond).collect(),
        }
    }

    pub fn of_record(call: &ringside_domain::PastCall) -> Self {
        Self {
            name: call.id.as_str().to_owned(),
            direction: call.direction,
            party: call.remote.clone(),
            at: vec![call.started_at.as_millisecond()],
        }
    }

    fn of_seen(seen: &Seen) -> Self {
        let at = [Some(seen.started_at), seen.answered_at].into_iter().flatten().collect();
        Self { name: seen.call.clone(), direction: seen.direction, party: seen.party.clone(), at }
    }

    fn of_told(told: &Told) -> Self {
        let at = vec![told.started_at];
        Self { name: told.record.clone(), direction: told.direction, party: told.party.clone(), at }
    }
}

/// What came of it.
#[derive(Default)]
pub(in crate::history) struct Settled {
    /// A missed call from before is not put on the list of those to be returned.
    pub recent: Timestamp,
    /// Rows that are other than before, or new.
    pub changed: BTreeSet<CallRowId>,
    pub returned: Vec<CallRecord>,
    /// A row is gone: it is part of another.
    pub joined: bool,
}

/// Finds which records and rows near the seeds are one call, and makes the rows say so.
pub(in crate::history) async fn settle(
    connection: &mut SqliteConnection,
    account: &AccountId,
    seeds: &[Seed],
    recent: Timestamp,
) -> Result<Settled, StoreError> {
    let near = gather(connection, account, seeds).await?;
    let pairs = pair::pairs(&near.seen, &near.told);
    let of_row: BTreeMap<usize, i64> = pairs.into_iter().map(|(told, seen)| (told, near.seen[seen].id)).collect();
    let lived: HashSet<i64> = near.seen.iter().map(|row| row.id).collect();
    let moves: Vec<(&Told, Option<i64>)> = near
        .told
        .iter()
        .enumerate()
        .map(|(place, told)| (told, of_row.get(&place).copied()))
        .filter(|(told, to)| match to {
            Some(row) => *row != told.call_id,
            None => lived.contains(&told.call_id),
        })
        .collect();
    let mut settled = Settled { recent, ..Settled::default() };
    if !moves.is_empty() {
        perform(connection, account, &moves, &lived, &mut settled).await?;
    }
    Ok(settled)
}

#[derive(Default)]
struct Near {
    seen: Vec<Seen>,
    told: Vec<Told>,
}

/// The rows and records that hang together with the seeds.
async fn gather(connection: &mut SqliteConnection, account: &AccountId, seeds: &[Seed]) -> Result<Near, StoreError> {
    let (mut seen, mut told): (BTreeMap<i64, Seen>, BTreeMap<i64, Told>) = Default::default();
    let mut frontier = seeds.to_vec();
    for _ in 0..STEPS {
        let mut next = Vec::new();
        for record in table::told_near(connection, account, &spans(&frontier, APART_MS)?).await? {
            if let Entry::Vacant(place) = told.entry(record.row) {
                next.push(Seed::of_told(&record));
                place.insert(record);
            }
        }
        // Without a record there is nothing to join, without a row that was seen neither. Records are asked for first: a
        // call that goes on has none.
        if told.is_empty() {
            break;
        }
        for row in table_near(connection, account, &frontier).await? {
            if let Entry::Vacant(place) = seen.entry(row.id) {
                next.push(Seed::of_seen(&row));
                place.insert(row);
            }
        }
        if next.is_empty() || seen.is_empty() {
            break;
        }
        frontier = next;
    }
    Ok(Near { seen: seen.into_values().collect(), told: told.into_values().collect() })
}

/// As one parameter for a statement.
#[derive(Serialize)]
struct Span<'a> {
    name: &'a str,
    direction: &'static str,
    kind: &'static str,
    party: &'a str,
    from: i64,
    until: i64,
}

fn spans(seeds: &[Seed], back: i64) -> Result<String, StoreError> {
    let spans: Vec<Span<'_>> = seeds
        .iter()
        .flat_map(|seed| {
            let (kind, party) = party_columns(&seed.party);
            seed.at.iter().map(move |at| Span {
                name: &seed.name,
                direction: seed.direction.text(),
                kind,
                party,
                from: at.saturating_sub(back),
                until: at.saturating_add(APART_MS),
            })
        })
        .collect();
    json(&spans)
}

struct SeenRow {
    id: i64,
    call: Text,
    extension: Text,
    legs: Option<Text>,
    direction: Text,
    party_kind: Text,
    party: Text,
    started_at: i64,
    answered_at: Option<i64>,
}

impl TryFrom<SeenRow> for Seen {
    type Error = Inconsistency;

    fn try_from(row: SeenRow) -> Result<Self, Inconsistency> {
        let of = Row { table: "calls", row: row.id };
        let legs = row.legs.map(|legs| legs.0).unwrap_or(row.extension.0);
        Ok(Self {
            id: row.id,
            call: row.call.0,
            extensions: legs.split('\u{1f}').map(str::to_owned).collect(),
            direction: of.word("direction", &row.direction)?,
            party: of.party("party", &row.party_kind, &row.party)?,
            started_at: row.started_at,
            answered_at: row.answered_at,
        })
    }
}

/// Rows seen live that a record near the seeds may be of.
async fn table_near(
    connection: &mut SqliteConnection,
    account: &AccountId,
    seeds: &[Seed],
) -> Result<Vec<Seen>, StoreError> {
    let (account, near) = (account.as_str(), spans(seeds, APART_MS + LONGEST_RING_MS)?);
    let rows = sqlx::query_as!(
        SeenRow,
        r#"SELECT c.id AS "id!", c.named AS "call!: Text", c.extension AS "extension!: Text",
            (SELECT group_concat(extension, char(31)) FROM legs WHERE call_id = c.id) AS "legs?: Text",
            c.direction AS "direction!: Text", c.party_kind AS "party_kind!: Text", c.party AS "party!: Text",
            c.started_at AS "started_at!", c.answered_at AS "answered_at?"
        FROM calls AS c WHERE c.live = 1 AND c.id IN (
            SELECT near.id FROM json_each(?2) AS s CROSS JOIN calls AS near
                ON near.started_at BETWEEN s.value ->> 'from' AND s.value ->> 'until'
            WHERE +near.account = ?1 AND near.direction = s.value ->> 'direction'
                AND near.party_kind = s.value ->> 'kind' AND near.party = s.value ->> 'party'
            UNION SELECT named.id FROM json_each(?2) AS s CROSS JOIN calls AS named
                ON named.account = ?1 AND named.named = s.value ->> 'name')"#,
        account,
        near
    )
    .fetch_all(connection)
    .await?;
    let close = |seen: &Seen| {
        seeds.iter().any(|seed| {
            seed.name == seen.call
                || [Some(seen.started_at), seen.answered_at]
                    .into_iter()
                    .flatten()
                    .any(|at| seed.at.iter().any(|seed| seed.abs_diff(at) <= APART_MS.unsigned_abs()))
        })
    };
    Ok(readable(rows.into_iter().map(Seen::try_from)).into_iter().filter(close).collect())
}

async fn perform(
    connection: &mut SqliteConnection,
    account: &AccountId,
    moves: &[(&Told, Option<i64>)],
    lived: &HashSet<i64>,
    settled: &mut Settled,
) -> Result<(), StoreError> {
    for (told, _) in moves {
        table::attach(connection, told.row, None).await?;
    }
    let mut rows = BTreeSet::new();
    for (told, to) in moves {
        let Some(left) = row(connection, told.call_id).await? else { continue };
        if lived.contains(&told.call_id) {
            rows.insert(told.call_id);
        }
        match to {
            Some(row) => {
                table::attach(connection, told.row, Some(CallRowId(*row))).await?;
                rows.insert(*row);
                if !lived.contains(&told.call_id) {
                    carry_over(connection, &left, *row).await?;
                    delete(connection, told.call_id).await?;
                    settled.joined = true;
                }
            }
            None => stand_alone(connection, account, told, &left, settled).await?,
        }
    }
    for id in rows {
        derive(connection, account, id, settled).await?;
    }
    Ok(())
}

/// A record that is of no row seen live has one of its own.
async fn stand_alone(
    connection: &mut SqliteConnection,
    account: &AccountId,
    told: &Told,
    left: &CallRecord,
    settled: &mut Settled,
) -> Result<(), StoreError> {
    let Some(past) = table::by_row(connection, told.row).await? else { return Ok(()) };
    let mut alone = verdict::alone(account, &past, &verdict::Named::from(left));
    alone.callback = to_return(connection, &alone, settled.recent).await?;
    insert_call(connection, &mut alone).await?;
    table::attach(connection, told.row, Some(alone.id)).await?;
    settled.changed.insert(alone.id);
    Ok(())
}

/// What somebody noted or took on stays with the call.
async fn carry_over(connection: &mut SqliteConnection, left: &CallRecord, to: i64) -> Result<(), StoreError> {
    let Some(mut row) = row(connection, to).await? else { return Ok(()) };
    if row.note.is_empty() && !left.note.is_empty() {
        let note = left.note.as_str();
        sqlx::query!("UPDATE calls SET note = ?2, rev = rev + 1 WHERE id = ?1", to, note)
            .execute(&mut *connection)
            .await?;
    }
    let taken = matches!(left.callback, Some(Callback::Claimed { .. } | Callback::Done { .. }));
    if taken && matches!(row.callback, None | Some(Callback::Open)) {
        row.callback.clone_from(&left.callback);
        let rev = sqlx::query_scalar!(r#"SELECT rev AS "rev!" FROM calls WHERE id = ?1"#, to)
            .fetch_one(&mut *connection)
            .await?;
        update_call(connection, &row, rev).await?;
    }
    Ok(())
}

/// Makes a row say what its legs and its record say.
pub(super) async fn derive(
    connection: &mut SqliteConnection,
    account: &AccountId,
    id: i64,
    settled: &mut Settled,
) -> Result<(), StoreError> {
    let Some(before) = row(connection, id).await? else { return Ok(()) };
    let Some(known) = find_row(connection, id).await? else { return Ok(()) };
    let past = table::of_call(connection, before.id).await?;
    let legs = known.legs.iter().map(|(_, leg)| leg);
    let after = match (merge::call(Some(&before), legs, past.as_ref()), &past) {
        (Some(after), _) => Some(after),
        (None, Some(past)) => Some(derived_alone(account, &before, past)),
        (None, None) => None,
    };
    let Some(mut after) = after.filter(|after| *after != before) else { return Ok(()) };
    if after.callback.is_some() && before.callback.is_none() {
        after.callback = to_return(connection, &after, settled.recent).await?;
    }
    update_call(connection, &after, known.rev).await?;
    settled.changed.insert(after.id);
    if let Some(at) = answered_now(Some(&before), &after) {
        settled.returned.extend(close_returned(connection, &after, at).await?);
    }
    Ok(())
}

/// How a missed call starts on the list, if it is to be on it at all.
pub(super) async fn to_return(
    connection: &mut SqliteConnection,
    call: &CallRecord,
    recent: Timestamp,
) -> Result<Option<Callback>, StoreError> {
    if !may_be_returned(call, recent) {
        return Ok(None);
    }
    born(connection, call).await.map(Some)
}

/// Missed, and not long ago.
pub(super) fn may_be_returned(call: &CallRecord, recent: Timestamp) -> bool {
    call.started_at >= recent && merge::callback(call).is_some()
}

fn derived_alone(account: &AccountId, before: &CallRecord, past: &super::Past) -> CallRecord {
    let mut after = verdict::alone(account, past, &verdict::Named::from(before));
    after.id = before.id;
    after.note.clone_from(&before.note);
    // It is on the list already, or too old to come on it.
    after.callback = before.callback.clone().filter(|_| merge::callback(&after).is_some());
    after
}

pub(super) async fn row(connection: &mut SqliteConnection, id: i64) -> Result<Option<CallRecord>, StoreError> {
    let row = select_calls!("FROM calls c WHERE c.id = ?1", id).fetch_optional(connection).await?;
    Ok(row.map(CallRecord::try_from).transpose()?)
}

async fn delete(connection: &mut SqliteConnection, id: i64) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM calls WHERE id = ?1", id).execute(connection).await?;
    Ok(())
}
