//! What hosts show, one subject a file.

pub(crate) mod account;
mod agent;
pub(crate) mod call;
mod card;
mod diagnostics;
mod history;
pub(crate) mod line;
mod line_rows;
mod number;
mod own_number;
mod receiver;
mod scenario;
mod settings;
mod snapshot;

pub use account::{AccountDraft, AccountKind, AccountView, Field, Finding, JournalView, LimitView, LinkView, Verdict};
pub use agent::{AgentMode, AgentStateView, AgentView};
pub use call::{DialState, DialView, LegView, PartyKind, PartyView};
pub use card::{
    Card, CardManner, CardView, ContactSource, ContactView, Fact, FactKind, HitView, ImportColumn, ImportQuestion,
    ImportReport, LookupView, SkippedRow,
};
pub use diagnostics::{Diagnostics, Latency, LinkDiagnostics, OddityView};
pub use history::{
    CallbackState, GapView, HistoryFilter, HistoryLeg, HistoryPage, HistoryRow, HistorySource, HistoryWas,
};
pub use line::{ExtensionView, LineView};
pub use line_rows::LineRows;
pub use number::{FoundNumber, PaletteHit, PaletteKind, Reading};
pub use own_number::{AccountNumbers, AddressDraft, NumberJobKind, NumberJobStage, NumberJobView, OwnNumberView};
pub use receiver::{ReceiverAccount, ReceiverSettings, ReceiverView};
pub use scenario::{ForwardingView, ScenarioAsked, ScenarioResult, ScenarioView};
pub use settings::{HotkeyAction, HotkeyRefused, PopUpRule, SettingsView, Theme, Trigger};
pub use snapshot::{Notice, NoticeLevel, Snapshot, ViewName};
