//! How long a card stays, what it says of earlier calls, and what its keys do.

use std::time::Duration;

use ringside_api::view::{Card, CardView, FactKind, HistoryFilter};
use ringside_api::{ApiEvent, Request};
use ringside_app::desktop::Asked;
use ringside_domain::{Outcome, Phase};
use ringside_exchange::{CallHandle, RingSpec};
use tokio::time::sleep;

use crate::rig::Rig;

const CALLER: &str = "4922166966966";

/// The card, once its facts are there.
async fn card_of(rig: &mut Rig) -> CardView {
    let settled = |event: &ApiEvent| match event {
        ApiEvent::Card { card } if card.note.is_some() => Some(card.clone()),
        _ => None,
    };
    rig.event("a card with its facts", settled).await
}

async fn ring(rig: &mut Rig) -> (CallHandle, CardView) {
    let call = rig.exchange.office().ring(RingSpec::to("31").from(CALLER));
    let id = call.id().to_string();
    let settled = |event: &ApiEvent| match event {
        ApiEvent::Card { card } if card.leg.call == id && card.note.is_some() => Some(card.clone()),
        _ => None,
    };
    let card = rig.event("the card of the ring", settled).await;
    (call, card)
}

async fn hold(rig: &Rig, pointer: bool, keyboard: bool) {
    rig.call(Request::HoldCards { pointer, keyboard, unsaved: Vec::new() }).await.unwrap();
}

async fn act(rig: &Rig, action: Card, id: &str) -> Result<(), String> {
    rig.call(Request::Card { action, id: id.to_owned() }).await.map(drop).map_err(|error| error.code)
}

async fn dismiss(rig: &mut Rig, id: &str) {
    // One that has gone by itself is away too.
    let _ = act(rig, Card::Dismiss, id).await;
}

fn kinds(card: &CardView) -> Vec<FactKind> {
    card.facts.iter().map(|fact| fact.kind).collect()
}

#[tokio::test]
async fn what_a_card_says_of_earlier_calls_is_so() {
    let mut rig = Rig::start().await;
    let (call, card) = ring(&mut rig).await;
    assert_eq!(kinds(&card), [FactKind::FirstCall], "the one that rings is not counted");
    call.hang_up();
    rig.event("the row", |e| matches!(e, ApiEvent::History { row } if row.outcome.is_some()).then_some(())).await;
    dismiss(&mut rig, &card.id).await;
    let (call, card) = ring(&mut rig).await;
    assert_eq!(kinds(&card), [FactKind::CalledTodayUnanswered]);
    assert_eq!(card.facts[0].count, Some(1));
    call.answer("31");
    rig.event("the talk", |e| matches!(e, ApiEvent::Card { card } if card.leg.phase == Phase::Connected).then_some(()))
        .await;
    // Recalled while it goes on, it still does not speak of itself.
    dismiss(&mut rig, &card.id).await;
    rig.call(Request::Preview {}).await.unwrap();
    assert_eq!(kinds(&card_of(&mut rig).await), [FactKind::CalledTodayUnanswered]);
    call.hang_up();
    let answered = |e: &ApiEvent| matches!(e, ApiEvent::History { row } if row.outcome == Some(Outcome::Answered));
    rig.event("the answered row", |event| answered(event).then_some(())).await;
    dismiss(&mut rig, &card.id).await;
    let (call, card) = ring(&mut rig).await;
    assert_eq!(
        kinds(&card),
        [FactKind::LastSpoken, FactKind::CalledToday],
        "nobody never answered whom one spoke with"
    );
    assert_eq!((card.facts[0].text.clone(), card.facts[1].count), (None, Some(2)), "it was me");
    call.hang_up();
}

#[tokio::test]
async fn nothing_is_said_of_whoever_hides_the_number() {
    let mut rig = Rig::start().await;
    let call = rig.exchange.office().ring(RingSpec::to("31"));
    assert_eq!(kinds(&card_of(&mut rig).await), []);
    call.hang_up();
}

#[tokio::test]
async fn a_card_stays_while_it_is_looked_at_and_no_longer() {
    let mut rig = Rig::start().await;
    let (call, card) = ring(&mut rig).await;
    hold(&rig, true, false).await;
    call.answer("31");
    call.hang_up();
    rig.eventually("the end", |snapshot| snapshot.cards.iter().any(|card| card.leg.phase == Phase::Ended)).await;
    for _ in 0..3 {
        sleep(Duration::from_millis(1800)).await;
        assert_eq!(rig.snapshot().await.cards.len(), 1, "the pointer is on it");
        hold(&rig, true, false).await;
    }
    let left = tokio::time::Instant::now();
    hold(&rig, false, false).await;
    rig.event("it goes", |event| matches!(event, ApiEvent::CardGone { id } if *id == card.id).then_some(())).await;
    assert!(left.elapsed() < Duration::from_secs(3));
    assert_eq!(rig.desktop.asked().last(), Some(&Asked::PopDown));
}

#[tokio::test]
async fn a_card_goes_though_whoever_held_it_never_said_that_it_is_over() {
    let mut rig = Rig::start().await;
    let (call, card) = ring(&mut rig).await;
    rig.call(Request::HoldCards { pointer: true, keyboard: true, unsaved: vec![card.id.clone()] }).await.unwrap();
    call.answer("31");
    call.hang_up();
    rig.event("it goes", |event| matches!(event, ApiEvent::CardGone { id } if *id == card.id).then_some(())).await;
}

#[tokio::test]
async fn a_card_that_was_called_back_stays_until_the_keyboard_leaves_it() {
    let mut rig = Rig::start().await;
    let (call, card) = ring(&mut rig).await;
    call.hang_up();
    rig.event("the row", |e| matches!(e, ApiEvent::History { row } if row.outcome.is_some()).then_some(())).await;
    dismiss(&mut rig, &card.id).await;
    rig.call(Request::Preview {}).await.unwrap();
    assert!(rig.desktop.asked().contains(&Asked::FocusCards));
    for _ in 0..3 {
        hold(&rig, false, true).await;
        sleep(Duration::from_millis(1700)).await;
        assert_eq!(rig.snapshot().await.cards.len(), 1);
    }
    // The second press means its record, and the card says that there is none.
    rig.call(Request::Preview {}).await.unwrap();
    let problem = rig.snapshot().await.cards[0].problem.clone();
    assert_eq!(problem.map(|it| it.code).as_deref(), Some("no_record_url"));
    hold(&rig, false, false).await;
    rig.event("it goes", |event| matches!(event, ApiEvent::CardGone { .. }).then_some(())).await;
    assert!(rig.call(Request::Preview {}).await.is_ok(), "and comes again");
}

#[tokio::test]
async fn a_hotkey_that_finds_no_call_says_so() {
    let rig = Rig::start().await;
    assert_eq!(rig.call(Request::Preview {}).await.unwrap_err().code, "no_call_to_show");
    assert!(!rig.desktop.asked().iter().any(|asked| matches!(asked, Asked::PopUp(_) | Asked::FocusCards)));
}

#[tokio::test]
async fn a_missed_call_is_taken_or_called_back_from_its_card() {
    let mut rig = Rig::start().await;
    let (call, card) = ring(&mut rig).await;
    call.hang_up();
    rig.eventually("it is missed", |snapshot| snapshot.cards.iter().any(|card| card.leg.outcome.is_some())).await;
    // The row may be written a moment later.
    for _ in 0..100 {
        if act(&rig, Card::Claim, &card.id).await.is_ok() {
            break;
        }
        sleep(Duration::from_millis(50)).await;
    }
    assert!(rig.snapshot().await.cards.is_empty(), "it is seen to");
    let page = rig.history(HistoryFilter { callbacks: true, ..HistoryFilter::default() }).await;
    let claimed = format!("{:?}", page.rows[0].callback).to_lowercase();
    assert!(claimed.contains("claimed"), "{claimed}");

    let (call, card) = ring(&mut rig).await;
    call.hang_up();
    rig.eventually("it is missed", |snapshot| snapshot.cards.iter().any(|card| card.leg.outcome.is_some())).await;
    act(&rig, Card::CallBack, &card.id).await.unwrap();
    let snapshot = rig.snapshot().await;
    let dial = &snapshot.dials[0];
    assert_eq!((dial.to.dial.as_deref(), dial.from.as_str()), (Some("+4922166966966"), "office/31"));
    assert!(!snapshot.cards.iter().any(|it| it.id == card.id));
}

#[tokio::test]
async fn a_call_under_an_id_that_was_given_before_has_a_card_and_a_note_of_its_own() {
    let mut rig = Rig::start().await;
    let office = rig.exchange.office().clone();
    let text = |text: &str| text.to_owned();
    let contact = Request::AddContact {
        number: text("+4922166966966"),
        name: text("Miriam Lenz"),
        company: text(""),
        note: text(""),
    };
    rig.call(contact).await.unwrap();
    let (first, card) = ring(&mut rig).await;
    assert!(first.answer("31"));
    rig.call(Request::CardNote { id: card.id.clone(), note: "of the first".into() }).await.unwrap();
    assert!(first.hang_up());
    rig.eventually("it is over", |s| s.cards.iter().all(|card| card.leg.phase == Phase::Ended)).await;
    sleep(Duration::from_millis(600)).await;
    office.ring(RingSpec::to("31").from("4989218012").under(first.id()));
    let both = rig.eventually("both have a card", |s| s.cards.len() == 2).await;
    let (old, new) = (&both.cards[0], &both.cards[1]);
    assert_eq!(
        (old.id.as_str(), old.leg.phase, old.note.as_deref()),
        (card.id.as_str(), Phase::Ended, Some("of the first"))
    );
    assert_eq!(
        (old.leg.remote.dial.as_deref(), new.leg.remote.dial.as_deref()),
        (Some("+4922166966966"), Some("+4989218012"))
    );
    assert_eq!(new.leg.phase, Phase::Ringing);
    let known = |card: &CardView| card.best.as_ref().map(|best| best.name.clone());
    assert_eq!((known(old).as_deref(), known(new)), (Some("Miriam Lenz"), None), "the first one stays who it is");
    let (old, new) = (old.id.clone(), new.id.clone());
    rig.call(Request::CardNote { id: old.clone(), note: "of the first, done".into() }).await.unwrap();
    rig.call(Request::CardNote { id: new.clone(), note: "of the second".into() }).await.unwrap();
    // Put away is the one that was meant.
    dismiss(&mut rig, &old).await;
    let left = rig.snapshot().await.cards;
    assert_eq!(left.iter().map(|card| (&card.id, card.leg.phase)).collect::<Vec<_>>(), [(&new, Phase::Ringing)]);
    let mut rows = Vec::new();
    while rows.len() < 2 {
        let page = rig.history(HistoryFilter::default()).await;
        rows =
            page.rows.into_iter().filter(|row| !row.note.is_empty()).map(|row| (row.remote.dial, row.note)).collect();
    }
    rows.sort();
    let row = |number: &str, note: &str| (Some(number.to_owned()), note.to_owned());
    assert_eq!(rows, [row("+4922166966966", "of the first, done"), row("+4989218012", "of the second")]);
}

#[tokio::test]
async fn a_note_is_kept_from_the_first_key_and_written_when_its_call_is() {
    let mut rig = Rig::start().await;
    let (call, card) = ring(&mut rig).await;
    for note in ["w", "wants", "wants an offer"] {
        rig.call(Request::CardNote { id: card.id.clone(), note: note.into() }).await.unwrap();
        assert_eq!(rig.snapshot().await.cards[0].note.as_deref(), Some(note));
    }
    rig.event("it is written", |event| match event {
        ApiEvent::History { row } => (row.note == "wants an offer").then_some(()),
        _ => None,
    })
    .await;
    call.hang_up();
    dismiss(&mut rig, &card.id).await;
    // The last of it comes when the card has gone already.
    rig.call(Request::CardNote { id: card.id.clone(), note: "wants an offer soon".into() }).await.unwrap();
    rig.event("the rest is written", |event| match event {
        ApiEvent::History { row } => (row.note == "wants an offer soon").then_some(()),
        _ => None,
    })
    .await;
    rig.call(Request::Preview {}).await.unwrap();
    assert_eq!(card_of(&mut rig).await.note.as_deref(), Some("wants an offer soon"), "it opens with what is there");
    dismiss(&mut rig, &card.id).await;
    let (call, next) = ring(&mut rig).await;
    assert!(next.facts.iter().any(|fact| fact.text.as_deref() == Some("wants an offer soon")), "{:?}", next.facts);
    assert_eq!(next.note.as_deref(), Some(""), "another call has its own");
    call.hang_up();
    let foreign = Request::CardNote { id: "office/unheard-of".into(), note: "x".into() };
    assert_eq!(rig.call(foreign).await.unwrap_err().code, "no_card");
}
