//! The command line. Without a command it opens the app; every command is a file here.

mod accounts;
mod agent;
mod calls;
mod contacts;
mod core;
mod demo;
mod dial;
mod exit;
mod extensions;
mod hangup;
mod history;
mod lines;
mod number;
mod options;
mod out;
mod rows;
mod scenario;
mod settle;
mod watch;

use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser as _;
use ringside_api::ApiError;
use ringside_domain::Problem;
use ringside_exchange::Options;

use self::core::Core;
use crate::demo::DemoExchange;
use crate::host::{self, Launch};
use crate::instance::Opening;
use crate::ready::Configured;
use crate::{logging, paths};
pub use options::Theme;
use options::{Cli, Command};
use out::Out;

/// Reads the arguments and does what they say.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Nobody is left to read it if that fails.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { exit::USAGE } else { exit::DONE });
        }
    };
    let out = Out::new(cli.json);
    let done = match &cli.command {
        None => app(&cli),
        Some(Command::Demo(options)) => demo::run(&cli, options),
        Some(command) => headless(&cli, command, &out),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            out.error(&error);
            ExitCode::from(exit::of(&error.code))
        }
    }
}

fn app(cli: &Cli) -> Result<ExitCode, ApiError> {
    let configured = Configured::read(paths::paths(cli.config.clone(), cli.data.clone()));
    let opening = Opening { links: cli.links.clone(), in_tray: cli.in_tray };
    let demo = Arc::new(DemoExchange::new(Options::demo()));
    open(Launch { configured, opening, demo, in_demo: false, tour: None })
}

/// The app with its windows.
fn open(launch: Launch) -> Result<ExitCode, ApiError> {
    host::run(launch).map_err(|error| {
        let hint = "Without a display, use the commands: `ringside --help`.";
        Problem::new("no_desktop", format!("{error:#}"), hint).into()
    })
}

fn headless(cli: &Cli, command: &Command, out: &Out) -> Result<ExitCode, ApiError> {
    logging::to_stderr();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| ApiError::from(Problem::new("no_threads", error.to_string(), "")))?;
    runtime.block_on(async {
        let mut core = Core::open(paths::paths(cli.config.clone(), cli.data.clone())).await?;
        let done = perform(&mut core, command, out).await;
        core.close().await;
        done
    })
}

async fn perform(core: &mut Core, command: &Command, out: &Out) -> Result<ExitCode, ApiError> {
    match command {
        Command::Accounts(options) => accounts::run(core, options, out).await,
        Command::Extensions(only) => extensions::run(core, only, out).await,
        Command::Lines(only) => lines::run(core, only, out).await,
        Command::Calls(only) => calls::run(core, only, out).await,
        Command::Scenarios(only) => scenario::list(core, only, out).await,
        Command::Scenario(options) => scenario::run(core, options, out).await,
        Command::Agent(options) => agent::run(core, options, out).await,
        Command::Number(options) => number::run(core, options, out).await,
        Command::History(only) => history::run(core, only, out).await,
        Command::Contacts(options) => contacts::list(core, options, out).await,
        Command::Lookup(options) => contacts::lookup(core, options, out).await,
        Command::Watch(only) => watch::run(core, only, out).await,
        Command::Dial(options) => dial::run(core, options, out).await,
        Command::Hangup(options) => hangup::run(core, options, out).await,
        Command::Demo(_) => Ok(ExitCode::SUCCESS),
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
