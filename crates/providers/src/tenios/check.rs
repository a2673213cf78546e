//! The wizard's walk: one finding at a time. Nobody's telephone rings, nothing is ordered, no agent's state changes.

use ringside_domain::Problem;
use ringside_telephony::{Agents, Finding, Note, ProviderError, Verdict};
use ringside_transport::{TransportError, json};
use tokio::sync::mpsc;

use super::Tenios;
use super::client::refusal;
use super::{extensions, journal};
use crate::account::failure::failure;

const PUSHES: &str = "Once it is connected, switch on the receiver under Settings, and enter the address it shows in the TENIOS \
                      portal under the number's posts: live calls come that way.";

/// Ends early if nobody listens any more.
pub async fn run(account: &Tenios, findings: &mpsc::Sender<Finding>) {
    // The wizard may have been closed.
    let tell = async |step: &'static str, verdict: Verdict| {
        let _ = findings.send(Finding { step, verdict }).await;
    };
    let reached = reach(account).await;
    let signed_in = if reached.lets_on() { sign_in(account).await } else { Verdict::skipped() };
    let usable = signed_in.lets_on();
    tell("reach", reached).await;
    tell("sign_in", signed_in).await;
    tell(extensions::PART, if usable { users(account).await } else { Verdict::skipped() }).await;
    tell("journal", if usable { records(account).await } else { Verdict::skipped() }).await;
    tell("agents", if usable { agent(account).await } else { Verdict::skipped() }).await;
    tell("dial", if usable { untried_dial(account) } else { Verdict::skipped() }).await;
    tell("number_orders", Verdict::NotTried(Note::new("would_order", "Trying it would order a number."))).await;
    tell("pushes", Verdict::NotTried(Note::new("pushes", PUSHES))).await;
}

fn untried_dial(account: &Tenios) -> Verdict {
    if !account.shared.options.callbacks.none() {
        return Verdict::would_ring();
    }
    let text = "Nothing can be dialled without a callback configuration. Make one in the TENIOS portal and enter its \
                number above.";
    Verdict::NotTried(Note::new("no_callback_configuration", text))
}

async fn reach(account: &Tenios) -> Verdict {
    match account.shared.client.reach().await {
        Ok(answer) => match json::html_title(&answer.body, answer.content_type()) {
            Some(title) => fails(&failure(&TransportError::Html { title }, "the address")),
            None => Verdict::Works(Note::new("answers", format!("The service answers ({}).", answer.status.as_u16()))),
        },
        Err(error) => fails(&failure(&error, "the address")),
    }
}

async fn sign_in(account: &Tenios) -> Verdict {
    account.shared.client.tokens.try_again();
    match account.shared.client.tokens.bearer().await {
        Ok(_) => Verdict::Works(Note::new("accepted", "The access key is accepted.")),
        Err(error) => fails(&refusal(&error, "the sign-in")),
    }
}

async fn users(account: &Tenios) -> Verdict {
    match account.shared.extensions().await {
        Ok(list) if list.is_empty() => Verdict::Warning(Problem::new(
            "no_extensions",
            "TENIOS lists no user of a cloud PBX for this account",
            "Add users in the TENIOS portal, or continue without.",
        )),
        Ok(list) => Verdict::Works(Note::count("users", list.len() as u64, "users")),
        Err(error) => fails(&refusal(&error, extensions::WHAT)),
    }
}

async fn records(account: &Tenios) -> Verdict {
    let now = (account.shared.now)();
    let yesterday = now.checked_sub(std::time::Duration::from_secs(24 * 3600)).unwrap_or(now);
    match journal::page(&account.shared, (yesterday, now), 1, 1).await {
        Ok(page) => {
            let total = page.total_items.as_deref().and_then(|total| total.parse().ok());
            Verdict::Works(match total {
                Some(total) => Note::count("calls_day", total, "calls in the last 24 hours"),
                None => Note::new("journal", "The call records can be read."),
            })
        }
        Err(error) => fails(&refusal(&error, journal::WHAT)),
    }
}

/// Asks for the state of the first user who has an e-mail.
async fn agent(account: &Tenios) -> Verdict {
    let users = account.shared.extensions().await.unwrap_or_default();
    let Some(user) = users.into_iter().find(|user| user.email.is_some()) else {
        return Verdict::NotTried(Note::new("no_agent_email", "No user has an e-mail, by which agents are known."));
    };
    match account.state(&user.id).await {
        Ok(Some(state)) => {
            Verdict::Works(Note::new("agent_state", format!("The agent at {} is: {}.", user.id, state.name)))
        }
        Ok(None) => Verdict::Works(Note::new("no_agent_state", "The service answers without a state.")),
        // Not every user is an agent of the contact centre.
        Err(error) if matches!(error.code(), "refused" | "not_found" | "forbidden") => Verdict::NotTried(Note::new(
            "no_agents",
            format!("The first user is not an agent, or the contact centre is not booked: {error}."),
        )),
        Err(error) => fails(&error),
    }
}

fn fails(error: &ProviderError) -> Verdict {
    Verdict::Fails(super::problem(error))
}
