//! `agent states|show|set`: who takes calls, read from the service and never guessed.

use std::process::ExitCode;

use ringside_api::{ApiError, Reply, Request};
use ringside_domain::Capability;

use super::core::{Core, unexpected};
use super::options::{Agent, AgentAction, AgentAt};
use super::out::Out;
use super::rows;
use super::settle::{Accounts, ended, settled};

pub async fn run(core: &mut Core, options: &Agent, out: &Out) -> Result<ExitCode, ApiError> {
    match &options.action {
        AgentAction::States { account } => {
            let (account, trouble) = the_one(core, account.as_deref()).await?;
            let request = Request::AgentStates { account: account.clone() };
            let Reply::AgentStates { states } = core.call(request).await? else { return Err(unexpected()) };
            out.rows(&states.iter().map(|state| rows::AgentState::of(&account, state)).collect::<Vec<_>>())?;
            // The states may be known without asking; whether they can be had now is the service's to say.
            Ok(ended(out, trouble.as_slice()))
        }
        AgentAction::Show(at) => {
            let line = line(core, at).await?;
            tell(core, Request::Agent { line }, out).await
        }
        AgentAction::Set { at, state } => {
            let line = line(core, at).await?;
            tell(core, Request::SetAgent { line, state: state.clone() }, out).await
        }
    }
}

async fn tell(core: &mut Core, request: Request, out: &Out) -> Result<ExitCode, ApiError> {
    let Reply::Agent { agent } = core.call(request).await? else { return Err(unexpected()) };
    out.rows(&[rows::Agent::of(&agent, &out.zone)])?;
    Ok(ExitCode::SUCCESS)
}

/// The line with its account, once that is connected.
async fn line(core: &mut Core, at: &AgentAt) -> Result<String, ApiError> {
    if let Some((account, _)) = at.line.split_once('/') {
        the_one(core, Some(account)).await?;
        return Ok(at.line.clone());
    }
    let (account, _) = the_one(core, at.account.as_deref()).await?;
    Ok(format!("{account}/{}", at.line))
}

/// The account that is meant, and why it cannot be asked, if it cannot.
async fn the_one(core: &mut Core, named: Option<&str>) -> Result<(String, Option<ApiError>), ApiError> {
    let accounts = Accounts { named, capability: Some(Capability::AgentState) };
    let snapshot = settled(core, accounts, false).await?;
    let account = accounts.the_one(&snapshot)?;
    let trouble = Accounts { named: Some(&account), ..accounts }.troubles(&snapshot).into_iter().next();
    Ok((account, trouble))
}
