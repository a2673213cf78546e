//! The tables of settings, with what holds when nothing is said.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Me {
    /// `account/extension`: calls to these are mine.
    pub extensions: Vec<String>,
    /// ISO 3166: how a national number is read.
    pub region: String,
}

impl Default for Me {
    fn default() -> Self {
        Self { extensions: Vec::new(), region: "DE".to_owned() }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Ui {
    /// `auto` or a catalogue: `en`, `de`.
    pub language: String,
    /// `system`, `light`, `dark`.
    pub theme: String,
    pub comfortable: bool,
}

impl Default for Ui {
    fn default() -> Self {
        Self { language: "auto".to_owned(), theme: "system".to_owned(), comfortable: false }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Desk {
    pub close_to_tray: bool,
    pub autostart: bool,
    /// Ask before a `tel:` link is dialled.
    pub confirm_links: bool,
}

impl Default for Desk {
    fn default() -> Self {
        Self { close_to_tray: true, autostart: false, confirm_links: true }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Board {
    pub favourites: Vec<String>,
    /// Show who talks to whom.
    pub show_peers: bool,
}

impl Default for Board {
    fn default() -> Self {
        Self { favourites: Vec::new(), show_peers: true }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Dial {
    /// How long one's own telephone may ring, seconds, 5–120.
    pub ring_s: u32,
}

impl Default for Dial {
    fn default() -> Self {
        Self { ring_s: 30 }
    }
}

/// When a card comes up and when a record opens: `on_ringing`, `on_answer`, `on_hotkey`, `never`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PopUps {
    pub inbound: Rules,
    pub outbound: Rules,
    /// Presenting: strips instead of cards, no sound.
    pub quiet: bool,
    pub sound: bool,
    /// With `{number}`, `{name}`, `{company}`, `{call}`, `{extension}`; each is percent-encoded.
    pub record_url: String,
}

impl Default for PopUps {
    fn default() -> Self {
        Self {
            inbound: Rules::all("on_ringing"),
            outbound: Rules::all("on_answer"),
            quiet: false,
            sound: true,
            record_url: String::new(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rules {
    pub internal: Rule,
    pub external: Rule,
    pub vip: Rule,
    pub withheld: Rule,
    pub unknown: Rule,
}

impl Rules {
    fn all(card: &str) -> Self {
        let rule = Rule { card: card.to_owned(), record: "on_hotkey".to_owned() };
        Self {
            internal: rule.clone(),
            external: rule.clone(),
            vip: rule.clone(),
            withheld: rule.clone(),
            unknown: rule,
        }
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self::all("on_ringing")
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rule {
    pub card: String,
    pub record: String,
}

impl Default for Rule {
    fn default() -> Self {
        Self { card: "on_ringing".to_owned(), record: "on_hotkey".to_owned() }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Notifications {
    pub missed: bool,
    pub failed_dial: bool,
}

impl Default for Notifications {
    fn default() -> Self {
        Self { missed: true, failed_dial: true }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct History {
    /// Days to keep, 0–180; `0`: nothing is written.
    pub days: u32,
}

impl Default for History {
    fn default() -> Self {
        Self { days: 90 }
    }
}
