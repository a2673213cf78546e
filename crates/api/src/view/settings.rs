//! What the user can choose.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ReceiverSettings;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SettingsView {
    /// `auto`, or a catalogue's name: `en`, `de` …
    pub language: String,
    pub theme: Theme,
    pub comfortable: bool,
    /// Lines that are mine, `account/extension`.
    pub mine: Vec<String>,
    /// How a national number is read, ISO 3166.
    pub region: String,
    /// By direction and caller class, keys such as `inbound.external`.
    pub pop_up: BTreeMap<String, PopUpRule>,
    /// Presenting: strips instead of cards, no sound.
    pub quiet: bool,
    pub ring_sound: bool,
    pub notify_missed: bool,
    pub notify_failed_dial: bool,
    /// With `{number}`, `{name}`, `{call}` … ; each is percent-encoded. Empty: no record to open.
    pub record_url: String,
    /// Ask before a `tel:` link is dialled.
    pub confirm_links: bool,
    /// How long one's own telephone may ring when dialling, seconds, 5–120.
    pub dial_timeout_s: u32,
    pub hotkeys: BTreeMap<String, String>,
    /// Combinations that another program holds, with the reason.
    pub hotkeys_refused: BTreeMap<String, HotkeyRefused>,
    pub close_to_tray: bool,
    pub autostart: bool,
    pub show_peers: bool,
    /// Days of history to keep, 0–180.
    pub retention_days: u32,
    pub favourites: Vec<String>,
    pub receiver: ReceiverSettings,
    /// Names of settings that the machine's policy locks.
    pub locked: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    System,
    Light,
    Dark,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PopUpRule {
    pub card: Trigger,
    pub record: Trigger,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    OnRinging,
    OnAnswer,
    OnHotkey,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HotkeyAction {
    Preview,
    Palette,
    DialSelection,
    HangUp,
}

/// Why a combination cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HotkeyRefused {
    /// Another program holds it.
    Taken,
    /// Another action of this app has it.
    Own,
    /// It needs Ctrl, Alt or Super and a key.
    NotACombination,
    /// This desktop does not let programs take hotkeys.
    NotHere,
}

impl fmt::Display for HotkeyRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Taken => "another program holds the combination",
            Self::Own => "another action of Ringside has the combination",
            Self::NotACombination => "this is no combination: it needs Ctrl, Alt or Super and a key",
            Self::NotHere => "this desktop does not let programs take hotkeys",
        })
    }
}
