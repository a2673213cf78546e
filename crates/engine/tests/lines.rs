//! Lines, links, outages and what they do to calls.

mod support;

use LineStatus::{Busy, Idle, Ringing, Unknown};
use ringside_domain::Direction::Inbound;
use ringside_domain::{Event, LineStatus, LinkPhase, Outcome, Phase};
use ringside_engine::{Effect, Input, Settings, State};
use support::*;

fn replaced() -> Effect {
    Effect::LinesReplaced(office())
}

fn line_changed(extension: &str) -> Effect {
    Effect::LineChanged(line(extension))
}

/// Status and since when it is stale, in seconds.
fn stands(desk: &Desk, extension: &str) -> (LineStatus, Option<i64>) {
    let Some(line) = desk.state.line(&line(extension)) else { panic!("no line {extension}") };
    (line.state.status, line.stale_since.map(|at| at.as_second() - t(0).as_second()))
}

fn three_lines() -> Desk {
    let mut desk = Desk::new(&["31"]);
    desk.link(0, LinkPhase::Online);
    desk.extensions(0, &["31", "32", "33"]);
    desk.lines(0, &[("31", Idle), ("32", Busy), ("33", Idle)]);
    desk
}

#[test]
fn a_reading_replaces_all_and_what_it_leaves_out_is_unknown() {
    let mut desk = three_lines();
    assert_eq!(desk.lines(10, &[("31", Idle), ("32", Busy), ("33", Idle)]), [], "nothing new");
    assert_eq!(desk.lines(20, &[("31", Ringing), ("32", Busy)]), [line_changed("31"), line_changed("33")]);
    assert_eq!(stands(&desk, "33"), (Unknown, None));
    desk.line(21, "33", Idle);
    assert_eq!(stands(&desk, "33"), (Idle, None));
}

#[test]
fn many_changes_are_told_as_one() {
    let ids: Vec<String> = (100..300).map(|n| n.to_string()).collect();
    let of = |status| ids.iter().map(|id| (id.as_str(), status)).collect::<Vec<_>>();
    let mut desk = Desk::new(&[]);
    desk.lines(0, &of(Idle));
    assert_eq!(desk.lines(10, &of(Busy)), [replaced()]);
}

#[test]
fn the_latest_state_wins_in_any_order() {
    let mut desk = three_lines();
    assert_eq!(desk.line(10, "31", Busy), [line_changed("31")]);
    let late = Event::Line(reading("31", Ringing, 9));
    assert_eq!(desk.event(11, late), []);
    assert_eq!(stands(&desk, "31"), (Busy, None));
    let from_the_future = Event::Line(reading("31", Ringing, 1_000_000));
    desk.event(12, from_the_future);
    assert_eq!(desk.line(13, "31", Idle), [line_changed("31")], "a wrong clock blocks nothing");
}

#[test]
fn a_stream_overtakes_a_reading_but_not_for_long() {
    let mut desk = three_lines();
    desk.line(10, "31", Busy);
    let old = || Event::Lines(vec![reading("31", Idle, 5), reading("32", Busy, 5), reading("33", Idle, 5)]);
    assert_eq!(desk.event(11, old()), [], "taken before the change, arrived after it");
    assert_eq!(desk.event(60, old()), [line_changed("31")], "the provider insists");
}

#[test]
fn lines_are_stale_from_the_loss_of_the_link_to_the_next_reading() {
    for phase in [LinkPhase::Offline, LinkPhase::Connecting] {
        let mut desk = three_lines();
        assert_eq!(desk.link(100, phase), [Effect::LinkChanged(office()), replaced()]);
        assert_eq!(desk.link(110, LinkPhase::Offline), [Effect::LinkChanged(office())]);
        desk.link(120, LinkPhase::Online);
        assert_eq!(stands(&desk, "32"), (Busy, Some(100)), "back, but nobody has looked yet");
        desk.lines(121, &[("31", Idle), ("32", Idle), ("33", Busy)]);
        assert_eq!([stands(&desk, "32"), stands(&desk, "33")], [(Idle, None), (Busy, None)]);
    }
}

#[test]
fn each_line_of_a_bootstrap_is_fresh_from_its_own_report() {
    let mut desk = three_lines();
    desk.link(100, LinkPhase::Offline);
    desk.link(120, LinkPhase::Online);
    let unchanged_since_before = Event::Line(reading("32", Busy, 0));
    assert_eq!(desk.event(121, unchanged_since_before), [line_changed("32")]);
    assert_eq!([stands(&desk, "31"), stands(&desk, "32")], [(Idle, Some(100)), (Busy, None)]);
}

#[test]
fn a_reading_that_slips_through_a_lost_link_does_not_look_fresh() {
    let mut desk = three_lines();
    desk.link(100, LinkPhase::Offline);
    desk.lines(101, &[("31", Busy), ("32", Busy), ("33", Idle)]);
    assert_eq!(stands(&desk, "31"), (Busy, Some(100)));
    desk.link(600, LinkPhase::Online);
    assert_eq!(stands(&desk, "31"), (Busy, Some(100)), "that was long ago");
    desk.link(700, LinkPhase::Connecting);
    desk.lines(702, &[("31", Idle), ("32", Idle), ("33", Idle)]);
    assert_eq!(desk.link(703, LinkPhase::Online), [Effect::LinkChanged(office()), replaced()]);
    assert_eq!(stands(&desk, "31"), (Idle, None), "read just before the link was called up");
}

#[test]
fn a_quick_reconnection_proves_nothing_about_lines() {
    let mut desk = three_lines();
    desk.line(99, "31", Busy);
    desk.link(100, LinkPhase::Connecting);
    desk.link(101, LinkPhase::Online);
    assert_eq!(stands(&desk, "31"), (Busy, Some(100)));
}

#[test]
fn degraded_alone_makes_nothing_stale() {
    let mut desk = three_lines();
    assert_eq!(desk.link(100, LinkPhase::Degraded), [Effect::LinkChanged(office())]);
    assert_eq!(stands(&desk, "32"), (Busy, None));
}

#[test]
fn live_legs_are_unverified_until_the_reading_tells() {
    use Phase::{Connected, Ended};
    #[rustfmt::skip]
    let rows = [
        // the leg before,  the line after,  phase,          unverified
        (RINGING,           Idle,            Ended,          false),
        (CONNECTED,         Idle,            Ended,          false),
        (RINGING,           Ringing,         Phase::Ringing, false),
        (CONNECTED,         Busy,            Connected,      false),
        (RINGING,           Busy,            Phase::Ringing, true),
        (CONNECTED,         Unknown,         Connected,      true),
        (CONNECTED,         LineStatus::Offline, Connected,  true),
    ];
    for (step, status, phase, unverified) in rows {
        for full in [true, false] {
            let mut desk = three_lines();
            desk.inbound(90, "c", "31", step);
            assert!(desk.link(100, LinkPhase::Offline).contains(&Effect::LegChanged(key("c", "31"))));
            assert!(desk.get("c", "31").unverified);
            desk.link(120, LinkPhase::Online);
            assert!(desk.get("c", "31").unverified, "the link alone tells nothing");
            if full {
                desk.lines(121, &[("31", status), ("32", Busy), ("33", Idle)]);
            } else {
                desk.line(121, "31", status);
            }
            let leg = desk.get("c", "31");
            assert_eq!((leg.phase, leg.unverified), (phase, unverified), "{step:?} {status:?}");
            let expected = (phase == Ended).then_some(Outcome::Unknown);
            assert_eq!((leg.outcome, leg.ended_at), (expected, None), "{step:?} {status:?}");
        }
    }
}

#[test]
fn a_report_verifies_a_leg_and_what_happened_meanwhile_is_not_claimed() {
    let mut desk = three_lines();
    for call in ["a", "b", "c", "d"] {
        desk.inbound(90, call, "31", RINGING);
    }
    desk.link(100, LinkPhase::Offline);
    desk.link(120, LinkPhase::Online);
    desk.inbound(121, "a", "31", CONNECTED);
    assert!(!desk.get("a", "31").unverified);
    desk.inbound(122, "b", "31", HUNG_UP);
    assert_eq!(desk.get("b", "31").outcome, Some(Outcome::Unknown), "it may have been answered in the gap");
    desk.inbound(122, "c", "31", TIMED_OUT);
    assert_eq!(desk.get("c", "31").outcome, Some(Outcome::Missed), "nobody answered, says the provider");
    desk.inbound(122, "d", "31", RINGING);
    desk.inbound(125, "d", "31", HUNG_UP);
    assert_eq!(desk.get("d", "31").outcome, Some(Outcome::Missed), "it was seen ringing again");
}

#[test]
fn a_late_answer_does_not_revive_a_leg_whose_line_was_read_idle() {
    let mut desk = three_lines();
    desk.inbound(90, "c", "31", RINGING);
    desk.link(100, LinkPhase::Offline);
    desk.link(120, LinkPhase::Online);
    desk.lines(121, &[("31", Idle)]);
    desk.event(122, Event::Leg(report("c", "31", Inbound, CONNECTED, 105)));
    let leg = desk.get("c", "31");
    assert_eq!((leg.phase, leg.outcome, leg.answered_at), (Phase::Ended, Some(Outcome::Unknown), Some(t(105))));
    desk.event(123, Event::Leg(report("c", "31", Inbound, HUNG_UP, 110)));
    let leg = desk.get("c", "31");
    assert_eq!((leg.outcome, leg.ended_at), (Some(Outcome::Answered), Some(t(110))), "a replay tells all");
}

#[test]
fn one_marker_per_outage() {
    let gaps = |effects: &[Effect]| effects.iter().filter(|e| matches!(e, Effect::Gap { .. })).count();
    let mut desk = three_lines();
    for outage in 0..500 {
        let start = 100 + outage * 10;
        desk.link(start, LinkPhase::Connecting);
        desk.gap(start + 1, start, start + 1);
        desk.link(start + 1, LinkPhase::Offline);
        desk.gap(start + 3, start, start + 3);
        desk.link(start + 4, LinkPhase::Online);
        desk.gap(start + 4, start, start + 4);
        desk.gap(start + 5, start + 1, start + 4);
        let marked = gaps(&desk.all);
        assert_eq!(marked as i64, outage + 1);
    }
    let from_until = |e: &Effect| match e {
        Effect::Gap { from, until, .. } => Some((*from, *until)),
        _ => None,
    };
    assert_eq!(desk.all.iter().find_map(from_until), Some((t(100), t(103))));
}

#[test]
fn a_gap_without_a_word_of_the_link_also_makes_things_old() {
    let mut desk = three_lines();
    desk.inbound(90, "c", "31", CONNECTED);
    desk.line(108, "33", Busy);
    let effects = desk.gap(110, 100, 105);
    assert!(effects.contains(&Effect::Gap { account: office(), from: t(100), until: t(105) }));
    assert!(desk.get("c", "31").unverified);
    assert_eq!(stands(&desk, "32"), (Busy, Some(100)));
    assert_eq!(stands(&desk, "33"), (Busy, None), "heard of since");
}

#[test]
fn a_removed_extension_takes_its_line_and_legs_along() {
    let mut desk = three_lines();
    desk.inbound(10, "c", "32", CONNECTED);
    desk.inbound(10, "trunk", "900", CONNECTED);
    let effects = desk.extensions(20, &["31", "33", "34"]);
    assert!(effects.contains(&replaced()) && effects.contains(&Effect::LegClosed(key("c", "32"))));
    assert!(desk.state.line(&line("32")).is_none());
    assert_eq!(desk.stands("c", "32").1, Some(Outcome::Unknown));
    assert_eq!(desk.stands("trunk", "900").0, Phase::Connected, "it never was in the list");
    assert_eq!(stands(&desk, "34"), (Unknown, None));
    assert_eq!(desk.extensions(30, &["31", "33", "34"]), [], "nothing new");
    assert_eq!(desk.line(31, "32", Busy), [], "not shown, but kept for when it is listed");
    desk.extensions(40, &["31", "32", "33", "34"]);
    assert_eq!(stands(&desk, "32"), (Busy, None));
}

#[test]
fn an_account_that_is_removed_leaves_nothing_behind() {
    let mut desk = three_lines();
    desk.inbound(10, "c", "31", CONNECTED);
    let effects = desk.input(20, Input::AccountRemoved(office()));
    assert!(effects.contains(&Effect::LegClosed(key("c", "31"))) && effects.contains(&replaced()));
    assert!(desk.state.leg(&key("c", "31")).is_some(), "its row can still be written");
    assert_eq!((desk.state.lines().count(), desk.state.accounts().count()), (0, 0));
    assert!(desk.state.link(&office()).is_none() && desk.state.cards().next().is_none());
    assert_eq!(desk.inbound(21, "late", "31", RINGING), []);
    desk.tick(20 + 11 * 60);
    assert_eq!(desk.state.legs().count(), 0);
}

#[test]
fn a_restored_state_is_old_until_somebody_looks() {
    use ringside_engine::LastKnown;
    let known = LastKnown {
        extensions: vec![extension("31"), extension("32")],
        lines: vec![reading("31", Busy, 0)],
        scenarios: Vec::new(),
    };
    let mut desk = Desk { state: State::new(Settings { mine: mine(&["31"]), ..Settings::default() }), all: Vec::new() };
    desk.state.restore(&office(), known, t(50));
    assert_eq!([stands(&desk, "31"), stands(&desk, "32")], [(Busy, Some(50)), (Unknown, Some(50))]);
    desk.link(100, LinkPhase::Connecting);
    desk.link(101, LinkPhase::Online);
    desk.lines(102, &[("31", Idle), ("32", Idle)]);
    assert_eq!(stands(&desk, "32"), (Idle, None));
    assert_eq!(seen_by_user(&desk.all), []);
}
