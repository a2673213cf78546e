//! 500 lines, 100 changes a second for a minute: at the end the window shows exactly what is the case.

use std::collections::BTreeMap;
use std::time::Duration;

use ringside_exchange::{Line, Options, Presence};
use ringside_tests::window::{MAIN, Windows};
use serde_json::Value;
use tokio::time::sleep;

use crate::Extent;
use crate::report::Row;
use crate::stage;

/// Scrolls through the whole board and notes what each tile shows.
const READ: &str = r"
const frame = () => new Promise((done) => requestAnimationFrame(done));
const list = document.querySelector('[data-testid=board-scroll]');
const seen = {};
for (let top = 0; ; top += 200) {
  list.scrollTop = top;
  await frame(); await frame();
  for (const tile of document.querySelectorAll('[data-line]')) {
    seen[tile.dataset.line] = tile.classList.contains('stale') ? 'stale' : tile.dataset.status;
  }
  if (top >= list.scrollHeight - list.clientHeight) return seen;
}";

pub async fn measure(extent: Extent) -> anyhow::Result<Vec<Row>> {
    let seconds = extent.seconds(60);
    let (exchange, desktop, _screen) = stage::set(Options::quiet().with_extensions(500), "").await?;
    let windows = Windows::open(&desktop, &exchange.environment(), &[]).await?;
    windows.turn_to(MAIN).await?;
    windows.select("[data-testid=main][data-ready=true]").await?;
    windows.select("[data-line]:not(.stale)").await?;
    let load = exchange.office().line_events(100);
    sleep(Duration::from_secs(seconds)).await;
    load.stop();
    // What was sent last is still on its way.
    sleep(Duration::from_secs(1)).await;
    let shown = windows.js_async(READ).await?;
    let shown: BTreeMap<&str, &str> = shown.as_object().into_iter().flatten().filter_map(tile).collect();
    let truth = exchange.office().snapshot();
    let wrong = truth
        .lines
        .iter()
        .filter(|(extension, line)| shown.get(extension.as_str()) != Some(&lamp(line.line, line.presence)));
    let wrong = wrong.count();
    let measured =
        format!("{wrong} of {} lines wrong in the window after {seconds} s, {} shown", truth.lines.len(), shown.len());
    windows.close().await?;
    Ok(vec![Row::holds(
        "500 lines, 100 changes/s for 60 s, in the window",
        "the model's state exactly",
        measured,
        wrong == 0,
    )])
}

/// Extension and lamp of a tile.
fn tile<'a>((line, lamp): (&'a String, &'a Value)) -> Option<(&'a str, &'a str)> {
    Some((line.strip_prefix("office/")?, lamp.as_str()?))
}

/// As the board's legend has it.
fn lamp(line: Line, presence: Presence) -> &'static str {
    match (line, presence) {
        (Line::Ringing, _) => "ringing",
        (Line::InUse, _) => "busy",
        (Line::Offline, _) => "offline",
        (Line::Unknown, _) => "unknown",
        (Line::Idle, presence) => idle(presence),
    }
}

fn idle(presence: Presence) -> &'static str {
    match presence {
        Presence::Dnd => "dnd",
        Presence::Away => "away",
        Presence::Busy => "occupied",
        Presence::Unknown | Presence::Offline | Presence::Available => "free",
    }
}
