//! The command line. Without a command it opens the app; every command is a file here.

mod accounts;
mod agent;
mod calls;
mod closed;
mod contacts;
mod core;
mod demo;
mod dial;
mod exit;
mod extensions;
mod hangup;
mod history;
mod interrupt;
mod journals;
mod lines;
mod number;
mod options;
mod out;
mod rows;
mod scenario;
mod settle;
mod watch;

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser as _;
use ringside_api::ApiError;
use ringside_domain::Problem;
use ringside_exchange::Options;
use tokio::sync::oneshot;

use self::core::Core;
use crate::demo::DemoExchange;
use crate::host::{self, Launch};
use crate::instance::Opening;
use crate::ready::Configured;
use crate::{logging, paths};
pub use options::Theme;
use options::{AccountAction, Cli, Command, NumberAction};
use out::Out;

/// Reads the arguments and does what they say.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return said(&error),
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

/// Help and version are output like any other; what is wrong with the arguments has no other place to be said.
fn said(error: &clap::Error) -> ExitCode {
    let printed = error.print().and_then(|()| io::stdout().flush());
    if error.use_stderr() {
        return ExitCode::from(exit::USAGE);
    }
    let printed = printed.map_err(|failed| out::unwritten(&failed)).and_then(|()| Out::is_open());
    let Err(failed) = printed else { return ExitCode::SUCCESS };
    Out::new(false).error(&failed);
    ExitCode::from(exit::of(&failed.code))
}

/// What the app says on stderr while it runs, as a command would.
pub fn to_stderr(problem: &ApiError) {
    Out::new(false).error(problem);
}

fn app(cli: &Cli) -> Result<ExitCode, ApiError> {
    let configured = Configured::read(paths::named(cli.config.clone(), cli.data.clone(), false)?);
    let opening = Opening { links: cli.links.clone(), in_tray: cli.in_tray };
    let demo = Arc::new(DemoExchange::new(Options::demo()));
    open(Launch { configured, opening, demo, in_demo: false, tour: None })
}

/// The app with its windows.
fn open(launch: Launch) -> Result<ExitCode, ApiError> {
    host::run(launch)
}

fn headless(cli: &Cli, command: &Command, out: &Out) -> Result<ExitCode, ApiError> {
    logging::to_stderr();
    // Before anything is done: what came of it could not be said.
    Out::is_open()?;
    let makes =
        matches!(command, Command::Accounts(accounts) if matches!(accounts.action, Some(AccountAction::Add(_))));
    let paths = paths::named(cli.config.clone(), cli.data.clone(), makes)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| ApiError::from(Problem::new("no_threads", error.to_string(), "")))?;
    runtime.block_on(async {
        let (_never, mut end) = oneshot::channel();
        if matches!(command, Command::Watch(_)) {
            end = interrupt::watched().map_err(|error| no_signals(&error))?;
        }
        let mut core = tokio::select! {
            biased;
            _ = &mut end => return Ok(ExitCode::SUCCESS),
            core = Core::open(paths, out) => core?,
        };
        let done = tokio::select! {
            biased;
            _ = &mut end => Ok(ExitCode::SUCCESS),
            done = perform_on(&mut core, command, out) => done,
        };
        core.close().await;
        done
    })
}

fn no_signals(error: &io::Error) -> ApiError {
    Problem::new("no_threads", format!("the system gives no signals: {error}"), "").into()
}

/// What is read from the place where things are written down, or kept in it, needs it. Other commands do without: the
/// service answers them all the same.
fn needs_store(command: &Command) -> bool {
    match command {
        // A name, an earlier dial, and who switched what.
        Command::History(_) | Command::Contacts(_) | Command::Lookup(_) | Command::Hangup(_) | Command::Scenario(_) => {
            true
        }
        Command::Number(options) => !matches!(options.action, NumberAction::List { .. }),
        Command::Accounts(_)
        | Command::Extensions(_)
        | Command::Lines(_)
        | Command::Calls(_)
        | Command::Scenarios(_)
        | Command::Agent(_)
        | Command::Watch(_)
        | Command::Dial(_)
        | Command::Demo(_) => false,
    }
}

/// The running app has told its user what is wrong with its store.
async fn perform_on(core: &mut Core, command: &Command, out: &Out) -> Result<ExitCode, ApiError> {
    match core.store_trouble().await? {
        // The file was put aside and a new one made: it is told once, and nothing was done meanwhile.
        Some(trouble) if core.is_own() && needs_store(command) && trouble.code == "store_damaged" => {
            Err(ApiError { hint: "Repeat the command: it goes on with a new file.".to_owned(), ..trouble })
        }
        Some(trouble) if core.is_own() && needs_store(command) => Err(trouble),
        trouble => {
            trouble.iter().for_each(|trouble| out.warning(trouble));
            perform(core, command, out).await
        }
    }
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
