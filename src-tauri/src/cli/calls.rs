//! `calls`: what is going on now.

use std::process::ExitCode;

use ringside_api::ApiError;
use ringside_domain::Capability;

use super::core::Core;
use super::options::Only;
use super::out::Out;
use super::rows;
use super::settle::{Accounts, ended, settled};

pub async fn run(core: &mut Core, only: &Only, out: &Out) -> Result<ExitCode, ApiError> {
    let accounts = Accounts { named: only.account.as_deref(), capability: Some(Capability::LiveCalls) };
    let snapshot = settled(core, accounts, false).await?;
    if core.is_own() {
        out.progress("A service that only streams its calls tells of those that begin from now on: `ringside watch`.");
    }
    let legs = snapshot.legs.iter().filter(|leg| only.holds(&leg.account, &leg.extension));
    out.rows(&legs.map(|leg| rows::Call::of(leg, &out.zone)).collect::<Vec<_>>())?;
    Ok(ended(out, &accounts.troubles(&snapshot)))
}
