//! The app core's handle, which comes a moment after the windows.

use ringside_app::Handle;
use tokio::sync::watch;

/// Cheap to clone.
#[derive(Clone)]
pub struct Core {
    handle: watch::Sender<Option<Handle>>,
}

impl Core {
    pub fn new() -> Self {
        Self { handle: watch::Sender::new(None) }
    }

    pub fn set(&self, handle: Handle) {
        self.handle.send_replace(Some(handle));
    }

    /// The handle if it is there already.
    pub fn now(&self) -> Option<Handle> {
        self.handle.borrow().clone()
    }

    /// The handle once it is there. Never ends if the core cannot start, which it always can.
    pub async fn handle(&self) -> Handle {
        let mut handle = self.handle.subscribe();
        loop {
            if let Some(handle) = handle.borrow_and_update().clone() {
                return handle;
            }
            if handle.changed().await.is_err() {
                // The sender lives as long as `self` does.
                std::future::pending::<()>().await;
            }
        }
    }
}
