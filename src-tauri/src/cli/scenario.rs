//! `scenarios` and `scenario activate|deactivate`: forwarding, read back before it is called done.

use std::process::ExitCode;

use ringside_api::view::{ScenarioResult, ScenarioView, Snapshot};
use ringside_api::{ApiError, ApiEvent, Reply, Request};
use ringside_domain::{Capability, Problem};

use super::core::{Core, Events, unexpected};
use super::options::{Only, Scenario, ScenarioAction};
use super::out::Out;
use super::rows;
use super::settle::{Accounts, down, ended, named, settled};

pub async fn list(core: &mut Core, only: &Only, out: &Out) -> Result<ExitCode, ApiError> {
    let accounts = Accounts { named: only.account.as_deref(), capability: Some(Capability::Scenarios) };
    let snapshot = settled(core, accounts, false).await?;
    let (scenarios, troubles) = read(core, accounts, &snapshot).await;
    out.rows(&scenarios.iter().map(|it| rows::Scenario::of(it, &out.zone)).collect::<Vec<_>>())?;
    Ok(ended(out, &troubles))
}

pub async fn run(core: &mut Core, options: &Scenario, out: &Out) -> Result<ExitCode, ApiError> {
    let (which, active) = match &options.action {
        ScenarioAction::Activate(which) => (which, true),
        ScenarioAction::Deactivate(which) => (which, false),
    };
    let accounts = Accounts { named: which.account.as_deref(), capability: Some(Capability::Scenarios) };
    let snapshot = settled(core, accounts, false).await?;
    let (known, troubles) = read(core, accounts, &snapshot).await;
    let account = match (account_of(&known, &which.id), troubles.into_iter().next()) {
        // It may be one of those that could not be read.
        (Err(error), Some(trouble)) if error.code == "not_found" => return Err(trouble),
        (account, _) => account?,
    };
    let mut events = core.subscribe().await?;
    let request = Request::SetScenario { account, id: which.id.clone(), active, ends_at: None };
    let Reply::Scenario { scenario } = core.call(request).await? else { return Err(unexpected()) };
    let scenario = read_back(scenario, &mut events, out).await?;
    out.row(&rows::Scenario::of(&scenario, &out.zone))?;
    verdict(&scenario)
}

/// Each account's scenarios as they are now; where they cannot be read, as they were last known, and why.
async fn read(core: &mut Core, accounts: Accounts<'_>, snapshot: &Snapshot) -> (Vec<ScenarioView>, Vec<ApiError>) {
    let (mut scenarios, mut troubles) = (Vec::new(), Vec::new());
    for account in accounts.of(snapshot) {
        match core.call(Request::RefreshScenarios { account: Some(account.id.clone()) }).await {
            Ok(Reply::Scenarios { scenarios: fresh }) => scenarios.extend(fresh),
            other => {
                let unread = other.map_or_else(|error| error, |_| unexpected());
                // A connection that is not there says more than a request that it did not take.
                troubles.push(named(&account.id, down(account).unwrap_or(unread)));
                scenarios.extend(snapshot.scenarios.iter().filter(|it| it.account == account.id).cloned());
            }
        }
    }
    (scenarios, troubles)
}

/// The account that has the scenario; two that have one of that name are not guessed between.
fn account_of(known: &[ScenarioView], id: &str) -> Result<String, ApiError> {
    let mut accounts: Vec<&str> = known.iter().filter(|it| it.id == id).map(|it| it.account.as_str()).collect();
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
            out.progress("Requested; waiting for confirmation …");
        }
        for envelope in events.next().await? {
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
        ScenarioResult::AcceptedNotConfirmed => ("unconfirmed", "the service accepted it, but does not show it yet"),
        ScenarioResult::Conflict => ("scenario_conflict", "someone else changed this forwarding scenario"),
        ScenarioResult::Failed => ("refused", "the service did not switch the scenario"),
    };
    let unsaid = || Problem::new(code, message, "Check it again: `ringside scenarios`.").into();
    Err(asked.problem.clone().unwrap_or_else(unsaid))
}
