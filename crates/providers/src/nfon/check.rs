//! The wizard's walk: one finding at a time, and nobody's telephone rings.

use ringside_domain::Problem;
use ringside_telephony::{Finding, Note, ProviderError, Verdict};
use ringside_transport::{TransportError, json};
use tokio::sync::mpsc;

use super::client::refusal;
use super::session::Shared;
use super::{calls, extensions, states};
use crate::account::failure::failure;
use ringside_transport::stream::{self, Opened};

/// Ends early if nobody listens any more.
pub async fn run(shared: &Shared, findings: &mpsc::Sender<Finding>) {
    let reached = reach(shared).await;
    let signed_in = if reached.lets_on() { sign_in(shared).await } else { Verdict::skipped() };
    let usable = signed_in.lets_on();
    tell(findings, "reach", reached).await;
    tell(findings, "sign_in", signed_in).await;
    let parts = [extensions::PART, states::PART, calls::PART, "dial"];
    for step in parts {
        let verdict = if usable { part(shared, step).await } else { Verdict::skipped() };
        tell(findings, step, verdict).await;
    }
}

/// What the administrator should know although nothing failed.
pub fn extended_presence_problem() -> Problem {
    Problem::new(
        "extended_presence_missing",
        "This NFON key lacks extended presence, so extension states and live calls are missing",
        "Ask NFON or your partner to enable extended presence for the CTI user.",
    )
}

pub fn polled_problem() -> Problem {
    Problem::new(
        "line_states_polled",
        "NFON does not stream this account's extension states",
        "Ringside checks every 15 to 60 seconds. Lamps change a little later.",
    )
}

async fn tell(findings: &mpsc::Sender<Finding>, step: &'static str, verdict: Verdict) {
    // The wizard may have been closed.
    let _ = findings.send(Finding { step, verdict }).await;
}

async fn reach(shared: &Shared) -> Verdict {
    match shared.client.reach().await {
        Ok(answer) => match json::html_title(&answer.body, answer.content_type()) {
            Some(title) => fails(failure(&TransportError::Html { title }, "the address")),
            None => Verdict::Works(Note::new("answers", format!("The service answers ({}).", answer.status.as_u16()))),
        },
        Err(error) => fails(failure(&error, "the address")),
    }
}

async fn sign_in(shared: &Shared) -> Verdict {
    shared.client.tokens.try_again();
    if let Err(error) = shared.client.tokens.bearer().await {
        return fails(refusal(&error, "the sign-in"));
    }
    if !shared.client.about.extended_presence() {
        return Verdict::Warning(extended_presence_problem());
    }
    let customer = shared.client.about.customer().unwrap_or_default();
    Verdict::Works(Note::new("signed_in", format!("Signed in to {customer}.")))
}

async fn part(shared: &Shared, step: &'static str) -> Verdict {
    match step {
        extensions::PART => match shared.extensions().await {
            Ok(list) if list.is_empty() => Verdict::Warning(Problem::new(
                "no_extensions",
                "NFON lists no extension for this account",
                "Ask your phone system's administrator to show the CTI user the extensions.",
            )),
            Ok(list) => Verdict::Works(Note::count("extensions", list.len() as u64, "extensions")),
            Err(error) => fails(refusal(&error, "the extension list")),
        },
        states::PART => match shared.states().await {
            Ok(lines) => Verdict::Works(Note::count("lines", lines.len() as u64, "lines")),
            Err(error) => fails(refusal(&error, "line states")),
        },
        calls::PART => live_calls(shared).await,
        _ => Verdict::would_ring(),
    }
}

/// Opens the call stream and lets go of it.
async fn live_calls(shared: &Shared) -> Verdict {
    let client = &shared.client;
    let opened = async {
        let bearer = client.tokens.bearer().await?;
        stream::open(&client.http, client.stream_of(super::client::CALLS, &bearer)).await
    };
    match opened.await {
        Ok(Opened::Events(_)) => Verdict::Works(Note::new("streaming", "The call stream is open.")),
        Ok(Opened::Other(answer)) => {
            let content_type = answer.content_type().unwrap_or_default().to_owned();
            fails(failure(&TransportError::NotEventStream { content_type }, "live calls"))
        }
        Err(error) => fails(refusal(&error, "live calls")),
    }
}

fn fails(error: ProviderError) -> Verdict {
    Verdict::Fails(error.problem())
}
