//! Sees the pop-up card in the pixels of the screen: its lamp, and ink where the name and the number stand.

use std::time::Duration;

use ringside_tests::screen::{Area, Picture, Screen, close};
use ringside_tests::tree;
use tokio::time::Instant;

use crate::stage::CARD_TITLE;

/// The ringing lamp's colour, in the light and in the dark.
const AMBER: [[u8; 3]; 2] = [[0xd9, 0x8a, 0x00], [0xf5, 0xb1, 0x3d]];
/// The lamp's disc, pixels.
const DISC: u16 = 18;
/// Rows below the lamp's top, as the card lays its text out.
const NAME: (u16, u16) = (28, 52);
const NUMBER: (u16, u16) = (77, 95);
/// Fewer pixels than the shortest name or number has, more than a frame or a caret.
const INK: usize = 60;
/// Between two looks. A look takes about as long.
const EVERY: Duration = Duration::from_micros(300);

pub struct CardEye {
    /// From the lamp's corner to below the number.
    area: Area,
    amber: [u8; 3],
}

impl CardEye {
    /// Finds the lamp of a card that is ringing.
    pub fn find(screen: &Screen, patience: Duration) -> anyhow::Result<Self> {
        let deadline = Instant::now() + patience;
        loop {
            if let Some(window) = screen.window(CARD_TITLE)?
                && let Some(eye) = Self::in_picture(&screen.picture(window.area.within(screen.whole()))?)
                && eye.sees(screen)?
            {
                return Ok(eye);
            }
            if Instant::now() >= deadline {
                let seen = tree::root().join("target/bench/no-card.png");
                screen.save(&seen)?;
                anyhow::bail!("no card came up in {patience:?}: see {}", seen.display());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn await_card(&self, screen: &Screen, patience: Duration) -> anyhow::Result<()> {
        self.until(screen, patience, true)
    }

    pub fn await_gone(&self, screen: &Screen, patience: Duration) -> anyhow::Result<()> {
        self.until(screen, patience, false)
    }

    fn until(&self, screen: &Screen, patience: Duration, wanted: bool) -> anyhow::Result<()> {
        let deadline = Instant::now() + patience;
        while self.sees(screen)? != wanted {
            anyhow::ensure!(
                Instant::now() < deadline,
                "the card did not {} in {patience:?}",
                if wanted { "come" } else { "go" }
            );
            std::thread::sleep(EVERY);
        }
        Ok(())
    }

    fn sees(&self, screen: &Screen) -> anyhow::Result<bool> {
        let picture = screen.picture(self.area)?;
        Ok(self.lamp_is_lit(&picture) && ink(&picture, NAME) >= INK && ink(&picture, NUMBER) >= INK)
    }

    /// The middle of the disc is one solid block.
    fn lamp_is_lit(&self, picture: &Picture) -> bool {
        let middle = 6..DISC - 6;
        middle.clone().all(|y| middle.clone().all(|x| picture.rgb(x, y).is_some_and(|rgb| close(rgb, self.amber, 2))))
    }

    fn in_picture(picture: &Picture) -> Option<Self> {
        AMBER.into_iter().find_map(|amber| {
            let lit = |x, y| picture.rgb(x, y).is_some_and(|rgb| close(rgb, amber, 2));
            let of = |range: u16, lit: &dyn Fn(u16) -> bool| (0..range).find(|at| lit(*at));
            // The lamp is in the upper left corner of the card.
            let (width, height) = (picture.area.width.min(60), picture.area.height.min(60));
            let x = of(width, &|x| (0..height).filter(|y| lit(x, *y)).count() >= 4)?;
            let y = of(height, &|y| (0..width).filter(|x| lit(*x, y)).count() >= 4)?;
            let place = |corner: i16, at: u16| i16::try_from(at).ok().and_then(|at| corner.checked_add(at));
            let area = Area {
                x: place(picture.area.x, x)?,
                y: place(picture.area.y, y)?,
                width: (picture.area.width - x).min(200),
                height: NUMBER.1,
            };
            Some(Self { area, amber })
        })
    }
}

/// Pixels that are not the ground they stand on, in some rows.
fn ink(picture: &Picture, (from, to): (u16, u16)) -> usize {
    let Some(ground) = picture.rgb(0, from) else { return 0 };
    let row =
        |y| (0..picture.area.width).filter(move |x| picture.rgb(*x, y).is_some_and(|rgb| !close(rgb, ground, 48)));
    (from..to).map(|y| row(y).count()).sum()
}
