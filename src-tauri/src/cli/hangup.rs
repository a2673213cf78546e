//! `hangup`: ends a call, where the service can.

use std::process::ExitCode;

use ringside_api::view::Snapshot;
use ringside_api::{ApiError, Reply, Request};
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
    let Some(leg) = leg else { return unseen(core, &options.call, accounts, &snapshot, out).await };
    core.call(Request::HangUp { leg: Some(leg.id.clone()) }).await?;
    let now = core.snapshot().await?;
    let leg = now.legs.iter().find(|it| it.id == leg.id).unwrap_or(leg);
    out.row(&Call::of(leg, &out.zone))?;
    Ok(ExitCode::SUCCESS)
}

/// A service that only streams its calls tells nothing of those that began before: one that was dialled from here is
/// known all the same.
async fn unseen(
    core: &mut Core,
    call: &str,
    accounts: Accounts<'_>,
    snapshot: &Snapshot,
    out: &Out,
) -> Result<ExitCode, ApiError> {
    let dialled = match core.call(Request::HangUp { leg: Some(call.to_owned()) }).await {
        Ok(Reply::Dial { dial }) => Some(dial),
        Ok(_) => core.snapshot().await?.dials.into_iter().rev().find(|dial| dial.call.as_deref() == Some(call)),
        Err(error) if error.code == "no_call" => {
            // It may be with an account that is not there.
            let trouble = accounts.troubles(snapshot).into_iter().next();
            let hint = "`ringside calls` lists the current calls.";
            return Err(trouble.unwrap_or_else(|| Problem::new("no_call", "there is no such call", hint).into()));
        }
        Err(error) => return Err(error),
    };
    if let Some(dial) = dialled {
        out.row(&Call::of_dial(&dial, &out.zone))?;
    }
    Ok(ExitCode::SUCCESS)
}
