//! From the start of the program to its window, and to a board that is filled from the cache.

use std::time::Duration;

use ringside_exchange::Options;
use ringside_tests::running::Running;
use ringside_tests::screen::{Area, Screen, close};
use ringside_tests::socket::Socket;
use ringside_tests::tree;
use tokio::time::{Instant, sleep};

use crate::Extent;
use crate::report::{Good, Row};
use crate::samples::Samples;
use crate::stage::{self, MAIN_TITLE};

const PATIENCE: Duration = Duration::from_secs(20);
/// A lamp that is free, and one that nobody vouches for, as the light theme draws them.
const LAMPS: [[u8; 3]; 2] = [[0x2b, 0x8a, 0x57], [0x9a, 0xa4, 0xaf]];
/// So many pixels of lamps are half a dozen tiles.
const FILLED: usize = 300;
/// Between two looks. Each takes the X server and a processor some milliseconds that the start would have had.
const PAUSE: Duration = Duration::from_millis(6);

pub async fn measure(extent: Extent) -> anyhow::Result<Vec<Row>> {
    let options = Options::quiet().with_extensions(5_000);
    let (exchange, desktop, screen) = stage::set(options, "[ui]\ntheme = \"light\"\n").await?;
    {
        // Once online, so that the extensions are cached and the windows have their places.
        let mut app = Running::start(&desktop, Some(&exchange), &[])?;
        let mut socket = Socket::open(&desktop, PATIENCE).await?;
        stage::await_current(&mut socket).await?;
        sleep(Duration::from_secs(3)).await;
        drop(socket);
        app.kill();
    }
    let (mut shown, mut filled) = (Samples::default(), Samples::default());
    for round in 0..extent.rounds(15).max(3) {
        sleep(Duration::from_millis(500)).await;
        let began = Instant::now();
        let mut app = Running::start(&desktop, Some(&exchange), &[])?;
        let (window, board) = tokio::task::block_in_place(|| watch(&screen, began))?;
        shown.add_ms(window);
        filled.add_ms(board);
        if round == 0 {
            screen.save(&tree::root().join("target/bench/start.png"))?;
        }
        sleep(Duration::from_millis(500)).await;
        app.kill();
        screen.await_no_window(MAIN_TITLE, PATIENCE)?;
    }
    let remark = format!("median of {} starts, maximum {:.0} ms", shown.count(), shown.max());
    Ok(vec![
        Row::of("start, window shown", shown.median(), "ms", Good::AtMost, 400.0).remark(remark),
        Row::of("start, board filled", filled.median(), "ms", Good::AtMost, 700.0)
            .remark(format!("5,000 extensions cached; by the pixels of its lamps; maximum {:.0} ms", filled.max())),
    ])
}

/// When the window was mapped, and when its board had lamps.
fn watch(screen: &Screen, began: Instant) -> anyhow::Result<(Duration, Duration)> {
    let mut shown = None;
    let mut area = screen.whole();
    loop {
        if shown.is_none()
            && let Some(window) = screen.window(MAIN_TITLE)?
        {
            shown = Some(began.elapsed());
            area = board_of(window.area.within(screen.whole()));
        }
        if let Some(shown) = shown {
            let picture = screen.picture(area)?;
            let lamps = picture.pixels().filter(|it| LAMPS.iter().any(|lamp| close(*it, *lamp, 10))).count();
            if lamps > FILLED {
                return Ok((shown, began.elapsed()));
            }
        }
        anyhow::ensure!(began.elapsed() < PATIENCE, "no filled board within {PATIENCE:?}");
        std::thread::sleep(PAUSE);
    }
}

/// The middle of the window, where only the board has lamps.
fn board_of(window: Area) -> Area {
    let by = |from: i16, share: u16| from.saturating_add_unsigned(share);
    Area {
        x: by(window.x, window.width / 20),
        y: by(window.y, window.height / 4),
        width: window.width / 2,
        height: window.height / 4,
    }
}
