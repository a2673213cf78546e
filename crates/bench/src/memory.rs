//! Memory of the whole process tree, each shared page counted by its share.

use std::time::Duration;

use ringside_exchange::{Options, RingSpec};
use ringside_tests::process;
use ringside_tests::running::command;
use tokio::time::sleep;

use crate::Extent;
use crate::report::{Good, Row};
use crate::stage::{MAIN_TITLE, Stage};

const PATIENCE: Duration = Duration::from_secs(20);

pub async fn measure(extent: Extent) -> anyhow::Result<Vec<Row>> {
    let mut stage = Stage::in_tray(Options::quiet().with_extensions(5_000)).await?;
    let pid = stage.app.pid();
    settle().await;
    let tray = process::pss_mb(pid);
    let mut rows = vec![
        Row::of("memory in the tray", tray, "MB", Good::AtMost, 200.0)
            .remark(format!("5,000 extensions; {}", process::summary(pid))),
    ];
    open(&stage).await?;
    settle().await;
    let window = process::pss_mb(pid);
    rows.push(Row::of("memory, window open", window, "MB", Good::AtMost, 300.0).remark(process::summary(pid)));
    close(&stage).await?;

    let openings = extent.rounds(50);
    for _ in 1..openings {
        open(&stage).await?;
        close(&stage).await?;
    }
    settle().await;
    let networks = process::count(pid, "WebKitNetworkProcess");
    rows.push(Row::holds(
        "network processes after 50 openings",
        "1",
        format!("{networks} after {openings} openings; in the tray then: {}", process::summary(pid)),
        networks == 1,
    ));

    // Two hundred first, so that caches have their size.
    calls(&mut stage, extent.rounds(200)).await?;
    settle().await;
    let (before, split) = (process::pss_mb(pid), process::summary(pid));
    let count = extent.rounds(1_000);
    calls(&mut stage, count).await?;
    settle().await;
    let grown = process::pss_mb(pid) - before;
    rows.push(
        Row::of("memory grown by 1,000 calls", grown, "MB", Good::AtMost, 10.0)
            .remark(format!("{count} calls, from {split} to {}", process::summary(pid))),
    );
    Ok(rows)
}

/// Caches are written and freed pages given back some seconds after the last event.
async fn settle() {
    sleep(Duration::from_secs(4)).await;
}

async fn open(stage: &Stage) -> anyhow::Result<()> {
    let started = tokio::task::block_in_place(|| command(&stage.desktop, Some(&stage.exchange), &[]))?;
    anyhow::ensure!(started.status.success(), "the second start failed");
    tokio::task::block_in_place(|| stage.screen.await_window(MAIN_TITLE, PATIENCE))?;
    sleep(Duration::from_millis(300)).await;
    Ok(())
}

async fn close(stage: &Stage) -> anyhow::Result<()> {
    let window = stage.screen.window(MAIN_TITLE)?;
    let id = window.map_or(0, |window| window.id).to_string();
    stage.desktop.output("xdotool", &["windowactivate", "--sync", &id, "key", "--clearmodifiers", "alt+F4"])?;
    tokio::task::block_in_place(|| stage.screen.await_no_window(MAIN_TITLE, PATIENCE))
}

/// Calls that ring on my line, are answered and end, as fast as they are seen.
async fn calls(stage: &mut Stage, count: usize) -> anyhow::Result<()> {
    for round in 0..count {
        let from = format!("49221669{:05}", round % 90_000);
        let call = stage.exchange.ring(RingSpec::to("31").from(from));
        sleep(Duration::from_millis(8)).await;
        call.answer("31");
        sleep(Duration::from_millis(8)).await;
        call.hang_up();
        if round.is_multiple_of(10) {
            sleep(Duration::from_millis(20)).await;
        }
    }
    // Cards linger for some seconds.
    sleep(Duration::from_secs(5)).await;
    stage.clear_cards().await
}
