//! Pictures of the display.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use anyhow::{Context as _, ensure};
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{ChangeWindowAttributesAux, ConnectionExt as _, ImageFormat, ImageOrder};
use x11rb::rust_connection::RustConnection;

/// What the display shows, as three bytes a pixel.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    pub width: u32,
    pub height: u32,
    pub rgb: Vec<u8>,
}

/// Takes the whole display.
///
/// # Errors
/// When the display is gone or is none with 24-bit colours.
pub fn take(connection: &RustConnection, screen: usize) -> anyhow::Result<Picture> {
    let setup = connection.setup();
    let screen = setup.roots.get(screen).context("the display has no such screen")?;
    let (width, height) = (screen.width_in_pixels, screen.height_in_pixels);
    let image = connection.get_image(ImageFormat::Z_PIXMAP, screen.root, 0, 0, width, height, u32::MAX)?.reply()?;
    let pixels = usize::from(width) * usize::from(height);
    ensure!(image.depth == 24 && image.data.len() == pixels * 4, "the display has no 24-bit colours");
    let little = setup.image_byte_order == ImageOrder::LSB_FIRST;
    let rgb = image.data.chunks_exact(4).flat_map(|pixel| match (pixel, little) {
        ([b, g, r, _], true) | ([_, r, g, b], false) => [*r, *g, *b],
        _ => [0; 3],
    });
    Ok(Picture { width: width.into(), height: height.into(), rgb: rgb.collect() })
}

/// A calm colour behind the windows.
///
/// # Errors
/// When the display is gone.
pub fn lay_ground(connection: &RustConnection, screen: usize) -> anyhow::Result<()> {
    let root = connection.setup().roots.get(screen).context("the display has no such screen")?.root;
    let ground = ChangeWindowAttributesAux::new().background_pixel(0x005b_6b82);
    connection.change_window_attributes(root, &ground)?.check()?;
    connection.clear_area(false, root, 0, 0, 0, 0)?.check()?;
    Ok(())
}

impl Picture {
    /// # Errors
    /// When the file cannot be written.
    pub fn save(&self, path: &Path) -> anyhow::Result<()> {
        let file = File::create(path).with_context(|| format!("{} cannot be written", path.display()))?;
        let mut encoder = png::Encoder::new(BufWriter::new(file), self.width, self.height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::Fast);
        encoder.write_header()?.write_image_data(&self.rgb)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_read_back_as_it_was() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("01-board.png");
        let picture = Picture { width: 2, height: 1, rgb: vec![255, 0, 0, 0, 0, 255] };
        picture.save(&path)?;
        let mut reader = png::Decoder::new(std::io::BufReader::new(File::open(&path)?)).read_info()?;
        let mut rgb = vec![0; reader.output_buffer_size().context("a size")?];
        reader.next_frame(&mut rgb)?;
        assert_eq!(rgb, picture.rgb);
        Ok(())
    }
}
