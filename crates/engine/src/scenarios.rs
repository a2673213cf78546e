//! Forwarding scenarios, as last read.

use ringside_domain::{Scenario, ScenarioId, Timestamp};

use crate::account::Account;
use crate::effect::Effect;

/// A scenario and when somebody last looked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScenarioReading {
    pub scenario: Scenario,
    pub read_at: Timestamp,
    /// It is what was last known, and this is since when nobody knows.
    pub stale_since: Option<Timestamp>,
}

impl ScenarioReading {
    pub(crate) fn lose(&mut self, since: Timestamp, unless_seen: Option<Timestamp>) -> bool {
        let seen = unless_seen.is_some_and(|moment| self.read_at >= moment);
        if self.stale_since.is_some() || seen {
            return false;
        }
        self.stale_since = Some(since);
        true
    }
}

/// The whole list: what is not in it is gone.
pub(crate) fn all(account: &mut Account, list: Vec<Scenario>, now: Timestamp, out: &mut Vec<Effect>) {
    let before = std::mem::take(&mut account.scenarios);
    let known = |id: &ScenarioId| before.iter().find(|reading| reading.scenario.id == *id);
    for scenario in &list {
        if known(&scenario.id).is_none_or(|reading| reading.scenario != *scenario) {
            out.push(changed(account, &scenario.id));
        }
    }
    for reading in &before {
        if !list.iter().any(|scenario| scenario.id == reading.scenario.id) {
            out.push(changed(account, &reading.scenario.id));
        }
    }
    let fresh = |scenario| ScenarioReading { scenario, read_at: now, stale_since: None };
    account.scenarios = list.into_iter().map(fresh).collect();
    out.push(Effect::ScenariosReplaced(account.id.clone()));
}

/// One scenario.
pub(crate) fn one(account: &mut Account, scenario: Scenario, now: Timestamp, out: &mut Vec<Effect>) {
    let effect = changed(account, &scenario.id);
    let place = account.scenarios.iter().position(|reading| reading.scenario.id == scenario.id);
    let reading = ScenarioReading { scenario, read_at: now, stale_since: None };
    match place {
        Some(place) => account.scenarios[place] = reading,
        None => account.scenarios.push(reading),
    }
    out.push(effect);
}

fn changed(account: &Account, scenario: &ScenarioId) -> Effect {
    Effect::ScenarioChanged { account: account.id.clone(), scenario: scenario.clone() }
}
