//! Notices of the desktop's own kind: missed calls and failed dials.
//!
//! The desktop's notification service may be absent, slow or dead; each notice has a thread of its own, and a failure is
//! logged once.

mod text;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use ringside_app::desktop::Notification;
pub use text::{Button, Notice};

use crate::words::Language;

/// More notices than this waiting for a click are enough; the oldest are the desktop's to keep.
const WAITING: usize = 20;

/// A notification service takes milliseconds.
const LAST: Duration = Duration::from_secs(2);

static OPEN: AtomicUsize = AtomicUsize::new(0);
static FAILED: AtomicBool = AtomicBool::new(false);

/// Shows it; `clicked` is called if its button or the notice itself is.
pub fn send(notification: &Notification, language: Language, clicked: impl FnOnce(Button) + Send + 'static) {
    show(Notice::of(notification, language), clicked);
}

/// Shows any notice.
pub fn show(notice: Notice, clicked: impl FnOnce(Button) + Send + 'static) {
    if OPEN.fetch_add(1, Ordering::SeqCst) >= WAITING {
        OPEN.fetch_sub(1, Ordering::SeqCst);
        return;
    }
    let spawned = thread::Builder::new().name("notice".to_owned()).spawn(move || {
        if let Err(error) = deliver(notice, clicked)
            && !FAILED.swap(true, Ordering::SeqCst)
        {
            tracing::warn!(code = "no_notifications", %error, "the desktop shows no notifications");
        }
        OPEN.fetch_sub(1, Ordering::SeqCst);
    });
    if spawned.is_err() {
        OPEN.fetch_sub(1, Ordering::SeqCst);
    }
}

/// The last word of an app that ends: waits until it is shown, but not for a bus that does not answer.
pub fn last(notice: Notice) {
    let (tell, told) = mpsc::channel();
    let spawned = thread::Builder::new().name("notice".to_owned()).spawn(move || {
        let shown = built(&notice).show();
        // Nobody may be waiting any more.
        let _ = tell.send(shown.map(drop));
    });
    if spawned.is_ok()
        && let Ok(Err(error)) = told.recv_timeout(LAST)
    {
        tracing::warn!(code = "no_notifications", %error, "the desktop shows no notifications");
    }
}

fn built(notice: &Notice) -> notify_rust::Notification {
    let mut built = notify_rust::Notification::new();
    built.appname("Ringside").summary(&notice.title).body(&notice.body).icon("ringside");
    built
}

fn deliver(notice: Notice, clicked: impl FnOnce(Button)) -> Result<(), notify_rust::error::Error> {
    let mut built = built(&notice);
    for (button, label) in &notice.buttons {
        built.action(button.id(), label);
    }
    #[cfg(all(unix, not(target_os = "macos")))]
    {
        built.hint(notify_rust::Hint::Category("call.unanswered".to_owned()));
        built.hint(notify_rust::Hint::DesktopEntry("ringside".to_owned()));
        built.show()?.wait_for_action(|id| {
            if let Some(button) = Button::of(id) {
                clicked(button);
            }
        });
    }
    #[cfg(not(all(unix, not(target_os = "macos"))))]
    {
        // These systems do not say what was clicked.
        drop(clicked);
        built.show()?;
    }
    Ok(())
}
