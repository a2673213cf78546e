//! Numbers on their way to being dialled.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::PartyView;
use crate::ApiError;

/// What would be dialled, from where, and the rule that read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Reading {
    pub text: String,
    pub party: Option<PartyView>,
    /// Stable code of the rule, such as `national`.
    pub rule: Option<String>,
    pub account: Option<String>,
    /// The line it would be dialled from, `account/extension`.
    pub from: Option<String>,
    /// Why it cannot be dialled.
    pub problem: Option<ApiError>,
    /// What stands behind the number and is dialled only after an answer.
    pub not_dialled: Option<String>,
}

/// A number found in a text, or what only looked like one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FoundNumber {
    pub text: String,
    pub party: Option<PartyView>,
    pub rule: Option<String>,
    /// Why it is not dialled: `date`, `amount`, `iban`, `reference` …
    pub refused: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PaletteHit {
    pub kind: PaletteKind,
    pub title: String,
    pub detail: String,
    /// What to dial.
    pub dial: String,
    /// As people write it.
    pub number: String,
    /// The colleague's line, for its lamp.
    pub line: Option<String>,
    /// What read the typed text as this number.
    pub rule: Option<String>,
    /// What stands behind the number in the typed text and is dialled only after an answer.
    pub not_dialled: Option<String>,
    pub vip: bool,
    /// Found by words like the ones that were typed.
    pub similar: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PaletteKind {
    /// The typed text itself, read as a number.
    Number,
    Extension,
    Contact,
    Recent,
}
