//! Waiting until a core of one's own has connected, and saying plainly when it has not.

use std::process::ExitCode;
use std::time::Duration;

use ringside_api::ApiError;
use ringside_api::view::{AccountView, Snapshot};
use ringside_domain::{Capability, LinkPhase, Problem};
use tokio::time::{Instant, timeout_at};

use super::core::Core;
use super::exit;
use super::out::Out;

/// Signing in takes a second or two; a service that needs longer is told as unreachable.
pub const PATIENCE: Duration = Duration::from_secs(12);
/// Once online, states follow at once where there are any.
const STATES: Duration = Duration::from_secs(3);

/// The part of a link without which there is no other.
const SERVICE: &str = "service";

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

    pub fn of<'s>(&self, snapshot: &'s Snapshot) -> impl Iterator<Item = &'s AccountView> {
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

    /// Why what is shown of the accounts may be old, each named.
    pub fn troubles(&self, snapshot: &Snapshot) -> Vec<ApiError> {
        let troubles = self.of(snapshot).filter_map(|it| Some(named(&it.id, self.trouble_of(it)?)));
        troubles.collect()
    }

    /// Not connected, or refused the very thing that the command is about.
    fn trouble_of(&self, account: &AccountView) -> Option<ApiError> {
        down(account).or_else(|| limit(account, part(self.capability?)))
    }
}

/// Why the account is not connected, if it is not.
pub fn down(account: &AccountView) -> Option<ApiError> {
    if is_up(account) {
        return None;
    }
    Some(account.link.reason.clone().unwrap_or_else(|| {
        let message = format!("`{}` is not connected yet", account.id);
        Problem::new("connecting", message, "Try again in a moment.").into()
    }))
}

/// Why a part of a connected account does not work, if it does not.
pub fn limit(account: &AccountView, part: &str) -> Option<ApiError> {
    let mut limits = account.link.limits.iter();
    limits.find(|limit| limit.part == part || limit.part == SERVICE).map(|limit| limit.problem.clone())
}

/// Why nothing works that the account's link is made of, if nothing does.
pub fn nothing_works(account: &AccountView) -> Option<ApiError> {
    let limited = !account.link.limits.is_empty()
        && account.capabilities.iter().map(|it| part(*it)).all(|it| it == SERVICE || limit(account, it).is_some());
    let reason = account.link.reason.clone().or_else(|| account.link.limits.first().map(|it| it.problem.clone()));
    reason.filter(|_| limited)
}

/// The part of a link that a capability hangs on.
fn part(capability: Capability) -> &'static str {
    match capability {
        Capability::Extensions => "extensions",
        Capability::LineStates => "line_states",
        Capability::LiveCalls => "live_calls",
        Capability::Scenarios => "scenarios",
        // Asked for when it is wanted.
        Capability::Dial
        | Capability::DialProgress
        | Capability::HangUpOwn
        | Capability::HangUpAny
        | Capability::Journal
        | Capability::AgentState
        | Capability::Numbers
        | Capability::NumberOrders => SERVICE,
    }
}

/// Whose trouble it is: with several accounts that is half of what there is to know.
pub fn named(account: &str, trouble: ApiError) -> ApiError {
    ApiError { message: format!("{account}: {}", trouble.message), ..trouble }
}

/// Tells every trouble; the highest of their exit codes is the command's.
pub fn ended(out: &Out, troubles: &[ApiError]) -> ExitCode {
    troubles.iter().for_each(|trouble| out.error(trouble));
    ExitCode::from(troubles.iter().map(|trouble| exit::of(&trouble.code)).max().unwrap_or(exit::DONE))
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
            Ok(news) => {
                news?;
                snapshot = core.snapshot().await?;
            }
            // Whatever is not there by now is shown as old.
            Err(_) => return Ok(snapshot),
        }
    }
}

fn lacks_states(account: &AccountView, snapshot: &Snapshot) -> bool {
    is_up(account)
        && account.capabilities.contains(&Capability::LineStates)
        && !snapshot.lines.iter().any(|line| line.account == account.id && line.stale_since.is_none())
}
