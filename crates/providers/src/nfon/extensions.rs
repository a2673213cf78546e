//! The extension list: read at the start, every ten minutes, and after an outage.

use async_trait::async_trait;
use ringside_domain::{Event, Extension};
use tokio::time::Instant;

use super::Nfon;
use super::client::refusal;
use super::session::{End, Session};
use crate::account::Standing;
use crate::error::ProviderError;
use crate::port::{Arrived, Extensions};
use crate::transport::{Backoff, Next, TransportError};

pub const PART: &str = "extensions";
const WHAT: &str = "the extension list";

#[async_trait]
impl Extensions for Nfon {
    async fn list(&self) -> Result<Vec<Extension>, ProviderError> {
        self.shared.extensions().await.map_err(|error| refusal(&error, WHAT))
    }
}

/// Keeps the list fresh until the session ends or the service refuses it. A list that cannot be read now limits the
/// account; calls and states are worth having without it.
pub async fn run(session: &Session<'_>) -> End {
    let mut dice = session.shared.dice(5);
    let mut backoff = Backoff::new();
    loop {
        let pause = match session.shared.extensions().await {
            Ok(extensions) => {
                let _ = session.events.send(Arrived::now(Event::Extensions(extensions))).await;
                session.link.stands(PART, Standing::Works).await;
                backoff = Backoff::new();
                session.shared.options.extensions_every
            }
            Err(TransportError::NeedsSignIn { .. }) => return End::NeedsSignIn,
            Err(error) => match backoff.decide(Instant::now(), &error, &mut dice) {
                Next::Renew | Next::Stop => return End::Refused(error),
                Next::After(pause) => {
                    session.link.stands(PART, Standing::Limited(refusal(&error, WHAT).problem())).await;
                    pause
                }
            },
        };
        tokio::select! {
            () = session.stop.cancelled() => return End::Stopped,
            () = tokio::time::sleep(pause) => {}
            () = session.relist.notified() => {}
        }
    }
}
