//! Copying what can be read of one database into another, row by row where it must be.

use std::fs::{self, File};
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Connection};
use tokio::time::Instant;

use crate::error::StoreError;
use crate::inspect;
use crate::kept::{self, beside};

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
        fs::remove_file(beside(from, PATCHED)).ok();
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
    fs::remove_file(beside(from, PATCHED)).ok();
    salvaged
}

/// Where a copy of a file with a broken header is repaired.
const PATCHED: &str = "-patched";
/// Copying more than this would take longer than a start may.
const MOST_TO_COPY: u64 = 256 << 20;

async fn attach(connection: &mut SqliteConnection, from: &Path) -> Result<(), StoreError> {
    // A file that is shorter than its header says is refused unless this is on.
    sqlx::raw_sql("PRAGMA foreign_keys = OFF; PRAGMA writable_schema = ON").execute(&mut *connection).await?;
    // Read-only: the file stays as it was found. Immutable reads what cannot be locked, but not its log.
    let mut last = Ok(());
    for mode in ["mode=ro", "immutable=1"] {
        last = try_attach(connection, &format!("file:{}?{mode}", uri_path(from))).await;
        if last.is_ok() {
            return Ok(());
        }
    }
    if last.as_ref().is_err_and(StoreError::is_damaged) && patch(connection, from).await.is_ok() {
        last = try_attach(connection, &format!("file:{}?immutable=1", uri_path(&beside(from, PATCHED)))).await;
    }
    last
}

/// Makes a copy of the file whose header is that of the new database: they are alike but for the number of pages.
async fn patch(connection: &mut SqliteConnection, from: &Path) -> Result<(), StoreError> {
    sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut *connection).await?;
    let own: String =
        sqlx::query_scalar("SELECT file FROM pragma_database_list WHERE name = 'main'").fetch_one(connection).await?;
    patch_header(Path::new(&own), from).map_err(StoreError::Files)
}

fn patch_header(own: &Path, from: &Path) -> io::Result<()> {
    let mut header = [0; 100];
    File::open(own)?.read_exact(&mut header)?;
    let length = fs::metadata(from)?.len();
    let page = u64::from(u16::from_be_bytes([header[16], header[17]]));
    let pages = u32::try_from(length / page.max(512)).unwrap_or(u32::MAX);
    if length > MOST_TO_COPY || pages == 0 {
        return Err(io::ErrorKind::InvalidData.into());
    }
    header[28..32].copy_from_slice(&pages.to_be_bytes());
    // No free pages are known, and no log belongs to it.
    header[32..40].fill(0);
    header[18..20].fill(1);
    let patched = beside(from, PATCHED);
    let mut copy = kept::create_private(&patched)?;
    io::copy(&mut File::open(from)?, &mut copy)?;
    copy.seek(io::SeekFrom::Start(0))?;
    copy.write_all(&header)
}

async fn try_attach(connection: &mut SqliteConnection, uri: &str) -> Result<(), StoreError> {
    sqlx::query("ATTACH DATABASE ?1 AS old").bind(uri).execute(&mut *connection).await?;
    let calls: Result<i64, _> = sqlx::query_scalar("SELECT count(*) FROM old.sqlite_schema WHERE name = 'calls'")
        .fetch_one(&mut *connection)
        .await;
    let refused = match calls {
        Ok(0) => inspect::damaged("it holds no history"),
        Ok(_) => return Ok(()),
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
async fn sweep(
    connection: &mut SqliteConnection,
    statement: &'static str,
    oldest: i64,
    end: i64,
    until: Instant,
) -> bool {
    for down in [true, false] {
        let mut whole = true;
        let mut pass = Pass::new(if down { end } else { oldest }, down);
        while (oldest + 1..=end).contains(&pass.next) || (!down && pass.next == oldest) {
            if Instant::now() >= until {
                return false;
            }
            let (from, to) = pass.span();
            let copied = sqlx::query(statement).bind(from.max(oldest)).bind(to).execute(&mut *connection).await.is_ok();
            whole &= copied;
            pass.go_on(copied);
        }
        if down && whole {
            return true;
        }
    }
    false
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
