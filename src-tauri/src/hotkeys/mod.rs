//! Keys that work whatever window has the focus.

mod keys;
#[cfg(not(target_os = "linux"))]
mod plugin;
mod selection;
#[cfg(target_os = "linux")]
mod x11;

use std::sync::Mutex;

use ringside_api::view::HotkeyAction;
use ringside_app::desktop::HotkeyRefused;
pub use selection::{for_palette, read_selection};

#[cfg(not(target_os = "linux"))]
use plugin::Grabs;
#[cfg(target_os = "linux")]
use x11::Grabs;

/// What is to be done when a combination is pressed.
pub type Pressed = std::sync::Arc<dyn Fn(HotkeyAction) + Send + Sync>;

/// The combinations this program holds.
pub struct Hotkeys {
    /// `None` where programs may take none: Wayland, or no display at all.
    grabs: Option<Mutex<Grabs>>,
}

impl Hotkeys {
    #[cfg(target_os = "linux")]
    pub fn new(pressed: Pressed) -> Self {
        // An X server inside a Wayland session sees only the keys of its own windows: a grab would be silently dead.
        let wayland = std::env::var_os("WAYLAND_DISPLAY").is_some_and(|name| !name.is_empty());
        let grabs = if wayland { None } else { Grabs::connect(pressed) };
        Self { grabs: grabs.map(Mutex::new) }
    }

    #[cfg(not(target_os = "linux"))]
    pub fn new(app: &tauri::AppHandle, pressed: Pressed) -> Self {
        Self { grabs: Some(Mutex::new(Grabs::of(app, pressed))) }
    }

    /// Takes the combination for the action, or gives the action's back.
    ///
    /// # Errors
    /// Why it cannot be had; the action then has none.
    pub fn set(&self, action: HotkeyAction, keys: Option<&str>) -> Result<(), HotkeyRefused> {
        let keys = keys.filter(|keys| !keys.trim().is_empty());
        let combination = keys.map(|keys| keys::Combination::read(keys).ok_or(HotkeyRefused::NotACombination));
        let combination = combination.transpose()?;
        let Some(grabs) = &self.grabs else {
            return if combination.is_some() { Err(HotkeyRefused::NotHere) } else { Ok(()) };
        };
        grabs.lock().unwrap_or_else(std::sync::PoisonError::into_inner).set(action, combination)
    }
}
