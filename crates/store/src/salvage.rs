//! Copying what can be read of one database into another, row by row where it must be.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Connection};
use tokio::time::Instant;

use crate::error::StoreError;

/// How much to copy.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    All,
    /// What a session without a file needs: all caches, the latest calls.
    Recent,
}

#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Salvaged {
    pub calls: u64,
    /// No row is known to be lost.
    pub complete: bool,
}

/// A table, and when in the time there is it must be done, newest rows first. Starting takes precedence: what is not
/// copied by then stays in the file that is kept.
const TABLES: [(&str, Duration); 11] = [
    ("extensions", Duration::from_millis(300)),
    ("lines", Duration::from_millis(350)),
    ("scenarios", Duration::from_millis(400)),
    ("scenario_actions", Duration::from_millis(450)),
    ("facts", Duration::from_millis(500)),
    ("dials", Duration::from_millis(550)),
    ("gaps", Duration::from_millis(600)),
    ("contacts", Duration::from_millis(800)),
    ("contact_numbers", Duration::from_millis(1_000)),
    ("calls", Duration::from_millis(1_600)),
    ("legs", Duration::from_millis(2_000)),
];

const RECENT_CALLS: i64 = 5_000;
/// Rows copied by one statement.
const SPAN: i64 = 256;

/// Copies into `connection`, whose foreign keys may be off. Never fails: what cannot be copied is not.
pub(crate) async fn copy(connection: &mut SqliteConnection, from: &Path, extent: Extent) -> Salvaged {
    let mut salvaged = Salvaged { calls: 0, complete: true };
    if let Err(error) = attach(connection, from).await {
        tracing::warn!(%error, "nothing could be read");
        return Salvaged::default();
    }
    let start = Instant::now();
    for (table, until) in TABLES {
        match copy_table(connection, table, extent, start + until).await {
            Ok(complete) => salvaged.complete &= complete,
            Err(error) => {
                tracing::warn!(table, %error, "a table could not be read");
                salvaged.complete = false;
            }
        }
    }
    salvaged.calls = tidy(connection).await.unwrap_or_default();
    sqlx::raw_sql("DETACH old").execute(connection).await.ok();
    salvaged
}

async fn attach(connection: &mut SqliteConnection, from: &Path) -> Result<(), StoreError> {
    // A file that is shorter than its header says is refused unless this is on.
    sqlx::raw_sql("PRAGMA foreign_keys = OFF; PRAGMA writable_schema = ON").execute(&mut *connection).await?;
    // Read-only: the file stays as it was found. Immutable reads what cannot be locked, but not its log.
    let mut last = Ok(());
    for mode in ["mode=ro", "immutable=1"] {
        let uri = format!("file:{}?{mode}", uri_path(from));
        last = try_attach(connection, &uri).await;
        if last.is_ok() {
            return Ok(());
        }
        sqlx::raw_sql("DETACH old").execute(&mut *connection).await.ok();
    }
    last
}

async fn try_attach(connection: &mut SqliteConnection, uri: &str) -> Result<(), StoreError> {
    sqlx::query("ATTACH DATABASE ?1 AS old").bind(uri).execute(&mut *connection).await?;
    sqlx::query("SELECT count(*) FROM old.sqlite_schema").execute(connection).await?;
    Ok(())
}

fn uri_path(path: &Path) -> String {
    let mut out = String::new();
    for byte in path.to_string_lossy().bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

/// Copies the columns both know. True when no row is known to be missing.
async fn copy_table(
    connection: &mut SqliteConnection,
    table: &'static str,
    extent: Extent,
    until: Instant,
) -> Result<bool, StoreError> {
    let columns: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM pragma_table_info(?1, 'main') WHERE name IN (SELECT name FROM pragma_table_info(?1, 'old'))",
    )
    .bind(table)
    .fetch_all(&mut *connection)
    .await?;
    if columns.is_empty() {
        return Ok(false);
    }
    let columns = columns.join(", ");
    // Names of tables and columns are our own: no statement is made of what a file holds.
    let statement: &'static str = Box::leak(
        format!("INSERT OR IGNORE INTO main.{table} ({columns}) SELECT {columns} FROM old.{table} WHERE id >= ?1 AND id < ?2")
            .into_boxed_str(),
    );
    let newest = newest(connection, table).await;
    let oldest = match (extent, table) {
        (Extent::Recent, "calls" | "legs") => newest.saturating_sub(RECENT_CALLS),
        _ => 0,
    };
    let mut transaction = connection.begin().await?;
    let complete = sweep(&mut transaction, statement, oldest, newest.saturating_add(1), until).await;
    transaction.commit().await?;
    Ok(complete && oldest == 0)
}

/// The highest id, or more than any where that part of the table is broken.
async fn newest(connection: &mut SqliteConnection, table: &str) -> i64 {
    const MORE_THAN_ANY: i64 = 1 << 22;
    let highest: Result<Option<i64>, _> =
        sqlx::query_scalar(AssertSqlSafe(format!("SELECT max(id) FROM old.{table}"))).fetch_one(connection).await;
    match highest {
        Ok(Some(id)) if (0..1 << 40).contains(&id) => id,
        Ok(None) => 0,
        Ok(Some(_)) | Err(_) => MORE_THAN_ANY,
    }
}

/// From the newest rows to the oldest. A span that cannot be read is halved until only the broken rows are left out.
async fn sweep(
    connection: &mut SqliteConnection,
    statement: &'static str,
    oldest: i64,
    end: i64,
    until: Instant,
) -> bool {
    let span = SPAN.max((end - oldest) / 20_000);
    let mut complete = true;
    let mut spans = vec![(oldest, end)];
    while let Some((from, to)) = spans.pop() {
        if Instant::now() >= until {
            return false;
        }
        if to - from > span {
            spans.push((from, to - span));
            spans.push((to - span, to));
            continue;
        }
        let copied = sqlx::query(statement).bind(from).bind(to).execute(&mut *connection).await;
        if copied.is_err() && to - from > 1 {
            let middle = from + (to - from) / 2;
            spans.push((from, middle));
            spans.push((middle, to));
        } else {
            complete &= copied.is_ok();
        }
    }
    complete
}

/// Leaves no row without the one it belongs to; gives the number of calls.
async fn tidy(connection: &mut SqliteConnection) -> Result<u64, StoreError> {
    sqlx::raw_sql(
        "DELETE FROM main.legs WHERE call_id NOT IN (SELECT id FROM main.calls);
        DELETE FROM main.contact_numbers WHERE contact_id NOT IN (SELECT id FROM main.contacts);
        PRAGMA writable_schema = OFF; PRAGMA foreign_keys = ON",
    )
    .execute(&mut *connection)
    .await?;
    let calls: i64 = sqlx::query_scalar("SELECT count(*) FROM main.calls").fetch_one(connection).await?;
    Ok(calls.unsigned_abs())
}
