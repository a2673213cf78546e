//! The extension list: read at the start, every ten minutes, and when the service says that it changed.

use async_trait::async_trait;
use ringside_domain::{Event, Extension};
use ringside_telephony::{Arrived, Extensions, ProviderError};
use ringside_transport::{Backoff, Next, TransportError};
use tokio::time::Instant;

use super::Voicenter;
use super::meaning::{code_unknown, problem, refusal};
use super::session::Session;
use crate::account::Standing;

pub const PART: &str = "extensions";
pub const WHAT: &str = "the extension list";

#[async_trait]
impl Extensions for Voicenter {
    /// # Errors
    /// [`ProviderError::Configuration`] also for an empty list, which is how the service answers a code of nobody's.
    async fn list(&self) -> Result<Vec<Extension>, ProviderError> {
        let list = self.shared.extensions().await.map_err(|error| refusal(&error, WHAT))?;
        if list.is_empty() {
            return Err(ProviderError::Configuration { detail: code_unknown().message.into_owned().into() });
        }
        Ok(list)
    }
}

/// Keeps the list fresh until the session ends or the service refuses it; `first` is what the run began with. A list
/// that cannot be read now limits the account; calls and states are worth having without it.
pub async fn run(session: &Session<'_>, first: Result<Vec<Extension>, TransportError>) {
    let mut dice = session.shared.dice(5);
    let mut backoff = Backoff::new();
    let mut read = Some(first);
    loop {
        let answer = match read.take() {
            Some(first) => first,
            None => session.shared.extensions().await,
        };
        let pause = match answer {
            Ok(list) if list.is_empty() => {
                session.link.stands(PART, Standing::Limited(code_unknown())).await;
                session.shared.options.extensions_every
            }
            Ok(extensions) => {
                let _ = session.events.send(Arrived::now(Event::Extensions(extensions))).await;
                session.link.stands(PART, Standing::Works).await;
                backoff = Backoff::new();
                session.shared.options.extensions_every
            }
            Err(error) => {
                let next = backoff.decide(Instant::now(), &error, &mut dice);
                let told = refusal(&error, WHAT);
                session.link.stands(PART, Standing::Limited(problem(&told))).await;
                match (next, told) {
                    (Next::After(pause), _) => pause,
                    // An address changes with the network, and somebody may put it on the list.
                    (_, ProviderError::AddressNotAllowed) => session.shared.options.extensions_every,
                    (Next::Renew | Next::Stop, _) => return,
                }
            }
        };
        tokio::select! {
            () = session.stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
            () = session.relist.notified() => {}
        }
    }
}
