//! The program `ringside`, running on a private desktop.

use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use ringside_exchange::Exchange;

use crate::desktop::Desktop;
use crate::program::Program;

/// Where the program is: `RINGSIDE_BIN`, or beside the running test.
///
/// # Errors
/// When it was not built.
pub fn binary() -> anyhow::Result<PathBuf> {
    match std::env::var_os("RINGSIDE_BIN") {
        Some(path) => Ok(path.into()),
        None => beside("ringside", "ringside"),
    }
}

/// A program of the workspace, beside the running test.
///
/// # Errors
/// When it was not built.
pub fn beside(name: &str, package: &str) -> anyhow::Result<PathBuf> {
    let mut folder = std::env::current_exe()?;
    folder.pop();
    if folder.ends_with("deps") {
        folder.pop();
    }
    let path = folder.join(name);
    anyhow::ensure!(path.exists(), "{} is not built: run `cargo build --package {package}` first", path.display());
    Ok(path)
}

/// Dropped, it is killed.
pub struct Running {
    program: Program,
}

impl Running {
    /// Starts the app on the desktop's own configuration, with the exchange's secrets in its environment. Its own
    /// words go to `stderr.log` in the desktop's home.
    ///
    /// # Errors
    /// When it was not built.
    pub fn start(desktop: &Desktop, exchange: Option<&Exchange>, arguments: &[&str]) -> anyhow::Result<Self> {
        let mut command = desktop.command(binary()?);
        command.args(arguments);
        let words = std::fs::File::create(desktop.home().join("stderr.log"))?;
        command.stderr(words);
        if let Some(exchange) = exchange {
            command.envs(exchange.environment());
        }
        Ok(Self { program: Program::start(command, "ringside")? })
    }

    pub fn pid(&self) -> u32 {
        self.program.pid()
    }

    pub fn runs(&mut self) -> bool {
        self.program.runs()
    }

    /// Waits until it has ended by itself.
    ///
    /// # Errors
    /// When it has not in time.
    pub fn ended(&mut self, patience: Duration) -> anyhow::Result<()> {
        crate::wait::until_blocking("the app to end", patience, || (!self.program.runs()).then_some(()))
    }

    /// Ends it at once, as a power cut would.
    pub fn kill(&mut self) {
        self.program.kill();
    }
}

/// Runs one command of the command line to its end.
///
/// # Errors
/// When it was not built.
pub fn command(desktop: &Desktop, exchange: Option<&Exchange>, arguments: &[&str]) -> anyhow::Result<Output> {
    let mut command = desktop.command(binary()?);
    command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    if let Some(exchange) = exchange {
        command.envs(exchange.environment());
    }
    command.output().context("cannot start ringside")
}
