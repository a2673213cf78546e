//! `extensions`: every extension of every account.

use std::process::ExitCode;

use ringside_api::{ApiError, Reply, Request};
use ringside_domain::Capability;

use super::core::{Core, unexpected};
use super::options::Only;
use super::out::Out;
use super::rows;
use super::settle::{Accounts, ended, settled};

pub async fn run(core: &mut Core, only: &Only, out: &Out) -> Result<ExitCode, ApiError> {
    let accounts = Accounts { named: only.account.as_deref(), capability: Some(Capability::Extensions) };
    let snapshot = settled(core, accounts, true).await?;
    let Reply::Extensions { extensions } = core.call(Request::Extensions {}).await? else { return Err(unexpected()) };
    let extensions = extensions.iter().filter(|it| only.holds(&it.account, &it.extension));
    out.rows(&extensions.map(rows::Extension::of).collect::<Vec<_>>())?;
    Ok(ended(out, &accounts.troubles(&snapshot)))
}

impl Only {
    pub fn holds(&self, account: &str, extension: &str) -> bool {
        self.account.as_deref().is_none_or(|id| id == account)
            && self.extension.as_deref().is_none_or(|it| it == extension)
    }
}
