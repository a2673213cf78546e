//! A job's row.

use ringside_domain::{AccountId, Label, PhoneNumber};

use sqlx::sqlite::SqliteConnection;

use super::job::{JobId, JobProblem, NumberJob};
use crate::columns::{Row, Text, Word};
use crate::error::{Inconsistency, StoreError};

pub(crate) struct JobRow {
    pub id: i64,
    pub account: Text,
    pub kind: Text,
    pub stage: Text,
    pub subject: Text,
    pub document_name: Text,
    pub actor: Text,
    pub asked_at: i64,
    pub at: i64,
    pub verification: Text,
    pub order_id: Text,
    pub link_to: Option<Text>,
    pub brought: Text,
    pub push: bool,
    pub problem: Option<Text>,
}

impl TryFrom<JobRow> for NumberJob {
    type Error = Inconsistency;

    fn try_from(row: JobRow) -> Result<Self, Inconsistency> {
        let of = Row { table: "number_jobs", row: row.id };
        let link_to = row.link_to.map(|number| PhoneNumber::from_e164(&number.0)).transpose();
        let problem = row.problem.map(|problem| serde_json::from_str::<JobProblem>(&problem.0)).transpose();
        Ok(Self {
            id: JobId(row.id),
            account: AccountId::from(row.account.0),
            kind: of.word("kind", &row.kind)?,
            stage: of.word("stage", &row.stage)?,
            subject: Label::new(&row.subject.0),
            document_name: Label::new(&row.document_name.0),
            by: Label::new(&row.actor.0),
            asked_at: of.time("asked_at", row.asked_at)?,
            at: of.time("at", row.at)?,
            verification: Label::new(&row.verification.0),
            order: Label::new(&row.order_id.0),
            link_to: link_to.map_err(|_| of.bad("link_to"))?,
            brought: serde_json::from_str(&row.brought.0).map_err(|_| of.bad("brought"))?,
            push: row.push,
            problem: problem.map_err(|_| of.bad("problem"))?,
        })
    }
}

macro_rules! select_jobs {
    ($tail:literal $(, $arg:expr)* $(,)?) => {
        sqlx::query_as!(
            $crate::number_jobs::row::JobRow,
            r#"SELECT id AS "id!", account AS "account!: crate::columns::Text", kind AS "kind!: crate::columns::Text",
                stage AS "stage!: crate::columns::Text", subject AS "subject!: crate::columns::Text", document_name AS "document_name!: crate::columns::Text",
                actor AS "actor!: crate::columns::Text", asked_at, at, verification AS "verification!: crate::columns::Text",
                order_id AS "order_id!: crate::columns::Text", link_to AS "link_to: crate::columns::Text", brought AS "brought!: crate::columns::Text",
                push AS "push!: bool", problem AS "problem: crate::columns::Text" "# + $tail
            $(, $arg)*
        )
    };
}

pub(super) use select_jobs;

/// What a job may have become since it was begun.
pub(super) async fn update(connection: &mut SqliteConnection, job: &NumberJob) -> Result<(), StoreError> {
    let (id, stage, at) = (job.id.0, job.stage.text(), job.at.as_millisecond());
    let (verification, order) = (job.verification.as_str(), job.order.as_str());
    let link_to = job.link_to.as_ref().map(PhoneNumber::e164);
    let brought = crate::meta::json(&job.brought)?;
    let problem = job.problem.as_ref().map(crate::meta::json).transpose()?;
    sqlx::query!(
        "UPDATE number_jobs SET stage = ?2, at = ?3, verification = ?4, order_id = ?5, link_to = ?6, brought = ?7,
            push = ?8, problem = ?9
        WHERE id = ?1",
        id,
        stage,
        at,
        verification,
        order,
        link_to,
        brought,
        job.push,
        problem
    )
    .execute(connection)
    .await?;
    Ok(())
}
