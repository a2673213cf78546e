//! What the display can do, found out before the first window.

#[cfg(target_os = "linux")]
use std::{env, fs};

use ringside_api::view::Theme;
use tauri::window::Color;

/// Without a graphics processor the web view's compositor only costs: 50 MB and 16 ms a paint.
#[cfg(target_os = "linux")]
const WITHOUT_GRAPHICS: [&str; 2] = ["WEBKIT_DISABLE_COMPOSITING_MODE", "WEBKIT_DISABLE_DMABUF_RENDERER"];

/// Of the web view, a thread that wakes every few seconds to read how much memory the whole system has left.
#[cfg(target_os = "linux")]
const WATCH_ON_MEMORY: &str = "WEBKIT_DISABLE_MEMORY_PRESSURE_MONITOR";

/// Called before any other thread is started; whoever set one of these variables knows better.
pub fn prepare_environment() {
    #[cfg(target_os = "linux")]
    {
        let graphics: &[_] = if has_graphics_processor() { &[] } else { &WITHOUT_GRAPHICS };
        for name in graphics.iter().copied().chain([WATCH_ON_MEMORY]) {
            // Does not overwrite. The only failure is a name with a `=` in it.
            let _ = gtk::glib::setenv(name, "1", false);
        }
    }
}

/// # Errors
/// When there is no display to open a window on, which the windowing library itself would only panic over.
pub fn require_display() -> anyhow::Result<()> {
    #[cfg(target_os = "linux")]
    if gtk::init().is_err() {
        anyhow::bail!("there is no display to open a window on");
    }
    Ok(())
}

#[cfg(target_os = "linux")]
fn has_graphics_processor() -> bool {
    let software = env::var_os("LIBGL_ALWAYS_SOFTWARE").is_some_and(|value| value != "0");
    let render_node = fs::read_dir("/dev/dri").is_ok_and(|mut entries| {
        entries.any(|entry| entry.is_ok_and(|entry| entry.file_name().to_string_lossy().starts_with("renderD")))
    });
    render_node && !software
}

/// What a window shows before its page is painted: the page's own ground, so that nothing flashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Background {
    pub page: Color,
    /// Of the card, which fills its window.
    pub raised: Color,
}

const LIGHT: Background = Background { page: Color(0xee, 0xf0, 0xf2, 255), raised: Color(0xff, 0xff, 0xff, 255) };
const DARK: Background = Background { page: Color(0x10, 0x13, 0x16, 255), raised: Color(0x1e, 0x23, 0x28, 255) };

impl Background {
    /// The ground of the theme in the settings; `system` asks the desktop. On the windows' thread.
    pub fn of(theme: Theme) -> Self {
        match theme {
            Theme::Dark => DARK,
            Theme::Light => LIGHT,
            Theme::System if prefers_dark() => DARK,
            Theme::System => LIGHT,
        }
    }
}

#[cfg(target_os = "linux")]
fn prefers_dark() -> bool {
    use gtk::prelude::GtkSettingsExt as _;
    gtk::Settings::default().is_some_and(|settings| {
        settings.is_gtk_application_prefer_dark_theme()
            || settings.gtk_theme_name().is_some_and(|name| name.to_lowercase().ends_with("-dark"))
    })
}

#[cfg(not(target_os = "linux"))]
fn prefers_dark() -> bool {
    false
}
