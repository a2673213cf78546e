//! The desktop behind a trait: windows, notifications, links. Tauri implements it, tests record it.

use std::sync::Mutex;

pub use ringside_api::view::HotkeyRefused;
use ringside_api::view::{CardView, HotkeyAction, SettingsView, ViewName};
use ringside_domain::Problem;

/// A message of the operating system's own kind. Texts are safe and hold no markup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notification {
    /// Somebody called and nobody answered; `provisional` until the provider's journal has spoken. `line` is
    /// the extension that rang.
    Missed { leg: String, who: String, number: String, line: String },
    /// A dial came to nothing, and why; not `certain` where nobody knows what came of it.
    FailedDial { who: String, code: String, message: String, certain: bool },
}

/// What the state icon in the tray should say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct TrayState {
    pub ringing: bool,
    pub on_call: bool,
    /// Some account's link is down.
    pub trouble: bool,
    pub scenario_on: bool,
    pub open_callbacks: u32,
}

/// Every call returns at once; what takes time happens elsewhere.
pub trait Desktop: Send + Sync {
    /// Shows the pop-up window, without taking the focus. The card itself travels as an event before this is called.
    fn pop_up(&self, card: &CardView);
    /// No card is left to show.
    fn pop_down(&self);
    /// Turns the keyboard to the pop-up window, because the user asked for it. What had it gets it back afterwards.
    fn focus_cards(&self);
    fn notify(&self, notification: Notification);
    fn ring(&self, on: bool);
    /// Opens a web address, already checked, in the user's browser.
    fn open_url(&self, url: &str);
    /// Brings the main window to the front, with that view and a text for it to begin with.
    fn show(&self, view: ViewName, text: Option<&str>);
    fn tray(&self, state: TrayState);
    /// Settings that the desktop carries out, such as the colours, changed.
    fn settings(&self, settings: &SettingsView);
    /// Takes the combination for the action, or gives it back when `None`; says why it cannot be had.
    ///
    /// # Errors
    /// The reason.
    fn hotkey(&self, action: HotkeyAction, keys: Option<&str>) -> Result<(), HotkeyRefused>;
    /// Whether the app starts with the session, as the session's own list says; `None` where nobody can say.
    fn autostart(&self) -> Option<bool>;
    /// Puts the app on the list of what starts with the session, or takes it off.
    ///
    /// # Errors
    /// Why the list does not say so afterwards.
    fn set_autostart(&self, on: bool) -> Result<(), Problem>;
    /// The last lines of the program's log, newest last; without names, numbers and secrets.
    fn log(&self) -> Vec<String>;
}

/// A computer without a desktop: the command line's.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoDesktop;

impl Desktop for NoDesktop {
    fn pop_up(&self, _card: &CardView) {}
    fn pop_down(&self) {}
    fn focus_cards(&self) {}
    fn notify(&self, _notification: Notification) {}
    fn ring(&self, _on: bool) {}
    fn open_url(&self, _url: &str) {}
    fn show(&self, _view: ViewName, _text: Option<&str>) {}
    fn tray(&self, _state: TrayState) {}
    fn settings(&self, _settings: &SettingsView) {}
    fn hotkey(&self, _action: HotkeyAction, _keys: Option<&str>) -> Result<(), HotkeyRefused> {
        Err(HotkeyRefused::NotHere)
    }
    fn autostart(&self) -> Option<bool> {
        None
    }
    fn set_autostart(&self, _on: bool) -> Result<(), Problem> {
        Ok(())
    }
    fn log(&self) -> Vec<String> {
        Vec::new()
    }
}

/// What a [`RecordingDesktop`] was asked to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    PopUp(Box<CardView>),
    PopDown,
    FocusCards,
    Notify(Notification),
    Ring(bool),
    OpenUrl(String),
    Show(ViewName),
    Tray(TrayState),
}

/// Remembers everything, for tests.
#[derive(Debug)]
pub struct RecordingDesktop {
    asked: Mutex<Vec<Asked>>,
    /// Whether the app is on the session's list, or why it cannot be put there.
    pub autostart: Mutex<Result<bool, Problem>>,
}

impl Default for RecordingDesktop {
    fn default() -> Self {
        Self { asked: Mutex::default(), autostart: Mutex::new(Ok(false)) }
    }
}

impl RecordingDesktop {
    /// Everything asked so far, oldest first.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    fn record(&self, asked: Asked) {
        self.asked.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(asked);
    }
}

impl Desktop for RecordingDesktop {
    fn pop_up(&self, card: &CardView) {
        self.record(Asked::PopUp(Box::new(card.clone())));
    }
    fn pop_down(&self) {
        self.record(Asked::PopDown);
    }
    fn focus_cards(&self) {
        self.record(Asked::FocusCards);
    }
    fn notify(&self, notification: Notification) {
        self.record(Asked::Notify(notification));
    }
    fn ring(&self, on: bool) {
        self.record(Asked::Ring(on));
    }
    fn open_url(&self, url: &str) {
        self.record(Asked::OpenUrl(url.to_owned()));
    }
    fn show(&self, view: ViewName, _text: Option<&str>) {
        self.record(Asked::Show(view));
    }
    fn tray(&self, state: TrayState) {
        self.record(Asked::Tray(state));
    }
    fn settings(&self, _settings: &SettingsView) {}
    fn hotkey(&self, _action: HotkeyAction, _keys: Option<&str>) -> Result<(), HotkeyRefused> {
        Ok(())
    }
    fn autostart(&self) -> Option<bool> {
        Some(matches!(*self.autostart.lock().unwrap_or_else(std::sync::PoisonError::into_inner), Ok(true)))
    }
    fn set_autostart(&self, on: bool) -> Result<(), Problem> {
        let mut autostart = self.autostart.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        autostart.clone()?;
        *autostart = Ok(on);
        Ok(())
    }
    fn log(&self) -> Vec<String> {
        vec!["what the desktop logged".to_owned()]
    }
}
