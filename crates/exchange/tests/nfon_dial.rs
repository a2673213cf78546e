//! NFON: dialling and cancelling.

mod common;

use std::time::Duration;

use common::{CALLS, Events, dial, json_of, nfon, quiet, sign_in, text};
use reqwest::{Method, StatusCode};
use ringside_exchange::{
    CalleeBehaviour, CallerBehaviour, DialBehaviour, DialOrder, Exchange, Line, Presence, ServiceName,
};
use serde_json::{Value, json};

const SSE: &str = "text/event-stream";

fn outside() -> Value {
    json!({"caller": "31", "caller_context": "K7001", "callee": "4922166966966", "callee_context": "global",
           "extension": "31", "timeout": 30})
}

async fn progress_of(exchange: &Exchange, behaviour: DialBehaviour, body: Value) -> Vec<(String, Option<String>)> {
    exchange.office().next_dial(behaviour);
    let (token, _) = sign_in(exchange).await;
    let answer = dial(exchange, &token, SSE, body).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let mut events = Events::of(answer);
    let mut steps = Vec::new();
    while let Some(event) = events.next().await {
        steps.push((text(&event["state"]), event.get("error").map(text)));
    }
    steps
}

fn steps(all: &[&str], last: (&str, Option<&str>)) -> Vec<(String, Option<String>)> {
    let before = all.iter().map(|it| ((*it).to_owned(), None));
    before.chain([(last.0.to_owned(), last.1.map(str::to_owned))]).collect()
}

#[tokio::test]
async fn tells_the_steps_of_a_call_that_is_answered() {
    let exchange = quiet().await;
    let seen = progress_of(&exchange, DialBehaviour::at_once(), outside()).await;
    let expected = ["start", "caller-dial", "caller-ring", "caller-answer", "dial", "ring", "answer"];
    assert_eq!(seen, steps(&expected, ("end", None)));
    let truth = exchange.office().snapshot();
    assert_eq!(truth.lines["31"].line, Line::InUse, "the talk goes on after the request has ended");
}

#[tokio::test]
async fn the_far_side_may_be_dialled_before_the_own_side_answers() {
    let exchange = quiet().await;
    let behaviour = DialBehaviour { order: DialOrder::BeforeCallerAnswer, ..DialBehaviour::at_once() };
    let seen = progress_of(&exchange, behaviour, outside()).await;
    assert_eq!(seen[3].0, "dial");
    assert_eq!(seen[4].0, "caller-answer");
}

#[tokio::test]
async fn every_failure_has_its_name() {
    let now = Duration::ZERO;
    let answered = ["start", "caller-dial", "caller-ring", "caller-answer", "dial", "ring"];
    let ringing = ["start", "caller-dial", "caller-ring"];
    let exchange = quiet().await;
    for (behaviour, before, error) in [
        (DialBehaviour::at_once().with_callee(CalleeBehaviour::Busy(now)), &answered[..], "busy"),
        (DialBehaviour::at_once().with_callee(CalleeBehaviour::Rejects(now)), &answered[..], "reject"),
        (DialBehaviour::at_once().with_callee(CalleeBehaviour::NoAnswer(now)), &answered[..], "timeout"),
        (DialBehaviour::at_once().with_caller(CallerBehaviour::Rejects(now)), &ringing[..], "reject"),
    ] {
        let seen = progress_of(&exchange, behaviour, outside()).await;
        assert_eq!(seen, steps(before, ("end", Some(error))));
    }
    assert!(exchange.office().snapshot().legs.is_empty());
}

#[tokio::test]
async fn the_own_side_has_as_long_as_the_timeout_says() {
    let exchange = quiet().await;
    let mut body = outside();
    body["timeout"] = json!(1);
    let seen = progress_of(&exchange, DialBehaviour::by_hand(), body).await;
    assert_eq!(seen.last().unwrap(), &("end".to_owned(), Some("timeout".to_owned())));
}

#[tokio::test]
async fn a_phone_that_is_not_registered_cannot_ring() {
    let exchange = quiet().await;
    exchange.office().set_line("31", Line::Offline, Presence::Offline);
    let seen = progress_of(&exchange, DialBehaviour::at_once(), outside()).await;
    assert_eq!(seen, steps(&["start"], ("end", Some("unspecified"))));
}

#[tokio::test]
async fn without_a_context_the_callee_is_an_extension() {
    let exchange = quiet().await;
    let seen = progress_of(&exchange, DialBehaviour::at_once(), json!({"caller": "31", "callee": "42"})).await;
    assert_eq!(seen.last().unwrap().1, None);
    let truth = exchange.office().snapshot();
    assert_eq!(truth.lines["42"].line, Line::InUse);
    assert_eq!(truth.legs.len(), 2);
    let unknown = progress_of(&exchange, DialBehaviour::at_once(), json!({"caller": "32", "callee": "112"})).await;
    assert_eq!(unknown.last().unwrap().1.as_deref(), Some("unspecified"), "112 is no extension here");
}

#[tokio::test]
async fn as_json_it_is_accepted_and_goes_on_under_the_same_id_on_the_call_stream() {
    let exchange = quiet().await;
    exchange.office().set_dial_behaviour(DialBehaviour::by_hand());
    let (token, _) = sign_in(&exchange).await;
    let mut calls = Events::open(&exchange, CALLS, &token).await;
    let answer = dial(&exchange, &token, "application/json", outside()).await;
    assert_eq!(answer.status(), StatusCode::ACCEPTED);
    let started = json_of(answer).await;
    assert_eq!(started["state"], "start");
    let events = calls.take(3).await;
    assert_eq!(events[2]["state"], "caller-ring");
    assert!(events.iter().all(|it| it["uuid"] == started["uuid"] && it["direction"] == "outbound"));
    assert_eq!(exchange.office().snapshot().lines["31"].line, Line::Ringing);
    let call = exchange.office().calls().remove(0);
    call.caller_answers();
    assert_eq!(calls.take(3).await[0]["state"], "caller-answer");
    call.callee_answers();
    assert_eq!(calls.next().await.unwrap()["state"], "answer");
    assert_eq!(exchange.tape().count_of(ServiceName::Nfon, "POST", "/v1/extensions/phone/calls"), 1);
}

#[tokio::test]
async fn refuses_what_the_vendor_refuses() {
    let exchange = quiet().await;
    let (token, _) = sign_in(&exchange).await;
    for (field, value) in [
        ("callee", json!("+4922166966966")),
        ("callee", json!("004922166966966")),
        ("callee", json!("49 221")),
        ("callee", json!("")),
        ("caller", json!(31)),
        ("extension", json!("77777")),
        ("timeout", json!(121)),
        ("timeout", json!(0)),
        ("callee_context", json!("K9999")),
    ] {
        let mut body = outside();
        body[field] = value.clone();
        let answer = dial(&exchange, &token, "application/json", body).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{field} {value}");
        assert!(json_of(answer).await["error"].is_string());
    }
    let answer = nfon(&exchange, Method::POST, CALLS, &token, "application/json").body("{").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    assert!(exchange.office().calls().is_empty());
}

#[tokio::test]
async fn a_call_can_be_cancelled_until_the_own_side_answers() {
    let exchange = quiet().await;
    exchange.office().set_dial_behaviour(DialBehaviour::by_hand());
    let (token, _) = sign_in(&exchange).await;
    let mut progress = Events::of(dial(&exchange, &token, SSE, outside()).await);
    let path = format!("{CALLS}/{}", text(&progress.take(3).await[0]["uuid"]));
    let delete = |path: &str| nfon(&exchange, Method::DELETE, path, &token, "application/json").send();
    assert_eq!(delete(&path).await.unwrap().status(), StatusCode::NO_CONTENT);
    let end = progress.next().await.unwrap();
    assert_eq!((&end["state"], &end["error"]), (&json!("end"), &json!("cancel")));
    assert_eq!(delete(&path).await.unwrap().status(), StatusCode::NOT_FOUND);
    assert_eq!(delete(&format!("{CALLS}/nonsense")).await.unwrap().status(), StatusCode::BAD_REQUEST);
    assert!(exchange.office().snapshot().legs.is_empty());
}

#[tokio::test]
async fn a_call_that_was_answered_or_came_from_outside_cannot_be_cancelled() {
    let exchange = quiet().await;
    exchange.office().set_dial_behaviour(DialBehaviour::by_hand());
    let (token, _) = sign_in(&exchange).await;
    let inbound = exchange.office().ring(ringside_exchange::RingSpec::to("22"));
    let answer = json_of(dial(&exchange, &token, "application/json", outside()).await).await;
    let own = exchange.office().call(text(&answer["uuid"]).parse().unwrap()).unwrap();
    assert!(own.caller_answers());
    for call in [inbound.id(), own.id()] {
        let request = nfon(&exchange, Method::DELETE, &format!("{CALLS}/{call}"), &token, "application/json");
        assert_eq!(request.send().await.unwrap().status(), StatusCode::NOT_FOUND);
    }
}
