//! 500 lines, 100 changes a second for a minute: at the end the app shows exactly what is the case.

use std::time::Duration;

use ringside_exchange::{Exchange, Options};
use ringside_tests::rig::{self, word};
use tokio::time::sleep;

use crate::Extent;
use crate::report::Row;

pub async fn measure(extent: Extent) -> anyhow::Result<Vec<Row>> {
    let seconds = extent.seconds(60);
    let exchange = Exchange::start(Options::quiet().with_extensions(500)).await?;
    let rig = rig::start(&exchange).await;
    rig.online("office").await;
    let load = exchange.office().line_events(100);
    sleep(Duration::from_secs(seconds)).await;
    load.stop();
    // What was sent last is still on its way.
    sleep(Duration::from_secs(1)).await;
    let truth = exchange.office().snapshot();
    let seen = rig.snapshot().await;
    let wrong = seen
        .lines
        .iter()
        .filter(|line| truth.lines.get(&line.extension).is_none_or(|it| word(&line.line) != shown(it.line)))
        .count();
    let missing = truth.lines.len().saturating_sub(seen.lines.len());
    let measured = format!("{wrong} of {} lines wrong, {missing} missing after {seconds} s", seen.lines.len());
    rig.stop().await;
    Ok(vec![Row::holds(
        "500 lines, 100 changes/s for 60 s",
        "the model's state exactly",
        measured,
        wrong + missing == 0,
    )])
}

/// As the app words it.
pub fn shown(line: ringside_exchange::Line) -> &'static str {
    match line {
        ringside_exchange::Line::Unknown => "unknown",
        ringside_exchange::Line::Offline => "offline",
        ringside_exchange::Line::Idle => "idle",
        ringside_exchange::Line::Ringing => "ringing",
        ringside_exchange::Line::InUse => "busy",
    }
}
