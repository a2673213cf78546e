//! What is on the screen, seen from outside: pixels, windows, key strokes.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use x11rb::connection::Connection as _;
use x11rb::protocol::shape::ConnectionExt as _;
use x11rb::protocol::xproto::{self, AtomEnum, ConnectionExt as _, ImageFormat, MapState};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;

use crate::wait::until_blocking;

/// A rectangle of the screen, pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    pub x: i16,
    pub y: i16,
    pub width: u16,
    pub height: u16,
}

/// A window as its title names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    pub id: u32,
    pub title: String,
    pub area: Area,
}

/// Pixels as the X server holds them: blue, green, red, unused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    pub area: Area,
    pub bgrx: Vec<u8>,
}

/// A connection to the X server of a desktop.
pub struct Screen {
    connection: RustConnection,
    root: u32,
    whole: Area,
}

impl Screen {
    /// # Errors
    /// When the display cannot be reached.
    pub fn open(display: &str) -> anyhow::Result<Self> {
        let (connection, number) = RustConnection::connect(Some(display)).context("cannot reach the X server")?;
        let screen = connection.setup().roots.get(number).context("the X server has no screen")?;
        let whole = Area { x: 0, y: 0, width: screen.width_in_pixels, height: screen.height_in_pixels };
        let root = screen.root;
        Ok(Self { connection, root, whole })
    }

    pub fn whole(&self) -> Area {
        self.whole
    }

    /// The pixels of an area as they are now; a block of some dozen pixels takes about a tenth of a millisecond.
    ///
    /// # Errors
    /// When the area is not on the screen.
    pub fn picture(&self, area: Area) -> anyhow::Result<Picture> {
        let Area { x, y, width, height } = area;
        let image = self.connection.get_image(ImageFormat::Z_PIXMAP, self.root, x, y, width, height, u32::MAX)?;
        Ok(Picture { area, bgrx: image.reply()?.data })
    }

    /// The whole screen as a PNG file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(&self, path: &Path) -> anyhow::Result<()> {
        self.picture(self.whole)?.save(path)
    }

    /// Every window that can be seen and has a title, bottom first.
    ///
    /// # Errors
    /// When the X server is gone.
    pub fn windows(&self) -> anyhow::Result<Vec<Window>> {
        let mut found = Vec::new();
        self.walk(self.root, &mut found)?;
        Ok(found)
    }

    /// The window with this title, if it is mapped.
    ///
    /// # Errors
    /// When the X server is gone.
    pub fn window(&self, title: &str) -> anyhow::Result<Option<Window>> {
        Ok(self.windows()?.into_iter().rev().find(|window| window.title == title))
    }

    /// Waits until the window with this title is mapped.
    ///
    /// # Errors
    /// When it does not come in time.
    pub fn await_window(&self, title: &str, patience: Duration) -> anyhow::Result<Window> {
        until_blocking(format!("the window `{title}`"), patience, || self.window(title).ok().flatten())
    }

    /// Waits until no window with this title is mapped.
    ///
    /// # Errors
    /// When it does not go in time.
    pub fn await_no_window(&self, title: &str, patience: Duration) -> anyhow::Result<()> {
        until_blocking(format!("the window `{title}` to go"), patience, || match self.window(title) {
            Ok(None) => Some(()),
            _ => None,
        })
    }

    /// The title of the window that has the keyboard; `None` if no titled one has.
    ///
    /// # Errors
    /// When the X server is gone.
    pub fn focused(&self) -> anyhow::Result<Option<String>> {
        let mut window = self.connection.get_input_focus()?.reply()?.focus;
        // The focus often lies on a nameless child.
        while window > 1 && window != self.root {
            if let Some(title) = self.title(window)? {
                return Ok(Some(title));
            }
            window = self.connection.query_tree(window)?.reply()?.parent;
        }
        Ok(None)
    }

    /// What of a window can be seen, by its shape: a mapped window may show less than it is large.
    ///
    /// # Errors
    /// When the window is gone.
    pub fn seen_of(&self, window: &Window) -> anyhow::Result<Area> {
        let shape = self.connection.shape_query_extents(window.id)?.reply()?;
        if !shape.bounding_shaped {
            return Ok(window.area);
        }
        Ok(Area {
            x: window.area.x + shape.bounding_shape_extents_x,
            y: window.area.y + shape.bounding_shape_extents_y,
            width: shape.bounding_shape_extents_width,
            height: shape.bounding_shape_extents_height,
        })
    }

    /// Moves the pointer.
    ///
    /// # Errors
    /// When the X server is gone.
    pub fn point(&self, x: i16, y: i16) -> anyhow::Result<()> {
        self.connection.xtest_fake_input(xproto::MOTION_NOTIFY_EVENT, 0, 0, self.root, x, y, 0)?;
        self.connection.flush()?;
        Ok(())
    }

    /// Clicks the left button where the pointer is told to go.
    ///
    /// # Errors
    /// When the X server is gone.
    pub fn click(&self, x: i16, y: i16) -> anyhow::Result<()> {
        self.point(x, y)?;
        self.connection.xtest_fake_input(xproto::BUTTON_PRESS_EVENT, 1, 0, self.root, 0, 0, 0)?;
        self.connection.xtest_fake_input(xproto::BUTTON_RELEASE_EVENT, 1, 0, self.root, 0, 0, 0)?;
        self.connection.flush()?;
        Ok(())
    }

    fn walk(&self, window: u32, found: &mut Vec<Window>) -> anyhow::Result<()> {
        for child in self.connection.query_tree(window)?.reply()?.children {
            // A window may go while it is being looked at.
            let Ok(attributes) = self.connection.get_window_attributes(child)?.reply() else { continue };
            if attributes.map_state != MapState::VIEWABLE {
                continue;
            }
            if let Some(title) = self.title(child)?
                && let Some(area) = self.area(child)?
                && self.has_pixels(child)?
            {
                found.push(Window { id: child, title, area });
            }
            self.walk(child, found)?;
        }
        Ok(())
    }

    /// A mapped window may have a shape of no pixels: nobody sees it then.
    fn has_pixels(&self, window: u32) -> anyhow::Result<bool> {
        let Ok(shape) = self.connection.shape_query_extents(window)?.reply() else { return Ok(false) };
        Ok(!shape.bounding_shaped
            || (shape.bounding_shape_extents_width > 0 && shape.bounding_shape_extents_height > 0))
    }

    fn title(&self, window: u32) -> anyhow::Result<Option<String>> {
        for name in [self.atom("_NET_WM_NAME")?, AtomEnum::WM_NAME.into()] {
            let property = self.connection.get_property(false, window, name, AtomEnum::ANY, 0, 256)?;
            if let Ok(reply) = property.reply()
                && !reply.value.is_empty()
            {
                return Ok(Some(String::from_utf8_lossy(&reply.value).into_owned()));
            }
        }
        Ok(None)
    }

    fn area(&self, window: u32) -> anyhow::Result<Option<Area>> {
        let Ok(size) = self.connection.get_geometry(window)?.reply() else { return Ok(None) };
        let Ok(place) = self.connection.translate_coordinates(window, self.root, 0, 0)?.reply() else {
            return Ok(None);
        };
        Ok(Some(Area { x: place.dst_x, y: place.dst_y, width: size.width, height: size.height }))
    }

    fn atom(&self, name: &str) -> anyhow::Result<u32> {
        Ok(self.connection.intern_atom(false, name.as_bytes())?.reply()?.atom)
    }
}

impl Area {
    /// The part of it that is also in `other`.
    #[must_use]
    pub fn within(self, other: Self) -> Self {
        let (x, y) = (self.x.max(other.x), self.y.max(other.y));
        let end = |start: i16, length: u16| i32::from(start) + i32::from(length);
        let right = end(self.x, self.width).min(end(other.x, other.width));
        let bottom = end(self.y, self.height).min(end(other.y, other.height));
        let length = |from: i16, to: i32| u16::try_from(to - i32::from(from)).unwrap_or(0);
        Self { x, y, width: length(x, right), height: length(y, bottom) }
    }
}

impl Picture {
    /// Red, green, blue at a place counted from the picture's corner.
    pub fn rgb(&self, x: u16, y: u16) -> Option<[u8; 3]> {
        let at = (usize::from(y) * usize::from(self.area.width) + usize::from(x)) * 4;
        match self.bgrx.get(at..at + 3)? {
            [b, g, r] => Some([*r, *g, *b]),
            _ => None,
        }
    }

    pub fn pixels(&self) -> impl Iterator<Item = [u8; 3]> + '_ {
        self.bgrx.chunks_exact(4).map(|p| [p[2], p[1], p[0]])
    }

    /// How many pixels are close to a colour.
    pub fn count(&self, colour: [u8; 3], tolerance: u8) -> usize {
        self.pixels().filter(|pixel| close(*pixel, colour, tolerance)).count()
    }

    /// How many pixels differ from another picture of the same size.
    pub fn differing(&self, other: &Self) -> usize {
        self.pixels().zip(other.pixels()).filter(|(a, b)| a != b).count()
    }

    /// # Errors
    /// When the file cannot be written.
    pub fn save(&self, path: &Path) -> anyhow::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut encoder =
            png::Encoder::new(File::create(path)?, u32::from(self.area.width), u32::from(self.area.height));
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        let rgb: Vec<u8> = self.pixels().flatten().collect();
        encoder.write_header()?.write_image_data(&rgb)?;
        Ok(())
    }
}

/// Whether no channel differs by more than `tolerance`.
pub fn close(a: [u8; 3], b: [u8; 3], tolerance: u8) -> bool {
    a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= tolerance)
}
