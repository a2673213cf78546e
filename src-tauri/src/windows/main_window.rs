//! The main window: made when it is wanted, gone when it closes to the tray.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ringside_api::Request;
use tauri::webview::PageLoadEvent;
use tauri::{AppHandle, CloseRequestApi, Manager as _, WebviewUrl, WebviewWindow, WebviewWindowBuilder};
use tauri_plugin_window_state::{AppHandleExt as _, StateFlags};
use tokio::time::Instant;

#[cfg(target_os = "linux")]
use super::place::Rect;
use super::related::beside;
use super::{CardWindow, may_go};
use crate::desktop::TauriDesktop;
use crate::host::{self, Core, Page};

/// Shown by then, painted or not: a window that does not come looks like a click that was lost.
const AT_THE_LATEST: Duration = Duration::from_millis(300);

pub struct MainWindow;

impl MainWindow {
    /// Brings it to the front, making it first if need be.
    pub fn show(app: &AppHandle) {
        let inside = app.clone();
        let asked = app.run_on_main_thread(move || {
            let shown = match inside.get_webview_window(Page::Main.label()) {
                Some(window) => to_front(&window),
                None => build(&inside),
            };
            if let Err(error) = shown {
                host::no_window(&inside, &error.to_string());
            }
        });
        if let Err(error) = asked {
            tracing::debug!(%error, "the windows are gone");
        }
    }
}

/// The window's close button: to the tray where there is one, to the task bar where there is none, or the end.
pub fn close_or_keep(app: &AppHandle, to_tray: bool, has_tray: bool, api: &CloseRequestApi) -> Closing {
    if let Err(error) = app.save_window_state(remembered()) {
        tracing::debug!(%error, "the window's place is not remembered");
    }
    match (to_tray, has_tray) {
        (true, true) => Closing::ToTray,
        (true, false) => {
            api.prevent_close();
            if let Some(window) = app.get_webview_window(Page::Main.label())
                && let Err(error) = window.minimize()
            {
                tracing::debug!(%error, "the window does not minimise");
            }
            Closing::Minimised
        }
        (false, _) => Closing::Quit,
    }
}

/// What closing the main window came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    ToTray,
    Minimised,
    Quit,
}

/// What of the window is remembered from one start to the next.
pub fn remembered() -> StateFlags {
    StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED
}

fn to_front(window: &WebviewWindow) -> tauri::Result<()> {
    window.unminimize()?;
    window.show()?;
    window.set_focus()
}

fn build(app: &AppHandle) -> tauri::Result<()> {
    let began = Instant::now();
    let shown = Arc::new(AtomicBool::new(false));
    let loaded = shown.clone();
    let builder = WebviewWindowBuilder::new(app, Page::Main.label(), WebviewUrl::App("index.html".into()))
        .title("Ringside")
        .inner_size(1180.0, 760.0)
        .min_inner_size(640.0, 400.0)
        .center()
        .visible(false)
        .background_color(app.state::<TauriDesktop>().background().page)
        .on_navigation(may_go)
        .on_page_load(move |window, page| {
            if matches!(page.event(), PageLoadEvent::Finished) {
                present(&window, &loaded, began);
            }
        });
    let card = app.try_state::<CardWindow>();
    let window = beside(card.as_deref().map(CardWindow::window), builder).build()?;
    #[cfg(target_os = "linux")]
    {
        super::lean::lean(&window);
        super::browser_menu::trim(&window);
        let inside = app.clone();
        super::web_process::keep(&window, move || palette_is_at(&inside, ""));
        let inside = app.clone();
        super::gtk::on_word(&window, "palette", move |place| palette_is_at(&inside, place));
    }
    if card.is_none() {
        // The app is just starting: its page comes later than anybody waits.
        present(&window, &shown, began);
        return Ok(());
    }
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep_until(began + AT_THE_LATEST).await;
        present(&window, &shown, began);
    });
    Ok(())
}

/// No card lies over the dial palette. `place`: left, top, width and height on the page; empty when it is closed.
#[cfg(target_os = "linux")]
pub fn palette_is_at(app: &AppHandle, place: &str) {
    let Some(card) = app.try_state::<CardWindow>() else { return };
    let numbers: Vec<i32> = place.split(' ').filter_map(|it| it.parse::<f64>().ok()).map(|it| it as i32).collect();
    let window = app.get_webview_window(Page::Main.label());
    let origin = window.and_then(|window| super::gtk::origin(&window));
    card.keep_clear(match (&numbers[..], origin) {
        ([x, y, width, height], Some((left, top, scale))) => {
            Some(Rect { x: left + x * scale, y: top + y * scale, width: width * scale, height: height * scale })
        }
        _ => None,
    });
}

fn present(window: &WebviewWindow, shown: &AtomicBool, began: Instant) {
    if shown.swap(true, Ordering::SeqCst) {
        return;
    }
    if let Err(error) = to_front(window) {
        tracing::debug!(%error, "the main window went away again");
        return;
    }
    let ms = began.elapsed().as_secs_f64() * 1e3;
    let core = window.state::<Core>().inner().clone();
    tauri::async_runtime::spawn(async move {
        // A measurement for the diagnostics page; nothing hangs on it.
        let _ = core.handle().await.call(Request::Measured { name: "window_shown".to_owned(), ms }).await;
    });
}
