//! The run loop: signs in, then keeps the extension list, the line states and the call stream side by side.

use std::future::Future;
use std::sync::atomic::Ordering;

use ringside_domain::{LinkPhase, Problem, Timestamp};
use ringside_telephony::{EventSink, ProviderError};
use ringside_transport::{Backoff, Next};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::client::refusal;
use super::session::{End, Session, Shared};
use super::{calls, extensions, states};
use crate::account::{Link, Standing};

/// Runs until `stop`; what is under way then is dropped.
pub async fn run(shared: &Shared, events: EventSink, stop: CancellationToken) {
    tokio::select! {
        biased;
        () = stop.cancelled() => {}
        () = keep(shared, events, stop.clone()) => {}
    }
}

async fn keep(shared: &Shared, events: EventSink, stop: CancellationToken) {
    let parts = [extensions::PART, states::PART, calls::PART];
    let link = Link::new(events.clone(), shared.now, &parts);
    link.tell(LinkPhase::Connecting, None).await;
    shared.client.tokens.try_again();
    let Ok(missed_since) = sign_in(shared, &link).await else {
        // Trying the same credentials again could lock the account: somebody has to look at them.
        stop.cancelled().await;
        return;
    };
    let session = Session::new(shared, events, link, stop.clone(), missed_since);
    tokio::select! {
        () = whole(&session) => {}
        () = stop.cancelled() => return,
    }
    session.link.tell(LinkPhase::Offline, Some(ProviderError::SignInRefused.problem())).await;
    stop.cancelled().await;
}

/// `Ok` with the moment since when it has failed, if it did at first; `Err` if the credentials are refused.
async fn sign_in(shared: &Shared, link: &Link) -> Result<Option<Timestamp>, ProviderError> {
    let (mut backoff, mut dice) = (Backoff::new(), shared.dice(0));
    let mut failed_since = None;
    loop {
        let Err(error) = shared.client.tokens.bearer().await else { return Ok(failed_since) };
        failed_since.get_or_insert_with(shared.now);
        let told = refusal(&error, "the sign-in");
        match backoff.decide(Instant::now(), &error, &mut dice) {
            Next::After(pause) => {
                link.is_offline_for(pause, told.problem()).await;
                sleep(pause).await;
            }
            Next::Renew | Next::Stop => {
                link.tell(LinkPhase::Offline, Some(told.problem())).await;
                return Err(told);
            }
        }
    }
}

/// All parts at once; ends when one of them says that only new credentials help.
async fn whole(session: &Session<'_>) {
    tokio::select! {
        () = part(session, extensions::PART, "the extension list", extensions::run(session)) => {}
        () = part(session, states::PART, "line states", states::run(session)) => {}
        () = part(session, states::PART, "line states", states::reread(session)) => {}
        () = part(session, calls::PART, "live calls", calls::run(session)) => {}
    }
}

/// Ends only for want of a sign-in; a part that is refused says why and the others go on.
async fn part(session: &Session<'_>, part: &'static str, what: &str, work: impl Future<Output = End>) {
    match work.await {
        End::NeedsSignIn => return,
        End::Stopped => {}
        End::Refused(error) => {
            if part == states::PART {
                session.states_refused.store(true, Ordering::Relaxed);
            }
            let problem: Problem = refusal(&error, what).problem();
            session.link.stands(part, Standing::Limited(problem)).await;
        }
    }
    std::future::pending().await
}
