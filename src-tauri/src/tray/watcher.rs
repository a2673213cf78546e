//! Whether this desktop has a tray at all.

/// Asks the session bus for somebody who shows status icons. A desktop that does not answer within half a second has
/// none.
#[cfg(target_os = "linux")]
pub fn has_tray() -> bool {
    use gtk::gio::prelude::*;
    use gtk::gio::{BusType, Cancellable, DBusCallFlags, bus_get_sync};

    // Without an address GIO would start a bus of its own.
    if std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_none() {
        return false;
    }
    let Ok(bus) = bus_get_sync(BusType::Session, None::<&Cancellable>) else { return false };
    let owned = bus.call_sync(
        Some("org.freedesktop.DBus"),
        "/org/freedesktop/DBus",
        "org.freedesktop.DBus",
        "NameHasOwner",
        Some(&("org.kde.StatusNotifierWatcher",).to_variant()),
        None,
        DBusCallFlags::NONE,
        500,
        None::<&Cancellable>,
    );
    owned.ok().and_then(|reply| reply.get::<(bool,)>()).is_some_and(|(owned,)| owned)
}

#[cfg(not(target_os = "linux"))]
pub fn has_tray() -> bool {
    true
}
