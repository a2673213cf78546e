//! The link to a provider, and what its loss does to what is known.

use ringside_domain::{Gap, LinkPhase, LinkState, Timestamp};

use crate::account::Account;
use crate::effect::Effect;
use crate::lines;
use crate::shared::Shared;
use crate::tracked::Change;

pub(crate) fn link(account: &mut Account, link: LinkState, now: Timestamp, shared: &mut Shared, out: &mut Vec<Effect>) {
    let (since, phase, was_down) = (link.since.min(now), link.phase, account.down_since());
    if account.link.as_ref() != Some(&link) {
        account.link = Some(link);
        out.push(Effect::LinkChanged(account.id.clone()));
    }
    match phase {
        LinkPhase::Offline | LinkPhase::Connecting => lose(account, since, None, now, shared, out),
        LinkPhase::Online | LinkPhase::Degraded => {
            if let Some(gap) = account.pending_gap.take() {
                mark(account, gap, out);
            }
            if was_down.is_some_and(|down| lines::trust_recent(account, down, now)) {
                out.push(Effect::LinesReplaced(account.id.clone()));
            }
        }
    }
}

/// Events were lost. Several streams of one account may each say so of the same outage.
pub(crate) fn gap(account: &mut Account, gap: Gap, now: Timestamp, shared: &mut Shared, out: &mut Vec<Effect>) {
    let (from, until) = (gap.from.min(now), gap.until.min(now).max(gap.from.min(now)));
    lose(account, from, Some(until), now, shared, out);
    let pending = account.pending_gap.take();
    let from = pending.as_ref().map_or(from, |pending| pending.from.min(from));
    let until = pending.as_ref().map_or(until, |pending| pending.until.max(until));
    let gap = Gap { account: account.id.clone(), from, until };
    if account.is_down() {
        account.pending_gap = Some(gap);
    } else {
        mark(account, gap, out);
    }
}

fn mark(account: &mut Account, gap: Gap, out: &mut Vec<Effect>) {
    if account.last_gap_until.is_some_and(|last| gap.from < last) {
        return;
    }
    account.last_gap_until = Some(gap.until);
    out.push(Effect::Gap { account: gap.account, from: gap.from, until: gap.until });
}

/// What was known is from before `since`, but for what was heard of at or after `unless_seen`.
fn lose(
    account: &mut Account,
    since: Timestamp,
    unless_seen: Option<Timestamp>,
    now: Timestamp,
    shared: &mut Shared,
    out: &mut Vec<Effect>,
) {
    let lost = account.lines.values_mut().fold(false, |lost, line| line.lose(since, unless_seen) | lost);
    if lost {
        out.push(Effect::LinesReplaced(account.id.clone()));
    }
    let old = account.scenarios.iter_mut().fold(false, |old, reading| reading.lose(since, unless_seen) | old);
    if old {
        out.push(Effect::ScenariosReplaced(account.id.clone()));
    }
    let Account { calls, unverified, .. } = account;
    unverified.retain(|(call, extension)| {
        let leg = calls.get(call).and_then(|call| call.leg(extension));
        leg.is_some_and(|leg| leg.is_live() && leg.unverified)
    });
    for call in calls.values_mut() {
        let (mut any, mut mine) = (false, false);
        for tracked in &mut call.legs {
            let seen = unless_seen.is_some_and(|moment| tracked.last_seen >= moment);
            if !tracked.leg.is_live() || tracked.leg.unverified || seen {
                continue;
            }
            tracked.leg.unverified = true;
            tracked.blind_since = Some(since);
            tracked.blind_attempt = Some(tracked.course.attempt);
            unverified.push((tracked.leg.key.call.clone(), tracked.leg.key.extension.clone()));
            crate::call::tell(&tracked.leg, Change { shown: true, ..Change::default() }, out);
            any = true;
            mine |= tracked.leg.mine;
        }
        if any {
            call.follow_up(mine, now, shared, out);
        }
    }
}
