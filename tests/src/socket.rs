//! The socket through which commands reach the running app: one JSON object a line.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, bail};
use ringside_api::{ApiError, Reply, Request};
use serde::Deserialize;
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;

use crate::desktop::Desktop;
use crate::wait::until;

/// A connection to the app that runs on a desktop.
pub struct Socket {
    stream: BufReader<UnixStream>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Said {
    Reply(Box<Reply>),
    Error(ApiError),
}

impl Socket {
    /// Waits until the app listens.
    ///
    /// # Errors
    /// When it does not in time.
    pub async fn open(desktop: &Desktop, patience: Duration) -> anyhow::Result<Self> {
        let run = desktop.home().join("run").join("ringside");
        let stream = until("the app's socket", patience, async || UnixStream::connect(socket_in(&run)?).await.ok());
        Ok(Self { stream: BufReader::new(stream.await?) })
    }

    /// # Errors
    /// The app's refusal, in its own words.
    pub async fn call(&mut self, request: Request) -> anyhow::Result<Reply> {
        let mut line = serde_json::to_vec(&json!({ "call": request }))?;
        line.push(b'\n');
        self.stream.get_mut().write_all(&line).await?;
        let mut answer = String::new();
        self.stream.read_line(&mut answer).await?;
        match serde_json::from_str(&answer).with_context(|| format!("not understood: {answer}"))? {
            Said::Reply(reply) => Ok(*reply),
            Said::Error(error) => bail!("{}: {} {}", error.code, error.message, error.hint),
        }
    }
}

fn socket_in(folder: &Path) -> Option<PathBuf> {
    let mut entries = std::fs::read_dir(folder).ok()?.flatten();
    entries.find_map(|entry| Some(entry.path()).filter(|path| path.extension().is_some_and(|it| it == "sock")))
}
