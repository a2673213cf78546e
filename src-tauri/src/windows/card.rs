//! The pop-up window. Made once at the start; a ring creates nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
#[cfg(target_os = "linux")]
use std::time::Duration;

use tauri::{AppHandle, Manager as _, PhysicalPosition, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent};

use super::place::{Display, Rect, Remembered, display_at};
use super::related::beside;
use super::{Background, may_go, on_window_thread};
use crate::host::Page;

/// As wide as a card is drawn, CSS pixels; the page says how high.
const WIDTH: i32 = 400;
/// Before any card was.
const HEIGHT: i32 = 220;
/// Seen by then, painted or not: a card that does not come is worse than one that is not painted yet.
#[cfg(target_os = "linux")]
const AT_THE_LATEST: Duration = Duration::from_millis(100);

/// Cheap to clone.
#[derive(Clone)]
pub struct CardWindow {
    window: WebviewWindow,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    /// Where places are remembered.
    file: PathBuf,
    /// The app has cards to show.
    up: AtomicBool,
    /// How high the cards are, as the page has laid them out; CSS pixels, 0 without any.
    fitted: AtomicI32,
    /// The height that the window was given last.
    #[cfg(target_os = "linux")]
    sized: AtomicI32,
    /// As the page has painted them.
    painted: AtomicI32,
    /// What is to be seen of the window; 0: nothing.
    seen: AtomicI32,
    /// The user carries it about.
    dragged: AtomicBool,
    /// Pages have come and gone beside this one: see [`CardWindow::renew`].
    worn: AtomicBool,
    remembered: Mutex<Remembered>,
    /// Where we put it ourselves.
    placed: Mutex<Option<(i32, i32)>>,
    /// Where it came up.
    display: Mutex<Option<Display>>,
    /// What it must not lie over: the dial palette, while that is open.
    kept_clear: Mutex<Option<Rect>>,
}

impl CardWindow {
    /// Makes the window, unseen. `folder` is the data folder.
    ///
    /// # Errors
    /// When the system has no window to give.
    pub fn build(app: &AppHandle, folder: &Path, background: Background) -> tauri::Result<Self> {
        let builder = WebviewWindowBuilder::new(app, Page::Card.label(), WebviewUrl::App("card.html".into()))
            .title("Ringside call")
            .inner_size(f64::from(WIDTH), f64::from(HEIGHT))
            .visible(false)
            .focused(false)
            .decorations(false)
            // GTK never makes a window that is not resizable smaller than it was made; its hints keep its size instead.
            .resizable(cfg!(target_os = "linux"))
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
            super::gtk::prepare_card(&window, WIDTH, HEIGHT);
        }
        let file = folder.join("card-window.json");
        let remembered = fs::read(&file).ok().and_then(|json| serde_json::from_slice(&json).ok()).unwrap_or_default();
        let state = State { file, remembered: Mutex::new(remembered), ..State::default() };
        let card = Self { window, state: Arc::new(state) };
        card.choose_display();
        card.to_its_place();
        #[cfg(target_os = "linux")]
        card.listen();
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
            card.state.dragged.store(false, Ordering::SeqCst);
            card.choose_display();
            card.to_its_place();
            card.update();
            #[cfg(target_os = "linux")]
            card.show_at_the_latest();
        });
    }

    pub fn hide(&self) {
        let card = self.clone();
        on_window_thread(&self.window, move || {
            if card.state.up.swap(false, Ordering::SeqCst) {
                card.update();
                card.remember();
            }
            if card.state.worn.swap(false, Ordering::SeqCst) {
                card.renew_now();
            }
        });
    }

    /// Gives it the keyboard; what has that now gets it back when the cards have gone.
    pub fn focus(&self) {
        let card = self.clone();
        on_window_thread(&self.window, move || {
            #[cfg(target_os = "linux")]
            super::gtk::focus(&card.window);
            #[cfg(not(target_os = "linux"))]
            report(card.window.set_focus());
        });
    }

    /// Whether the pointer is over what is to be seen of it, and whether it has the keyboard; `None` where the display does
    /// not say. A page may not be told that either left, when its window changes at that moment.
    pub async fn attention(&self) -> (Option<bool>, Option<bool>) {
        let (tell, told) = tokio::sync::oneshot::channel();
        let card = self.clone();
        on_window_thread(&self.window, move || {
            // Whoever asked may have gone.
            let _ = tell.send((card.has_pointer(), card.window.is_focused().ok()));
        });
        told.await.unwrap_or_default()
    }

    fn has_pointer(&self) -> Option<bool> {
        #[cfg(target_os = "linux")]
        if !super::gtk::on_x11() {
            return None;
        }
        let (pointer, corner) = (self.window.cursor_position().ok()?, self.window.inner_position().ok()?);
        let (width, height) = self.seen()?;
        let within = |at: f64, from: i32, size: i32| (from..from + size).contains(&(at as i32));
        Some(within(pointer.x, corner.x, width) && within(pointer.y, corner.y, height))
    }

    /// What is to be seen of it, physical pixels.
    #[cfg(target_os = "linux")]
    fn seen(&self) -> Option<(i32, i32)> {
        let scale = self.window.scale_factor().ok()?;
        let seen = self.state.seen.load(Ordering::SeqCst);
        Some(((f64::from(WIDTH) * scale) as i32, (f64::from(seen) * scale) as i32))
    }

    #[cfg(not(target_os = "linux"))]
    fn seen(&self) -> Option<(i32, i32)> {
        if self.window.is_visible().ok()? { self.size() } else { Some((0, 0)) }
    }

    /// Keeps clear of a part of the screen, from now on; `None`: of nothing.
    pub fn keep_clear(&self, of: Option<Rect>) {
        *lock(&self.state.kept_clear) = of;
        if of.is_some() {
            self.to_its_place();
        }
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

    /// What the page says of itself, and that it died.
    #[cfg(target_os = "linux")]
    fn listen(&self) {
        let card = self.clone();
        super::web_process::keep(&self.window, move || {
            card.state.fitted.store(0, Ordering::SeqCst);
            card.is_painted(0);
        });
        let card = self.clone();
        super::gtk::on_word(&self.window, "fit", move |text| card.fit(text.parse().unwrap_or(0)));
        let card = self.clone();
        super::gtk::on_word(&self.window, "painted", move |text| card.is_painted(text.parse().unwrap_or(0)));
        let card = self.clone();
        super::gtk::on_word(&self.window, "drag", move |_| {
            card.state.dragged.store(true, Ordering::SeqCst);
            report(card.window.start_dragging());
        });
    }

    /// The page has laid its cards out. What goes is gone at once; what comes is seen when it is painted.
    #[cfg(target_os = "linux")]
    fn fit(&self, height: i32) {
        if height <= 0 || self.state.fitted.swap(height, Ordering::SeqCst) == height {
            return;
        }
        if height < self.state.seen.load(Ordering::SeqCst) {
            self.see(height);
        }
        // What is asked of the window manager again has it lay the window out again, which the card would wait for.
        if self.state.sized.swap(height, Ordering::SeqCst) != height {
            super::gtk::resize(&self.window, WIDTH, height);
        }
        self.to_its_place();
    }

    /// The page has painted its cards so high, or that there are none.
    #[cfg(target_os = "linux")]
    fn is_painted(&self, height: i32) {
        if height == 0 {
            self.state.fitted.store(0, Ordering::SeqCst);
        }
        self.state.painted.store(height, Ordering::SeqCst);
        self.update();
    }

    /// Exactly what the page shows is to be seen, and nothing if the app has no card.
    #[cfg(target_os = "linux")]
    fn update(&self) {
        let up = self.state.up.load(Ordering::SeqCst);
        self.see(if up { self.state.painted.load(Ordering::SeqCst) } else { 0 });
    }

    #[cfg(target_os = "linux")]
    fn see(&self, height: i32) {
        let before = self.state.seen.swap(height, Ordering::SeqCst);
        if before != height {
            super::gtk::see(&self.window, WIDTH, before, height);
        }
    }

    #[cfg(target_os = "linux")]
    fn show_at_the_latest(&self) {
        let card = self.clone();
        gtk::glib::timeout_add_local_once(AT_THE_LATEST, move || {
            let laid_out = card.state.fitted.load(Ordering::SeqCst);
            // A page without cards has nothing to be seen: it says when it has.
            if card.state.up.load(Ordering::SeqCst) && card.state.seen.load(Ordering::SeqCst) == 0 && laid_out > 0 {
                card.see(laid_out);
            }
        });
    }

    #[cfg(not(target_os = "linux"))]
    fn update(&self) {
        let up = self.state.up.load(Ordering::SeqCst);
        report(if up { self.window.show() } else { self.window.hide() });
    }

    fn happened(&self, event: &WindowEvent) {
        match event {
            WindowEvent::Moved(to) if self.state.dragged.load(Ordering::SeqCst) => self.moved((to.x, to.y)),
            // The page grew: what no longer fits below moves up.
            WindowEvent::Resized(_) => self.to_its_place(),
            WindowEvent::CloseRequested { api, .. } => api.prevent_close(),
            _ => {}
        }
    }

    fn choose_display(&self) {
        let displays = self.displays();
        let pointer = self.window.cursor_position().ok().map(|at| (at.x as i32, at.y as i32));
        *lock(&self.state.display) = display_at(&displays, pointer).cloned();
    }

    fn to_its_place(&self) {
        let Some(size) = self.size() else { return };
        let Some(display) = lock(&self.state.display).clone() else { return };
        let clear = *lock(&self.state.kept_clear);
        let corner = lock(&self.state.remembered).corner(&display, size, clear);
        if lock(&self.state.placed).replace(corner) != Some(corner) {
            report(self.window.set_position(PhysicalPosition::new(corner.0, corner.1)));
        }
    }

    /// The user put it there.
    fn moved(&self, to: (i32, i32)) {
        if *lock(&self.state.placed) == Some(to) {
            return;
        }
        let Some((width, _)) = self.size() else { return };
        let displays = self.displays();
        if let Some(display) = display_at(&displays, Some((to.0 + width / 2, to.1))) {
            *lock(&self.state.placed) = Some(to);
            lock(&self.state.remembered).put(display, to, width);
            *lock(&self.state.display) = Some(display.clone());
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

    /// As it is or is about to be, physical pixels.
    fn size(&self) -> Option<(i32, i32)> {
        let fitted = self.state.fitted.load(Ordering::SeqCst);
        if fitted > 0 {
            let scale = self.window.scale_factor().ok()?;
            return Some(((f64::from(WIDTH) * scale) as i32, (f64::from(fitted) * scale) as i32));
        }
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
