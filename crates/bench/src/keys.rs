//! Whether a window that is being typed in loses a key stroke when cards come up.

use std::time::Duration;

use ringside_exchange::DemoContact;
use ringside_tests::wait::{PATIENCE, until_blocking};
use tokio::task::block_in_place;
use tokio::time::sleep;

use crate::card_eye::CardEye;
use crate::ring;
use crate::stage::Stage;

const TEXT: &str = "the quick brown fox jumps over the lazy dog while customers call 0123456789 ";
/// Between two key strokes, milliseconds: a fast typist.
const PACE: u64 = 25;

/// Rings while somebody types, and counts what did not arrive.
pub async fn lost_while_ringing(
    stage: &mut Stage,
    eye: &CardEye,
    rings: usize,
    callers: &[DemoContact],
) -> anyhow::Result<usize> {
    let file = stage.desktop.home().join("typed.txt");
    let mut xterm = stage.desktop.command("xterm");
    xterm.args(["-T", "typing", "-geometry", "60x10+20+440", "-e", "sh", "-c", &format!("cat > {}", file.display())]);
    stage.desktop.keep(xterm, "xterm")?;
    let window = block_in_place(|| stage.screen.await_window("typing", PATIENCE))?;
    stage.screen.click(window.area.x + 40, window.area.y + 60)?;
    let focused = || (stage.screen.focused().ok()??.as_str() == "typing").then_some(());
    block_in_place(|| until_blocking("the terminal to have the keyboard", PATIENCE, focused))?;
    // A terminal takes no line of more than 4,095 characters.
    let text: String = TEXT.chars().cycle().take((rings * 20).min(4_000)).collect();
    let pace = PACE.to_string();
    let mut typing = stage.desktop.command("xdotool").args(["type", "--delay", &pace, &text]).spawn()?;
    let mut round = 0;
    while typing.try_wait()?.is_none() {
        ring::ring(stage, eye, callers[round % callers.len()].number).await?;
        round += 1;
        sleep(Duration::from_millis(100)).await;
    }
    stage.desktop.output("xdotool", &["key", "--clearmodifiers", "Return"])?;
    let typed = || std::fs::read_to_string(&file).ok().filter(|text| text.ends_with('\n'));
    let typed = block_in_place(|| until_blocking("the line that was typed", PATIENCE, typed))?;
    eprintln!("   {} key strokes while it rang {round} times", text.len());
    Ok(missing(&text, typed.trim_end_matches('\n')))
}

/// How many characters of `text` are not in `typed` in their order.
fn missing(text: &str, typed: &str) -> usize {
    let mut left = typed.chars().peekable();
    text.chars().filter(|it| left.next_if_eq(it).is_none()).count()
}
