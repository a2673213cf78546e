//! What it costs while nothing happens: one account whose streams carry a heartbeat every 15 seconds.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;

use ringside_exchange::Options;
use ringside_tests::process;
use ringside_tests::program::Program;
use tokio::time::{Instant, sleep};

use crate::Extent;
use crate::report::{Good, Row};
use crate::stage::Stage;

/// How often threads are looked at: one that ends takes its count with it.
const LOOK: Duration = Duration::from_secs(2);

/// The argument by which the bench starts itself as the program to compare with.
pub const ONLY_WAKE: &str = "--only-wake";

const COMPARED: &str = "idle, a program that only wakes as often";

type Counts = BTreeMap<(u32, u32), u64>;

pub async fn measure(extent: Extent) -> anyhow::Result<Vec<Row>> {
    let stage = Stage::in_tray(Options::quiet()).await?;
    let pid = stage.app.pid();
    // What a start leaves to be done is done by then.
    sleep(Duration::from_secs(extent.seconds(30).max(15))).await;
    let began = Instant::now();
    let names: BTreeMap<u32, String> = process::tree(pid).into_iter().map(|it| (it.pid, it.name)).collect();
    let (cpu_before, before) = (cpu_s(pid), process::switches_by_thread(pid));
    let mut last = before.clone();
    while began.elapsed() < Duration::from_secs(extent.seconds(120)) {
        sleep(LOOK).await;
        last.extend(process::switches_by_thread(pid));
    }
    let seconds = began.elapsed().as_secs_f64();
    let cpu = (cpu_s(pid) - cpu_before) / seconds * 100.0;
    let since = switches_since(&before, &last);
    let sum: u64 = since.values().sum();
    let by_process = names.iter().map(|(pid, name)| {
        let own: u64 = since.iter().filter(|((it, _), _)| it == pid).map(|(_, count)| count).sum();
        format!("{name} {:.2}", own as f64 / seconds)
    });
    let by_process = by_process.collect::<Vec<_>>().join(", ");
    drop(stage);
    let wakes = sum as f64 / seconds;
    let compared = match Duration::try_from_secs_f64(1.0 / wakes) {
        Ok(pause) => compare(pause, Duration::from_secs_f64(seconds)).await?,
        Err(_) => Row::not_measured(COMPARED, "", "the app did not wake at all"),
    };
    let remark = format!("in the tray, whole tree over {seconds:.0} s, of one core");
    Ok(vec![
        Row::of("idle, processor", cpu, "%", Good::AtMost, 0.1).remark(remark),
        compared,
        Row::of("idle, context switches", wakes, "/s", Good::AtMost, 2.0).remark(by_process),
    ])
}

/// What the machine charges for being woken, whoever it is: some virtual ones charge more than the work done then. It is
/// shown beside the app's own figure and not taken off it.
async fn compare(pause: Duration, period: Duration) -> anyhow::Result<Row> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(ONLY_WAKE).arg(pause.as_micros().to_string());
    let sleeper = Program::start(command, "nothing: it is this program")?;
    // Its own start is over by then.
    sleep(LOOK).await;
    let (began, before) = (Instant::now(), cpu_s(sleeper.pid()));
    sleep(period).await;
    let cpu = (cpu_s(sleeper.pid()) - before) / began.elapsed().as_secs_f64() * 100.0;
    let measured = format!("{cpu:.2} %");
    let remark = format!("one thread that sleeps, {:.2} times a second", 1.0 / pause.as_secs_f64());
    Ok(Row::told(COMPARED, "", &measured).remark(remark))
}

/// Does nothing but sleep so many microseconds, again and again, until it is ended.
pub fn only_wake(pause: u64) -> ! {
    loop {
        std::thread::sleep(Duration::from_micros(pause));
    }
}

fn cpu_s(pid: u32) -> f64 {
    process::tree(pid).iter().map(|it| it.cpu_s).sum()
}

/// A thread that was not there before counts from its first.
fn switches_since(before: &Counts, last: &Counts) -> Counts {
    last.iter().map(|(thread, count)| (*thread, count - before.get(thread).unwrap_or(&0).min(count))).collect()
}
