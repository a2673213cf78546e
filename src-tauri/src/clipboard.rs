//! Copying, through the desktop and not through the page: a page may write only while a click is fresh, and never
//! learns what came of it.

use ringside_api::ApiError;
use ringside_domain::Problem;
use tauri::AppHandle;

/// Puts the text onto the clipboard, and reads back whether it is there.
///
/// # Errors
/// `not_copied` when it is not.
pub async fn copy(app: &AppHandle, text: String) -> Result<(), ApiError> {
    match read_back(app, text.clone()).await {
        Some(found) if found == text => Ok(()),
        found => {
            tracing::warn!(code = "not_copied", other = found.is_some(), "the clipboard does not hold what was copied");
            Err(not_copied())
        }
    }
}

fn not_copied() -> ApiError {
    Problem::new("not_copied", "the clipboard did not take the text", "Try again, or select the text and press Ctrl+C.")
        .into()
}

/// What the clipboard holds after it was given the text.
#[cfg(target_os = "linux")]
async fn read_back(app: &AppHandle, text: String) -> Option<String> {
    let (tell, told) = tokio::sync::oneshot::channel();
    let given = app.run_on_main_thread(move || {
        let clipboard = gtk::Clipboard::get(&gtk::gdk::SELECTION_CLIPBOARD);
        clipboard.set_text(&text);
        // A clipboard manager keeps it after the app has ended.
        clipboard.store();
        clipboard.request_text(move |_, found| {
            // Whoever asked may have given up.
            let _ = tell.send(found.map(str::to_owned));
        });
    });
    if given.is_err() {
        return None;
    }
    told.await.ok().flatten()
}

#[cfg(not(target_os = "linux"))]
async fn read_back(_app: &AppHandle, text: String) -> Option<String> {
    let held = tauri::async_runtime::spawn_blocking(move || {
        let mut clipboard = arboard::Clipboard::new()?;
        clipboard.set_text(text)?;
        clipboard.get_text()
    });
    held.await.ok()?.ok()
}
