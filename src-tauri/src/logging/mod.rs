//! The log: `logs/ringside.log`, UTC, at most 10 MB with its predecessor; warnings also on stderr.
//!
//! Numbers and names are logged at debug or below, which is off unless `RINGSIDE_LOG` asks for it.

mod recent;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};

use tracing::level_filters::LevelFilter;
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::filter::{EnvFilter, FilterExt as _, filter_fn};
use tracing_subscriber::fmt::layer;
use tracing_subscriber::layer::{Filter, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer as _, registry};

pub use recent::lines as recent_lines;

/// Two files of this size are kept.
const FILE_LIMIT: u64 = 4_900_000;
/// Room for these is made at the start; the default would take 4 MB.
const LINES_WAITING: usize = 1_024;
const FILTER: &str = "RINGSIDE_LOG";

/// Logs into the data folder until the guard is dropped; without a writable folder, only to stderr.
pub fn to_folder(data: &Path) -> Option<WorkerGuard> {
    let stderr = layer().with_writer(io::stderr).with_ansi(false).with_filter(LevelFilter::WARN);
    let written = Capped::open(data.join("logs"));
    let (file, guard, problem) = match written {
        Ok(file) => {
            let (writer, guard) = NonBlockingBuilder::default().buffered_lines_limit(LINES_WAITING).finish(file);
            let file = layer().with_writer(writer).with_ansi(false).with_filter(filter("info"));
            (Some(file), Some(guard), None)
        }
        Err(error) => (None, None, Some(error)),
    };
    // A second subscriber in one process is a test's, and the first one stays.
    let recent = layer().with_writer(|| recent::Recent).with_ansi(false).with_filter(LevelFilter::INFO);
    let _ = registry().with(stderr).with(file).with(recent).try_init();
    if let Some(error) = problem {
        tracing::warn!(code = "log_unwritable", %error, "nothing is logged to a file");
    }
    std::panic::set_hook(Box::new(report_panic));
    guard
}

/// The command line's: warnings, to stderr.
pub fn to_stderr() {
    let stderr = layer().with_writer(io::stderr).with_ansi(false).without_time().with_target(false);
    // See above.
    let _ = registry().with(stderr.with_filter(filter("error"))).try_init();
    std::panic::set_hook(Box::new(report_panic));
}

fn filter<S: tracing::Subscriber + for<'a> LookupSpan<'a>>(otherwise: &str) -> impl Filter<S> {
    let wanted = EnvFilter::try_from_env(FILTER).unwrap_or_else(|_| EnvFilter::new(otherwise));
    wanted.and(filter_fn(ringside_app::logs::may_be_kept))
}

/// Where it happened, and the message if it was written in the source: one that was put together at run time may hold
/// what somebody said or typed.
fn report_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let message = panic.payload().downcast_ref::<&'static str>().copied().unwrap_or("(withheld)");
    let thread = std::thread::current();
    tracing::error!(code = "panic", thread = thread.name().unwrap_or("?"), place, message, "a task broke down");
}

/// A file that makes room for itself: full, it becomes `ringside.1.log`, and the one before that is gone.
struct Capped {
    folder: PathBuf,
    file: File,
    written: u64,
    limit: u64,
}

impl Capped {
    fn open(folder: PathBuf) -> io::Result<Self> {
        Self::with_limit(folder, FILE_LIMIT)
    }

    fn with_limit(folder: PathBuf, limit: u64) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        let file = append(&folder)?;
        let written = file.metadata()?.len();
        Ok(Self { folder, file, written, limit })
    }
}

impl Write for Capped {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.written + bytes.len() as u64 > self.limit {
            fs::rename(self.folder.join("ringside.log"), self.folder.join("ringside.1.log"))?;
            self.file = append(&self.folder)?;
            self.written = 0;
        }
        let count = self.file.write(bytes)?;
        self.written += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn append(folder: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(folder.join("ringside.log"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_full_files_are_the_most_there_ever_is() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let mut log = Capped::with_limit(folder.path().to_owned(), 1_000)?;
        for line in 0..500 {
            writeln!(log, "line {line:04}")?;
        }
        let sizes = fs::read_dir(folder.path())?.map(|entry| entry?.metadata().map(|m| m.len()));
        let sizes = sizes.collect::<io::Result<Vec<_>>>()?;
        assert_eq!(sizes.len(), 2);
        assert!(sizes.iter().sum::<u64>() <= 2_000);
        assert!(fs::read_to_string(folder.path().join("ringside.log"))?.ends_with("line 0499\n"));
        Ok(())
    }
}
