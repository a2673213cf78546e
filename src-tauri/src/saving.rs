//! A file that the user asked for: on the disk whole, or not at all.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use ringside_api::ApiError;
use ringside_domain::Problem;

/// Writes the file and looks at what stands there afterwards. What was there before is replaced only by the whole.
///
/// Whether it may be replaced is the dialog's question, not this function's.
///
/// # Errors
/// Why there is no such file now; what stood there before still does.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
    // A link stays one: what it leads to is replaced.
    let target = if path.is_symlink() { fs::canonicalize(path)? } else { path.to_owned() };
    match fs::metadata(&target) {
        Ok(found) if !found.is_file() => return Err(io::Error::other("there is something else than a file")),
        Ok(found) if found.permissions().readonly() => return Err(io::ErrorKind::PermissionDenied.into()),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let beside = beside(&target)?;
    let written = put(&beside, bytes).and_then(|()| fs::rename(&beside, &target));
    if let Err(error) = written {
        // Nothing of it is of use; the reason is told already.
        let _ = fs::remove_file(&beside);
        return Err(error);
    }
    keep_name(&target);
    let stands = fs::metadata(&target)?.len();
    if stands == bytes.len() as u64 {
        Ok(target)
    } else {
        Err(io::Error::new(
            io::ErrorKind::UnexpectedEof,
            format!("only {stands} of {} bytes were written", bytes.len()),
        ))
    }
}

/// A name of our own in the same folder: only within one file system a file can be renamed.
fn beside(target: &Path) -> io::Result<PathBuf> {
    if target.file_name().is_none() {
        return Err(io::ErrorKind::InvalidFilename.into());
    }
    // Not made of the target's name, which may be as long as names can be.
    Ok(target.with_file_name(format!(".ringside-{}.part", uuid::Uuid::new_v4().simple())))
}

fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::options().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// The new name is on the disk too. Not every file system can say so of a folder.
fn keep_name(target: &Path) {
    #[cfg(unix)]
    if let Some(folder) = target.parent()
        && let Err(error) = File::open(folder).and_then(|folder| folder.sync_all())
    {
        tracing::debug!(%error, "the folder was not synchronised");
    }
    #[cfg(not(unix))]
    let _ = target;
}

/// What kept the file from being written, and the way out.
pub fn not_written(path: &Path, error: &io::Error) -> ApiError {
    use io::ErrorKind::{NotFound, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    let (code, hint) = match error.kind() {
        StorageFull | QuotaExceeded => ("disk_full", "Free some space, or choose another place."),
        PermissionDenied | ReadOnlyFilesystem => ("place_locked", "Choose a folder of your own."),
        NotFound => ("place_gone", "The folder is no longer there. Choose another one."),
        _ => ("not_saved", "Choose another place and try again."),
    };
    Problem::new(code, format!("nothing was saved: {} could not be written ({error})", path.display()), hint).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_stands_there_whole_and_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("calls.csv");
        assert_eq!(write(&path, b"one").unwrap(), path);
        write(&path, b"another").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"another");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
    }

    #[test]
    fn what_cannot_be_written_leaves_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let locked = folder.path().join("locked.csv");
        fs::write(&locked, b"before").unwrap();
        let mut permissions = fs::metadata(&locked).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&locked, permissions).unwrap();
        let error = write(&locked, b"after").unwrap_err();
        assert_eq!(not_written(&locked, &error).code, "place_locked");
        assert_eq!(fs::read(&locked).unwrap(), b"before");

        assert!(write(folder.path(), b"x").is_err(), "a folder is no file");
        let gone = folder.path().join("gone").join("calls.csv");
        assert_eq!(not_written(&gone, &write(&gone, b"x").unwrap_err()).code, "place_gone");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no rest of a trial is left");
    }

    #[test]
    fn each_reason_has_its_way_out() {
        use io::ErrorKind::{Other, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
        let codes = [StorageFull, QuotaExceeded, ReadOnlyFilesystem, Other]
            .map(|kind| not_written(Path::new("/media/stick/calls.csv"), &kind.into()).code);
        assert_eq!(codes, ["disk_full", "disk_full", "place_locked", "not_saved"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_a_device_stays_a_device() {
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real.csv"), folder.path().join("link.csv"));
        fs::write(&real, b"before").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        assert_eq!(write(&link, b"after").unwrap(), fs::canonicalize(&real).unwrap());
        assert!(link.is_symlink());
        assert_eq!(fs::read(&real).unwrap(), b"after");
        assert!(write(Path::new("/dev/null"), b"x").is_err());
    }
}
