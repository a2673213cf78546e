//! What hosts may ask of the app, and what they get.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::view::{
    AccountDraft, AccountKind, AccountNumbers, AccountView, AddressDraft, AgentStateView, AgentView, Card,
    ContactSource, ContactView, Diagnostics, DialView, ExtensionView, Finding, FoundNumber, HistoryFilter, HistoryPage,
    HistoryRow, HotkeyAction, HotkeyRefused, ImportQuestion, ImportReport, LookupView, NumberJobView, PaletteHit,
    Reading, ReceiverView, ScenarioView, SettingsView, Snapshot, ViewName,
};

/// Ids of lines, legs and cards are those of their views.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Request {
    /// Everything the main window shows, with the `seq` from which events go on.
    Snapshot {},
    /// What the lines' owners are known by beside their names.
    Extensions {},

    // Calls
    /// How a text would be dialled, and from where. Sends nothing. `line`: as of [`Request::Dial`].
    ReadNumber {
        text: String,
        line: Option<String>,
        account: Option<String>,
        from: Option<String>,
    },
    /// Every number in a text, dialled by none of them.
    FindNumbers {
        text: String,
    },
    /// What the palette offers for what was typed so far.
    Palette {
        text: String,
        limit: u32,
    },
    /// Rings a telephone. `intent` is chosen by the host: the same intent is never sent twice. `line`: the colleague at
    /// that line is meant, `account/extension`, and the text is not read.
    Dial {
        intent: String,
        text: String,
        line: Option<String>,
        account: Option<String>,
        from: Option<String>,
    },
    /// `None`: the call of mine that a hang-up would mean now.
    HangUp {
        leg: Option<String>,
    },

    // Cards
    /// Turns the keyboard to the ringing caller's card, or the last one; again: its record.
    Preview {},
    Card {
        action: Card,
        id: String,
    },
    /// The note on a card's call as it stands now; kept at once, and written as soon as the store can.
    CardNote {
        id: String,
        note: String,
    },
    /// Who looks at the cards now: no card goes from under the pointer or the keyboard, nor one of `unsaved`. It counts
    /// for 4 s and is told again as long as it is so.
    HoldCards {
        pointer: bool,
        keyboard: bool,
        unsaved: Vec<String>,
    },
    Lookup {
        number: String,
    },

    // Scenarios
    /// Reads them again from the service.
    RefreshScenarios {
        account: Option<String>,
    },
    SetScenario {
        account: String,
        id: String,
        active: bool,
        ends_at: Option<i64>,
    },
    /// Takes the state that somebody else set as it is: no alarm, and no end that was planned before.
    AcceptScenario {
        account: String,
        id: String,
    },

    // Agents
    /// The states an account's agents can be put into, in the order to offer them.
    AgentStates {
        account: String,
    },
    /// The state of the agent at a line, freshly read.
    Agent {
        line: String,
    },
    /// Asks for the state once; the reply is what a reading shows afterwards.
    SetAgent {
        line: String,
        state: String,
    },

    // Numbers
    /// What the accounts that have numbers answer now.
    Numbers {
        account: Option<String>,
    },
    /// Every undertaking with numbers, newest first.
    NumberJobs {},
    /// Hands in an address: the first step of an order. The same intent is never sent twice, in no run of the app.
    VerifyAddress {
        intent: String,
        account: String,
        address: AddressDraft,
    },
    /// Orders the number that a job's address was approved for. Costs money; sent once.
    OrderNumber {
        job: i64,
        link_to: Option<String>,
    },
    /// Gives a number back; sent once.
    CancelNumber {
        intent: String,
        account: String,
        number: String,
    },
    /// Says what became of a step whose answer was lost, as somebody saw in the service's portal: taken, under that id,
    /// or not taken.
    SettleNumberJob {
        id: i64,
        taken: bool,
        reference: String,
    },
    /// Says that an ordered number is there although no word of it came.
    NumberArrived {
        id: i64,
        number: String,
    },
    /// Closes a job. Nothing is sent.
    DropNumberJob {
        id: i64,
    },

    // Receiver
    Receiver {},
    /// Tries the receiver's addresses, the local and the public one, from here.
    TestReceiver {},

    // History
    History {
        filter: HistoryFilter,
        before: Option<String>,
        limit: u32,
    },
    /// The row of one call, such as the one that rings; `no_row` until it is written.
    CallRow {
        account: String,
        call: String,
    },
    SetNote {
        id: i64,
        note: String,
    },
    /// Takes a missed call to call back, or gives it free again.
    Claim {
        id: i64,
        claimed: bool,
    },
    CallbackDone {
        id: i64,
    },
    /// Removes every trace of one number.
    ForgetNumber {
        number: String,
    },
    ForgetAll {},
    /// The matching rows as CSV text.
    ExportHistory {
        filter: HistoryFilter,
    },

    // Contacts
    /// Those that match, or all of them from A to Z where no text is given.
    Contacts {
        text: String,
        limit: u32,
    },
    /// CSV bytes, base64. What would take more than it brings is asked about, unless `replace` says yes beforehand.
    ImportContacts {
        name: String,
        data: String,
        #[serde(default)]
        replace: bool,
    },
    RemoveContacts {
        source: String,
    },
    /// Keeps somebody under a number, in a source of the user's own.
    AddContact {
        number: String,
        name: String,
        company: String,
        note: String,
    },
    PinContact {
        number: String,
        contact: String,
    },

    // Accounts
    AccountKinds {},
    /// Findings arrive as events named by `test`.
    TestAccount {
        test: String,
        draft: AccountDraft,
    },
    AddAccount {
        draft: AccountDraft,
    },
    /// Signs in again with a new secret.
    SignIn {
        id: String,
        secret: String,
        session_only: bool,
    },
    RemoveAccount {
        id: String,
    },
    /// Drops the connection and makes it anew.
    Reconnect {
        id: Option<String>,
    },
    /// Starts the demo exchange and connects its accounts.
    StartDemo {},
    /// Leaves it, back to the user's own history; without a demo, nothing.
    EndDemo {},
    /// TOML text of a configuration to take over.
    ImportConfig {
        text: String,
    },

    // Settings
    SetSettings {
        settings: SettingsView,
    },
    /// Tries whether a combination can be had.
    SetHotkey {
        action: HotkeyAction,
        keys: Option<String>,
    },
    Favourite {
        line: String,
        on: bool,
    },

    /// Brings a view forward, with a text for it: from a hotkey, a link, a second start or the command line.
    Show {
        view: ViewName,
        text: Option<String>,
    },
    DismissNotice {
        id: String,
    },
    Diagnostics {},
    /// A redacted text for the administrator.
    SupportBundle {},
    /// A host measured itself: `card_painted`, `window_shown` … in milliseconds.
    Measured {
        name: String,
        ms: f64,
    },
}

#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Reply {
    Done {},
    Snapshot {
        snapshot: Box<Snapshot>,
    },
    Extensions {
        extensions: Vec<ExtensionView>,
    },
    Reading {
        reading: Reading,
    },
    Found {
        numbers: Vec<FoundNumber>,
    },
    Palette {
        hits: Vec<PaletteHit>,
    },
    Dial {
        dial: DialView,
    },
    Lookup {
        lookup: LookupView,
    },
    Scenarios {
        scenarios: Vec<ScenarioView>,
    },
    Scenario {
        scenario: ScenarioView,
    },
    History {
        page: HistoryPage,
    },
    HistoryRow {
        row: Box<HistoryRow>,
    },
    Text {
        text: String,
    },
    Contacts {
        contacts: Vec<ContactView>,
        /// How many match, shown or not.
        total: u32,
        /// Everything there is, whatever matches.
        sources: Vec<ContactSource>,
    },
    Import {
        report: ImportReport,
    },
    ImportQuestion {
        question: ImportQuestion,
    },
    AccountKinds {
        kinds: Vec<AccountKind>,
    },
    Account {
        account: AccountView,
    },
    AgentStates {
        states: Vec<AgentStateView>,
    },
    Agent {
        agent: AgentView,
    },
    Numbers {
        accounts: Vec<AccountNumbers>,
    },
    NumberJobs {
        jobs: Vec<NumberJobView>,
    },
    NumberJob {
        job: Box<NumberJobView>,
    },
    Receiver {
        receiver: ReceiverView,
    },
    Findings {
        findings: Vec<Finding>,
    },
    /// The actions whose combination another program holds, with the reason.
    Hotkeys {
        refused: BTreeMap<String, HotkeyRefused>,
    },
    Diagnostics {
        diagnostics: Box<Diagnostics>,
    },
}
