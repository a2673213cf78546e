//! When a call is called missed.

mod support;

use ringside_domain::Direction::{Inbound, Outbound};
use ringside_domain::{Direction, LegStep, Outcome, Phase};
use ringside_engine::{Effect, Settings};
use support::*;

struct Row<'a> {
    what: &'a str,
    reports: &'a [(i64, &'a str, Direction, LegStep)],
    /// The extension whose leg is named, and when.
    told: Option<(&'a str, i64)>,
}

/// 31 is mine.
const ROWS: &[Row] = &[
    Row {
        what: "nobody took it",
        reports: &[(0, "31", Inbound, RINGING), (20, "31", Inbound, CANCELLED)],
        told: Some(("31", 23)),
    },
    Row {
        what: "nobody of the group took it: told when the last phone fell silent",
        reports: &[
            (0, "31", Inbound, RINGING),
            (0, "32", Inbound, RINGING),
            (20, "31", Inbound, TIMED_OUT),
            (40, "32", Inbound, TIMED_OUT),
        ],
        told: Some(("31", 43)),
    },
    Row {
        what: "a colleague took it",
        reports: &[
            (0, "31", Inbound, RINGING),
            (0, "32", Inbound, RINGING),
            (9, "32", Inbound, CONNECTED),
            (10, "31", Inbound, CANCELLED),
            (60, "32", Inbound, HUNG_UP),
        ],
        told: None,
    },
    Row {
        what: "the next phone of the cascade took it",
        reports: &[
            (0, "31", Inbound, RINGING),
            (20, "31", Inbound, CANCELLED),
            (22, "32", Inbound, RINGING),
            (30, "32", Inbound, CONNECTED),
            (60, "32", Inbound, HUNG_UP),
        ],
        told: None,
    },
    Row {
        what: "the second attempt was taken",
        reports: &[
            (0, "31", Inbound, RINGING),
            (20, "31", Inbound, CANCELLED),
            (22, "31", Inbound, RINGING),
            (30, "31", Inbound, CONNECTED),
            (60, "31", Inbound, HUNG_UP),
        ],
        told: None,
    },
    Row {
        what: "no attempt was taken: told once",
        reports: &[
            (0, "31", Inbound, RINGING),
            (20, "31", Inbound, CANCELLED),
            (30, "31", Inbound, RINGING),
            (50, "31", Inbound, CANCELLED),
        ],
        told: Some(("31", 23)),
    },
    Row { what: "I refused it", reports: &[(0, "31", Inbound, RINGING), (5, "31", Inbound, REJECTED)], told: None },
    Row {
        what: "I called and nobody answered",
        reports: &[(0, "31", Outbound, RINGING), (30, "31", Outbound, TIMED_OUT)],
        told: None,
    },
    Row {
        what: "a colleague's call",
        reports: &[(0, "32", Inbound, RINGING), (20, "32", Inbound, CANCELLED)],
        told: None,
    },
    Row {
        what: "it was transferred to me after a colleague had answered",
        reports: &[
            (0, "32", Inbound, RINGING),
            (5, "32", Inbound, CONNECTED),
            (60, "31", Inbound, RINGING),
            (61, "32", Inbound, HUNG_UP),
            (80, "31", Inbound, TIMED_OUT),
        ],
        told: Some(("31", 83)),
    },
    Row {
        what: "my colleague called, and talks to my voice mail now",
        reports: &[
            (0, "32", Outbound, DIALING),
            (1, "31", Inbound, RINGING),
            (20, "31", Inbound, TIMED_OUT),
            (21, "32", Outbound, CONNECTED),
        ],
        told: Some(("31", 23)),
    },
    Row { what: "nothing is known but that it ended", reports: &[(0, "31", Inbound, HUNG_UP)], told: None },
];

#[test]
fn missed_is_said_when_the_outcome_is_known() {
    for Row { what, reports, told } in ROWS {
        let mut desk = Desk::new(&["31"]);
        let mut said = Vec::new();
        for second in 0..120 {
            let mut effects = Vec::new();
            for (at, extension, direction, step) in *reports {
                if *at == second {
                    effects.extend(desk.leg(*at, "c", extension, *direction, *step));
                }
            }
            // As a host does: one timer, armed for the deadline.
            if desk.state.next_deadline().is_some_and(|deadline| deadline <= t(second)) {
                effects.extend(desk.tick(second));
            }
            said.extend(effects.into_iter().filter_map(|effect| match effect {
                Effect::Missed(leg) => Some((leg.extension.as_str().to_owned(), second)),
                _ => None,
            }));
        }
        let expected: Vec<_> = told.iter().map(|(extension, at)| ((*extension).to_owned(), *at)).collect();
        assert_eq!(said, expected, "{what}");
    }
}

#[test]
fn a_call_that_i_refused_on_another_line_was_not_missed() {
    let mut desk = Desk::new(&["31", "32"]);
    for (at, extension, step) in [(0, "31", RINGING), (0, "32", RINGING), (5, "32", REJECTED), (20, "31", TIMED_OUT)] {
        desk.inbound(at, "c", extension, step);
    }
    assert_eq!(desk.tick(60), []);
}

#[test]
fn two_of_my_lines_missed_one_call() {
    let mut desk = Desk::new(&["31", "32"]);
    for (at, extension, step) in [(0, "31", RINGING), (0, "32", RINGING), (20, "31", TIMED_OUT), (20, "32", TIMED_OUT)]
    {
        desk.inbound(at, "c", extension, step);
    }
    assert_eq!(desk.tick(60), [Effect::Missed(key("c", "31"))]);
    assert_eq!(desk.tick(120), []);
}

#[test]
fn without_patience_it_is_said_at_once() {
    let missed_settle = jiff::SignedDuration::ZERO;
    let mut desk = Desk::with(Settings { mine: mine(&["31"]), missed_settle, ..Settings::default() });
    desk.inbound(0, "c", "31", RINGING);
    assert!(desk.inbound(9, "c", "31", CANCELLED).contains(&Effect::Missed(key("c", "31"))));
}

#[test]
fn a_notice_is_taken_back_when_somebody_answered_after_all() {
    let mut desk = Desk::new(&["31"]);
    desk.inbound(0, "c", "31", RINGING);
    desk.inbound(20, "c", "31", CANCELLED);
    assert_eq!(desk.tick(23), [Effect::Missed(key("c", "31"))]);
    desk.inbound(25, "c", "32", RINGING);
    let answered = desk.inbound(30, "c", "32", CONNECTED);
    assert!(answered.contains(&Effect::WriteLeg(key("c", "31"))), "the row is corrected");
    assert!(answered.contains(&Effect::MissedWithdrawn(key("c", "31"))));
    assert_eq!(desk.stands("c", "31"), (Phase::Ended, Some(Outcome::AnsweredElsewhere), 1));
}

type Report = (&'static str, Direction, LegStep);

#[test]
fn a_call_comes_out_as_its_legs_say_together() {
    use Outcome::{Answered, Missed, Rejected, Unknown};
    #[rustfmt::skip]
    let rows: &[(&[Report], Option<Outcome>)] = &[
        (&[("31", Inbound, RINGING)], None),
        (&[("31", Inbound, RINGING), ("32", Inbound, RINGING), ("31", Inbound, CANCELLED)], None),
        (&[("31", Inbound, RINGING), ("31", Inbound, CONNECTED)], Some(Answered)),
        (&[("31", Inbound, RINGING), ("32", Inbound, REJECTED), ("31", Inbound, CANCELLED)], Some(Missed)),
        (&[("31", Inbound, RINGING), ("31", Inbound, REJECTED)], Some(Rejected)),
        (&[("31", Inbound, RINGING), ("31", Inbound, CANCELLED), ("32", Inbound, HUNG_UP)], Some(Unknown)),
        (&[("31", Outbound, DIALING), ("32", Inbound, BUSY), ("31", Outbound, BUSY)], Some(Outcome::Busy)),
        (&[("31", Outbound, DIALING), ("32", Inbound, RINGING), ("31", Outbound, HUNG_UP),
           ("32", Inbound, CANCELLED)], Some(Missed)),
    ];
    for (reports, outcome) in rows {
        let mut desk = Desk::new(&[]);
        for (at, (extension, direction, step)) in (0..).zip(*reports) {
            desk.leg(at, "c", extension, *direction, *step);
        }
        let call = desk.state.call(&office(), &"c".into()).unwrap();
        assert_eq!(call.outcome(), *outcome, "{reports:?}");
    }
}
