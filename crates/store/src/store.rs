//! The handle on the database: one connection that writes, a few that read.

use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sqlx::pool::PoolConnection;
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection, Sqlite, SqlitePool};
use tokio::sync::{Mutex, MutexGuard, RwLock};

use crate::checkpoint::Checkpoints;
use crate::error::StoreError;
use crate::history::Live;

/// Where what is written goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Recording {
    /// To `ringside.db`.
    File,
    /// To memory alone: gone when the program ends. [`crate::Opened::notice`] said why.
    Memory,
}

/// Cheap to clone; all clones share the connections.
#[derive(Clone)]
pub struct Store(Arc<Shared>);

struct Shared {
    dir: Option<PathBuf>,
    /// Also held while the readers are exchanged, so that nobody writes to a file that is put aside.
    writer: Mutex<Writer>,
    readers: RwLock<Option<SqlitePool>>,
    checkpoints: Checkpoints,
}

/// The only connection that writes. `None` only while [`Store::heal`] exchanges it.
pub(crate) struct Writer {
    pub connection: Option<SqliteConnection>,
    pub recording: Recording,
    pub live: Live,
    /// A transaction was begun and not seen to end.
    pub unfinished: bool,
    /// Commits wait for the disk, until one that was to wait is done.
    pub synced: bool,
}

/// What [`crate::open`] made.
pub(crate) struct Connections {
    pub writer: SqliteConnection,
    /// `None` for a database in memory, which is its writer's alone.
    pub readers: Option<SqlitePool>,
}

impl Connections {
    fn recording(&self) -> Recording {
        if self.readers.is_some() { Recording::File } else { Recording::Memory }
    }
}

impl Store {
    pub(crate) fn new(dir: Option<&Path>, connections: Connections) -> Self {
        let recording = connections.recording();
        Self(Arc::new(Shared {
            dir: dir.map(Path::to_owned),
            writer: Mutex::new(Writer {
                connection: Some(connections.writer),
                recording,
                live: Live::default(),
                unfinished: false,
                synced: false,
            }),
            readers: RwLock::new(connections.readers),
            checkpoints: Checkpoints::default(),
        }))
    }

    pub async fn recording(&self) -> Recording {
        self.0.writer.lock().await.recording
    }

    /// Closes the file properly: the log is merged into it and removed. Later calls fail with
    /// [`StoreError::Statement`]. Not closing is safe too, the next start then looks closer.
    pub async fn close(&self) -> Result<(), StoreError> {
        let mut writer = self.0.writer.lock().await;
        if let Some(readers) = self.0.readers.write().await.take() {
            readers.close().await;
        }
        let Some(connection) = writer.connection.take() else { return Ok(()) };
        Ok(connection.close().await?)
    }

    pub(crate) fn dir(&self) -> Option<&Path> {
        self.0.dir.as_deref()
    }

    pub(crate) async fn write(&self) -> Result<WriteGuard<'_>, StoreError> {
        let mut guard = self.0.writer.lock().await;
        let writer = &mut *guard;
        let Some(connection) = writer.connection.as_mut() else { return Err(closed()) };
        if writer.unfinished {
            // Refused when SQLite has rolled back by itself, as it does on a full disk.
            sqlx::query("ROLLBACK").execute(&mut *connection).await.ok();
            writer.unfinished = false;
        }
        if writer.synced {
            sqlx::raw_sql("PRAGMA synchronous = NORMAL").execute(connection).await?;
            writer.synced = false;
        }
        Ok(WriteGuard(guard))
    }

    /// A connection to read with. Must not be asked for while holding [`Store::write`]: in memory both are one.
    pub(crate) async fn read(&self) -> Result<ReadGuard<'_>, StoreError> {
        let readers = self.0.readers.read().await.clone();
        match readers {
            Some(pool) => Ok(ReadGuard::Pooled(pool.acquire().await?)),
            None => Ok(ReadGuard::Writer(self.write().await?)),
        }
    }

    /// Exchanges the connections while `open` runs, which gets the old ones already closed.
    pub(crate) async fn exchange<F, T>(&self, open: F) -> Result<T, StoreError>
    where
        F: AsyncFnOnce() -> Result<(Connections, T), StoreError>,
    {
        let mut writer = self.0.writer.lock().await;
        let mut readers = self.0.readers.write().await;
        if let Some(pool) = readers.take() {
            pool.close().await;
        }
        if let Some(connection) = writer.connection.take() {
            // A damaged file may refuse even this; the connection is gone either way.
            connection.close().await.ok();
        }
        let (connections, told) = open().await?;
        writer.recording = connections.recording();
        writer.live = Live::default();
        writer.unfinished = false;
        writer.synced = false;
        writer.connection = Some(connections.writer);
        *readers = connections.readers;
        Ok(told)
    }

    /// On a full disk: merges the log into the file and empties it, which may make room for a while. True if it did.
    pub(crate) async fn shrink_log(&self) -> bool {
        let Ok(mut writer) = self.write().await else { return false };
        let Ok(connection) = writer.connection() else { return false };
        let busy: Result<i64, _> = sqlx::query_scalar("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(connection).await;
        matches!(busy, Ok(0))
    }

    /// To be called after each commit: merges the log into the file now and then, beside the writer.
    pub(crate) async fn committed(&self) {
        if self.0.checkpoints.is_due()
            && let Some(pool) = self.0.readers.read().await.clone()
        {
            self.0.checkpoints.run(pool);
        }
    }
}

fn closed() -> StoreError {
    StoreError::Statement(sqlx::Error::PoolClosed)
}

pub(crate) struct WriteGuard<'a>(MutexGuard<'a, Writer>);

impl WriteGuard<'_> {
    /// Takes SQLite's write lock at once, so that two programs cannot deadlock on upgrading a read.
    pub async fn begin(&mut self) -> Result<Changes<'_>, StoreError> {
        let writer = &mut *self.0;
        let Some(connection) = writer.connection.as_mut() else { return Err(closed()) };
        writer.unfinished = true;
        sqlx::query("BEGIN IMMEDIATE").execute(&mut *connection).await?;
        Ok(Changes { connection, unfinished: &mut writer.unfinished })
    }

    /// The same, and what is committed survives a power cut too.
    pub async fn begin_synced(&mut self) -> Result<Changes<'_>, StoreError> {
        let writer = &mut *self.0;
        let Some(connection) = writer.connection.as_mut() else { return Err(closed()) };
        writer.synced = true;
        sqlx::raw_sql("PRAGMA synchronous = FULL").execute(connection).await?;
        self.begin().await
    }

    pub fn recording(&self) -> Recording {
        self.0.recording
    }

    /// What is remembered of calls under way. Give it back once the transaction is committed: without that, as after an
    /// error or when the caller goes away, all is forgotten and read again.
    pub fn take_live(&mut self) -> Live {
        std::mem::take(&mut self.0.live)
    }

    pub fn give_back(&mut self, live: Live) {
        self.0.live = live;
    }

    pub fn connection(&mut self) -> Result<&mut SqliteConnection, StoreError> {
        self.0.connection.as_mut().ok_or_else(closed)
    }
}

/// A transaction: all of it or none. Dropped without [`Changes::commit`], it is rolled back before anything else is done.
///
/// Not `sqlx::Transaction`: that counts on its own ROLLBACK, which SQLite refuses after it has rolled back by itself (disk
/// full, input/output error), and the connection could then never begin again.
pub(crate) struct Changes<'a> {
    connection: &'a mut SqliteConnection,
    unfinished: &'a mut bool,
}

impl Changes<'_> {
    pub async fn commit(self) -> Result<(), StoreError> {
        sqlx::query("COMMIT").execute(self.connection).await?;
        *self.unfinished = false;
        Ok(())
    }

    /// There is nothing to write after all. Dropping it would do too, but keep other programs out until the next write.
    pub async fn give_up(self) -> Result<(), StoreError> {
        sqlx::query("ROLLBACK").execute(self.connection).await?;
        *self.unfinished = false;
        Ok(())
    }
}

impl Deref for Changes<'_> {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        self.connection
    }
}

impl DerefMut for Changes<'_> {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        self.connection
    }
}

pub(crate) enum ReadGuard<'a> {
    Pooled(PoolConnection<Sqlite>),
    Writer(WriteGuard<'a>),
}

impl ReadGuard<'_> {
    pub fn connection(&mut self) -> Result<&mut SqliteConnection, StoreError> {
        match self {
            Self::Pooled(pooled) => Ok(pooled.deref_mut()),
            Self::Writer(writer) => writer.connection(),
        }
    }
}
