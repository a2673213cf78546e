//! The board of 10,000 extensions in the real window: first paint, frames while scrolling and filtering, long tasks.

use ringside_exchange::Exchange;
use ringside_exchange::Options;
use ringside_tests::desktop::{Desktop, Parts};
use ringside_tests::tree;
use ringside_tests::window::{MAIN, Windows};
use serde_json::Value;

use crate::Extent;
use crate::report::{Good, Row};
use crate::samples::Samples;

/// From the click on the board's place to the second frame after its tiles are in the document.
const FIRST_PAINT: &str = r"
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const frame = () => new Promise((done) => requestAnimationFrame(done));
document.querySelector('[data-testid=rail-history]').click();
await wait(400);
const began = performance.now();
document.querySelector('[data-testid=rail-board]').click();
while (!document.querySelector('[data-line]')) await frame();
await frame();
const took = performance.now() - began;
await wait(200);
return took;";

/// Frames and the longest stretch in which the page's thread ran nothing else, while `move` is called once a frame.
const WATCH: &str = r"
const frames = []; let longest = 0; let last = performance.now(); let running = true;
const channel = new MessageChannel(); let tick = performance.now();
channel.port1.onmessage = () => {
  const now = performance.now(); longest = Math.max(longest, now - tick); tick = now;
  if (running) setTimeout(() => { tick = performance.now(); channel.port2.postMessage(0) }, 0);
};
channel.port2.postMessage(0);
const until = performance.now() + SECONDS * 1000; let step = 0;
await new Promise((done) => {
  const next = (now) => {
    frames.push(now - last); last = now;
    if (performance.now() > until) { running = false; return done() }
    MOVE
    step += 1;
    requestAnimationFrame(next);
  };
  requestAnimationFrame((now) => { last = now; requestAnimationFrame(next) });
});
return { frames, longest };";

const SCROLL: &str = "const list = document.querySelector('[data-testid=board-scroll]'); \
    list.scrollTop = (step * 90) % Math.max(1, list.scrollHeight - list.clientHeight);";

/// A key every tenth frame: a name is typed and taken back.
const FILTER: &str = "if (step % 10 === 0) { const field = document.querySelector('[data-testid=board-filter]'); \
    const word = 'schäfer'; const at = (step / 10) % (2 * word.length); \
    field.value = at < word.length ? word.slice(0, at + 1) : word.slice(0, 2 * word.length - at - 1); \
    field.dispatchEvent(new Event('input', { bubbles: true })); }";

pub async fn measure(extent: Extent) -> anyhow::Result<Vec<Row>> {
    let exchange = Exchange::start(Options::quiet().with_extensions(10_000)).await?;
    let desktop = Desktop::start(Parts::default())?;
    desktop.configure(&exchange.config_toml())?;
    let windows = Windows::open(&desktop, &exchange.environment(), &[]).await?;
    windows.turn_to(MAIN).await?;
    windows.select("[data-testid=main][data-ready=true]").await?;
    windows.select("[data-line]:not(.stale)").await?;
    let mut paints = Samples::default();
    for _ in 0..extent.rounds(20) {
        paints.add(windows.js_async(FIRST_PAINT).await?.as_f64().unwrap_or(f64::NAN));
    }
    let mut rows =
        vec![Row::of("board of 10,000, first paint", paints.median(), "ms", Good::AtMost, 60.0).remark(format!(
            "median of {}, maximum {:.0} ms; from the click to the frame after the tiles are there",
            paints.count(),
            paints.max()
        ))];
    let seconds = extent.seconds(20).to_string();
    for (what, action) in [("scrolling", SCROLL), ("filtering", FILTER)] {
        let script = WATCH.replace("SECONDS", &seconds).replace("MOVE", action);
        let seen = windows.js_async(&script).await?;
        let mut frames = Samples::default();
        for frame in seen.get("frames").and_then(Value::as_array).into_iter().flatten() {
            frames.add(frame.as_f64().unwrap_or(f64::NAN));
        }
        let longest = seen.get("longest").and_then(Value::as_f64).unwrap_or(f64::NAN);
        rows.push(
            Row::of(&format!("board of 10,000, frames while {what}, p95"), frames.at(0.95), "ms", Good::AtMost, 17.0)
                .remark(format!(
                    "{} frames, median {:.1} ms, maximum {:.0} ms",
                    frames.count(),
                    frames.median(),
                    frames.max()
                )),
        );
        rows.push(
            Row::of(&format!("board of 10,000, longest task while {what}"), longest, "ms", Good::AtMost, 50.0).remark(
                "the longest time a message waited for the page's thread; the engine reports no long tasks of its own",
            ),
        );
    }
    desktop.output("import", &["-window", "root", &tree::root().join("target/bench/board.png").to_string_lossy()]).ok();
    Ok(rows)
}
