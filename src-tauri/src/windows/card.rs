//! The pop-up window. Made once at the start; a ring creates nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
#[cfg(target_os = "linux")]
use std::time::Duration;

use tauri::{AppHandle, Manager as _, PhysicalPosition, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent};

use super::place::{Display, Rect, Remembered, display_at};
use super::related::beside;
use super::{Background, may_go, on_window_thread};
use crate::host::Page;

/// As wide as a card is drawn, CSS pixels; the page says how high.
const WIDTH: f64 = 384.0;
const HEIGHT: f64 = 220.0;
/// Seen by then, painted or not: a card that does not come is worse than an empty one.
#[cfg(target_os = "linux")]
const AT_THE_LATEST: Duration = Duration::from_millis(100);

/// Cheap to clone.
#[derive(Clone)]
pub struct CardWindow {
    window: WebviewWindow,
    state: Arc<State>,
}

struct State {
    /// Where places are remembered.
    file: PathBuf,
    up: AtomicBool,
    /// To be seen. Up and not seen, it waits for its page to be painted.
    seen: AtomicBool,
    /// The page has its cards, painted or not yet.
    ready: AtomicBool,
    /// The page shows cards.
    #[cfg(target_os = "linux")]
    painted: AtomicBool,
    /// Pages have come and gone beside this one: see [`CardWindow::renew`].
    worn: AtomicBool,
    remembered: Mutex<Remembered>,
    /// Where we put it ourselves: a move to anywhere else is the user's.
    placed: Mutex<Option<(i32, i32)>>,
}

impl CardWindow {
    /// Makes the window, unseen. `folder` is the data folder.
    ///
    /// # Errors
    /// When the system has no window to give.
    pub fn build(app: &AppHandle, folder: &Path, background: Background) -> tauri::Result<Self> {
        let builder = WebviewWindowBuilder::new(app, Page::Card.label(), WebviewUrl::App("card.html".into()))
            .title("Ringside call")
            .inner_size(WIDTH, HEIGHT)
            .visible(false)
            .focused(false)
            .decorations(false)
            .resizable(false)
            .always_on_top(true)
            .visible_on_all_workspaces(true)
            .skip_taskbar(true)
            .accept_first_mouse(true)
            .background_color(background.raised)
            .on_navigation(may_go);
        let window = beside(app.get_webview_window(Page::Main.label()).as_ref(), builder).build()?;
        #[cfg(target_os = "linux")]
        {
            super::lean::lean(&window);
            super::browser_menu::trim(&window);
            super::gtk::prepare_card(&window);
        }
        let file = folder.join("card-window.json");
        let remembered = fs::read(&file).ok().and_then(|json| serde_json::from_slice(&json).ok()).unwrap_or_default();
        let state = State {
            file,
            up: AtomicBool::new(false),
            seen: AtomicBool::new(false),
            ready: AtomicBool::new(false),
            #[cfg(target_os = "linux")]
            painted: AtomicBool::new(false),
            worn: AtomicBool::new(false),
            remembered: Mutex::new(remembered),
            placed: Mutex::default(),
        };
        let card = Self { window, state: Arc::new(state) };
        #[cfg(target_os = "linux")]
        {
            let state = card.state.clone();
            super::web_process::keep(&card.window, move || {
                state.ready.store(false, Ordering::SeqCst);
                state.painted.store(false, Ordering::SeqCst);
            });
        }
        card.to_its_place();
        #[cfg(target_os = "linux")]
        {
            let card = card.clone();
            super::gtk::on_painted(&card.window.clone(), move |painted| card.is_painted(painted));
        }
        let watching = card.clone();
        card.window.on_window_event(move |event| watching.happened(event));
        Ok(card)
    }

    pub fn window(&self) -> &WebviewWindow {
        &self.window
    }

    /// Shows it on the display with the pointer; up already, it stays where it is.
    pub fn show(&self) {
        let card = self.clone();
        on_window_thread(&self.window, move || {
            if card.state.up.swap(true, Ordering::SeqCst) {
                return;
            }
            card.to_its_place();
            card.reveal_painted();
        });
    }

    pub fn hide(&self) {
        let card = self.clone();
        on_window_thread(&self.window, move || {
            if card.state.up.swap(false, Ordering::SeqCst) {
                if card.state.seen.swap(false, Ordering::SeqCst) {
                    card.conceal();
                }
                card.remember();
            }
            if card.state.worn.swap(false, Ordering::SeqCst) {
                card.renew_now();
            }
        });
    }

    /// The page has its cards.
    pub fn ready(&self) {
        let card = self.clone();
        on_window_thread(&self.window, move || {
            card.state.ready.store(true, Ordering::SeqCst);
            if card.state.up.load(Ordering::SeqCst) && !card.state.seen.load(Ordering::SeqCst) {
                card.reveal_painted();
            }
        });
    }

    /// Has the page drawn by a fresh process, as soon as no card is up: what closed pages have left behind, secrets that
    /// were typed among it, ends with the old one.
    pub fn renew(&self) {
        let card = self.clone();
        on_window_thread(&self.window, move || {
            if card.state.up.load(Ordering::SeqCst) {
                card.state.worn.store(true, Ordering::SeqCst);
            } else {
                card.renew_now();
            }
        });
    }

    #[cfg(target_os = "linux")]
    fn renew_now(&self) {
        super::web_process::renew(&self.window);
    }

    #[cfg(not(target_os = "linux"))]
    fn renew_now(&self) {}

    /// The page has painted its cards, or that there are none.
    #[cfg(target_os = "linux")]
    fn is_painted(&self, painted: bool) {
        self.state.painted.store(painted, Ordering::SeqCst);
        if painted {
            self.reveal();
        }
    }

    #[cfg(target_os = "linux")]
    fn reveal_painted(&self) {
        if self.state.painted.load(Ordering::SeqCst) {
            return self.reveal();
        }
        let card = self.clone();
        gtk::glib::timeout_add_local_once(AT_THE_LATEST, move || {
            // A page that is only just loading says when it is there.
            if card.state.ready.load(Ordering::SeqCst) {
                card.reveal();
            }
        });
    }

    /// Once each time it is up.
    #[cfg(target_os = "linux")]
    fn reveal(&self) {
        if self.state.up.load(Ordering::SeqCst) && !self.state.seen.swap(true, Ordering::SeqCst) {
            super::gtk::reveal(&self.window);
        }
    }

    #[cfg(target_os = "linux")]
    fn conceal(&self) {
        super::gtk::conceal(&self.window);
    }

    #[cfg(not(target_os = "linux"))]
    fn reveal_painted(&self) {
        self.state.seen.store(true, Ordering::SeqCst);
        report(self.window.show());
    }

    #[cfg(not(target_os = "linux"))]
    fn conceal(&self) {
        report(self.window.hide());
    }

    fn happened(&self, event: &WindowEvent) {
        match event {
            WindowEvent::Moved(to) if self.state.up.load(Ordering::SeqCst) => self.moved((to.x, to.y)),
            // The page grew: what no longer fits below moves up.
            WindowEvent::Resized(_) => self.to_its_place(),
            WindowEvent::CloseRequested { api, .. } => {
                api.prevent_close();
                self.hide();
            }
            _ => {}
        }
    }

    fn to_its_place(&self) {
        let Some((width, height)) = self.size() else { return };
        let displays = self.displays();
        let pointer = self.window.cursor_position().ok().map(|at| (at.x as i32, at.y as i32));
        let Some(display) = display_at(&displays, pointer) else { return };
        let corner = lock(&self.state.remembered).corner(display, (width, height));
        if lock(&self.state.placed).replace(corner) != Some(corner) {
            report(self.window.set_position(PhysicalPosition::new(corner.0, corner.1)));
        }
    }

    fn moved(&self, to: (i32, i32)) {
        if *lock(&self.state.placed) == Some(to) {
            return;
        }
        let Some((width, _)) = self.size() else { return };
        let displays = self.displays();
        if let Some(display) = display_at(&displays, Some((to.0 + width / 2, to.1))) {
            *lock(&self.state.placed) = Some(to);
            lock(&self.state.remembered).put(display, to, width);
        }
    }

    fn remember(&self) {
        let remembered = lock(&self.state.remembered).clone();
        let file = self.state.file.clone();
        let written =
            serde_json::to_vec(&remembered).map_err(std::io::Error::from).and_then(|json| fs::write(file, json));
        if let Err(error) = written {
            tracing::debug!(%error, "the place of the pop-up window is not remembered");
        }
    }

    fn size(&self) -> Option<(i32, i32)> {
        let size = self.window.inner_size().ok()?;
        Some((size.width.try_into().ok()?, size.height.try_into().ok()?))
    }

    fn displays(&self) -> Vec<Display> {
        let rect = |at: PhysicalPosition<i32>, size: tauri::PhysicalSize<u32>| Rect {
            x: at.x,
            y: at.y,
            width: size.width.try_into().unwrap_or(i32::MAX),
            height: size.height.try_into().unwrap_or(i32::MAX),
        };
        let monitors = self.window.available_monitors().unwrap_or_default();
        let displays = monitors.iter().enumerate().map(|(index, monitor)| {
            let free = monitor.work_area();
            Display {
                name: monitor.name().cloned().unwrap_or_else(|| format!("display {index}")),
                whole: rect(*monitor.position(), *monitor.size()),
                free: rect(free.position, free.size),
            }
        });
        displays.collect()
    }
}

fn lock<T>(value: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    value.lock().unwrap_or_else(PoisonError::into_inner)
}

fn report(result: tauri::Result<()>) {
    if let Err(error) = result {
        tracing::debug!(%error, "the pop-up window did not do as it was told");
    }
}
