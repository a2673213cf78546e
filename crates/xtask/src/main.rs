//! `cargo xtask …`: everything one does with this repository, from a fresh machine on.

mod machine;
mod packages;
mod run;
mod shell;
mod tests;
mod ui;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Build, run, test and measure Ringside")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what is missing, build, and open the app; without a display, run the headless tour.
    Run {
        /// Build with optimisation: slower to build, faster to run.
        #[arg(long)]
        release: bool,
        /// Handed to the app.
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Install what is missing and run every test.
    Test {
        /// Only tests whose name contains this; skips the web interface and the checks.
        filter: Option<String>,
    },
    /// Install what is missing and build, without running anything.
    Build {
        #[arg(long)]
        release: bool,
    },
    /// Write the generated files: the TypeScript contract, and the descriptions of the store's statements.
    Generate,
    /// Run the demo exchange alone, for anybody who develops against these services.
    Exchange {
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Make the pictures of the README again.
    Pictures,
    /// Measure, and print the table of docs/benchmarks.md.
    Bench {
        /// Only rows whose name contains this.
        filter: Option<String>,
        /// A tenth of the rounds, to see that it works.
        #[arg(long)]
        quick: bool,
    },
}

fn main() -> anyhow::Result<()> {
    let task = Arguments::parse().task;
    std::env::set_current_dir(shell::root())?;
    match task {
        Task::Run { release, arguments } => run::app(release, &arguments),
        Task::Test { filter } => tests::all(filter.as_deref()),
        Task::Build { release } => run::build(release).map(drop),
        Task::Generate => run::generate(),
        Task::Exchange { arguments } => run::exchange(&arguments),
        Task::Pictures => run::pictures(),
        Task::Bench { filter, quick } => run::bench(filter.as_deref(), quick),
    }
}
