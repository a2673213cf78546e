//! The tables of settings, with what holds when nothing is said.

use ringside_api::view::{Theme, Trigger};
use ringside_domain::{CallerClass, Direction, LineId};
use ringside_engine as engine;
use serde::{Deserialize, Deserializer, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Me {
    /// `account/extension`: calls to these are mine.
    pub extensions: Vec<String>,
    /// ISO 3166: how a national number is read.
    #[serde(deserialize_with = "super::account::region")]
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
    pub language: Language,
    pub theme: Theme,
    pub comfortable: bool,
}

impl Default for Ui {
    fn default() -> Self {
        Self { language: Language::Auto, theme: Theme::System, comfortable: false }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// The desktop's.
    Auto,
    En,
    De,
}

impl Language {
    pub const ALL: [Self; 3] = [Self::Auto, Self::En, Self::De];

    /// As the file writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::En => "en",
            Self::De => "de",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Desk {
    pub close_to_tray: bool,
    /// Start with the session. Where nothing is said, the session's own list is left as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub autostart: Option<bool>,
    /// Ask before a `tel:` link is dialled.
    pub confirm_links: bool,
}

impl Default for Desk {
    fn default() -> Self {
        Self { close_to_tray: true, autostart: None, confirm_links: true }
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

/// When a card comes up and when a record opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PopUps {
    #[serde(deserialize_with = "inbound")]
    pub inbound: Rules,
    #[serde(deserialize_with = "outbound")]
    pub outbound: Rules,
    /// Presenting: strips instead of cards, no sound.
    pub quiet: bool,
    pub sound: bool,
    /// With `{number}`, `{name}`, `{company}`, `{call}`, `{extension}`; each is percent-encoded.
    pub record_url: String,
}

impl PopUps {
    /// What [`Self::record_url`] may hold in braces.
    pub const PLACES: [&str; 5] = ["number", "name", "company", "call", "extension"];
}

impl Default for PopUps {
    fn default() -> Self {
        Self {
            inbound: Rules::usual(Direction::Inbound),
            outbound: Rules::usual(Direction::Outbound),
            quiet: false,
            sound: true,
            record_url: String::new(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rules {
    pub internal: Rule,
    pub external: Rule,
    pub vip: Rule,
    pub withheld: Rule,
    pub unknown: Rule,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    pub card: Trigger,
    pub record: Trigger,
}

impl Rules {
    /// What holds where nothing is said: the engine's own.
    fn usual(direction: Direction) -> Self {
        let policy = engine::Policy::default();
        let usual = |class| {
            let engine::Rule { pop_up, open_record } = policy.rule(Some(direction), class);
            Rule { card: word_of(pop_up), record: word_of(open_record) }
        };
        Self {
            internal: usual(CallerClass::Internal),
            external: usual(CallerClass::External),
            vip: usual(CallerClass::Vip),
            withheld: usual(CallerClass::Withheld),
            unknown: usual(CallerClass::Unknown),
        }
    }
}

fn word_of(trigger: engine::Trigger) -> Trigger {
    match trigger {
        engine::Trigger::OnRinging => Trigger::OnRinging,
        engine::Trigger::OnAnswer => Trigger::OnAnswer,
        engine::Trigger::OnHotkey => Trigger::OnHotkey,
        engine::Trigger::Never => Trigger::Never,
    }
}

/// What a table of rules says; the rest is as usual for its direction.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct SaidRules {
    internal: SaidRule,
    external: SaidRule,
    vip: SaidRule,
    withheld: SaidRule,
    unknown: SaidRule,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct SaidRule {
    card: Option<Trigger>,
    record: Option<Trigger>,
}

impl SaidRules {
    fn over(self, usual: Rules) -> Rules {
        let rule = |said: SaidRule, usual: Rule| Rule {
            card: said.card.unwrap_or(usual.card),
            record: said.record.unwrap_or(usual.record),
        };
        Rules {
            internal: rule(self.internal, usual.internal),
            external: rule(self.external, usual.external),
            vip: rule(self.vip, usual.vip),
            withheld: rule(self.withheld, usual.withheld),
            unknown: rule(self.unknown, usual.unknown),
        }
    }
}

fn inbound<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Rules, D::Error> {
    SaidRules::deserialize(deserializer).map(|said| said.over(Rules::usual(Direction::Inbound)))
}

fn outbound<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Rules, D::Error> {
    SaidRules::deserialize(deserializer).map(|said| said.over(Rules::usual(Direction::Outbound)))
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
