//! Keys and clicks, as a user's: through the X server, not into the page.

use std::time::Duration;

use anyhow::Context as _;
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{
    BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ConnectionExt as _, KEY_PRESS_EVENT, KEY_RELEASE_EVENT, Keycode,
    MOTION_NOTIFY_EVENT,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;

const CONTROL: u32 = 0xffe3;
const ALT: u32 = 0xffe9;
const SHIFT: u32 = 0xffe1;
pub const ENTER: u32 = 0xff0d;
pub const SPACE: u32 = 0x20;

/// A person types this fast at best, and a page keeps up.
const BETWEEN: Duration = Duration::from_millis(25);

pub struct Hands {
    connection: RustConnection,
    screen: usize,
    symbols: Vec<u32>,
    per_key: usize,
    first: Keycode,
}

impl Hands {
    /// # Errors
    /// When there is no display, or none that lets itself be tested.
    pub fn new() -> anyhow::Result<Self> {
        let (connection, screen) = x11rb::connect(None).context("there is no display")?;
        connection.xtest_get_version(2, 2)?.reply().context("the display has no XTEST")?;
        let (first, last) = (connection.setup().min_keycode, connection.setup().max_keycode);
        let mapping = connection.get_keyboard_mapping(first, last - first + 1)?.reply()?;
        let per_key = usize::from(mapping.keysyms_per_keycode).max(1);
        Ok(Self { connection, screen, symbols: mapping.keysyms, per_key, first })
    }

    pub fn display(&self) -> (&RustConnection, usize) {
        (&self.connection, self.screen)
    }

    /// Types a text of ASCII characters.
    ///
    /// # Errors
    /// When the keyboard has no such character.
    pub async fn type_text(&self, text: &str) -> anyhow::Result<()> {
        for c in text.chars() {
            self.press(&[], u32::from(c)).await?;
        }
        Ok(())
    }

    /// # Errors
    /// When the keyboard has no such key.
    pub async fn ctrl_alt(&self, symbol: u32) -> anyhow::Result<()> {
        self.press(&[CONTROL, ALT], symbol).await
    }

    /// # Errors
    /// When the keyboard has no such key.
    pub async fn key(&self, symbol: u32) -> anyhow::Result<()> {
        self.press(&[], symbol).await
    }

    /// # Errors
    /// When the display is gone.
    pub async fn click(&self, x: i16, y: i16) -> anyhow::Result<()> {
        self.point(x, y)?;
        tokio::time::sleep(BETWEEN).await;
        self.fake(BUTTON_PRESS_EVENT, 1)?;
        self.fake(BUTTON_RELEASE_EVENT, 1)?;
        tokio::time::sleep(BETWEEN).await;
        Ok(())
    }

    /// Puts the pointer somewhere.
    ///
    /// # Errors
    /// When the display is gone.
    pub fn point(&self, x: i16, y: i16) -> anyhow::Result<()> {
        let root = self.connection.setup().roots.get(self.screen).context("no screen")?.root;
        self.connection.xtest_fake_input(MOTION_NOTIFY_EVENT, 0, 0, root, x, y, 0)?.check()?;
        Ok(())
    }

    async fn press(&self, held: &[u32], symbol: u32) -> anyhow::Result<()> {
        let (key, shifted) = self.key_of(symbol).with_context(|| format!("the keyboard has no key {symbol:#x}"))?;
        let mut modifiers = held.to_vec();
        if shifted {
            modifiers.push(SHIFT);
        }
        let modifiers = modifiers.into_iter().filter_map(|symbol| self.key_of(symbol)).map(|(key, _)| key);
        let modifiers: Vec<Keycode> = modifiers.collect();
        for modifier in &modifiers {
            self.fake(KEY_PRESS_EVENT, *modifier)?;
        }
        self.fake(KEY_PRESS_EVENT, key)?;
        self.fake(KEY_RELEASE_EVENT, key)?;
        for modifier in modifiers.iter().rev() {
            self.fake(KEY_RELEASE_EVENT, *modifier)?;
        }
        tokio::time::sleep(BETWEEN).await;
        Ok(())
    }

    fn key_of(&self, symbol: u32) -> Option<(Keycode, bool)> {
        (0..2).find_map(|level| {
            let index = self.symbols.chunks(self.per_key).position(|symbols| symbols.get(level) == Some(&symbol))?;
            Some((self.first.checked_add(index.try_into().ok()?)?, level == 1))
        })
    }

    fn fake(&self, event: u8, detail: u8) -> anyhow::Result<()> {
        let root = self.connection.setup().roots.get(self.screen).context("no screen")?.root;
        self.connection.xtest_fake_input(event, detail, 0, root, 0, 0, 0)?.check()?;
        Ok(())
    }
}
