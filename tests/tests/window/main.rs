//! The real window on a real desktop: X server, window manager, session bus, WebDriver. One subject a file.
//!
//! Each test has a desktop of its own; they run one after the other, for two at once would measure each other.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on stops at once")]

mod administrator;
mod alone;
mod callbacks;
mod canary;
mod card_attention;
mod card_model;
mod card_size;
mod closing;
mod desk;
mod diagnostics;
mod doors;
mod dress;
mod hostile;
mod hotkeys;
mod keyring;
mod killed;
mod killed_reading;
mod notices;
mod pixels;
mod ringing;
mod scene;
mod second_start;
mod web_process;
mod wizard;
mod work;
