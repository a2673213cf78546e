//! Where the socket of a configuration is.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use ringside_app::config::{Paths, target};

/// The socket and the lock of the app that runs on one configuration.
#[derive(Clone, Debug)]
pub struct Place {
    folder: PathBuf,
    name: String,
}

impl Place {
    /// In the session's own run-time folder, else beside the data.
    pub fn of(paths: &Paths) -> Self {
        let run =
            env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|folder| folder.is_absolute()).or_else(usual_run);
        Self::within(&run.map_or_else(|| paths.data.join("run"), |run| run.join("ringside")), &paths.config)
    }

    /// One configuration has one name however it is reached, so links in its path are followed.
    fn within(folder: &Path, config: &Path) -> Self {
        let config = target(config).unwrap_or_else(|_| config.to_owned());
        let parent = config.parent().and_then(|folder| folder.canonicalize().ok());
        let config = match (parent, config.file_name()) {
            (Some(parent), Some(file)) => parent.join(file),
            _ => config,
        };
        let name = format!("{:016x}", fnv(config.as_os_str().as_encoded_bytes()));
        Self { folder: folder.to_owned(), name }
    }

    pub fn socket(&self) -> PathBuf {
        self.folder.join(format!("{}.sock", self.name))
    }

    pub fn lock(&self) -> PathBuf {
        self.folder.join(format!("{}.lock", self.name))
    }

    /// Makes the folder, for the user alone.
    ///
    /// # Errors
    /// When it cannot be made or is somebody else's.
    pub fn prepare(&self) -> io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.folder)?;
        #[cfg(unix)]
        fs::set_permissions(&self.folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
        Ok(())
    }
}

/// Where systemd puts it: a shell that came by another way than a log-in does not have the variable.
#[cfg(target_os = "linux")]
fn usual_run() -> Option<PathBuf> {
    use std::os::unix::fs::MetadataExt as _;
    let user = fs::metadata("/proc/self").ok()?.uid();
    let folder = PathBuf::from(format!("/run/user/{user}"));
    fs::metadata(&folder).is_ok_and(|it| it.is_dir() && it.uid() == user).then_some(folder)
}

#[cfg(not(target_os = "linux"))]
fn usual_run() -> Option<PathBuf> {
    None
}

/// FNV-1a, which is the same in every version of the program.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_configuration_has_a_socket_of_its_own() {
        let run = Path::new("/run/user/1000/ringside");
        let one = Place::within(run, Path::new("/nowhere/a/config.toml"));
        let other = Place::within(run, Path::new("/nowhere/b/config.toml"));
        assert_ne!(one.socket(), other.socket());
        assert_eq!(one.socket(), Place::within(run, Path::new("/nowhere/a/config.toml")).socket());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_the_folder_leads_to_the_same_socket() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let real = folder.path().join("real");
        fs::create_dir(&real)?;
        std::os::unix::fs::symlink(&real, folder.path().join("link"))?;
        let run = folder.path().join("run");
        let a = Place::within(&run, &real.join("config.toml"));
        let b = Place::within(&run, &folder.path().join("link").join("config.toml"));
        assert_eq!(a.socket(), b.socket());
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_the_file_leads_to_the_same_socket() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let (file, link) = (folder.path().join("config.toml"), folder.path().join("link.toml"));
        std::os::unix::fs::symlink("config.toml", &link)?;
        let run = folder.path().join("run");
        let of = |config: &Path| Place::within(&run, config).socket();
        assert_eq!(of(&file), of(&link), "before the file is there");
        fs::write(&file, "")?;
        assert_eq!(of(&file), of(&link));
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_look_into_the_folder() -> io::Result<()> {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir()?;
        let place = Place::within(&folder.path().join("run"), Path::new("/nowhere/config.toml"));
        place.prepare()?;
        assert_eq!(fs::metadata(folder.path().join("run"))?.permissions().mode() & 0o777, 0o700);
        Ok(())
    }
}
