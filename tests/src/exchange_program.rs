//! The exchange as a program of its own, known by nothing but what it prints.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

use anyhow::Context as _;
use serde::Deserialize;
use tempfile::TempDir;

use crate::program::Program;
use crate::running::beside;
use crate::wait::{PATIENCE, until};

const EXPORT: &str = "# export ";

/// Dropped, it is ended.
pub struct ExchangeProgram {
    accounts: Vec<Printed>,
    _program: Program,
    _folder: TempDir,
}

/// An account as the exchange prints it.
pub struct Printed {
    pub provider: String,
    pub secret: String,
    base_url: String,
    username: Option<String>,
    options: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct File {
    accounts: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    provider: String,
    base_url: String,
    username: Option<String>,
    secret: Variable,
    #[serde(default)]
    options: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Variable {
    env: String,
}

impl ExchangeProgram {
    /// Starts it on free ports and waits for its introduction.
    ///
    /// # Errors
    /// When it was not built or does not introduce itself.
    pub async fn start(arguments: &[&str]) -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new().prefix("ringside-exchange-").tempdir()?;
        let said = folder.path().join("stdout");
        let mut command = Command::new(beside("exchange", "ringside-exchange")?);
        command.args(arguments).stdin(Stdio::null()).stdout(std::fs::File::create(&said)?).stderr(Stdio::null());
        let program = Program::start(command, "ringside")?;
        let read = || read(&std::fs::read_to_string(&said).ok()?);
        let accounts = until("the exchange to say where it is", PATIENCE, async || read()).await?;
        Ok(Self { accounts, _program: program, _folder: folder })
    }

    /// The account at a service.
    ///
    /// # Errors
    /// When it printed none.
    pub fn account(&self, provider: &str) -> anyhow::Result<&Printed> {
        let found = self.accounts.iter().find(|it| it.provider == provider);
        found.with_context(|| format!("the exchange names no account at {provider}"))
    }
}

impl Printed {
    /// What the wizard's fields take, by their names, but for the secret.
    pub fn fields(&self) -> Vec<(&str, &str)> {
        let mut fields = vec![("base_url", self.base_url.as_str())];
        fields.extend(self.username.as_deref().map(|name| ("username", name)));
        fields.extend(self.options.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        fields
    }
}

/// The accounts, once the whole is there: each names a variable for its secret, and the text says what is in it.
fn read(text: &str) -> Option<Vec<Printed>> {
    let entries = toml::from_str::<File>(text).ok()?.accounts;
    let whole = text.ends_with('\n') && entries.len() == text.matches(EXPORT).count();
    let printed = entries.into_iter().map(|Entry { provider, base_url, username, secret, options }| {
        let assignment = format!("{EXPORT}{}=", secret.env);
        let secret = text.lines().find_map(|line| line.strip_prefix(&assignment))?.to_owned();
        Some(Printed { provider, secret, base_url, username, options })
    });
    if whole { printed.collect() } else { None }
}
