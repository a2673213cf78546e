//! The wizard's walk: one finding at a time. Nobody's telephone rings, nothing is ordered, no agent's state changes.

use ringside_domain::Problem;
use tokio::sync::mpsc;

use super::Tenios;
use super::client::refusal;
use super::{extensions, journal};
use crate::account::failure::failure;
use crate::error::ProviderError;
use crate::port::{Agents, Finding, Verdict};
use crate::transport::{TransportError, json};

/// Ends early if nobody listens any more.
pub async fn run(account: &Tenios, findings: &mpsc::Sender<Finding>) {
    // The wizard may have been closed.
    let tell = async |step: &'static str, verdict: Verdict| {
        let _ = findings.send(Finding { step, verdict }).await;
    };
    let reached = reach(account).await;
    let signed_in = if failed(&reached) { skipped() } else { sign_in(account).await };
    let usable = !failed(&signed_in);
    tell("reach", reached).await;
    tell("sign_in", signed_in).await;
    tell(extensions::PART, if usable { users(account).await } else { skipped() }).await;
    tell("journal", if usable { records(account).await } else { skipped() }).await;
    tell("agents", if usable { agent(account).await } else { skipped() }).await;
    tell("dial", Verdict::NotTried(untried_dial(account).into())).await;
    tell("number_orders", Verdict::NotTried("Trying it would order a number.".into())).await;
    let pushes = "TENIOS sends live calls to Ringside's receiver. Enter the receiver's address in the portal under the \
                  number's posts, then call the number.";
    tell("pushes", Verdict::NotTried(pushes.into())).await;
}

fn untried_dial(account: &Tenios) -> &'static str {
    if account.shared.options.callbacks.none() {
        "Dialling needs a callback configuration of the TENIOS portal: enter its id as callback_config_id."
    } else {
        "Trying it would ring a telephone. Dial your mobile to see it work."
    }
}

fn failed(verdict: &Verdict) -> bool {
    match verdict {
        Verdict::Fails(_) | Verdict::NotTried(_) => true,
        Verdict::Works(_) | Verdict::Warning(_) => false,
    }
}

fn skipped() -> Verdict {
    Verdict::NotTried("An earlier step failed.".into())
}

async fn reach(account: &Tenios) -> Verdict {
    match account.shared.client.reach().await {
        Ok(answer) => match json::html_title(&answer.body, answer.content_type()) {
            Some(title) => fails(&failure(&TransportError::Html { title }, "the address")),
            None => Verdict::Works(format!("The service answers ({}).", answer.status.as_u16())),
        },
        Err(error) => fails(&failure(&error, "the address")),
    }
}

async fn sign_in(account: &Tenios) -> Verdict {
    account.shared.client.tokens.try_again();
    match account.shared.client.tokens.bearer().await {
        Ok(_) => Verdict::Works("The access key is taken.".into()),
        Err(error) => fails(&refusal(&error, "the sign-in")),
    }
}

async fn users(account: &Tenios) -> Verdict {
    match account.shared.extensions().await {
        Ok(list) if list.is_empty() => Verdict::Warning(Problem::new(
            "no_extensions",
            "TENIOS lists no user of a cloud PBX for this account",
            "Add users in the TENIOS portal, or go on without: calls are then known by the number that was called.",
        )),
        Ok(list) => Verdict::Works(format!("{} users.", list.len())),
        Err(error) => fails(&refusal(&error, extensions::WHAT)),
    }
}

async fn records(account: &Tenios) -> Verdict {
    let now = (account.shared.now)();
    let yesterday = now.checked_sub(std::time::Duration::from_secs(24 * 3600)).unwrap_or(now);
    match journal::page(&account.shared, (yesterday, now), 1, 1).await {
        Ok(page) => {
            let total = page.total_items.unwrap_or_else(|| "unknown".into());
            Verdict::Works(format!("Records of the last day: {total}."))
        }
        Err(error) => fails(&refusal(&error, journal::WHAT)),
    }
}

/// Asks for the state of the first user who has an e-mail.
async fn agent(account: &Tenios) -> Verdict {
    let users = account.shared.extensions().await.unwrap_or_default();
    let Some(user) = users.into_iter().find(|user| user.email.is_some()) else {
        return Verdict::NotTried("No user has an e-mail, by which agents are known.".into());
    };
    match account.state(&user.id).await {
        Ok(Some(state)) => Verdict::Works(format!("The agent at {} is: {}.", user.id, state.name)),
        Ok(None) => Verdict::Works("The service answers without a state.".into()),
        // Not every user is an agent of the contact centre.
        Err(error) if matches!(error.code(), "refused" | "not_found" | "forbidden") => {
            Verdict::NotTried(format!("The first user is no agent, or the contact centre is not booked: {error}."))
        }
        Err(error) => fails(&error),
    }
}

fn fails(error: &ProviderError) -> Verdict {
    Verdict::Fails(super::problem(error))
}
