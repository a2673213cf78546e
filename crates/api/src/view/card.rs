//! The pop-up card and who is on it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::LegView;
use crate::ApiError;

/// Everything a card shows. It keeps its id (`account/call`) and place from the first ring to the end, whichever leg of
/// the call it speaks of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CardView {
    pub id: String,
    pub leg: LegView,
    pub manner: CardManner,
    /// The one it is taken for.
    pub best: Option<HitView>,
    /// Everybody else with the same number, in a stable order.
    pub others: Vec<HitView>,
    /// What matters now, in order. A fact that is still being fetched keeps its place.
    pub facts: Vec<Fact>,
    /// What opens the record, where one is set up.
    pub record_url: Option<String>,
    /// The note on its call, as the user wrote it last; `None` while it is being read.
    pub note: Option<String>,
    /// Since when nobody has vouched for what the leg says; its clock says nothing then.
    pub unverified_since: Option<i64>,
    /// What a key or a button of the card came to nothing for.
    pub problem: Option<ApiError>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CardManner {
    Card,
    /// The screen is being shown to others: small and silent.
    Strip,
}

/// Somebody a number may belong to, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HitView {
    /// For pinning.
    pub contact: String,
    pub name: String,
    pub company: String,
    pub number: String,
    /// Which source knew it: `extensions`, `demo`, or the name of an import.
    pub source: String,
    /// The field that matched, such as `mobile`.
    pub field: String,
    /// `exact`, `extension`, `company_line` …
    pub rule: String,
    /// How long the look-up took, microseconds.
    pub took_us: u32,
    pub vip: bool,
    pub pinned: bool,
    pub note: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Fact {
    pub kind: FactKind,
    /// Values for the sentence, by kind: see [`FactKind`].
    pub at: Option<i64>,
    pub count: Option<u32>,
    pub seconds: Option<u32>,
    pub text: Option<String>,
    /// Who or what says so.
    pub source: String,
    /// Still being fetched.
    pub pending: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FactKind {
    /// `at`, `seconds`; `text`: the colleague it was, where it was not the user.
    LastSpoken,
    /// Nobody has ever spoken with them: `at` they called last.
    LastCalled,
    /// The history knows no other call of theirs.
    FirstCall,
    /// `count` calls today before this one, none of them answered.
    CalledTodayUnanswered,
    /// `count` calls today before this one.
    CalledToday,
    /// `text`.
    Vip,
    /// `text`, `at`.
    LastNote,
    /// `text`.
    ContactNote,
    /// `count` open tickets, `text` about them.
    OpenTickets,
}

/// What is done to a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Card {
    Dismiss,
    OpenRecord,
    SearchRecord,
    /// Shows where the address of records is set.
    SetUpRecord,
    /// Calls the caller back from the line that was called.
    CallBack,
    /// Takes the missed call to call back later.
    Claim,
}

/// Who is that, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LookupView {
    pub number: String,
    pub best: Option<HitView>,
    pub others: Vec<HitView>,
    pub took_us: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ContactView {
    pub id: String,
    pub name: String,
    pub company: String,
    /// In E.164.
    pub numbers: Vec<String>,
    /// The same as people write them.
    pub numbers_shown: Vec<String>,
    pub source: String,
    pub vip: bool,
    pub note: String,
    /// What the name begins with in a list from A to Z; `#` where that is no letter.
    pub initial: String,
    /// The search found no more than words like the ones that were typed.
    pub similar: bool,
}

/// Where contacts come from, and how many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ContactSource {
    pub source: String,
    pub contacts: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportReport {
    pub source: String,
    /// As counted in the store afterwards.
    pub contacts: u32,
    pub numbers: u32,
    /// The first thousand rows left out.
    pub skipped: Vec<SkippedRow>,
    pub skipped_total: u32,
    /// The first thousand numbers left out of rows that were taken.
    pub unread: Vec<SkippedRow>,
    pub unread_total: u32,
    pub columns: Vec<ImportColumn>,
    /// The file holds more than can be taken.
    pub cut: bool,
    /// A name with letters that may have been read wrongly, for the user to judge.
    pub sample: Option<String>,
}

/// A row that was left out, or a number of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SkippedRow {
    pub line: u32,
    /// The heading; empty where the row itself is meant.
    pub column: String,
    /// The beginning of what stands there.
    pub text: String,
    pub code: String,
    /// The code in one English sentence.
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportColumn {
    pub heading: String,
    /// What it was taken for; `None` where it was not understood.
    pub holds: Option<String>,
}

/// An import that would take more than it brings. Nothing was replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportQuestion {
    /// How many contacts stand under this name now.
    pub standing: u32,
    /// How many of them the file has too.
    pub kept: u32,
    /// How many telephone numbers they have.
    pub numbers_standing: u32,
    /// How many of those the file has too.
    pub numbers_kept: u32,
    /// What the file brings; nothing of it is stored.
    pub report: ImportReport,
}
