//! The pop-up cards: one a call, filled at once from memory, completed in place.

use std::collections::BTreeMap;
use std::time::Duration;

use ringside_api::view::{Card, CardManner, CardView, Fact, FactKind};
use ringside_api::{ApiError, ApiEvent, Reply};
use ringside_domain::{Direction, LegKey, Party, Phase};
use ringside_engine::{DownReason, Hotkey, Input, Manner};
use tokio::time::Instant;

use super::inner::Inner;
use super::{Actor, refuse};
use crate::view::call::{card_id, leg_id};
use crate::view::ms;

/// How long a card stays after its call: long enough to read the end, short enough not to be in the way.
const LINGER: Duration = Duration::from_secs(4);

struct Shown {
    leg: LegKey,
    manner: CardManner,
    facts: Vec<Fact>,
    gone_at: Option<Instant>,
    ringing: bool,
}

/// Cards that are up, oldest first by their place in the map of order.
#[derive(Default)]
pub(super) struct Cards {
    shown: BTreeMap<u64, Shown>,
    next: u64,
}

impl Cards {
    fn find(&mut self, id: &str) -> Option<&mut Shown> {
        self.shown.values_mut().find(|card| card_id(&card.leg) == id)
    }

    fn take(&mut self, id: &str) -> Option<Shown> {
        let place = self.shown.iter().find(|(_, card)| card_id(&card.leg) == id).map(|(place, _)| *place)?;
        self.shown.remove(&place)
    }

    /// When the next card that has ended goes.
    pub fn due(&self) -> Option<Instant> {
        self.shown.values().filter_map(|card| card.gone_at).min()
    }
}

impl Actor {
    pub(super) fn card_up(&mut self, leg: &LegKey, manner: Manner) {
        let id = card_id(leg);
        let ringing = self.engine.leg(leg).is_some_and(|leg| leg.phase == Phase::Ringing);
        let inbound = self.engine.leg(leg).is_some_and(|leg| leg.direction != Some(Direction::Outbound));
        let manner_view = manner_of(manner);
        let known = self.cards.find(&id).map(|card| {
            card.leg = leg.clone();
            card.manner = manner_view;
            card.gone_at = None;
        });
        if known.is_none() {
            let facts = self.expected_facts(leg);
            let shown = Shown { leg: leg.clone(), manner: manner_view, facts, gone_at: None, ringing: false };
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
        if known.is_none() {
            self.fetch_facts(leg);
        }
    }

    pub(super) fn card_changed(&mut self, leg: &LegKey) {
        let id = card_id(leg);
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

    pub(super) fn card_moved(&mut self, from: &LegKey, to: &LegKey) {
        if let Some(card) = self.cards.find(&card_id(from)) {
            card.leg = to.clone();
        }
        self.card_changed(to);
    }

    pub(super) fn card_manner(&mut self, leg: &LegKey, manner: Manner) {
        let id = card_id(leg);
        if let Some(card) = self.cards.find(&id) {
            card.manner = manner_of(manner);
        }
        self.publish_card(&id);
    }

    pub(super) fn card_down(&mut self, leg: &LegKey, reason: DownReason) {
        let id = card_id(leg);
        match reason {
            DownReason::Dismissed => self.drop_card(&id),
            DownReason::Ended => {
                let Some(card) = self.cards.find(&id) else { return };
                card.gone_at = Some(Instant::now() + LINGER);
                let was_ringing = std::mem::take(&mut card.ringing);
                if was_ringing {
                    self.hush();
                }
                self.publish_card(&id);
            }
        }
    }

    pub(super) fn close_cards(&mut self, now: Instant) {
        let over: Vec<_> = self
            .cards
            .shown
            .values()
            .filter(|card| card.gone_at.is_some_and(|at| at <= now))
            .map(|card| card_id(&card.leg))
            .collect();
        for id in over {
            self.drop_card(&id);
        }
    }

    fn drop_card(&mut self, id: &str) {
        let Some(card) = self.cards.take(id) else { return };
        if card.ringing {
            self.hush();
        }
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

    fn publish_card(&mut self, id: &str) {
        if let Some(card) = self.card_view(id) {
            self.publish(ApiEvent::Card { card });
        }
    }

    pub(super) fn card_views(&self) -> Vec<CardView> {
        self.cards.shown.values().filter_map(|card| self.card_view_of(card)).collect()
    }

    fn card_view(&self, id: &str) -> Option<CardView> {
        let card = self.cards.shown.values().find(|card| card_id(&card.leg) == id)?;
        self.card_view_of(card)
    }

    fn card_view_of(&self, card: &Shown) -> Option<CardView> {
        let leg = self.engine.leg(&card.leg)?;
        let (best, others, _) = self.who.hits(&card.leg.account, &leg.remote);
        Some(CardView {
            id: card_id(&card.leg),
            leg: self.leg_view_of(leg),
            manner: card.manner,
            best,
            others,
            facts: card.facts.clone(),
            record_url: self.record_address(&card.leg),
        })
    }

    /// Places that the history will fill; nothing moves when it does.
    fn expected_facts(&self, leg: &LegKey) -> Vec<Fact> {
        let remote = self.engine.leg(leg).map(|leg| leg.remote.clone()).unwrap_or_default();
        let mut facts = Vec::new();
        if let (Some(hit), _, _) = self.who.hits(&leg.account, &remote) {
            if hit.vip {
                facts.push(Fact {
                    text: Some(hit.note.clone()).filter(|n| !n.is_empty()),
                    ..fact(FactKind::Vip, &hit.source)
                });
            } else if !hit.note.is_empty() {
                facts.push(Fact { text: Some(hit.note.clone()), ..fact(FactKind::ContactNote, &hit.source) });
            }
        }
        if matches!(remote, Party::Number(_)) {
            facts.push(Fact { pending: true, ..fact(FactKind::LastSpoken, "history") });
        }
        facts
    }

    fn fetch_facts(&self, leg: &LegKey) {
        let Some(remote) = self.engine.leg(leg).map(|leg| leg.remote.clone()) else { return };
        let Party::Number(number) = remote.clone() else { return };
        let (store, card) = (self.store.clone(), card_id(leg));
        let midnight =
            self.now().to_zoned(jiff::tz::TimeZone::system()).start_of_day().map_or(self.now(), |day| day.timestamp());
        self.beside(async move {
            let mut facts = Vec::new();
            if let Ok(Some(last)) = store.last_with(&remote, None).await {
                facts.push(Fact {
                    at: Some(ms(last.call.started_at)),
                    seconds: last.call.talked_for().and_then(|s| u32::try_from(s.as_secs()).ok()),
                    text: Some(last.call.extension.to_string()),
                    ..fact(FactKind::LastSpoken, "history")
                });
                if !last.note.is_empty() {
                    facts.push(Fact { text: Some(last.note), ..fact(FactKind::LastNote, "history") });
                }
            }
            if let Ok(today) = store.counts(&number, midnight).await
                && today.calls > 1
            {
                let before = today.calls - 1;
                let kind =
                    if today.unanswered >= before { FactKind::CalledTodayUnanswered } else { FactKind::CalledToday };
                facts.push(Fact { count: Some(today.calls), ..fact(kind, "history") });
            }
            Inner::Facts { card, facts }
        });
    }

    pub(super) fn facts_fetched(&mut self, id: &str, facts: Vec<Fact>) {
        let named: Vec<_> = facts
            .into_iter()
            .map(|mut fact| {
                if fact.kind == FactKind::LastSpoken {
                    fact.text = fact.text.and_then(|extension| self.name_of_extension(id, &extension));
                }
                fact
            })
            .collect();
        let Some(card) = self.cards.find(id) else { return };
        card.facts.retain(|fact| !fact.pending);
        card.facts.extend(named);
        self.publish_card(id);
    }

    fn name_of_extension(&self, card: &str, extension: &str) -> Option<String> {
        let leg = &self.cards.shown.values().find(|shown| card_id(&shown.leg) == card)?.leg;
        let name = self.extension_name(&leg.account, &extension.into());
        Some(if name.is_empty() { extension.to_owned() } else { name })
    }

    pub(super) fn preview(&mut self) -> Result<Reply, ApiError> {
        let before = self.cards.shown.len();
        self.apply(Input::Hotkey(Hotkey::Preview));
        if self.cards.shown.is_empty() && before == 0 {
            return Err(refuse("no_call", "there is no call to show", "A card comes up when somebody calls."));
        }
        Ok(Reply::Done {})
    }

    pub(super) fn card_action(&mut self, action: Card, id: &str) -> Result<Reply, ApiError> {
        let Some(leg) = self.cards.find(id).map(|card| card.leg.clone()) else {
            return Err(refuse("no_card", "that card is gone", "Its call is in the history."));
        };
        match action {
            Card::Dismiss => {
                self.apply(Input::DismissCard(leg));
                // A card whose call has ended is ours alone by now.
                self.drop_card(id);
            }
            Card::OpenRecord | Card::SearchRecord => return self.open_record_now(&leg),
        }
        Ok(Reply::Done {})
    }

    pub(super) fn open_record(&mut self, leg: &LegKey) {
        if let Err(error) = self.open_record_now(leg) {
            tracing::info!(leg = leg_id(leg), code = error.code, "no record was opened");
        }
    }

    fn open_record_now(&mut self, leg: &LegKey) -> Result<Reply, ApiError> {
        let Some(url) = self.record_address(leg) else {
            return Err(refuse(
                "no_record_url",
                "no address of records is set",
                "Enter the address of your CRM under Settings, with {number} where the number goes.",
            ));
        };
        self.desktop.open_url(&url);
        Ok(Reply::Done {})
    }

    /// The record's address with every placeholder percent-encoded; only web addresses are ever opened.
    fn record_address(&self, key: &LegKey) -> Option<String> {
        let template = self.config.pop_up.record_url.trim();
        if template.is_empty() {
            return None;
        }
        let leg = self.engine.leg(key)?;
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

fn fact(kind: FactKind, source: &str) -> Fact {
    Fact { kind, at: None, count: None, seconds: None, text: None, source: source.to_owned(), pending: false }
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
