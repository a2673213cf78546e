//! What a card says of earlier calls: of finished ones alone, and nothing that contradicts itself.

use std::time::Duration;

use ringside_api::view::{Fact, FactKind};
use ringside_domain::{LegKey, Party, Problem, Timestamp};
use ringside_store::{CallKey, Earlier, Store, StoreError, TodayCounts};

use super::Actor;
use super::inner::Inner;
use crate::view::ms;

const AGAIN: [Duration; 3] = [Duration::from_millis(200), Duration::from_secs(1), Duration::from_secs(3)];

impl Actor {
    /// Places that the history will fill; nothing moves when it does.
    pub(super) fn expected_facts(&self, leg: &LegKey) -> Vec<Fact> {
        let remote = self.engine.leg(leg).map(|leg| leg.remote.clone()).unwrap_or_default();
        let mut facts = Vec::new();
        if let (Some(hit), _, _) = self.who.hits(&leg.account, &remote)
            && !hit.note.is_empty()
        {
            facts.push(Fact { text: Some(hit.note.clone()), ..fact(FactKind::ContactNote, &hit.source) });
        }
        if matches!(remote, Party::Number(_)) && self.config.history.days > 0 {
            facts.push(Fact { pending: true, ..fact(FactKind::LastSpoken, "history") });
        }
        facts
    }

    pub(super) fn fetch_facts(&self, card: &str, leg: &LegKey, call: CallKey) {
        let remote = self.engine.leg(leg).map(|leg| leg.remote.clone()).unwrap_or_default();
        let (store, card) = (self.store.clone(), card.to_owned());
        let midnight =
            self.now().to_zoned(jiff::tz::TimeZone::system()).start_of_day().map_or(self.now(), |day| day.timestamp());
        self.beside(async move {
            let note = noted(&store, &call).await.map_err(|error| error.problem());
            let facts = match read(&store, &remote, &call, midnight).await {
                Ok(Some((earlier, today))) => told(&earlier, today, midnight),
                // Whoever hides the number has no history.
                Ok(None) => Vec::new(),
                Err(error) => {
                    tracing::debug!(code = error.code(), "what was before a call could not be read");
                    Vec::new()
                }
            };
            Inner::Facts { card, facts, note }
        });
    }

    pub(super) fn facts_fetched(&mut self, id: &str, facts: Vec<Fact>, note: Result<String, Problem>) {
        let Some(account) = self.cards.find(id).map(|card| card.leg.account.clone()) else { return };
        let named: Vec<_> = facts
            .into_iter()
            .map(|mut fact| {
                if let (FactKind::LastSpoken, Some(extension)) = (fact.kind, &fact.text) {
                    let name = self.extension_name(&account, &extension.as_str().into());
                    fact.text = Some(name).filter(|name| !name.is_empty()).or(fact.text);
                }
                fact
            })
            .collect();
        let Some(card) = self.cards.find(id) else { return };
        card.facts.retain(|fact| !fact.pending);
        // Over a note that could not be read none is written: its field stays closed, and the card says why.
        let unread = match note {
            Ok(note) => {
                card.note.get_or_insert(note);
                None
            }
            Err(problem) => Some(problem),
        };
        if card.facts.iter().all(|fact| fact.source != "history") {
            card.facts.extend(named);
        }
        self.publish_card(id);
        if let Some(problem) = unread {
            self.show_problem(id, Some(&problem.into()));
        }
    }
}

/// What is noted on the call already. A store that is busy for a moment is asked again.
async fn noted(store: &Store, call: &CallKey) -> Result<String, StoreError> {
    let mut pauses = AGAIN.iter();
    loop {
        match store.call_of(call).await {
            Ok(call) => return Ok(call.map(|call| call.note).unwrap_or_default()),
            Err(error) => match pauses.next() {
                Some(pause) => tokio::time::sleep(*pause).await,
                None => return Err(error),
            },
        }
    }
}

async fn read(
    store: &Store,
    remote: &Party,
    call: &CallKey,
    midnight: Timestamp,
) -> Result<Option<(Earlier, TodayCounts)>, StoreError> {
    let Party::Number(number) = remote else { return Ok(None) };
    Ok(Some((store.earlier(remote, call).await?, store.counts(number, midnight, call).await?)))
}

/// The sentences, at most three. Nobody "never answered" whom somebody spoke with the same day.
fn told(earlier: &Earlier, today: TodayCounts, midnight: Timestamp) -> Vec<Fact> {
    let mut facts = Vec::new();
    if let Some(call) = &earlier.spoken {
        facts.push(Fact {
            at: Some(ms(call.answered_at.unwrap_or(call.started_at))),
            seconds: call.talked_for().and_then(|s| u32::try_from(s.as_secs()).ok()),
            text: (!call.mine).then(|| call.extension.to_string()),
            ..fact(FactKind::LastSpoken, "history")
        });
    }
    if let Some((note, at)) = &earlier.note {
        facts.push(Fact { at: Some(ms(*at)), text: Some(note.clone()), ..fact(FactKind::LastNote, "history") });
    }
    let spoken_today = earlier.spoken.as_ref().is_some_and(|call| call.started_at >= midnight);
    match today {
        TodayCounts { calls: 0, .. } => {}
        TodayCounts { calls, unanswered } if unanswered == calls && !spoken_today => {
            facts.push(Fact { count: Some(calls), ..fact(FactKind::CalledTodayUnanswered, "history") });
        }
        TodayCounts { calls, .. } => {
            facts.push(Fact { count: Some(calls), ..fact(FactKind::CalledToday, "history") });
        }
    }
    match earlier.last_at {
        Some(at) if earlier.spoken.is_none() && today.calls == 0 => {
            facts.insert(0, Fact { at: Some(ms(at)), ..fact(FactKind::LastCalled, "history") });
        }
        None if earlier.spoken.is_none() => facts.push(fact(FactKind::FirstCall, "history")),
        Some(_) | None => {}
    }
    facts
}

fn fact(kind: FactKind, source: &str) -> Fact {
    Fact { kind, at: None, count: None, seconds: None, text: None, source: source.to_owned(), pending: false }
}
