//! Files kept beside the database: backups from before a migration, and damaged files.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use ringside_domain::Timestamp;

pub(crate) const NAME: &str = "ringside.db";
/// SQLite's files beside a database; the empty one is the database itself.
const SUFFIXES: [&str; 3] = ["", "-wal", "-shm"];

pub(crate) fn database(dir: &Path) -> PathBuf {
    dir.join(NAME)
}

/// The file beside `path` with `suffix` after its whole name.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Puts the database and its log aside as `ringside.db.corrupt-<UTC time>` and gives that path.
pub(crate) fn put_aside(dir: &Path, now: Timestamp) -> io::Result<PathBuf> {
    let stamp = now.strftime("%Y%m%dT%H%M%SZ");
    let mut aside = dir.join(format!("{NAME}.corrupt-{stamp}"));
    let mut again = 1;
    while aside.exists() {
        again += 1;
        aside = dir.join(format!("{NAME}.corrupt-{stamp}-{again}"));
    }
    let database = database(dir);
    // The log first: were we stopped between the two, a database without its log is whole, a log alone is not.
    for suffix in SUFFIXES.iter().rev() {
        match fs::rename(beside(&database, suffix), beside(&aside, suffix)) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(aside)
}

/// What whoever opens the database holds meanwhile.
pub(crate) fn lock(dir: &Path) -> PathBuf {
    dir.join("ringside.db.lock")
}

/// A new database while it is being built.
pub(crate) fn unfinished(dir: &Path) -> PathBuf {
    dir.join("ringside.db.new")
}

/// A new database that is whole and waits for the damaged one to be put aside.
pub(crate) fn repaired(dir: &Path) -> PathBuf {
    dir.join("ringside.db.ready")
}

/// Moves a database that [`repaired`] names into place, if the place is free; one that waits in vain is removed.
pub(crate) fn take_over_repaired(dir: &Path) -> io::Result<()> {
    let (database, repaired) = (database(dir), repaired(dir));
    if !repaired.exists() {
        return Ok(());
    }
    // Stopped before the damaged file was put aside: it will be found damaged again.
    if database.exists() { remove_unfinished(&repaired) } else { fs::rename(repaired, database) }
}

/// Removes the database at `path` with its log: only ever one that we are building and have not finished.
pub(crate) fn remove_unfinished(path: &Path) -> io::Result<()> {
    for suffix in SUFFIXES {
        match fs::remove_file(beside(path, suffix)) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// An empty file that its owner alone may read, for SQLite to fill: it gives its log the same rights.
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes the folder, for its owner alone where it is new.
pub(crate) fn create_dir(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// Takes away what an earlier umask gave to others.
pub(crate) fn make_private(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(path)?.permissions().mode();
        if mode & 0o077 != 0 {
            fs::set_permissions(path, fs::Permissions::from_mode(mode & 0o700))?;
        }
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// Where the backup of a database of this version goes.
pub(crate) fn backup(dir: &Path, version: i64) -> PathBuf {
    dir.join(format!("{NAME}.bak-{version}"))
}

/// Removes all backups but the `keep` newest versions.
pub(crate) fn thin_backups(dir: &Path, keep: usize) -> io::Result<()> {
    let mut versions: Vec<(i64, PathBuf)> = kept(dir)?
        .into_iter()
        .filter_map(|path| {
            let version = path.file_name()?.to_str()?.strip_prefix("ringside.db.bak-")?.parse().ok()?;
            Some((version, path))
        })
        .collect();
    versions.sort_unstable_by(|a, b| b.cmp(a));
    versions.into_iter().skip(keep).try_for_each(|(_, path)| fs::remove_file(path))
}

/// Every file kept here: backups and damaged files with their logs.
pub(crate) fn kept(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("ringside.db.bak-") || name.starts_with("ringside.db.corrupt-") {
            files.push(entry.path());
        }
    }
    Ok(files)
}
