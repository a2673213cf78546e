//! The last known forwarding scenarios of each account.

use ringside_domain::{AccountId, Forwarding, Label, Scenario, ScenarioId, ScenarioState, Timestamp};
use serde::{Deserialize, Serialize};

use crate::Store;
use crate::columns::{Row, Text, readable};
use crate::error::{Inconsistency, StoreError};
use crate::extensions::Cached;

#[derive(Serialize)]
struct Item<'a> {
    scenario: &'a str,
    name: &'a str,
    state: &'static str,
    word: &'a str,
    forwardings: Vec<Way<'a>>,
}

#[derive(Serialize)]
struct Way<'a> {
    from: &'a str,
    to: &'a str,
}

#[derive(Deserialize)]
struct StoredWay {
    from: Label,
    to: Label,
}

struct ScenarioRow {
    id: i64,
    account: Text,
    scenario: Text,
    name: Text,
    state: Text,
    state_word: Text,
    forwardings: Text,
    read_at: i64,
}

impl TryFrom<ScenarioRow> for Cached<Scenario> {
    type Error = Inconsistency;

    fn try_from(row: ScenarioRow) -> Result<Self, Inconsistency> {
        let of = Row { table: "scenarios", row: row.id };
        let ways: Vec<StoredWay> = serde_json::from_str(&row.forwardings.0).map_err(|_| of.bad("forwardings"))?;
        Ok(Self {
            account: AccountId::from(row.account.0),
            read_at: of.time("read_at", row.read_at)?,
            value: Scenario {
                id: ScenarioId::from(row.scenario.0),
                name: Label::new(&row.name.0),
                state: state(&row.state.0, &row.state_word.0).ok_or(of.bad("state"))?,
                forwardings: ways.into_iter().map(|way| Forwarding { from: way.from, to: way.to }).collect(),
            },
        })
    }
}

fn state(state: &str, word: &str) -> Option<ScenarioState> {
    match state {
        "active" => Some(ScenarioState::Active),
        "inactive" => Some(ScenarioState::Inactive),
        "changing" => Some(ScenarioState::Changing),
        "scheduled" => Some(ScenarioState::Scheduled),
        "unknown" => Some(ScenarioState::Unknown(Label::new(word))),
        _ => None,
    }
}

fn item(scenario: &Scenario) -> Item<'_> {
    let (state, word) = match &scenario.state {
        ScenarioState::Active => ("active", ""),
        ScenarioState::Inactive => ("inactive", ""),
        ScenarioState::Changing => ("changing", ""),
        ScenarioState::Scheduled => ("scheduled", ""),
        ScenarioState::Unknown(word) => ("unknown", word.as_str()),
    };
    let ways = scenario.forwardings.iter().map(|way| Way { from: way.from.as_str(), to: way.to.as_str() });
    Item { scenario: scenario.id.as_str(), name: scenario.name.as_str(), state, word, forwardings: ways.collect() }
}

impl Store {
    /// Replaces what is known of the account's scenarios: after the whole list was read.
    pub async fn replace_scenarios(
        &self,
        account: &AccountId,
        scenarios: &[Scenario],
        read_at: Timestamp,
    ) -> Result<(), StoreError> {
        let items: Vec<Item<'_>> = scenarios.iter().map(item).collect();
        let (account, items, read_at) = (account.as_str(), crate::meta::json(&items)?, read_at.as_millisecond());
        let mut writer = self.write().await?;
        let mut transaction = writer.begin().await?;
        sqlx::query!("DELETE FROM scenarios WHERE account = ?1", account).execute(&mut *transaction).await?;
        sqlx::query!(
            "INSERT OR REPLACE INTO scenarios
                (account, scenario, position, name, state, state_word, forwardings, read_at)
            SELECT ?1, value ->> 'scenario', key, value ->> 'name', value ->> 'state', value ->> 'word',
                value -> 'forwardings', ?3
            FROM json_each(?2)",
            account,
            items,
            read_at
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await
    }

    /// Writes one scenario as freshly read; a new one comes last.
    pub async fn write_scenario(
        &self,
        account: &AccountId,
        scenario: &Scenario,
        read_at: Timestamp,
    ) -> Result<(), StoreError> {
        let item = item(scenario);
        let forwardings = crate::meta::json(&item.forwardings)?;
        let (account, read_at) = (account.as_str(), read_at.as_millisecond());
        let mut writer = self.write().await?;
        sqlx::query!(
            "INSERT INTO scenarios (account, scenario, position, name, state, state_word, forwardings, read_at)
            VALUES (?1, ?2, (SELECT coalesce(max(position) + 1, 0) FROM scenarios WHERE account = ?1),
                ?3, ?4, ?5, ?6, ?7)
            ON CONFLICT (account, scenario) DO UPDATE SET name = excluded.name, state = excluded.state,
                state_word = excluded.state_word, forwardings = excluded.forwardings, read_at = excluded.read_at",
            account,
            item.scenario,
            item.name,
            item.state,
            item.word,
            forwardings,
            read_at
        )
        .execute(writer.connection()?)
        .await?;
        Ok(())
    }

    /// All accounts' scenarios, each account's in the order its provider gave.
    pub async fn load_scenarios(&self) -> Result<Vec<Cached<Scenario>>, StoreError> {
        let mut reader = self.read().await?;
        let rows = sqlx::query_as!(
            ScenarioRow,
            r#"SELECT id AS "id!", account AS "account!: _", scenario AS "scenario!: _", name AS "name!: _",
                state AS "state!: _", state_word AS "state_word!: _", forwardings AS "forwardings!: _", read_at
            FROM scenarios ORDER BY account, position, id"#
        )
        .fetch_all(reader.connection()?)
        .await?;
        Ok(readable(rows.into_iter().map(Cached::try_from)))
    }
}
