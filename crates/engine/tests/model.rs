//! Whatever order reports come in, however often, and whichever are missing: the engine knows what the model knows.

mod reference;
mod support;

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use proptest::prelude::*;
use ringside_domain::Direction::{Inbound, Outbound};
use ringside_domain::{CallId, Direction, EndCause, Event, LegStep, LegUpdate, Outcome, Party, Phase};
use ringside_engine::{Effect, Leg};
use support::*;

const CAUSES: [EndCause; 7] = [
    EndCause::Normal,
    EndCause::Busy,
    EndCause::Rejected,
    EndCause::Cancelled,
    EndCause::Timeout,
    EndCause::AnsweredElsewhere,
    EndCause::Failed,
];

fn any_step() -> impl Strategy<Value = LegStep> {
    prop_oneof![
        3 => Just(DIALING),
        1 => Just(PICKED_UP),
        4 => Just(RINGING),
        3 => Just(CONNECTED),
        4 => prop::sample::select(&CAUSES[..]).prop_map(LegStep::Ended),
        1 => Just(LegStep::Other),
    ]
}

/// Reports without rhyme or reason, many in the same instant.
fn any_report() -> impl Strategy<Value = LegUpdate> {
    let who = prop::sample::select(&["31", "32", "33"][..]);
    let call = prop::sample::select(&["a", "b"][..]);
    let direction = prop_oneof![6 => Just(Some(Inbound)), 2 => Just(Some(Outbound)), 1 => Just(None::<Direction>)];
    let remote = prop_oneof![
        Just(Party::Unstated),
        Just(Party::Withheld),
        Just(number("+493011111111")),
        Just(number("+493022222222")),
    ];
    (call, who, direction, any_step(), remote, 0_i64..25).prop_map(|(call, who, direction, step, remote, at)| {
        LegUpdate { direction, remote, ..report(call, who, Inbound, step, at) }
    })
}

/// What really happens in offices: groups, cascades, transfers, internal calls, click-to-dial.
fn office_call(call: &'static str) -> impl Strategy<Value = Vec<LegUpdate>> {
    (0_usize..7, 0_i64..5, prop::sample::select(&CAUSES[..])).prop_map(move |(kind, start, cause)| {
        let end = LegStep::Ended(cause);
        let told: &[(i64, &str, Direction, LegStep)] = match kind {
            0 => &[(0, "31", Inbound, DIALING), (1, "31", Inbound, RINGING), (20, "31", Inbound, end)],
            1 => &[(0, "31", Inbound, RINGING), (4, "31", Inbound, CONNECTED), (30, "31", Inbound, end)],
            2 => &[
                (0, "31", Inbound, RINGING),
                (0, "32", Inbound, RINGING),
                (0, "33", Inbound, RINGING),
                (5, "32", Inbound, CONNECTED),
                (6, "31", Inbound, end),
                (40, "32", Inbound, HUNG_UP),
            ],
            3 => &[
                (0, "31", Inbound, RINGING),
                (9, "31", Inbound, CANCELLED),
                (10, "32", Inbound, RINGING),
                (19, "32", Inbound, CANCELLED),
                (20, "31", Inbound, RINGING),
                (25, "31", Inbound, CONNECTED),
                (50, "31", Inbound, HUNG_UP),
            ],
            4 => &[
                (0, "31", Inbound, RINGING),
                (3, "31", Inbound, CONNECTED),
                (20, "32", Inbound, RINGING),
                (21, "31", Inbound, HUNG_UP),
                (25, "32", Inbound, end),
            ],
            5 => &[
                (0, "31", Outbound, DIALING),
                (1, "32", Inbound, RINGING),
                (5, "32", Inbound, CONNECTED),
                (5, "31", Outbound, CONNECTED),
                (30, "31", Outbound, HUNG_UP),
                (30, "32", Inbound, HUNG_UP),
            ],
            _ => &[
                (0, "31", Outbound, DIALING),
                (2, "31", Outbound, PICKED_UP),
                (3, "31", Outbound, DIALING),
                (4, "31", Outbound, RINGING),
                (30, "31", Outbound, end),
            ],
        };
        told.iter().map(|(at, who, direction, step)| report(call, who, *direction, *step, start + at)).collect()
    })
}

/// Two calls of an office, of which every report may be lost, or come up to three times, in any order.
fn battered_office() -> impl Strategy<Value = Vec<LegUpdate>> {
    let calls = (office_call("a"), office_call("b"));
    calls
        .prop_map(|(a, b)| [a, b].concat())
        .prop_flat_map(|reports| {
            let times = prop::collection::vec(
                prop_oneof![1 => Just(0_usize), 6 => Just(1), 2 => Just(2), 1 => Just(3)],
                reports.len(),
            );
            times.prop_map(move |times| {
                let repeat = reports.iter().zip(times).flat_map(|(r, times)| std::iter::repeat_n(r.clone(), times));
                repeat.collect::<Vec<_>>()
            })
        })
        .prop_shuffle()
}

/// Between two reports that arrive, where every call has one caller.
const APART: SignedDuration = SignedDuration::from_secs(1);
/// The same where a call's reports name several people: within the time in which they change places.
const CLOSE: SignedDuration = SignedDuration::from_millis(40);

/// Delivers the reports one after the other, `step` apart, keeping a history by the effects alone.
fn deliver(reports: &[LegUpdate], step: SignedDuration) -> (Desk, BTreeMap<(CallId, String), Leg>) {
    let mut desk = Desk::new(&["31"]);
    let mut history = BTreeMap::new();
    for (n, report) in reports.iter().enumerate() {
        // All within the patience for stale legs, and while rings are young.
        let now = t(40) + step * (n as i32 % 10);
        for effect in desk.event_at(now, Event::Leg(report.clone())) {
            if let Effect::WriteLeg(key) = effect {
                let row = desk.get(key.call.as_str(), key.extension.as_str()).clone();
                history.insert((key.call, key.extension.as_str().to_owned()), row);
            }
        }
    }
    (desk, history)
}

fn agrees_with_model(reports: &[LegUpdate], step: SignedDuration) -> Result<(), TestCaseError> {
    let (desk, history) = deliver(reports, step);
    let mut expected = 0;
    for call in reports.iter().map(|report| &report.call).collect::<BTreeSet<_>>() {
        let of_call: Vec<_> = reports.iter().filter(|report| report.call == *call).cloned().collect();
        for (extension, model) in reference::tell(&of_call) {
            expected += 1;
            let leg = desk.get(call.as_str(), extension.as_str());
            let has = (leg.direction, &leg.remote, leg.phase, leg.outcome, leg.attempt);
            let should = (model.direction, &model.remote, model.phase, model.outcome, model.attempt);
            prop_assert_eq!(has, should, "{}/{}", call, extension);
            let has = (leg.started_at, leg.picked_up_at, leg.ringing_at, leg.answered_at, leg.ended_at);
            let should = (model.started_at, model.picked_up_at, model.ringing_at, model.answered_at, model.ended_at);
            prop_assert_eq!(has, should, "{}/{}", call, extension);
            let in_order = [Some(leg.started_at), leg.ringing_at, leg.answered_at, leg.ended_at];
            prop_assert!(in_order.iter().flatten().is_sorted(), "{:?}", leg);
            let row = history.get(&(call.clone(), extension.as_str().to_owned()));
            prop_assert_eq!(row, Some(leg), "the history row is what is known");
        }
    }
    prop_assert_eq!(desk.state.legs().count(), expected);
    prop_assert_eq!(history.len(), expected, "one row a leg");
    Ok(())
}

/// Found cases belong into the tables, not into a file beside them.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(10_000))]

    #[test]
    fn a_battered_office_converges(reports in battered_office()) {
        agrees_with_model(&reports, APART)?;
    }

    #[test]
    fn nonsense_converges(reports in prop::collection::vec(any_report(), 0..24)) {
        agrees_with_model(&reports, CLOSE)?;
        let of_one = |report: LegUpdate| match report.remote {
            Party::Number(_) => LegUpdate { remote: number("+493011111"), ..report },
            _ => LegUpdate { remote: Party::Unstated, ..report },
        };
        agrees_with_model(&reports.into_iter().map(of_one).collect::<Vec<_>>(), APART)?;
    }
}

/// One telephone's call as a stream tells it, and what is to be known at its end whatever the stamps say.
fn told_in_order() -> impl Strategy<Value = (Vec<LegUpdate>, Outcome)> {
    let calls: &[(&[LegStep], Direction, Outcome)] = &[
        (&[RINGING, HUNG_UP], Inbound, Outcome::Missed),
        (&[RINGING, CANCELLED], Inbound, Outcome::Missed),
        (&[DIALING, RINGING, HUNG_UP], Inbound, Outcome::Missed),
        (&[RINGING, CONNECTED, HUNG_UP], Inbound, Outcome::Answered),
        (&[DIALING, RINGING, CONNECTED, HUNG_UP], Inbound, Outcome::Answered),
        (&[DIALING, PICKED_UP, RINGING, CANCELLED], Outbound, Outcome::Cancelled),
        (&[DIALING, PICKED_UP, DIALING, RINGING, BUSY], Outbound, Outcome::Busy),
        (&[RINGING, REJECTED], Inbound, Outcome::Rejected),
    ];
    (prop::sample::select(calls), prop::collection::vec(-15_i64..15, 5)).prop_map(
        |((steps, direction, outcome), skew)| {
            let steps = steps.iter().zip(skew).zip(0..);
            let told = steps.map(|((step, skew), at)| report("a", "31", direction, *step, at + skew)).collect();
            (told, outcome)
        },
    )
}

proptest! {
    #![proptest_config(config(2_000))]

    #[test]
    fn an_end_ends_what_its_stream_told_before_it_whatever_the_stamps_say((told, outcome) in told_in_order()) {
        agrees_with_model(&told, APART)?;
        let (mut desk, _) = deliver(&told, APART);
        prop_assert_eq!(desk.stands("a", "31"), (Phase::Ended, Some(outcome), 1), "{:?}", told);
        prop_assert!(desk.state.cards().next().is_none());
        let leg = desk.get("a", "31");
        let in_order = [Some(leg.started_at), leg.ringing_at, leg.answered_at, leg.ended_at];
        prop_assert!(in_order.iter().flatten().is_sorted(), "{:?}", leg);
        let missed = desk.tick(60).contains(&Effect::Missed(key("a", "31")));
        prop_assert_eq!(missed, outcome == Outcome::Missed, "{:?}", told);
    }
}

proptest! {
    #![proptest_config(config(1_000))]

    #[test]
    fn orphans_are_closed_after_four_hours(reports in prop::collection::vec(any_report(), 0..24)) {
        let (mut desk, _) = deliver(&reports, APART);
        let mut now = 50;
        while let Some(deadline) = desk.state.next_deadline() {
            let begun = i64::from(deadline.subsec_nanosecond() > 0);
            now = now.max(deadline.as_second() - t(0).as_second() + begun);
            desk.tick(now);
        }
        prop_assert!(desk.state.live_legs().next().is_none());
        // What was missed is said three seconds later.
        prop_assert!(now <= 50 + 4 * 3600 + 3, "{}", now);
    }

    #[test]
    fn in_order_a_leg_never_steps_back(mut reports in battered_office()) {
        reports.sort_by_key(|report| report.at);
        let mut desk = Desk::new(&["31"]);
        let mut before: BTreeMap<_, (u32, Phase)> = BTreeMap::new();
        for report in reports {
            let at = report.at.as_second() - t(0).as_second();
            desk.event(at, Event::Leg(report));
            for leg in desk.state.legs() {
                let stands = (leg.attempt, leg.phase);
                let stood = before.insert(leg.key.clone(), stands).unwrap_or(stands);
                // One way back is left: a leg that seemed to have lost to a sibling, and was answered all the same.
                let answered_too = stood.1 == Phase::Ended && leg.phase == Phase::Connected;
                prop_assert!(stands >= stood || answered_too, "{:?} {:?} {:?}", leg.key, stood, stands);
            }
        }
    }
}
