//! What the display can do, found out before the first window.

use ringside_api::view::Theme;
use tauri::window::Color;

/// # Errors
/// When there is no display to open a window on, which the windowing library itself would only panic over.
pub fn require_display() -> anyhow::Result<()> {
    #[cfg(target_os = "linux")]
    if gtk::init().is_err() {
        anyhow::bail!("there is no display to open a window on");
    }
    Ok(())
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
