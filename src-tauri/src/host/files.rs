//! Files that leave the app. A page asks for one and learns where it went; it never names a place itself.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use ringside_api::view::HistoryFilter;
use ringside_api::{ApiError, Reply, Request};
use ringside_app::clock::wall_clock;
use ringside_domain::Problem;
use serde::Serialize;
use tauri::{AppHandle, State, WebviewWindow};

use super::{Core, allowed};
use crate::desktop::TauriDesktop;
use crate::host::Page;
use crate::windows::{Saving, ask_where};
use crate::{clipboard, saving};

/// What was written since the start: only these are shown in their folder.
#[derive(Default)]
pub struct Saved {
    paths: Mutex<Vec<PathBuf>>,
}

/// A file that is on the disk.
#[derive(Debug, Serialize)]
pub struct SavedFile {
    /// Its place in `Saved`, by which it is shown.
    id: usize,
    /// For people.
    path: String,
}

/// Asks where the history goes and writes what the filter finds there; nothing if the user wants no file after all.
#[tauri::command]
pub async fn export_history(
    window: WebviewWindow,
    filter: HistoryFilter,
    core: State<'_, Core>,
    saved: State<'_, Saved>,
    desktop: State<'_, TauriDesktop>,
) -> Result<Option<SavedFile>, ApiError> {
    main_only(&window)?;
    let words = desktop.language().words();
    let today = wall_clock().to_zoned(jiff::tz::TimeZone::system());
    let name = format!("ringside-{}.csv", today.strftime("%Y-%m-%d"));
    let asked = ask_where(&window, Saving { title: words.export, save: words.save, cancel: words.cancel, name }).await;
    let Some(path) = asked.map_err(|()| no_dialog())? else { return Ok(None) };
    let Reply::Text { text } = core.handle().await.call(Request::ExportHistory { filter }).await? else {
        return Err(no_dialog());
    };
    let writing = tauri::async_runtime::spawn_blocking(move || {
        saving::write(&path, text.as_bytes()).map_err(|error| saving::not_written(&path, &error))
    });
    let path = writing.await.map_err(|_| no_dialog())??;
    Ok(Some(saved.keep(path)))
}

/// Shows a file that was written here among its neighbours.
#[tauri::command]
pub async fn show_saved(window: WebviewWindow, id: usize, saved: State<'_, Saved>) -> Result<(), ApiError> {
    main_only(&window)?;
    let path = saved.path(id).ok_or_else(allowed::refused)?;
    let shown = tauri::async_runtime::spawn_blocking(move || tauri_plugin_opener::reveal_item_in_dir(path)).await;
    match shown {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => {
            tracing::warn!(code = "no_file_manager", %error, "the folder was not shown");
            Err(no_file_manager())
        }
        Err(_) => Err(no_file_manager()),
    }
}

/// Puts a text onto the clipboard; done once it is there.
#[tauri::command]
pub async fn copy(app: AppHandle, text: String) -> Result<(), ApiError> {
    clipboard::copy(&app, text).await
}

/// Hotkeys rest while a new one is pressed, so that the page gets the keys.
#[tauri::command]
pub async fn rest_hotkeys(window: WebviewWindow, rest: bool, desktop: State<'_, TauriDesktop>) -> Result<(), ApiError> {
    main_only(&window)?;
    desktop.rest_hotkeys(rest);
    Ok(())
}

fn main_only(window: &WebviewWindow) -> Result<(), ApiError> {
    if Page::named(window.label()) == Some(Page::Main) { Ok(()) } else { Err(allowed::refused()) }
}

impl Saved {
    fn keep(&self, path: PathBuf) -> SavedFile {
        let shown = path.display().to_string();
        let mut paths = self.paths.lock().unwrap_or_else(PoisonError::into_inner);
        paths.push(path);
        SavedFile { id: paths.len() - 1, path: shown }
    }

    fn path(&self, id: usize) -> Option<PathBuf> {
        self.paths.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }
}

fn no_dialog() -> ApiError {
    Problem::new("no_save_dialog", "the desktop showed no dialog to save with", "Try again.").into()
}

fn no_file_manager() -> ApiError {
    Problem::new("no_file_manager", "no program shows the folder", "Open the folder yourself; the file is there.")
        .into()
}
