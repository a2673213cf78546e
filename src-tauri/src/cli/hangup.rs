//! `hangup`: ends a call, where the service can.

use std::process::ExitCode;

use ringside_api::{ApiError, Request};
use ringside_domain::{Capability, Problem};

use super::core::Core;
use super::options::Hangup;
use super::out::Out;
use super::rows::Call;
use super::settle::{Accounts, settled};

pub async fn run(core: &mut Core, options: &Hangup, out: &Out) -> Result<ExitCode, ApiError> {
    let accounts = Accounts { named: None, capability: Some(Capability::LiveCalls) };
    let snapshot = settled(core, accounts, false).await?;
    let named = |leg: &&ringside_api::view::LegView| leg.call == options.call || leg.id == options.call;
    // My own leg is the one that can be ended.
    let leg = snapshot.legs.iter().filter(named).max_by_key(|leg| (leg.no_hang_up.is_none(), leg.mine));
    let Some(leg) = leg else {
        let hint = "`ringside calls` lists the calls that are going on.";
        return Err(Problem::new("no_call", "there is no such call", hint).into());
    };
    core.call(Request::HangUp { leg: Some(leg.id.clone()) }).await?;
    let now = core.snapshot().await?;
    let leg = now.legs.iter().find(|it| it.id == leg.id).unwrap_or(leg);
    out.row(&Call::of(leg, &out.zone));
    Ok(ExitCode::SUCCESS)
}
