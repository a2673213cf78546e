//! Everything the main window starts from.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{AccountView, CardView, DialView, LegView, LineRows, LineView, ScenarioView, SettingsView};
use crate::ApiError;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Snapshot {
    /// Events with a higher `seq` are newer than this.
    pub seq: u64,
    /// The app's clock, so that a host can show ages.
    pub now: i64,
    pub version: String,
    /// The user's name on this computer, as claims and the journal show it.
    pub user: String,
    pub accounts: Vec<AccountView>,
    pub lines: Vec<LineView>,
    /// More lines, for pages: see [`Snapshot::pack`].
    #[serde(default)]
    pub line_rows: Vec<LineRows>,
    pub legs: Vec<LegView>,
    pub cards: Vec<CardView>,
    pub dials: Vec<DialView>,
    pub scenarios: Vec<ScenarioView>,
    pub open_callbacks: u32,
    pub settings: SettingsView,
    pub notices: Vec<Notice>,
}

/// Something to be told once: a broken configuration file, a damaged history, a taken hotkey, a report after an outage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Notice {
    pub id: String,
    pub level: NoticeLevel,
    pub at: i64,
    pub problem: ApiError,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NoticeLevel {
    Info,
    Warning,
    Error,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ViewName {
    Board,
    Palette,
    Calls,
    Scenarios,
    History,
    Numbers,
    Contacts,
    Accounts,
    Settings,
    Diagnostics,
}
