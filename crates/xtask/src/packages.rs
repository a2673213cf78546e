//! What has to be installed, and why.

/// To build and run the app on Debian or Ubuntu.
pub const BUILD: &[&str] = &[
    "build-essential",
    "pkg-config",
    "libwebkit2gtk-4.1-dev",
    "libgtk-3-dev",
    "librsvg2-dev",
    "libayatana-appindicator3-dev",
    "libxdo-dev",
    "libssl-dev",
    "libdbus-1-dev",
];

/// To run it where there is no display.
pub const HEADLESS: &[&str] = &["xvfb", "xauth", "dbus", "openbox", "fonts-noto-core"];

/// To test the real window, hotkeys, notifications and key store.
pub const TEST: &[&str] = &[
    "xvfb",
    "xauth",
    "dbus",
    "dbus-x11",
    "openbox",
    "gnome-keyring",
    "libsecret-tools",
    "dunst",
    "libnotify-bin",
    "webkit2gtk-driver",
    "xdotool",
    "sqlite3",
    "xsel",
    "xterm",
    "x11-utils",
    "fonts-noto-core",
];

/// To measure against a peer.
pub const BENCH: &[&str] = &["gnome-calls"];
