//! The bench: one row a promise, measured, with the verdict. `cargo xtask bench [FILTER] [--quick]`.

mod board;
mod calls_peer;
mod card_eye;
mod core;
mod engine;
mod event_stream;
mod history;
mod idle;
mod journal;
mod keys;
mod lines;
mod live_lines;
mod machine;
mod memory;
mod model;
mod report;
mod ring;
mod samples;
mod stage;
mod start;

use std::path::Path;

use report::{Report, Row};

/// What was asked for on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// A tenth of the rounds: to see that it works, not to be quoted.
    pub quick: bool,
}

impl Extent {
    /// So many rounds, or a tenth.
    pub fn rounds(self, whole: usize) -> usize {
        if self.quick { (whole / 10).max(2) } else { whole }
    }

    /// So many seconds, or a tenth.
    pub fn seconds(self, whole: u64) -> u64 {
        if self.quick { (whole / 10).max(2) } else { whole }
    }
}

/// The subjects, in the order of the table. A filter picks those whose name contains it.
const SUBJECTS: &[&str] = &[
    "engine",
    "event-stream",
    "history",
    "journal",
    "live-lines",
    "model",
    "ring",
    "start",
    "memory",
    "idle",
    "board",
    "lines",
];

fn main() -> anyhow::Result<()> {
    let mut extent = Extent { quick: false };
    let mut filter = String::new();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [idle::ONLY_WAKE, pause] = arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        idle::only_wake(pause.parse()?);
    }
    for argument in arguments {
        match argument.as_str() {
            "--quick" => extent.quick = true,
            "--list" => return list(),
            name if !name.starts_with('-') => filter = name.to_owned(),
            other => anyhow::bail!("`{other}` is not understood; a filter, --quick and --list are"),
        }
    }
    let chosen: Vec<&str> = SUBJECTS.iter().copied().filter(|name| name.contains(&filter)).collect();
    anyhow::ensure!(!chosen.is_empty(), "no row has `{filter}` in its name; there are {}", SUBJECTS.join(", "));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let mut report = Report::new(extent);
    for name in chosen {
        eprintln!("── {name}");
        let rows = runtime.block_on(measure(name, extent));
        match rows {
            Ok(rows) => report.add(name, rows),
            // A row that cannot be measured says so; the others are still worth having.
            Err(error) => report.add(name, vec![Row::not_measured(name, "", format!("{error:#}"))]),
        }
    }
    report.print();
    report.write(Path::new(&target()))
}

fn list() -> anyhow::Result<()> {
    for name in SUBJECTS {
        println!("{name}");
    }
    Ok(())
}

async fn measure(name: &str, extent: Extent) -> anyhow::Result<Vec<Row>> {
    match name {
        "engine" => Ok(engine::measure(extent)),
        "event-stream" => event_stream::measure(extent),
        "history" => history::measure(extent).await,
        "journal" => journal::measure(extent).await,
        "live-lines" => live_lines::measure(extent).await,
        "model" => model::measure(extent).await,
        "ring" => ring::measure(extent).await,
        "start" => start::measure(extent).await,
        "memory" => memory::measure(extent).await,
        "idle" => idle::measure(extent).await,
        "lines" => lines::measure(extent).await,
        "board" => board::measure(extent).await,
        other => anyhow::bail!("no row `{other}`"),
    }
}

/// Where the JSON goes.
fn target() -> String {
    let folder = std::env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| "target".to_owned());
    format!("{folder}/bench")
}
