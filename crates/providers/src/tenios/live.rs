//! The run loop: tries the key, then reads the users again and again, which shows that the service is there. Calls come
//! by themselves, as posts, and are none of its business.

use ringside_domain::{Event, Extension, LinkPhase};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::client::refusal;
use super::extensions::{PART, WHAT};
use super::session::Shared;
use crate::account::{Link, Standing};
use crate::error::ProviderError;
use crate::port::{Arrived, EventSink};
use crate::transport::{Backoff, Next, TransportError};

/// That the service takes the key at all.
const SERVICE: &str = "service";

/// Runs until `stop`; what is under way then is dropped.
pub async fn run(shared: &Shared, events: EventSink, stop: CancellationToken) {
    tokio::select! {
        biased;
        () = stop.cancelled() => {}
        () = keep(shared, events) => {}
    }
}

async fn keep(shared: &Shared, events: EventSink) {
    let link = Link::new(events.clone(), shared.now, &[SERVICE, PART]);
    link.tell(LinkPhase::Connecting, None).await;
    shared.client.tokens.try_again();
    let mut told: Option<Vec<Extension>> = None;
    let (mut backoff, mut dice, mut down) = (Backoff::new(), shared.dice(0), true);
    let mut lists = true;
    loop {
        let answer = if lists { shared.extensions().await.map(Some) } else { still_there(shared).await.map(|()| None) };
        let pause = match answer {
            Ok(extensions) => {
                if std::mem::take(&mut down) {
                    backoff.connected(Instant::now());
                }
                link.stands(SERVICE, Standing::Works).await;
                if let Some(extensions) = extensions {
                    if told.as_ref() != Some(&extensions) {
                        told = Some(extensions.clone());
                        let _ = events.send(Arrived::now(Event::Extensions(extensions))).await;
                    }
                    link.stands(PART, Standing::Works).await;
                }
                shared.options.poll
            }
            Err(error) => {
                down = true;
                let problem = refusal(&error, if lists { WHAT } else { "the service" });
                let problem = super::problem(&problem);
                match backoff.decide(Instant::now(), &error, &mut dice) {
                    Next::After(pause) => {
                        link.stands(SERVICE, Standing::Lost(problem)).await;
                        pause
                    }
                    Next::Renew | Next::Stop if signed_out(&error) => {
                        // Trying the same key again could lock the account: somebody has to look at it.
                        link.tell(LinkPhase::Offline, Some(super::problem(&ProviderError::SignInRefused))).await;
                        return std::future::pending().await;
                    }
                    Next::Renew | Next::Stop if lists => {
                        // Without a cloud PBX there are no users; calls, records and numbers are worth having.
                        link.stands(PART, Standing::Limited(problem)).await;
                        lists = false;
                        continue;
                    }
                    Next::Renew | Next::Stop => {
                        link.stands(SERVICE, Standing::Limited(problem)).await;
                        shared.options.poll
                    }
                }
            }
        };
        sleep(pause).await;
    }
}

fn signed_out(error: &TransportError) -> bool {
    matches!(error, TransportError::NeedsSignIn { .. })
}

/// Asks for the records of this moment, which every account may.
async fn still_there(shared: &Shared) -> Result<(), TransportError> {
    let now = (shared.now)();
    super::journal::page(shared, (now, now), 1, 1).await.map(drop)
}
