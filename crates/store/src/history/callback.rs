//! Notes, and the list of missed calls to be returned.

use ringside_domain::{Label, Timestamp};
use sqlx::sqlite::SqliteConnection;

use super::record::{CallRecord, CallRowId};
use super::row::select_calls;
use crate::Store;
use crate::error::StoreError;

/// What came of claiming a call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Claim {
    /// It is yours now, or was already.
    Taken(CallRecord),
    /// Somebody else was first, or it is done: the row says who and since when.
    Refused(CallRecord),
}

impl Store {
    /// Longest note, in characters.
    pub const MAX_NOTE: usize = 4_000;

    /// Replaces the note of a call; lines stay, other control characters go. Gives the row as it is now.
    pub async fn set_note(&self, call: CallRowId, note: &str) -> Result<CallRecord, StoreError> {
        let note: String = note.chars().filter(|c| !c.is_control() || *c == '\n').take(Self::MAX_NOTE).collect();
        let mut writer = self.write().await?;
        let connection = writer.connection()?;
        let id = call.0;
        sqlx::query!("UPDATE calls SET note = ?2, rev = rev + 1 WHERE id = ?1", id, note)
            .execute(&mut *connection)
            .await?;
        row(connection, call).await
    }

    /// Takes on an open callback, so that two people never call the same customer.
    pub async fn claim(&self, call: CallRowId, by: &Label, at: Timestamp) -> Result<Claim, StoreError> {
        let mut writer = self.write().await?;
        let connection = writer.connection()?;
        let (id, who, at) = (call.0, by.as_str(), at.as_millisecond());
        let taken = sqlx::query!(
            "UPDATE calls SET rev = rev + 1, callback = 'claimed', callback_by = ?2,
                callback_at = CASE callback WHEN 'claimed' THEN callback_at ELSE ?3 END
            WHERE id = ?1 AND (callback = 'open' OR (callback = 'claimed' AND callback_by = ?2))",
            id,
            who,
            at
        )
        .execute(&mut *connection)
        .await?;
        let record = row(connection, call).await?;
        Ok(if taken.rows_affected() > 0 { Claim::Taken(record) } else { Claim::Refused(record) })
    }

    /// Gives a claimed callback back to all, or opens a done one again.
    pub async fn reopen(&self, call: CallRowId) -> Result<CallRecord, StoreError> {
        let mut writer = self.write().await?;
        let connection = writer.connection()?;
        let id = call.0;
        sqlx::query!(
            "UPDATE calls SET rev = rev + 1, callback = 'open', callback_by = NULL, callback_at = NULL
            WHERE id = ?1 AND callback IS NOT NULL",
            id
        )
        .execute(&mut *connection)
        .await?;
        row(connection, call).await
    }

    /// Takes a call off the list by hand. A call that is not on it stays as it is.
    pub async fn mark_done(&self, call: CallRowId, by: &Label, at: Timestamp) -> Result<CallRecord, StoreError> {
        let mut writer = self.write().await?;
        let connection = writer.connection()?;
        let (id, who, at) = (call.0, by.as_str(), at.as_millisecond());
        sqlx::query!(
            "UPDATE calls SET rev = rev + 1, callback = 'done', callback_by = ?2, callback_at = ?3
            WHERE id = ?1 AND callback IN ('open', 'claimed')",
            id,
            who,
            at
        )
        .execute(&mut *connection)
        .await?;
        row(connection, call).await
    }

    /// How many missed calls wait to be returned, for the badge.
    pub async fn callbacks_open(&self) -> Result<u32, StoreError> {
        let mut reader = self.read().await?;
        let count =
            sqlx::query_scalar!(r#"SELECT count(*) AS "count!: u32" FROM calls WHERE callback IN ('open', 'claimed')"#)
                .fetch_one(reader.connection()?)
                .await?;
        Ok(count)
    }
}

async fn row(connection: &mut SqliteConnection, call: CallRowId) -> Result<CallRecord, StoreError> {
    let id = call.0;
    let row = select_calls!("FROM calls c WHERE c.id = ?1", id).fetch_optional(connection).await?;
    Ok(row.ok_or(StoreError::NotFound("call"))?.try_into()?)
}
