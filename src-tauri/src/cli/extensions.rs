//! `extensions`: every extension of every account.

use std::process::ExitCode;

use ringside_api::ApiError;
use ringside_domain::Capability;

use super::core::Core;
use super::options::Only;
use super::out::Out;
use super::rows;
use super::settle::{Accounts, settled};

pub async fn run(core: &mut Core, only: &Only, out: &Out) -> Result<ExitCode, ApiError> {
    let accounts = Accounts { named: only.account.as_deref(), capability: Some(Capability::Extensions) };
    let snapshot = settled(core, accounts, true).await?;
    let lines = snapshot.lines.iter().filter(|line| only.holds(&line.account, &line.extension));
    out.rows(&lines.map(rows::Extension::of).collect::<Vec<_>>());
    accounts.trouble(&snapshot).map_or(Ok(ExitCode::SUCCESS), Err)
}

impl Only {
    pub fn holds(&self, account: &str, extension: &str) -> bool {
        self.account.as_deref().is_none_or(|id| id == account)
            && self.extension.as_deref().is_none_or(|it| it == extension)
    }
}
