//! A window that only counts the clicks it gets: what lies below another one.

use anyhow::Context as _;
use x11rb::COPY_DEPTH_FROM_PARENT;
use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{AtomEnum, ConnectionExt as _, CreateWindowAux, EventMask, PropMode, WindowClass};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

use crate::desktop::Desktop;

pub struct Clicks {
    connection: RustConnection,
}

impl Clicks {
    /// As large as the screen, below whatever comes up later.
    ///
    /// # Errors
    /// When the X server is gone.
    pub fn open(desktop: &Desktop, title: &str, colour: u32) -> anyhow::Result<Self> {
        let (connection, number) = x11rb::connect(Some(desktop.display()))?;
        let screen = connection.setup().roots.get(number).context("the X server has no screen")?;
        let window = connection.generate_id()?;
        let aux = CreateWindowAux::new().background_pixel(colour).event_mask(EventMask::BUTTON_PRESS);
        let (width, height) = (screen.width_in_pixels, screen.height_in_pixels);
        connection
            .create_window(
                COPY_DEPTH_FROM_PARENT,
                window,
                screen.root,
                0,
                0,
                width,
                height,
                0,
                WindowClass::INPUT_OUTPUT,
                0,
                &aux,
            )?
            .check()?;
        connection.change_property8(
            PropMode::REPLACE,
            window,
            AtomEnum::WM_NAME,
            AtomEnum::STRING,
            title.as_bytes(),
        )?;
        connection.map_window(window)?;
        connection.flush()?;
        Ok(Self { connection })
    }

    /// How many came since the last look.
    ///
    /// # Errors
    /// When the X server is gone.
    pub fn count(&self) -> anyhow::Result<usize> {
        // What was clicked before this answer has arrived by then.
        self.connection.get_input_focus()?.reply()?;
        let mut clicks = 0;
        while let Some(event) = self.connection.poll_for_event()? {
            clicks += usize::from(matches!(event, Event::ButtonPress(_)));
        }
        Ok(clicks)
    }
}
