//! The run loop. The service streams nothing: what can be kept is the session, the device list, and knowing whether
//! the service is there. Past calls are read by whoever wants them.

use std::time::Duration;

use rand::SeedableRng;
use rand::rngs::StdRng;
use ringside_domain::{Event, Extension, LinkPhase};
use ringside_telephony::{Arrived, EventSink};
use ringside_transport::{Backoff, Next};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::extensions::WHAT;
use super::shared::Shared;
use super::trouble::{Trouble, problem, refusal};
use crate::account::{Link, Standing};

const PART: &str = "extensions";

/// Runs until `stop`; what is under way then is dropped.
pub async fn run(shared: &Shared, events: EventSink, stop: CancellationToken) {
    tokio::select! {
        biased;
        () = stop.cancelled() => {}
        () = keep(shared, events) => {}
    }
}

async fn keep(shared: &Shared, events: EventSink) {
    let link = Link::new(events.clone(), shared.now, &[PART]);
    link.tell(LinkPhase::Connecting, None).await;
    shared.client.tokens.try_again();
    let mut backoff = Backoff::new();
    let mut dice = StdRng::seed_from_u64(shared.seed);
    // As last told; `None` while the service is not there, so that the list is told anew when it is back.
    let mut told: Option<Vec<Extension>> = None;
    loop {
        match shared.devices().await {
            Ok(devices) => {
                if told.is_none() {
                    backoff.connected(Instant::now());
                }
                if told.as_ref() != Some(&devices) {
                    let _ = events.send(Arrived::now(Event::Extensions(devices.clone()))).await;
                    told = Some(devices);
                }
                link.stands(PART, Standing::Works).await;
                tokio::select! {
                    () = sleep(shared.options.probe_every) => {}
                    () = shared.doubt.notified() => {}
                }
            }
            Err(trouble) => {
                told = None;
                let standing = standing(&trouble);
                let next = next(&trouble, &mut backoff, &mut dice);
                tracing::info!(?next, "the device list could not be read");
                let pause = match next {
                    Next::After(pause) => Some(pause.max(spared(&trouble, shared))),
                    Next::Renew | Next::Stop => None,
                };
                match (standing, pause) {
                    (Standing::Lost(problem), Some(pause)) => link.is_lost_for(PART, pause, problem).await,
                    (standing, _) => link.stands(PART, standing).await,
                }
                match pause {
                    Some(pause) => sleep(pause).await,
                    // Only somebody who changes something helps; trying a password again could lock the account.
                    None => return std::future::pending().await,
                }
            }
        }
    }
}

/// A service that is there and says no is a limit; one that is not there, or does not let us in, is lost.
fn standing(trouble: &Trouble) -> Standing {
    let error = refusal(trouble, WHAT);
    let limited = match trouble {
        Trouble::Said(_) | Trouble::Portal { .. } => true,
        Trouble::Answered(_) | Trouble::Road(_) => {
            !error.is_transient() && !error.needs_sign_in() && !matches!(error.code(), "bad_answer" | "redirected")
        }
        Trouble::SignIn(_) | Trouble::Session { .. } => false,
    };
    let problem = problem(&error);
    if limited { Standing::Limited(problem) } else { Standing::Lost(problem) }
}

fn next(trouble: &Trouble, backoff: &mut Backoff, dice: &mut StdRng) -> Next {
    match trouble {
        Trouble::SignIn(error) | Trouble::Answered(error) | Trouble::Road(error) => {
            backoff.decide(Instant::now(), error, dice)
        }
        Trouble::Portal { .. } | Trouble::Session { status: 401, .. } => Next::Stop,
        // Words of its own, such as of maintenance, may be other ones later.
        Trouble::Session { .. } | Trouble::Said(_) => Next::After(backoff.next(Instant::now(), dice)),
    }
}

/// No shorter a pause than in good times for a service that has said no.
fn spared(trouble: &Trouble, shared: &Shared) -> Duration {
    match trouble {
        Trouble::Said(_) => shared.options.probe_every,
        _ => Duration::ZERO,
    }
}
