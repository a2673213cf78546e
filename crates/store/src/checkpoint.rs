//! Merging the write-ahead log into the file beside the writer, so that no write waits for the disk.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use sqlx::SqlitePool;

/// A write puts 5 to 15 pages of 4 KiB into the log: this is about a megabyte or two.
const COMMITS: u32 = 100;

#[derive(Default)]
pub(crate) struct Checkpoints {
    commits: AtomicU32,
    running: Arc<AtomicBool>,
}

impl Checkpoints {
    /// Counts a commit; true when enough have gathered and no merge runs.
    pub fn is_due(&self) -> bool {
        self.commits.fetch_add(1, Ordering::Relaxed) >= COMMITS && !self.running.load(Ordering::Acquire)
    }

    pub fn run(&self, pool: SqlitePool) {
        if self.running.swap(true, Ordering::AcqRel) {
            return;
        }
        self.commits.store(0, Ordering::Relaxed);
        let running = self.running.clone();
        tokio::spawn(async move {
            // Passive: merges what no reader needs and never makes the writer wait. What is left waits for the next.
            let merged = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(&pool).await;
            if let Err(error) = merged {
                tracing::debug!(%error, "the log was not merged this time");
            }
            running.store(false, Ordering::Release);
        });
    }
}
