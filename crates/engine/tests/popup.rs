//! Who gets a card when.

mod support;

use ringside_domain::Direction::{Inbound, Outbound};
use ringside_domain::{CallerClass, Direction, Event, LegStep, LinkPhase, Party};
use ringside_engine::Trigger::{Never, OnAnswer, OnHotkey, OnRinging};
use ringside_engine::{Attention, DownReason, Effect, Hotkey, Input, Manner, Policy, Rule, Settings, Trigger, stays};
use support::*;

fn up(call: &str, extension: &str) -> Effect {
    Effect::PopUp { leg: key(call, extension), manner: Manner::Card }
}

fn strip(call: &str, extension: &str) -> Effect {
    Effect::PopUp { leg: key(call, extension), manner: Manner::Strip }
}

fn changed(call: &str, extension: &str) -> Effect {
    Effect::CardChanged(key(call, extension))
}

fn grown(call: &str, extension: &str) -> Effect {
    Effect::CardManner { leg: key(call, extension), manner: Manner::Card }
}

fn called(call: &str, extension: &str) -> Effect {
    Effect::CardCalled(key(call, extension))
}

fn left(call: &str, extension: &str) -> Effect {
    Effect::PopDown { leg: key(call, extension), reason: DownReason::Left }
}

fn down(call: &str, extension: &str) -> Effect {
    Effect::PopDown { leg: key(call, extension), reason: DownReason::Ended }
}

fn record(call: &str, extension: &str) -> Effect {
    Effect::OpenRecord { leg: key(call, extension) }
}

fn policy(pop_up: Trigger, open_record: Trigger) -> Policy {
    Policy::uniform(Rule { pop_up, open_record })
}

#[test]
fn policy_decides_when_cards_come_up_and_records_open() {
    #[rustfmt::skip]
    let rows: &[(Trigger, Trigger, &[usize], &[usize])] = &[
        // pop-up,   record,    step at which the card comes up, and the record opens
        (OnRinging,  Never,     &[0], &[]),
        (OnAnswer,   Never,     &[2], &[]),
        (OnHotkey,   Never,     &[],  &[]),
        (Never,      Never,     &[],  &[]),
        (OnRinging,  OnRinging, &[0], &[0]),
        (OnRinging,  OnAnswer,  &[0], &[2]),
        (Never,      OnAnswer,  &[],  &[2]),
        (OnAnswer,   OnRinging, &[2], &[0]),
        (OnRinging,  OnHotkey,  &[0], &[]),
    ];
    for direction in [Inbound, Outbound] {
        for (pop_up, open_record, cards, records) in rows {
            let mut desk = Desk::with_policy(policy(*pop_up, *open_record));
            for (at, step) in [DIALING, RINGING, CONNECTED, HUNG_UP].into_iter().enumerate() {
                let effects = desk.leg(at as i64, "c", "31", direction, step);
                let row = format!("{direction:?} {pop_up:?} {open_record:?} at {step:?}");
                assert_eq!(effects.contains(&up("c", "31")), cards.contains(&at), "{row}");
                assert_eq!(effects.contains(&record("c", "31")), records.contains(&at), "{row}");
            }
        }
    }
}

#[test]
fn policy_differs_by_direction_and_class_of_caller() {
    let mut policy = policy(Never, Never);
    let rule = Rule { pop_up: OnRinging, open_record: Never };
    policy.set_rule(Direction::Inbound, CallerClass::Vip, rule);
    for direction in [Inbound, Outbound] {
        for class in CallerClass::ALL {
            let mut desk = Desk::with_policy(policy.clone());
            let event = Event::Leg(report("c", "31", direction, RINGING, 0));
            let effects = desk.input(0, Input::Provider { account: office(), event, class });
            let expected = direction == Inbound && class == CallerClass::Vip;
            assert_eq!(effects.contains(&up("c", "31")), expected, "{direction:?} {class:?}");
        }
    }
}

#[test]
fn a_class_that_is_known_late_still_counts() {
    let mut policy = policy(Never, Never);
    policy.set_rule(Direction::Inbound, CallerClass::Vip, Rule { pop_up: OnRinging, open_record: Never });
    let mut desk = Desk::with_policy(policy);
    let mut first = report("c", "31", Inbound, DIALING, 0);
    first.remote = Party::Unstated;
    let class = CallerClass::Unknown;
    desk.input(0, Input::Provider { account: office(), event: Event::Leg(first), class });
    let event = Event::Leg(report("c", "31", Inbound, RINGING, 1));
    let effects = desk.input(1, Input::Provider { account: office(), event, class: CallerClass::Vip });
    assert_eq!(seen_by_user(&effects), [up("c", "31")]);
}

#[test]
fn one_card_from_the_first_ring_to_the_end() {
    let mut desk = Desk::new(&["31"]);
    for (at, step) in [(0, DIALING), (1, RINGING), (5, CONNECTED), (6, RINGING), (60, HUNG_UP), (61, HUNG_UP)] {
        desk.inbound(at, "c", "31", step);
    }
    let expected = [up("c", "31"), changed("c", "31"), changed("c", "31"), down("c", "31")];
    assert_eq!(seen_by_user(&desk.all), expected);
}

#[test]
fn only_my_lines_pop_up() {
    for extensions in [&[][..], &["32"], &["9"]] {
        let mut desk = Desk::new(extensions);
        desk.inbound(0, "c", "31", RINGING);
        desk.inbound(1, "c", "31", CONNECTED);
        assert_eq!(seen_by_user(&desk.all), [], "{extensions:?}");
    }
}

#[test]
fn old_rings_go_to_the_history_only() {
    for (age, pops) in [(0, true), (60, true), (61, false), (8 * 3600, false)] {
        let mut desk = Desk::with_policy(policy(OnRinging, OnRinging));
        let event = Event::Leg(report("c", "31", Inbound, RINGING, -age));
        let effects = desk.event(0, event);
        assert_eq!(!seen_by_user(&effects).is_empty(), pops, "{age} s old");
        assert!(effects.contains(&Effect::WriteLeg(key("c", "31"))));
        desk.event(2, Event::Leg(report("c", "31", Inbound, CONNECTED, 1 - age)));
        desk.event(3, Event::Leg(report("c", "31", Inbound, HUNG_UP, 2 - age)));
        desk.tick(10);
        let shown = seen_by_user(&desk.all).len();
        assert_eq!(shown > 0, pops, "{age} s old");
    }
}

#[test]
fn old_missed_calls_raise_no_storm() {
    let mut desk = Desk::new(&["31"]);
    for call in 0..100 {
        for (step, at) in [(RINGING, -7200), (CANCELLED, -7180)] {
            desk.event(0, Event::Leg(report(&format!("c{call}"), "31", Inbound, step, at)));
        }
    }
    desk.tick(60);
    assert_eq!(seen_by_user(&desk.all), []);
}

#[test]
fn two_of_my_lines_ring_and_there_is_one_card() {
    let mut desk = Desk::new(&["31", "32"]);
    desk.inbound(0, "c", "31", RINGING);
    desk.inbound(0, "c", "32", RINGING);
    desk.inbound(5, "c", "32", CONNECTED);
    desk.inbound(6, "c", "31", CANCELLED);
    desk.inbound(60, "c", "32", HUNG_UP);
    let moved = Effect::CardMoved { from: key("c", "31"), to: key("c", "32") };
    let seen = seen_by_user(&desk.all);
    let but_changes: Vec<_> = seen.into_iter().filter(|effect| !matches!(effect, Effect::CardChanged(_))).collect();
    assert_eq!(but_changes, [up("c", "31"), moved, down("c", "32")]);
    assert!(desk.state.cards().next().is_none());
}

#[test]
fn a_second_call_gets_a_whole_card_and_leaves_the_first_alone() {
    let mut desk = Desk::new(&["31"]);
    desk.inbound(0, "a", "31", RINGING);
    desk.inbound(1, "a", "31", CONNECTED);
    assert_eq!(seen_by_user(&desk.inbound(9, "b", "31", RINGING)), [up("b", "31")]);
    assert_eq!(desk.state.cards().count(), 2);
    let first = desk.state.card(&key("a", "31")).unwrap().clone();
    assert_eq!((&first.leg, first.manner), (&key("a", "31"), Manner::Card));
    assert_eq!(seen_by_user(&desk.inbound(12, "a", "31", HUNG_UP)), [down("a", "31")]);
}

#[test]
fn quiet_makes_strips_until_it_is_over() {
    let mut desk = Desk::new(&["31"]);
    desk.input(0, Input::Quiet(true));
    assert_eq!(seen_by_user(&desk.inbound(0, "c", "31", RINGING)), [strip("c", "31")]);
    assert_eq!(seen_by_user(&desk.inbound(1, "c", "31", CONNECTED)), [changed("c", "31")]);
    assert_eq!(seen_by_user(&desk.input(2, Input::Quiet(false))), [grown("c", "31")]);
    assert_eq!(seen_by_user(&desk.input(3, Input::Quiet(true))), [], "what is up is not taken away");

    let mut policy = Policy::default();
    policy.quiet = true;
    let mut quiet = Desk::with_policy(policy);
    assert_eq!(seen_by_user(&quiet.inbound(0, "c", "31", RINGING)), [strip("c", "31")]);
    quiet.input(1, Input::Quiet(false));
    assert_eq!(quiet.state.card(&key("c", "31")).unwrap().manner, Manner::Strip);
}

#[test]
fn a_dismissed_card_stays_away_for_this_ring() {
    let mut desk = Desk::new(&["31"]);
    desk.inbound(0, "c", "31", RINGING);
    let gone = Effect::PopDown { leg: key("c", "31"), reason: DownReason::Dismissed };
    assert_eq!(desk.input(1, Input::DismissCard(key("c", "31"))), [gone]);
    assert_eq!(desk.input(1, Input::DismissCard(key("c", "31"))), []);
    for (at, step) in [(2, LegStep::Other), (3, RINGING), (4, CONNECTED), (9, CONNECTED)] {
        assert_eq!(seen_by_user(&desk.inbound(at, "c", "31", step)), [], "{step:?}");
    }
    assert_eq!(seen_by_user(&desk.hotkey(10)), [up("c", "31"), called("c", "31")], "but on request");
}

#[test]
fn a_ring_after_a_cancel_brings_the_card_back() {
    for dismissed in [false, true] {
        let mut desk = Desk::new(&["31"]);
        desk.inbound(0, "c", "31", RINGING);
        if dismissed {
            desk.input(1, Input::DismissCard(key("c", "31")));
        }
        desk.inbound(9, "c", "31", CANCELLED);
        assert_eq!(seen_by_user(&desk.inbound(10, "c", "31", RINGING)), [up("c", "31")]);
    }
}

#[test]
fn a_stuck_card_can_be_dismissed() {
    let mut desk = Desk::new(&["31"]);
    desk.inbound(0, "c", "31", RINGING);
    desk.inbound(1, "c", "31", CONNECTED);
    desk.input(3600, Input::DismissCard(key("c", "31")));
    desk.tick(5 * 3600);
    assert!(desk.state.cards().next().is_none());
    assert_eq!(seen_by_user(&desk.all).len(), 3, "up, answered, dismissed");
}

#[test]
fn the_hotkey_brings_the_ringing_caller_then_the_record() {
    let mut desk = Desk::with_policy(policy(OnHotkey, OnHotkey));
    assert_eq!(desk.hotkey(0), [], "nobody has called");
    desk.inbound(0, "old", "31", RINGING);
    desk.inbound(5, "old", "31", CONNECTED);
    desk.inbound(7, "new", "31", RINGING);
    assert_eq!(desk.hotkey(8), [up("new", "31"), called("new", "31")]);
    assert_eq!(desk.hotkey(9), [record("new", "31")]);
    desk.inbound(12, "new", "31", CANCELLED);
    assert_eq!(desk.hotkey(13), [up("old", "31"), called("old", "31")], "the one that still lives");
}

#[test]
fn the_hotkey_brings_the_last_caller_back() {
    let mut desk = Desk::new(&["31"]);
    for (at, call) in [(0, "a"), (100, "b")] {
        desk.inbound(at, call, "31", RINGING);
        desk.inbound(at + 5, call, "31", CANCELLED);
    }
    desk.inbound(120, "other", "32", RINGING);
    assert_eq!(desk.hotkey(121), [up("b", "31"), called("b", "31")]);
    assert_eq!(desk.hotkey(122), [record("b", "31")]);
    desk.input(130, Input::DismissCard(key("b", "31")));
    assert_eq!(desk.hotkey(131), [up("b", "31"), called("b", "31")]);
}

#[test]
fn a_card_brought_back_stays_when_more_becomes_known_of_its_call() {
    let mut desk = Desk::new(&["31"]);
    desk.inbound(0, "c", "31", RINGING);
    desk.inbound(9, "c", "31", CANCELLED);
    desk.tick(12);
    assert_eq!(desk.hotkey(20), [up("c", "31"), called("c", "31")]);
    desk.inbound(21, "c", "32", RINGING);
    let corrected = [changed("c", "31"), Effect::MissedWithdrawn(key("c", "31"))];
    assert_eq!(seen_by_user(&desk.inbound(25, "c", "32", CONNECTED)), corrected);
}

#[test]
fn a_card_stays_with_its_line_while_that_rings() {
    let mut desk = Desk::new(&["31", "32"]);
    desk.inbound(0, "c", "31", RINGING);
    desk.inbound(0, "c", "32", RINGING);
    let moved = Effect::CardMoved { from: key("c", "31"), to: key("c", "32") };
    assert_eq!(seen_by_user(&desk.inbound(9, "c", "31", CANCELLED)), [moved, changed("c", "32")]);
    assert_eq!(seen_by_user(&desk.inbound(10, "c", "31", RINGING)), [changed("c", "32")]);
}

#[test]
fn the_hotkey_turns_a_strip_into_a_card() {
    let mut desk = Desk::new(&["31"]);
    desk.input(0, Input::Quiet(true));
    desk.inbound(0, "c", "31", RINGING);
    assert_eq!(desk.hotkey(1), [grown("c", "31"), called("c", "31")]);
    assert_eq!(desk.hotkey(2), [record("c", "31")]);
}

#[test]
fn never_means_not_even_by_hotkey() {
    let mut desk = Desk::with_policy(policy(Never, Never));
    desk.inbound(0, "c", "31", RINGING);
    assert_eq!(desk.hotkey(1), []);
    let mut desk = Desk::with_policy(policy(OnRinging, Never));
    desk.inbound(0, "c", "31", RINGING);
    for at in 1..3 {
        assert_eq!(desk.hotkey(at), [called("c", "31")], "no record, but the card can be reached");
    }
}

#[test]
fn the_hotkey_turns_to_a_card_that_is_up_and_only_then_to_its_record() {
    let mut desk = Desk::new(&["31"]);
    desk.inbound(0, "c", "31", RINGING);
    assert_eq!(desk.hotkey(1), [called("c", "31")]);
    assert_eq!(desk.hotkey(2), [record("c", "31")]);
    assert_eq!(desk.input(3, Input::CardsFocused(false)), [], "a live call's card stays");
    assert_eq!(desk.hotkey(4), [called("c", "31")], "the keyboard was elsewhere meanwhile");
    // The call ends, and its card is still read.
    assert_eq!(seen_by_user(&desk.inbound(5, "c", "31", CANCELLED)), [down("c", "31")]);
    assert_eq!(desk.hotkey(6), [record("c", "31")]);
    desk.input(7, Input::DismissCard(key("c", "31")));
    assert_eq!(desk.hotkey(8)[..2], [up("c", "31"), called("c", "31")], "it was put away");
}

#[test]
fn the_hotkey_tries_again_when_the_keyboard_did_not_come() {
    let mut desk = Desk::new(&["31"]);
    desk.inbound(0, "c", "31", RINGING);
    for at in [1, 2] {
        assert_eq!(desk.input(at, Input::Hotkey(Hotkey::Preview)), [called("c", "31")]);
    }
    desk.input(3, Input::CardsFocused(true));
    assert_eq!(desk.hotkey(4), [record("c", "31")]);
}

#[test]
fn a_card_that_was_brought_back_goes_when_the_keyboard_leaves_it() {
    let mut desk = Desk::new(&["31"]);
    desk.inbound(0, "c", "31", RINGING);
    desk.inbound(5, "c", "31", CANCELLED);
    desk.hotkey(60);
    desk.tick(300);
    assert_eq!(desk.state.cards().count(), 1, "it stays however long it is read");
    assert_eq!(desk.input(301, Input::CardsFocused(false)), [left("c", "31")]);
    assert_eq!(desk.input(302, Input::CardsFocused(false)), []);
    // One that was called while the call went on has its own end.
    desk.inbound(310, "d", "31", RINGING);
    desk.hotkey(311);
    assert_eq!(seen_by_user(&desk.inbound(320, "d", "31", CANCELLED)), [down("d", "31")]);
    assert_eq!(desk.input(321, Input::CardsFocused(false)), []);
}

#[test]
fn a_card_stays_a_moment_after_its_call_and_longer_after_a_missed_one() {
    #[rustfmt::skip]
    let rows = [
        (Inbound,  vec![RINGING, CONNECTED, HUNG_UP], 4),
        (Inbound,  vec![RINGING, CANCELLED],          15),
        (Inbound,  vec![RINGING, TIMED_OUT],          15),
        (Inbound,  vec![RINGING, REJECTED],           4),
        (Inbound,  vec![RINGING, ELSEWHERE],          4),
        (Outbound, vec![RINGING, TIMED_OUT],          4),
        (Outbound, vec![DIALING, BUSY],               4),
    ];
    for (direction, steps, seconds) in rows {
        let mut desk = Desk::new(&["31"]);
        for (at, step) in steps.iter().enumerate() {
            desk.leg(at as i64, "c", "31", direction, *step);
        }
        let leg = desk.state.leg(&key("c", "31")).unwrap();
        assert_eq!(stays(leg).as_secs(), seconds, "{direction:?} {steps:?}");
    }
}

#[test]
fn nothing_goes_from_under_a_pointer_the_keyboard_or_unsaved_text() {
    let none = Attention::default();
    let held = [
        Attention { pointer: true, ..none },
        Attention { keyboard: true, ..none },
        Attention { unsaved: true, ..none },
    ];
    for attention in held {
        assert_eq!(attention.goes_at(t(4), None), None, "{attention:?}");
    }
    #[rustfmt::skip]
    let rows = [
        // may go, released,  goes
        (4,        None,      4),
        (4,        Some(2),   4),
        (4,        Some(4),   5),
        (4,        Some(60),  61),
    ];
    for (due, released, goes) in rows {
        assert_eq!(none.goes_at(t(due), released.map(t)), Some(t(goes)));
    }
}

#[test]
fn a_leg_says_since_when_nobody_has_vouched_for_it() {
    let mut desk = Desk::new(&["31"]);
    desk.link(0, LinkPhase::Online);
    desk.inbound(1, "c", "31", RINGING);
    desk.inbound(5, "c", "31", CONNECTED);
    let since = |desk: &Desk| desk.state.call(&office(), &"c".into()).unwrap().unverified_since(&"31".into());
    assert_eq!(since(&desk), None);
    desk.link(20, LinkPhase::Offline);
    desk.link(25, LinkPhase::Connecting);
    desk.link(30, LinkPhase::Offline);
    assert_eq!(since(&desk), Some(t(20)), "the first loss counts");
    desk.link(40, LinkPhase::Online);
    assert_eq!(since(&desk), Some(t(20)), "a link alone vouches for no call");
    desk.inbound(41, "c", "31", LegStep::Other);
    assert_eq!(since(&desk), None);
}

#[test]
fn a_line_that_is_no_longer_mine_loses_its_card() {
    let mut desk = Desk::new(&["31"]);
    desk.inbound(0, "c", "31", RINGING);
    desk.state.set_settings(Settings { mine: mine(&["32"]), ..Settings::default() });
    assert_eq!(seen_by_user(&desk.inbound(1, "c", "31", CONNECTED)), [down("c", "31")]);
}
