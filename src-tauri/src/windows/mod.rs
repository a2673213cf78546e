//! The two windows: the main one comes and goes, the pop-up window is always there and seldom seen.

#[cfg(target_os = "linux")]
mod browser_menu;
mod card;
#[cfg(target_os = "linux")]
mod graphics;
#[cfg(target_os = "linux")]
mod gtk;
#[cfg(target_os = "linux")]
mod keyboard;
#[cfg(target_os = "linux")]
mod lean;
mod main_window;
mod place;
mod related;
mod save_dialog;
mod surface;
#[cfg(target_os = "linux")]
mod web_process;

pub use card::CardWindow;
#[cfg(target_os = "linux")]
pub use graphics::prepare as prepare_graphics;
pub use main_window::{Closing, MainWindow, close_or_keep, remembered};
pub use save_dialog::{Saving, ask as ask_where};
pub use surface::{Background, require_display};

use tauri::{Url, WebviewWindow};

/// Pages never leave the interface that came with the program.
fn may_go(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        // Windows serves the interface under this name.
        "http" | "https" => cfg!(windows) && url.host_str() == Some("tauri.localhost"),
        _ => false,
    }
}

/// Runs on the thread that owns the windows; there is nothing to run once it has ended.
fn on_window_thread(window: &WebviewWindow, act: impl FnOnce() + Send + 'static) {
    if let Err(error) = window.run_on_main_thread(act) {
        tracing::debug!(%error, "the windows are gone");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_goes_nowhere_else() -> Result<(), url::ParseError> {
        assert!(may_go(&"tauri://localhost/card.html".parse()?));
        for elsewhere in [
            "https://example.com/",
            "http://localhost/",
            "tauri://elsewhere/",
            "file:///etc/passwd",
            "tel:112",
            "data:text/html,x",
            "javascript:alert(1)",
            "blob:tauri://localhost/1",
        ] {
            assert!(!may_go(&elsewhere.parse()?), "{elsewhere}");
        }
        Ok(())
    }
}
