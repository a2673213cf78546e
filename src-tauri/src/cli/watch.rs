//! `watch`: events until interrupted.

use std::process::ExitCode;

use ringside_api::{ApiError, ApiEvent};

use super::core::{Core, went_away};
use super::options::Only;
use super::out::Out;
use super::rows::{Account, Agent, Call, Job, Line, Scenario, Watched};

pub async fn run(core: &mut Core, only: &Only, out: &Out) -> Result<ExitCode, ApiError> {
    let mut events = core.subscribe().await?;
    // Where the accounts stand now; whatever changes follows.
    for account in core.snapshot().await?.accounts {
        if only.of_account(&account.id) {
            out.row(&Watched::Link(Account::of(&account, &out.zone)));
        }
    }
    loop {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => return Ok(ExitCode::SUCCESS),
            batch = events.next() => {
                let batch = batch.ok_or_else(went_away)?;
                for envelope in batch {
                    rows(envelope.event, only, out).iter().for_each(|row| out.row(row));
                }
            }
        }
    }
}

fn rows(event: ApiEvent, only: &Only, out: &Out) -> Vec<Watched> {
    let zone = &out.zone;
    match event {
        ApiEvent::Lines { lines } => {
            let lines = lines.iter().filter(|line| only.holds(&line.account, &line.extension));
            lines.map(|line| Watched::Line(Line::of(line, zone))).collect()
        }
        ApiEvent::Leg { leg } if only.holds(&leg.account, &leg.extension) => vec![Watched::Call(Call::of(&leg, zone))],
        ApiEvent::Scenario { scenario } if only.extension.is_none() && only.of_account(&scenario.account) => {
            vec![Watched::Scenario(Scenario::of(&scenario, zone))]
        }
        ApiEvent::Account { account } if only.of_account(&account.id) => {
            vec![Watched::Link(Account::of(&account, zone))]
        }
        ApiEvent::Agent { agent } if only.holds(&agent.account, &agent.extension) => {
            vec![Watched::Agent(Agent::of(&agent, zone))]
        }
        ApiEvent::NumberJob { job } if only.extension.is_none() && only.of_account(&job.account) => {
            vec![Watched::NumberJob(Job::of(&job, zone))]
        }
        ApiEvent::Leg { .. }
        | ApiEvent::Scenario { .. }
        | ApiEvent::Account { .. }
        | ApiEvent::LinesGone { .. }
        | ApiEvent::LegGone { .. }
        | ApiEvent::AccountGone { .. }
        | ApiEvent::ScenarioGone { .. }
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
        | ApiEvent::Resync {} => Vec::new(),
    }
}

impl Only {
    fn of_account(&self, account: &str) -> bool {
        self.account.as_deref().is_none_or(|id| id == account)
    }
}
