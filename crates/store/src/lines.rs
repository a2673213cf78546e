//! The last known state of each line.

use ringside_domain::{AccountId, ExtensionId, LineId, LineState, LineUpdate};
use serde::Serialize;

use crate::Store;
use crate::columns::{Row, Text, Word, readable};
use crate::error::{Inconsistency, StoreError};

#[derive(Serialize)]
struct Item<'a> {
    extension: &'a str,
    status: &'static str,
    presence: &'static str,
    at: i64,
}

struct LineRow {
    id: i64,
    account: Text,
    extension: Text,
    status: Text,
    presence: Text,
    at: i64,
}

impl TryFrom<LineRow> for (LineId, LineState) {
    type Error = Inconsistency;

    fn try_from(row: LineRow) -> Result<Self, Inconsistency> {
        let of = Row { table: "lines", row: row.id };
        let state = LineState {
            status: of.word("status", &row.status)?,
            presence: of.word("presence", &row.presence)?,
            at: of.time("at", row.at)?,
        };
        Ok((LineId { account: row.account.0.into(), extension: ExtensionId::from(row.extension.0) }, state))
    }
}

fn items(lines: &[LineUpdate]) -> Result<String, StoreError> {
    let items: Vec<Item<'_>> = lines
        .iter()
        .map(|line| Item {
            extension: line.extension.as_str(),
            status: line.state.status.text(),
            presence: line.state.presence.text(),
            at: line.state.at.as_millisecond(),
        })
        .collect();
    crate::meta::json(&items)
}

impl Store {
    /// Writes the states of some lines, as one statement: gather a second's worth rather than writing each. Of two for
    /// the same line the later in the list counts.
    pub async fn write_lines(&self, account: &AccountId, lines: &[LineUpdate]) -> Result<(), StoreError> {
        if lines.is_empty() {
            return Ok(());
        }
        let (account, items) = (account.as_str(), items(lines)?);
        let mut writer = self.write().await?;
        sqlx::query!(
            "INSERT INTO lines (account, extension, status, presence, at)
            SELECT ?1, value ->> 'extension', value ->> 'status', value ->> 'presence', value ->> 'at'
            FROM json_each(?2) WHERE true
            ON CONFLICT (account, extension) DO UPDATE
                SET status = excluded.status, presence = excluded.presence, at = excluded.at",
            account,
            items
        )
        .execute(writer.connection()?)
        .await?;
        Ok(())
    }

    /// Replaces all states of an account: after a full reading of its lines.
    pub async fn replace_lines(&self, account: &AccountId, lines: &[LineUpdate]) -> Result<(), StoreError> {
        let (account, items) = (account.as_str(), items(lines)?);
        let mut writer = self.write().await?;
        let mut transaction = writer.begin().await?;
        sqlx::query!("DELETE FROM lines WHERE account = ?1", account).execute(&mut *transaction).await?;
        sqlx::query!(
            "INSERT OR REPLACE INTO lines (account, extension, status, presence, at)
            SELECT ?1, value ->> 'extension', value ->> 'status', value ->> 'presence', value ->> 'at'
            FROM json_each(?2)",
            account,
            items
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await
    }

    /// All lines' last known states; their own times say how old they are.
    pub async fn load_lines(&self) -> Result<Vec<(LineId, LineState)>, StoreError> {
        let mut reader = self.read().await?;
        let rows = sqlx::query_as!(
            LineRow,
            r#"SELECT id AS "id!", account AS "account!: _", extension AS "extension!: _", status AS "status!: _",
                presence AS "presence!: _", at
            FROM lines ORDER BY account, extension"#
        )
        .fetch_all(reader.connection()?)
        .await?;
        Ok(readable(rows.into_iter().map(<(LineId, LineState)>::try_from)))
    }
}
