use ringside_api::view::{JournalView, LimitView, LinkView, PartyKind, PartyView};
use ringside_domain::{CallerClass, LinkPhase};

use super::*;

fn party() -> PartyView {
    PartyView {
        kind: PartyKind::Number,
        dial: Some("+4922166966966".into()),
        number: "+49 221 66966966".into(),
        region: None,
        name: None,
        company: None,
    }
}

fn course(state: DialState, account: Option<AccountView>) -> Course {
    let dial = DialView {
        intent: "i".into(),
        account: "haifa".into(),
        from: "haifa/31".into(),
        to: party(),
        state,
        call: None,
        started_at: 10_000,
        problem: None,
    };
    Course { dial, account, legs: Vec::new(), given_up: false, not_dialled: None }
}

fn account(capabilities: &[Capability]) -> AccountView {
    AccountView {
        id: "haifa".into(),
        provider: "any".into(),
        title: "Any".into(),
        capabilities: capabilities.to_vec(),
        link: LinkView { phase: LinkPhase::Online, since: 0, reason: None, limits: Vec::new(), next_try_at: None },
        clock_ahead_s: None,
        secret: "env".into(),
        warnings: Vec::new(),
        locked: false,
        demo: false,
        journal: None,
    }
}

fn leg(phase: Phase, outcome: Option<Outcome>) -> LegView {
    LegView {
        id: "haifa/c/31".into(),
        account: "haifa".into(),
        call: "c".into(),
        extension: "31".into(),
        extension_name: String::new(),
        direction: Some(Direction::Outbound),
        phase,
        remote: party(),
        our_number: None,
        class: CallerClass::Unknown,
        started_at: 9_500,
        answered_at: None,
        ended_at: None,
        outcome,
        provisional: false,
        unverified: false,
        mine: true,
        no_hang_up: None,
    }
}

fn refused() -> ApiError {
    Problem::new("forbidden", "no", "").into()
}

#[test]
fn waiting_ends_only_with_a_named_end() {
    let enough = |state, wait| course(state, None).is_enough(wait);
    assert!(enough(DialState::CallerRinging, false) && !enough(DialState::CallerRinging, true));
    assert!(!enough(DialState::Sending, false) && !enough(DialState::Checking, false));
    assert!(enough(DialState::Busy, true) && enough(DialState::Connected, true));
    assert!(enough(DialState::HandedOver, false), "taken is enough for whoever does not wait");
}

#[test]
fn a_call_that_was_handed_over_is_waited_for_where_anything_can_be_learnt() {
    let waits = |account| !course(DialState::HandedOver, Some(account)).is_enough(true);
    let mut silent = account(&[Capability::Dial]);
    assert!(!waits(silent.clone()), "nobody will ever say");
    silent.journal = Some(JournalView::default());
    assert!(waits(silent.clone()), "its record will");
    silent.journal = Some(JournalView { problem: Some(refused()), ..JournalView::default() });
    assert!(!waits(silent.clone()), "a record that may not be read says nothing");
    let late = Problem::new("timed_out", "late", "").into();
    silent.journal = Some(JournalView { problem: Some(late), ..JournalView::default() });
    assert!(waits(silent), "a service that is late says it later");
    let mut live = account(&[Capability::Dial, Capability::LiveCalls]);
    assert!(waits(live.clone()), "its events will");
    live.link.limits.push(LimitView { part: "live_calls".into(), problem: refused() });
    assert!(!waits(live), "events that are refused say nothing");
}

#[test]
fn the_calls_own_events_say_what_became_of_it() {
    let mut course = course(DialState::HandedOver, Some(account(&[Capability::Dial, Capability::LiveCalls])));
    course.hear(ApiEvent::Leg { leg: LegView { direction: Some(Direction::Inbound), ..leg(Phase::Ringing, None) } });
    course.hear(ApiEvent::Leg { leg: LegView { started_at: 1_000, ..leg(Phase::Ended, Some(Outcome::Missed)) } });
    assert!(course.leg().is_none(), "another call of the line");
    course.hear(ApiEvent::Leg { leg: leg(Phase::Dialing, None) });
    assert!(!course.is_enough(true), "it rings, however long");
    course.hear(ApiEvent::Leg { leg: leg(Phase::Ended, Some(Outcome::Busy)) });
    assert!(course.is_enough(true));
    assert_eq!(course.learnt(), Some(DialState::Busy));
    assert_eq!(named_end(&course.dial, course.learnt()).unwrap_err().code, "busy");
}
