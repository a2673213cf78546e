//! Whether a file is a whole database of ours, found out cheaply.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::SqliteConnection;
use tokio::time::Instant;

use crate::error::StoreError;
use crate::kept::beside;
use crate::migrate;

/// What the first hundred bytes say (sqlite.org/fileformat.html section 1.3).
#[derive(PartialEq, Eq, Debug)]
pub(crate) enum Header {
    Absent,
    Plausible { version: i64, writable: bool },
    Damaged,
}

const HEADER_BYTES: usize = 100;
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// A version further ahead than this is no later release but a damaged byte.
const RELEASES_AHEAD: i64 = 10_000;

/// Must not be called while this process has the file open: closing any handle of a file drops its locks (POSIX).
pub(crate) fn header(path: &Path) -> io::Result<Header> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Header::Absent),
        Err(error) => return Err(error),
    };
    let mut header = [0; HEADER_BYTES];
    if metadata.len() < HEADER_BYTES as u64 {
        return Ok(Header::Damaged);
    }
    File::open(path)?.read_exact(&mut header)?;
    let number = |at: usize| u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    let page_size = match u16::from_be_bytes([header[16], header[17]]) {
        1 => 65_536,
        size => u64::from(size),
    };
    let version = i64::from(number(60));
    let ours =
        i64::from(number(68)) == migrate::APPLICATION_ID && (1..migrate::KNOWN + RELEASES_AHEAD).contains(&version);
    // With a log beside it the file may rightly be shorter than it will be once the log is merged.
    let has_log = fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() > 0);
    let pages_are_known = number(24) == number(92) && !has_log;
    let cut = pages_are_known && metadata.len() < u64::from(number(28)) * page_size;
    if &header[..16] != MAGIC || !page_size.is_power_of_two() || page_size < 512 || !ours || cut {
        return Ok(Header::Damaged);
    }
    Ok(Header::Plausible { version, writable: !metadata.permissions().readonly() })
}

/// Compares the schema with that of a new database. A flipped byte in it may still be SQL, and mean something else.
/// What somebody added by hand does not count.
pub(crate) async fn schema(found: &mut SqliteConnection, new: &mut SqliteConnection) -> Result<(), StoreError> {
    const READ: &str = "SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '') FROM sqlite_schema";
    let found: HashSet<String> = sqlx::query_scalar(READ).fetch_all(found).await?.into_iter().collect();
    let new: Vec<String> = sqlx::query_scalar(READ).fetch_all(new).await?;
    // How SQLite lays out its own search index may change with its version.
    match new.iter().find(|ours| !ours.contains(" calls_fts_") && !found.contains(*ours)) {
        Some(missing) => Err(damaged(missing.split(" (").next().unwrap_or(missing))),
        None => Ok(()),
    }
}

/// In the order in which they matter for taking calls.
const TABLES: [&str; 14] = [
    "calls",
    "legs",
    "calls_fts",
    "dials",
    "extensions",
    "lines",
    "scenarios",
    "scenario_actions",
    "contacts",
    "contact_numbers",
    "gaps",
    "facts",
    "number_jobs",
    "sqlite_schema",
];

/// Looks through the tables for at most this long; what does not fit stays unlooked at. `Ok(true)`: all was seen.
///
/// # Errors
///
/// [`StoreError::Damaged`] when something is broken.
pub(crate) async fn look(connection: &mut SqliteConnection, at_most: Duration) -> Result<bool, StoreError> {
    let until = Instant::now() + at_most;
    connection.lock_handle().await?.set_progress_handler(2_000, move || Instant::now() < until);
    let seen = look_through(connection).await;
    connection.lock_handle().await?.remove_progress_handler();
    match seen {
        Err(_) if Instant::now() >= until => Ok(false),
        Err(error) => Err(error),
        Ok(()) => Ok(true),
    }
}

async fn look_through(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    for table in TABLES {
        // A pragma takes no parameter; the names are our own.
        let said: String = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("PRAGMA quick_check({table})")))
            .fetch_one(&mut *connection)
            .await?;
        if said != "ok" {
            return Err(damaged(&format!("{table}: {said}")));
        }
    }
    Ok(())
}

pub(crate) fn damaged(what: &str) -> StoreError {
    tracing::warn!(code = "store_damaged", what, "the database is damaged");
    StoreError::Damaged(sqlx::Error::Protocol(what.to_owned()))
}
