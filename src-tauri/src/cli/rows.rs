//! The rows that commands print. Their names are a contract: a field that is not known is `null`, never absent.

mod agent;
mod number;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ringside_api::ApiError;
use ringside_api::view::{
    AccountView, ContactView, DialState, DialView, ExtensionView, HistoryRow, HitView, LegView, LineView, LookupView,
    PartyView, ScenarioResult, ScenarioView,
};
use ringside_domain::{Capability, Direction, LineStatus, LinkPhase, Outcome, Phase, Presence};
use serde::Serialize;

use super::out::Columns;
pub use agent::{Agent, AgentState};
pub use number::{Job, Number};

/// RFC 3339 with the zone, milliseconds.
pub fn time(ms: i64, zone: &TimeZone) -> Option<String> {
    let at = Timestamp::from_millisecond(ms).ok()?;
    Some(at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string())
}

fn some_time(ms: Option<i64>, zone: &TimeZone) -> Option<String> {
    ms.and_then(|ms| time(ms, zone))
}

/// The person, else the company.
fn name_of(party: &PartyView) -> Option<String> {
    party.name.clone().or_else(|| party.company.clone()).filter(|name| !name.is_empty())
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Account {
    id: String,
    provider: String,
    capabilities: Vec<Capability>,
    link: LinkPhase,
    since: Option<String>,
    /// The problem's code, and what it means.
    reason: Option<String>,
}

impl Account {
    pub fn of(view: &AccountView, zone: &TimeZone) -> Self {
        Self {
            id: view.id.clone(),
            provider: view.provider.clone(),
            capabilities: view.capabilities.clone(),
            link: view.link.phase,
            since: time(view.link.since, zone),
            reason: view.link.reason.as_ref().map(|reason| format!("{}: {}", reason.code, in_words(reason))),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Extension {
    account: String,
    extension: String,
    name: Option<String>,
    email: Option<String>,
}

impl Extension {
    pub fn of(view: &ExtensionView) -> Self {
        Self {
            account: view.account.clone(),
            extension: view.extension.clone(),
            name: Some(view.name.clone()).filter(|name| !name.is_empty()),
            email: view.email.clone(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    account: String,
    extension: String,
    name: Option<String>,
    line: LineStatus,
    presence: Presence,
    at: Option<String>,
    stale: bool,
}

impl Line {
    pub fn of(view: &LineView, zone: &TimeZone) -> Self {
        Self {
            account: view.account.clone(),
            extension: view.extension.clone(),
            name: Some(view.name.clone()).filter(|name| !name.is_empty()),
            line: view.line,
            presence: view.presence,
            at: time(view.at, zone),
            stale: view.stale_since.is_some(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Call {
    account: String,
    call: Option<String>,
    extension: String,
    direction: Option<Direction>,
    phase: Phase,
    number: Option<String>,
    name: Option<String>,
    our_number: Option<String>,
    started_at: Option<String>,
    answered_at: Option<String>,
    ended_at: Option<String>,
    outcome: Option<Outcome>,
    /// What stood behind the number and was left out of a dial from here.
    pub not_dialled: Option<String>,
}

impl Call {
    pub fn of(view: &LegView, zone: &TimeZone) -> Self {
        Self {
            account: view.account.clone(),
            call: Some(view.call.clone()),
            extension: view.extension.clone(),
            direction: view.direction,
            phase: view.phase,
            number: view.remote.dial.clone(),
            name: name_of(&view.remote),
            our_number: view.our_number.as_ref().and_then(|number| number.dial.clone()),
            started_at: time(view.started_at, zone),
            answered_at: some_time(view.answered_at, zone),
            ended_at: some_time(view.ended_at, zone),
            outcome: view.outcome,
            not_dialled: None,
        }
    }

    /// A dial as the call it is becoming.
    pub fn of_dial(view: &DialView, zone: &TimeZone) -> Self {
        let (phase, outcome) = course(view.state);
        Self {
            account: view.account.clone(),
            call: view.call.clone(),
            extension: view.from.split_once('/').map_or(view.from.as_str(), |(_, extension)| extension).to_owned(),
            direction: Some(Direction::Outbound),
            phase,
            number: view.to.dial.clone(),
            name: name_of(&view.to),
            our_number: None,
            started_at: time(view.started_at, zone),
            answered_at: None,
            ended_at: None,
            outcome,
            not_dialled: None,
        }
    }

    /// The same with what the call events say of it.
    pub fn of_dial_and_leg(dial: &DialView, leg: Option<&LegView>, zone: &TimeZone) -> Self {
        let row = Self::of_dial(dial, zone);
        match leg.map(|leg| Self::of(leg, zone)) {
            None => row,
            Some(leg) => Self {
                our_number: leg.our_number,
                answered_at: leg.answered_at,
                ended_at: leg.ended_at,
                name: row.name.or(leg.name),
                ..row
            },
        }
    }
}

/// Where a dial stands, in a call's words; it ends when the other side has answered or will not.
fn course(state: DialState) -> (Phase, Option<Outcome>) {
    match state {
        DialState::Sending
        | DialState::Accepted
        | DialState::CallerRinging
        | DialState::CallerAnswered
        | DialState::CalleeDialing
        | DialState::Checking
        | DialState::HandedOver => (Phase::Dialing, None),
        DialState::CalleeRinging => (Phase::Ringing, None),
        DialState::Connected => (Phase::Connected, Some(Outcome::Answered)),
        DialState::NoAnswer => (Phase::Ended, Some(Outcome::Missed)),
        DialState::Busy => (Phase::Ended, Some(Outcome::Busy)),
        DialState::Rejected => (Phase::Ended, Some(Outcome::Rejected)),
        DialState::Cancelled => (Phase::Ended, Some(Outcome::Cancelled)),
        DialState::Failed => (Phase::Ended, Some(Outcome::Failed)),
        DialState::Unknown => (Phase::Ended, Some(Outcome::Unknown)),
    }
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scenario {
    account: String,
    id: String,
    name: Option<String>,
    state: String,
    forwardings: Vec<Forwarding>,
    at: Option<String>,
    /// What was last asked of it was read back; `null` when nobody asked.
    confirmed: Option<bool>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Forwarding {
    from: String,
    to: String,
}

impl Scenario {
    pub fn of(view: &ScenarioView, zone: &TimeZone) -> Self {
        let forwardings = view.forwardings.iter();
        Self {
            account: view.account.clone(),
            id: view.id.clone(),
            name: view.name.clone(),
            state: view.state.clone(),
            forwardings: forwardings.map(|it| Forwarding { from: it.from.clone(), to: it.to.clone() }).collect(),
            at: time(view.at, zone),
            confirmed: view.asked.as_ref().map(|asked| asked.result == ScenarioResult::Confirmed),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Past {
    id: i64,
    account: String,
    /// `None` where the service does not say who of us it was.
    extension: Option<String>,
    direction: Option<Direction>,
    number: Option<String>,
    name: Option<String>,
    outcome: Option<Outcome>,
    started_at: Option<String>,
    answered_at: Option<String>,
    ended_at: Option<String>,
    ring_s: Option<u32>,
    talk_s: Option<u32>,
}

impl Past {
    pub fn of(view: &HistoryRow, zone: &TimeZone) -> Self {
        Self {
            id: view.id,
            account: view.account.clone(),
            extension: Some(view.extension.clone()).filter(|extension| !extension.is_empty()),
            direction: view.direction,
            number: view.remote.dial.clone(),
            name: name_of(&view.remote),
            outcome: view.outcome,
            started_at: time(view.started_at, zone),
            answered_at: some_time(view.answered_at, zone),
            ended_at: some_time(view.ended_at, zone),
            ring_s: view.ring_s,
            talk_s: view.talk_s,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Contact {
    number: Option<String>,
    name: Option<String>,
    company: Option<String>,
    source: Option<String>,
    rule: Option<String>,
    ms: Option<f64>,
    others: Vec<Other>,
}

/// Somebody else with the same number.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Other {
    number: String,
    name: Option<String>,
    company: Option<String>,
    source: String,
    rule: String,
}

impl Contact {
    pub fn of_lookup(view: &LookupView) -> Self {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let other = |hit: &HitView| Other {
            number: hit.number.clone(),
            name: some(&hit.name),
            company: some(&hit.company),
            source: hit.source.clone(),
            rule: hit.rule.clone(),
        };
        let best = view.best.as_ref();
        Self {
            number: some(&view.number),
            name: best.and_then(|hit| some(&hit.name)),
            company: best.and_then(|hit| some(&hit.company)),
            source: best.map(|hit| hit.source.clone()),
            rule: best.map(|hit| hit.rule.clone()),
            ms: Some(f64::from(view.took_us) / 1e3),
            others: view.others.iter().map(other).collect(),
        }
    }

    /// One row a number.
    pub fn all_of(view: &ContactView) -> Vec<Self> {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let row = |number: Option<String>| Self {
            number,
            name: some(&view.name),
            company: some(&view.company),
            source: some(&view.source),
            rule: None,
            ms: None,
            others: Vec::new(),
        };
        if view.numbers.is_empty() {
            return vec![row(None)];
        }
        view.numbers.iter().cloned().map(Some).map(row).collect()
    }
}

/// An event and the row it is about.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Watched {
    Line(Line),
    Call(Call),
    Scenario(Scenario),
    Agent(Agent),
    NumberJob(Job),
    Link(Account),
}

/// A value as the JSON has it, for people.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word.replace('_', " "),
        _ => String::new(),
    }
}

fn text(value: &Option<String>) -> String {
    value.clone().unwrap_or_default()
}

/// Time of day, for people.
fn clock(value: &Option<String>) -> String {
    value.as_deref().and_then(|time| time.get(..19)).map(|time| time.replace('T', " ")).unwrap_or_default()
}

/// What is wrong, and the way out.
fn in_words(problem: &ApiError) -> String {
    let end = if problem.message.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{}{end} {}", problem.message, problem.hint).trim_end().to_owned()
}

impl Columns for Account {
    const HEAD: &'static [&'static str] = &["id", "provider", "link", "since", "capabilities", "reason"];
    fn cells(&self) -> Vec<String> {
        let capabilities: Vec<String> = self.capabilities.iter().map(word).collect();
        vec![
            self.id.clone(),
            self.provider.clone(),
            word(&self.link),
            clock(&self.since),
            capabilities.join(", "),
            text(&self.reason),
        ]
    }
}

impl Columns for Extension {
    const HEAD: &'static [&'static str] = &["account", "extension", "name", "email"];
    fn cells(&self) -> Vec<String> {
        vec![self.account.clone(), self.extension.clone(), text(&self.name), text(&self.email)]
    }
}

impl Columns for Line {
    const HEAD: &'static [&'static str] = &["account", "extension", "name", "line", "presence", "since", ""];
    fn cells(&self) -> Vec<String> {
        vec![
            self.account.clone(),
            self.extension.clone(),
            text(&self.name),
            word(&self.line),
            word(&self.presence),
            clock(&self.at),
            if self.stale { "stale".to_owned() } else { String::new() },
        ]
    }
}

impl Columns for Call {
    const HEAD: &'static [&'static str] =
        &["account", "extension", "direction", "phase", "number", "name", "started", "outcome", "call"];
    fn cells(&self) -> Vec<String> {
        vec![
            self.account.clone(),
            self.extension.clone(),
            word(&self.direction),
            word(&self.phase),
            text(&self.number),
            text(&self.name),
            clock(&self.started_at),
            word(&self.outcome),
            text(&self.call),
        ]
    }
}

impl Columns for Scenario {
    const HEAD: &'static [&'static str] = &["account", "id", "name", "state", "read", "confirmed", "forwardings"];
    fn cells(&self) -> Vec<String> {
        let forwardings: Vec<String> = self.forwardings.iter().map(|it| format!("{} → {}", it.from, it.to)).collect();
        vec![
            self.account.clone(),
            self.id.clone(),
            text(&self.name),
            self.state.clone(),
            clock(&self.at),
            self.confirmed.map_or_else(String::new, |confirmed| if confirmed { "yes" } else { "no" }.to_owned()),
            forwardings.join(", "),
        ]
    }
}

impl Columns for Past {
    const HEAD: &'static [&'static str] =
        &["started", "direction", "number", "name", "outcome", "ring s", "talk s", "account", "extension"];
    fn cells(&self) -> Vec<String> {
        vec![
            clock(&self.started_at),
            word(&self.direction),
            text(&self.number),
            text(&self.name),
            word(&self.outcome),
            self.ring_s.map_or_else(String::new, |s| s.to_string()),
            self.talk_s.map_or_else(String::new, |s| s.to_string()),
            self.account.clone(),
            text(&self.extension),
        ]
    }
}

impl Columns for Contact {
    const HEAD: &'static [&'static str] = &["number", "name", "company", "source", "rule", "others"];
    fn cells(&self) -> Vec<String> {
        let others: Vec<String> =
            self.others.iter().map(|it| it.name.clone().or_else(|| it.company.clone()).unwrap_or_default()).collect();
        vec![
            text(&self.number),
            text(&self.name),
            text(&self.company),
            text(&self.source),
            text(&self.rule),
            others.join(", "),
        ]
    }
}

impl Columns for Watched {
    const HEAD: &'static [&'static str] = &["event"];
    fn cells(&self) -> Vec<String> {
        let (event, cells) = match self {
            Self::Line(row) => ("line", row.cells()),
            Self::Call(row) => ("call", row.cells()),
            Self::Scenario(row) => ("scenario", row.cells()),
            Self::Agent(row) => ("agent", row.cells()),
            Self::NumberJob(row) => ("number job", row.cells()),
            Self::Link(row) => ("link", row.cells()),
        };
        std::iter::once(event.to_owned()).chain(cells).collect()
    }
}

#[cfg(test)]
#[path = "rows_tests.rs"]
mod tests;
