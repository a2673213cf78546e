use proptest::prelude::*;

use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_770_000_000 + second).unwrap()
}

fn told(call: &str, step: LegStep) -> Told {
    Told {
        call: CallId::new(call),
        direction: Some(Direction::Inbound),
        step,
        remote: Party::Unstated,
        our_number: Party::Unstated,
        at: at(0),
    }
}

fn reading(extension: &str, second: i64, legs: &[Told]) -> Reading {
    Reading {
        extension: ExtensionId::new(extension),
        legs: Some(legs.to_vec()),
        partial: false,
        offline: false,
        presence: Presence::Available,
        status: Some("1".into()),
        user: Some("77".into()),
        at: at(second),
        server: Some(second),
        ending: None,
    }
}

fn ended(reading: Reading, call: Option<&str>, cause: EndCause) -> Reading {
    Reading { ending: Some(Ending { call: call.map(CallId::new), cause }), ..reading }
}

/// Steps with their calls, and the lines' states, in order.
fn said(events: &[Event]) -> Vec<String> {
    let said = |event: &Event| match event {
        Event::Leg(leg) => vec![format!("{} {:?}", leg.call, leg.step)],
        Event::Line(line) => vec![format!("{:?}", line.state.status)],
        Event::Lines(lines) => lines.iter().map(|line| format!("{} {:?}", line.extension, line.state.status)).collect(),
        other => vec![format!("{other:?}")],
    };
    events.iter().flat_map(said).collect()
}

const RINGING: LegStep = LegStep::Ringing;
const CONNECTED: LegStep = LegStep::Connected;

#[test]
fn a_call_is_told_step_by_step_and_is_over_when_it_leaves_the_list() {
    let mut board = Board::default();
    assert_eq!(said(&board.take(reading("A", 1, &[told("c", RINGING)]))), ["c Ringing", "Ringing"]);
    assert_eq!(said(&board.take(reading("A", 1, &[told("c", RINGING)]))), Vec::<String>::new(), "twice is once");
    assert_eq!(said(&board.take(reading("A", 5, &[told("c", CONNECTED)]))), ["c Connected", "Busy"]);
    let over = ended(reading("A", 9, &[]), Some("c"), EndCause::Busy);
    assert_eq!(said(&board.take(over)), ["c Ended(Busy)", "Idle"]);
}

#[test]
fn a_cause_is_of_its_own_call_alone() {
    let mut board = Board::default();
    board.take(reading("A", 1, &[told("c", CONNECTED), told("d", RINGING)]));
    let over = ended(reading("A", 2, &[]), Some("d"), EndCause::Rejected);
    assert_eq!(said(&board.take(over)), ["c Ended(Normal)", "d Ended(Rejected)", "Idle"]);
    board.take(reading("A", 3, &[told("e", RINGING)]));
    let over = ended(reading("A", 4, &[]), None, EndCause::Timeout);
    assert_eq!(said(&board.take(over)), ["e Ended(Timeout)", "Idle"]);
}

#[test]
fn a_report_without_calls_ends_none() {
    let mut board = Board::default();
    board.take(reading("A", 1, &[told("c", CONNECTED)]));
    let silent = Reading { legs: None, presence: Presence::Away, ..reading("A", 2, &[]) };
    assert_eq!(said(&board.take(silent)), ["Busy"], "only the presence is news");
    let garbled = Reading { partial: true, ..reading("A", 3, &[]) };
    assert_eq!(said(&board.take(garbled)), ["Busy"], "what could not be read may be the call");
    assert_eq!(board.holds(&"A".into(), &"c".into()), None, "no snapshot yet");
}

#[test]
fn what_was_overtaken_is_passed_by() {
    let mut board = Board::default();
    board.take(reading("A", 10, &[told("c", RINGING)]));
    board.take(reading("A", 20, &[]));
    assert_eq!(said(&board.take(reading("A", 15, &[told("c", CONNECTED)]))), Vec::<String>::new());
    // Within one second the order is anybody's guess, and what is over stays over.
    assert_eq!(said(&board.take(reading("A", 20, &[told("c", CONNECTED)]))), Vec::<String>::new());
    assert_eq!(
        said(&board.take(reading("A", 30, &[told("c", RINGING)]))),
        ["c Ringing", "Ringing"],
        "a queue rings again"
    );
    board.take(reading("A", 31, &[told("c", CONNECTED)]));
    assert_eq!(said(&board.take(reading("A", 31, &[told("c", RINGING)]))), Vec::<String>::new());
    // A clock that was set back by an hour is no overtaking.
    assert_eq!(said(&board.take(reading("A", 31 - 3600, &[]))), ["c Ended(Normal)", "Idle"]);
}

#[test]
fn a_snapshot_ends_what_vanished_while_somebody_looked_and_leaves_the_rest_to_the_lines() {
    let mut board = Board::default();
    let first = vec![reading("A", 1, &[told("c", CONNECTED)]), reading("B", 1, &[told("d", RINGING)])];
    assert_eq!(said(&board.replace(first, at(1))), ["A Busy", "B Ringing", "c Connected", "d Ringing"]);
    assert_eq!(
        said(&board.replace(vec![reading("A", 2, &[]), reading("B", 2, &[told("d", RINGING)])], at(2)))[2..],
        ["c Ended(Normal)"]
    );
    board.lose();
    let after = vec![reading("A", 9, &[]), reading("B", 9, &[told("e", RINGING)])];
    let events = said(&board.replace(after, at(9)));
    assert_eq!(events, ["A Idle", "B Ringing", "e Ringing", "d Ended(Normal)"], "the line of B does not tell of d");
    board.lose();
    assert_eq!(said(&board.replace(vec![reading("B", 20, &[])], at(20))), ["B Idle"], "nobody saw how e ended");
}

#[test]
fn another_servers_clock_may_lag_behind() {
    let mut board = Board::default();
    board.replace(vec![reading("A", 100, &[told("c", CONNECTED)])], at(100));
    board.begin();
    assert_eq!(said(&board.replace(vec![reading("A", 90, &[])], at(90))), ["A Idle", "c Ended(Normal)"]);
    assert_eq!(said(&board.take(reading("A", 90, &[told("c", RINGING)]))), Vec::<String>::new());
}

#[test]
fn it_knows_who_is_on_which_call_as_long_as_it_is_told() {
    let (a, c) = (ExtensionId::new("A"), CallId::new("c"));
    let mut board = Board::default();
    board.replace(vec![reading("A", 1, &[])], at(1));
    assert_eq!(board.holds(&a, &c), None, "nothing was told of it");
    board.take(reading("A", 2, &[told("other", RINGING)]));
    assert_eq!(board.holds(&a, &c), Some(false), "another one is there");
    board.placed(&a, &c);
    assert_eq!(board.holds(&a, &c), None, "placed, and not told yet");
    board.take(reading("A", 2, &[told("c", CONNECTED)]));
    assert_eq!(board.holds(&a, &c), Some(true));
    board.take(reading("A", 3, &[]));
    assert_eq!(board.holds(&a, &c), Some(false));
    assert_eq!((board.user(&a).as_deref(), board.status(&a).as_deref()), (Some("77"), Some("1")));
    board.lose();
    assert_eq!((board.holds(&a, &c), board.status(&a)), (None, None));
}

#[test]
fn lines_follow_calls_and_then_the_telephone() {
    let mut board = Board::default();
    let mut status = |legs: &[Told], offline: bool, second| {
        let events = board.take(Reading { offline, ..reading("A", second, legs) });
        said(&events).last().cloned().unwrap_or_default()
    };
    assert_eq!(status(&[], true, 1), "Offline");
    assert_eq!(status(&[told("c", LegStep::Dialing)], false, 2), "Busy");
    assert_eq!(status(&[told("c", RINGING)], false, 3), "Ringing");
    assert_eq!(status(&[told("c", RINGING), told("d", CONNECTED)], true, 4), "Busy");
    assert_eq!(status(&[told("e", LegStep::Other)], false, 5), "Unknown");
    assert_eq!(status(&[], false, 6), "Idle");
}

/// What is on the extension once everything has been told in its own order.
fn states() -> Vec<Reading> {
    vec![
        reading("A", 10, &[told("c", RINGING)]),
        reading("A", 20, &[told("c", CONNECTED)]),
        reading("A", 30, &[told("c", CONNECTED), told("d", RINGING)]),
        reading("A", 40, &[told("c", CONNECTED)]),
        reading("A", 50, &[]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn duplicates_and_permutations_end_in_the_same_state(order in proptest::collection::vec(0..5_usize, 5..25)) {
        let mut order = order;
        order.extend(0..5);
        let mut board = Board::default();
        let mut live: Vec<CallId> = Vec::new();
        let mut line = None;
        // The last word may come at any time; what it said stands.
        for index in order {
            for event in board.take(states()[index].clone()) {
                match event {
                    Event::Leg(leg) if matches!(leg.step, LegStep::Ended(_)) => live.retain(|call| *call != leg.call),
                    Event::Leg(leg) if !live.contains(&leg.call) => live.push(leg.call),
                    Event::Line(update) => line = Some(update.state.status),
                    _ => {}
                }
            }
        }
        prop_assert!(live.is_empty(), "{live:?}");
        prop_assert_eq!(line, Some(LineStatus::Idle));
    }
}
