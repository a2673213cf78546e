//! The desktop as the app core sees it, with Tauri behind it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ringside_api::view::{CardView, FoundNumber, HotkeyAction, SettingsView, Theme, ViewName};
use ringside_api::{ApiError, Reply, Request};
use ringside_app::desktop::{Desktop, HotkeyRefused, Notification, TrayState};
use ringside_domain::Problem;
use tauri::{AppHandle, Manager as _};

use crate::autostart::Autostart;
use crate::host::{self, Core, Feeds, Page};
use crate::hotkeys::{self, Hotkeys};
use crate::instance::Opening;
use crate::links;
use crate::logging;
use crate::notifications::{self, Button, Notice};
use crate::tray::{Chosen, Tray};
use crate::windows::{Background, CardWindow, MainWindow};
use crate::words::Language;

/// What the host carries out of the settings.
#[derive(Clone, Debug)]
struct Carried {
    language: Language,
    close_to_tray: bool,
    theme: Theme,
    quiet: bool,
    /// What the tray icon says, whether it is there yet or not.
    tray: TrayState,
}

/// Cheap to clone; all clones are the same.
#[derive(Clone)]
pub struct TauriDesktop {
    app: AppHandle,
    hotkeys: Arc<Hotkeys>,
    autostart: Arc<Autostart>,
    tray: Arc<Mutex<Option<Tray>>>,
    carried: Arc<Mutex<Carried>>,
    /// Where the pop-up window remembers its places.
    folder: Arc<PathBuf>,
    /// A card is to be seen, whether its window is there yet or not.
    card_wanted: Arc<AtomicBool>,
}

impl TauriDesktop {
    /// `folder` is the data folder.
    pub fn new(app: &AppHandle, language: Language, theme: Theme, folder: PathBuf, autostart: Autostart) -> Self {
        let pressed = {
            let app = app.clone();
            Arc::new(move |action| hotkey_pressed(&app, action))
        };
        #[cfg(target_os = "linux")]
        let hotkeys = Hotkeys::new(pressed);
        #[cfg(not(target_os = "linux"))]
        let hotkeys = Hotkeys::new(app, pressed);
        let carried = Carried { language, close_to_tray: true, theme, quiet: false, tray: TrayState::default() };
        Self {
            app: app.clone(),
            hotkeys: Arc::new(hotkeys),
            autostart: Arc::new(autostart),
            tray: Arc::default(),
            carried: Arc::new(Mutex::new(carried)),
            folder: Arc::new(folder),
            card_wanted: Arc::default(),
        }
    }

    /// What nobody looks at while the app starts: the pop-up window, whose page would share a process with the one that
    /// is waited for, and the tray icon. A second call does nothing.
    pub fn put_up_the_rest(&self) {
        self.make_card_window();
        self.put_up_tray();
    }

    /// Makes the pop-up window unless it is there: a ring does not wait for the rest.
    fn make_card_window(&self) {
        if self.app.try_state::<CardWindow>().is_some() {
            return;
        }
        let desktop = self.clone();
        self.on_window_thread(move || {
            if desktop.app.try_state::<CardWindow>().is_some() {
                return;
            }
            match CardWindow::build(&desktop.app, &desktop.folder, desktop.background()) {
                Ok(card) => {
                    desktop.app.manage(card.clone());
                    if desktop.card_wanted.load(Ordering::SeqCst) {
                        card.show();
                    }
                }
                Err(error) => host::no_window(&desktop.app, &error.to_string()),
            }
        });
    }

    /// The main window has closed: what it leaves in the process it shared goes too.
    pub fn renew_pages(&self) {
        if let Some(card) = self.app.try_state::<CardWindow>() {
            card.keep_clear(None);
            card.renew();
        }
    }

    /// See [`CardWindow::attention`].
    pub async fn cards_attention(&self) -> (Option<bool>, Option<bool>) {
        match self.app.try_state::<CardWindow>().map(|card| card.inner().clone()) {
            Some(card) => card.attention().await,
            None => (None, None),
        }
    }

    /// See [`Hotkeys::rest`].
    pub fn rest_hotkeys(&self, rest: bool) {
        self.hotkeys.rest(rest);
    }

    fn put_up_tray(&self) {
        let desktop = self.clone();
        self.on_window_thread(move || {
            if desktop.has_tray() {
                return;
            }
            let tray = Tray::build(&desktop.app, desktop.language(), chosen);
            *lock(&desktop.tray) = tray;
            desktop.redraw_tray();
        });
    }

    pub fn has_tray(&self) -> bool {
        lock(&self.tray).is_some()
    }

    pub fn language(&self) -> Language {
        lock(&self.carried).language
    }

    pub fn closes_to_tray(&self) -> bool {
        lock(&self.carried).close_to_tray
    }

    /// The ground of windows that are made or shown from now on.
    pub fn background(&self) -> Background {
        Background::of(lock(&self.carried).theme)
    }

    fn lay_ground(&self) {
        let desktop = self.clone();
        self.on_window_thread(move || {
            let background = desktop.background();
            for (page, ground) in [(Page::Card, background.raised), (Page::Main, background.page)] {
                if let Some(window) = desktop.app.get_webview_window(page.label())
                    && let Err(error) = window.set_background_color(Some(ground))
                {
                    tracing::debug!(%error, "a window kept its ground");
                }
            }
        });
    }

    fn on_window_thread(&self, act: impl FnOnce() + Send + 'static) {
        if let Err(error) = self.app.run_on_main_thread(act) {
            tracing::debug!(%error, "the windows are gone");
        }
    }

    fn redraw_tray(&self) {
        let desktop = self.clone();
        self.on_window_thread(move || {
            let carried = lock(&desktop.carried).clone();
            if let Some(tray) = lock(&desktop.tray).as_ref() {
                tray.draw(carried.tray, carried.language);
                tray.presenting(carried.quiet);
            }
        });
    }
}

impl Desktop for TauriDesktop {
    fn pop_up(&self, _card: &CardView) {
        self.card_wanted.store(true, Ordering::SeqCst);
        match self.app.try_state::<CardWindow>() {
            Some(card) => card.show(),
            None => self.make_card_window(),
        }
    }

    fn pop_down(&self) {
        self.card_wanted.store(false, Ordering::SeqCst);
        if let Some(card) = self.app.try_state::<CardWindow>() {
            card.hide();
        }
    }

    fn focus_cards(&self) {
        if let Some(card) = self.app.try_state::<CardWindow>() {
            card.focus();
        }
    }

    fn notify(&self, notification: Notification) {
        let app = self.app.clone();
        let about = notification.clone();
        notifications::send(&notification, self.language(), move |button| notice_clicked(&app, &about, button));
    }

    /// The keyboard's bell: whether and how it sounds is the desktop's choice, and it needs no sound device of ours.
    fn ring(&self, on: bool) {
        #[cfg(target_os = "linux")]
        if on {
            self.on_window_thread(|| {
                if let Some(display) = gtk::gdk::Display::default() {
                    display.beep();
                }
            });
        }
        #[cfg(not(target_os = "linux"))]
        let _ = on;
    }

    fn open_url(&self, url: &str) {
        let web = url::Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let Some(web) = web else {
            tracing::warn!(code = "not_a_web_address", "a record's address was not opened");
            return;
        };
        tauri::async_runtime::spawn_blocking(move || {
            if let Err(error) = tauri_plugin_opener::open_url(web.as_str(), None::<&str>) {
                tracing::warn!(code = "no_browser", %error, "the browser did not open");
            }
        });
    }

    fn show(&self, view: ViewName, text: Option<&str>) {
        self.app.state::<Feeds>().show_later(view, text);
        MainWindow::show(&self.app);
    }

    fn tray(&self, state: TrayState) {
        lock(&self.carried).tray = state;
        self.redraw_tray();
    }

    fn settings(&self, settings: &SettingsView) {
        let before = {
            let mut carried = lock(&self.carried);
            let now = Carried {
                language: Language::of(&settings.language),
                close_to_tray: settings.close_to_tray,
                theme: settings.theme,
                quiet: settings.quiet,
                tray: carried.tray,
            };
            std::mem::replace(&mut *carried, now)
        };
        if before.theme != settings.theme {
            self.lay_ground();
        }
        self.redraw_tray();
    }

    fn hotkey(&self, action: HotkeyAction, keys: Option<&str>) -> Result<(), HotkeyRefused> {
        self.hotkeys.set(action, keys)
    }

    fn autostart(&self) -> Option<bool> {
        self.autostart.is_on()
    }

    fn set_autostart(&self, on: bool) -> Result<(), Problem> {
        self.autostart.set(on)
    }

    fn log(&self) -> Vec<String> {
        logging::recent_lines()
    }
}

/// Shows a view of the main window, with a text for it to begin with.
pub fn show(app: &AppHandle, view: ViewName, text: Option<String>) {
    app.state::<Feeds>().show(view, text);
    MainWindow::show(app);
}

/// What a start, the first or a later one, asks for.
pub fn open(app: &AppHandle, opening: &Opening) {
    for error in opening.links.iter().filter_map(|link| links::number_of(link).err()) {
        tracing::info!(code = error.code(), "a link was not followed");
    }
    match links::for_palette(&opening.links) {
        Some(text) => show(app, ViewName::Palette, Some(text)),
        None if opening.in_tray => {}
        None => MainWindow::show(app),
    }
}

fn chosen(app: &AppHandle, what: Chosen) {
    match what {
        Chosen::Open => MainWindow::show(app),
        Chosen::Show(view) => show(app, view, None),
        Chosen::Presenting => {
            ask(app, |core| async move {
                let Some(mut settings) = core.settings().await else { return Ok(()) };
                settings.quiet = !settings.quiet;
                core.call(Request::SetSettings { settings }).await.map(|_| ())
            });
        }
        Chosen::Quit => host::quit(app),
    }
}

fn hotkey_pressed(app: &AppHandle, action: HotkeyAction) {
    match action {
        HotkeyAction::Preview => ask(app, |core| async move { core.call(Request::Preview {}).await.map(|_| ()) }),
        HotkeyAction::Palette => show(app, ViewName::Palette, None),
        HotkeyAction::DialSelection => dial_selection(app),
        HotkeyAction::HangUp => {
            ask(app, |core| async move { core.call(Request::HangUp { leg: None }).await.map(|_| ()) });
        }
    }
}

fn dial_selection(app: &AppHandle) {
    let inside = app.clone();
    let asked = app.run_on_main_thread(move || {
        hotkeys::read_selection(move |text| {
            let text = text.unwrap_or_default();
            tauri::async_runtime::spawn(async move {
                let found = find_numbers(&inside, &text).await;
                show(&inside, ViewName::Palette, Some(hotkeys::for_palette(&text, &found)));
            });
        });
    });
    if let Err(error) = asked {
        tracing::debug!(%error, "the windows are gone");
    }
}

async fn find_numbers(app: &AppHandle, text: &str) -> Vec<FoundNumber> {
    let core = app.state::<Core>().inner().clone();
    match core.handle().await.call(Request::FindNumbers { text: text.to_owned() }).await {
        Ok(Reply::Found { numbers }) => numbers,
        Ok(_) | Err(_) => Vec::new(),
    }
}

/// Asks the core for something that a key or the tray wants; a refusal is told, never silent.
fn ask<F>(app: &AppHandle, request: impl FnOnce(ringside_app::Handle) -> F + Send + 'static)
where
    F: Future<Output = Result<(), ApiError>> + Send + 'static,
{
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let core = app.state::<Core>().inner().clone();
        if let Err(error) = request(core.handle().await).await {
            let language = app.state::<TauriDesktop>().language();
            let notice = match error.code.as_str() {
                "no_call_to_show" => Notice::no_call(language),
                _ => Notice::not_done(&error, language),
            };
            notifications::show(notice, |_| {});
        }
    });
}

fn notice_clicked(app: &AppHandle, about: &Notification, button: Button) {
    match (about, button) {
        (Notification::Missed { number, .. }, Button::CallBack) => {
            show(app, ViewName::Palette, Some(number.clone()));
        }
        (Notification::Missed { .. } | Notification::FailedDial { .. }, Button::Show | Button::CallBack) => {
            show(app, ViewName::History, None);
        }
    }
}

fn lock<T>(value: &Mutex<T>) -> MutexGuard<'_, T> {
    value.lock().unwrap_or_else(PoisonError::into_inner)
}
