//! Waiting until a core of one's own has connected, and saying plainly when it has not.

use std::time::Duration;

use ringside_api::ApiError;
use ringside_api::view::{AccountView, Snapshot};
use ringside_domain::{Capability, LinkPhase, Problem};
use tokio::time::{Instant, timeout_at};

use super::core::Core;

/// Signing in takes a second or two; a service that needs longer is told as unreachable.
const PATIENCE: Duration = Duration::from_secs(12);
/// Once online, states follow at once where there are any.
const STATES: Duration = Duration::from_secs(3);

/// The accounts a command is about: all, or the one that was named.
#[derive(Clone, Copy, Debug)]
pub struct Accounts<'a> {
    pub named: Option<&'a str>,
    pub capability: Option<Capability>,
}

impl Accounts<'_> {
    fn holds(&self, account: &AccountView) -> bool {
        self.named.is_none_or(|id| id == account.id)
            && self.capability.is_none_or(|capability| account.capabilities.contains(&capability))
    }

    fn of<'s>(&self, snapshot: &'s Snapshot) -> impl Iterator<Item = &'s AccountView> {
        snapshot.accounts.iter().filter(|account| self.holds(account))
    }

    /// # Errors
    /// When there is no account at all, none of that name, or none that can do it.
    fn exist_in(&self, snapshot: &Snapshot) -> Result<(), ApiError> {
        if snapshot.accounts.is_empty() {
            let hint = "Connect one: `ringside accounts add`.";
            return Err(Problem::new("no_account", "no account is connected", hint).into());
        }
        if let Some(id) = self.named
            && !snapshot.accounts.iter().any(|account| account.id == id)
        {
            let hint = "`ringside accounts` lists them.";
            return Err(Problem::new("no_such_account", format!("there is no account `{id}`"), hint).into());
        }
        if self.of(snapshot).next().is_none() {
            let hint = "`ringside accounts` lists what each can do.";
            return Err(Problem::new("unsupported", "no account can do that", hint).into());
        }
        Ok(())
    }

    /// The one account meant: the one that was named, or the only one that can do it.
    ///
    /// # Errors
    /// When several can.
    pub fn the_one(&self, snapshot: &Snapshot) -> Result<String, ApiError> {
        let mut able = self.of(snapshot).map(|account| account.id.clone());
        match (able.next(), able.next()) {
            (Some(only), None) => Ok(only),
            (first, _) => {
                let ids: Vec<String> =
                    first.into_iter().chain(self.of(snapshot).skip(1).map(|it| it.id.clone())).collect();
                let message = format!("{} can do that", ids.join(" and "));
                Err(Problem::new("several_accounts", message, "Name one: `--account`.").into())
            }
        }
    }

    /// Why what is shown may be old.
    pub fn trouble(&self, snapshot: &Snapshot) -> Option<ApiError> {
        let down = self.of(snapshot).find(|account| !is_up(account))?;
        Some(down.link.reason.clone().unwrap_or_else(|| {
            let message = format!("`{}` is not connected yet", down.id);
            Problem::new("connecting", message, "Try again in a moment.").into()
        }))
    }
}

fn is_up(account: &AccountView) -> bool {
    matches!(account.link.phase, LinkPhase::Online | LinkPhase::Degraded)
}

/// The state once every account that matters has connected or has failed to.
///
/// # Errors
/// When the accounts asked for do not exist, or the app went away.
pub async fn settled(core: &mut Core, accounts: Accounts<'_>, states: bool) -> Result<Snapshot, ApiError> {
    let until = Instant::now() + PATIENCE;
    let mut events = core.subscribe().await?;
    let mut snapshot = core.snapshot().await?;
    accounts.exist_in(&snapshot)?;
    if !core.is_own() {
        return Ok(snapshot);
    }
    let mut states_until = None;
    loop {
        let connecting = accounts.of(&snapshot).any(|account| account.link.phase == LinkPhase::Connecting);
        let waits_for_states = !connecting && states && accounts.of(&snapshot).any(|it| lacks_states(it, &snapshot));
        if !connecting && !waits_for_states {
            return Ok(snapshot);
        }
        let deadline =
            if connecting { until } else { *states_until.get_or_insert_with(|| until.min(Instant::now() + STATES)) };
        match timeout_at(deadline, events.next()).await {
            Ok(Some(_)) => snapshot = core.snapshot().await?,
            // Whatever is not there by now is shown as old.
            Ok(None) | Err(_) => return Ok(snapshot),
        }
    }
}

fn lacks_states(account: &AccountView, snapshot: &Snapshot) -> bool {
    is_up(account)
        && account.capabilities.contains(&Capability::LineStates)
        && !snapshot.lines.iter().any(|line| line.account == account.id && line.stale_since.is_none())
}
