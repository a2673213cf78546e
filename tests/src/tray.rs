//! A desktop's place for status icons: enough of one that the app closes to the tray.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;

use crate::desktop::Desktop;

/// Takes every icon and shows none.
struct Watcher {
    icons: Arc<AtomicUsize>,
}

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, _service: &str) {
        self.icons.fetch_add(1, Ordering::SeqCst);
    }

    fn register_status_notifier_host(&self, _service: &str) {}

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        Vec::new()
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

/// There is a tray for as long as this lives.
pub struct Tray {
    icons: Arc<AtomicUsize>,
    _connection: Connection,
}

impl Tray {
    /// Whether a program has put an icon there: from then on its window closes to the tray.
    pub fn has_icon(&self) -> bool {
        self.icons.load(Ordering::SeqCst) > 0
    }
}

/// # Errors
/// When the desktop has no bus, or a tray already.
pub fn put_up(desktop: &Desktop) -> anyhow::Result<Tray> {
    let environment = desktop.environment();
    let bus = environment.iter().find(|(name, _)| name == "DBUS_SESSION_BUS_ADDRESS").map(|(_, value)| value);
    let bus = bus.and_then(|value| value.to_str()).unwrap_or_default();
    let icons = Arc::new(AtomicUsize::new(0));
    let watcher = Watcher { icons: icons.clone() };
    let tray = Builder::address(bus)?.name("org.kde.StatusNotifierWatcher")?;
    let connection = tray.serve_at("/StatusNotifierWatcher", watcher)?.build()?;
    Ok(Tray { icons, _connection: connection })
}
