//! The menu that the browser would show. Back, reload and inspect are nobody's business here; the pages have menus of
//! their own, and where text is edited the desktop's own words for cutting and pasting stay.

use tauri::WebviewWindow;
use webkit2gtk::{
    ContextMenuAction as Action, ContextMenuExt as _, ContextMenuItemExt as _, HitTestResultExt as _, WebViewExt as _,
};

const EDITING: [Action; 5] = [Action::Cut, Action::Copy, Action::Paste, Action::Delete, Action::SelectAll];

pub fn trim(window: &WebviewWindow) {
    let done = window.with_webview(|view| {
        view.inner().connect_context_menu(|_, menu, _, hit| {
            if !hit.context_is_editable() {
                return true;
            }
            for item in menu.items() {
                if !EDITING.contains(&item.stock_action()) {
                    menu.remove(&item);
                }
            }
            menu.items().is_empty()
        });
    });
    if let Err(error) = done {
        tracing::debug!(%error, "the browser keeps its menu");
    }
}
