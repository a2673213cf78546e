//! The wizard's walk: one finding at a time, and nobody's telephone rings.

use jiff::SignedDuration;
use ringside_domain::Problem;
use tokio::sync::mpsc;

use super::meaning::{code_unknown, problem, problem_of_real_time, refusal};
use super::options::Login;
use super::session::Shared;
use super::{agents, extensions, past, poll, realtime};
use crate::account::failure::failure;
use crate::error::ProviderError;
use crate::port::{Finding, Verdict};
use crate::transport::{TransportError, json};

/// The rest of the walk, each by its own interface.
const PARTS: [&str; 6] = ["line_states", realtime::PART, "dial", "journal", "agents", "pushes"];

/// Ends early if nobody listens any more.
pub async fn run(shared: &Shared, findings: &mpsc::Sender<Finding>) {
    // The wizard may have been closed.
    let tell = async |step: &'static str, verdict: Verdict| {
        let _ = findings.send(Finding { step, verdict }).await;
    };
    let reached = reach(shared).await;
    let reachable = matches!(reached, Verdict::Works(_) | Verdict::Warning(_));
    tell("reach", reached).await;
    let (signed_in, listed) = if reachable { code(shared).await } else { (skipped(), skipped()) };
    let usable = matches!(signed_in, Verdict::Works(_) | Verdict::Warning(_));
    tell("sign_in", signed_in).await;
    tell(extensions::PART, listed).await;
    for step in PARTS {
        let verdict = if usable { part(shared, step).await } else { skipped() };
        tell(step, verdict).await;
    }
}

/// What the administrator should know although nothing failed.
pub fn polled_problem() -> Problem {
    Problem::new(
        "line_states_polled",
        "Voicenter's real time is not in use for this account; the active calls are read every few seconds instead",
        "Lamps and pop-ups come later than the telephones ring. Check the login of real time under Accounts.",
    )
}

fn skipped() -> Verdict {
    Verdict::NotTried("An earlier step failed.".into())
}

async fn reach(shared: &Shared) -> Verdict {
    match shared.client.reach().await {
        Ok(answer) => match json::html_title(&answer.body, answer.content_type()) {
            Some(title) => fails(&failure(&TransportError::Html { title }, "the address")),
            None => Verdict::Works(format!("The service answers ({}).", answer.status.as_u16())),
        },
        Err(error) => fails(&failure(&error, "the address")),
    }
}

/// The code is tried by the extension list, which is the only thing that tells a wrong one.
async fn code(shared: &Shared) -> (Verdict, Verdict) {
    shared.client.try_again();
    match shared.extensions().await {
        Ok(list) if list.is_empty() => (Verdict::Fails(code_unknown()), skipped()),
        Ok(list) => {
            (Verdict::Works("The code is accepted.".into()), Verdict::Works(format!("{} extensions.", list.len())))
        }
        Err(error) => match refusal(&error, extensions::WHAT) {
            refused @ (ProviderError::SignInRefused | ProviderError::AddressNotAllowed) => (fails(&refused), skipped()),
            other => (Verdict::Works("The code was not refused.".into()), fails(&other)),
        },
    }
}

async fn part(shared: &Shared, step: &'static str) -> Verdict {
    match step {
        "line_states" => match shared.active(None).await {
            Ok(lines) => Verdict::Works(format!("{} lines.", lines.len())),
            Err(error) => fails(&refusal(&error, poll::WHAT)),
        },
        realtime::PART if matches!(shared.options.login, Login::Nothing) => Verdict::Warning(polled_problem()),
        realtime::PART => match realtime::try_once(shared).await {
            Ok(()) => Verdict::Works("Real time is open.".into()),
            Err(error) => Verdict::Fails(problem_of_real_time(&error)),
        },
        "journal" => {
            let now = (shared.now)();
            let from = now.checked_sub(SignedDuration::from_hours(1)).unwrap_or(now);
            match past::count(shared, from, now).await {
                Ok(count) => Verdict::Works(format!("{count} calls in the last hour.")),
                Err(error) => fails(&refusal(&error, past::WHAT)),
            }
        }
        "agents" if shared.options.status_names => match shared.client.statuses().await {
            Ok(_) => Verdict::Works("The account's own names of the states are there.".into()),
            Err(error) => fails(&refusal(&error, agents::WHAT)),
        },
        "agents" => Verdict::NotTried("Trying it would log somebody in or out.".into()),
        "pushes" => Verdict::NotTried("Enter Ringside's address in Voicenter's CPanel to have calls pushed.".into()),
        _ => Verdict::NotTried("Trying it would ring a telephone. Dial your mobile to see it work.".into()),
    }
}

fn fails(error: &ProviderError) -> Verdict {
    Verdict::Fails(problem(error))
}
