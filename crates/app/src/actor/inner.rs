//! What the actor's own tasks tell it, and what it has its recorder write.

use std::net::SocketAddr;
use std::time::Duration;

use ringside_api::view::{ExtensionView, Fact};
use ringside_api::{ApiError, Reply};
use ringside_domain::{
    AccountId, Extension, Gap, LineUpdate, OrderUpdate, PastCall, Problem, Scenario, ScenarioId, Timestamp,
};
use ringside_store::{
    CallKey, CallRecord, HistoryChange, LegRecord, MarkedGap, NumberJob, OrderTold, PastRecord, PastWritten,
    StoreError, StoredContact,
};
use ringside_telephony::{DialOutcome, DialStep, Finding, ProviderError};
use secrecy::SecretString;
use tokio::sync::oneshot;

use super::accounts::NewAccount;
use crate::demo::DemoSetup;
use crate::secrets::SecretError;

/// Where a request's answer goes.
pub(super) type ReplyTo = oneshot::Sender<Result<Reply, ApiError>>;

/// Results of work done beside the actor.
pub(super) enum Inner {
    Secret {
        account: AccountId,
        generation: u64,
        secret: Result<SecretString, SecretError>,
    },
    Written {
        change: Box<HistoryChange>,
        took: Duration,
    },
    /// The store refuses to write; told once until it writes again.
    StoreTrouble(Problem),
    StoreWell,
    /// A look through the whole file found damage.
    Damaged,
    /// Rows were deleted, or became one.
    Erased,
    /// The damaged file was put aside; what the user should be told.
    Healed(Problem),
    /// Scenarios that are to be taken back by themselves, from before this start.
    PendingEnds(Vec<ringside_store::ScenarioAction>),
    Facts {
        card: String,
        facts: Vec<Fact>,
        /// What was noted on the call before, or why that cannot be read.
        note: Result<String, Problem>,
    },
    /// The history has no such call, and did not get one while its note waited.
    NoteRefused(CallKey),
    /// The note that was written of a card's call, and the row it is in.
    NoteWritten {
        call: CallKey,
        row: Box<CallRecord>,
    },
    /// Whether the card's missed call was taken to call back.
    CardClaimed {
        card: String,
        claimed: Result<Box<CallRecord>, ApiError>,
        reply: ReplyTo,
    },
    Contacts(Vec<StoredContact>),
    /// Whether the journal has that a scenario's state is right as it is.
    ScenarioAccepted {
        key: (AccountId, ScenarioId),
        written: Result<(), Problem>,
        reply: ReplyTo,
    },
    DialStep {
        intent: String,
        step: DialStep,
    },
    DialEnded {
        intent: String,
        result: Result<DialOutcome, ProviderError>,
    },
    ScenarioRead {
        account: AccountId,
        id: ScenarioId,
        turn: u64,
        read: Result<Scenario, ProviderError>,
    },
    ScenarioStep {
        account: AccountId,
        id: ScenarioId,
        turn: u64,
        step: super::scenarios::Step,
    },
    ScenarioRecorded {
        account: AccountId,
        id: ScenarioId,
        turn: u64,
        action: ringside_store::ActionId,
    },
    Scenarios {
        account: AccountId,
        list: Result<Vec<Scenario>, ProviderError>,
        reply: Option<ReplyTo>,
    },
    /// An agent's state as it was just read.
    Agent {
        agent: ringside_api::view::AgentView,
        reply: ReplyTo,
    },
    /// A job was written, new or changed.
    NumberJob {
        job: Box<NumberJob>,
        reply: Option<ReplyTo>,
    },
    NumberJobs {
        jobs: Vec<NumberJob>,
        reply: ReplyTo,
    },
    /// What a service answered about a job could not be written.
    NumberJobTrouble {
        id: i64,
        problem: Problem,
    },
    /// Jobs that an earlier run left without an answer.
    UnconfirmedJobs(Vec<NumberJob>),
    /// A service says, unasked, what became of an order.
    OrderUpdate {
        account: AccountId,
        update: OrderUpdate,
    },
    OrderTold {
        account: AccountId,
        update: OrderUpdate,
        told: Result<OrderTold, StoreError>,
    },
    Finding {
        test: String,
        finding: Finding,
    },
    TestDone {
        test: String,
        useful: bool,
        /// What the account lists.
        extensions: Vec<ExtensionView>,
    },
    /// Whether the key store took the secret of an account that is to be added.
    SecretKept {
        account: Box<NewAccount>,
        kept: Result<(), SecretError>,
        reply: ReplyTo,
    },
    /// Whether the key store took the new secret of an account.
    SecretRenewed {
        account: AccountId,
        kept: Result<(), SecretError>,
        reply: ReplyTo,
    },
    Demo {
        setup: anyhow::Result<DemoSetup>,
        /// A store for it alone, where it is to have one.
        opened: Option<ringside_store::Opened>,
        reply: ReplyTo,
    },
    /// Rows to be shown: only the actor knows the names of extensions.
    Rows {
        rows: RowsFor,
        reply: ReplyTo,
    },
    Changed(Box<CallRecord>),
    /// Records of the past to be named: only the actor knows who is who.
    PastCalls {
        account: AccountId,
        calls: Vec<PastCall>,
        named: oneshot::Sender<Vec<PastRecord>>,
    },
    PastWritten {
        account: AccountId,
        generation: u64,
        written: PastWritten,
    },
    /// How far an account's journal was read; `changed`: the history is to be read anew.
    JournalRead {
        account: AccountId,
        generation: u64,
        progress: ringside_api::view::JournalView,
        changed: bool,
    },
    /// An account's journal could not be read.
    JournalRefused {
        account: AccountId,
        generation: u64,
        problem: Problem,
    },
    OpenCallbacks(u32),
    /// The receiver listens there, or does not; `turn`: since which change of the settings.
    ReceiverListens {
        turn: u64,
        at: Result<SocketAddr, Problem>,
    },
    /// The receiver took something or turned it away; told once until it was heard.
    ReceiverCounted,
}

/// History on its way to a host.
pub(super) enum RowsFor {
    Page { page: ringside_store::Page, legs: Vec<Vec<LegRecord>>, gaps: Vec<MarkedGap>, open: u32 },
    One(Box<CallRecord>),
}

/// What the recorder writes, in order.
pub(super) enum Write {
    Leg(Box<LegRecord>),
    /// The note on a call, whose row may not have been written yet.
    Note {
        call: CallKey,
        note: String,
    },
    Gap(Gap),
    Extensions {
        account: AccountId,
        list: Vec<Extension>,
        at: Timestamp,
    },
    Lines {
        account: AccountId,
        lines: Vec<LineUpdate>,
        all: bool,
    },
    Scenarios {
        account: AccountId,
        list: Vec<Scenario>,
        at: Timestamp,
    },
    Scenario {
        account: AccountId,
        scenario: Scenario,
        at: Timestamp,
    },
    ForgetAccount(AccountId),
    Purge {
        before: Timestamp,
    },
}
