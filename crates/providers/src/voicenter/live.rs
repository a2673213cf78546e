//! The run loop: reads the extension list, then keeps it and the calls side by side.

use ringside_domain::{Extension, LinkPhase};
use ringside_telephony::{EventSink, ProviderError};
use ringside_transport::TransportError;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::meaning::{code_unknown, problem, refusal};
use super::session::{Session, Shared};
use super::{extensions, realtime};
use crate::account::Link;

/// Runs until `stop`; what is under way then is dropped.
pub async fn run(shared: &Shared, events: EventSink, stop: CancellationToken) {
    tokio::select! {
        biased;
        () = stop.cancelled() => {}
        () = keep(shared, events, stop.clone()) => {}
    }
    shared.board().lose();
}

async fn keep(shared: &Shared, events: EventSink, stop: CancellationToken) {
    let link = Link::new(events.clone(), shared.now, &[extensions::PART, realtime::PART]);
    link.tell(LinkPhase::Connecting, None).await;
    shared.client.try_again();
    let Ok(first) = first_list(shared, &link).await else {
        // Trying the same code again could lock the account: somebody has to look at it.
        return std::future::pending().await;
    };
    let session = Session::new(shared, events, link, stop);
    tokio::join!(list(&session, first), realtime::run(&session));
}

/// The first list tells whether the code is good. `Ok` with whatever else came of it: calls are worth having without.
async fn first_list(shared: &Shared, link: &Link) -> Result<Result<Vec<Extension>, TransportError>, ProviderError> {
    loop {
        match shared.extensions().await {
            Ok(list) if list.is_empty() => {
                link.tell(LinkPhase::Offline, Some(code_unknown())).await;
                sleep(shared.options.extensions_every).await;
            }
            Err(error) => match refusal(&error, extensions::WHAT) {
                refused @ ProviderError::SignInRefused => {
                    link.tell(LinkPhase::Offline, Some(problem(&refused))).await;
                    return Err(refused);
                }
                _ => return Ok(Err(error)),
            },
            list => return Ok(list),
        }
    }
}

/// Keeps the list; once it is refused and has said why, the calls go on.
async fn list(session: &Session<'_>, first: Result<Vec<Extension>, TransportError>) {
    extensions::run(session, first).await;
    std::future::pending().await
}
