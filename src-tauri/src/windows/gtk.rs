//! What GTK and X11 know and Tauri does not say.
//!
//! The first painting of a window that was hidden costs 120–340 ms. So on X11 the pop-up window is always mapped, at its
//! place, with a shape of no pixels: it takes no click, hides nothing, and its page keeps painting. Showing it is giving
//! it its shape back. Wayland has no shapes and no places; there it is shown and hidden.
//!
//! A shape is a request to the X server, and GTK keeps requests until it has another reason to send them. With no
//! window to be seen there may be none for a long time: an empty rectangle would stay on the screen.

use gtk::cairo::Region;
use gtk::gdk::WindowTypeHint;
use gtk::gdk::prelude::*;
use gtk::prelude::*;
use tauri::WebviewWindow;

/// Whether windows are those of an X server.
pub fn on_x11() -> bool {
    gtk::gdk::Display::default().is_some_and(|display| display.type_().name() == "GdkX11Display")
}

/// Before the window is first shown: it never takes the focus by coming up, and no task list counts it.
pub fn prepare_card(window: &WebviewWindow) {
    let Ok(window) = window.gtk_window() else { return };
    window.set_type_hint(WindowTypeHint::Notification);
    window.set_focus_on_map(false);
    window.set_skip_taskbar_hint(true);
    window.set_skip_pager_hint(true);
    window.set_keep_above(true);
    window.stick();
    if on_x11() {
        window.realize();
        window.shape_combine_region(Some(&Region::create()));
        window.show_all();
    }
}

pub fn reveal(window: &WebviewWindow) {
    let Ok(window) = window.gtk_window() else { return };
    if on_x11() {
        window.shape_combine_region(None);
        if let Some(surface) = window.window() {
            surface.raise();
        }
        window.queue_draw();
        window.display().flush();
    } else {
        window.show_all();
    }
}

pub fn conceal(window: &WebviewWindow) {
    let Ok(window) = window.gtk_window() else { return };
    if on_x11() {
        window.shape_combine_region(Some(&Region::create()));
        window.display().flush();
    } else {
        window.hide();
    }
}
