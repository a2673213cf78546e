//! What the passing of time brings about.

use jiff::SignedDuration;
use ringside_domain::Timestamp;

use crate::account;
use crate::call::{Call, Missed};
use crate::effect::{DownReason, Effect};
use crate::shared::Shared;
use crate::state::State;
use crate::tracked::Guess;

/// How long a call that is over is kept here for views and late reports; its history row stays elsewhere.
const KEEP: SignedDuration = SignedDuration::from_mins(10);

/// Legs of calls that are over, at most.
const KEEP_LEGS: usize = 2_000;

/// Does what is due, and finds out when something is due next.
pub(crate) fn due(state: &mut State, now: Timestamp, out: &mut Vec<Effect>) {
    let State { accounts, shared } = state;
    shared.deadline = None;
    for call in accounts.values_mut().flat_map(|account| account.calls.values_mut()) {
        if call.is_live() {
            close_stale(call, now, shared, out);
        }
        if let Missed::Perhaps(at) = call.missed {
            if at > now {
                shared.arm(at);
            } else {
                tell_missed(call, out);
            }
        }
    }
}

fn close_stale(call: &mut Call, now: Timestamp, shared: &mut Shared, out: &mut Vec<Effect>) {
    let guess = Guess { at: now, certain: false };
    for index in 0..call.legs.len() {
        let tracked = &call.legs[index];
        let Some(at) = tracked.stale_at(&shared.settings) else { continue };
        if at > now {
            shared.arm(at);
        } else {
            let extension = tracked.leg.key.extension.clone();
            account::close_in(call, |leg| *leg == extension, guess, now, shared, out);
        }
    }
}

pub(crate) fn tell_missed(call: &mut Call, out: &mut Vec<Effect>) {
    match call.missed_leg() {
        Some(index) => {
            call.missed = Missed::Told(index);
            out.push(Effect::Missed(call.legs[index].leg.key.clone()));
        }
        None => call.missed = Missed::No,
    }
}

/// Lets go of calls that have been over for long, and of the oldest where there are too many. Comes before anything
/// else happens, so that whatever the last effects named could be read.
pub(crate) fn forget(state: &mut State, now: Timestamp, out: &mut Vec<Effect>) {
    let State { accounts, shared } = state;
    while let Some(oldest) = shared.resting.front() {
        if now.duration_since(oldest.since) < KEEP && shared.resting_legs < KEEP_LEGS {
            return;
        }
        let Some(oldest) = shared.resting.pop_front() else { return };
        let Some(account) = accounts.get_mut(&oldest.account) else { continue };
        let is_it = account.calls.get(&oldest.call).is_some_and(|call| call.resting == Some(oldest.since));
        if !is_it {
            continue;
        }
        if let Some(call) = account.calls.remove(&oldest.call) {
            forget_call(&call, shared, out);
        }
        if account.removed && account.calls.is_empty() {
            accounts.remove(&oldest.account);
        }
    }
}

pub(crate) fn forget_call(call: &Call, shared: &mut Shared, out: &mut Vec<Effect>) {
    shared.calls -= 1;
    shared.resting_legs -= call.resting_legs;
    let facts = call.legs.iter().filter_map(|tracked| tracked.facts.as_slice().last());
    if let Some(until) = facts.map(|fact| fact.at).max() {
        shared.forgotten.remember(call.account(), call.id(), until);
    }
    if let Some(card) = call.card.as_ref().filter(|card| card.shown) {
        out.push(Effect::PopDown { leg: card.leg.clone(), reason: DownReason::Ended });
    }
    out.extend(call.legs().map(|leg| Effect::LegForgotten(leg.key.clone())));
}
