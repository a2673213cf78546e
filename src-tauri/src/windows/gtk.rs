//! What GTK and X11 know and Tauri does not say.
//!
//! The first painting of a window that was hidden costs 120–340 ms. So on X11 the pop-up window is always mapped, at its
//! place, with a shape of no pixels: it takes no click, hides nothing, and its page keeps painting. Showing it is giving
//! it its shape back. Wayland has no shapes and no places; there it is shown and hidden.
//!
//! A shape is a request to the X server, and GTK keeps requests until it has another reason to send them. With no
//! window to be seen there may be none for a long time: an empty rectangle would stay on the screen.

use std::cell::RefCell;
use std::time::Duration;

use gdkx11::X11Window;
use gtk::cairo::{RectangleInt, Region};
use gtk::gdk::prelude::*;
use gtk::gdk::{EventMask, Geometry, Gravity, WindowHints, WindowTypeHint};
use gtk::prelude::*;
use tauri::WebviewWindow;
use webkit2gtk::{UserContentManagerExt as _, WebViewExt as _};

use super::keyboard::Keyboard;

/// A click takes so long from the eye to the finger.
const GUARDED: Duration = Duration::from_millis(400);

/// Whether windows are those of an X server.
pub fn on_x11() -> bool {
    gtk::gdk::Display::default().is_some_and(|display| display.type_().name() == "GdkX11Display")
}

/// Before the window is first shown: it never takes the focus by coming up, and no task list counts it.
pub fn prepare_card(window: &WebviewWindow, width: i32, height: i32) {
    let Ok(gtk_window) = window.gtk_window() else { return };
    gtk_window.set_type_hint(WindowTypeHint::Notification);
    gtk_window.set_focus_on_map(false);
    gtk_window.set_skip_taskbar_hint(true);
    gtk_window.set_skip_pager_hint(true);
    gtk_window.set_keep_above(true);
    gtk_window.stick();
    resize(window, width, height);
    if on_x11() {
        gtk_window.realize();
        gtk_window.shape_combine_region(Some(&Region::create()));
        gtk_window.show_all();
    }
}

/// Makes the window exactly so large, and tells the window manager to leave it so.
pub fn resize(window: &WebviewWindow, width: i32, height: i32) {
    let Ok(window) = window.gtk_window() else { return };
    let exact = Geometry::new(width, height, width, height, 0, 0, 0, 0, 0.0, 0.0, Gravity::NorthWest);
    window.set_geometry_hints(None::<&gtk::Widget>, Some(&exact), WindowHints::MIN_SIZE | WindowHints::MAX_SIZE);
    window.resize(width, height);
}

/// Has so much of the window be seen from its top, where `before` was; 0: nothing of it.
pub fn see(window: &WebviewWindow, width: i32, before: i32, height: i32) {
    let Ok(window) = window.gtk_window() else { return };
    if on_x11() {
        if height < before {
            guard(&window, RectangleInt::new(0, height, width, before - height));
        }
        let seen = if height == 0 {
            Region::create()
        } else {
            Region::create_rectangle(&RectangleInt::new(0, 0, width, height))
        };
        window.shape_combine_region(Some(&seen));
        if let Some(surface) = window.window().filter(|_| before == 0) {
            surface.raise();
            draw(&window, &surface);
        }
        window.display().flush();
    } else if height > 0 {
        window.show_all();
    } else {
        window.hide();
    }
    if height == 0 && window.is_active() {
        KEYBOARD.with(Keyboard::give_back);
    }
    // Asked when the card is on the screen already: the answer takes a moment.
    if before == 0 {
        remember_keyboard(&window);
    }
}

/// Turns the keyboard to the window.
pub fn focus(window: &WebviewWindow) {
    let Ok(window) = window.gtk_window() else { return };
    remember_keyboard(&window);
    window.present_with_time(crate::hotkeys::pressed_at());
}

/// Whoever has the keyboard gets it back from the cards. The X server is asked, for GTK learns later than it that the
/// cards have it themselves.
fn remember_keyboard(card: &gtk::ApplicationWindow) {
    let Some(surface) = card.window().and_downcast::<X11Window>() else { return };
    // An X11 name has 32 bits; GDK's type has as many as a C long.
    let Ok(card) = u32::try_from(surface.xid()) else { return };
    KEYBOARD.with(|keyboard| keyboard.remember(card));
}

thread_local! {
    static KEYBOARD: Keyboard = Keyboard::connect();
    /// Windows without pixels that are at rest: GTK has no way to give one back.
    static GUARDS: RefCell<Vec<gtk::Invisible>> = const { RefCell::new(Vec::new()) };
}

/// For a moment, clicks where a card has just been go nowhere: they were meant for the card. `area` of the window.
fn guard(window: &gtk::ApplicationWindow, area: RectangleInt) {
    let Some(surface) = window.window() else { return };
    let (_, left, top) = surface.origin();
    let Some(screen) = gtk::gdk::Screen::default() else { return };
    let guard = GUARDS.with_borrow_mut(Vec::pop).unwrap_or_else(|| gtk::Invisible::for_screen(&screen));
    guard.realize();
    let Some(over) = guard.window() else { return };
    over.set_events(EventMask::BUTTON_PRESS_MASK | EventMask::BUTTON_RELEASE_MASK | EventMask::SCROLL_MASK);
    over.move_resize(left + area.x(), top + area.y(), area.width(), area.height());
    over.show();
    over.raise();
    gtk::glib::timeout_add_local_once(GUARDED, move || {
        over.hide();
        over.display().flush();
        GUARDS.with_borrow_mut(|idle| idle.push(guard));
    });
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

/// Tells what the page of a window says under that name. The words come after what they speak of: the page sends both
/// by the same road.
pub fn on_word(window: &WebviewWindow, name: &'static str, told: impl Fn(&str) + Send + 'static) {
    let done = window.with_webview(move |view| {
        let Some(words) = view.inner().user_content_manager() else { return };
        words.register_script_message_handler(name);
        words.connect_script_message_received(Some(name), move |_, said| {
            if let Some(text) = said.js_value() {
                told(&text.to_string());
            }
        });
    });
    if let Err(error) = done {
        tracing::debug!(%error, "a page is not heard");
    }
}

/// Where on the screen a page begins, physical pixels, and how many of them a CSS pixel is.
pub fn origin(window: &WebviewWindow) -> Option<(i32, i32, i32)> {
    let window = window.gtk_window().ok()?;
    let page = window.child()?.window().or(window.window())?;
    let (_, x, y) = page.origin();
    let allocated = window.child()?.allocation();
    let scale = window.scale_factor();
    Some(((x + allocated.x()) * scale, (y + allocated.y()) * scale, scale))
}
