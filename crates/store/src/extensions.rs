//! The last known extensions of each account.

use ringside_domain::{AccountId, Extension, ExtensionId, Label, Timestamp};
use serde::Serialize;

use crate::Store;
use crate::columns::{Row, Text, readable};
use crate::error::{Inconsistency, StoreError};

/// Something read from a provider earlier: show it as old.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cached<T> {
    pub account: AccountId,
    pub read_at: Timestamp,
    pub value: T,
}

/// The list as one JSON parameter: one statement however long it is.
#[derive(Serialize)]
struct Item<'a> {
    extension: &'a str,
    name: &'a str,
    email: Option<&'a str>,
    group: Option<&'a str>,
}

struct ExtensionRow {
    id: i64,
    account: Text,
    extension: Text,
    name: Text,
    email: Option<Text>,
    group_name: Option<Text>,
    read_at: i64,
}

impl TryFrom<ExtensionRow> for Cached<Extension> {
    type Error = Inconsistency;

    fn try_from(row: ExtensionRow) -> Result<Self, Inconsistency> {
        let of = Row { table: "extensions", row: row.id };
        Ok(Self {
            account: AccountId::from(row.account.0),
            read_at: of.time("read_at", row.read_at)?,
            value: Extension {
                id: ExtensionId::from(row.extension.0),
                name: Label::new(&row.name.0),
                email: row.email.map(|email| Label::new(&email.0)),
                group: row.group_name.map(|group| Label::new(&group.0)),
            },
        })
    }
}

impl Store {
    /// Replaces what is known of the account's extensions; the states of lines that are gone go with them.
    pub async fn replace_extensions(
        &self,
        account: &AccountId,
        extensions: &[Extension],
        read_at: Timestamp,
    ) -> Result<(), StoreError> {
        let items: Vec<Item<'_>> = extensions
            .iter()
            .map(|extension| Item {
                extension: extension.id.as_str(),
                name: extension.name.as_str(),
                email: extension.email.as_ref().map(Label::as_str),
                group: extension.group.as_ref().map(Label::as_str),
            })
            .collect();
        let (account, items, read_at) = (account.as_str(), crate::meta::json(&items)?, read_at.as_millisecond());
        let mut writer = self.write().await?;
        let mut transaction = writer.begin().await?;
        sqlx::query!("DELETE FROM extensions WHERE account = ?1", account).execute(&mut *transaction).await?;
        sqlx::query!(
            "INSERT OR REPLACE INTO extensions (account, extension, position, name, email, group_name, read_at)
            SELECT ?1, value ->> 'extension', key, value ->> 'name', value ->> 'email', value ->> 'group', ?3
            FROM json_each(?2)",
            account,
            items,
            read_at
        )
        .execute(&mut *transaction)
        .await?;
        sqlx::query!(
            "DELETE FROM lines WHERE account = ?1
                AND extension NOT IN (SELECT extension FROM extensions WHERE account = ?1)",
            account
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await
    }

    /// All accounts' extensions, each account's in the order its provider gave.
    pub async fn load_extensions(&self) -> Result<Vec<Cached<Extension>>, StoreError> {
        let mut reader = self.read().await?;
        let rows = sqlx::query_as!(
            ExtensionRow,
            r#"SELECT id AS "id!", account AS "account!: _", extension AS "extension!: _", name AS "name!: _",
                email AS "email: _", group_name AS "group_name: _", read_at
            FROM extensions ORDER BY account, position"#
        )
        .fetch_all(reader.connection()?)
        .await?;
        Ok(readable(rows.into_iter().map(Cached::try_from)))
    }

    /// Forgets an account that was removed: its extensions, lines and scenarios. Its history stays.
    pub async fn forget_account(&self, account: &AccountId) -> Result<(), StoreError> {
        let account = account.as_str();
        let mut writer = self.write().await?;
        let mut transaction = writer.begin().await?;
        sqlx::query!("DELETE FROM extensions WHERE account = ?1", account).execute(&mut *transaction).await?;
        sqlx::query!("DELETE FROM lines WHERE account = ?1", account).execute(&mut *transaction).await?;
        sqlx::query!("DELETE FROM scenarios WHERE account = ?1", account).execute(&mut *transaction).await?;
        sqlx::query!("DELETE FROM journal_reads WHERE account = ?1", account).execute(&mut *transaction).await?;
        transaction.commit().await
    }
}
