//! The command line where there is neither a display nor a bus: a home of its own, and nothing else.
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up stops at once")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use ringside_exchange::Exchange;
use serde_json::Value;
use tempfile::TempDir;

use crate::running::binary;

pub struct Bare {
    home: TempDir,
    secrets: Vec<(&'static str, String)>,
}

impl Bare {
    /// Nothing is configured.
    pub fn new() -> Self {
        let home = tempfile::Builder::new().prefix("ringside-bare-").tempdir().expect("a folder");
        std::fs::create_dir(home.path().join("run")).expect("a folder");
        // One that is named and not there is a mistake of its own.
        std::fs::write(home.path().join("config.toml"), "").expect("a configuration");
        Self { home, secrets: Vec::new() }
    }

    /// The exchange's own configuration.
    pub fn on(exchange: &Exchange) -> Self {
        Self::with(exchange, &exchange.config_toml())
    }

    /// Another configuration that names the exchange's secrets.
    pub fn with(exchange: &Exchange, config: &str) -> Self {
        let mut bare = Self::new();
        bare.secrets = exchange.environment();
        std::fs::write(bare.home.path().join("config.toml"), config).expect("a configuration");
        bare
    }

    /// Replaces a secret by one that nobody takes.
    pub fn with_wrong_secret(mut self, variable: &str) -> Self {
        let secret = self.secrets.iter_mut().find(|(name, _)| *name == variable);
        secret.expect("a secret of that name").1 = "nonsense".to_owned();
        self
    }

    pub fn home(&self) -> &Path {
        self.home.path()
    }

    pub fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary().expect("the program"));
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", self.home()).env("XDG_RUNTIME_DIR", self.home().join("run")).env("USER", "tester");
        command.envs(self.secrets.iter().map(|(name, secret)| (name, secret)));
        command.arg("--config").arg(self.home().join("config.toml")).arg("--data").arg(self.data()).args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs one command to its end, beside the exchange that it asks.
    pub async fn run(&self, arguments: &[&str]) -> Done {
        let mut command = self.command(arguments);
        let output = tokio::task::spawn_blocking(move || command.output());
        Done(output.await.expect("it does not panic").expect("it starts"))
    }
}

impl Default for Bare {
    fn default() -> Self {
        Self::new()
    }
}

/// What a command left.
#[derive(Debug)]
pub struct Done(pub Output);

impl Done {
    pub fn code(&self) -> Option<i32> {
        self.0.status.code()
    }

    pub fn words(&self) -> String {
        String::from_utf8_lossy(&self.0.stderr).into_owned()
    }

    /// The rows of `--json`.
    pub fn rows(&self) -> Vec<Value> {
        let text = String::from_utf8_lossy(&self.0.stdout);
        text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}"))).collect()
    }

    /// The error objects of `--json`: code and message of each.
    pub fn errors(&self) -> Vec<(String, String)> {
        let words = self.words();
        let objects = words.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let errors = objects.filter(|it| it["error"].is_object());
        errors.map(|it| (text(&it["error"]["code"]), text(&it["error"]["message"]))).collect()
    }
}
