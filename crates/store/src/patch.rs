//! A copy of a damaged file with the pages that describe it taken from a sound one.
//!
//! Every file of a version is laid out alike: the migrations make the same tables in the same order, so that each table
//! begins at the same page. Where the header or the schema of a file is broken, those of a new file fit.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use sqlx::sqlite::SqliteConnection;

use crate::error::StoreError;
use crate::kept::{self, beside};

/// Copying more than this would take longer than a start may.
const MOST_TO_COPY: u64 = 256 << 20;

/// Where [`make`] puts the copy.
pub(crate) fn path(damaged: &Path) -> PathBuf {
    beside(damaged, "-patched")
}

/// Makes the copy, with the header and the schema of the database that `connection` has open as `main`.
pub(crate) async fn make(connection: &mut SqliteConnection, damaged: &Path) -> Result<(), StoreError> {
    sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut *connection).await?;
    let sound: String = sqlx::query_scalar("SELECT file FROM pragma_database_list WHERE name = 'main'")
        .fetch_one(&mut *connection)
        .await?;
    let schema: Vec<i64> = sqlx::query_scalar("SELECT pageno FROM dbstat('main') WHERE name = 'sqlite_schema'")
        .fetch_all(connection)
        .await?;
    copy(Path::new(&sound), &schema, damaged).map_err(StoreError::Files)
}

fn copy(sound: &Path, schema: &[i64], damaged: &Path) -> io::Result<()> {
    let mut sound = File::open(sound)?;
    let mut header = [0; 100];
    sound.read_exact(&mut header)?;
    let page_size = u16::from_be_bytes([header[16], header[17]]).max(512);
    let length = fs::metadata(damaged)?.len();
    let pages = u32::try_from(length / u64::from(page_size)).unwrap_or(u32::MAX);
    if length > MOST_TO_COPY || pages == 0 {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut copy = kept::create_private(&path(damaged))?;
    io::copy(&mut File::open(damaged)?, &mut copy)?;
    let mut page = vec![0; usize::from(page_size)];
    for number in schema.iter().filter_map(|number| u64::try_from(*number).ok()) {
        let place = SeekFrom::Start(number.saturating_sub(1) * u64::from(page_size));
        sound.seek(place)?;
        sound.read_exact(&mut page)?;
        copy.seek(place)?;
        copy.write_all(&page)?;
    }
    header[28..32].copy_from_slice(&pages.to_be_bytes());
    // No free pages are known, and no log belongs to it.
    header[32..40].fill(0);
    header[18..20].fill(1);
    copy.seek(SeekFrom::Start(0))?;
    copy.write_all(&header)
}
