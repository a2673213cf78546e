//! The services' own records of past calls: read before the history is printed, or said to be unread.

use std::time::Duration;

use ringside_api::ApiError;
use ringside_api::view::{AccountView, Snapshot};
use ringside_domain::{Capability, LinkPhase, Problem};
use tokio::time::{Instant, timeout_at};

use super::core::Core;
use super::rows;
use super::settle::{self, down, named};

/// A first reading of a year takes that long; what it lacks then is said.
const PATIENCE: Duration = Duration::from_secs(30);

/// How an account's record stands.
enum Standing {
    /// Read as far as it is asked for.
    Read,
    Connecting,
    Reading,
    Unread(ApiError),
}

/// Waits until the record of every account that has one was read, back to `since` where that is given. A running app
/// reads by itself and is not waited for. Gives what was not read, and why.
///
/// # Errors
/// When the app went away.
pub async fn read(core: &mut Core, account: Option<&str>, since: Option<i64>) -> Result<Vec<ApiError>, ApiError> {
    let begun = Instant::now();
    let mut events = core.subscribe().await?;
    let mut snapshot = core.snapshot().await?;
    if snapshot.settings.retention_days == 0 {
        return Ok(Vec::new());
    }
    while core.is_own() {
        let standings = || keepers(&snapshot, account).map(|keeper| standing(keeper, since));
        let until = if standings().any(|it| matches!(it, Standing::Connecting)) {
            begun + settle::PATIENCE
        } else if standings().any(|it| matches!(it, Standing::Reading)) {
            begun + PATIENCE
        } else {
            break;
        };
        match timeout_at(until, events.next()).await {
            Ok(news) => {
                news?;
                snapshot = core.snapshot().await?;
            }
            Err(_) => break,
        }
    }
    let unread = |keeper| match standing(keeper, since) {
        Standing::Read => None,
        Standing::Unread(trouble) => Some(trouble),
        // The app goes on reading; whoever asks it gets what is there.
        Standing::Reading | Standing::Connecting if !core.is_own() => None,
        Standing::Reading | Standing::Connecting => Some(unfinished(keeper)),
    };
    Ok(keepers(&snapshot, account).filter_map(|keeper| Some(named(&keeper.id, unread(keeper)?))).collect())
}

fn keepers<'s>(snapshot: &'s Snapshot, account: Option<&str>) -> impl Iterator<Item = &'s AccountView> {
    let accounts = snapshot.accounts.iter().filter(move |it| account.is_none_or(|id| id == it.id));
    accounts.filter(|it| it.capabilities.contains(&Capability::Journal))
}

fn standing(account: &AccountView, since: Option<i64>) -> Standing {
    if account.link.phase == LinkPhase::Connecting {
        return Standing::Connecting;
    }
    if let Some(trouble) = down(account) {
        return Standing::Unread(unread(trouble));
    }
    let Some(journal) = &account.journal else { return Standing::Read };
    if let Some(trouble) = &journal.problem {
        return Standing::Unread(unread(trouble.clone()));
    }
    let far_enough = !journal.reading || since.is_some_and(|since| journal.read_from.is_some_and(|from| from <= since));
    if journal.read_until.is_some() && far_enough { Standing::Read } else { Standing::Reading }
}

fn unread(trouble: ApiError) -> ApiError {
    ApiError { message: format!("its record of past calls was not read: {}", trouble.message), ..trouble }
}

fn unfinished(account: &AccountView) -> ApiError {
    let zone = jiff::tz::TimeZone::system();
    let from = account.journal.as_ref().and_then(|journal| journal.read_from).and_then(|from| rows::time(from, &zone));
    let message = match from {
        Some(from) => format!("its call log was read back to {from} only"),
        None => "its call log was not read in time".to_owned(),
    };
    Problem::new("late", message, "Try again. Reading continues where it stopped.").into()
}
