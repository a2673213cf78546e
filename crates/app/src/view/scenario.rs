//! Forwarding scenarios.

use ringside_api::view::{ForwardingView, ScenarioAsked, ScenarioView};
use ringside_domain::{AccountId, PhoneNumber, ScenarioState, Timestamp};
use ringside_engine::ScenarioReading;

use super::ms;

/// What was asked of it, beside what a reading says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Beside {
    pub asked: Option<ScenarioAsked>,
    pub ends_at: Option<Timestamp>,
    pub drift: bool,
    pub unverified_live: bool,
}

/// A number as people write it; other texts as they are.
fn shown(text: &str) -> String {
    PhoneNumber::from_e164(text).map_or_else(|_| text.to_owned(), |number| number.international())
}

pub(crate) fn scenario(account: &AccountId, reading: &ScenarioReading, beside: Beside) -> ScenarioView {
    let (state, state_text) = match &reading.scenario.state {
        ScenarioState::Active => ("active", None),
        ScenarioState::Inactive => ("inactive", None),
        ScenarioState::Changing => ("changing", None),
        ScenarioState::Scheduled => ("scheduled", None),
        ScenarioState::Unknown(word) => ("unknown", Some(word.as_str().to_owned())),
    };
    ScenarioView {
        account: account.to_string(),
        id: reading.scenario.id.to_string(),
        name: Some(reading.scenario.name.as_str().to_owned()).filter(|name| !name.is_empty()),
        state: state.to_owned(),
        state_text,
        forwardings: reading
            .scenario
            .forwardings
            .iter()
            .map(|way| ForwardingView {
                from: way.from.as_str().to_owned(),
                to: way.to.as_str().to_owned(),
                from_shown: shown(way.from.as_str()),
                to_shown: shown(way.to.as_str()),
            })
            .collect(),
        at: ms(reading.read_at),
        stale_since: reading.stale_since.map(ms),
        asked: beside.asked,
        ends_at: beside.ends_at.map(ms),
        drift: beside.drift,
        unverified_live: beside.unverified_live,
    }
}
