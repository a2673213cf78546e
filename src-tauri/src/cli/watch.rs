//! `watch`: how everything stands, then events until interrupted.

use std::collections::HashMap;
use std::process::ExitCode;

use ringside_api::view::Snapshot;
use ringside_api::{ApiError, ApiEvent, Envelope};

use super::core::Core;
use super::options::Only;
use super::out::Out;
use super::rows::{Account, Agent, Call, Job, Line, Scenario, Watched};

pub async fn run(core: &mut Core, only: &Only, out: &Out) -> Result<ExitCode, ApiError> {
    let mut watch = Watch { only, out, told: HashMap::new(), board_as_of: 0, all_as_of: 0, last: None };
    let mut events = core.subscribe().await?;
    watch.begin(core).await?;
    loop {
        for envelope in events.next().await? {
            watch.take(core, envelope).await?;
        }
    }
}

/// What is known to whoever reads.
struct Watch<'a> {
    only: &'a Only,
    out: &'a Out,
    /// The newest row of each thing, so that what did not change is not told again.
    told: HashMap<Key, Watched>,
    /// Links and lines were told as they were then: older events of them are no news.
    board_as_of: u64,
    /// The same of calls and scenarios.
    all_as_of: u64,
    /// The place of the last event in the order.
    last: Option<u64>,
}

/// What a row is about.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Link(String),
    Line(String),
    Call(String),
    Scenario(String, String),
    Agent(String, String),
    NumberJob(i64),
}

impl Watch<'_> {
    /// Subscribed before, so that nothing falls between the state and what follows it.
    async fn begin(&mut self, core: &mut Core) -> Result<(), ApiError> {
        let snapshot = core.snapshot().await?;
        self.board_as_of = snapshot.seq;
        self.board(snapshot)
    }

    async fn take(&mut self, core: &mut Core, envelope: Envelope) -> Result<(), ApiError> {
        let Envelope { seq, event } = envelope;
        let lost = self.last.replace(seq).is_some_and(|last| seq > last + 1);
        if matches!(event, ApiEvent::Resync {}) {
            return self.anew(core, lost).await;
        }
        if seq <= self.all_as_of {
            return Ok(());
        }
        self.event(event, seq <= self.board_as_of)
    }

    /// Many things changed at once, or were `lost` because they were not read in time.
    async fn anew(&mut self, core: &mut Core, lost: bool) -> Result<(), ApiError> {
        let mut snapshot = core.snapshot().await?;
        self.board_as_of = snapshot.seq;
        if lost {
            self.all_as_of = snapshot.seq;
            std::mem::take(&mut snapshot.legs)
                .into_iter()
                .try_for_each(|leg| self.event(ApiEvent::Leg { leg }, false))?;
            let scenarios = std::mem::take(&mut snapshot.scenarios).into_iter();
            scenarios.map(|scenario| ApiEvent::Scenario { scenario }).try_for_each(|event| self.event(event, false))?;
        }
        self.board(snapshot)
    }

    /// Links first, then lines, whatever of them is new.
    fn board(&mut self, snapshot: Snapshot) -> Result<(), ApiError> {
        let accounts = snapshot.accounts.into_iter().map(|account| ApiEvent::Account { account });
        let lines = std::iter::once(ApiEvent::Lines { lines: snapshot.lines });
        accounts.chain(lines).try_for_each(|event| self.event(event, false))
    }

    /// `board_is_old`: of links and lines it says nothing new.
    fn event(&mut self, event: ApiEvent, board_is_old: bool) -> Result<(), ApiError> {
        let (only, zone) = (self.only, &self.out.zone);
        match event {
            ApiEvent::Lines { .. } | ApiEvent::Account { .. } if board_is_old => Ok(()),
            ApiEvent::Lines { lines } => {
                let lines = lines.into_iter().filter(|line| only.holds(&line.account, &line.extension));
                let rows: Vec<_> = lines.map(|line| (Line::of(&line, zone), line.id)).collect();
                rows.into_iter().try_for_each(|(row, id)| self.row(Key::Line(id), Watched::Line(row)))
            }
            ApiEvent::Leg { leg } if only.holds(&leg.account, &leg.extension) => {
                let row = Watched::Call(Call::of(&leg, zone));
                self.row(Key::Call(leg.id), row)
            }
            ApiEvent::Scenario { scenario } if only.extension.is_none() && only.of_account(&scenario.account) => {
                let row = Watched::Scenario(Scenario::of(&scenario, zone));
                self.row(Key::Scenario(scenario.account, scenario.id), row)
            }
            ApiEvent::Account { account } if only.of_account(&account.id) => {
                let row = Watched::Link(Account::of(&account, zone));
                self.row(Key::Link(account.id), row)
            }
            ApiEvent::Agent { agent } if only.holds(&agent.account, &agent.extension) => {
                let row = Watched::Agent(Agent::of(&agent, zone));
                self.row(Key::Agent(agent.account, agent.extension), row)
            }
            ApiEvent::NumberJob { job } if only.extension.is_none() && only.of_account(&job.account) => {
                let row = Watched::NumberJob(Job::of(&job, zone));
                self.row(Key::NumberJob(job.id), row)
            }
            // What comes back is news again.
            ApiEvent::LinesGone { ids } => self.forget(ids.into_iter().map(Key::Line)),
            ApiEvent::LegGone { id } => self.forget([Key::Call(id)]),
            ApiEvent::AccountGone { id } => self.forget([Key::Link(id)]),
            ApiEvent::ScenarioGone { account, id } => self.forget([Key::Scenario(account, id)]),
            ApiEvent::Leg { .. }
            | ApiEvent::Scenario { .. }
            | ApiEvent::Account { .. }
            | ApiEvent::History { .. }
            | ApiEvent::HistoryReset {}
            | ApiEvent::Agent { .. }
            | ApiEvent::NumberJob { .. }
            | ApiEvent::Receiver { .. }
            | ApiEvent::Dial { .. }
            | ApiEvent::Card { .. }
            | ApiEvent::CardGone { .. }
            | ApiEvent::Finding { .. }
            | ApiEvent::TestExtensions { .. }
            | ApiEvent::Notice { .. }
            | ApiEvent::NoticeGone { .. }
            | ApiEvent::Settings { .. }
            | ApiEvent::Show { .. }
            | ApiEvent::Resync {} => Ok(()),
        }
    }

    fn row(&mut self, key: Key, row: Watched) -> Result<(), ApiError> {
        if self.told.get(&key) == Some(&row) {
            return Ok(());
        }
        self.out.row(&row)?;
        self.told.insert(key, row);
        Ok(())
    }

    fn forget(&mut self, keys: impl IntoIterator<Item = Key>) -> Result<(), ApiError> {
        keys.into_iter().for_each(|key| drop(self.told.remove(&key)));
        Ok(())
    }
}

impl Only {
    fn of_account(&self, account: &str) -> bool {
        self.account.as_deref().is_none_or(|id| id == account)
    }
}
