//! The extension list: read at the start, every ten minutes, and after an outage.

use std::collections::HashSet;

use async_trait::async_trait;
use ringside_domain::{Event, Extension, ExtensionId};
use ringside_telephony::{Arrived, Extensions, ProviderError};
use ringside_transport::{Backoff, Next, TransportError};
use tokio::time::Instant;

use super::Nfon;
use super::board::SLACK;
use super::client::refusal;
use super::session::{End, Session};
use crate::account::Standing;

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
    let mut listed = HashSet::new();
    loop {
        let pause = match session.shared.extensions().await {
            Ok(extensions) => {
                let before = std::mem::replace(&mut listed, ids(&extensions));
                let _ = session.events.send(Arrived::now(Event::Extensions(extensions))).await;
                session.link.stands(PART, Standing::Works).await;
                backoff = Backoff::new();
                if !ask_for_states(session, &before, &listed).await {
                    return End::Stopped;
                }
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

fn ids(extensions: &[Extension]) -> HashSet<ExtensionId> {
    extensions.iter().map(|extension| extension.id.clone()).collect()
}

/// Of an extension that has come into the list the stream need not tell anything until it changes, and at the start it
/// may begin with less than every line. `false` if the account was stopped meanwhile.
async fn ask_for_states(session: &Session<'_>, before: &HashSet<ExtensionId>, listed: &HashSet<ExtensionId>) -> bool {
    if listed.is_subset(before) {
        return true;
    }
    // What the stream begins with is on its way.
    if !session.pause(SLACK).await {
        return false;
    }
    if !before.is_empty() || session.board.lacks(listed).await {
        session.reread.notify_one();
    }
    true
}
