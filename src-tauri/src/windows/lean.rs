//! What the pages never use is switched off: it costs memory, and what is off cannot be misused.

use tauri::WebviewWindow;
use webkit2gtk::{CacheModel, SettingsExt as _, WebContextExt as _, WebViewExt as _};

/// Media, graphics contexts, web storage, and caches of pages that nobody ever goes back to.
pub fn lean(window: &WebviewWindow) {
    let done = window.with_webview(|view| {
        let view = view.inner();
        if let Some(context) = view.context() {
            context.set_cache_model(CacheModel::DocumentViewer);
        }
        let Some(settings) = webkit2gtk::WebViewExt::settings(&view) else { return };
        settings.set_enable_page_cache(false);
        settings.set_enable_webgl(false);
        settings.set_enable_webaudio(false);
        settings.set_enable_media(false);
        settings.set_enable_mediasource(false);
        settings.set_enable_media_stream(false);
        settings.set_enable_html5_database(false);
        settings.set_enable_html5_local_storage(false);
        settings.set_enable_back_forward_navigation_gestures(false);
    });
    if let Err(error) = done {
        tracing::debug!(%error, "the web view keeps all it has");
    }
}
