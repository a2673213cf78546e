//! `scenarios` and `scenario activate|deactivate`: forwarding, read back before it is called done.

use std::process::ExitCode;

use ringside_api::view::{ScenarioResult, ScenarioView, Snapshot};
use ringside_api::{ApiError, ApiEvent, Reply, Request};
use ringside_domain::{Capability, Problem};

use super::core::{Core, Events, unexpected, went_away};
use super::options::{Only, Scenario, ScenarioAction};
use super::out::Out;
use super::rows;
use super::settle::{Accounts, settled};

pub async fn list(core: &mut Core, only: &Only, out: &Out) -> Result<ExitCode, ApiError> {
    let accounts = Accounts { named: only.account.as_deref(), capability: Some(Capability::Scenarios) };
    let snapshot = settled(core, accounts, false).await?;
    let fresh = read(core, only.account.clone()).await;
    let scenarios = fresh.as_ref().unwrap_or(&snapshot.scenarios).iter();
    let scenarios = scenarios.filter(|it| only.account.as_deref().is_none_or(|id| id == it.account));
    out.rows(&scenarios.map(|it| rows::Scenario::of(it, &out.zone)).collect::<Vec<_>>());
    fresh.map(|_| ExitCode::SUCCESS)
}

pub async fn run(core: &mut Core, options: &Scenario, out: &Out) -> Result<ExitCode, ApiError> {
    let (which, active) = match &options.action {
        ScenarioAction::Activate(which) => (which, true),
        ScenarioAction::Deactivate(which) => (which, false),
    };
    let accounts = Accounts { named: which.account.as_deref(), capability: Some(Capability::Scenarios) };
    let snapshot = settled(core, accounts, false).await?;
    let known = read(core, which.account.clone()).await?;
    let account = account_of(&known, &snapshot, &which.id, which.account.as_deref())?;
    let mut events = core.subscribe().await?;
    let request = Request::SetScenario { account, id: which.id.clone(), active, ends_at: None };
    let Reply::Scenario { scenario } = core.call(request).await? else { return Err(unexpected()) };
    let scenario = read_back(scenario, &mut events, out).await?;
    out.row(&rows::Scenario::of(&scenario, &out.zone));
    verdict(&scenario)
}

async fn read(core: &mut Core, account: Option<String>) -> Result<Vec<ScenarioView>, ApiError> {
    match core.call(Request::RefreshScenarios { account }).await? {
        Reply::Scenarios { scenarios } => Ok(scenarios),
        _ => Err(unexpected()),
    }
}

/// The account that has the scenario; two that have one of that name are not guessed between.
fn account_of(known: &[ScenarioView], snapshot: &Snapshot, id: &str, named: Option<&str>) -> Result<String, ApiError> {
    let all = known.iter().chain(&snapshot.scenarios);
    let mut accounts: Vec<&str> = all.filter(|it| it.id == id).map(|it| it.account.as_str()).collect();
    accounts.retain(|account| named.is_none_or(|named| named == *account));
    accounts.sort_unstable();
    accounts.dedup();
    match accounts.as_slice() {
        [only] => Ok((*only).to_owned()),
        [] => {
            let hint = "`ringside scenarios` lists them.";
            Err(Problem::new("not_found", format!("there is no scenario `{id}`"), hint).into())
        }
        several => {
            let message = format!("{} have a scenario `{id}`", several.join(" and "));
            Err(Problem::new("bad_request", message, "Name one: `--account`.").into())
        }
    }
}

/// What was asked for is done when the service says so, not when it was sent.
async fn read_back(mut scenario: ScenarioView, events: &mut Events, out: &Out) -> Result<ScenarioView, ApiError> {
    let mut told = false;
    loop {
        let result = scenario.asked.as_ref().map(|asked| asked.result);
        if !matches!(result, Some(ScenarioResult::Requested | ScenarioResult::Checking)) {
            return Ok(scenario);
        }
        if !std::mem::replace(&mut told, true) {
            out.progress("Requested; reading it back …");
        }
        for envelope in events.next().await.ok_or_else(went_away)? {
            if let ApiEvent::Scenario { scenario: newer } = envelope.event
                && (&newer.account, &newer.id) == (&scenario.account, &scenario.id)
            {
                scenario = newer;
            }
        }
    }
}

fn verdict(scenario: &ScenarioView) -> Result<ExitCode, ApiError> {
    let Some(asked) = &scenario.asked else { return Ok(ExitCode::SUCCESS) };
    let (code, message) = match asked.result {
        ScenarioResult::Confirmed | ScenarioResult::Requested | ScenarioResult::Checking => {
            return Ok(ExitCode::SUCCESS);
        }
        ScenarioResult::AcceptedNotConfirmed => {
            ("unconfirmed", "the service took it, but reading back does not show it")
        }
        ScenarioResult::Conflict => ("scenario_conflict", "somebody else changed the scenario meanwhile"),
        ScenarioResult::Failed => ("refused", "the service did not switch the scenario"),
    };
    let unsaid = || Problem::new(code, message, "Read it again: `ringside scenarios`.").into();
    Err(asked.problem.clone().unwrap_or_else(unsaid))
}
