//! One intention, one request, one named end.

use std::time::Duration;

use ringside_api::view::DialState;
use ringside_api::{ApiEvent, Request};
use ringside_app::desktop::{Asked, Notification};
use ringside_exchange::{
    CalleeBehaviour, CallerBehaviour, DialBehaviour, Exchange, Fault, FaultKind, Options, ServiceName,
};
use ringside_tests::rig::{self, Rig, word};

const CALLS: &str = "/v1/extensions/phone/calls";
const NUMBER: &str = "+49 221 66966966";

fn posts(exchange: &Exchange) -> usize {
    exchange.tape().count_of(ServiceName::Nfon, "POST", CALLS)
}

/// The states a dial went through, in order, each once.
fn course(rig: &Rig, intent: &str) -> Vec<String> {
    let mut states: Vec<String> = Vec::new();
    for event in rig.events() {
        if let ApiEvent::Dial { dial } = event
            && dial.intent == intent
            && states.last() != Some(&word(&dial.state))
        {
            states.push(word(&dial.state));
        }
    }
    states
}

async fn ends(rig: &Rig, intent: &str, state: DialState) -> ringside_api::view::DialView {
    rig.dial_state(&format!("{intent} to end as {}", word(&state)), intent, |dial| dial.state == state).await
}

#[tokio::test]
async fn a_dial_shows_every_step_until_it_is_connected() {
    let (exchange, rig) = rig::quiet().await;
    exchange.office().next_dial(DialBehaviour::by_hand());
    let dial = rig.dial("one", NUMBER).await.unwrap();
    assert_eq!((dial.state, dial.from.as_str()), (DialState::Sending, "office/31"));
    assert_eq!(dial.to.dial.as_deref(), Some("+4922166966966"));
    rig.dial_state("my telephone rings", "one", |dial| dial.state == DialState::CallerRinging).await;
    let call = exchange.office().calls().remove(0);
    call.caller_answers();
    rig.dial_state("theirs rings", "one", |dial| dial.state == DialState::CalleeRinging).await;
    call.callee_answers();
    ends(&rig, "one", DialState::Connected).await;
    let course = course(&rig, "one");
    let wanted = ["sending", "caller_ringing", "caller_answered", "callee_ringing", "connected"];
    let mut rest = course.iter();
    assert!(wanted.iter().all(|wanted| rest.any(|state| state == wanted)), "{course:?}");
    assert_eq!(posts(&exchange), 1);
    let sent = exchange.tape().requests().into_iter().find(|it| it.is("POST", CALLS)).unwrap();
    assert!(sent.body.contains("4922166966966") && !sent.body.contains('+'), "{}", sent.body);
}

#[tokio::test]
async fn the_same_intention_and_a_double_click_ring_once() {
    let (exchange, rig) = rig::quiet().await;
    exchange.office().set_dial_behaviour(DialBehaviour::by_hand());
    let (a, b) = tokio::join!(rig.dial("one", NUMBER), rig.dial("one", NUMBER));
    assert_eq!(a.unwrap().intent, b.unwrap().intent);
    // A second click on the same number is another intention of the host, and the same wish of the user.
    assert_eq!(rig.dial("two", NUMBER).await.unwrap().intent, "one");
    rig.dial_state("it rings", "one", |dial| dial.state == DialState::CallerRinging).await;
    assert_eq!(posts(&exchange), 1);
}

#[tokio::test]
async fn a_lost_answer_is_found_out_from_the_call_events_and_never_sent_again() {
    let (exchange, rig) = rig::quiet().await;
    exchange.office().set_dial_behaviour(DialBehaviour::by_hand());
    exchange.faults().set(Fault::new(FaultKind::LostAnswer).on(ServiceName::Nfon).method("POST").path(CALLS).once());
    let began = tokio::time::Instant::now();
    rig.dial("lost", NUMBER).await.unwrap();
    rig.dial_state("the call is found", "lost", |dial| dial.call.is_some() && dial.state != DialState::Unknown).await;
    assert!(began.elapsed() <= Duration::from_secs(5), "{:?}", began.elapsed());
    assert!(course(&rig, "lost").contains(&"checking".to_owned()), "{:?}", course(&rig, "lost"));
    rig.dial_state("my telephone rings", "lost", |dial| dial.state == DialState::CallerRinging).await;
    let call = exchange.office().calls().remove(0);
    assert!(call.caller_answers());
    // That our own side picked up never claims that the other one did.
    rig.dial_state("theirs rings", "lost", |dial| dial.state == DialState::CalleeRinging).await;
    assert!(call.callee_answers());
    ends(&rig, "lost", DialState::Connected).await;
    assert_eq!(posts(&exchange), 1);
}

#[tokio::test]
async fn an_answer_that_never_comes_ends_as_unknown_and_says_what_to_do() {
    let exchange = Exchange::start(Options::quiet()).await.unwrap();
    let rig = rig::with_office_options(&exchange, "request_seconds = 2").await;
    rig.online("office").await;
    exchange.faults().set(Fault::new(FaultKind::NoAnswer).on(ServiceName::Nfon).method("POST").path(CALLS));
    rig.dial("silence", NUMBER).await.unwrap();
    let dial = ends(&rig, "silence", DialState::Unknown).await;
    assert_eq!(dial.problem.unwrap().code, "unconfirmed");
    assert_eq!(posts(&exchange), 1, "a request that rings a telephone is never repeated");
}

#[tokio::test]
async fn every_end_has_its_name() {
    let soon = Duration::ZERO;
    let at_once = || DialBehaviour::at_once();
    let ends_as = [
        ("busy", at_once().with_callee(CalleeBehaviour::Busy(soon)), DialState::Busy),
        ("rejected", at_once().with_callee(CalleeBehaviour::Rejects(soon)), DialState::Rejected),
        ("unanswered", at_once().with_callee(CalleeBehaviour::NoAnswer(soon)), DialState::NoAnswer),
        ("refused-by-me", at_once().with_caller(CallerBehaviour::Rejects(soon)), DialState::Rejected),
    ];
    let (exchange, rig) = rig::quiet().await;
    for (intent, behaviour, state) in ends_as {
        exchange.office().next_dial(behaviour);
        rig.dial(intent, NUMBER).await.unwrap();
        ends(&rig, intent, state).await;
    }
}

#[tokio::test]
async fn a_call_is_ended_from_here_while_it_is_set_up_and_afterwards_says_why_not() {
    let (exchange, rig) = rig::quiet().await;
    exchange.office().next_dial(DialBehaviour::by_hand());
    rig.dial("changed-my-mind", NUMBER).await.unwrap();
    rig.dial_state("it rings", "changed-my-mind", |dial| dial.state == DialState::CallerRinging).await;
    rig.call(Request::HangUp { leg: None }).await.unwrap();
    rig.dial_state("it is over", "changed-my-mind", |dial| {
        matches!(dial.state, DialState::Cancelled | DialState::Failed | DialState::Rejected)
    })
    .await;
    assert!(exchange.office().calls().is_empty());

    exchange.office().next_dial(DialBehaviour::at_once());
    rig.dial("talking", NUMBER).await.unwrap();
    ends(&rig, "talking", DialState::Connected).await;
    let leg = rig.leg("the talk", |leg| word(&leg.phase) == "connected").await;
    assert!(leg.no_hang_up.is_some(), "the action that is missing explains itself");
    let refused = rig.call(Request::HangUp { leg: Some(leg.id) }).await.unwrap_err();
    assert_eq!(refused.code, "hang_up_set_up_only");
}

#[tokio::test]
async fn what_is_no_number_is_refused_before_anything_is_sent() {
    let (exchange, rig) = rig::quiet().await;
    for text in ["", "hello", "31.12.2026", "DE89 3704 0044 0532 0130 00", "<script>", "tel:$(reboot)", "+", "00"] {
        let refused = rig.dial(&format!("no-{text}"), text).await;
        assert!(refused.is_err(), "{text:?} was dialled as {refused:?}");
    }
    assert_eq!(posts(&exchange), 0);
}

#[tokio::test]
async fn a_service_that_refuses_is_asked_once_and_quoted() {
    for (code, wanted) in [(403, "forbidden"), (500, "server_trouble"), (429, "rate_limited")] {
        let (exchange, rig) = rig::quiet().await;
        let status = FaultKind::Status { code, retry_after: None };
        exchange.faults().set(Fault::new(status).on(ServiceName::Nfon).method("POST").path(CALLS));
        rig.dial("refused", NUMBER).await.unwrap();
        let dial = rig.dial_state("an end", "refused", |dial| dial.problem.is_some()).await;
        let problem = dial.problem.unwrap();
        // A 5xx may come from a proxy after the service has acted: it is checked like a lost answer.
        assert!(problem.code == wanted || (code == 500 && problem.code == "unconfirmed"), "{code}: {problem:?}");
        assert!(!problem.message.is_empty() && !problem.hint.is_empty());
        rig.until("the failed dial is told", |_| {
            let told = |it: &Asked| matches!(it, Asked::Notify(Notification::FailedDial { .. }));
            rig.desktop.asked().iter().any(told).then_some(())
        })
        .await;
        assert_eq!(posts(&exchange), 1, "{code}");
    }
}

#[tokio::test]
async fn an_extension_that_no_longer_exists_is_said_plainly() {
    let (exchange, rig) = rig::quiet().await;
    exchange.office().remove_extension("31");
    rig.dial("gone", NUMBER).await.unwrap();
    let dial = rig.dial_state("an end", "gone", |dial| dial.problem.is_some() || dial.state == DialState::Failed).await;
    assert_eq!(dial.state, DialState::Failed, "{dial:?}");
    assert_eq!(posts(&exchange), 1);
}

#[tokio::test]
async fn a_slow_answer_is_waited_for_and_nothing_is_sent_twice() {
    let (exchange, rig) = rig::quiet().await;
    exchange.office().set_dial_behaviour(DialBehaviour::at_once());
    exchange.faults().set(Fault::new(FaultKind::Delay { ms: 2_500 }).on(ServiceName::Nfon).method("POST").path(CALLS));
    rig.dial("slow", NUMBER).await.unwrap();
    let dial = rig.dial_state("an end", "slow", |dial| dial.state == DialState::Connected).await;
    assert_eq!(dial.problem, None);
    assert_eq!(posts(&exchange), 1);
}
