//! `lines`: what every line is doing.

use std::process::ExitCode;

use ringside_api::ApiError;
use ringside_domain::Capability;

use super::core::Core;
use super::options::Lines;
use super::out::Out;
use super::rows;
use super::settle::{Accounts, ended, settled};

pub async fn run(core: &mut Core, options: &Lines, out: &Out) -> Result<ExitCode, ApiError> {
    let only = &options.only;
    let accounts = Accounts { named: only.account.as_deref(), capability: Some(Capability::LineStates) };
    let snapshot = settled(core, accounts, true).await?;
    let lines = snapshot.lines.iter().filter(|line| only.holds(&line.account, &line.extension));
    let wanted = options.line.as_deref();
    let lines =
        lines.filter(|line| wanted.is_none_or(|state| serde_json::to_value(line.line).is_ok_and(|it| it == state)));
    out.rows(&lines.map(|line| rows::Line::of(line, &out.zone)).collect::<Vec<_>>())?;
    Ok(ended(out, &accounts.troubles(&snapshot)))
}
