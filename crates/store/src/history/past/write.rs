//! Writing records, many in one transaction.

use std::collections::HashMap;

use ringside_domain::{AccountId, CallId, Outcome, PastCall, Timestamp};
use sqlx::sqlite::SqliteConnection;

use super::dials::Dials;
use super::settle::{Seed, Settled, derive, may_be_returned, row, settle, to_return};
use super::{Past, PastRecord, PastWritten, table, verdict};
use crate::Store;
use crate::columns::{Text, party_columns};
use crate::error::StoreError;
use crate::history::insert::{insert_call, insert_calls};
use crate::history::record::{CallRecord, CallRowId};
use crate::history::table::find;
use crate::history::write::{answered_now, close_returned};

impl Store {
    /// Writes records of an account, in one transaction: all or none. A record that was read before and says the same
    /// changes nothing; one whose call was erased brings nothing back. A missed call is on the list of those to be
    /// returned only if it began at `recent` or later.
    ///
    /// # Errors
    ///
    /// [`StoreError::Full`] and [`StoreError::Busy`]: nothing was written, read the window again later.
    pub async fn write_past(
        &self,
        account: &AccountId,
        records: &[PastRecord],
        now: Timestamp,
        recent: Timestamp,
    ) -> Result<PastWritten, StoreError> {
        if records.is_empty() {
            return Ok(PastWritten::default());
        }
        let mut writer = self.write().await?;
        let mut transaction = writer.begin().await?;
        let waiting = sqlx::query!(
            r#"SELECT party AS "party!: Text", min(started_at) AS "since!: i64" FROM calls
            WHERE callback IN ('open', 'claimed') GROUP BY party"#
        )
        .fetch_all(&mut *transaction)
        .await?;
        let waiting = waiting.into_iter().map(|row| (row.party.0, row.since)).collect();
        let settled = Settled { recent, ..Settled::default() };
        let dials = Dials::open(&mut transaction, account).await?;
        let mut turn = Turn { account, now: to_millisecond(now), settled, new: 0, waiting, dials };
        turn.write(&mut transaction, records).await?;
        let written = turn.told(&mut transaction).await?;
        transaction.commit().await?;
        drop(writer);
        self.committed().await;
        Ok(written)
    }
}

/// What of a record was news.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wrote {
    Nothing,
    /// How it came out.
    Words,
    /// Where it belongs, too.
    Place,
}

struct Turn<'a> {
    account: &'a AccountId,
    now: Timestamp,
    settled: Settled,
    new: u32,
    /// Parties with a missed call that waits to be returned, and since when the first does: most calls are with others,
    /// or older.
    waiting: HashMap<String, i64>,
    dials: Dials,
}

impl Turn<'_> {
    async fn write(&mut self, connection: &mut SqliteConnection, records: &[PastRecord]) -> Result<(), StoreError> {
        // Of a record that comes twice, the last counts.
        let by_name: HashMap<&CallId, &PastRecord> = records.iter().map(|record| (&record.call.id, record)).collect();
        let mut records: Vec<&PastRecord> = by_name.into_values().collect();
        records.sort_by(|a, b| (a.call.started_at, &a.call.id).cmp(&(b.call.started_at, &b.call.id)));
        let names: Vec<&str> = records.iter().map(|record| record.call.id.as_str()).collect();
        let known = table::known(connection, self.account, &names).await?;
        let calls: Vec<PastCall> = records.iter().map(|record| to_milliseconds(&record.call)).collect();
        let fresh = records.iter().zip(&calls).filter(|(_, call)| !known.contains_key(&call.id));
        self.add(connection, fresh.map(|(record, call)| Fresh::of(self.account, record, call, self.now)).collect())
            .await?;
        let mut seeds = Vec::new();
        for call in &calls {
            let written = match known.get(&call.id) {
                None => Wrote::Place,
                Some(past) => self.read_again(connection, past, call).await?,
            };
            if written != Wrote::Nothing {
                self.dials.hear(connection, call, self.now).await?;
            }
            if written == Wrote::Place {
                seeds.push(Seed::of_record(call));
            }
        }
        if !seeds.is_empty() {
            let settled = settle(connection, self.account, &seeds, self.settled.recent).await?;
            self.settled.changed.extend(settled.changed);
            self.settled.returned.extend(settled.returned);
            self.settled.joined |= settled.joined;
        }
        Ok(())
    }

    /// New records: rows of their own, until they turn out to be part of others. Whether a missed call is still to be
    /// returned is asked last, so that an answer in the same batch counts.
    async fn add(&mut self, connection: &mut SqliteConnection, fresh: Vec<Fresh>) -> Result<(), StoreError> {
        self.new += u32::try_from(fresh.len()).unwrap_or(u32::MAX);
        let recent = self.settled.recent;
        let (mut missed, others) = fresh.into_iter().partition::<Vec<_>, _>(|it| may_be_returned(&it.alone, recent));
        self.insert(connection, others).await?;
        for fresh in &mut missed {
            fresh.alone.callback = to_return(connection, &fresh.alone, recent).await?;
        }
        self.insert(connection, missed).await
    }

    async fn insert(&mut self, connection: &mut SqliteConnection, fresh: Vec<Fresh>) -> Result<(), StoreError> {
        if fresh.is_empty() {
            return Ok(());
        }
        let rows = insert_calls(connection, fresh.iter().map(|it| &it.alone)).await?;
        let (mut placed, mut alone, mut named) = (Vec::new(), Vec::new(), Vec::new());
        for mut fresh in fresh {
            let Some(row) = rows.get(&fresh.alone.call) else {
                named.push(fresh.past);
                continue;
            };
            (fresh.alone.id, fresh.past.call_id) = (*row, Some(row.0));
            self.settled.changed.insert(*row);
            placed.push(fresh.past);
            alone.push(fresh.alone);
        }
        table::insert(connection, self.account, &placed).await?;
        for call in &alone {
            if let Some(at) = answered_now(None, call).filter(|at| self.awaits(call, *at)) {
                self.settled.returned.extend(close_returned(connection, call, at).await?);
            }
        }
        for past in named {
            self.add_to_named(connection, past).await?;
        }
        Ok(())
    }

    fn awaits(&self, call: &CallRecord, at: Timestamp) -> bool {
        self.waiting.get(party_columns(&call.remote).1).is_some_and(|since| *since < at.as_millisecond())
    }

    /// The service calls the record as it called the call when we saw it.
    async fn add_to_named(&mut self, connection: &mut SqliteConnection, mut past: Past) -> Result<(), StoreError> {
        let Some(known) = find(connection, self.account, &past.call.id, None).await? else { return Ok(()) };
        let id = known.call.id.0;
        if let Some(other) = table::of_call(connection, known.call.id).await? {
            // What was taken for this call's record is another's.
            let mut alone = verdict::alone(self.account, &other, &verdict::Named::from(&known.call));
            table::attach(connection, other.row, None).await?;
            insert_call(connection, &mut alone).await?;
            table::attach(connection, other.row, Some(alone.id)).await?;
            self.settled.changed.insert(alone.id);
        }
        past.call_id = Some(id);
        table::insert(connection, self.account, &[past]).await?;
        derive(connection, self.account, id, &mut self.settled).await
    }

    async fn read_again(
        &mut self,
        connection: &mut SqliteConnection,
        past: &Past,
        call: &PastCall,
    ) -> Result<Wrote, StoreError> {
        let Some(id) = past.call_id.filter(|_| past.call != *call) else { return Ok(Wrote::Nothing) };
        let mut now = Past { call: call.clone(), ..past.clone() };
        if past.call.outcome != call.outcome {
            now.said_at = self.now;
            now.was = Some(past.call.outcome).filter(|was| *was != Outcome::Unknown).or(past.was);
        }
        table::update(connection, &now).await?;
        derive(connection, self.account, id, &mut self.settled).await?;
        let (before, after) = (&past.call, call);
        let elsewhere = before.remote != after.remote
            || before.direction != after.direction
            || before.started_at != after.started_at
            || before.extension != after.extension;
        Ok(if elsewhere { Wrote::Place } else { Wrote::Words })
    }

    /// The rows as they are now.
    async fn told(self, connection: &mut SqliteConnection) -> Result<PastWritten, StoreError> {
        let Settled { changed, returned, joined, .. } = self.settled;
        let mut ids: Vec<CallRowId> = changed.into_iter().chain(returned.iter().map(|call| call.id)).collect();
        ids.sort_unstable();
        ids.dedup();
        let many = joined || ids.len() > PastWritten::LISTED;
        let mut rows: Vec<CallRecord> = Vec::new();
        for id in ids.into_iter().take(PastWritten::LISTED) {
            rows.extend(row(connection, id.0).await?);
        }
        Ok(PastWritten { new: self.new, changed: rows, many, dials: self.dials.told })
    }
}

/// A record that was not read before, and the row it has until it turns out to be part of another.
struct Fresh {
    past: Past,
    alone: CallRecord,
}

impl Fresh {
    fn of(account: &AccountId, record: &PastRecord, call: &PastCall, now: Timestamp) -> Self {
        let past = Past { row: 0, call_id: None, call: call.clone(), was: None, said_at: now };
        let alone = verdict::alone(account, &past, &verdict::Named::from(record));
        Self { past, alone }
    }
}

/// The file keeps milliseconds: comparing what was read with what comes in needs the same.
fn to_milliseconds(call: &PastCall) -> PastCall {
    PastCall {
        started_at: to_millisecond(call.started_at),
        answered_at: call.answered_at.map(to_millisecond),
        ended_at: call.ended_at.map(to_millisecond),
        ..call.clone()
    }
}

fn to_millisecond(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}
