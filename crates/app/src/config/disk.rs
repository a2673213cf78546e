//! The file on the disk: noticing that someone changed it, and writing it whole or not at all.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use std::{fs, io};

/// Links that lead to links, at most.
const LINKS: usize = 40;

/// What tells one state of a file from another without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stamp {
    Absent,
    Unreadable(io::ErrorKind),
    Present { modified: Option<SystemTime>, length: u64, identity: (u64, u64) },
}

impl Stamp {
    pub fn of(path: &Path) -> Self {
        if path.as_os_str().is_empty() {
            return Self::Absent;
        }
        match fs::metadata(path) {
            Ok(file) => {
                let (modified, length) = (file.modified().ok(), file.len());
                Self::Present { modified, length, identity: identity(&file) }
            }
            Err(error) if is_absent(&error) => Self::Absent,
            Err(error) => Self::Unreadable(error.kind()),
        }
    }
}

#[cfg(unix)]
fn identity(file: &fs::Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt as _;
    // The time of the last change to anything about it, in nanoseconds: an editor may set the other one back.
    (
        file.ino(),
        file.ctime().cast_unsigned().wrapping_mul(1_000_000_000).wrapping_add(file.ctime_nsec().cast_unsigned()),
    )
}

#[cfg(not(unix))]
fn identity(_file: &fs::Metadata) -> (u64, u64) {
    (0, 0)
}

/// `None` where there is no such file; `InvalidData` names the line that is no UTF-8.
pub(super) fn read(path: &Path) -> io::Result<Option<String>> {
    if path.as_os_str().is_empty() {
        return Ok(None);
    }
    // A pipe that nobody writes to and a device without an end would be read for ever.
    if fs::metadata(path).is_ok_and(|it| !it.is_file() && !it.is_dir()) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a file"));
    }
    match fs::read(path) {
        Ok(bytes) => String::from_utf8(bytes).map(Some).map_err(|error| {
            let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
            io::Error::new(io::ErrorKind::InvalidData, format!("line {line} is not UTF-8"))
        }),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Writes beside the file and renames, so that a reader sees the old text or the new one and never half of it. A link
/// goes on to lead where it led, and whoever could read the file can read it still. `expected` is what the file holds.
///
/// # Errors
/// When the file or its folder may not be written, or it holds something else by now.
pub(super) fn write(path: &Path, text: &str, expected: Option<&str>) -> io::Result<()> {
    let target = target(path)?;
    let folder = target.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let known = match fs::metadata(&target) {
        Ok(known) => Some(known),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    if known.is_some() {
        may_write(&target)?;
    }
    if fs::metadata(folder)?.permissions().readonly() {
        return Err(read_only("its folder is read-only"));
    }
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let temporary = folder.join(name);
    let written = write_beside(&temporary, text, known.as_ref()).and_then(|()| {
        if read(&target)?.as_deref() == expected {
            fs::rename(&temporary, &target)
        } else {
            Err(io::Error::new(io::ErrorKind::WouldBlock, "someone changed it at the same moment"))
        }
    });
    if written.is_err() {
        // It may never have been made.
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// Marked read-only or not ours to write; who may do everything has to keep to the mark, too.
fn may_write(target: &Path) -> io::Result<()> {
    if fs::metadata(target)?.permissions().readonly() {
        return Err(read_only("it is read-only"));
    }
    fs::OpenOptions::new().write(true).open(target).map(drop)
}

fn read_only(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, why)
}

fn write_beside(temporary: &Path, text: &str, known: Option<&fs::Metadata>) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(temporary)?;
    file.write_all(text.as_bytes())?;
    #[cfg(unix)]
    if let Some(known) = known {
        use std::os::unix::fs::{MetadataExt as _, fchown};
        // Only the superuser can give a file away; for everybody else it is theirs already, or its folder was.
        let _ = fchown(&file, Some(known.uid()), Some(known.gid()));
        file.set_permissions(known.permissions())?;
    }
    #[cfg(not(unix))]
    let _ = known;
    file.sync_all()
}

/// Where the links in the path's last part lead, whether something is there or not.
///
/// # Errors
/// When they lead in a circle.
pub fn target(path: &Path) -> io::Result<PathBuf> {
    let mut at = path.to_owned();
    for _ in 0..LINKS {
        match fs::read_link(&at) {
            Ok(next) => at = at.parent().map_or_else(|| next.clone(), |folder| folder.join(&next)),
            Err(_) => return Ok(at),
        }
    }
    Err(io::Error::other("its link leads in a circle"))
}
