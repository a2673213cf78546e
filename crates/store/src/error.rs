//! What can go wrong with the database, sorted by what the caller can do about it.

use ringside_domain::Problem;

/// A row that holds what this version cannot read: a newer word, or a damaged byte.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("table {table}, row {row}: column {column} holds something this version cannot read")]
pub struct Inconsistency {
    pub table: &'static str,
    pub column: &'static str,
    pub row: i64,
}

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk, or the space the file may take, is used up. Writing again later may work.
    #[error("the disk is full")]
    Full(#[source] sqlx::Error),
    /// Another program holds the database. Trying again soon may work.
    #[error("another program is using the database")]
    Busy(#[source] sqlx::Error),
    /// The file is not a whole database. [`crate::Store::heal`] puts it aside and goes on with what can be read.
    #[error("the database is damaged")]
    Damaged(#[source] sqlx::Error),
    #[error("the database cannot be written")]
    ReadOnly(#[source] sqlx::Error),
    /// What has to outlive the program could not: the file cannot be used, and memory is all there is.
    #[error("nothing can be saved: the history's file is not in use")]
    OnlyInMemory,
    /// The file was written by a later version, which may have given columns a new meaning.
    #[error("the database is of version {found}, this program knows up to {known}")]
    Newer { found: i64, known: i64 },
    #[error(transparent)]
    Inconsistent(#[from] Inconsistency),
    /// What was to be changed does not exist (any more).
    #[error("there is no such {0}")]
    NotFound(&'static str),
    #[error("files beside the database cannot be handled")]
    Files(#[source] std::io::Error),
    /// The program asked for something the database refuses: a mistake of ours.
    #[error("the database refused a statement")]
    Statement(#[source] sqlx::Error),
}

impl StoreError {
    /// Keep the record in memory and try again later, see [`crate::history::Backlog`].
    pub fn is_full(&self) -> bool {
        matches!(self, Self::Full(_))
    }

    /// Another program was in the way; the same call may succeed soon.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Busy(_))
    }

    /// Call [`crate::Store::heal`].
    pub fn is_damaged(&self) -> bool {
        matches!(self, Self::Damaged(_))
    }

    /// Stable, snake_case, for the UI to branch on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Full(_) => "store_full",
            Self::Busy(_) => "store_busy",
            Self::Damaged(_) => "store_damaged",
            Self::ReadOnly(_) => "store_read_only",
            Self::OnlyInMemory => "store_only_in_memory",
            Self::Newer { .. } => "store_newer",
            Self::Inconsistent(_) => "store_inconsistent",
            Self::NotFound(_) => "not_found",
            Self::Files(_) => "store_files",
            Self::Statement(_) => "store_statement",
        }
    }

    pub fn problem(&self) -> Problem {
        let hint = match self {
            Self::Full(_) => "Free some space. Ringside then continues recording automatically.",
            Self::Busy(_) => "Close the other program that has the database open.",
            Self::Damaged(_) => "Start Ringside again: it keeps the damaged file and saves what can be read.",
            Self::ReadOnly(_) => "Make the data folder writable for this user.",
            Self::OnlyInMemory => "Solve the problem in the notice, restart Ringside, then try again.",
            Self::Newer { .. } => "Start the newer version of Ringside.",
            Self::Inconsistent(_) | Self::Statement(_) => "Send the diagnostics to the administrator.",
            Self::NotFound(_) => "It may have been deleted meanwhile.",
            Self::Files(_) => "Check the data folder's permissions and the free disk space.",
        };
        Problem::new(self.code(), self.to_string(), hint)
    }
}

/// SQLite's primary result codes (sqlite.org/rescode.html).
mod code {
    pub const BUSY: i32 = 5;
    pub const LOCKED: i32 = 6;
    pub const READONLY: i32 = 8;
    pub const CORRUPT: i32 = 11;
    pub const FULL: i32 = 13;
    pub const CANTOPEN: i32 = 14;
    pub const NOTADB: i32 = 26;
    /// Extended: a read of a page came back short, as from a truncated file.
    pub const IOERR_SHORT_READ: i32 = 522;
    /// Extended: the shared memory beside the log could not grow, which happens on a full disk.
    pub const IOERR_SHMSIZE: i32 = 4874;
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let result = match &error {
            sqlx::Error::Database(database) => database.code().and_then(|code| code.parse::<i32>().ok()),
            sqlx::Error::Io(io) if io.kind() == std::io::ErrorKind::StorageFull => return Self::Full(error),
            sqlx::Error::PoolTimedOut => return Self::Busy(error),
            sqlx::Error::ColumnDecode { .. } => return Self::Damaged(error),
            _ => None,
        };
        let Some(result) = result else { return Self::Statement(error) };
        match (result, result & 0xff) {
            (code::IOERR_SHMSIZE, _) | (_, code::FULL) => Self::Full(error),
            (_, code::BUSY | code::LOCKED) => Self::Busy(error),
            (code::IOERR_SHORT_READ, _) | (_, code::CORRUPT | code::NOTADB) => Self::Damaged(error),
            (_, code::READONLY | code::CANTOPEN) => Self::ReadOnly(error),
            _ => Self::Statement(error),
        }
    }
}
