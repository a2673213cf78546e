//! The life of a leg, one row a rule.

mod support;

use Outcome::{Answered, AnsweredElsewhere, Cancelled, Failed, Missed, Rejected, Unknown};
use ringside_domain::Direction::{Inbound, Outbound};
use ringside_domain::{Direction, Event, LegStep, Outcome, Party, Phase};
use ringside_engine::{Effect, UnknownKind};
use support::*;

type Report<'a> = (i64, &'a str, Direction, LegStep);
type Stands<'a> = (&'a str, Phase, Option<Outcome>, u32);

struct Row<'a> {
    rule: &'a str,
    reports: &'a [Report<'a>],
    /// Extension, phase, outcome, attempt.
    then: &'a [Stands<'a>],
}

const ENDED: Phase = Phase::Ended;

fn check(rows: &[Row]) {
    for Row { rule, reports, then } in rows {
        let mut desk = Desk::new(&["31"]);
        for (at, extension, direction, step) in *reports {
            desk.leg(*at, "c", extension, *direction, *step);
        }
        for (extension, phase, outcome, attempt) in *then {
            assert_eq!(desk.stands("c", extension), (*phase, *outcome, *attempt), "{rule}: {extension}");
        }
        let legs: Vec<_> = desk.state.legs().map(|leg| leg.key.extension.clone()).collect();
        assert_eq!(legs.len(), then.len(), "{rule}: {legs:?}");
    }
}

#[test]
fn a_leg_only_goes_forward() {
    let row = |rule, reports, then| Row { rule, reports, then };
    check(&[
        row(
            "an ordinary call",
            &[(0, "31", Inbound, RINGING), (5, "31", Inbound, CONNECTED), (60, "31", Inbound, HUNG_UP)],
            &[("31", ENDED, Some(Answered), 1)],
        ),
        row(
            "click-to-dial: nobody talks before the other side answers, though our own has picked up",
            &[
                (0, "31", Outbound, DIALING),
                (2, "31", Outbound, PICKED_UP),
                (3, "31", Outbound, DIALING),
                (4, "31", Outbound, RINGING),
            ],
            &[("31", Phase::Ringing, None, 1)],
        ),
        row(
            "and then they do",
            &[(0, "31", Outbound, DIALING), (2, "31", Outbound, PICKED_UP), (9, "31", Outbound, CONNECTED)],
            &[("31", Phase::Connected, None, 1)],
        ),
        row(
            "where a service tells of no answer but ours, ringing after it changes nothing",
            &[(0, "31", Outbound, CONNECTED), (3, "31", Outbound, DIALING), (4, "31", Outbound, RINGING)],
            &[("31", Phase::Connected, None, 1)],
        ),
        row(
            "dialling after ringing changes nothing",
            &[(0, "31", Outbound, RINGING), (1, "31", Outbound, DIALING)],
            &[("31", Phase::Ringing, None, 1)],
        ),
        row(
            "a report after the end changes nothing",
            &[(0, "31", Inbound, CONNECTED), (9, "31", Inbound, HUNG_UP), (10, "31", Inbound, RINGING)],
            &[("31", ENDED, Some(Answered), 1)],
        ),
        row(
            "a second hang-up changes nothing",
            &[(0, "31", Inbound, CONNECTED), (9, "31", Inbound, HUNG_UP), (10, "31", Inbound, TIMED_OUT)],
            &[("31", ENDED, Some(Answered), 1)],
        ),
        row(
            "a second hang-up may say why",
            &[(0, "31", Outbound, DIALING), (9, "31", Outbound, HUNG_UP), (9, "31", Outbound, REJECTED)],
            &[("31", ENDED, Some(Rejected), 1)],
        ),
    ]);
}

#[test]
fn first_seen_hang_ups_are_events() {
    let row = |rule, reports, then| Row { rule, reports, then };
    check(&[
        row("it may have been a talk", &[(0, "31", Inbound, HUNG_UP)], &[("31", ENDED, Some(Unknown), 1)]),
        row("nobody answered in time", &[(0, "31", Inbound, TIMED_OUT)], &[("31", ENDED, Some(Missed), 1)]),
        row("taken back before an answer", &[(0, "31", Inbound, CANCELLED)], &[("31", ENDED, Some(Missed), 1)]),
        row("busy", &[(0, "31", Inbound, BUSY)], &[("31", ENDED, Some(Outcome::Busy), 1)]),
        row("failed", &[(0, "31", Outbound, FAILED)], &[("31", ENDED, Some(Failed), 1)]),
        row(
            "taken back after a sibling answered",
            &[(0, "32", Inbound, CONNECTED), (1, "31", Inbound, CANCELLED)],
            &[("31", ENDED, Some(AnsweredElsewhere), 1), ("32", Phase::Connected, None, 1)],
        ),
    ]);
    let mut desk = Desk::new(&["31"]);
    let effects = desk.inbound(0, "c", "31", HUNG_UP);
    assert_eq!(effects, [Effect::WriteLeg(key("c", "31")), Effect::LegClosed(key("c", "31"))]);
    let leg = desk.get("c", "31");
    assert_eq!((leg.started_at, leg.ended_at, leg.provisional), (t(0), Some(t(0)), true));
}

#[test]
fn a_phone_may_be_rung_again() {
    let row = |rule, reports, then| Row { rule, reports, then };
    let [ring, cancel] = [(0, "31", Inbound, RINGING), (9, "31", Inbound, CANCELLED)];
    check(&[
        row("after a cancel", &[ring, cancel, (12, "31", Inbound, RINGING)], &[("31", Phase::Ringing, None, 2)]),
        row(
            "and be answered then",
            &[ring, cancel, (12, "31", Inbound, RINGING), (14, "31", Inbound, CONNECTED), (20, "31", Inbound, HUNG_UP)],
            &[("31", ENDED, Some(Answered), 2)],
        ),
        row(
            "but a ring from before the end is only late",
            &[ring, cancel, (9, "31", Inbound, RINGING)],
            &[("31", ENDED, Some(Missed), 1)],
        ),
        row(
            "not after a refusal",
            &[ring, (9, "31", Inbound, REJECTED), (12, "31", Inbound, RINGING)],
            &[("31", ENDED, Some(Rejected), 1)],
        ),
        row(
            "a transfer may come to who lost it before",
            &[ring, (1, "32", Inbound, RINGING), (5, "32", Inbound, CONNECTED), (30, "31", Inbound, RINGING)],
            &[("31", Phase::Ringing, None, 2), ("32", Phase::Connected, None, 1)],
        ),
    ]);
}

#[test]
fn a_siblings_answer_ends_the_losing_legs() {
    let row = |rule, reports, then| Row { rule, reports, then };
    let group = [(0, "31", Inbound, RINGING), (0, "32", Inbound, RINGING), (4, "32", Inbound, CONNECTED)];
    let [ring_31, ring_32, answer_32] = group;
    check(&[
        row("of a group", &group, &[("31", ENDED, Some(AnsweredElsewhere), 1), ("32", Phase::Connected, None, 1)]),
        row(
            "whatever their own hang-up says afterwards",
            &[ring_31, ring_32, answer_32, (5, "31", Inbound, TIMED_OUT)],
            &[("31", ENDED, Some(AnsweredElsewhere), 1), ("32", Phase::Connected, None, 1)],
        ),
        row(
            "even if that came a moment before",
            &[ring_31, ring_32, (3, "31", Inbound, CANCELLED), answer_32],
            &[("31", ENDED, Some(AnsweredElsewhere), 1), ("32", Phase::Connected, None, 1)],
        ),
        row(
            "but who refused it refused it",
            &[ring_31, ring_32, (3, "31", Inbound, REJECTED), answer_32],
            &[("31", ENDED, Some(Rejected), 1), ("32", Phase::Connected, None, 1)],
        ),
        row(
            "not those of the other direction: an internal call has one of each",
            &[(0, "31", Outbound, DIALING), (1, "32", Inbound, RINGING), (4, "32", Inbound, CONNECTED)],
            &[("31", Phase::Dialing, None, 1), ("32", Phase::Connected, None, 1)],
        ),
        row(
            "not one that is answered all the same",
            &[ring_31, ring_32, answer_32, (6, "31", Inbound, CONNECTED)],
            &[("31", Phase::Connected, None, 1), ("32", Phase::Connected, None, 1)],
        ),
        row(
            "however late the answer is heard of that explains all others",
            &[
                (4, "33", Inbound, RINGING),
                (1, "32", Inbound, RINGING),
                (4, "32", Inbound, BUSY),
                (5, "32", Inbound, RINGING),
                (6, "32", Inbound, CONNECTED),
                (3, "31", Inbound, CONNECTED),
            ],
            &[
                ("31", Phase::Connected, None, 1),
                ("32", Phase::Connected, None, 2),
                ("33", ENDED, Some(AnsweredElsewhere), 1),
            ],
        ),
        row(
            "not one that begins to ring later: a transfer",
            &[(0, "32", Inbound, RINGING), answer_32, (20, "31", Inbound, RINGING)],
            &[("31", Phase::Ringing, None, 1), ("32", Phase::Connected, None, 1)],
        ),
    ]);
    let mut desk = Desk::new(&[]);
    for (at, extension, direction, step) in group {
        desk.leg(at, "c", extension, direction, step);
    }
    assert_eq!((desk.get("c", "31").ended_at, desk.get("c", "31").provisional), (Some(t(4)), true));
    assert_eq!(desk.state.call(&office(), &"c".into()).unwrap().outcome(), Some(Answered));
}

#[test]
fn outcomes_say_what_is_known() {
    #[rustfmt::skip]
    let rows: &[(Direction, &[LegStep], LegStep, Outcome, bool)] = &[
        (Inbound,  &[RINGING],            HUNG_UP,   Missed,            true),
        (Inbound,  &[RINGING],            CANCELLED, Missed,            true),
        (Inbound,  &[RINGING],            TIMED_OUT, Missed,            true),
        (Inbound,  &[RINGING],            BUSY,      Outcome::Busy,     false),
        (Inbound,  &[RINGING],            REJECTED,  Rejected,          false),
        (Inbound,  &[RINGING],            FAILED,    Failed,            false),
        (Inbound,  &[RINGING],            ELSEWHERE, AnsweredElsewhere, false),
        (Inbound,  &[RINGING, CONNECTED], HUNG_UP,   Answered,          false),
        (Inbound,  &[RINGING, CONNECTED], TIMED_OUT, Answered,          false),
        (Outbound, &[DIALING],            HUNG_UP,   Cancelled,         false),
        (Outbound, &[DIALING, RINGING],   CANCELLED, Cancelled,         false),
        (Outbound, &[DIALING, RINGING],   TIMED_OUT, Missed,            true),
        (Outbound, &[DIALING],            BUSY,      Outcome::Busy,     false),
        (Outbound, &[DIALING, RINGING],   REJECTED,  Rejected,          false),
        (Outbound, &[DIALING, PICKED_UP, RINGING], HUNG_UP, Cancelled,  false),
        (Outbound, &[DIALING, PICKED_UP], HUNG_UP,   Unknown,           true),
        (Outbound, &[PICKED_UP, RINGING, CONNECTED], HUNG_UP, Answered, false),
        (Outbound, &[CONNECTED],          HUNG_UP,   Answered,          false),
        (Outbound, &[CONNECTED],          FAILED,    Answered,          false),
        (Outbound, &[CONNECTED, RINGING], BUSY,      Outcome::Busy,     false),
        (Outbound, &[CONNECTED, RINGING], TIMED_OUT, Missed,            true),
    ];
    for (direction, before, end, outcome, provisional) in rows {
        let mut desk = Desk::new(&[]);
        for (at, step) in (0..).zip(before.iter().chain([end])) {
            desk.leg(at, "c", "31", *direction, *step);
        }
        let leg = desk.get("c", "31");
        let row = format!("{direction:?} {before:?} {end:?}");
        assert_eq!((leg.outcome, leg.provisional), (Some(*outcome), *provisional), "{row}");
        assert_eq!(leg.answered_at.is_some(), *outcome == Answered, "{row}");
    }
}

#[test]
fn an_unknown_direction_claims_nothing() {
    let mut desk = Desk::new(&["31"]);
    for (at, step) in [(0, RINGING), (9, HUNG_UP)] {
        let update = report("c", "31", Inbound, step, at);
        desk.event(at, Event::Leg(ringside_domain::LegUpdate { direction: None, ..update }));
    }
    assert_eq!(desk.get("c", "31").direction, None);
    assert_eq!(desk.stands("c", "31"), (ENDED, Some(Unknown), 1));
}

#[test]
fn unknown_steps_keep_the_leg_alive_and_are_counted_once() {
    let mut desk = Desk::new(&[]);
    desk.inbound(0, "c", "31", RINGING);
    let word = Effect::UnknownWord { account: office(), kind: UnknownKind::LegStep };
    assert_eq!(desk.inbound(200, "c", "31", LegStep::Other), [word]);
    assert_eq!(desk.inbound(250, "c", "31", LegStep::Other), []);
    assert_eq!(desk.inbound(250, "new", "31", LegStep::Other), []);
    assert_eq!(desk.state.unknown_steps(&office()), 3);
    assert!(desk.state.leg(&key("new", "31")).is_none());
    desk.tick(301);
    assert_eq!(desk.stands("c", "31"), (Phase::Ringing, None, 1));
    desk.tick(550);
    assert_eq!(desk.stands("c", "31"), (ENDED, Some(Unknown), 1));
}

#[test]
fn stale_legs_close_with_an_unknown_end() {
    for (step, patience) in [(DIALING, 5 * 60), (RINGING, 5 * 60), (CONNECTED, 4 * 3600)] {
        let mut desk = Desk::new(&[]);
        desk.inbound(0, "c", "31", step);
        assert_eq!(desk.state.next_deadline(), Some(t(patience)), "{step:?}");
        assert_eq!(desk.tick(patience - 1), []);
        let closed = desk.tick(patience);
        assert_eq!(closed, [Effect::WriteLeg(key("c", "31")), Effect::LegClosed(key("c", "31"))], "{step:?}");
        let leg = desk.get("c", "31");
        assert!(leg.end_unknown() && leg.provisional, "{leg:?}");
        assert_eq!((leg.phase, leg.outcome, leg.ended_at), (ENDED, Some(Unknown), None));
        assert_eq!(leg.answered_at.is_some(), step == CONNECTED);
        assert_eq!(desk.state.next_deadline(), None);
    }
}

#[test]
fn a_leg_that_did_not_lose_after_all_goes_stale_like_any_other() {
    let mut desk = Desk::new(&[]);
    desk.leg(10, "c", "33", Inbound, RINGING);
    desk.leg(11, "c", "31", Inbound, CONNECTED);
    desk.leg(12, "c", "31", Inbound, HUNG_UP);
    desk.tick(500);
    desk.event(500, Event::Leg(report("c", "31", Outbound, DIALING, 9)));
    assert_eq!(desk.stands("c", "33"), (ENDED, Some(Unknown), 1), "31 was calling out, so that nobody took it from 33");
    assert_eq!(desk.state.next_deadline(), None);
}

#[test]
fn a_guessed_end_gives_way_to_better_knowledge() {
    let mut desk = Desk::new(&[]);
    desk.inbound(0, "c", "31", RINGING);
    desk.tick(300);
    desk.event(301, Event::Leg(report("c", "31", Inbound, RINGING, 200)));
    assert_eq!(desk.stands("c", "31").0, ENDED, "a late report of the same ring leads nowhere");
    desk.event(302, Event::Leg(report("c", "31", Inbound, RINGING, 302)));
    assert_eq!(desk.stands("c", "31"), (Phase::Ringing, None, 1), "it rings still");
    desk.tick(602);
    desk.event(602, Event::Leg(report("c", "31", Inbound, CONNECTED, 310)));
    assert_eq!(desk.stands("c", "31"), (Phase::Connected, None, 1));
    desk.tick(602 + 4 * 3600);
    assert_eq!(desk.stands("c", "31"), (ENDED, Some(Unknown), 1));
    desk.inbound(310 + 4 * 3600 + 60, "c", "31", HUNG_UP);
    let leg = desk.get("c", "31");
    assert_eq!((leg.outcome, leg.ended_at), (Some(Answered), Some(t(310 + 4 * 3600 + 60))));
}

#[test]
fn a_report_from_the_far_future_happened_now() {
    for (ahead, started_at) in [(3_600, 3_600), (86_400, 86_400), (86_401, 0), (3_000_000_000, 0)] {
        let mut desk = Desk::new(&[]);
        desk.event(0, Event::Leg(report("c", "31", Inbound, RINGING, ahead)));
        assert_eq!(desk.get("c", "31").started_at, t(started_at), "{ahead} s ahead");
    }
}

#[test]
fn a_call_that_is_being_set_up_with_our_telephone_off_the_hook_is_no_stale_ring() {
    let mut desk = Desk::new(&["31"]);
    desk.leg(0, "c", "31", Outbound, PICKED_UP);
    assert_eq!(desk.state.next_deadline(), Some(t(4 * 3600)));
}

#[test]
fn an_end_that_follows_its_ring_ends_it_though_stamped_before_it() {
    for (rule, told) in [
        ("a second before", &[(5, RINGING), (4, HUNG_UP)][..]),
        ("minutes before", &[(600, RINGING), (4, CANCELLED)]),
        ("between two steps of the ring", &[(3, DIALING), (5, RINGING), (4, HUNG_UP)]),
        ("and repeated", &[(5, RINGING), (4, HUNG_UP), (5, RINGING), (4, HUNG_UP)]),
    ] {
        let mut desk = Desk::new(&["31"]);
        let now = told[0].0 + 1;
        for (at, step) in told {
            desk.event(now, Event::Leg(report("c", "31", Inbound, *step, *at)));
        }
        assert_eq!(desk.stands("c", "31"), (ENDED, Some(Missed), 1), "{rule}");
        let leg = desk.get("c", "31");
        assert!(leg.ended_at >= leg.ringing_at && leg.ringing_at >= Some(leg.started_at), "{rule}: {leg:?}");
        assert!(desk.state.cards().next().is_none(), "{rule}");
        assert_eq!(desk.tick(now + 3), [Effect::Missed(key("c", "31"))], "{rule}");
    }
}

#[test]
fn a_talks_end_stamped_before_its_answer_is_the_end_of_a_talk() {
    let mut desk = Desk::new(&["31"]);
    for (at, step) in [(0, RINGING), (5, CONNECTED), (4, CANCELLED)] {
        desk.event(6, Event::Leg(report("c", "31", Inbound, step, at)));
    }
    let leg = desk.get("c", "31");
    assert_eq!((leg.outcome, leg.answered_at, leg.ended_at), (Some(Answered), Some(t(5)), Some(t(5))));
}

#[test]
fn a_late_end_of_an_earlier_ring_is_not_the_end_of_this_one() {
    let mut desk = Desk::new(&["31"]);
    for (at, step) in [(0, RINGING), (20, RINGING), (9, CANCELLED)] {
        desk.event(21, Event::Leg(report("c", "31", Inbound, step, at)));
    }
    assert_eq!(desk.stands("c", "31"), (Phase::Ringing, None, 2));
}

#[test]
fn an_id_that_is_given_again_is_another_call() {
    for (rule, end, pause) in [("missed", HUNG_UP, 31), ("refused", REJECTED, 11), ("answered", HUNG_UP, 11)] {
        let mut desk = Desk::new(&["31"]);
        desk.inbound(0, "c", "31", RINGING);
        if rule == "answered" {
            desk.inbound(5, "c", "31", CONNECTED);
        }
        desk.inbound(10, "c", "31", end);
        let first = desk.get("c", "31").began;
        let again = desk.inbound(10 + pause, "c", "31", RINGING);
        let leg = desk.get("c", "31");
        assert_eq!((leg.phase, leg.attempt, leg.started_at), (Phase::Ringing, 1, t(10 + pause)), "{rule}");
        assert!(leg.began > first, "{rule}");
        assert!(again.iter().any(|effect| matches!(effect, Effect::PopUp { .. })), "{rule}: {again:?}");
        desk.inbound(20 + pause, "c", "31", HUNG_UP);
        desk.tick(30 + pause);
        let told = desk.all.iter().filter(|effect| matches!(effect, Effect::Missed(_))).count();
        assert_eq!(told, if rule == "missed" { 2 } else { 1 }, "{rule}");
    }
}

#[test]
fn a_ring_of_somebody_else_after_a_talk_is_another_call_however_soon() {
    let of = |remote: &Party, step, at| {
        let update = report("c", "31", Inbound, step, at);
        Event::Leg(ringside_domain::LegUpdate { remote: remote.clone(), ..update })
    };
    let (number, other) = (number("+4989218012"), number("+4940428380"));
    let colleague = Party::Extension("32".into());
    let answered = &[RINGING, CONNECTED, HUNG_UP][..];
    for (rule, steps, first, then) in [
        ("answered", answered, &number, &other),
        ("refused", &[RINGING, REJECTED], &number, &other),
        ("withheld", answered, &number, &Party::Withheld),
        ("a colleague", answered, &number, &colleague),
        ("after a colleague", answered, &colleague, &other),
    ] {
        let mut desk = Desk::new(&["31"]);
        for (at, step) in (0..).zip(steps) {
            desk.event(at, of(first, *step, at));
        }
        let first = desk.get("c", "31").began;
        let again = desk.event(4, of(then, RINGING, 4));
        let leg = desk.get("c", "31");
        assert_eq!((leg.phase, &leg.remote), (Phase::Ringing, then), "{rule}");
        assert!(leg.began > first, "{rule}");
        assert!(again.iter().any(|effect| matches!(effect, Effect::PopUp { .. })), "{rule}: {again:?}");
    }
}

#[test]
fn a_queue_that_tries_a_telephone_again_is_one_call_whatever_number_it_shows() {
    let mut desk = Desk::new(&["31"]);
    for (at, caller, step) in [(0, "+49800100", RINGING), (10, "+49800100", TIMED_OUT), (12, "+4940428380", RINGING)] {
        let update = report("q", "31", Inbound, step, at);
        desk.event(at, Event::Leg(ringside_domain::LegUpdate { remote: number(caller), ..update }));
    }
    assert_eq!(desk.stands("q", "31"), (Phase::Ringing, None, 2));
    for (at, step) in [(0, RINGING), (10, TIMED_OUT), (30, RINGING)] {
        desk.inbound(at, "c", "31", step);
    }
    assert_eq!(desk.stands("c", "31"), (Phase::Ringing, None, 2));
}

#[test]
fn repetitions_have_no_effect() {
    let mut desk = Desk::new(&["31"]);
    for step in [DIALING, RINGING, CONNECTED, HUNG_UP] {
        assert_ne!(desk.inbound(0, "c", "31", step), [], "{step:?}");
        assert_eq!(desk.inbound(0, "c", "31", step), [], "{step:?}");
    }
}

#[test]
fn the_other_side_is_never_forgotten_and_a_transfer_replaces_it() {
    let with = |remote: Party, at| {
        let update = report("c", "31", Inbound, RINGING, at);
        Event::Leg(ringside_domain::LegUpdate { remote, ..update })
    };
    let mut desk = Desk::new(&[]);
    desk.event(0, with(Party::Unstated, 0));
    for (at, said, kept) in [
        (1, Party::Withheld, Party::Withheld),
        (2, number("+493011111111"), number("+493011111111")),
        (3, Party::Withheld, number("+493011111111")),
        (4, Party::Unstated, number("+493011111111")),
        (9, number("+493022222222"), number("+493022222222")),
        (8, number("+493033333333"), number("+493022222222")),
    ] {
        desk.event(at, with(said, at));
        assert_eq!(desk.get("c", "31").remote, kept, "at {at}");
    }
}

#[test]
fn a_row_is_written_before_it_is_shown_and_once_a_change() {
    let mut desk = Desk::new(&[]);
    let (write, shown) = (Effect::WriteLeg(key("c", "31")), Effect::LegChanged(key("c", "31")));
    for (at, step) in [(0, DIALING), (1, RINGING), (2, CONNECTED)] {
        assert_eq!(desk.inbound(at, "c", "31", step), [write.clone(), shown.clone()], "{step:?}");
    }
    assert_eq!(desk.inbound(9, "c", "31", HUNG_UP), [write, Effect::LegClosed(key("c", "31"))]);
}
