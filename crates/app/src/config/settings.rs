//! The tables of settings, with what holds when nothing is said.

use ringside_domain::LineId;
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
    /// For services that group nobody; the service's own groups go first.
    pub groups: Vec<BoardGroup>,
}

/// Lines that stand together on the board.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoardGroup {
    pub name: String,
    /// `account/extension`, `account/first-last` for a block of numbers, or `account/*` for all of an account.
    pub lines: Vec<String>,
}

impl BoardGroup {
    /// Whether the line is named or falls into a block; blocks compare as numbers of the same length.
    pub fn holds(&self, line: &LineId) -> bool {
        self.lines.iter().any(|pattern| {
            let Some((account, extensions)) = pattern.split_once('/') else { return false };
            let extension = line.extension.as_str();
            if account != line.account.as_str() {
                return false;
            }
            match extensions.split_once('-') {
                None => extensions == "*" || extensions == extension,
                Some((first, last)) => {
                    let same_length = first.len() == extension.len() && last.len() == extension.len();
                    let digits = [first, last, extension].iter().all(|text| text.bytes().all(|b| b.is_ascii_digit()));
                    same_length && digits && (first..=last).contains(&extension)
                }
            }
        })
    }
}

impl Default for Board {
    fn default() -> Self {
        Self { favourites: Vec::new(), show_peers: true, groups: Vec::new() }
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

/// Where services send what nobody asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Receiver {
    pub on: bool,
    /// `address:port`.
    pub listen: String,
    /// How services reach it: a reverse proxy or tunnel.
    pub public_url: String,
}

impl Default for Receiver {
    fn default() -> Self {
        Self { on: false, listen: "127.0.0.1:8465".to_owned(), public_url: String::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_holds_single_lines_and_blocks_of_its_own_account() {
        let lines = ["office/22-35", "office/99", "haifa/*"].map(str::to_owned).into();
        let group = BoardGroup { name: "Support".into(), lines };
        for (line, holds) in [
            ("office/22", true),
            ("office/35", true),
            ("office/99", true),
            ("office/36", false),
            ("office/221", false),
            ("branch/22", false),
            ("office/2a", false),
            ("haifa/SIP201", true),
            ("haifa2/SIP201", false),
        ] {
            assert_eq!(group.holds(&line.parse().unwrap()), holds, "{line}");
        }
    }
}
