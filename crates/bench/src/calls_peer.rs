//! gnome-calls, rung by a signal: from the signal to its window's first pixel. Its clock stops earlier than ours, at
//! any change on the screen, not at a name.

use std::io::Write as _;
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context as _;
use ringside_tests::desktop::Desktop;
use ringside_tests::program::Program;
use ringside_tests::screen::{Area, Screen};
use tokio::time::{Instant, sleep};

use crate::Extent;
use crate::samples::Samples;

const PATIENCE: Duration = Duration::from_secs(10);
/// The terminal's cursor blinks and text is typed: changes of some pixels are not a window.
const MANY: usize = 2_000;

pub async fn measure(extent: Extent, desktop: &mut Desktop, screen: &Screen) -> anyhow::Result<Samples> {
    let mut times = Samples::default();
    for _ in 0..extent.rounds(30) {
        // A fresh one each time: its ringing window can only be closed with the call, and the call by a click.
        let mut command = desktop.command("gnome-calls");
        command.args(["-p", "dummy", "--daemon"]);
        let calls = Program::start(command, "gnome-calls")?;
        tokio::task::block_in_place(|| {
            ringside_tests::wait::until_blocking("gnome-calls on the bus", PATIENCE, || {
                desktop.on_the_bus("org.gnome.Calls").then_some(())
            })
        })?;
        sleep(Duration::from_millis(1_500)).await;
        // A shell that waits, so that starting a program is not counted.
        let mut shell = desktop.command("sh").stdin(Stdio::piped()).spawn()?;
        let mut orders = shell.stdin.take().context("the shell takes no orders")?;
        let before = screen.picture(watched(screen))?;
        let began = Instant::now();
        writeln!(orders, "kill -USR1 {}", calls.pid())?;
        let took = tokio::task::block_in_place(|| -> anyhow::Result<Duration> {
            loop {
                if screen.picture(watched(screen))?.differing(&before) > MANY {
                    return Ok(began.elapsed());
                }
                anyhow::ensure!(began.elapsed() < PATIENCE, "gnome-calls showed no window");
                std::thread::sleep(Duration::from_micros(700));
            }
        })?;
        times.add_ms(took);
        drop(orders);
        shell.wait()?;
        drop(calls);
        sleep(Duration::from_millis(300)).await;
    }
    Ok(times)
}

/// A band through the middle, which every window of a dialog's size crosses.
fn watched(screen: &Screen) -> Area {
    let whole = screen.whole();
    Area { x: 0, y: 200, width: whole.width, height: 160 }
}
