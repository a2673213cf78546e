//! The run loop: tries the key, then asks again and again how many users there are, which shows that the service is
//! there. Calls come by themselves, as posts, and are none of its business.

use std::time::Duration;

use ringside_domain::{Event, Extension, LinkPhase};
use ringside_telephony::{Arrived, EventSink, ProviderError};
use ringside_transport::{Backoff, Next, TransportError};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::client::refusal;
use super::extensions::{PART, WHAT};
use super::session::Shared;
use crate::account::{Link, Standing};

/// That the service takes the key at all.
const SERVICE: &str = "service";
/// A list of the same length is read anew so often: names change too.
const LIST_EVERY: Duration = Duration::from_secs(600);

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
    let (mut backoff, mut dice, mut down) = (Backoff::new(), shared.dice(0), true);
    let mut listing = Listing { refused: false, read_at: None, told: None };
    loop {
        let pause = match listing.ask(shared).await {
            Ok(news) => {
                if std::mem::take(&mut down) {
                    backoff.connected(Instant::now());
                }
                if let Some(extensions) = news {
                    let _ = events.send(Arrived::now(Event::Extensions(extensions))).await;
                }
                link.stands(SERVICE, Standing::Works).await;
                if !listing.refused {
                    link.stands(PART, Standing::Works).await;
                }
                shared.options.poll
            }
            Err(TransportError::NeedsSignIn { .. }) => {
                // Trying the same key again could lock the account: somebody has to look at it.
                let reason = super::problem(&ProviderError::SignInRefused);
                link.tell(LinkPhase::Offline, Some(reason)).await;
                return std::future::pending().await;
            }
            Err(error) => {
                down = true;
                let problem = refusal(&error, listing.what()).problem();
                match backoff.decide(Instant::now(), &error, &mut dice) {
                    Next::After(pause) => {
                        link.is_lost_for(SERVICE, pause, problem).await;
                        pause
                    }
                    Next::Renew | Next::Stop if !listing.refused => {
                        // Without a cloud PBX there are no users; calls, records and numbers are worth having.
                        link.stands(PART, Standing::Limited(problem)).await;
                        listing.refused = true;
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

/// What is known of the list of users.
struct Listing {
    /// The service does not want to be asked for it again.
    refused: bool,
    read_at: Option<Instant>,
    told: Option<Vec<Extension>>,
}

impl Listing {
    /// Asks the service; the list if it is another one than was told.
    async fn ask(&mut self, shared: &Shared) -> Result<Option<Vec<Extension>>, TransportError> {
        if self.refused {
            return still_there(shared).await.map(|()| None);
        }
        let fresh = self.read_at.is_some_and(|at| at.elapsed() < LIST_EVERY);
        if fresh && !shared.users_changed().await? {
            return Ok(None);
        }
        let extensions = shared.extensions().await?;
        self.read_at = Some(Instant::now());
        if self.told.as_ref() == Some(&extensions) {
            return Ok(None);
        }
        self.told = Some(extensions.clone());
        Ok(Some(extensions))
    }

    fn what(&self) -> &'static str {
        if self.refused { "the service" } else { WHAT }
    }
}

/// Asks for the records of this moment, which every account may.
async fn still_there(shared: &Shared) -> Result<(), TransportError> {
    let now = (shared.now)();
    super::journal::page(shared, (now, now), 1, 1).await.map(drop)
}
