//! A desktop's place for status icons: enough of one that the app closes to the tray.

use ringside_tests::desktop::Desktop;
use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;

/// Takes every icon and shows none.
struct Watcher;

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, _service: &str) {}

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

/// There is a tray for as long as the connection lives.
pub fn put_up(desktop: &Desktop) -> anyhow::Result<Connection> {
    let environment = desktop.environment();
    let bus = environment.iter().find(|(name, _)| name == "DBUS_SESSION_BUS_ADDRESS").map(|(_, value)| value);
    let bus = bus.and_then(|value| value.to_str()).unwrap_or_default();
    let tray =
        Builder::address(bus)?.name("org.kde.StatusNotifierWatcher")?.serve_at("/StatusNotifierWatcher", Watcher)?;
    Ok(tray.build()?)
}
