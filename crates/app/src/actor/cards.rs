//! The pop-up cards: one a call, filled at once from memory, completed in place. Here alone it is decided when one goes.

use std::collections::{BTreeMap, BTreeSet};

use ringside_api::view::{Card, CardManner, CardView, Fact, ViewName};
use ringside_api::{ApiError, ApiEvent, Reply};
use ringside_domain::{Direction, LegKey, Phase, Timestamp};
use ringside_engine::{Attention, DownReason, Hotkey, Input, Leg, Manner, stays};
use ringside_store::CallKey;
use tokio::sync::oneshot;

use super::card_notes::Notes;
use super::inner::ReplyTo;
use super::numbers::Wanted;
use super::{Actor, answer, refuse};
use crate::view::call::{card_id, leg_id};
use crate::view::ms;

pub(super) struct Shown {
    /// [`card_id`], and when the call began where another call of this id had a card just before.
    pub id: String,
    pub leg: LegKey,
    pub call: CallKey,
    manner: CardManner,
    pub facts: Vec<Fact>,
    /// As it was shown last: the engine lets go of a call some minutes after its end, or for another one of its id.
    last: Option<Box<CardView>>,
    /// The call is over; since when, and from when on the card may go.
    over: Option<Over>,
    ringing: bool,
    pub note: Option<String>,
    problem: Option<ApiError>,
}

#[derive(Clone, Copy)]
struct Over {
    since: Timestamp,
    due: Timestamp,
}

/// Cards that are up, oldest first by their place in the map of order.
#[derive(Default)]
pub(super) struct Cards {
    pub shown: BTreeMap<u64, Shown>,
    next: u64,
    pointer: bool,
    keyboard: bool,
    unsaved: BTreeSet<String>,
    /// Until then what is told of pointer, keyboard and text counts.
    held_until: Option<Timestamp>,
    /// When pointer, keyboard and text had let go of all cards.
    released: Option<Timestamp>,
    pub notes: Notes,
}

impl Cards {
    pub fn find(&mut self, id: &str) -> Option<&mut Shown> {
        self.shown.values_mut().find(|card| card.id == id)
    }

    /// The latest card of a call of this id: services give an id again.
    fn of_leg(&mut self, leg: &LegKey) -> Option<&mut Shown> {
        self.shown.values_mut().rev().find(|card| card.leg.account == leg.account && card.leg.call == leg.call)
    }

    /// The id for the card of a call that has none yet.
    fn new_id(&self, leg: &LegKey, call: &CallKey) -> String {
        let id = card_id(leg);
        let is_taken = self.shown.values().any(|card| card.id == id) || self.notes.is_of_another(&id, call);
        if is_taken { format!("{id}@{}", ms(call.began)) } else { id }
    }

    /// The id of the card of a call.
    pub fn of_call(&self, call: &CallKey) -> Option<String> {
        self.shown.values().find(|card| card.call == *call).map(|card| card.id.clone())
    }

    fn take(&mut self, id: &str) -> Option<Shown> {
        let place = self.shown.iter().find(|(_, card)| card.id == id).map(|(place, _)| *place)?;
        self.shown.remove(&place)
    }

    /// When the next card that has ended goes, or when nothing holds them any more.
    pub fn due(&self) -> Option<Timestamp> {
        let held_until = self.held_until.filter(|_| self.is_held());
        self.shown.values().filter_map(|card| self.goes_at(card)).chain(held_until).min()
    }

    fn goes_at(&self, card: &Shown) -> Option<Timestamp> {
        let over = card.over?;
        let unsaved = self.unsaved.contains(&card.id);
        Attention { pointer: self.pointer, keyboard: self.keyboard, unsaved }.goes_at(over.due, self.released)
    }

    fn is_held(&self) -> bool {
        self.pointer || self.keyboard || !self.unsaved.is_empty()
    }
}

impl Actor {
    fn call_of(&self, leg: &LegKey) -> Option<CallKey> {
        let began = self.engine.leg(leg)?.began;
        Some(CallKey { account: leg.account.clone(), call: leg.call.clone(), began })
    }

    /// The id of the card of the call that the leg is of now.
    fn card_of(&self, leg: &LegKey) -> Option<String> {
        self.cards.of_call(&self.call_of(leg)?)
    }

    pub(super) fn card_up(&mut self, leg: &LegKey, manner: Manner) {
        let Some(call) = self.call_of(leg) else { return };
        let ringing = self.engine.leg(leg).is_some_and(|leg| leg.phase == Phase::Ringing);
        let inbound = self.engine.leg(leg).is_some_and(|leg| leg.direction != Some(Direction::Outbound));
        let manner_view = manner_of(manner);
        let known = self.cards.of_leg(leg).filter(|card| card.call == call).map(|card| {
            card.leg = leg.clone();
            card.manner = manner_view;
            card.over = None;
            card.id.clone()
        });
        let is_new = known.is_none();
        let id = known.unwrap_or_else(|| self.cards.new_id(leg, &call));
        if is_new {
            let shown = Shown {
                id: id.clone(),
                leg: leg.clone(),
                manner: manner_view,
                facts: self.expected_facts(leg),
                last: None,
                over: None,
                ringing: false,
                note: self.cards.notes.of(&call),
                call: call.clone(),
                problem: None,
            };
            self.cards.shown.insert(self.cards.next, shown);
            self.cards.next += 1;
        }
        let sounds = ringing && inbound && !self.is_card_silent(manner);
        if let Some(card) = self.cards.find(&id) {
            card.ringing = sounds;
        }
        self.publish_card(&id);
        if let Some(view) = self.card_view(&id) {
            self.desktop.pop_up(&view);
        }
        if sounds {
            self.desktop.ring(true);
        }
        if let Some(received) = self.received {
            self.latencies.note("event_to_card", Some(leg.account.as_str()), received.elapsed());
        }
        if is_new {
            self.fetch_facts(&id, leg, call);
        }
    }

    pub(super) fn card_changed(&mut self, leg: &LegKey) {
        let Some(id) = self.card_of(leg) else { return };
        let ringing = self.engine.leg(leg).is_some_and(|leg| leg.phase == Phase::Ringing);
        if let Some(card) = self.cards.find(&id)
            && card.ringing
            && !ringing
        {
            card.ringing = false;
            self.hush();
        }
        self.publish_card(&id);
    }

    /// More became known of a call whose card only waits to go, such as that somebody else took it.
    pub(super) fn card_leg_changed(&mut self, leg: &LegKey) {
        let Some(now) = self.engine.leg(leg) else { return };
        let stays = stays(now);
        let Some(id) = self.card_of(leg) else { return };
        let Some(card) = self.cards.find(&id).filter(|card| card.leg == *leg) else { return };
        let Some(over) = card.over.as_mut() else { return };
        over.due = over.due.min(after(over.since, stays));
        self.publish_card(&id);
    }

    pub(super) fn card_moved(&mut self, from: &LegKey, to: &LegKey) {
        if let Some(card) = self.cards.of_leg(from) {
            card.leg = to.clone();
        }
        self.card_changed(to);
    }

    pub(super) fn card_manner(&mut self, leg: &LegKey, manner: Manner) {
        let Some(id) = self.card_of(leg) else { return };
        if let Some(card) = self.cards.find(&id) {
            card.manner = manner_of(manner);
        }
        self.publish_card(&id);
    }

    pub(super) fn card_down(&mut self, leg: &LegKey, reason: DownReason) {
        let Some(id) = self.cards.of_leg(leg).map(|card| card.id.clone()) else { return };
        let now = self.now();
        let stays = match reason {
            DownReason::Dismissed => return self.drop_card(&id),
            DownReason::Left => jiff::SignedDuration::ZERO,
            DownReason::Ended => self
                .cards
                .shown
                .values()
                .find(|card| card.id == id)
                .and_then(|card| self.leg_of(card))
                .map_or(jiff::SignedDuration::ZERO, stays),
        };
        let Some(card) = self.cards.find(&id) else { return };
        card.over = Some(Over { since: now, due: after(now, stays) });
        if std::mem::take(&mut card.ringing) {
            self.hush();
        }
        self.publish_card(&id);
    }

    /// Who looks at the cards now, for as long as [`Attention::LASTS`].
    pub(super) fn hold_cards(&mut self, pointer: bool, keyboard: bool, unsaved: Vec<String>) {
        let (held, had_keyboard) = (self.cards.is_held(), self.cards.keyboard);
        let now = self.now();
        self.cards.pointer = pointer;
        self.cards.keyboard = keyboard;
        self.cards.unsaved = unsaved.into_iter().collect();
        self.cards.held_until = Some(after(now, Attention::LASTS));
        if held && !self.cards.is_held() {
            self.cards.released = Some(now);
        }
        if had_keyboard != keyboard {
            self.apply(Input::CardsFocused(keyboard));
        }
    }

    pub(super) fn close_cards(&mut self, now: Timestamp) {
        if self.cards.is_held() && self.cards.held_until.is_some_and(|until| until <= now) {
            self.hold_cards(false, false, Vec::new());
        }
        let gone = self.cards.shown.values().filter(|card| self.cards.goes_at(card).is_some_and(|at| at <= now));
        let gone: Vec<_> = gone.map(|card| card.id.clone()).collect();
        for id in gone {
            self.drop_card(&id);
        }
    }

    pub(super) fn drop_card(&mut self, id: &str) {
        let Some(card) = self.cards.take(id) else { return };
        if card.ringing {
            self.hush();
        }
        self.cards.unsaved.remove(id);
        self.cards.notes.gone(id, card.call.clone());
        self.publish(ApiEvent::CardGone { id: id.to_owned() });
        if self.cards.shown.is_empty() {
            self.desktop.pop_down();
        }
    }

    /// The bell stops when no card rings any more.
    fn hush(&mut self) {
        if self.cards.shown.values().all(|card| !card.ringing) {
            self.desktop.ring(false);
        }
    }

    pub(super) fn publish_card(&mut self, id: &str) {
        if let Some(card) = self.card_view(id) {
            if let Some(shown) = self.cards.find(id) {
                shown.last = Some(Box::new(card.clone()));
            }
            self.publish(ApiEvent::Card { card });
        }
    }

    pub(super) fn publish_cards(&mut self) {
        let all: Vec<_> = self.cards.shown.values().map(|card| card.id.clone()).collect();
        all.iter().for_each(|id| self.publish_card(id));
    }

    pub(super) fn card_views(&self) -> Vec<CardView> {
        self.cards.shown.values().filter_map(|card| self.card_view_of(card)).collect()
    }

    fn card_view(&self, id: &str) -> Option<CardView> {
        let card = self.cards.shown.values().find(|card| card.id == id)?;
        self.card_view_of(card)
    }

    /// The engine's leg of this key may be a later call's by now.
    fn leg_of(&self, card: &Shown) -> Option<&Leg> {
        self.engine.leg(&card.leg).filter(|leg| leg.began == card.call.began)
    }

    fn card_view_of(&self, card: &Shown) -> Option<CardView> {
        let leg = self.leg_of(card);
        let (leg_view, best, others, record_url) = match (leg, &card.last) {
            (Some(leg), _) => {
                let (best, others, _) = self.who.hits(&card.leg.account, &leg.remote);
                (self.leg_view_of(leg), best, others, self.record_address(leg))
            }
            (None, Some(last)) => (last.leg.clone(), last.best.clone(), last.others.clone(), last.record_url.clone()),
            (None, None) => return None,
        };
        let call = leg.and_then(|leg| self.engine.call(&leg.key.account, &leg.key.call));
        let unverified_since = call.and_then(|call| call.unverified_since(&card.leg.extension)).map(ms);
        Some(CardView {
            id: card.id.clone(),
            leg: leg_view,
            manner: card.manner,
            best,
            others,
            facts: card.facts.clone(),
            record_url,
            note: card.note.clone(),
            unverified_since,
            problem: card.problem.clone(),
        })
    }

    pub(super) fn preview(&mut self) -> Result<Reply, ApiError> {
        self.apply(Input::Hotkey(Hotkey::Preview));
        if self.cards.shown.is_empty() {
            return Err(refuse(
                "no_call_to_show",
                "there is no call to show",
                "The call card appears when you get a call.",
            ));
        }
        Ok(Reply::Done {})
    }

    pub(super) fn card_action(&mut self, action: Card, id: &str) -> Result<Reply, ApiError> {
        if self.cards.find(id).is_none() {
            return Err(no_card());
        }
        match action {
            Card::Dismiss => self.dismiss(id),
            Card::OpenRecord | Card::SearchRecord => {
                let address = self.card_view(id).and_then(|card| card.record_url);
                let opened = self.open_record_now(address);
                self.show_problem(id, opened.as_ref().err());
                opened?;
            }
            Card::SetUpRecord => {
                self.desktop.show(ViewName::Settings, None);
                self.publish(ApiEvent::Show { view: ViewName::Settings, text: None });
            }
            Card::CallBack => {
                let dialled = self.call_back(id);
                self.show_problem(id, dialled.as_ref().err());
                dialled?;
                self.dismiss(id);
            }
            Card::Claim => return Err(refuse("bad_request", "a claim is answered later", "")),
        }
        Ok(Reply::Done {})
    }

    /// The user is done with it.
    fn dismiss(&mut self, id: &str) {
        let card = self.cards.shown.values().find(|card| card.id == id);
        if let Some(leg) = card.and_then(|card| self.leg_of(card)).map(|leg| leg.key.clone()) {
            self.apply(Input::DismissCard(leg));
        }
        // A card whose call has ended is ours alone by now.
        self.drop_card(id);
    }

    /// What came to nothing stands on the card, where whoever pressed the key looks.
    pub(super) fn show_problem(&mut self, id: &str, problem: Option<&ApiError>) {
        let Some(card) = self.cards.find(id).filter(|card| card.problem.as_ref() != problem) else { return };
        card.problem = problem.cloned();
        self.publish_card(id);
    }

    /// From the line that was called, where that can dial; else from whichever of mine can.
    fn call_back(&mut self, id: &str) -> Result<(), ApiError> {
        let Some(leg) = self.card_view(id).map(|card| card.leg) else { return Err(no_card()) };
        let Some(number) = leg.remote.dial.clone() else {
            return Err(refuse("no_number", "the caller's number is not known", "Check the history for a name."));
        };
        let (account, extension) = (leg.account.as_str(), leg.extension.as_str());
        let there = Wanted {
            text: number.clone(),
            account: Some(account.to_owned()),
            from: Some(extension.to_owned()),
            ..Wanted::default()
        };
        let wanted = if self.place(&there).is_ok() { there } else { Wanted { text: number, ..Wanted::default() } };
        // Pressed twice it is one wish, as long as the telephone rings for it.
        let intent = format!("card-{}-{}", ms(self.now()), self.cards.next);
        let (reply, mut answered) = oneshot::channel();
        self.dial(intent, &wanted, reply);
        match answered.try_recv() {
            Ok(Err(error)) => Err(error),
            // What becomes of a dial that was begun is told as every dial's.
            Ok(Ok(_)) | Err(_) => Ok(()),
        }
    }

    /// Takes the missed call of a card to call back later.
    pub(super) fn claim_card(&mut self, id: &str, reply: ReplyTo) {
        let Some(call) = self.cards.find(id).map(|card| card.call.clone()) else {
            return answer(reply, Err(no_card()));
        };
        let (store, inner, card) = (self.store.clone(), self.inner.clone(), id.to_owned());
        let (by, at) = (ringside_domain::Label::new(&self.user), self.now());
        tokio::spawn(async move {
            let claimed = super::history::claim_call(&store, &call, &by, at).await.map(Box::new);
            // An actor that is gone answers nobody.
            let _ = inner.send(super::inner::Inner::CardClaimed { card, claimed, reply }).await;
        });
    }

    pub(super) fn card_claimed(
        &mut self,
        id: &str,
        claimed: Result<Box<ringside_store::CallRecord>, ApiError>,
        reply: ReplyTo,
    ) {
        self.show_problem(id, claimed.as_ref().err());
        match claimed {
            Ok(call) => {
                self.history_changed(&call);
                self.dismiss(id);
                answer(reply, Ok(Reply::Done {}));
            }
            Err(error) => answer(reply, Err(error)),
        }
    }

    pub(super) fn open_record(&mut self, leg: &LegKey) {
        let address = self.engine.leg(leg).and_then(|leg| self.record_address(leg));
        let opened = self.open_record_now(address);
        if let Err(error) = &opened {
            tracing::info!(leg = leg_id(leg), code = error.code, "no record was opened");
        }
        if let Some(id) = self.card_of(leg) {
            self.show_problem(&id, opened.as_ref().err());
        }
    }

    fn open_record_now(&mut self, address: Option<String>) -> Result<Reply, ApiError> {
        let Some(url) = address else {
            return Err(refuse(
                "no_record_url",
                "no CRM is set up",
                "Enter your CRM's address under Settings, with {number} for the number.",
            ));
        };
        self.desktop.open_url(&url);
        Ok(Reply::Done {})
    }

    /// The record's address with every placeholder percent-encoded; only web addresses are ever opened.
    fn record_address(&self, leg: &Leg) -> Option<String> {
        let template = self.config.pop_up.record_url.trim();
        if template.is_empty() {
            return None;
        }
        let key = &leg.key;
        let party = self.party_named(&key.account, &leg.remote);
        expand(
            template,
            &[
                ("number", party.dial.as_deref().unwrap_or_default()),
                ("name", party.name.as_deref().unwrap_or_default()),
                ("company", party.company.as_deref().unwrap_or_default()),
                ("call", key.call.as_str()),
                ("extension", key.extension.as_str()),
            ],
        )
    }
}

/// `None` when the result is no web address.
fn expand(template: &str, values: &[(&str, &str)]) -> Option<String> {
    let mut text = template.to_owned();
    for (name, value) in values {
        let encoded: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
        text = text.replace(&format!("{{{name}}}"), &encoded.replace('+', "%20"));
    }
    let url = url::Url::parse(&text).ok()?;
    matches!(url.scheme(), "https" | "http").then(|| url.to_string())
}

fn after(at: Timestamp, by: jiff::SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

fn no_card() -> ApiError {
    refuse("no_card", "this call card is closed", "Find its call in the history.")
}

fn manner_of(manner: Manner) -> CardManner {
    match manner {
        Manner::Card => CardManner::Card,
        Manner::Strip => CardManner::Strip,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_address_is_filled_in_and_nothing_gets_out_of_its_place() {
        let filled = |template, value| expand(template, &[("number", value)]);
        assert_eq!(
            filled("https://crm.example/find?q={number}", "+4922166966966").as_deref(),
            Some("https://crm.example/find?q=%2B4922166966966")
        );
        assert_eq!(
            filled("https://crm.example/{number}", "../admin?x=1#y").as_deref(),
            Some("https://crm.example/..%2Fadmin%3Fx%3D1%23y")
        );
        assert_eq!(filled("javascript:alert('{number}')", "1"), None);
        assert_eq!(filled("file:///etc/{number}", "passwd"), None);
        assert_eq!(filled("not an address", "1"), None);
    }
}
