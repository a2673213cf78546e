//! Numbered, additive migrations. The number of the last one applied stands in the file's header (`user_version`), so
//! that a file from a later version is recognised before anything is asked of it.

use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;

use crate::error::StoreError;

/// In order; the index plus one is the version. Add at the end, never change what was released.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_first.sql"),
    include_str!("../migrations/0002_past.sql"),
    include_str!("../migrations/0003_number_jobs.sql"),
    include_str!("../migrations/0004_interactions.sql"),
];

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
    apply_all(connection, MIGRATIONS).await
}

async fn apply_all(connection: &mut SqliteConnection, scripts: &[&'static str]) -> Result<(), StoreError> {
    let (found, known) = (version(connection).await?, scripts.len() as i64);
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    for (index, script) in scripts.iter().enumerate() {
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

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::ConnectOptions;
    use sqlx::sqlite::SqliteConnectOptions;

    const SECOND: &str = "ALTER TABLE calls ADD COLUMN mood TEXT";
    const BROKEN: &str = "ALTER TABLE calls ADD COLUMN luck TEXT; ALTER TABLE no_such ADD COLUMN x TEXT";

    async fn memory() -> SqliteConnection {
        SqliteConnectOptions::new().in_memory(true).connect().await.unwrap()
    }

    async fn columns(connection: &mut SqliteConnection) -> Vec<String> {
        let read = "SELECT name FROM pragma_table_info('calls')";
        sqlx::query_scalar(read).fetch_all(connection).await.unwrap()
    }

    #[tokio::test]
    async fn what_is_missing_is_applied_once_and_rows_stay() {
        let mut connection = memory().await;
        apply_all(&mut connection, &MIGRATIONS[..1]).await.unwrap();
        sqlx::query(
            "INSERT INTO calls (account, call, extension, direction, started_at) VALUES ('a', 'b', '31', 'inbound', 1)",
        )
        .execute(&mut connection)
        .await
        .unwrap();
        let scripts = [MIGRATIONS[0], SECOND];
        apply_all(&mut connection, &scripts).await.unwrap();
        apply_all(&mut connection, &scripts).await.unwrap();
        assert_eq!(version(&mut connection).await.unwrap(), 2);
        assert!(columns(&mut connection).await.contains(&"mood".to_owned()));
        let calls: i64 = sqlx::query_scalar("SELECT count(*) FROM calls").fetch_one(&mut connection).await.unwrap();
        assert_eq!(calls, 1);
        let newer = [MIGRATIONS[0], SECOND, SECOND];
        sqlx::query("PRAGMA user_version = 4").execute(&mut connection).await.unwrap();
        let refused = apply_all(&mut connection, &newer).await;
        assert!(matches!(refused, Err(StoreError::Newer { found: 4, known: 3 })));
    }

    #[tokio::test]
    async fn a_migration_that_fails_leaves_no_half() {
        let mut connection = memory().await;
        assert!(apply_all(&mut connection, &[MIGRATIONS[0], BROKEN]).await.is_err());
        assert_eq!(version(&mut connection).await.unwrap(), 1);
        assert!(!columns(&mut connection).await.contains(&"luck".to_owned()));
    }
}
