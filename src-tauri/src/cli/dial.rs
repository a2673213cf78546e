//! `dial`: rings a telephone, exactly once.

use std::process::ExitCode;

use ringside_api::view::{DialState, DialView, LegView};
use ringside_api::{ApiError, ApiEvent, Reply, Request};
use ringside_domain::{Capability, Problem};

use super::core::{Core, unexpected, went_away};
use super::options::Dial;
use super::out::Out;
use super::rows::Call;
use super::settle::{Accounts, settled};
use crate::links;

pub async fn run(core: &mut Core, options: &Dial, out: &Out) -> Result<ExitCode, ApiError> {
    let text = number(&options.number)?;
    let accounts = Accounts { named: options.account.as_deref(), capability: Some(Capability::Dial) };
    settled(core, accounts, true).await?;
    let mut events = core.subscribe().await?;
    let request = Request::Dial {
        intent: uuid::Uuid::new_v4().to_string(),
        text,
        line: None,
        account: options.account.clone(),
        from: options.from.clone(),
    };
    let Reply::Dial { dial } = core.call(request).await? else { return Err(unexpected()) };
    let mut seen = Call::of_dial(&dial, &out.zone);
    out.row(&seen);
    let (mut newest, mut leg) = (dial, None);
    while !is_enough(newest.state, options.wait) {
        for envelope in events.next().await.ok_or_else(went_away)? {
            match envelope.event {
                ApiEvent::Dial { dial } if dial.intent == newest.intent => newest = dial,
                ApiEvent::Leg { leg: other } if is_of(&other, &newest) => leg = Some(other),
                _ => continue,
            }
            let row = Call::of_dial_and_leg(&newest, leg.as_ref(), &out.zone);
            if row != seen {
                out.row(&row);
                seen = row;
            }
        }
    }
    named_end(&newest)
}

fn is_of(leg: &LegView, dial: &DialView) -> bool {
    dial.call.as_ref() == Some(&leg.call) && dial.from == format!("{}/{}", leg.account, leg.extension)
}

/// A link's number, or the text as it is: the core reads and refuses it.
fn number(text: &str) -> Result<String, ApiError> {
    if !links::is_link(text) {
        return Ok(text.to_owned());
    }
    links::number_of(text).map_err(|error| Problem::from(error).into())
}

/// Without `--wait` it is enough that the service has taken it.
fn is_enough(state: DialState, wait: bool) -> bool {
    match state {
        DialState::Sending | DialState::Checking => false,
        DialState::Accepted
        | DialState::CallerRinging
        | DialState::CallerAnswered
        | DialState::CalleeDialing
        | DialState::CalleeRinging => !wait,
        DialState::Connected
        | DialState::HandedOver
        | DialState::NoAnswer
        | DialState::Busy
        | DialState::Rejected
        | DialState::Cancelled
        | DialState::Failed
        | DialState::Unknown => true,
    }
}

fn named_end(dial: &DialView) -> Result<ExitCode, ApiError> {
    let (code, message) = match dial.state {
        DialState::Sending
        | DialState::Accepted
        | DialState::CallerRinging
        | DialState::CallerAnswered
        | DialState::CalleeDialing
        | DialState::CalleeRinging
        | DialState::Checking
        | DialState::HandedOver
        | DialState::Connected => return Ok(ExitCode::SUCCESS),
        DialState::NoAnswer => ("no_answer", "nobody answered"),
        DialState::Busy => ("busy", "the line is busy"),
        DialState::Rejected => ("rejected", "the call was rejected"),
        DialState::Cancelled => ("cancelled", "the call was cancelled"),
        DialState::Failed => ("failed", "the call was not placed"),
        DialState::Unknown => ("unconfirmed", "it is not known what became of the call"),
    };
    let unsaid = || Problem::new(code, message, "Look at the telephone before you dial again.").into();
    Err(dial.problem.clone().unwrap_or_else(unsaid))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_read_and_a_number_is_left_to_the_core() {
        assert_eq!(number("tel:+49-221-669-66966").ok().as_deref(), Some("+4922166966966"));
        assert_eq!(number("0221 66966966").ok().as_deref(), Some("0221 66966966"));
        assert!(number("sip:anna@office.example").is_err());
    }

    #[test]
    fn waiting_ends_only_with_a_named_end() {
        assert!(is_enough(DialState::CallerRinging, false) && !is_enough(DialState::CallerRinging, true));
        assert!(!is_enough(DialState::Sending, false) && !is_enough(DialState::Checking, false));
        assert!(is_enough(DialState::Busy, true) && is_enough(DialState::Connected, true));
    }
}
