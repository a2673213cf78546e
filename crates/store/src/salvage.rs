//! Copying what can be read of one database into another, row by row where it must be.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::AssertSqlSafe;
use sqlx::sqlite::SqliteConnection;
use tokio::time::Instant;

use crate::error::StoreError;
use crate::inspect;
use crate::patch;

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
const TABLES: [(&str, Duration); 14] = [
    // Few rows, and what is forgotten here may be paid twice.
    ("number_jobs", Duration::from_millis(200)),
    ("order_words", Duration::from_millis(250)),
    ("extensions", Duration::from_millis(300)),
    ("lines", Duration::from_millis(350)),
    ("scenarios", Duration::from_millis(400)),
    ("scenario_actions", Duration::from_millis(450)),
    ("facts", Duration::from_millis(500)),
    ("dials", Duration::from_millis(550)),
    ("gaps", Duration::from_millis(600)),
    ("contacts", Duration::from_millis(800)),
    ("contact_numbers", Duration::from_millis(1_000)),
    ("calls", Duration::from_millis(1_400)),
    ("legs", Duration::from_millis(1_800)),
    // How far journals were read is not copied: they are read again, which adds nothing twice.
    ("past_calls", Duration::from_millis(2_000)),
];

const RECENT_CALLS: i64 = 5_000;
/// Rows copied by one statement.
const SPAN: i64 = 256;

/// Copies into `connection`. What cannot be read is left out; fails only where the new database cannot be written.
pub(crate) async fn copy(
    connection: &mut SqliteConnection,
    from: &Path,
    extent: Extent,
) -> Result<Salvaged, StoreError> {
    let mut salvaged = Salvaged { calls: 0, complete: true };
    if let Err(error) = attach(connection, from, extent).await {
        tracing::warn!(%error, "nothing could be read");
        fs::remove_file(patch::path(from)).ok();
        return Ok(Salvaged::default());
    }
    // Filling the index once, afterwards, is cheaper than row by row.
    let trigger: String =
        sqlx::query_scalar("SELECT sql FROM main.sqlite_schema WHERE type = 'trigger' AND name = 'calls_index_insert'")
            .fetch_one(&mut *connection)
            .await?;
    sqlx::raw_sql("DROP TRIGGER main.calls_index_insert").execute(&mut *connection).await?;
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
    salvaged.calls = tidy(connection).await?;
    sqlx::raw_sql("DETACH old").execute(&mut *connection).await?;
    sqlx::raw_sql(AssertSqlSafe(trigger)).execute(connection).await?;
    fs::remove_file(patch::path(from)).ok();
    Ok(salvaged)
}

async fn attach(connection: &mut SqliteConnection, from: &Path, extent: Extent) -> Result<(), StoreError> {
    // A file that is shorter than its header says is refused unless this is on.
    sqlx::raw_sql("PRAGMA foreign_keys = OFF; PRAGMA writable_schema = ON").execute(&mut *connection).await?;
    // Read-only: the file stays as it was found. Immutable reads what cannot be locked, but not its log.
    let found = [format!("file:{}?mode=ro", uri_path(from)), format!("file:{}?immutable=1", uri_path(from))];
    let repaired = format!("file:{}?immutable=1", uri_path(&patch::path(from)));
    for uri in &found {
        if try_attach(connection, uri, true).await.is_ok() {
            return Ok(());
        }
    }
    // A later version's file has another schema and nothing is wrong with it.
    if extent == Extent::All
        && patch::make(connection, from).await.is_ok()
        && try_attach(connection, &repaired, true).await.is_ok()
    {
        return Ok(());
    }
    let [log, no_log] = &found;
    match try_attach(connection, log, false).await {
        Ok(()) => Ok(()),
        Err(_) => try_attach(connection, no_log, false).await,
    }
}

/// Attaches it as `old`, if it has a history; with `same_schema`, if all that is ours is in it as we would make it.
async fn try_attach(connection: &mut SqliteConnection, uri: &str, same_schema: bool) -> Result<(), StoreError> {
    sqlx::query("ATTACH DATABASE ?1 AS old").bind(uri).execute(&mut *connection).await?;
    let history: Result<bool, _> = sqlx::query_scalar(
        "SELECT exists (SELECT 1 FROM old.sqlite_schema WHERE name = 'calls')
            AND (NOT ?1 OR NOT exists (
                SELECT 1 FROM main.sqlite_schema AS ours
                WHERE ours.name <> 'calls_index_insert' AND NOT exists (
                    SELECT 1 FROM old.sqlite_schema AS theirs
                    WHERE theirs.name = ours.name AND theirs.sql IS ours.sql
                )
            ))",
    )
    .bind(same_schema)
    .fetch_one(&mut *connection)
    .await;
    let refused = match history {
        Ok(true) => return Ok(()),
        Ok(false) => inspect::damaged("it holds no history of this form"),
        Err(error) => error.into(),
    };
    sqlx::raw_sql("DETACH old").execute(connection).await?;
    Err(refused)
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
    let statement: Arc<str> = format!(
        "INSERT OR IGNORE INTO main.{table} ({columns}) SELECT {columns} FROM old.{table} WHERE id >= ?1 AND id < ?2"
    )
    .into();
    let newest = newest(connection, table).await;
    let oldest = match (extent, table) {
        (Extent::Recent, "calls" | "legs" | "past_calls") => newest.saturating_sub(RECENT_CALLS),
        _ => 0,
    };
    // Each statement commits by itself: after one that met a broken page, its transaction would take no other.
    let complete = sweep(connection, &statement, oldest, newest.saturating_add(1), until).await;
    Ok(complete && oldest == 0)
}

/// The highest id, or more than any where no way to it is whole.
async fn newest(connection: &mut SqliteConnection, table: &str) -> i64 {
    const MORE_THAN_ANY: i64 = 1 << 22;
    // By the table; where its last page is broken, by going through an index, which `+` makes SQLite do.
    for expression in ["max(id)", "max(+id)"] {
        let highest: Result<Option<i64>, _> =
            sqlx::query_scalar(AssertSqlSafe(format!("SELECT {expression} FROM old.{table}")))
                .fetch_one(&mut *connection)
                .await;
        match highest {
            Ok(None) => return 0,
            Ok(Some(id)) if (0..1 << 40).contains(&id) => return id,
            Ok(Some(_)) | Err(_) => {}
        }
    }
    MORE_THAN_ANY
}

/// Where one pass over a table is: `next` is the first id not yet tried, going down or up.
struct Pass {
    next: i64,
    down: bool,
    span: i64,
    skip: i64,
}

impl Pass {
    fn new(next: i64, down: bool) -> Self {
        Self { next, down, span: SPAN, skip: 1 }
    }

    fn span(&self) -> (i64, i64) {
        if self.down { (self.next - self.span, self.next) } else { (self.next, self.next + self.span) }
    }

    /// Goes on behind a span that was copied. Returns to one that was not in smaller steps, until a single row cannot
    /// be read: then skips ahead, further each time, to get across a broken page.
    fn go_on(&mut self, copied: bool) {
        let step = if copied {
            self.skip = 1;
            self.span
        } else if self.span > 1 {
            0
        } else {
            self.skip *= 2;
            self.skip / 2
        };
        self.next += if self.down { -step } else { step };
        self.span = if copied { (self.span * 2).min(SPAN) } else { (self.span / 8).max(1) };
    }
}

/// From the newest rows to the oldest; where something was broken, also from the oldest on. True when nothing was.
async fn sweep(connection: &mut SqliteConnection, statement: &Arc<str>, oldest: i64, end: i64, until: Instant) -> bool {
    for down in [true, false] {
        let mut whole = true;
        let mut pass = Pass::new(if down { end } else { oldest }, down);
        while (oldest + 1..=end).contains(&pass.next) || (!down && pass.next == oldest) {
            if Instant::now() >= until {
                return false;
            }
            let (from, to) = pass.span();
            let copied = sqlx::query(AssertSqlSafe(statement.clone()))
                .bind(from.max(oldest))
                .bind(to)
                .execute(&mut *connection)
                .await
                .is_ok();
            whole &= copied;
            pass.go_on(copied);
        }
        if down && whole {
            return true;
        }
    }
    false
}

/// Leaves no row without the one it belongs to, and makes the index equal the table; gives the number of calls.
async fn tidy(connection: &mut SqliteConnection) -> Result<u64, StoreError> {
    sqlx::raw_sql(
        "DELETE FROM main.legs WHERE call_id NOT IN (SELECT id FROM main.calls);
        DELETE FROM main.past_calls WHERE call_id IS NOT NULL
            AND NOT exists (SELECT 1 FROM main.calls WHERE id = call_id AND account = past_calls.account);
        UPDATE main.calls SET named = call WHERE named = '';
        DELETE FROM main.contact_numbers WHERE contact_id NOT IN (SELECT id FROM main.contacts);
        PRAGMA writable_schema = OFF; PRAGMA foreign_keys = ON",
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query("INSERT INTO main.calls_fts (calls_fts) VALUES ('rebuild')").execute(&mut *connection).await?;
    let calls: i64 = sqlx::query_scalar("SELECT count(*) FROM main.calls").fetch_one(connection).await?;
    Ok(calls.unsigned_abs())
}
