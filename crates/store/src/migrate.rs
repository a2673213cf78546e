//! Numbered, additive migrations. The number of the last one applied stands in the file's header (`user_version`), so
//! that a file from a later version is recognised before anything is asked of it.

use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;

use crate::error::StoreError;

/// In order; the index plus one is the version. Add at the end, never change what was released.
const MIGRATIONS: &[&str] = &[include_str!("../migrations/0001_first.sql")];

/// "RING", so that `file` and we can tell our databases from others (`application_id`).
pub(crate) const APPLICATION_ID: i64 = 0x5249_4e47;

/// The version this program writes.
pub(crate) const KNOWN: i64 = MIGRATIONS.len() as i64;

/// The version of the file; 0 is an empty one.
pub(crate) async fn version(connection: &mut SqliteConnection) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar("PRAGMA user_version").fetch_one(connection).await?)
}

/// Applies what is missing, each in a transaction of its own.
pub(crate) async fn apply(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let found = version(connection).await?;
    if found > KNOWN {
        return Err(StoreError::Newer { found, known: KNOWN });
    }
    for (index, script) in MIGRATIONS.iter().enumerate() {
        let number = index as i64 + 1;
        if number > found {
            apply_one(connection, number, script).await?;
        }
    }
    Ok(())
}

async fn apply_one(connection: &mut SqliteConnection, number: i64, script: &'static str) -> Result<(), StoreError> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    sqlx::raw_sql(script).execute(&mut *transaction).await?;
    if number == 1 {
        // Deleted words leave the index at once, not at the next merge: an erased number must be nowhere in the file.
        sqlx::query("INSERT INTO calls_fts (calls_fts, rank) VALUES ('secure-delete', 1)")
            .execute(&mut *transaction)
            .await?;
    }
    // Pragmas take no parameters; both values are our own numbers.
    let stamp = format!("PRAGMA user_version = {number}; PRAGMA application_id = {APPLICATION_ID}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(stamp)).execute(&mut *transaction).await?;
    Ok(transaction.commit().await?)
}
