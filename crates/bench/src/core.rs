//! The app's core without a window, on one account.

use std::path::Path;
use std::sync::Arc;

use ringside_api::view::Snapshot;
use ringside_api::{Reply, Request};
use ringside_app::clock::SystemClock;
use ringside_app::config::{Config, ConfigFile, Paths};
use ringside_app::desktop::RecordingDesktop;
use ringside_app::secrets::{KeyStore as _, MemoryKeyStore};
use ringside_app::{Handle, Start, start};

/// Starts it on a folder; the configuration's one account has its secret in the key store.
pub async fn open(config: &str, account: &str, secret: String, folder: &Path) -> anyhow::Result<Handle> {
    let config: Config = toml::from_str(config)?;
    let keys = MemoryKeyStore::default();
    keys.set(account, &secret.into())?;
    let app = start(Start {
        paths: Paths { config: "".into(), policy: "".into(), data: folder.to_owned(), demo: folder.join("demo") },
        config: ConfigFile::in_memory(config, ringside_providers::KINDS),
        config_errors: Vec::new(),
        clock: Arc::new(SystemClock),
        desktop: Arc::new(RecordingDesktop::default()),
        keys: Arc::new(keys),
        demo: None,
        version: "0.0.0",
        user: "bench".to_owned(),
        seed: 7,
    });
    Ok(app.await)
}

pub async fn snapshot(app: &Handle) -> anyhow::Result<Snapshot> {
    match app.call(Request::Snapshot {}).await.map_err(|error| anyhow::anyhow!(error.message))? {
        Reply::Snapshot { snapshot } => Ok(*snapshot),
        other => anyhow::bail!("no snapshot but {other:?}"),
    }
}

/// A folder for its data. Not in memory: /tmp often is.
pub fn folder() -> anyhow::Result<tempfile::TempDir> {
    Ok(tempfile::Builder::new().prefix("bench-").tempdir_in(std::env::current_dir()?)?)
}
