//! Opening the database so that calls are taken whatever state the file is in.
//!
//! | the file | what happens |
//! | --- | --- |
//! | absent | a new one |
//! | damaged, cut short, empty, not a database | kept as `ringside.db.corrupt-<time>`; a new one with what can be read |
//! | of an older version | backed up as `ringside.db.bak-<version>`, then migrated |
//! | of a newer version, read-only, held by another program, no room | left alone; a database in memory, with a copy of what can be read |
//!
//! A new file is built beside and moved into its place when it is whole, so that a file in place is never half made.

use std::fs;
use std::path::Path;
use std::time::Duration;

use ringside_domain::{Problem, Timestamp};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};
use tokio::time::Instant;

use crate::error::StoreError;
use crate::inspect::{self, Header};
use crate::salvage::{self, Salvaged};
use crate::store::{Connections, Recording, Store};
use crate::{kept, migrate};

/// A store that takes calls, and what the user should be told about it.
pub struct Opened {
    pub store: Store,
    pub notice: Option<Problem>,
}

/// How long opening waits for another program, and writing later.
const BUSY_AT_START: Duration = Duration::from_millis(250);
const BUSY: &str = "PRAGMA busy_timeout = 2000";
const TURN: Duration = Duration::from_secs(2);
/// How long a start may look for damage; [`Store::verify`] looks at the rest later.
const LOOK_AT_START: Duration = Duration::from_millis(25);
const READERS: u32 = 2;

impl Store {
    /// Opens or creates `ringside.db` in `dir`.
    ///
    /// # Errors
    ///
    /// Only when not even a database in memory can be had.
    pub async fn open(dir: &Path, now: Timestamp) -> Result<Opened, StoreError> {
        let (connections, notice) = connections(dir, now).await?;
        Ok(Opened { store: Store::new(Some(dir), connections), notice })
    }

    /// A database in memory alone: for tests, and for a user who wants nothing kept.
    pub async fn in_memory() -> Result<Store, StoreError> {
        Ok(Store::new(None, memory().await?))
    }

    /// Looks through the whole file, beside other work. Run it some time after the start: that looked only briefly.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`]: call [`Store::heal`].
    pub async fn verify(&self) -> Result<(), StoreError> {
        const ENOUGH: Duration = Duration::from_secs(600);
        let mut reader = self.read().await?;
        inspect::look(reader.connection()?, ENOUGH).await.map(|_| ())
    }

    /// After [`StoreError::Damaged`]: puts the file aside, saves what can be read into a new one, goes on with that, and
    /// gives what the user should be told. `None` where nothing is kept in a file.
    pub async fn heal(&self, now: Timestamp) -> Result<Option<Problem>, StoreError> {
        let Some(dir) = self.dir() else { return Ok(None) };
        if self.recording().await == Recording::Memory {
            return Ok(None);
        }
        let told = self
            .exchange(async || match repair(dir, now).await {
                Ok((connections, problem)) => Ok((connections, problem)),
                Err(error) => without_file(dir, &error).await,
            })
            .await?;
        Ok(Some(told))
    }
}

async fn connections(dir: &Path, now: Timestamp) -> Result<(Connections, Option<Problem>), StoreError> {
    match file(dir, now).await {
        Ok(opened) => Ok(opened),
        Err(error) => {
            let (connections, problem) = without_file(dir, &error).await?;
            Ok((connections, Some(problem)))
        }
    }
}

async fn file(dir: &Path, now: Timestamp) -> Result<(Connections, Option<Problem>), StoreError> {
    kept::create_dir(dir).map_err(StoreError::Files)?;
    let _turn = turn(dir).await;
    kept::take_over_repaired(dir).map_err(StoreError::Files)?;
    let path = kept::database(dir);
    match inspect::header(&path).map_err(StoreError::Files)? {
        Header::Absent => {
            create(dir, None).await?;
            Ok((existing(dir).await?, None))
        }
        Header::Damaged => repaired(dir, now).await,
        Header::Plausible { version, .. } if version > migrate::KNOWN => {
            Err(StoreError::Newer { found: version, known: migrate::KNOWN })
        }
        Header::Plausible { writable: false, .. } => {
            Err(StoreError::ReadOnly(sqlx::Error::Io(std::io::ErrorKind::PermissionDenied.into())))
        }
        Header::Plausible { .. } => match existing(dir).await {
            Ok(connections) => Ok((connections, None)),
            Err(error) if error.is_damaged() => repaired(dir, now).await,
            Err(error) => Err(error),
        },
    }
}

/// Held while a file is made, migrated or repaired, so that programs that start together do it one after another. Where
/// it cannot be had, the start goes on without: what is wrong with the folder is told by what comes next.
async fn turn(dir: &Path) -> Option<fs::File> {
    let lock = kept::create_private(&kept::lock(dir)).ok()?;
    let until = Instant::now() + TURN;
    loop {
        match lock.try_lock() {
            Ok(()) => return Some(lock),
            Err(fs::TryLockError::WouldBlock) if Instant::now() < until => {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            Err(_) => return None,
        }
    }
}

async fn repaired(dir: &Path, now: Timestamp) -> Result<(Connections, Option<Problem>), StoreError> {
    let (connections, problem) = repair(dir, now).await?;
    Ok((connections, Some(problem)))
}

/// Opens a file that looks whole, looks closer, migrates it, and makes sure that it can be written.
async fn existing(dir: &Path) -> Result<Connections, StoreError> {
    let path = kept::database(dir);
    kept::make_private(&path).map_err(StoreError::Files)?;
    let mut writer = options(&path).connect().await?;
    let version = migrate::version(&mut writer).await?;
    if version > migrate::KNOWN {
        return Err(StoreError::Newer { found: version, known: migrate::KNOWN });
    }
    if version == migrate::KNOWN {
        inspect::schema(&mut writer, &mut memory().await?.writer).await?;
    }
    inspect::look(&mut writer, LOOK_AT_START).await?;
    if version < migrate::KNOWN {
        back_up(&mut writer, dir, version).await?;
        migrate::apply(&mut writer).await?;
    }
    // Nothing is written; but who cannot begin cannot write either.
    sqlx::raw_sql("BEGIN IMMEDIATE; ROLLBACK").execute(&mut writer).await?;
    sqlx::raw_sql(BUSY).execute(&mut writer).await?;
    // Readers connect when first needed. No timeouts: nothing wakes up an idle program.
    let readers = SqlitePoolOptions::new()
        .max_connections(READERS)
        .min_connections(0)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_lazy_with(options(&path).pragma("query_only", "ON").busy_timeout(Duration::from_secs(2)));
    Ok(Connections { writer, readers: Some(readers) })
}

/// Saves what can be read of the file in place into a new one, puts the old one aside, and opens the new one.
async fn repair(dir: &Path, now: Timestamp) -> Result<(Connections, Problem), StoreError> {
    let salvaged = create(dir, Some(&kept::database(dir))).await?;
    let aside = kept::put_aside(dir, now).map_err(StoreError::Files)?;
    kept::take_over_repaired(dir).map_err(StoreError::Files)?;
    let connections = existing(dir).await?;
    let name = aside.file_name().unwrap_or_default().to_string_lossy().into_owned();
    tracing::warn!(code = "store_damaged", kept = %name, calls = salvaged.calls, "started with a new database");
    let saved = match (salvaged.calls, salvaged.complete) {
        (0, _) => "Nothing in it could be read; Ringside started a new history".to_owned(),
        (calls, true) => format!("The {calls} calls in it were saved"),
        (calls, false) => format!("The {calls} latest readable calls were saved"),
    };
    let problem = Problem::new(
        "store_damaged",
        format!("The history's file was damaged. {saved}; the damaged file is kept as {}.", aside.display()),
        "Delete the kept file when you no longer want it.",
    );
    Ok((connections, problem))
}

/// Builds a new database, with what can be read of `from`, and leaves it where [`kept::take_over_repaired`] takes it.
async fn create(dir: &Path, from: Option<&Path>) -> Result<Salvaged, StoreError> {
    let path = kept::unfinished(dir);
    kept::remove_unfinished(&path).map_err(StoreError::Files)?;
    kept::create_private(&path).map_err(StoreError::Files)?;
    let mut connection = options(&path).foreign_keys(false).connect().await?;
    migrate::apply(&mut connection).await?;
    let salvaged = match from {
        Some(from) => salvage::copy(&mut connection, from, salvage::Extent::All).await?,
        None => Salvaged::default(),
    };
    connection.close().await?;
    fs::rename(&path, kept::repaired(dir)).map_err(StoreError::Files)?;
    if from.is_none() {
        kept::take_over_repaired(dir).map_err(StoreError::Files)?;
    }
    Ok(salvaged)
}

async fn back_up(connection: &mut SqliteConnection, dir: &Path, version: i64) -> Result<(), StoreError> {
    let path = kept::backup(dir, version);
    kept::remove_unfinished(&path).map_err(StoreError::Files)?;
    kept::create_private(&path).map_err(StoreError::Files)?;
    let target = path.to_string_lossy().into_owned();
    sqlx::query("VACUUM INTO ?1").bind(target).execute(connection).await?;
    kept::thin_backups(dir, 2).map_err(StoreError::Files)
}

/// A database in memory with a copy of what can be read, and what to tell the user.
async fn without_file(dir: &Path, error: &StoreError) -> Result<(Connections, Problem), StoreError> {
    tracing::warn!(code = error.code(), %error, "the history is not recorded");
    let mut connections = memory().await?;
    let path = kept::database(dir);
    if path.exists() {
        salvage::copy(&mut connections.writer, &path, salvage::Extent::Recent).await?;
    }
    let why = match error {
        StoreError::Newer { .. } => "its file was written by a newer version of Ringside",
        StoreError::ReadOnly(_) => "its file cannot be written",
        StoreError::Busy(_) => "another program holds its file",
        StoreError::Full(_) => "the disk is full",
        StoreError::Damaged(_) => "its file is damaged and could not be put aside",
        StoreError::Files(_) => "the data folder cannot be used",
        StoreError::Inconsistent(_) | StoreError::NotFound(_) | StoreError::OnlyInMemory | StoreError::Statement(_) => {
            "its file cannot be used"
        }
    };
    let problem = error.problem();
    let place = match error {
        StoreError::Files(source) => format!("{}: {source}", dir.display()),
        _ => path.display().to_string(),
    };
    let said = format!("The history is not recorded: {why} ({place}).");
    Ok((connections, Problem::new(problem.code, said, problem.hint)))
}

async fn memory() -> Result<Connections, StoreError> {
    let mut writer = SqliteConnectOptions::new()
        .in_memory(true)
        .busy_timeout(BUSY_AT_START)
        .disable_statement_logging()
        .connect()
        .await?;
    migrate::apply(&mut writer).await?;
    Ok(Connections { writer, readers: None })
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .busy_timeout(BUSY_AT_START)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        // Freed space is overwritten: what is deleted is gone.
        .pragma("secure_delete", "ON")
        .pragma("trusted_schema", "OFF")
        .pragma("journal_size_limit", "4194304")
        .disable_statement_logging()
}

#[cfg(test)]
mod tests;
