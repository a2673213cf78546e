//! The wizard's walk: one finding at a time, and nothing is redirected.

use ringside_domain::Problem;
use ringside_telephony::{Finding, Health, Note, ProviderError, Verdict};
use ringside_transport::{TransportError, json};
use tokio::sync::mpsc;

use super::client::{problem, refusal};
use super::scenarios::{WHAT, health, unreadable};
use super::{Swisscom, map};
use crate::account::failure::failure;

/// Ends early if nobody listens any more.
pub async fn run(account: &Swisscom, findings: &mpsc::Sender<Finding>) {
    // The wizard may have been closed.
    let tell = async |step: &'static str, verdict: Verdict| {
        let _ = findings.send(Finding { step, verdict }).await;
    };
    let reached = reach(account).await;
    let signed_in = if reached.lets_on() { sign_in(account).await } else { Verdict::skipped() };
    let usable = signed_in.lets_on();
    tell("reach", reached).await;
    tell("sign_in", signed_in).await;
    tell("health", if usable { healthy(account).await } else { Verdict::skipped() }).await;
    tell("scenarios", if usable { scenarios(account).await } else { Verdict::skipped() }).await;
    let untried = "Trying it would redirect calls. The change is not verified against the live service yet.";
    tell(
        "scenario_change",
        if usable { Verdict::NotTried(Note::new("would_redirect", untried)) } else { Verdict::skipped() },
    )
    .await;
}

async fn reach(account: &Swisscom) -> Verdict {
    match account.client.reach().await {
        Ok(answer) => match json::html_title(&answer.body, answer.content_type()) {
            Some(title) => fails(&failure(&TransportError::Html { title }, "the address")),
            None => Verdict::Works(Note::new("answers", format!("The gateway answers ({}).", answer.status.as_u16()))),
        },
        Err(error) => fails(&failure(&error, "the address")),
    }
}

async fn sign_in(account: &Swisscom) -> Verdict {
    account.client.tokens.try_again();
    match account.client.tokens.bearer().await {
        Ok(_) => Verdict::Works(Note::new("accepted", "Customer Key and Customer Secret are accepted.")),
        Err(error) => fails(&refusal(&error, "the token address")),
    }
}

async fn healthy(account: &Swisscom) -> Verdict {
    match health(&account.client).await {
        Ok(Health::Up(text)) if text.is_empty() => Verdict::Works(Note::new("service_well", "Service status: OK.")),
        Ok(Health::Up(text)) => Verdict::Works(text.into()),
        Ok(Health::Degraded(text)) => Verdict::Warning(Problem::new(
            "service_degraded",
            format!("Swisscom reports a fault: {text}"),
            "The fault is at the service. Try again later.",
        )),
        Err(error) => fails(&error),
    }
}

async fn scenarios(account: &Swisscom) -> Verdict {
    let answer = match account.client.list().await {
        Ok(answer) => answer,
        Err(error) => return fails(&refusal(&error, WHAT)),
    };
    match map::list(&answer, &account.oddities) {
        Some(list) if list.is_empty() => Verdict::Warning(Problem::new(
            "no_scenarios",
            "There are no forwarding scenarios",
            "Create one in Swisscom's Business Center.",
        )),
        Some(list) => Verdict::Works(Note::count("scenarios", list.len() as u64, "scenarios")),
        None => fails(&unreadable(&account.oddities, WHAT, &answer)),
    }
}

fn fails(error: &ProviderError) -> Verdict {
    Verdict::Fails(problem(error))
}
