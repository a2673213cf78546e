//! The wizard's walk: one finding at a time, and nobody's telephone rings.

use jiff::SignedDuration;
use ringside_domain::Problem;
use ringside_telephony::{Finding, Note, Verdict};
use tokio::sync::mpsc;

use super::shared::Shared;
use super::trouble::{Trouble, problem, refusal};
use super::{extensions, journal, numbers};

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Ends early if nobody listens any more.
pub async fn run(shared: &Shared, findings: &mpsc::Sender<Finding>) {
    // The wizard may have been closed.
    let tell = async |step: &'static str, verdict: Verdict| {
        let _ = findings.send(Finding { step, verdict }).await;
    };
    let reached = reach(shared).await;
    let signed_in = if reached.lets_on() { sign_in(shared).await } else { Verdict::skipped() };
    let usable = signed_in.lets_on();
    tell("reach", reached).await;
    tell("sign_in", signed_in).await;
    tell("extensions", if usable { devices(shared).await } else { Verdict::skipped() }).await;
    tell("journal", if usable { past_calls(shared).await } else { Verdict::skipped() }).await;
    tell("numbers", if usable { own_numbers(shared).await } else { Verdict::skipped() }).await;
    tell("dial", if usable { Verdict::would_ring() } else { Verdict::skipped() }).await;
}

async fn reach(shared: &Shared) -> Verdict {
    match shared.client.reach().await {
        Ok(_) => Verdict::Works(Note::new("answers", "The API answers.")),
        Err(trouble) => fails(&trouble, "the address"),
    }
}

async fn sign_in(shared: &Shared) -> Verdict {
    shared.client.tokens.try_again();
    match shared.client.tokens.bearer().await {
        Ok(_) => Verdict::Works(Note::new("signed_in", format!("Signed in as {}.", shared.options.username))),
        Err(error) => fails(&Trouble::SignIn(error), "the sign-in"),
    }
}

async fn devices(shared: &Shared) -> Verdict {
    match shared.devices().await {
        Ok(list) if list.is_empty() => Verdict::Warning(Problem::new(
            "no_extensions",
            "fonial lists no device for this account",
            "Add a phone in fonial's customer account to dial from here.",
        )),
        Ok(list) => Verdict::Works(Note::count("devices", list.len() as u64, "devices")),
        Err(trouble) => fails(&trouble, extensions::WHAT),
    }
}

async fn past_calls(shared: &Shared) -> Verdict {
    let now = (shared.now)();
    let yesterday = now.checked_sub(DAY).unwrap_or(now);
    match journal::window(shared, yesterday, now).await {
        Ok(calls) => Verdict::Works(Note::count("calls_day", calls.len() as u64, "calls in the last 24 hours")),
        Err(trouble) => fails(&trouble, journal::WHAT),
    }
}

async fn own_numbers(shared: &Shared) -> Verdict {
    match shared.numbers().await {
        Ok(list) => Verdict::Works(Note::count("numbers", list.len() as u64, "numbers")),
        Err(trouble) => fails(&trouble, numbers::WHAT),
    }
}

fn fails(trouble: &Trouble, what: &str) -> Verdict {
    Verdict::Fails(problem(&refusal(trouble, what)))
}
