//! What the app tells its hosts, in order.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::view::{
    AccountView, AgentView, CardView, DialView, ExtensionView, Finding, HistoryRow, LegView, LineView, Notice,
    NumberJobView, ReceiverView, ScenarioView, SettingsView, ViewName,
};

/// An event with its place in the order. A host that sees `seq` jump asks for the snapshot again.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Envelope {
    pub seq: u64,
    #[serde(flatten)]
    pub event: ApiEvent,
}

#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "an event is made, sent and gone; a box each would cost more")]
pub enum ApiEvent {
    /// These lines changed; the newest state of each.
    Lines {
        lines: Vec<LineView>,
    },
    /// These lines no longer exist.
    LinesGone {
        ids: Vec<String>,
    },
    Leg {
        leg: LegView,
    },
    /// The leg ended a while ago and is history now.
    LegGone {
        id: String,
    },
    Account {
        account: AccountView,
    },
    AccountGone {
        id: String,
    },
    Scenario {
        scenario: ScenarioView,
    },
    ScenarioGone {
        account: String,
        id: String,
    },
    /// A row was written, new or corrected.
    History {
        row: HistoryRow,
    },
    /// Rows were deleted or many changed: read the page again.
    HistoryReset {},
    /// An agent's state was read anew.
    Agent {
        agent: AgentView,
    },
    NumberJob {
        job: NumberJobView,
    },
    /// It began or ceased to listen, or took or turned away something.
    Receiver {
        receiver: ReceiverView,
    },
    Dial {
        dial: DialView,
    },
    /// Show this card, or show it anew.
    Card {
        card: CardView,
    },
    /// The card's call is over or was put away by hand.
    CardGone {
        id: String,
    },
    /// One more finding of a test of an account that is running.
    Finding {
        test: String,
        finding: Finding,
    },
    /// The extensions that a tested account lists, before the test's last finding: one's own are chosen from them.
    TestExtensions {
        test: String,
        extensions: Vec<ExtensionView>,
    },
    Notice {
        notice: Notice,
    },
    NoticeGone {
        id: String,
    },
    Settings {
        settings: SettingsView,
    },
    /// Bring a view forward: from the tray, a hotkey, a link or a second start.
    Show {
        view: ViewName,
        text: Option<String>,
    },
    /// Everything may have changed: take the snapshot again.
    Resync {},
}
