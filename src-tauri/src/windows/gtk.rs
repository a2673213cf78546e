//! What GTK and X11 know and Tauri does not say.
//!
//! The first painting of a window that was hidden costs 120–340 ms. So on X11 the pop-up window is always mapped, at its
//! place, with a shape of no pixels: it takes no click, hides nothing, and its page keeps painting. Showing it is giving
//! it its shape back. Wayland has no shapes and no places; there it is shown and hidden.
//!
//! A shape is a request to the X server, and GTK keeps requests until it has another reason to send them. With no
//! window to be seen there may be none for a long time: an empty rectangle would stay on the screen.

use std::sync::{Arc, Mutex, PoisonError};

use gtk::cairo::{RectangleInt, Region};
use gtk::gdk::WindowTypeHint;
use gtk::gdk::prelude::*;
use gtk::prelude::*;
use tauri::WebviewWindow;
use webkit2gtk::{UserContentManagerExt as _, WebViewExt as _};

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
            draw(&window, &surface);
        }
        window.display().flush();
    } else {
        window.show_all();
    }
}

/// Draws what the page has painted at once: shape and picture reach the X server together. At the next frame, which is
/// up to 16 ms away, the window would have been empty as long.
fn draw(window: &gtk::ApplicationWindow, surface: &gtk::gdk::Window) {
    let whole = Region::create_rectangle(&RectangleInt::new(0, 0, surface.width(), surface.height()));
    let Some(frame) = surface.begin_draw_frame(&whole) else { return };
    if let Some(context) = frame.cairo_context() {
        window.draw(&context);
    }
    surface.end_draw_frame(&frame);
}

/// Tells when the page of a window has painted cards, and when it has painted that there are none. The words come
/// after what they speak of: the page sends both by the same road.
pub fn on_painted(window: &WebviewWindow, told: impl Fn(bool) + Send + 'static) {
    let told = Arc::new(Mutex::new(told));
    let done = window.with_webview(move |view| {
        let Some(words) = view.inner().user_content_manager() else { return };
        for (word, cards) in [("painted", true), ("emptied", false)] {
            words.register_script_message_handler(word);
            let told = told.clone();
            words.connect_script_message_received(Some(word), move |_, _| {
                told.lock().unwrap_or_else(PoisonError::into_inner)(cards);
            });
        }
    });
    if let Err(error) = done {
        tracing::debug!(%error, "the pop-up window is shown whether its page is painted or not");
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
