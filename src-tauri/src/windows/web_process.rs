//! The process that draws the pages. It may die, and it never gives back all that closed pages took; the pages that are
//! open come back by themselves either way.

use std::cell::RefCell;
use std::time::Duration;

use gtk::glib;
use gtk::glib::prelude::*;
use tauri::{Manager as _, WebviewWindow};
use tokio::time::Instant;
use webkit2gtk::{WebProcessTerminationReason, WebViewExt as _};

use crate::host;

/// A page that dies more often than this in a minute stays away: it would only die again.
const DEATHS: usize = 5;
const MINUTE: Duration = Duration::from_secs(60);

/// Loads the window's page again whenever its process has ended; `ended` is told before.
pub fn keep(window: &WebviewWindow, ended: impl Fn() + Send + 'static) {
    let app = window.app_handle().clone();
    let kept = window.with_webview(move |view| {
        let deaths = RefCell::new(Vec::new());
        view.inner().connect_web_process_terminated(move |view, reason| {
            ended();
            if reason != WebProcessTerminationReason::TerminatedByApi && !may_return(&mut deaths.borrow_mut()) {
                tracing::error!(code = "page_dies", "a page died again and again and stays away");
                host::no_window(&app, "the process that draws it died again and again");
                return;
            }
            let view = view.downgrade();
            glib::idle_add_local_once(move || {
                if let Some(view) = view.upgrade() {
                    view.reload();
                }
            });
        });
    });
    if let Err(error) = kept {
        tracing::warn!(code = "page_not_kept", %error, "a page that dies would not come back");
    }
}

/// Ends the process with all it has gathered. The page comes back in a fresh one, see [`keep`].
pub fn renew(window: &WebviewWindow) {
    if let Err(error) = window.with_webview(|view| view.inner().terminate_web_process()) {
        tracing::debug!(%error, "the windows are gone");
    }
}

fn may_return(deaths: &mut Vec<Instant>) -> bool {
    let now = Instant::now();
    deaths.retain(|at| now.duration_since(*at) < MINUTE);
    deaths.push(now);
    tracing::warn!(code = "page_died", "the process that draws the pages died");
    deaths.len() <= DEATHS
}
