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
        let (file, errors) = ConfigFile::load(&paths);
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
    // A service or a container may have no such variable; the home folder is called after its owner.
    let home = || env::var("HOME").ok().and_then(|home| home.rsplit('/').next().map(str::to_owned));
    named.filter(|name| !name.is_empty()).or_else(home).unwrap_or_default()
}
