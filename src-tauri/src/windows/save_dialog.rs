//! The desktop's own dialog that asks where a file goes. It asks before it gives the name of a file that exists.

use std::path::PathBuf;

use tauri::WebviewWindow;

/// What the dialog says.
pub struct Saving {
    pub title: &'static str,
    pub save: &'static str,
    pub cancel: &'static str,
    pub name: String,
}

/// Where the user wants the file; `None` if they want none.
///
/// # Errors
/// When the desktop shows no dialog.
#[cfg(target_os = "linux")]
pub async fn ask(window: &WebviewWindow, saving: Saving) -> Result<Option<PathBuf>, ()> {
    use gtk::prelude::*;

    let (tell, told) = tokio::sync::oneshot::channel();
    let inside = window.clone();
    let asked = window.run_on_main_thread(move || {
        let parent = inside.gtk_window().ok();
        let dialog = gtk::FileChooserNative::new(
            Some(saving.title),
            parent.as_ref(),
            gtk::FileChooserAction::Save,
            Some(saving.save),
            Some(saving.cancel),
        );
        dialog.set_do_overwrite_confirmation(true);
        dialog.set_modal(true);
        // Files on this computer alone: elsewhere nobody could vouch for what stands there.
        dialog.set_local_only(true);
        dialog.set_current_name(&saving.name);
        let documents = gtk::glib::user_special_dir(gtk::glib::UserDirectory::Documents);
        // Not where the app happens to have been started.
        dialog.set_current_folder(documents.unwrap_or_else(gtk::glib::home_dir));
        // The handler keeps the dialog until it is answered, for nobody else does.
        let waiting = std::cell::RefCell::new(Some((tell, dialog.clone())));
        dialog.connect_response(move |dialog, response| {
            let chosen = (response == gtk::ResponseType::Accept).then(|| dialog.filename()).flatten();
            dialog.hide();
            if let Some((tell, _dialog)) = waiting.take() {
                // Whoever asked may have given up.
                let _ = tell.send(chosen);
            }
        });
        dialog.show();
    });
    asked.map_err(drop)?;
    told.await.map_err(drop)
}

/// # Errors
/// When the desktop shows no dialog.
#[cfg(not(target_os = "linux"))]
pub async fn ask(window: &WebviewWindow, saving: Saving) -> Result<Option<PathBuf>, ()> {
    let dialog = rfd::AsyncFileDialog::new().set_parent(window).set_title(saving.title).set_file_name(saving.name);
    Ok(dialog.save_file().await.map(|file| file.path().to_owned()))
}
