//! Everything the app core is started with, gathered for the host that starts it.

use std::env;
use std::sync::Arc;

use ringside_app::Start;
use ringside_app::clock::SystemClock;
use ringside_app::config::{ConfigError, ConfigFile, Paths};
use ringside_app::demo::DemoOffice;
use ringside_app::desktop::Desktop;
use ringside_app::secrets::KeyStore;

use crate::keystore::SystemKeyStore;

pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The configuration as read, and what was wrong with it.
pub struct Configured {
    pub paths: Paths,
    pub file: ConfigFile,
    pub errors: Vec<ConfigError>,
}

impl Configured {
    pub fn read(paths: Paths) -> Self {
        let (file, errors) = ConfigFile::load(&paths, ringside_providers::KINDS);
        Self { paths, file, errors }
    }

    /// Puts it together with the desktop it runs on.
    pub fn with(self, desktop: Arc<dyn Desktop>, demo: Option<Arc<dyn DemoOffice>>) -> Start {
        let keys: Arc<dyn KeyStore> = Arc::new(SystemKeyStore);
        Start {
            paths: self.paths,
            config: self.file,
            config_errors: self.errors,
            clock: Arc::new(SystemClock),
            desktop,
            keys,
            demo,
            version: VERSION,
            user: user(),
            seed: uuid::Uuid::new_v4().as_u64_pair().0,
        }
    }
}

/// Who sits here, for the journal.
fn user() -> String {
    let named = ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(|name| env::var(name).ok());
    // A service or a container may have no such variable. Nothing is guessed then: a folder's name is nobody's.
    named.filter(|name| !name.is_empty()).or_else(account).unwrap_or_default()
}

/// What the system calls the one this process belongs to.
#[cfg(unix)]
fn account() -> Option<String> {
    use std::os::unix::fs::MetadataExt as _;
    let id = std::fs::metadata("/proc/self").ok()?.uid();
    account_in(&std::fs::read_to_string("/etc/passwd").ok()?, id)
}

#[cfg(not(unix))]
fn account() -> Option<String> {
    None
}

/// `name:password:id:…`, a line each.
#[cfg(unix)]
fn account_in(list: &str, id: u32) -> Option<String> {
    let mut lines = list.lines().map(|line| line.split(':'));
    lines.find_map(|mut line| {
        let name = line.next()?;
        (line.nth(1)?.parse() == Ok(id) && !name.is_empty()).then(|| name.to_owned())
    })
}

#[cfg(all(test, unix))]
mod tests {
    use super::account_in;

    #[test]
    fn the_user_is_named_by_the_system_and_not_by_a_folder() {
        let list = "root:x:0:0:root:/root:/bin/sh\nlea:x:1000:1000:Lea Sommer,,,:/home/home:/bin/bash\nbroken\n";
        assert_eq!(account_in(list, 1000).as_deref(), Some("lea"));
        assert_eq!(account_in(list, 1001), None);
    }
}
