//! How far each account's journal was read, and what that says of gaps.

use ringside_domain::{AccountId, Timestamp};

use crate::Store;
use crate::columns::Row;
use crate::error::StoreError;

/// Everything between `covered_from` and `read_until` was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct JournalRead {
    pub covered_from: Timestamp,
    pub read_until: Timestamp,
    /// What began before will not change any more.
    pub settled_until: Timestamp,
    /// Nothing older than what is covered is wanted.
    pub whole: bool,
}

impl Store {
    /// `None`: nothing was read yet.
    pub async fn journal_read(&self, account: &AccountId) -> Result<Option<JournalRead>, StoreError> {
        let account = account.as_str();
        let mut reader = self.read().await?;
        let row = sqlx::query!(
            r#"SELECT id AS "id!", covered_from, read_until, settled_until, whole AS "whole!: bool" FROM journal_reads
            WHERE account = ?1"#,
            account
        )
        .fetch_optional(reader.connection()?)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let of = Row { table: "journal_reads", row: row.id };
        Ok(Some(JournalRead {
            covered_from: of.time("covered_from", row.covered_from)?,
            read_until: of.time("read_until", row.read_until)?,
            settled_until: of.time("settled_until", row.settled_until)?,
            whole: row.whole,
        }))
    }

    /// Begins to read an account's journal from `at` on, back and forth; what began before `settled` will not change any
    /// more. One that was begun stays as it is.
    pub async fn begin_journal(
        &self,
        account: &AccountId,
        at: Timestamp,
        settled: Timestamp,
    ) -> Result<(), StoreError> {
        let (account, at, settled) = (account.as_str(), at.as_millisecond(), settled.as_millisecond());
        let mut writer = self.write().await?;
        sqlx::query!(
            "INSERT INTO journal_reads (account, covered_from, read_until, settled_until) VALUES (?1, ?2, ?2, ?3)
            ON CONFLICT (account) DO NOTHING",
            account,
            at,
            settled
        )
        .execute(writer.connection()?)
        .await?;
        Ok(())
    }

    /// Everything back to `from` was read too. Does nothing where the journal is not being read (any more).
    pub async fn journal_read_back(
        &self,
        account: &AccountId,
        from: Timestamp,
        whole: bool,
    ) -> Result<u32, StoreError> {
        let (name, from) = (account.as_str(), from.as_millisecond());
        let mut writer = self.write().await?;
        sqlx::query!(
            "UPDATE journal_reads SET covered_from = min(covered_from, ?2), whole = max(whole, ?3) WHERE account = ?1
                AND whole = 0",
            name,
            from,
            whole
        )
        .execute(writer.connection()?)
        .await?;
        drop(writer);
        self.mark_gaps(account).await
    }

    /// Everything up to `until` was read, and what began before `settled` will not change any more.
    pub async fn journal_read_on(
        &self,
        account: &AccountId,
        until: Timestamp,
        settled: Timestamp,
    ) -> Result<u32, StoreError> {
        let (name, until, settled) = (account.as_str(), until.as_millisecond(), settled.as_millisecond());
        let mut writer = self.write().await?;
        sqlx::query!(
            "UPDATE journal_reads SET read_until = max(read_until, ?2), settled_until = max(settled_until, ?3)
            WHERE account = ?1",
            name,
            until,
            settled
        )
        .execute(writer.connection()?)
        .await?;
        drop(writer);
        self.mark_gaps(account).await
    }

    /// Says of each gap that was read over how many calls came back; gives how many gaps say something new.
    async fn mark_gaps(&self, account: &AccountId) -> Result<u32, StoreError> {
        let account = account.as_str();
        let mut writer = self.write().await?;
        let marked = sqlx::query!(
            "WITH counted AS (
                SELECT g.id, (SELECT count(*) FROM calls AS c WHERE c.started_at >= g.from_at
                    AND c.started_at <= g.until_at AND +c.account = g.account AND c.live = 0 AND c.journal = 1) AS calls
                FROM gaps AS g JOIN journal_reads AS r ON r.account = g.account
                WHERE g.account = ?1 AND g.from_at >= r.covered_from AND g.until_at <= r.read_until
                    AND (g.recovered IS NULL OR g.until_at >= r.settled_until)
            )
            UPDATE gaps SET recovered = (SELECT calls FROM counted WHERE counted.id = gaps.id)
            WHERE id IN (SELECT id FROM counted WHERE counted.calls IS NOT gaps.recovered)",
            account
        )
        .execute(writer.connection()?)
        .await?;
        Ok(u32::try_from(marked.rows_affected()).unwrap_or(u32::MAX))
    }
}
