//! The journal of scenarios: who asked for what and when, and what came of it.

use ringside_domain::{AccountId, Label, ScenarioId, Timestamp};

use crate::Store;
use crate::columns::{Row, Text, Word, readable, words};
use crate::error::{Inconsistency, StoreError};

/// Given out when an action is recorded.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ActionId(pub i64);

/// What somebody asked for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Intent {
    Activate,
    Deactivate,
}

/// What came of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ActionResult {
    /// Recorded before the provider was asked. Still so after a crash: it may or may not have been sent.
    Requested,
    /// A fresh reading shows what was asked for.
    Confirmed,
    /// The provider took it, but no reading has shown it.
    AcceptedNotConfirmed,
    Failed,
    /// A fresh reading shows something else: somebody changed it too.
    Conflict,
}

words!(Intent { Activate = "activate", Deactivate = "deactivate", });
words!(ActionResult {
    Requested = "requested",
    Confirmed = "confirmed",
    AcceptedNotConfirmed = "accepted_not_confirmed",
    Failed = "failed",
    Conflict = "conflict",
});

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScenarioAction {
    pub id: ActionId,
    pub at: Timestamp,
    /// Who asked, as the user is known here.
    pub actor: Label,
    pub account: AccountId,
    pub scenario: ScenarioId,
    /// The scenario's name at that time.
    pub name: Label,
    pub intent: Intent,
    pub result: ActionResult,
    /// The problem's code where it failed.
    pub code: Option<String>,
    /// When it is to be taken back by itself.
    pub ends_at: Option<Timestamp>,
    /// When the result was known.
    pub finished_at: Option<Timestamp>,
}

struct ActionRow {
    id: i64,
    at: i64,
    actor: Text,
    account: Text,
    scenario: Text,
    name: Text,
    intent: Text,
    result: Text,
    code: Option<Text>,
    ends_at: Option<i64>,
    finished_at: Option<i64>,
}

impl TryFrom<ActionRow> for ScenarioAction {
    type Error = Inconsistency;

    fn try_from(row: ActionRow) -> Result<Self, Inconsistency> {
        let of = Row { table: "scenario_actions", row: row.id };
        Ok(Self {
            id: ActionId(row.id),
            at: of.time("at", row.at)?,
            actor: Label::new(&row.actor.0),
            account: AccountId::from(row.account.0),
            scenario: ScenarioId::from(row.scenario.0),
            name: Label::new(&row.name.0),
            intent: of.word("intent", &row.intent)?,
            result: of.word("result", &row.result)?,
            code: row.code.map(|code| code.0),
            ends_at: of.time_or_none("ends_at", row.ends_at)?,
            finished_at: of.time_or_none("finished_at", row.finished_at)?,
        })
    }
}

macro_rules! select_actions {
    ($tail:literal $(, $arg:expr)* $(,)?) => {
        sqlx::query_as!(
            ActionRow,
            r#"SELECT id AS "id!", at, actor AS "actor!: _", account AS "account!: _", scenario AS "scenario!: _",
                name AS "name!: _", intent AS "intent!: _", result AS "result!: _", code AS "code: _", ends_at,
                finished_at "# + $tail
            $(, $arg)*
        )
    };
}

impl Store {
    /// Records that somebody asks for a scenario, before the provider hears of it.
    #[expect(clippy::too_many_arguments, reason = "the columns of one row, each of another type")]
    pub async fn record_action(
        &self,
        actor: &Label,
        account: &AccountId,
        scenario: &ScenarioId,
        name: &Label,
        intent: Intent,
        at: Timestamp,
        ends_at: Option<Timestamp>,
    ) -> Result<ActionId, StoreError> {
        let (actor, account, scenario) = (actor.as_str(), account.as_str(), scenario.as_str());
        let (name, intent, result) = (name.as_str(), intent.text(), ActionResult::Requested.text());
        let (at, ends_at) = (at.as_millisecond(), ends_at.map(|at| at.as_millisecond()));
        let mut writer = self.write().await?;
        let written = sqlx::query!(
            "INSERT INTO scenario_actions (at, actor, account, scenario, name, intent, result, ends_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            at,
            actor,
            account,
            scenario,
            name,
            intent,
            result,
            ends_at
        )
        .execute(writer.connection()?)
        .await?;
        Ok(ActionId(written.last_insert_rowid()))
    }

    /// Records what came of it. May be called again: accepted becomes confirmed.
    pub async fn finish_action(
        &self,
        id: ActionId,
        result: ActionResult,
        code: Option<&str>,
        at: Timestamp,
    ) -> Result<ScenarioAction, StoreError> {
        let (id, result, at) = (id.0, result.text(), at.as_millisecond());
        let mut writer = self.write().await?;
        let connection = writer.connection()?;
        sqlx::query!(
            "UPDATE scenario_actions SET result = ?2, code = ?3, finished_at = ?4 WHERE id = ?1",
            id,
            result,
            code,
            at
        )
        .execute(&mut *connection)
        .await?;
        let row = select_actions!("FROM scenario_actions WHERE id = ?1", id).fetch_optional(connection).await?;
        Ok(row.ok_or(StoreError::NotFound("scenario action"))?.try_into()?)
    }

    /// The latest actions, newest first, of one scenario or of all.
    pub async fn actions(
        &self,
        of: Option<(&AccountId, &ScenarioId)>,
        limit: u32,
    ) -> Result<Vec<ScenarioAction>, StoreError> {
        let account = of.map(|(account, _)| account.as_str());
        let scenario = of.map(|(_, scenario)| scenario.as_str());
        let mut reader = self.read().await?;
        let rows = select_actions!(
            "FROM scenario_actions WHERE (?1 IS NULL OR (account = ?1 AND scenario = ?2))
            ORDER BY at DESC, id DESC LIMIT ?3",
            account,
            scenario,
            limit
        )
        .fetch_all(reader.connection()?)
        .await?;
        Ok(readable(rows.into_iter().map(ScenarioAction::try_from)))
    }

    /// Activations that took effect, have an end, and were not followed by another action: to be taken back at
    /// `ends_at`, also when that passed while the program was not running. The earliest end first.
    pub async fn pending_ends(&self) -> Result<Vec<ScenarioAction>, StoreError> {
        let mut reader = self.read().await?;
        let rows = select_actions!(
            "FROM scenario_actions a
            WHERE a.ends_at IS NOT NULL AND a.intent = 'activate'
                AND a.result IN ('confirmed', 'accepted_not_confirmed')
                AND NOT EXISTS (
                    SELECT 1 FROM scenario_actions later
                    WHERE later.account = a.account AND later.scenario = a.scenario AND later.id > a.id
                        AND later.result <> 'failed'
                )
            ORDER BY a.ends_at"
        )
        .fetch_all(reader.connection()?)
        .await?;
        Ok(readable(rows.into_iter().map(ScenarioAction::try_from)))
    }
}
