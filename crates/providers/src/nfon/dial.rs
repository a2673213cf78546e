//! Dialling and cancelling. A call is asked for exactly once; what became of it is told, never guessed.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ringside_domain::{CallId, Detail, EndCause, ExtensionId};
use ringside_telephony::{DialOutcome, DialRequest, DialStep, DialTarget, Dialing, HangUp, ProviderError};
use ringside_transport::{Response, StreamItem, StreamSettings, TransportError, Verdict, stream};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::client::{refusal, refusal_of_a_dial};
use super::session::Shared;
use super::{Nfon, map, wire};
use crate::account::failure::words;
use ringside_transport::stream::{EventStream, Opened};

/// The service takes 120 s at most; below 20 s hardly anybody reaches the telephone.
const RING: std::ops::RangeInclusive<u64> = 20..=120;
/// How long the far side may ring without a word on the stream.
const FAR_SIDE: Duration = Duration::from_secs(180);
const EMERGENCY: [&str; 2] = ["112", "110"];

#[async_trait]
impl Dialing for Nfon {
    async fn dial(&self, request: DialRequest, steps: mpsc::Sender<DialStep>) -> Result<DialOutcome, ProviderError> {
        let body = body(&request, self.shared.client.about.customer())?;
        let (tell, told) = oneshot::channel();
        let shared = Arc::clone(&self.shared);
        // A task of its own: whoever asked may go away, and the call and its progress go on.
        tokio::spawn(async move {
            let _ = tell.send(place(&shared, &body, &steps).await);
        });
        told.await.unwrap_or(Err(ProviderError::Unconfirmed))
    }
}

#[async_trait]
impl HangUp for Nfon {
    async fn hang_up(&self, call: &CallId, _extension: &ExtensionId) -> Result<(), ProviderError> {
        match self.shared.client.delete_call(call.as_str()).await.and_then(Response::acknowledged) {
            Ok(None) => Ok(()),
            // The service answers 204 and says nothing.
            Ok(Some(_)) => Err(ProviderError::Unconfirmed),
            Err(error) if matches!(error.status(), Some(400 | 404 | 409 | 410)) => Err(ProviderError::TooLate {
                detail: Detail::told(
                    "NFON cancels only calls started here, and only before you pick up",
                    words(&error),
                ),
            }),
            Err(error) => Err(match refusal(&error, "the call") {
                ProviderError::BadAnswer { .. } if error.may_have_been_executed() => ProviderError::Unconfirmed,
                told => told,
            }),
        }
    }
}

/// The request as the service wants it.
///
/// # Errors
/// [`ProviderError::NotSent`] for emergency numbers: in the account's own context they would ring an extension.
pub(super) fn body(request: &DialRequest, customer: Option<String>) -> Result<wire::Dial, ProviderError> {
    let (callee, callee_context) = match &request.to {
        DialTarget::Number(number) => (number.digits().to_owned(), Some("global".to_owned())),
        DialTarget::Extension(extension) => (extension.as_str().to_owned(), customer.clone()),
        DialTarget::Code(code) => (code.clone(), customer.clone()),
    };
    if EMERGENCY.contains(&callee.as_str()) {
        return Err(ProviderError::NotSent {
            code: "emergency_number_not_from_here",
            detail: format!("{callee} would not reach the emergency services from here; dial it on your phone").into(),
        });
    }
    let caller = request.from.as_str().to_owned();
    Ok(wire::Dial {
        extension: caller.clone(),
        caller,
        caller_context: customer,
        callee,
        callee_context,
        timeout: request.ring_timeout.as_secs().clamp(*RING.start(), *RING.end()),
    })
}

async fn place(
    shared: &Shared,
    body: &wire::Dial,
    steps: &mpsc::Sender<DialStep>,
) -> Result<DialOutcome, ProviderError> {
    match send_once(shared, body).await? {
        Opened::Events(events) => Ok(watch(shared, events, body.timeout, steps).await),
        Opened::Other(answer) => {
            // What names no call need not be the service's own: a page of something in between has the same status.
            let body = answer.acknowledged().map_err(|error| refusal_of_a_dial(&error))?;
            let json = body.ok_or(ProviderError::Unconfirmed)?;
            let call = shared.read::<wire::Call<'_>>("dial", json.get());
            let call = call.and_then(|call| call.uuid.get().map(CallId::new)).ok_or(ProviderError::Unconfirmed)?;
            let _ = steps.send(DialStep::Accepted { call: Some(call) }).await;
            Ok(DialOutcome::Accepted)
        }
    }
}

/// One request. Only a 401, which says that nothing was done, leads to a second one with a new token.
async fn send_once(shared: &Shared, body: &wire::Dial) -> Result<Opened, ProviderError> {
    let client = &shared.client;
    // As long as the sign-in fails, no call has been asked for.
    let signed_out = |error: TransportError| refusal(&error, "the sign-in");
    let bearer = client.tokens.bearer().await.map_err(signed_out)?;
    let mut opened = stream::open(&client.http, client.dial(body, &bearer)).await;
    if matches!(&opened, Err(error) if error.status() == Some(401)) {
        let bearer = client.tokens.renew(&bearer).await.map_err(signed_out)?;
        opened = stream::open(&client.http, client.dial(body, &bearer)).await;
    }
    opened.map_err(|error| refusal_of_a_dial(&error))
}

/// Reads the progress to its end.
async fn watch(shared: &Shared, events: EventStream, ring: u64, steps: &mpsc::Sender<DialStep>) -> DialOutcome {
    let patience = Duration::from_secs(ring) + FAR_SIDE;
    let settings = StreamSettings { heartbeat: None, probe_after: patience, ..StreamSettings::default() };
    let (sender, mut items) = mpsc::channel(16);
    let enough = CancellationToken::new();
    let done = enough.clone();
    let running = async move { events.run(&settings, &Verdict::Lost, &sender, &done).await };
    let listening = async {
        let mut progress = Progress::default();
        let mut outcome = None;
        while let Some(item) = items.recv().await {
            let StreamItem::Event(event) = item else { continue };
            let Some(call) = shared.read::<wire::Call<'_>>("dial", &event.data) else { continue };
            outcome = progress.take(shared, &call, steps).await;
            if outcome.is_some() {
                enough.cancel();
                break;
            }
        }
        // Cut off before its end: somebody's telephone may ring, and the call stream will tell.
        outcome.unwrap_or(DialOutcome::Unknown)
    };
    tokio::join!(running, listening).1
}

#[derive(Default)]
struct Progress {
    accepted: bool,
}

impl Progress {
    /// Reports a step; the outcome if it was the last.
    async fn take(
        &mut self,
        shared: &Shared,
        call: &wire::Call<'_>,
        steps: &mpsc::Sender<DialStep>,
    ) -> Option<DialOutcome> {
        if !std::mem::replace(&mut self.accepted, true) {
            let call = call.uuid.get().map(CallId::new);
            let _ = steps.send(DialStep::Accepted { call }).await;
        }
        let failed = map::end_cause(&call.error, &shared.oddities);
        let step = match call.state.get().unwrap_or_default() {
            // Success is an end without an error; the talk goes on after it.
            "end" | "hangup" => return Some(failed.map_or(DialOutcome::Connected, outcome)),
            "start" | "caller-wait" | "caller-dial" => return None,
            "caller-ring" => DialStep::CallerRinging,
            "caller-answer" => DialStep::CallerAnswered,
            "dial" => DialStep::CalleeDialing,
            "ring" => DialStep::CalleeRinging,
            "answer" | "bridge" => DialStep::CalleeAnswered,
            other => {
                shared.oddities.word("dial.state", other);
                DialStep::Other(other.to_owned())
            }
        };
        let _ = steps.send(step).await;
        None
    }
}

fn outcome(cause: EndCause) -> DialOutcome {
    match cause {
        EndCause::Normal | EndCause::AnsweredElsewhere => DialOutcome::Connected,
        EndCause::Busy => DialOutcome::Busy,
        EndCause::Rejected => DialOutcome::Rejected,
        EndCause::Cancelled => DialOutcome::Cancelled,
        EndCause::Timeout => DialOutcome::NoAnswer,
        EndCause::Failed => DialOutcome::Failed,
    }
}
