//! Dialling: a callback is asked for exactly once, then its state is asked for until it is settled.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ringside_domain::ExtensionId;
use ringside_telephony::{DialOutcome, DialRequest, DialStep, DialTarget, Dialing, ProviderError};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep};

use super::course::{Course, Turn};
use super::session::Shared;
use super::{Tenios, wire};

const WHAT: &str = "the dialled call";
/// Between two questions, however long it takes.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// A service that asks to be left alone for longer is asked again all the same: somebody waits for the end.
const LONGEST_WISH: Duration = Duration::from_secs(60);

#[async_trait]
impl Dialing for Tenios {
    async fn dial(&self, request: DialRequest, steps: mpsc::Sender<DialStep>) -> Result<DialOutcome, ProviderError> {
        let number = number(&request.to)?.to_owned();
        let config = self.shared.options.callbacks.config_of(&request.from).map(str::to_owned);
        let config = config.ok_or_else(|| no_config(&request.from))?;
        let (tell, told) = oneshot::channel();
        let shared = Arc::clone(&self.shared);
        // A task of its own: whoever asked may go away, and the call and its progress go on.
        tokio::spawn(async move {
            let _ = tell.send(place(&shared, &config, &number, request.ring_timeout, &steps).await);
        });
        told.await.unwrap_or(Err(ProviderError::Unconfirmed))
    }

    fn dials_extensions(&self) -> bool {
        false
    }
}

/// Party B as the service wants it.
///
/// # Errors
/// [`ProviderError::NotSent`] for what is no public number: the service calls nothing else.
fn number(to: &DialTarget) -> Result<&str, ProviderError> {
    match to {
        DialTarget::Number(number) => Ok(number.e164()),
        DialTarget::Extension(text) => Err(no_number(text.as_str())),
        DialTarget::Code(text) => Err(no_number(text)),
    }
}

fn no_number(text: &str) -> ProviderError {
    ProviderError::NotSent {
        code: "number_not_public",
        detail: format!("TENIOS only calls public numbers; dial {text} on your phone, or the whole number here").into(),
    }
}

fn no_config(from: &ExtensionId) -> ProviderError {
    ProviderError::Configuration {
        detail: format!(
            "there is no callback configuration for extension {from}; make one in the TENIOS portal and enter its id \
             as callback_config_id"
        )
        .into(),
    }
}

async fn place(
    shared: &Shared,
    config: &str,
    number: &str,
    ring: Duration,
    steps: &mpsc::Sender<DialStep>,
) -> Result<DialOutcome, ProviderError> {
    let body = wire::Callback { callback_config_id: config, callback_number: number, delay: 0 };
    let started: wire::Started = shared.client.change("callback/init", &body, WHAT).await?;
    let Some(id) = started.id else {
        shared.oddities.payload("callback", "an answer without id");
        return Err(ProviderError::Unconfirmed);
    };
    // The id names the request; no event and no record ever names it again.
    let _ = steps.send(DialStep::Accepted { call: None }).await;
    Ok(watch(shared, &id, ring, steps).await)
}

/// Asks, ever more seldom, until the state is settled or nothing has changed for too long.
async fn watch(shared: &Shared, id: &str, ring: Duration, steps: &mpsc::Sender<DialStep>) -> DialOutcome {
    let mut course = Course::new(Instant::now(), ring);
    let mut pause = shared.options.status_first;
    loop {
        match shared.client.read::<wire::Status>("callback/status", &wire::StatusOf { id }).await {
            Ok(status) => {
                let Turn { steps: turn, outcome } = course.take(&status.status.unwrap_or_default(), Instant::now());
                if let [DialStep::Other(word)] = turn.as_slice() {
                    shared.oddities.word("callback.status", word);
                }
                if !turn.is_empty() {
                    pause = shared.options.status_first;
                }
                for step in turn {
                    let _ = steps.send(step).await;
                }
                if let Some(outcome) = outcome {
                    return outcome;
                }
            }
            Err(error) if error.is_transient() => {
                pause = error.retry_after().map_or(pause, |wish| pause.max(wish.min(LONGEST_WISH)));
            }
            // Telephones may ring, and the service says no more of it.
            Err(_) => return DialOutcome::Unknown,
        }
        if Instant::now() >= course.gives_up_at() {
            return DialOutcome::Unknown;
        }
        sleep(pause).await;
        pause = (pause * 3 / 2).min(LONGEST_PAUSE.max(shared.options.status_first));
    }
}
