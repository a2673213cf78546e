//! Undertakings with numbers. Each is written before the service is asked, under an intent of its own, and so is each
//! of its steps: what costs money or binds somebody is never sent twice, and after a crash it is known what may have
//! been. What may follow what is for the caller to say; here each change is one transaction that survives a power cut.
//!
//! They are no history of calls: they stay when that is erased, until they were closed longer ago than history is kept.

mod job;
mod row;
mod words;

use ringside_domain::{AccountId, Label, Problem, Timestamp};

pub use job::{JobId, JobKind, JobProblem, JobStage, NumberJob};
pub use words::OrderTold;

use sqlx::sqlite::SqliteConnection;

use crate::Store;
use crate::columns::{Word, readable};
use crate::error::StoreError;
use crate::store::Recording;
use row::select_jobs;

/// Those that were closed before `ms`, and words that nobody waited for. The newest stays, so that its id never comes
/// again and means another.
pub(crate) async fn purge_before(connection: &mut SqliteConnection, ms: i64) -> Result<(), StoreError> {
    sqlx::query!(
        "DELETE FROM number_jobs WHERE stage = 'dropped' AND at < ?1 AND id < (SELECT max(id) FROM number_jobs)",
        ms
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!("DELETE FROM order_words WHERE at < ?1", ms).execute(connection).await?;
    Ok(())
}

/// What is to be written before anything is sent.
#[derive(Clone, Debug)]
pub struct NewJob {
    pub intent: String,
    pub account: AccountId,
    pub kind: JobKind,
    pub subject: Label,
    pub document_name: Label,
    /// Who asks, as the user is known here.
    pub by: Label,
}

/// Whether a job may be sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Begun {
    /// It is written: send it, once.
    New(NumberJob),
    /// It was written before: do not send it.
    Already(NumberJob),
}

impl Store {
    /// Writes a job in its first stage. Only the one who gets [`Begun::New`] may ask the service. A number that is being
    /// given back, or may have been, is the same wish whatever its intent.
    ///
    /// # Errors
    /// [`StoreError::OnlyInMemory`] where it would be gone with the program: then nothing may be sent either.
    pub async fn begin_job(&self, new: &NewJob, at: Timestamp) -> Result<Begun, StoreError> {
        let stage = match new.kind {
            JobKind::Order => JobStage::Verifying,
            JobKind::Cancel => JobStage::Cancelling,
        };
        let (intent, account, kind, stage) = (&new.intent, new.account.as_str(), new.kind.text(), stage.text());
        let (subject, document, by) = (new.subject.as_str(), new.document_name.as_str(), new.by.as_str());
        let at = at.as_millisecond();
        let mut writer = self.write().await?;
        if writer.recording() == Recording::Memory {
            return Err(StoreError::OnlyInMemory);
        }
        let mut transaction = writer.begin_synced().await?;
        let known = select_jobs!(
            "FROM number_jobs WHERE intent = ?1 OR (kind = 'cancel' AND kind = ?3 AND account = ?2 AND subject = ?4
                AND stage IN ('cancelling', 'cancel_unconfirmed')) ORDER BY intent = ?1 DESC LIMIT 1",
            intent,
            account,
            kind,
            subject
        )
        .fetch_optional(&mut *transaction)
        .await?;
        if let Some(known) = known {
            transaction.give_up().await?;
            return Ok(Begun::Already(known.try_into()?));
        }
        let row = sqlx::query!(
            "INSERT INTO number_jobs (intent, account, kind, stage, subject, document_name, actor, asked_at, at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)",
            intent,
            account,
            kind,
            stage,
            subject,
            document,
            by,
            at
        )
        .execute(&mut *transaction)
        .await?
        .last_insert_rowid();
        let written = select_jobs!("FROM number_jobs WHERE id = ?1", row).fetch_one(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(Begun::New(written.try_into()?))
    }

    /// Reads a job, lets `change` change it or refuse, and writes it, as one: of two who want the same step one is
    /// refused.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without such a job, [`StoreError::OnlyInMemory`] as for [`Self::begin_job`]. The inner
    /// error is `change`'s own, and then nothing is written.
    pub async fn change_job<E>(
        &self,
        id: JobId,
        change: impl FnOnce(&mut NumberJob) -> Result<(), E> + Send,
    ) -> Result<Result<NumberJob, E>, StoreError> {
        let mut writer = self.write().await?;
        if writer.recording() == Recording::Memory {
            return Err(StoreError::OnlyInMemory);
        }
        let mut transaction = writer.begin_synced().await?;
        let row = select_jobs!("FROM number_jobs WHERE id = ?1", id.0).fetch_optional(&mut *transaction).await?;
        let mut job: NumberJob = row.ok_or(StoreError::NotFound("job"))?.try_into()?;
        if let Err(refused) = change(&mut job) {
            transaction.give_up().await?;
            return Ok(Err(refused));
        }
        row::update(&mut transaction, &job).await?;
        transaction.commit().await?;
        Ok(Ok(job))
    }

    /// After the store was opened and before anything is asked: what was under way when the program ended may have been
    /// taken or not. How many there were.
    pub async fn interrupt_jobs(&self, problem: &Problem, at: Timestamp) -> Result<u64, StoreError> {
        let under_way = sqlx::query_scalar!(
            r#"SELECT count(*) AS "count!: i64" FROM number_jobs WHERE stage IN ('verifying', 'ordering', 'cancelling')"#
        )
        .fetch_one(self.read().await?.connection()?)
        .await?;
        if under_way == 0 {
            return Ok(0);
        }
        let (problem, at) = (crate::meta::json(&JobProblem::from(problem))?, at.as_millisecond());
        let mut writer = self.write().await?;
        let written = sqlx::query!(
            "UPDATE number_jobs SET stage = CASE stage WHEN 'verifying' THEN 'verify_unconfirmed'
                WHEN 'ordering' THEN 'order_unconfirmed' ELSE 'cancel_unconfirmed' END, problem = ?1, at = ?2
            WHERE stage IN ('verifying', 'ordering', 'cancelling')",
            problem,
            at
        )
        .execute(writer.connection()?)
        .await?;
        Ok(written.rows_affected())
    }

    /// # Errors
    /// [`StoreError::NotFound`] without such a job.
    pub async fn number_job(&self, id: JobId) -> Result<NumberJob, StoreError> {
        let mut reader = self.read().await?;
        let row = select_jobs!("FROM number_jobs WHERE id = ?1", id.0).fetch_optional(reader.connection()?).await?;
        Ok(row.ok_or(StoreError::NotFound("job"))?.try_into()?)
    }

    /// All of them, newest first.
    pub async fn number_jobs(&self) -> Result<Vec<NumberJob>, StoreError> {
        let mut reader = self.read().await?;
        let rows =
            select_jobs!("FROM number_jobs ORDER BY asked_at DESC, id DESC").fetch_all(reader.connection()?).await?;
        Ok(readable(rows.into_iter().map(NumberJob::try_from)))
    }
}
