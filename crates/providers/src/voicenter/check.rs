//! The wizard's walk: one finding at a time, and nobody's telephone rings.

use jiff::SignedDuration;
use ringside_domain::Problem;
use ringside_telephony::{Finding, Note, ProviderError, Verdict};
use ringside_transport::{TransportError, json};
use tokio::sync::mpsc;

use super::meaning::{code_unknown, problem, problem_of_real_time, refusal};
use super::options::Login;
use super::session::Shared;
use super::{agents, extensions, past, poll, realtime};
use crate::account::failure::failure;

/// The rest of the walk, each by its own interface.
const PARTS: [&str; 6] = ["line_states", realtime::PART, "dial", "journal", "agents", "pushes"];

const PUSHES: &str = "Once it is connected, switch on the receiver under Settings, and enter the address it shows in Voicenter's \
                      CPanel, to have calls pushed.";

/// Ends early if nobody listens any more.
pub async fn run(shared: &Shared, findings: &mpsc::Sender<Finding>) {
    // The wizard may have been closed.
    let tell = async |step: &'static str, verdict: Verdict| {
        let _ = findings.send(Finding { step, verdict }).await;
    };
    let reached = reach(shared).await;
    let reachable = reached.lets_on();
    tell("reach", reached).await;
    let (signed_in, listed) = if reachable { code(shared).await } else { (Verdict::skipped(), Verdict::skipped()) };
    let usable = signed_in.lets_on();
    tell("sign_in", signed_in).await;
    tell(extensions::PART, listed).await;
    for step in PARTS {
        let verdict = if usable { part(shared, step).await } else { Verdict::skipped() };
        tell(step, verdict).await;
    }
}

/// What the administrator should know although nothing failed.
pub fn polled_problem() -> Problem {
    Problem::new(
        "line_states_polled",
        "Voicenter sends this account no live updates; Ringside checks every few seconds",
        "Lamps and call cards come later. Check the live-update login under Accounts.",
    )
}

async fn reach(shared: &Shared) -> Verdict {
    match shared.client.reach().await {
        Ok(answer) => match json::html_title(&answer.body, answer.content_type()) {
            Some(title) => fails(&failure(&TransportError::Html { title }, "the address")),
            None => Verdict::Works(Note::new("answers", format!("The service answers ({}).", answer.status.as_u16()))),
        },
        Err(error) => fails(&failure(&error, "the address")),
    }
}

/// The code is tried by the extension list, which is the only thing that tells a wrong one.
async fn code(shared: &Shared) -> (Verdict, Verdict) {
    shared.client.try_again();
    match shared.extensions().await {
        Ok(list) if list.is_empty() => (Verdict::Fails(code_unknown()), Verdict::skipped()),
        Ok(list) => (
            Verdict::Works(Note::new("accepted", "The code is accepted.")),
            Verdict::Works(Note::count("extensions", list.len() as u64, "extensions")),
        ),
        Err(error) => match refusal(&error, extensions::WHAT) {
            refused @ (ProviderError::SignInRefused | ProviderError::AddressNotAllowed) => {
                (fails(&refused), Verdict::skipped())
            }
            other => (Verdict::Works(Note::new("not_refused", "The code was not refused.")), fails(&other)),
        },
    }
}

async fn part(shared: &Shared, step: &'static str) -> Verdict {
    match step {
        "line_states" => match shared.active(None).await {
            Ok(lines) => Verdict::Works(Note::count("lines", lines.len() as u64, "lines")),
            Err(error) => fails(&refusal(&error, poll::WHAT)),
        },
        realtime::PART if matches!(shared.options.login, Login::Nothing) => Verdict::Warning(polled_problem()),
        realtime::PART => match realtime::try_once(shared).await {
            Ok(()) => Verdict::Works(Note::new("streaming", "Real time is open.")),
            Err(error) => Verdict::Fails(problem_of_real_time(&error)),
        },
        "journal" => {
            let now = (shared.now)();
            let from = now.checked_sub(SignedDuration::from_hours(1)).unwrap_or(now);
            match past::count(shared, from, now).await {
                Ok(count) => Verdict::Works(Note::count("calls_hour", count, "calls in the last hour")),
                Err(error) => fails(&refusal(&error, past::WHAT)),
            }
        }
        "agents" if shared.options.status_names => match shared.client.statuses().await {
            Ok(_) => Verdict::Works(Note::new("state_names", "The account's own names of the states are there.")),
            Err(error) => fails(&refusal(&error, agents::WHAT)),
        },
        "agents" => Verdict::NotTried(Note::new("would_log_in", "Trying it would log someone in or out.")),
        "pushes" => Verdict::NotTried(Note::new("pushes", PUSHES)),
        _ => Verdict::would_ring(),
    }
}

fn fails(error: &ProviderError) -> Verdict {
    Verdict::Fails(problem(error))
}
