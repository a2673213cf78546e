//! One request that passed the limits: read by the adapter, handed on, answered.

use std::sync::Arc;

use bytes::Bytes;
use hyper::StatusCode;
use hyper::http::request::Parts;
use ringside_domain::Problem;
use ringside_telephony::{Push, Received};
use tracing::error;

use super::answer::{self, Answer};
use super::door::Door;
use super::hall::{Recipient, Unkept};
use super::limits::ANSWER_PATIENCE;

/// Seconds after which to send again what could not be kept.
const AGAIN: u32 = 30;

/// A request with its body.
pub(crate) struct Sent {
    pub head: Parts,
    /// What follows the account's own path.
    pub rest: String,
    pub body: Bytes,
}

/// Answers in time for the service to see it. What was taken is handed on all the same, also when the other side has
/// gone: only what is answered with success is certain to have been kept.
pub(crate) async fn take(door: Arc<Door>, recipient: Arc<dyn Recipient>, sent: Sent) -> Answer {
    let Some(place) = door.place() else {
        let problem = Problem::new(
            "push_overrun",
            "Ringside was too slow to take a message",
            "Check the disk. The service is asked to send it again.",
        );
        return unkept(&door, recipient.as_ref(), Unkept(problem));
    };
    let taking = tokio::spawn(async move {
        let answer = match hand_on(&door, recipient.as_ref(), &sent).await {
            Ok(answer) => answer,
            Err(error) => unkept(&door, recipient.as_ref(), error),
        };
        drop(place);
        answer
    });
    match tokio::time::timeout(ANSWER_PATIENCE, taking).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => {
            error!("reading something that was sent failed unexpectedly");
            answer::empty(StatusCode::INTERNAL_SERVER_ERROR)
        }
        Err(_) => answer::later(StatusCode::SERVICE_UNAVAILABLE, AGAIN),
    }
}

async fn hand_on(door: &Door, recipient: &dyn Recipient, sent: &Sent) -> Result<Answer, Unkept> {
    let turn = door.turn.lock().await;
    let Some(received) = received(door, recipient, sent) else { return Ok(answer::empty(StatusCode::NOT_FOUND)) };
    let Received { reply, events, past, order, refused } = received;
    if let Some(problem) = refused {
        door.tally.refused(problem);
        recipient.counted();
        return Ok(answer::of(reply));
    }
    if !events.is_empty() {
        recipient.events(&door.account, door.generation, events).await?;
    }
    drop(turn);
    if !past.is_empty() {
        recipient.past(&door.account, door.generation, past).await?;
    }
    if let Some(update) = order {
        recipient.order(&door.account, update).await?;
    }
    door.tally.taken(recipient.now());
    recipient.counted();
    Ok(answer::of(reply))
}

fn received(door: &Door, recipient: &dyn Recipient, sent: &Sent) -> Option<Received> {
    let headers: Vec<(&str, &[u8])> =
        sent.head.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
    let push = Push {
        method: sent.head.method.as_str(),
        path: &sent.rest,
        query: sent.head.uri.query().unwrap_or_default(),
        headers: &headers,
        body: &sent.body,
    };
    Some(door.pushes()?.receive(&push, recipient.now()))
}

fn unkept(door: &Door, recipient: &dyn Recipient, Unkept(problem): Unkept) -> Answer {
    door.tally.refused(problem);
    recipient.counted();
    answer::later(StatusCode::SERVICE_UNAVAILABLE, AGAIN)
}

#[cfg(test)]
#[path = "taking_tests.rs"]
mod tests;
