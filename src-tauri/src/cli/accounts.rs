//! `accounts`: what is connected, and connecting.

use std::io::{self, BufRead as _, IsTerminal as _};
use std::process::ExitCode;

use ringside_api::view::{AccountDraft, AccountView, Finding, Verdict};
use ringside_api::{ApiError, ApiEvent, Reply, Request};
use ringside_domain::{Capability, Problem};
use serde::Serialize;

use super::core::{Core, unexpected};
use super::options::{AccountAction, AccountTest, Accounts};
use super::out::{Columns, Out, by_hand};
use super::settle::{self, down, nothing_works, settled};
use super::{journals, options, rows};

pub async fn run(core: &mut Core, options: &Accounts, out: &Out) -> Result<ExitCode, ApiError> {
    match &options.action {
        None => list(core, out).await,
        Some(AccountAction::Add(draft)) => add(core, draft, out).await,
        Some(AccountAction::Test(test)) => try_out(core, test, out).await,
        Some(AccountAction::Remove { id }) => {
            core.call(Request::RemoveAccount { id: id.clone() }).await?;
            out.progress(&format!("{id} is removed"));
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn list(core: &mut Core, out: &Out) -> Result<ExitCode, ApiError> {
    if core.snapshot().await?.accounts.is_empty() {
        out.progress("No account is connected. Connect one: `ringside accounts add`.");
        return Ok(ExitCode::SUCCESS);
    }
    let everything = settle::Accounts { named: None, capability: None };
    let snapshot = settled(core, everything, false).await?;
    let accounts: Vec<_> = snapshot.accounts.iter().map(|account| row(account, out)).collect();
    out.rows(&accounts)?;
    Ok(ExitCode::SUCCESS)
}

fn row(account: &AccountView, out: &Out) -> rows::Account {
    let mut account = account.clone();
    account.link.reason = account.link.reason.as_ref().map(by_hand);
    rows::Account::of(&account, &out.zone)
}

async fn add(core: &mut Core, draft: &options::AccountDraft, out: &Out) -> Result<ExitCode, ApiError> {
    let draft = AccountDraft {
        id: draft.id.clone(),
        provider: draft.provider.clone(),
        base_url: draft.base_url.clone(),
        username: draft.username.clone(),
        secret: secret()?,
        options: draft.options.iter().cloned().collect(),
        region: draft.region.clone().unwrap_or_default(),
        mine: draft.mine.clone(),
        session_only: false,
    };
    let Reply::Account { account } = core.call(Request::AddAccount { draft }).await? else {
        return Err(unexpected());
    };
    let only = settle::Accounts { named: Some(&account.id), capability: None };
    let snapshot = settled(core, only, false).await?;
    let added = snapshot.accounts.iter().find(|it| it.id == account.id).unwrap_or(&account);
    out.row(&row(added, out))?;
    failed(core, added).await?.map_or(Ok(ExitCode::SUCCESS), Err)
}

/// Why an account has not passed: not connected, or nothing of what it is for could be read. What its link is not made
/// of counts where that is all that works.
async fn failed(core: &mut Core, account: &AccountView) -> Result<Option<ApiError>, ApiError> {
    if let Some(trouble) = down(account) {
        return Ok(Some(trouble));
    }
    let nothing = nothing_works(account);
    Ok(if nothing.is_some() && reads_beside(core, account).await? { None } else { nothing })
}

/// Whether its own numbers or its record of past calls can be read.
async fn reads_beside(core: &mut Core, account: &AccountView) -> Result<bool, ApiError> {
    let id = Some(account.id.clone());
    // Refused numbers leave the record to be tried.
    if account.capabilities.contains(&Capability::Numbers)
        && let Ok(Reply::Numbers { accounts }) = core.call(Request::Numbers { account: id }).await
        && accounts.iter().any(|it| it.problem.is_none())
    {
        return Ok(true);
    }
    if !account.capabilities.contains(&Capability::Journal) {
        return Ok(false);
    }
    // However little of it.
    let unread = journals::read(core, Some(&account.id), Some(i64::MAX)).await?;
    let now = core.snapshot().await?;
    let journal = now.accounts.iter().find(|it| it.id == account.id).and_then(|it| it.journal.as_ref());
    Ok(unread.is_empty() && journal.is_some_and(|journal| journal.read_until.is_some()))
}

/// A connected account is connected anew; one that is described is tried step by step and not kept.
async fn try_out(core: &mut Core, test: &AccountTest, out: &Out) -> Result<ExitCode, ApiError> {
    let Some(provider) = &test.provider else { return reconnect(core, &test.id, out).await };
    let draft = AccountDraft {
        id: test.id.clone(),
        provider: provider.clone(),
        base_url: test.base_url.clone(),
        username: test.username.clone(),
        secret: secret()?,
        options: test.options.iter().cloned().collect(),
        region: String::new(),
        mine: Vec::new(),
        session_only: true,
    };
    let name = uuid::Uuid::new_v4().to_string();
    let mut events = core.subscribe().await?;
    core.call(Request::TestAccount { test: name.clone(), draft }).await?;
    let mut failed = None;
    loop {
        for envelope in events.next().await? {
            let ApiEvent::Finding { test, finding } = envelope.event else { continue };
            if test != name {
                continue;
            }
            if finding.step == "done" {
                return failed.map_or(Ok(ExitCode::SUCCESS), Err);
            }
            out.row(&Step::of(&finding))?;
            if finding.verdict == Verdict::Fails {
                failed = failed.or(finding.problem);
            }
        }
    }
}

async fn reconnect(core: &mut Core, id: &str, out: &Out) -> Result<ExitCode, ApiError> {
    if !core.is_own() {
        core.call(Request::Reconnect { id: Some(id.to_owned()) }).await?;
    }
    let only = settle::Accounts { named: Some(id), capability: None };
    let snapshot = settled(core, only, false).await?;
    let Some(account) = only.of(&snapshot).next() else { return Err(unexpected()) };
    out.row(&row(account, out))?;
    failed(core, account).await?.map_or(Ok(ExitCode::SUCCESS), Err)
}

#[derive(Serialize)]
struct Step {
    step: String,
    verdict: Verdict,
    text: String,
    error: Option<ApiError>,
}

impl Step {
    fn of(finding: &Finding) -> Self {
        Self {
            step: finding.step.clone(),
            verdict: finding.verdict,
            text: finding.text.clone(),
            error: finding.problem.as_ref().map(by_hand),
        }
    }
}

impl Columns for Step {
    const HEAD: &'static [&'static str] = &["step", "verdict", ""];
    fn cells(&self) -> Vec<String> {
        let verdict = match self.verdict {
            Verdict::Works => "works",
            Verdict::Warning => "warning",
            Verdict::Fails => "fails",
            Verdict::NotTried => "not tried",
        };
        let text = self.error.as_ref().map_or(self.text.clone(), |error| format!("{} {}", error.message, error.hint));
        vec![format!("{:14}", self.step), format!("{verdict:9}"), text]
    }
}

/// The first line of stdin. Never an argument: those stand in every process list.
fn secret() -> Result<String, ApiError> {
    let stdin = io::stdin();
    if stdin.is_terminal() {
        eprintln!("Password or key (shown as you type; better: `… < file`):");
    }
    let mut line = String::new();
    let read = stdin.lock().read_line(&mut line);
    let secret = line.trim_end_matches(['\r', '\n']);
    if read.is_err() || secret.is_empty() {
        return Err(Problem::new("no_secret", "no password came on stdin", "Pass it there: `… < file`.").into());
    }
    Ok(secret.to_owned())
}
