//! Who gets a card when. One card a call; it stays where it is from the first ring to the end.

use jiff::SignedDuration;
use ringside_domain::{Direction, LegKey, Outcome, Phase, Timestamp};

use crate::call::Call;
use crate::effect::{DownReason, Effect, Manner};
use crate::policy::Trigger;
use crate::shared::{Shared, later};
use crate::state::State;
use crate::tracked::{Leg, Tracked};

/// The card of a call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Card {
    /// The leg it speaks of, which is also its key.
    pub leg: LegKey,
    pub manner: Manner,
    pub shown: bool,
    /// The user asked for it; it stays though the call is over.
    held: bool,
    /// The user called it by the hotkey and has not left it since: while it has the keyboard, the next press means its
    /// record.
    called: bool,
    /// How often my lines had been rung when the user put it away.
    dismissed_at_ring: Option<u32>,
    record_opened: bool,
}

impl Card {
    fn hidden(leg: LegKey) -> Self {
        Self {
            leg,
            manner: Manner::Card,
            shown: false,
            held: false,
            called: false,
            dismissed_at_ring: None,
            record_opened: false,
        }
    }
}

/// Shows, moves or takes down the call's card after any of its legs changed; `mine_changed`: one of mine did.
pub(crate) fn consider(call: &mut Call, mine_changed: bool, shared: &Shared, out: &mut Vec<Effect>) {
    let Some(index) = presented(call) else {
        take_down(call, mine_changed, out);
        return;
    };
    let manner = manner(shared);
    let rings = rings(call);
    let Tracked { leg, old, .. } = &call.legs[index];
    let rule = shared.settings.policy.rule(leg.direction, leg.class);
    let card = call.card.get_or_insert_with(|| Card::hidden(leg.key.clone()));
    if card.shown {
        follow(card, leg, manner, mine_changed, out);
    } else if is_due(rule.pop_up, leg) && !old && card.dismissed_at_ring.is_none_or(|ring| rings > ring) {
        show(card, leg, manner, out);
    }
    if is_due(rule.open_record, leg) && !old && !card.record_opened {
        card.record_opened = true;
        out.push(Effect::OpenRecord { leg: leg.key.clone() });
    }
}

fn show(card: &mut Card, leg: &Leg, manner: Manner, out: &mut Vec<Effect>) {
    card.leg = leg.key.clone();
    card.manner = manner;
    card.shown = true;
    card.held = !leg.is_live();
    card.called = false;
    out.push(Effect::PopUp { leg: leg.key.clone(), manner });
}

/// Keeps a shown card up to date. It may grow, but nothing takes a card back to a strip.
fn follow(card: &mut Card, leg: &Leg, manner: Manner, mine_changed: bool, out: &mut Vec<Effect>) {
    card.held = false;
    if card.leg != leg.key {
        let from = std::mem::replace(&mut card.leg, leg.key.clone());
        out.push(Effect::CardMoved { from, to: leg.key.clone() });
    }
    if mine_changed {
        out.push(Effect::CardChanged(leg.key.clone()));
    }
    grow(card, manner, out);
}

fn grow(card: &mut Card, manner: Manner, out: &mut Vec<Effect>) {
    if card.manner == Manner::Strip && manner == Manner::Card {
        card.manner = Manner::Card;
        out.push(Effect::CardManner { leg: card.leg.clone(), manner });
    }
}

fn take_down(call: &mut Call, mine_changed: bool, out: &mut Vec<Effect>) {
    let Some(card) = call.card.as_mut().filter(|card| card.shown) else { return };
    if card.held {
        if mine_changed {
            out.push(Effect::CardChanged(card.leg.clone()));
        }
        return;
    }
    card.shown = false;
    out.push(Effect::PopDown { leg: card.leg.clone(), reason: DownReason::Ended });
}

fn is_due(trigger: Trigger, leg: &Leg) -> bool {
    match trigger {
        Trigger::OnRinging => true,
        Trigger::OnAnswer => leg.phase == Phase::Connected,
        Trigger::OnHotkey | Trigger::Never => false,
    }
}

/// The leg of mine that the card speaks of: the one it spoke of before, unless that is over or another was answered.
fn presented(call: &Call) -> Option<usize> {
    let current = call.card.as_ref().filter(|card| card.shown).map(|card| &card.leg.extension);
    let live = call.legs.iter().enumerate().filter(|(_, tracked)| tracked.leg.mine && tracked.leg.is_live());
    live.max_by_key(|(index, tracked)| {
        let leg = &tracked.leg;
        let connected = leg.phase == Phase::Connected;
        (connected, Some(&leg.key.extension) == current, std::cmp::Reverse(*index))
    })
    .map(|(index, _)| index)
}

/// Only a screen that others look at has strips: whoever rings while another call goes on is what matters now.
fn manner(shared: &Shared) -> Manner {
    if shared.is_quiet() { Manner::Strip } else { Manner::Card }
}

fn rings(call: &Call) -> u32 {
    call.legs().filter(|leg| leg.mine).map(|leg| leg.attempt).sum()
}

/// The user is no longer presenting: strips become cards.
pub(crate) fn grow_strips(state: &mut State, out: &mut Vec<Effect>) {
    let State { accounts, shared } = state;
    for call in accounts.values_mut().flat_map(|account| account.calls.values_mut()) {
        if let Some(card) = call.card.as_mut().filter(|card| card.shown && card.manner == Manner::Strip) {
            grow(card, manner(shared), out);
        }
    }
}

/// The user put the card away: it does not come back for this ring, whatever else is reported of it.
pub(crate) fn dismiss(state: &mut State, key: &LegKey, out: &mut Vec<Effect>) {
    let Some(call) = state.accounts.get_mut(&key.account).and_then(|account| account.calls.get_mut(&key.call)) else {
        return;
    };
    let rings = rings(call);
    let Some(card) = call.card.as_mut().filter(|card| card.leg == *key) else { return };
    card.dismissed_at_ring = Some(rings);
    card.held = false;
    card.called = false;
    if std::mem::replace(&mut card.shown, false) {
        out.push(Effect::PopDown { leg: key.clone(), reason: DownReason::Dismissed });
    }
}

/// The keyboard has left the cards: those that were only brought back to be read have been read.
pub(crate) fn leave(state: &mut State, out: &mut Vec<Effect>) {
    for call in state.accounts.values_mut().flat_map(|account| account.calls.values_mut()) {
        let Some(card) = call.card.as_mut() else { continue };
        card.called = false;
        if card.shown && std::mem::take(&mut card.held) {
            card.shown = false;
            out.push(Effect::PopDown { leg: card.leg.clone(), reason: DownReason::Left });
        }
    }
}

/// The preview hotkey: the ringing caller's card, or else the last one, gets the keyboard; once it has, its record opens.
pub(crate) fn preview(state: &mut State, out: &mut Vec<Effect>) {
    let State { accounts, shared } = state;
    let calls = accounts.values_mut().flat_map(|account| account.calls.values_mut());
    let wanted = calls.filter_map(|call| {
        let index = previewed(call, shared)?;
        let leg = &call.legs[index].leg;
        Some((order(leg), index, call))
    });
    let Some((_, index, call)) = wanted.max_by_key(|(order, _, _)| *order) else { return };
    let leg = &call.legs[index].leg;
    let card = call.card.get_or_insert_with(|| Card::hidden(leg.key.clone()));
    let has_record = shared.settings.policy.rule(leg.direction, leg.class).open_record != Trigger::Never;
    let again = card.called && shared.cards_focused && card.manner == Manner::Card;
    if again && has_record {
        card.record_opened = true;
        out.push(Effect::OpenRecord { leg: card.leg.clone() });
        return;
    }
    if !card.shown {
        show(card, leg, Manner::Card, out);
    } else if card.manner == Manner::Strip {
        grow(card, Manner::Card, out);
    }
    card.called = true;
    out.push(Effect::CardCalled(card.leg.clone()));
}

/// How long a card stays at least after its call: long enough to read the end, and what was missed long enough to be
/// returned.
pub fn stays(leg: &Leg) -> SignedDuration {
    if leg.direction != Some(Direction::Outbound) && leg.outcome == Some(Outcome::Missed) {
        SignedDuration::from_secs(15)
    } else {
        SignedDuration::from_secs(4)
    }
}

/// Who looks at the cards or works on them. Nothing goes from under a pointer, nor with text that is not kept yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Attention {
    pub pointer: bool,
    pub keyboard: bool,
    /// The card holds text that is not kept yet.
    pub unsaved: bool,
}

impl Attention {
    /// A pointer slips off the edge of what it is about to press.
    const GRACE: SignedDuration = SignedDuration::from_secs(1);
    /// Attention that is not told again for so long is over: a page that died or was hidden tells no end.
    pub const LASTS: SignedDuration = SignedDuration::from_secs(4);

    pub fn holds(self) -> bool {
        self.pointer || self.keyboard || self.unsaved
    }

    /// When a card goes that may go at `due`; `None` while something holds it. `released`: when nothing did any more.
    pub fn goes_at(self, due: Timestamp, released: Option<Timestamp>) -> Option<Timestamp> {
        if self.holds() {
            return None;
        }
        Some(released.map_or(due, |at| due.max(later(at, Self::GRACE))))
    }
}

/// The leg the hotkey would show of this call, if the policy has cards for it at all.
fn previewed(call: &Call, shared: &Shared) -> Option<usize> {
    let mine = call.legs.iter().enumerate().filter(|(_, tracked)| tracked.leg.mine);
    let wanted = mine.filter(|(_, tracked)| {
        let leg = &tracked.leg;
        shared.settings.policy.rule(leg.direction, leg.class).pop_up != Trigger::Never
    });
    let index = wanted.max_by_key(|(index, tracked)| (order(&tracked.leg), std::cmp::Reverse(*index)))?.0;
    let shown = call.card.as_ref().filter(|card| card.shown);
    shown.and_then(|card| call.position(&card.leg.extension)).or(Some(index))
}

/// Who rings me before whom I ring, before connected, before ended; the latest of each.
fn order(leg: &Leg) -> (u8, Timestamp) {
    let rank = match leg.phase {
        Phase::Dialing | Phase::Ringing if leg.direction != Some(Direction::Outbound) => 3,
        Phase::Dialing | Phase::Ringing => 2,
        Phase::Connected => 1,
        Phase::Ended => 0,
    };
    (rank, leg.ended_at.or(leg.answered_at).or(leg.ringing_at).unwrap_or(leg.started_at))
}
