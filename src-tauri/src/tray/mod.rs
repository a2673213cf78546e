//! The icon in the tray, with the state and a menu.

mod watcher;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use ringside_api::view::ViewName;
use ringside_app::desktop::TrayState;
use tauri::image::Image;
use tauri::menu::{CheckMenuItem, Menu, MenuEvent, MenuItem, PredefinedMenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Wry, include_image};
pub use watcher::has_tray;

use crate::words::{Language, Words};

/// What the menu asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    Open,
    Show(ViewName),
    Presenting,
    Quit,
}

pub struct Tray {
    icon: TrayIcon,
    items: Items,
    drawn: Mutex<Drawn>,
}

struct Items {
    open: MenuItem<Wry>,
    dial: MenuItem<Wry>,
    presenting: CheckMenuItem<Wry>,
    missed: MenuItem<Wry>,
    quit: MenuItem<Wry>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Drawn {
    lamp: Option<Lamp>,
    state: TrayState,
    language: Language,
}

/// What the icon shows: the first of these that is so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lamp {
    Ringing,
    Call,
    Trouble,
    Scenario,
    Idle,
}

impl Tray {
    /// Puts the icon up; `None` on a desktop without a tray, or without the library that speaks to it.
    pub fn build(app: &AppHandle, language: Language, chosen: fn(&AppHandle, Chosen)) -> Option<Self> {
        if !has_tray() {
            return None;
        }
        // The library is loaded at run time, and its absence is told by a panic.
        let built = catch_unwind(AssertUnwindSafe(|| Self::put_up(app, language, chosen)));
        match built {
            Ok(Ok(tray)) => Some(tray),
            Ok(Err(error)) => {
                tracing::warn!(code = "no_tray", %error, "there is no icon in the tray");
                None
            }
            Err(_) => {
                tracing::warn!(code = "no_tray", "libayatana-appindicator3 is missing: there is no icon in the tray");
                None
            }
        }
    }

    fn put_up(app: &AppHandle, language: Language, chosen: fn(&AppHandle, Chosen)) -> tauri::Result<Self> {
        let words = language.words();
        let items = Items {
            open: MenuItem::with_id(app, "open", words.open, true, None::<&str>)?,
            dial: MenuItem::with_id(app, "dial", words.dial, true, None::<&str>)?,
            presenting: CheckMenuItem::with_id(app, "presenting", words.presenting, true, false, None::<&str>)?,
            missed: MenuItem::with_id(app, "missed", missed(words, 0), true, None::<&str>)?,
            quit: MenuItem::with_id(app, "quit", words.quit, true, None::<&str>)?,
        };
        let line = PredefinedMenuItem::separator(app)?;
        let menu = Menu::with_items(
            app,
            &[&items.open, &items.dial, &items.missed, &line, &items.presenting, &line, &items.quit],
        )?;
        let icon = TrayIconBuilder::with_id("ringside")
            .icon(picture(Lamp::Idle))
            .tooltip(words.idle)
            .menu(&menu)
            .show_menu_on_left_click(false)
            .on_menu_event(move |app, event| {
                if let Some(what) = asked(&event) {
                    chosen(app, what);
                }
            })
            .on_tray_icon_event(move |icon, event| {
                if clicked(&event) {
                    chosen(icon.app_handle(), Chosen::Open);
                }
            })
            .build(app)?;
        let drawn = Drawn { lamp: Some(Lamp::Idle), state: TrayState::default(), language };
        Ok(Self { icon, items, drawn: Mutex::new(drawn) })
    }

    /// Draws what changed. On the windows' thread.
    pub fn draw(&self, state: TrayState, language: Language) {
        let mut drawn = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        let words = language.words();
        let lamp = lamp(state);
        let mut results = Vec::new();
        if drawn.lamp != Some(lamp) {
            results.push(self.icon.set_icon(Some(picture(lamp))));
        }
        if drawn.lamp != Some(lamp) || drawn.language != language {
            results.push(self.icon.set_tooltip(Some(says(words, lamp))));
        }
        if drawn.language != language {
            results.push(self.items.open.set_text(words.open));
            results.push(self.items.dial.set_text(words.dial));
            results.push(self.items.presenting.set_text(words.presenting));
            results.push(self.items.quit.set_text(words.quit));
        }
        if drawn.language != language || drawn.state.open_callbacks != state.open_callbacks {
            results.push(self.items.missed.set_text(missed(words, state.open_callbacks)));
        }
        *drawn = Drawn { lamp: Some(lamp), state, language };
        for error in results.into_iter().filter_map(Result::err) {
            tracing::debug!(%error, "the tray was not redrawn");
        }
    }

    pub fn presenting(&self, on: bool) {
        if let Err(error) = self.items.presenting.set_checked(on) {
            tracing::debug!(%error, "the tray's menu was not redrawn");
        }
    }
}

fn asked(event: &MenuEvent) -> Option<Chosen> {
    match event.id().as_ref() {
        "open" => Some(Chosen::Open),
        "dial" => Some(Chosen::Show(ViewName::Palette)),
        "missed" => Some(Chosen::Show(ViewName::History)),
        "presenting" => Some(Chosen::Presenting),
        "quit" => Some(Chosen::Quit),
        _ => None,
    }
}

fn clicked(event: &TrayIconEvent) -> bool {
    matches!(event, TrayIconEvent::Click { button: MouseButton::Left, button_state: MouseButtonState::Up, .. })
}

fn lamp(state: TrayState) -> Lamp {
    if state.ringing {
        Lamp::Ringing
    } else if state.on_call {
        Lamp::Call
    } else if state.trouble {
        Lamp::Trouble
    } else if state.scenario_on {
        Lamp::Scenario
    } else {
        Lamp::Idle
    }
}

fn picture(lamp: Lamp) -> Image<'static> {
    match lamp {
        Lamp::Ringing => include_image!("../icons/tray/ringing-44.png"),
        Lamp::Call => include_image!("../icons/tray/call-44.png"),
        Lamp::Trouble => include_image!("../icons/tray/trouble-44.png"),
        Lamp::Scenario => include_image!("../icons/tray/scenario-44.png"),
        Lamp::Idle => include_image!("../icons/tray/idle-44.png"),
    }
}

fn says(words: &Words, lamp: Lamp) -> &'static str {
    match lamp {
        Lamp::Ringing => words.ringing,
        Lamp::Call => words.on_call,
        Lamp::Trouble => words.trouble,
        Lamp::Scenario => words.scenario_on,
        Lamp::Idle => words.idle,
    }
}

fn missed(words: &Words, count: u32) -> String {
    if count == 0 { words.missed_calls.to_owned() } else { format!("{} ({count})", words.missed_calls) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_matters_most_is_what_the_icon_shows() {
        let quiet = TrayState::default();
        assert_eq!(lamp(quiet), Lamp::Idle);
        let everything =
            TrayState { ringing: true, on_call: true, trouble: true, scenario_on: true, open_callbacks: 3 };
        assert_eq!(lamp(everything), Lamp::Ringing);
        assert_eq!(lamp(TrayState { ringing: false, ..everything }), Lamp::Call);
        assert_eq!(lamp(TrayState { ringing: false, on_call: false, ..everything }), Lamp::Trouble);
        assert_eq!(lamp(TrayState { scenario_on: true, ..quiet }), Lamp::Scenario);
    }

    #[test]
    fn open_callbacks_are_counted_in_the_menu() {
        assert_eq!(missed(Language::English.words(), 0), "Callbacks");
        assert_eq!(missed(Language::German.words(), 2), "Rückrufe (2)");
    }
}
