//! Calls from the first ring to the history.

use std::time::Duration;

use ringside_api::view::{Card, CardView, HistoryFilter};
use ringside_api::{ApiEvent, Request};
use ringside_app::desktop::{Asked, Notification};
use ringside_domain::{Outcome, Phase};
use ringside_exchange::RingSpec;

use crate::rig::Rig;

fn card(event: &ApiEvent) -> Option<CardView> {
    match event {
        ApiEvent::Card { card } => Some(card.clone()),
        _ => None,
    }
}

#[tokio::test]
async fn a_call_rings_is_answered_and_ends_in_the_history() {
    let mut rig = Rig::start().await;
    let call = rig.exchange.office().ring(RingSpec::to("31").from("4922166966966"));
    let ringing = rig.event("the card", card).await;
    assert_eq!(ringing.leg.phase, Phase::Ringing);
    assert_eq!(ringing.leg.remote.dial.as_deref(), Some("+4922166966966"));
    assert!(rig.desktop.asked().iter().any(|a| matches!(a, Asked::PopUp(c) if c.id == ringing.id)));

    assert!(call.answer("31"));
    let answered = rig.event("the answered card", |e| card(e).filter(|c| c.leg.phase == Phase::Connected)).await;
    assert_eq!(answered.id, ringing.id, "the card keeps its identity");

    assert!(call.hang_up());
    let row = rig
        .event("the history row", |event| match event {
            ApiEvent::History { row } if row.outcome.is_some() => Some(row.clone()),
            _ => None,
        })
        .await;
    assert_eq!(row.outcome, Some(Outcome::Answered));
    let page = rig.history(HistoryFilter::default()).await;
    assert_eq!(page.rows.len(), 1);
    assert_eq!(page.rows[0].legs.len(), 1);
    rig.event("the card goes by itself", |event| match event {
        ApiEvent::CardGone { id } if *id == ringing.id => Some(()),
        _ => None,
    })
    .await;
    assert!(rig.desktop.asked().contains(&Asked::PopDown));
}

#[tokio::test]
async fn a_missed_call_is_told_once_and_waits_to_be_called_back() {
    let mut rig = Rig::start().await;
    let call = rig.exchange.office().ring(RingSpec::to("31").from("41446681800"));
    rig.event("the card", card).await;
    assert!(call.time_out());
    rig.event("the row", |event| match event {
        ApiEvent::History { row } if row.outcome == Some(Outcome::Missed) => Some(()),
        _ => None,
    })
    .await;
    let page = rig.history(HistoryFilter { callbacks: true, ..HistoryFilter::default() }).await;
    assert_eq!((page.rows.len(), page.open_callbacks), (1, 1));
    // It stays, with its ways, until it is put away.
    let missed = rig.snapshot().await.cards.remove(0);
    assert_eq!(missed.leg.outcome, Some(Outcome::Missed));
    rig.call(Request::Card { action: Card::Dismiss, id: missed.id }).await.unwrap();
    rig.event("the card goes", |e| matches!(e, ApiEvent::CardGone { .. }).then_some(())).await;
    // A group's other telephones may still answer: it is told a little later.
    let told =
        || rig.desktop.asked().iter().filter(|a| matches!(a, Asked::Notify(Notification::Missed { .. }))).count();
    for _ in 0..100 {
        if told() > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(told(), 1);
}

#[tokio::test]
async fn a_line_that_talks_is_shown_with_whom_it_talks_to_though_another_rings() {
    let mut rig = Rig::start().await;
    let office = rig.exchange.office().clone();
    let talk = office.ring(RingSpec::to("22").from("4922166966966"));
    assert!(talk.answer("22"));
    let with = |s: &ringside_api::view::Snapshot| {
        let line = s.lines.iter().find(|line| line.extension == "22").cloned();
        line.and_then(|line| Some((line.peer?.dial?, line.peer_phase?)))
    };
    let talks = Some(("+4922166966966".to_owned(), Phase::Connected));
    rig.eventually("it talks", |s| with(s) == talks).await;
    office.ring(RingSpec::to("22").from("4989218012"));
    let then =
        rig.eventually("the other one rings", |s| s.legs.iter().filter(|leg| leg.extension == "22").count() == 2);
    assert_eq!(with(&then.await), talks);
    assert!(talk.hang_up());
    let rings = Some(("+4989218012".to_owned(), Phase::Ringing));
    rig.eventually("who waited rings alone", |s| with(s) == rings).await;
}

#[tokio::test]
async fn who_rings_a_line_whose_call_began_unseen_is_not_shown_as_its_other_side() {
    let mut rig = Rig::start().await;
    rig.restart(|exchange| {
        let talk = exchange.office().ring(RingSpec::to("22").from("4922166966966"));
        assert!(talk.answer("22"));
    })
    .await;
    rig.exchange.office().call_internally("31", "22");
    let snapshot = rig.eventually("it rings beside the talk", |s| s.legs.iter().any(|leg| leg.extension == "22")).await;
    let line = snapshot.lines.iter().find(|line| line.extension == "22").unwrap();
    assert_eq!((line.line, &line.peer, line.peer_phase), (ringside_domain::LineStatus::Busy, &None, None));
}

#[tokio::test]
async fn somebody_elses_call_shows_on_the_board_and_nowhere_else() {
    let mut rig = Rig::start().await;
    let call = rig.exchange.office().ring(RingSpec::to("22").from("4922166966966"));
    rig.eventually("the lamp rings and says who", |s| {
        s.lines
            .iter()
            .any(|l| l.extension == "22" && l.line == ringside_domain::LineStatus::Ringing && l.peer.is_some())
    })
    .await;
    assert!(rig.snapshot().await.cards.is_empty());
    call.hang_up();
    rig.eventually("the lamp is free", |s| {
        s.lines.iter().any(|l| l.extension == "22" && l.line == ringside_domain::LineStatus::Idle && l.peer.is_none())
    })
    .await;
}

#[tokio::test]
async fn a_lamp_follows_each_step_without_being_asked() {
    use ringside_domain::LineStatus::{Busy, Idle, Ringing};
    let mut rig = Rig::start().await;
    let lamp = |wanted| {
        move |event: &ApiEvent| match event {
            ApiEvent::Lines { lines } => lines.iter().any(|l| l.extension == "31" && l.line == wanted).then_some(()),
            _ => None,
        }
    };
    // What the start gathered is told by a resync; from then on each step is.
    rig.event("the start is told", |event| matches!(event, ApiEvent::Resync {}).then_some(())).await;
    let call = rig.exchange.office().ring(RingSpec::to("31").from("4922166966966"));
    rig.event("ringing", lamp(Ringing)).await;
    call.answer("31");
    rig.event("busy", lamp(Busy)).await;
    call.hang_up();
    rig.event("idle", lamp(Idle)).await;
}

#[tokio::test]
async fn a_call_that_ended_while_the_app_was_closed_is_closed_with_its_end_unknown() {
    let mut rig = Rig::start().await;
    let call = rig.exchange.office().ring(RingSpec::to("31").from("4922166966966"));
    assert!(call.answer("31"));
    rig.event("the talk", |e| card(e).filter(|c| c.leg.phase == Phase::Connected)).await;
    rig.restart(|_| {
        call.hang_up();
    })
    .await;
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(10);
    loop {
        let page = rig.history(HistoryFilter::default()).await;
        assert_eq!(page.rows.len(), 1);
        if let Some(outcome) = page.rows[0].outcome {
            assert_eq!(outcome, Outcome::Answered, "that much was seen");
            assert!(page.rows[0].ended_at.is_none(), "nobody saw when it ended");
            break;
        }
        assert!(tokio::time::Instant::now() < deadline, "still going on");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert!(rig.snapshot().await.cards.is_empty());
}

#[tokio::test]
async fn a_call_that_rang_when_the_app_ended_is_not_known_from_the_start_on_and_the_next_one_is_its_own() {
    let mut rig = Rig::start().await;
    let call = rig.exchange.office().ring(RingSpec::to("31").from("4922166966966"));
    rig.event("the card", card).await;
    rig.eventually("the row is written", |s| !s.legs.is_empty()).await;
    rig.restart(|_| {
        call.hang_up();
    })
    .await;
    let page = rig.history(HistoryFilter::default()).await;
    let [row] = &page.rows[..] else { panic!("{:?}", page.rows) };
    assert_eq!((row.outcome, row.ended_at, row.provisional), (Some(Outcome::Unknown), None, true));
    assert_eq!((row.ring_s, row.talk_s, page.open_callbacks), (None, None, 0));
    let next = rig.exchange.office().ring(RingSpec::to("31").from("4922166966966"));
    rig.event("the next card", card).await;
    next.time_out();
    rig.event("the next row", |event| match event {
        ApiEvent::History { row } if row.outcome == Some(Outcome::Missed) => Some(()),
        _ => None,
    })
    .await;
    let page = rig.history(HistoryFilter::default()).await;
    let outcomes: Vec<_> = page.rows.iter().map(|row| row.outcome).collect();
    assert_eq!((outcomes, page.open_callbacks), (vec![Some(Outcome::Missed), Some(Outcome::Unknown)], 1));
}
