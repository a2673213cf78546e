//! Where the system has a list of its own kind, the plugin writes it.

use ringside_domain::Problem;
use tauri::AppHandle;
use tauri_plugin_autostart::ManagerExt as _;

use super::refused;

pub struct Autostart {
    app: AppHandle,
}

impl Autostart {
    pub fn new(app: &AppHandle) -> Self {
        Self { app: app.clone() }
    }

    pub fn is_on(&self) -> Option<bool> {
        self.app.autolaunch().is_enabled().ok()
    }

    /// # Errors
    /// Why the list does not say so afterwards.
    pub fn set(&self, on: bool) -> Result<(), Problem> {
        let list = self.app.autolaunch();
        if on { list.enable() } else { list.disable() }.map_err(refused)?;
        if list.is_enabled().map_err(refused)? == on { Ok(()) } else { Err(refused("the system did not take it over")) }
    }
}
