//! What it costs while nothing happens: one stream with a heartbeat every 15 seconds.

use std::time::Duration;

use ringside_exchange::Options;
use ringside_tests::process::{self, Process};
use tokio::time::{Instant, sleep};

use crate::Extent;
use crate::report::{Good, Row};
use crate::stage::Stage;

pub async fn measure(extent: Extent) -> anyhow::Result<Vec<Row>> {
    let stage = Stage::in_tray(Options::quiet()).await?;
    let pid = stage.app.pid();
    // What a start leaves to be done is done by then.
    sleep(Duration::from_secs(extent.seconds(20).max(8))).await;
    let before = process::tree(pid);
    let began = Instant::now();
    sleep(Duration::from_secs(extent.seconds(120))).await;
    let after = process::tree(pid);
    let seconds = began.elapsed().as_secs_f64();
    let sum = |of: fn(&Process) -> f64| -> f64 {
        after.iter().map(|now| of(now) - before.iter().find(|it| it.pid == now.pid).map_or(0.0, of)).sum()
    };
    let cpu = sum(|it| it.cpu_s) / seconds * 100.0;
    let switches = sum(|it| it.switches as f64) / seconds;
    let by_process: Vec<String> = after
        .iter()
        .map(|now| {
            let then = before.iter().find(|it| it.pid == now.pid).map_or(0, |it| it.switches);
            format!("{} {:.2}", now.name, (now.switches - then) as f64 / seconds)
        })
        .collect();
    Ok(vec![
        Row::of("idle, processor", cpu, "%", Good::AtMost, 0.1).remark(format!("whole tree over {seconds:.0} s, of one core")),
        Row::of("idle, context switches", switches, "/s", Good::AtMost, 2.0).remark(by_process.join(", ")),
    ])
}
