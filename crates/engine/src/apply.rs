//! The one way to change the state.

use ringside_domain::{AccountId, CallerClass, Event, Timestamp};

use crate::account::Account;
use crate::effect::Effect;
use crate::input::{Hotkey, Input};
use crate::shared::Shared;
use crate::state::State;
use crate::tracked::Guess;
use crate::{deadlines, legs, lines, links, popup, scenarios};

/// Takes one thing that happened and says what should happen because of it. `now`: the host's clock, UTC.
pub fn apply(state: &mut State, now: Timestamp, input: Input) -> Vec<Effect> {
    let mut effects = Vec::new();
    apply_into(state, now, input, &mut effects);
    effects
}

/// As [`apply`], adding the effects to `out`, so that a host with much to do need not allocate for each. What the
/// effects name can be read until the next call, which may forget what has ended.
pub fn apply_into(state: &mut State, now: Timestamp, input: Input, out: &mut Vec<Effect>) {
    deadlines::forget(state, now, out);
    match input {
        Input::Provider { account, event, class } => provider(state, account, event, class, now, out),
        Input::Tick => {}
        Input::AccountRemoved(account) => remove(state, &account, now, out),
        Input::Hotkey(Hotkey::Preview) => popup::preview(state, out),
        Input::DismissCard(leg) => popup::dismiss(state, &leg, out),
        Input::CardsFocused(focused) => {
            state.shared.cards_focused = focused;
            if !focused {
                popup::leave(state, out);
            }
        }
        Input::Quiet(quiet) => {
            state.shared.presenting = quiet;
            state.shared.attention_changed = true;
        }
    }
    if std::mem::take(&mut state.shared.attention_changed) {
        popup::grow_strips(state, out);
    }
    if state.shared.deadline.is_some_and(|deadline| now >= deadline) {
        deadlines::due(state, now, out);
    }
}

fn provider(state: &mut State, id: AccountId, event: Event, class: CallerClass, now: Timestamp, out: &mut Vec<Effect>) {
    let State { accounts, shared } = state;
    let account = match accounts.get_mut(&id) {
        Some(account) => account,
        None => accounts.entry(id.clone()).or_insert_with(|| Account::new(id)),
    };
    if account.removed {
        // What was still under way when the account was taken out; a link event says that it is back.
        if !matches!(event, Event::Link(_)) {
            return;
        }
        account.removed = false;
    }
    take(account, event, class, now, shared, out);
}

fn take(
    account: &mut Account,
    event: Event,
    class: CallerClass,
    now: Timestamp,
    shared: &mut Shared,
    out: &mut Vec<Effect>,
) {
    match event {
        Event::Leg(update) => legs::update(account, update, class, now, shared, out),
        Event::Line(update) => lines::reading(account, update, now, shared, out),
        Event::Lines(list) => lines::readings(account, list, now, shared, out),
        Event::Extensions(list) => lines::extensions(account, list, now, shared, out),
        Event::Link(link) => links::link(account, link, now, shared, out),
        Event::Gap(gap) => links::gap(account, gap, now, shared, out),
        Event::Scenarios(list) => scenarios::all(account, list, now, out),
        Event::Scenario(scenario) => scenarios::one(account, scenario, now, out),
    }
}

/// Lines and scenarios go at once; live calls are closed, and stay readable for a while like any other.
fn remove(state: &mut State, id: &AccountId, now: Timestamp, out: &mut Vec<Effect>) {
    let State { accounts, shared } = state;
    let Some(account) = accounts.get_mut(id) else { return };
    account.close_legs(|_| true, Guess { at: now, certain: true }, now, shared, out);
    for reading in &account.scenarios {
        out.push(Effect::ScenarioChanged { account: id.clone(), scenario: reading.scenario.id.clone() });
    }
    let calls = std::mem::take(&mut account.calls);
    *account = Account { calls, removed: true, ..Account::new(id.clone()) };
    out.push(Effect::LinesReplaced(id.clone()));
    out.push(Effect::ScenariosReplaced(id.clone()));
    out.push(Effect::LinkChanged(id.clone()));
    if account.calls.is_empty() {
        accounts.remove(id);
    }
}
