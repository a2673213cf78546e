//! Dialling: one intention, one request, one named end.

use ringside_api::view::DialState;
use ringside_api::{ApiEvent, Reply, Request};
use ringside_exchange::{CalleeBehaviour, DialBehaviour, Fault, FaultKind, ServiceName};

use crate::rig::Rig;

const CALLS: &str = "/v1/extensions/phone/calls";

fn dial(intent: &str, text: &str) -> Request {
    Request::Dial { intent: intent.to_owned(), text: text.to_owned(), account: None, from: None }
}

async fn until(rig: &mut Rig, wanted: DialState) {
    rig.event(&format!("{wanted:?}"), |event| match event {
        ApiEvent::Dial { dial } if dial.state == wanted => Some(()),
        _ => None,
    })
    .await;
}

#[tokio::test]
async fn a_dial_goes_step_by_step_to_the_talk() {
    let mut rig = Rig::start().await;
    rig.exchange.office().next_dial(DialBehaviour::at_once());
    let Ok(Reply::Dial { dial: begun }) = rig.call(dial("one", "0221 66966966")).await else { panic!("refused") };
    assert_eq!((begun.state, begun.to.dial.as_deref()), (DialState::Sending, Some("+4922166966966")));
    until(&mut rig, DialState::Connected).await;
    assert_eq!(rig.exchange.tape().count_of(ServiceName::Nfon, "POST", CALLS), 1);
}

#[tokio::test]
async fn a_double_click_rings_once() {
    let mut rig = Rig::start().await;
    rig.exchange.office().next_dial(DialBehaviour::at_once());
    let (first, second, third) = tokio::join!(
        rig.call(dial("one", "0221 66966966")),
        rig.call(dial("one", "0221 66966966")),
        rig.call(dial("two", "+49 221 66966966")),
    );
    for reply in [first, second, third] {
        let Ok(Reply::Dial { dial }) = reply else { panic!("refused: {reply:?}") };
        assert_eq!(dial.intent, "one");
    }
    until(&mut rig, DialState::Connected).await;
    assert_eq!(rig.exchange.tape().count_of(ServiceName::Nfon, "POST", CALLS), 1);
}

#[tokio::test]
async fn busy_is_said_to_be_busy() {
    let mut rig = Rig::start().await;
    rig.exchange
        .office()
        .next_dial(DialBehaviour::at_once().with_callee(CalleeBehaviour::Busy(std::time::Duration::from_millis(50))));
    rig.call(dial("one", "0221 66966966")).await.unwrap();
    until(&mut rig, DialState::Busy).await;
}

#[tokio::test]
async fn a_lost_answer_is_found_out_from_the_call_events_and_never_repeated() {
    let mut rig = Rig::start().await;
    rig.exchange.office().next_dial(DialBehaviour::at_once());
    rig.exchange
        .faults()
        .set(Fault::new(FaultKind::LostAnswer).on(ServiceName::Nfon).path(CALLS).method("POST").once());
    rig.call(dial("one", "0221 66966966")).await.unwrap();
    until(&mut rig, DialState::Checking).await;
    until(&mut rig, DialState::CallerAnswered).await;
    assert_eq!(rig.exchange.tape().count_of(ServiceName::Nfon, "POST", CALLS), 1);
}

#[tokio::test]
async fn what_cannot_be_dialled_is_refused_in_words_before_anything_is_sent() {
    let rig = Rig::start().await;
    for text in ["", "abc", "Rechnung 4711", "+49"] {
        let error = rig.call(dial("x", text)).await.unwrap_err();
        assert!(!error.code.is_empty() && !error.message.is_empty(), "{text}: {error:?}");
    }
    assert_eq!(rig.exchange.tape().count_of(ServiceName::Nfon, "POST", CALLS), 0);
}

#[tokio::test]
async fn a_call_of_our_own_can_be_cancelled_while_it_is_being_set_up() {
    let mut rig = Rig::start().await;
    rig.exchange.office().next_dial(DialBehaviour::by_hand());
    rig.call(dial("one", "0221 66966966")).await.unwrap();
    let shown = rig
        .eventually("the leg says that it can be ended", |s| {
            s.legs.iter().any(|leg| leg.extension == "31" && leg.no_hang_up.is_none())
        })
        .await;
    let leg = shown.legs.iter().find(|leg| leg.extension == "31").map(|leg| leg.id.clone());
    rig.call(Request::HangUp { leg }).await.unwrap();
    until(&mut rig, DialState::Cancelled).await;
}
