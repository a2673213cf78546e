//! Reports of legs.

use jiff::SignedDuration;
use ringside_domain::{CallerClass, LegUpdate, Party, Timestamp};

use crate::account::Account;
use crate::call::{Call, Missed};
use crate::course::Course;
use crate::deadlines;
use crate::effect::{Effect, UnknownKind};
use crate::facts::Step;
use crate::shared::Shared;
use crate::tracked::{Change, Tracked};

/// More calls at once than any one company has; beyond it new ones are not taken up, so that a mad provider cannot
/// eat the memory.
const MAX_CALLS: usize = 50_000;

/// Within this time after its end a telephone that rings under the same call id belongs to the same call, as when a queue
/// tries it again. Longer than [`crate::Settings::missed_settle`]: until then it is not known whether a call was missed.
const RINGS_AGAIN: SignedDuration = SignedDuration::from_secs(30);

/// After a talk or a refusal the same call does not ring again; a ring so soon is a late report.
const LATE: SignedDuration = SignedDuration::from_secs(10);

/// Reports of one moment arrive in any order within this time.
const REORDERED: SignedDuration = SignedDuration::from_millis(500);

/// A report from further ahead than any clock is wrong gets the time of its receipt.
const MAX_AHEAD: SignedDuration = SignedDuration::from_hours(24);

pub(crate) fn update(
    account: &mut Account,
    mut update: LegUpdate,
    class: CallerClass,
    now: Timestamp,
    shared: &mut Shared,
    out: &mut Vec<Effect>,
) {
    let Some(step) = Step::of(update.step) else {
        unknown_step(account, &update, now, shared, out);
        return;
    };
    if update.at.duration_since(now) > MAX_AHEAD {
        update.at = now;
    }
    if let Some(call) = account.calls.get_mut(&update.call)
        && begins_anew(call, &update, step, now)
    {
        if matches!(call.missed, Missed::Perhaps(_)) {
            deadlines::tell_missed(call, out);
        }
        if let Some(over) = account.calls.remove(&update.call) {
            deadlines::forget_call(&over, shared, out);
        }
    }
    let call = match account.calls.get_mut(&update.call) {
        Some(call) => call,
        None => {
            if shared.calls >= MAX_CALLS || is_echo(account, &update, step, shared) {
                return;
            }
            shared.calls += 1;
            let call = Call::new(account.id.clone(), update.call.clone(), now);
            account.calls.entry(update.call.clone()).or_insert(call)
        }
    };
    let index = call.position(&update.extension).unwrap_or_else(|| {
        let key = call.key(update.extension.clone());
        let mine = shared.is_mine(&key.account, &key.extension);
        call.legs.push(Tracked::new(key, mine, call.began, update.at, now));
        call.legs.len() - 1
    });
    take(call, index, step, update, class, now, shared, out);
}

/// Services give an id again, after a restart of theirs or out of a small stock: a ring well after the end of the call
/// that had it, by its stamp and by its arrival, is another call. A telephone that does not ring again for its call, for
/// that was answered or refused, rings for another one as soon as it rings for somebody else.
fn begins_anew(call: &Call, update: &LegUpdate, step: Step, now: Timestamp) -> bool {
    let Some(over_since) = call.resting.filter(|_| step.is_ring()) else { return false };
    let last = call.legs.iter().filter_map(|tracked| tracked.facts.as_slice().last()).map(|fact| fact.at).max();
    let same = call.position(&update.extension).map(|index| &call.legs[index].course);
    let patience = match same.is_some_and(|course| !course.is_live() && !course.may_ring_again()) {
        true if is_of_somebody_else(call, update) => REORDERED,
        true => LATE,
        false => RINGS_AGAIN,
    };
    let well_after = |end: Timestamp, at: Timestamp| at.duration_since(end) >= patience;
    well_after(over_since, now) && last.is_none_or(|last| well_after(last, update.at))
}

/// The telephone's call and the report both say who it is, and it is not the same.
fn is_of_somebody_else(call: &Call, update: &LegUpdate) -> bool {
    let known = call.position(&update.extension).map(|index| &call.legs[index].leg.remote);
    known.is_some_and(|known| *known != Party::Unstated && update.remote != Party::Unstated && *known != update.remote)
}

/// A late repetition of a call that is over and no longer kept. Only a new ring starts it anew.
fn is_echo(account: &Account, update: &LegUpdate, step: Step, shared: &Shared) -> bool {
    let ends = matches!(step, Step::Ended(_));
    shared.forgotten.until(&account.id, &update.call).is_some_and(|until| ends || update.at <= until)
}

#[expect(clippy::too_many_arguments, reason = "the parts of one report, taken apart once")]
fn take(
    call: &mut Call,
    index: usize,
    step: Step,
    update: LegUpdate,
    class: CallerClass,
    now: Timestamp,
    shared: &mut Shared,
    out: &mut Vec<Effect>,
) {
    let tracked = &mut call.legs[index];
    let new_fact = tracked.facts.insert(update.at, step);
    let at = new_fact.unwrap_or(update.at);
    let mut details = tracked.times.merge(&mut tracked.leg, update, class);
    if at < tracked.leg.started_at && new_fact.is_some() {
        tracked.leg.started_at = at;
        details = true;
    }
    if new_fact.is_none() && !details {
        return;
    }
    if new_fact.is_some() {
        tracked.last_seen = now;
        if std::mem::take(&mut tracked.leg.unverified) {
            details = true;
            if !matches!(step, Step::Ended(_)) {
                tracked.blind_attempt = None;
            }
        }
        doubt_guess(tracked, at);
    }
    let mine_changed = call.retell(index, details, now, shared, out);
    call.follow_up(mine_changed, now, shared, out);
}

/// A guessed end gives way to a report from after it, and if only time went by also to an older one that leads on.
fn doubt_guess(tracked: &mut Tracked, at: Timestamp) {
    let Some(guess) = tracked.guess else { return };
    let told = Course::of(&tracked.facts, &[]);
    let moved_on = (told.phase, told.attempt) != (tracked.course.phase, tracked.course.attempt);
    if at > guess.at || moved_on && !guess.certain {
        tracked.guess = None;
    }
}

/// A word we do not know says that the leg lives, and nothing else.
fn unknown_step(account: &mut Account, update: &LegUpdate, now: Timestamp, shared: &mut Shared, out: &mut Vec<Effect>) {
    account.unknown_steps += 1;
    if account.unknown_steps == 1 {
        out.push(Effect::UnknownWord { account: account.id.clone(), kind: UnknownKind::LegStep });
    }
    let Some(call) = account.calls.get_mut(&update.call) else { return };
    let Some(index) = call.position(&update.extension) else { return };
    let tracked = &mut call.legs[index];
    if !tracked.leg.is_live() {
        return;
    }
    tracked.last_seen = now;
    if std::mem::take(&mut tracked.leg.unverified) {
        let change = Change { shown: true, ..Change::default() };
        crate::call::tell(&tracked.leg, change, out);
        let mine = tracked.leg.mine;
        call.follow_up(mine, now, shared, out);
    }
}
