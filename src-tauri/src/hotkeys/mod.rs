//! Keys that work whatever window has the focus.

mod keys;
#[cfg(not(target_os = "linux"))]
mod plugin;
mod selection;
#[cfg(target_os = "linux")]
mod x11;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ringside_api::view::HotkeyAction;
use ringside_app::desktop::HotkeyRefused;
pub use selection::{for_palette, read_selection};
#[cfg(target_os = "linux")]
pub use x11::pressed_at;

#[cfg(not(target_os = "linux"))]
use plugin::Grabs;
#[cfg(target_os = "linux")]
use x11::Grabs;

/// What is to be done when a combination is pressed.
pub type Pressed = std::sync::Arc<dyn Fn(HotkeyAction) + Send + Sync>;

/// The combinations this program holds.
pub struct Hotkeys {
    wanted: Mutex<Wanted>,
    /// `None` where programs may take none: Wayland, or no display at all.
    grabs: Option<Mutex<Grabs>>,
}

/// What is held, or would be if it did not rest.
#[derive(Default)]
struct Wanted {
    combinations: BTreeMap<HotkeyAction, keys::Combination>,
    resting: bool,
}

impl Hotkeys {
    #[cfg(target_os = "linux")]
    pub fn new(pressed: Pressed) -> Self {
        // An X server inside a Wayland session sees only the keys of its own windows: a grab would be silently dead.
        let wayland = std::env::var_os("WAYLAND_DISPLAY").is_some_and(|name| !name.is_empty());
        let grabs = if wayland { None } else { Grabs::connect(pressed) };
        Self { wanted: Mutex::default(), grabs: grabs.map(Mutex::new) }
    }

    #[cfg(not(target_os = "linux"))]
    pub fn new(app: &tauri::AppHandle, pressed: Pressed) -> Self {
        Self { wanted: Mutex::default(), grabs: Some(Mutex::new(Grabs::of(app, pressed))) }
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
        let mut wanted = lock(&self.wanted);
        let mut grabs = lock(grabs);
        wanted.combinations.remove(&action);
        if combination.as_ref().is_some_and(|it| wanted.combinations.values().any(|other| other == it)) {
            grabs.set(action, None)?;
            return Err(HotkeyRefused::Own);
        }
        grabs.set(action, combination.clone())?;
        if let Some(combination) = combination {
            wanted.combinations.insert(action, combination);
        }
        // It can be had; until the others come back it rests with them.
        if wanted.resting { grabs.set(action, None) } else { Ok(()) }
    }

    /// Gives all combinations back for a while, or takes them again: a combination that is held never reaches a window.
    pub fn rest(&self, rest: bool) {
        let Some(grabs) = &self.grabs else { return };
        let mut wanted = lock(&self.wanted);
        if std::mem::replace(&mut wanted.resting, rest) == rest {
            return;
        }
        let mut grabs = lock(grabs);
        for (action, combination) in &wanted.combinations {
            if let Err(error) = grabs.set(*action, (!rest).then(|| combination.clone())) {
                tracing::warn!(code = "hotkey_lost", ?action, %error, "a hotkey was lost");
            }
        }
    }
}

fn lock<T>(value: &Mutex<T>) -> MutexGuard<'_, T> {
    value.lock().unwrap_or_else(PoisonError::into_inner)
}
