//! Deleting for good: what is erased is nowhere in the file, its log, its index or the files kept beside it.

use std::fs;
use std::path::Path;

use ringside_domain::{PhoneNumber, Timestamp};
use sqlx::sqlite::SqliteConnection;

use super::past;
use crate::Store;
use crate::error::StoreError;
use crate::{kept, number_jobs};

/// What an erasure removed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Erased {
    pub calls: u64,
    /// Backups and damaged copies that were removed, since they may hold the same rows.
    pub files: u32,
    /// The log still holds old pages because somebody was reading; they go at the next erasure or a proper close.
    pub log_remains: bool,
}

impl Store {
    /// Erases every call, leg, record, dial and contact number of this number, and the copies of the file. What journals
    /// have not brought yet of the past is not asked for any more: nobody may keep a list of whom to leave out.
    pub async fn delete_number(&self, number: &PhoneNumber) -> Result<Erased, StoreError> {
        let number = number.e164();
        let mut writer = self.write().await?;
        let mut transaction = writer.begin().await?;
        let calls = sqlx::query!(
            "DELETE FROM calls WHERE (party_kind = 'number' AND party = ?1)
                OR id IN (SELECT call_id FROM legs WHERE party_kind = 'number' AND party = ?1)
                OR id IN (SELECT call_id FROM past_calls WHERE party_kind = 'number' AND party = ?1)",
            number
        )
        .execute(&mut *transaction)
        .await?
        .rows_affected();
        past::blank(&mut transaction).await?;
        past::no_further_back(&mut transaction).await?;
        sqlx::query!("DELETE FROM dials WHERE target_kind = 'number' AND target = ?1", number)
            .execute(&mut *transaction)
            .await?;
        let digits = number.trim_start_matches('+');
        sqlx::query!(
            "UPDATE contacts SET folded = replace(folded, ?2, '')
            WHERE id IN (SELECT contact_id FROM contact_numbers WHERE number = ?1)",
            number,
            digits
        )
        .execute(&mut *transaction)
        .await?;
        sqlx::query!("DELETE FROM contact_numbers WHERE number = ?1", number).execute(&mut *transaction).await?;
        transaction.commit().await?;
        self.after_erasure(writer.connection()?, calls, |_| true).await
    }

    /// Erases the whole history: calls, legs, gaps, dials, and the copies of the file. Caches, contacts, the journal of
    /// scenarios and undertakings with numbers stay.
    pub async fn delete_all(&self) -> Result<Erased, StoreError> {
        let mut writer = self.write().await?;
        let mut transaction = writer.begin().await?;
        // First, or each of them is changed before it goes.
        past::delete_all(&mut transaction).await?;
        let calls = sqlx::query!("DELETE FROM calls").execute(&mut *transaction).await?.rows_affected();
        sqlx::query!("DELETE FROM gaps").execute(&mut *transaction).await?;
        sqlx::query!("DELETE FROM dials").execute(&mut *transaction).await?;
        transaction.commit().await?;
        self.after_erasure(writer.connection()?, calls, |_| true).await
    }

    /// Erases what started before `before`: the retention that the settings ask for. Copies of the file that were
    /// made before `before` go too, and of undertakings with numbers those that were closed by then.
    pub async fn purge_before(&self, before: Timestamp) -> Result<Erased, StoreError> {
        let ms = before.as_millisecond();
        let mut writer = self.write().await?;
        let mut transaction = writer.begin().await?;
        let calls = sqlx::query!("DELETE FROM calls WHERE started_at < ?1", ms)
            .execute(&mut *transaction)
            .await?
            .rows_affected();
        past::purge_before(&mut transaction, ms).await?;
        sqlx::query!("DELETE FROM gaps WHERE until_at < ?1", ms).execute(&mut *transaction).await?;
        sqlx::query!("DELETE FROM dials WHERE at < ?1", ms).execute(&mut *transaction).await?;
        number_jobs::purge_before(&mut transaction, ms).await?;
        transaction.commit().await?;
        self.after_erasure(writer.connection()?, calls, |path| is_older(path, before)).await
    }

    async fn after_erasure(
        &self,
        connection: &mut SqliteConnection,
        calls: u64,
        goes: impl Fn(&Path) -> bool,
    ) -> Result<Erased, StoreError> {
        let mut erased = Erased { calls, ..Erased::default() };
        if let Some(dir) = self.dir() {
            for path in kept::kept(dir).map_err(StoreError::Files)?.into_iter().filter(|path| goes(path)) {
                fs::remove_file(&path).map_err(StoreError::Files)?;
                erased.files += 1;
            }
        }
        // The log holds the pages as they were before.
        let busy: i64 = sqlx::query_scalar("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(connection).await?;
        erased.log_remains = busy != 0;
        Ok(erased)
    }
}

fn is_older(path: &Path, before: Timestamp) -> bool {
    let modified = fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    modified.and_then(|at| Timestamp::try_from(at).ok()).is_some_and(|at| at < before)
}
