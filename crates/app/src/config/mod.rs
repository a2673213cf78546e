//! `config.toml`: the file the app writes and an administrator can roll out, and `policy.toml` that overrides it.

mod account;
mod check;
mod disk;
mod edit;
mod error;
mod file;
mod locate;
mod settings;

pub use account::{AccountEntry, SecretSource};
pub use disk::target;
pub use error::ConfigError;
pub(crate) use file::lay_over;
pub use file::{ConfigFile, Paths};
pub use settings::{
    Board, BoardGroup, Desk, Dial, History, Language, Me, Notifications, PopUps, Receiver, Rule, Rules, Ui,
};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The whole file. Every table may be absent; an unknown key is an error, so that a typing mistake is found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    pub me: Me,
    pub accounts: Vec<AccountEntry>,
    pub ui: Ui,
    pub desktop: Desk,
    pub board: Board,
    pub dial: Dial,
    pub pop_up: PopUps,
    pub notifications: Notifications,
    pub history: History,
    pub receiver: Receiver,
    /// Action to combination, such as `preview = "Ctrl+Alt+P"`; an empty text switches one off.
    pub hotkeys: BTreeMap<String, String>,
}
