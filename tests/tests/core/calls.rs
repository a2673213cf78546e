//! From the ringing telephone to the history.

use ringside_api::view::{CallbackState, Card, CardView, PartyKind};
use ringside_api::{ApiEvent, Reply, Request};
use ringside_app::desktop::{Asked, Notification};
use ringside_exchange::{DialBehaviour, Fault, FaultKind, RingSpec};
use ringside_tests::rig::{self, Rig, word};

const LENZ: &str = "4922166966966";

/// A file of contacts, taken in as a user would.
async fn import(rig: &Rig, csv: &str) {
    use base64::Engine as _;
    let data = base64::engine::general_purpose::STANDARD.encode(csv);
    let reply = rig.call(Request::ImportContacts { name: "customers.csv".into(), data, replace: false }).await.unwrap();
    let Reply::Import { report } = reply else { panic!("{reply:?}") };
    assert!(report.contacts > 0, "{report:?}");
}

fn name_on(card: &CardView) -> Option<&str> {
    card.leg.remote.name.as_deref()
}

#[tokio::test]
async fn a_call_is_a_card_with_a_name_then_a_row_in_the_history() {
    let (exchange, rig) = rig::quiet().await;
    import(&rig, "Name,Company,Phone\nDr. Miriam Lenz,Orthopädie Lenz,+49 221 66966966\n").await;
    let call = exchange.ring(RingSpec::to("31").from(LENZ));
    let card = rig.card("a ringing card", |card| word(&card.leg.phase) == "ringing").await;
    assert_eq!(name_on(&card), Some("Dr. Miriam Lenz"));
    assert_eq!(card.leg.remote.company.as_deref(), Some("Orthopädie Lenz"));
    assert_eq!(card.leg.remote.dial.as_deref(), Some("+4922166966966"));
    assert_eq!(card.leg.remote.region.as_deref(), Some("DE"));
    assert!(card.best.is_some_and(|hit| hit.source.contains("customers.csv") && hit.rule == "exact_number"));
    let first = rig.desktop.asked().into_iter().find_map(|asked| match asked {
        Asked::PopUp(card) => Some(card),
        _ => None,
    });
    assert_eq!(name_on(&first.unwrap()), Some("Dr. Miriam Lenz"), "the name is there with the first paint");

    assert!(call.answer("31"));
    let talking = rig.card("the same card, talking", |card| word(&card.leg.phase) == "connected").await;
    assert_eq!(talking.id, card.id, "a card keeps its identity");
    assert!(call.hang_up());
    let row = rig.recorded("the call", |page| page.rows.iter().find(|row| row.outcome.is_some()).cloned()).await;
    assert_eq!(row.outcome.map(|it| word(&it)).as_deref(), Some("answered"));
    assert_eq!(row.remote.name.as_deref(), Some("Dr. Miriam Lenz"));
    assert!(row.answered_at.is_some() && row.ended_at.is_some() && row.mine && row.callback.is_none());
    rig.event("the card goes", |event| match event {
        ApiEvent::CardGone { id } => (*id == card.id).then_some(()),
        _ => None,
    })
    .await;
    assert!(rig.desktop.asked().contains(&Asked::PopDown), "nothing is left to show");
}

#[tokio::test]
async fn a_colleague_who_answers_ends_my_card_as_answered_elsewhere() {
    let (exchange, rig) = rig::quiet().await;
    let call = exchange.ring(RingSpec::to_group(["31", "32", "33"]).from(LENZ));
    rig.card("my card", |_| true).await;
    assert!(call.answer("32"));
    let card = rig.card("my card, over", |card| card.leg.outcome.is_some()).await;
    assert_eq!(card.leg.outcome.map(|it| word(&it)).as_deref(), Some("answered_elsewhere"));
    call.hang_up();
    let row = rig.recorded("one row", |page| page.rows.iter().find(|row| row.ended_at.is_some()).cloned()).await;
    assert_eq!(row.legs.len(), 3, "{row:#?}");
    assert_eq!(rig.history().await.rows.len(), 1, "one interaction is one row");
    let missed = rig.desktop.asked().iter().any(|asked| matches!(asked, Asked::Notify(Notification::Missed { .. })));
    assert!(!missed, "somebody answered");
    assert_eq!(rig.history().await.open_callbacks, 0);
}

#[tokio::test]
async fn a_missed_call_is_told_and_waits_until_somebody_calls_back() {
    let (exchange, rig) = rig::quiet().await;
    let call = exchange.ring(RingSpec::to("31").from(LENZ));
    rig.card("my card", |_| true).await;
    call.time_out();
    let row =
        rig.recorded("a call to return", |page| page.rows.iter().find(|row| row.callback.is_some()).cloned()).await;
    assert_eq!(row.outcome.map(|it| word(&it)).as_deref(), Some("missed"));
    assert_eq!(row.callback, Some(CallbackState::Open {}));
    // Told a moment later: a colleague's answer may still be on its way.
    let told = rig.until("the missed call is told", |_| {
        rig.desktop.asked().into_iter().find_map(|asked| match asked {
            Asked::Notify(Notification::Missed { number, .. }) => Some(number),
            _ => None,
        })
    });
    assert!(told.await.contains("669 669 66"));

    exchange.office().next_dial(DialBehaviour::at_once());
    rig.dial("callback", "+4922166966966").await.unwrap();
    rig.dial_state("the call back is connected", "callback", |dial| word(&dial.state) == "connected").await;
    rig.recorded("nobody left to call back", |page| (page.open_callbacks == 0).then_some(())).await;
}

#[tokio::test]
async fn a_withheld_number_says_so_and_matches_nobody() {
    let (exchange, rig) = rig::quiet().await;
    import(&rig, "Name,Phone\nSomebody,+49 30 23125001\n").await;
    exchange.ring(RingSpec::to("31"));
    let card = rig.card("a card", |_| true).await;
    assert_eq!(card.leg.remote.kind, PartyKind::Withheld);
    assert_eq!((card.best, card.leg.remote.dial, card.leg.remote.name), (None, None, None));
    assert_eq!(word(&card.leg.class), "withheld");
}

#[tokio::test]
async fn a_colleague_is_known_by_the_extension_behind_the_full_number() {
    let (exchange, rig) = rig::quiet().await;
    exchange.office().call_internally("44", "31");
    let card = rig.card("a card", |_| true).await;
    assert_eq!(name_on(&card), Some("Oskar Brandt"), "{card:#?}");
    assert_eq!(word(&card.leg.class), "internal");
    let caller =
        rig.line("44", "who 44 calls", |line| line.peer.as_ref().is_some_and(|peer| peer.name.is_some())).await;
    assert_eq!(caller.peer.and_then(|peer| peer.name).as_deref(), Some("Anna Berger"));
}

#[tokio::test]
async fn the_board_shows_who_rings_a_colleague_and_no_card_comes_up() {
    let (exchange, rig) = rig::quiet().await;
    let call = exchange.ring(RingSpec::to("44").from(LENZ));
    let line = rig.line("44", "44 rings", |line| word(&line.line) == "ringing" && line.peer.is_some()).await;
    assert_eq!(line.peer.and_then(|peer| peer.dial).as_deref(), Some("+4922166966966"));
    call.answer("44");
    rig.line("44", "44 talks", |line| word(&line.line) == "busy").await;
    call.hang_up();
    rig.line("44", "44 is free again", |line| word(&line.line) == "idle" && line.peer.is_none()).await;
    assert!(rig.snapshot().await.cards.is_empty(), "it is not my telephone");
}

#[tokio::test]
async fn a_second_ring_after_a_cancel_is_the_same_interaction() {
    let (exchange, rig) = rig::quiet().await;
    let call = exchange.ring(RingSpec::to_group(["31", "32"]).from(LENZ));
    let card = rig.card("a card", |_| true).await;
    call.cancel_leg("31");
    rig.leg("the leg is over", |leg| leg.extension == "32" && word(&leg.phase) == "ringing").await;
    assert!(call.ring_also("31"));
    let again = rig.card("it rings again", |card| word(&card.leg.phase) == "ringing").await;
    assert_eq!(again.leg.call, card.leg.call);
    call.answer("31");
    call.hang_up();
    let row = rig.recorded("the call", |page| page.rows.iter().find(|row| row.ended_at.is_some()).cloned()).await;
    assert_eq!(row.outcome.map(|it| word(&it)).as_deref(), Some("answered"));
    assert_eq!(rig.history().await.rows.len(), 1);
}

#[tokio::test]
async fn repeated_and_swapped_events_make_one_row_and_never_step_back() {
    let (exchange, rig) = rig::quiet().await;
    exchange.faults().set(Fault::new(FaultKind::Duplicate).streams());
    for round in 0..6 {
        let call = exchange.ring(RingSpec::to("31").from(format!("4922166966{round:03}")));
        rig.card("a card", |card| card.leg.call == call.id().to_string()).await;
        call.answer("31");
        rig.card("talking", |card| card.leg.call == call.id().to_string() && word(&card.leg.phase) == "connected")
            .await;
        call.hang_up();
    }
    rig.recorded("six calls", |page| {
        (page.rows.iter().filter(|row| row.outcome.is_some_and(|it| word(&it) == "answered")).count() == 6)
            .then_some(())
    })
    .await;
    assert_eq!(rig.history().await.rows.len(), 6);
    let mut connected = std::collections::BTreeSet::new();
    for event in rig.events() {
        if let ApiEvent::Card { card } = event {
            match word(&card.leg.phase).as_str() {
                "connected" => drop(connected.insert(card.id.clone())),
                "ringing" => assert!(!connected.contains(&card.id), "back from connected to ringing"),
                _ => {}
            }
        }
    }
}

#[tokio::test]
async fn a_burst_of_calls_is_a_card_each() {
    let (exchange, rig) = rig::quiet().await;
    let calls: Vec<_> = (0..8).map(|n| exchange.ring(RingSpec::to("31").from(format!("4930231250{n:02}")))).collect();
    let cards = rig.until("eight cards", |it| (it.cards.len() == 8).then(|| it.cards.clone())).await;
    let ids: std::collections::BTreeSet<_> = cards.iter().map(|card| card.id.clone()).collect();
    assert_eq!(ids.len(), 8);
    for call in &calls {
        call.hang_up();
    }
    // What was missed stays until somebody puts it away.
    for id in ids {
        rig.call(Request::Card { action: Card::Dismiss, id }).await.unwrap();
    }
    rig.until("no card", |it| it.cards.is_empty().then_some(())).await;
}

#[tokio::test]
async fn however_soon_a_call_ends_its_card_goes() {
    let (exchange, rig) = rig::quiet().await;
    for round in 0..60_u64 {
        let call = exchange.ring(RingSpec::to("31").from(format!("49221669{round:05}")));
        tokio::time::sleep(std::time::Duration::from_millis(round % 8 * 3)).await;
        if round % 2 == 0 {
            call.answer("31");
        }
        call.hang_up();
    }
    rig.recorded("every call", |page| (page.rows.len() >= 60).then_some(())).await;
    rig.until("no card is left", |it| it.cards.is_empty().then_some(())).await;
    let last = rig.desktop.asked().into_iter().rev().find(|it| matches!(it, Asked::PopUp { .. } | Asked::PopDown));
    assert!(matches!(last, Some(Asked::PopDown)), "{last:?}");
}
