//! Hotkeys on Windows and macOS, through Tauri's plugin.

use std::collections::HashMap;

use ringside_api::view::HotkeyAction;
use ringside_app::desktop::HotkeyRefused;
use tauri::AppHandle;
use tauri_plugin_global_shortcut::{GlobalShortcutExt as _, ShortcutState};

use super::Pressed;
use super::keys::Combination;

pub struct Grabs {
    app: AppHandle,
    pressed: Pressed,
    held: HashMap<HotkeyAction, String>,
}

impl Grabs {
    pub fn of(app: &AppHandle, pressed: Pressed) -> Self {
        Self { app: app.clone(), pressed, held: HashMap::new() }
    }

    pub fn set(&mut self, action: HotkeyAction, combination: Option<Combination>) -> Result<(), HotkeyRefused> {
        let shortcuts = self.app.global_shortcut();
        if let Some(held) = self.held.remove(&action)
            && let Err(error) = shortcuts.unregister(held.as_str())
        {
            tracing::debug!(%error, "a hotkey was not given back");
        }
        let Some(combination) = combination else { return Ok(()) };
        let keys = combination.accelerator();
        let pressed = self.pressed.clone();
        let taken = shortcuts.on_shortcut(keys.as_str(), move |_, _, event| {
            if event.state == ShortcutState::Pressed {
                pressed(action);
            }
        });
        taken.map_err(|_| HotkeyRefused::Taken)?;
        self.held.insert(action, keys);
        Ok(())
    }
}
