//! What is kept is bounded, whatever comes.

mod support;

use ringside_domain::Direction::Inbound;
use ringside_domain::{Event, Outcome, Phase};
use ringside_engine::{Effect, Input};
use support::*;

#[test]
fn ended_calls_are_let_go_after_a_while() {
    let mut desk = Desk::new(&["31"]);
    desk.inbound(0, "c", "31", RINGING);
    desk.inbound(1, "c", "31", CONNECTED);
    desk.inbound(60, "c", "31", HUNG_UP);
    desk.tick(60 + 599);
    assert!(desk.state.leg(&key("c", "31")).is_some());
    assert_eq!(desk.tick(60 + 600), [Effect::LegForgotten(key("c", "31"))]);
    assert!(desk.state.leg(&key("c", "31")).is_none());
}

#[test]
fn a_repetition_after_that_does_not_spoil_the_history() {
    let mut desk = Desk::new(&["31"]);
    desk.inbound(0, "c", "31", RINGING);
    desk.inbound(9, "c", "31", CANCELLED);
    desk.tick(1_000);
    for (step, at) in [(RINGING, 0), (CANCELLED, 9), (CANCELLED, 1_000)] {
        assert_eq!(desk.event(1_001, Event::Leg(report("c", "31", Inbound, step, at))), [], "{step:?}");
    }
    desk.inbound(1_200, "c", "31", RINGING);
    assert_eq!(desk.stands("c", "31").0, Phase::Ringing, "the queue tries me again after twenty minutes");
}

#[test]
fn calls_that_still_live_somewhere_are_kept_whole() {
    let mut desk = Desk::new(&["31"]);
    desk.inbound(0, "c", "31", RINGING);
    desk.inbound(0, "c", "32", RINGING);
    desk.inbound(5, "c", "32", CONNECTED);
    desk.tick(3_600);
    assert_eq!(desk.stands("c", "31").1, Some(Outcome::AnsweredElsewhere));
}

#[test]
fn a_flood_of_calls_is_cut_to_the_latest() {
    let mut desk = Desk::new(&["31"]);
    for call in 0..10_000 {
        let id = format!("c{call}");
        desk.event(call / 100, Event::Leg(report(&id, "31", Inbound, CANCELLED, call / 100)));
    }
    assert_eq!(desk.state.legs().count(), 2_000);
    assert!(desk.state.leg(&key("c9999", "31")).is_some());
    let forgotten = desk.all.iter().filter(|effect| matches!(effect, Effect::LegForgotten(_))).count();
    assert_eq!(forgotten, 8_000);
}

#[test]
fn a_flood_of_live_calls_is_cut_off() {
    let mut desk = Desk::new(&[]);
    for call in 0..60_000 {
        desk.event(0, Event::Leg(report(&format!("c{call}"), "31", Inbound, RINGING, 0)));
    }
    assert_eq!(desk.state.legs().count(), 50_000);
    let closed = desk.tick(300);
    let readable = |effect: &Effect| !matches!(effect, Effect::WriteLeg(key) if desk.state.leg(key).is_none());
    assert!(closed.iter().all(readable), "all were stale, and each row can be written");
    desk.tick(301);
    assert!(desk.state.legs().count() < 2_000);
    assert_eq!(desk.inbound(301, "next", "31", RINGING).len(), 2, "and calls are taken up again");
}

#[test]
fn an_endless_queue_keeps_counting_attempts() {
    let mut desk = Desk::new(&["31"]);
    for attempt in 0..1_000 {
        desk.inbound(attempt * 30, "c", "31", RINGING);
        desk.inbound(attempt * 30 + 20, "c", "31", CANCELLED);
        assert_eq!(desk.stands("c", "31"), (Phase::Ended, Some(Outcome::Missed), attempt as u32 + 1));
    }
    desk.inbound(30_000, "c", "31", RINGING);
    desk.inbound(30_005, "c", "31", CONNECTED);
    desk.inbound(30_060, "c", "31", HUNG_UP);
    let leg = desk.get("c", "31");
    assert_eq!((leg.attempt, leg.outcome, leg.started_at), (1_001, Some(Outcome::Answered), t(0)));
}

#[test]
fn a_mad_provider_cannot_hide_an_answer_or_an_end() {
    let mut desk = Desk::new(&["31"]);
    for second in 0..1_000 {
        desk.inbound(second, "c", "31", RINGING);
    }
    desk.inbound(1_000, "c", "31", CONNECTED);
    for second in 1_001..2_000 {
        desk.inbound(second, "c", "31", RINGING);
        desk.inbound(second, "c", "31", CONNECTED);
    }
    assert_eq!(desk.stands("c", "31"), (Phase::Connected, None, 1));
    desk.inbound(2_000, "c", "31", HUNG_UP);
    assert_eq!(desk.stands("c", "31"), (Phase::Ended, Some(Outcome::Answered), 1));
}

#[test]
fn a_clock_that_jumps_does_no_harm() {
    for jump in [-3_600, 3_600, 8 * 3_600] {
        let mut desk = Desk::new(&["31"]);
        desk.inbound(0, "c", "31", RINGING);
        desk.tick(jump);
        for (at, step) in [(2, CONNECTED), (60, HUNG_UP)] {
            let event = Event::Leg(report("c", "31", Inbound, step, at));
            desk.event(at + jump, event);
        }
        let leg = desk.get("c", "31");
        assert_eq!((leg.outcome, leg.ended_at), (Some(Outcome::Answered), Some(t(60))), "{jump}");
        assert!(leg.started_at <= leg.answered_at.unwrap() && leg.answered_at <= leg.ended_at);
        let downs = seen_by_user(&desk.all).iter().filter(|e| matches!(e, Effect::PopUp { .. })).count();
        assert!(downs <= 2, "{jump}");
        desk.input(jump + 10_000, Input::Tick);
    }
}
