//! NFON: extensions, line states and the call stream, against what really happens in the office.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up stops at once")]

mod common;

use std::collections::HashMap;

use common::{CALLS, DATA, Events, STATES, json_of, nfon, quiet, quiet_with_nfon, sign_in, started, text};
use reqwest::{Method, StatusCode};
use ringside_exchange::{Line, LosingLegs, NfonOptions, Options, Presence, RingSpec};
use serde_json::Value;

async fn status(exchange: &ringside_exchange::Exchange, method: Method, path: &str, accept: &str) -> StatusCode {
    let (token, _) = sign_in(exchange).await;
    nfon(exchange, method, path, &token, accept).send().await.unwrap().status()
}

fn states_of(events: &[Value]) -> Vec<(String, String)> {
    events.iter().map(|it| (text(&it["extension"]), text(&it["state"]))).collect()
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(a, b)| ((*a).into(), (*b).into())).collect()
}

#[tokio::test]
async fn lists_the_extensions_of_the_office() {
    let exchange = quiet().await;
    let (token, _) = sign_in(&exchange).await;
    let data = json_of(nfon(&exchange, Method::GET, DATA, &token, "application/json").send().await.unwrap()).await;
    let all = data.as_array().unwrap();
    assert_eq!(all.len(), 46);
    let amira = all.iter().find(|it| it["extension_number"] == "22").unwrap();
    assert_eq!(amira["uuid"], "22@K7001");
    assert_eq!(amira["name"], "Amira Haddad");
}

#[tokio::test]
async fn ten_thousand_extensions_have_numbers_and_names_of_their_own() {
    let exchange = started(Options::quiet().with_extensions(10_000)).await;
    let (token, _) = sign_in(&exchange).await;
    let data = json_of(nfon(&exchange, Method::GET, DATA, &token, "application/json").send().await.unwrap()).await;
    let numbers: std::collections::HashSet<String> =
        data.as_array().unwrap().iter().map(|it| text(&it["extension_number"])).collect();
    assert_eq!(numbers.len(), 10_000);
}

#[tokio::test]
async fn is_strict_about_paths_methods_and_media_types() {
    let exchange = quiet().await;
    for (method, path, accept, expected) in [
        (Method::GET, "/extensions/phone/data/", "application/json", StatusCode::NOT_FOUND),
        (Method::GET, "/extension/phone/data", "application/json", StatusCode::NOT_FOUND),
        (Method::GET, DATA, "text/plain", StatusCode::NOT_ACCEPTABLE),
        (Method::POST, DATA, "application/json", StatusCode::METHOD_NOT_ALLOWED),
        (Method::GET, STATES, "*/*", StatusCode::NOT_ACCEPTABLE),
        (Method::GET, STATES, "text/plain", StatusCode::NOT_ACCEPTABLE),
        (Method::GET, CALLS, "application/json", StatusCode::NOT_ACCEPTABLE),
        (Method::GET, CALLS, "*/*", StatusCode::NOT_ACCEPTABLE),
        (Method::PUT, CALLS, "application/json", StatusCode::METHOD_NOT_ALLOWED),
    ] {
        assert_eq!(status(&exchange, method.clone(), path, accept).await, expected, "{method} {path} {accept}");
    }
}

#[tokio::test]
async fn the_snapshot_can_be_narrowed_to_some_extensions() {
    let exchange = quiet().await;
    exchange.office().set_line("23", Line::InUse, Presence::Dnd);
    let (token, _) = sign_in(&exchange).await;
    let path = format!("{STATES}?extension=22&extension=23");
    let states = json_of(nfon(&exchange, Method::GET, &path, &token, "application/json").send().await.unwrap()).await;
    assert_eq!(states.as_array().unwrap().len(), 2);
    assert_eq!(states[1]["line"], "in-use");
    assert_eq!(states[1]["presence"], "dnd");
    let updated = text(&states[1]["updated"]);
    assert_eq!(updated.len(), "2025-09-23T16:51:22.954969226+02:00".len(), "{updated}");
}

#[tokio::test]
async fn the_states_stream_begins_with_every_line_and_goes_on_with_changes() {
    let exchange = quiet().await;
    let (token, _) = sign_in(&exchange).await;
    let mut states = Events::open(&exchange, STATES, &token).await;
    let mut lines: HashMap<String, String> = HashMap::new();
    for state in states.take(46).await {
        lines.insert(text(&state["extension"]), text(&state["line"]));
    }
    assert_eq!(lines.len(), 46);
    assert!(lines.values().all(|line| line == "idle"));
    let call = exchange.office().ring(RingSpec::to("31").from("4922166966966"));
    assert_eq!(states.next().await.unwrap()["line"], "ringing");
    call.answer("31");
    assert_eq!(states.next().await.unwrap()["line"], "in-use");
    call.hang_up();
    assert_eq!(states.next().await.unwrap()["line"], "idle");
    exchange.office().set_presence("31", Presence::Unknown);
    assert_eq!(states.next().await.unwrap()["presence"], "null");
}

#[tokio::test]
async fn the_states_stream_can_be_missing() {
    let exchange = started(quiet_with_nfon(NfonOptions { states_stream: false, ..NfonOptions::default() })).await;
    assert_eq!(status(&exchange, Method::GET, STATES, "text/event-stream").await, StatusCode::NOT_ACCEPTABLE);
    assert_eq!(status(&exchange, Method::GET, STATES, "application/json").await, StatusCode::OK);
}

#[tokio::test]
async fn an_inbound_call_rings_is_answered_and_ends() {
    let exchange = quiet().await;
    let (token, _) = sign_in(&exchange).await;
    let mut calls = Events::open(&exchange, CALLS, &token).await;
    let call = exchange.office().ring(RingSpec::to("31").from("4922166966966").with_start());
    call.answer("31");
    call.hang_up();
    let events = calls.take(4).await;
    assert_eq!(states_of(&events), pairs(&[("31", "start"), ("31", "ring"), ("31", "answer"), ("31", "hangup")]));
    for event in &events {
        assert_eq!(event["uuid"], call.id().to_string());
        assert_eq!(event["caller"], "4922166966966");
        assert_eq!(event["caller_context"], "global");
        assert_eq!(event["customer"], "K7001");
        assert_eq!(event["direction"], "inbound");
        assert!(event.get("error").is_none());
    }
}

#[tokio::test]
async fn a_ring_group_rings_under_one_id_and_the_losers_hang_up() {
    let exchange = quiet().await;
    let (token, _) = sign_in(&exchange).await;
    let mut calls = Events::open(&exchange, CALLS, &token).await;
    let call = exchange.office().ring(RingSpec::to_group(["22", "23", "24"]).from("41446681800"));
    call.answer("23");
    let events = calls.take(6).await;
    assert!(events.iter().all(|it| it["uuid"] == call.id().to_string()));
    let expected =
        [("22", "ring"), ("23", "ring"), ("24", "ring"), ("23", "answer"), ("22", "hangup"), ("24", "hangup")];
    assert_eq!(states_of(&events), pairs(&expected));
    assert_eq!(exchange.office().snapshot().legs.len(), 1);
}

#[tokio::test]
async fn losing_legs_may_never_be_told_of_but_their_lamps_go_out() {
    let exchange = quiet().await;
    let (token, _) = sign_in(&exchange).await;
    let mut calls = Events::open(&exchange, CALLS, &token).await;
    let call = exchange.office().ring(RingSpec::to_group(["22", "23"]).losing(LosingLegs::Never));
    call.answer("23");
    call.hang_up();
    let events = calls.take(4).await;
    assert_eq!(states_of(&events), pairs(&[("22", "ring"), ("23", "ring"), ("23", "answer"), ("23", "hangup")]));
    assert_eq!(events[0]["caller"], "anonymous");
    let truth = exchange.office().snapshot();
    assert!(truth.legs.is_empty());
    assert_eq!(truth.lines["22"].line, Line::Idle);
}

#[tokio::test]
async fn losing_legs_may_be_told_of_late() {
    let exchange = quiet().await;
    let (token, _) = sign_in(&exchange).await;
    let mut calls = Events::open(&exchange, CALLS, &token).await;
    let late = LosingLegs::Late(std::time::Duration::from_millis(50));
    let call = exchange.office().ring(RingSpec::to_group(["22", "23"]).losing(late));
    call.answer("23");
    call.hang_up();
    let events = calls.take(5).await;
    assert_eq!(states_of(&events)[4], ("22".into(), "hangup".into()));
    assert_eq!(events[4]["error"], "cancel");
}

#[tokio::test]
async fn an_internal_call_has_two_legs_with_public_numbers() {
    let exchange = quiet().await;
    let (token, _) = sign_in(&exchange).await;
    let mut calls = Events::open(&exchange, CALLS, &token).await;
    let call = exchange.office().call_internally("22", "43");
    call.answer("43");
    call.hang_up();
    let events = calls.take(7).await;
    let expected = [
        ("22", "start"),
        ("43", "ring"),
        ("22", "ring"),
        ("43", "answer"),
        ("22", "answer"),
        ("22", "hangup"),
        ("43", "hangup"),
    ];
    assert_eq!(states_of(&events), pairs(&expected));
    assert_eq!(events[0]["direction"], "outbound");
    assert_eq!(events[1]["direction"], "inbound");
    assert_eq!(events[1]["caller"], "49221471022");
}

#[tokio::test]
async fn a_transfer_brings_a_second_inbound_leg_and_ends_the_first() {
    let exchange = quiet().await;
    let (token, _) = sign_in(&exchange).await;
    let mut calls = Events::open(&exchange, CALLS, &token).await;
    let call = exchange.office().ring(RingSpec::to("22").from("41446681800"));
    call.answer("22");
    call.transfer("31");
    call.answer("31");
    let events = calls.take(5).await;
    let expected = [("22", "ring"), ("22", "answer"), ("31", "ring"), ("31", "answer"), ("22", "hangup")];
    assert_eq!(states_of(&events), pairs(&expected));
    assert!(events[4].get("error").is_none());
}

#[tokio::test]
async fn an_extension_can_be_rung_again_under_the_same_id() {
    let exchange = quiet().await;
    let (token, _) = sign_in(&exchange).await;
    let mut calls = Events::open(&exchange, CALLS, &token).await;
    let call = exchange.office().ring(RingSpec::to_group(["22", "23"]));
    call.cancel_leg("22");
    call.ring_also("22");
    call.reject();
    let events = calls.take(6).await;
    assert_eq!(states_of(&events)[2..4], pairs(&[("22", "hangup"), ("22", "ring")]));
    assert_eq!(events[5]["error"], "reject");
    assert!(!call.is_live());
}

#[tokio::test]
async fn the_call_stream_knows_nothing_of_what_was_before() {
    let exchange = quiet().await;
    let (token, _) = sign_in(&exchange).await;
    let call = exchange.office().ring(RingSpec::to("31"));
    let mut calls = Events::open(&exchange, CALLS, &token).await;
    call.hang_up();
    assert_eq!(calls.next().await.unwrap()["state"], "hangup");
}

#[tokio::test]
async fn heartbeats_keep_a_silent_stream_warm() {
    let heartbeat = Some(std::time::Duration::from_millis(20));
    let exchange = started(quiet_with_nfon(NfonOptions { heartbeat, ..NfonOptions::default() })).await;
    let (token, _) = sign_in(&exchange).await;
    let mut calls = Events::open(&exchange, CALLS, &token).await;
    calls.until(|seen| seen.len() >= 9).await.unwrap();
    assert!(calls.seen.starts_with(b":\n\n:\n\n:\n\n"));
}

#[tokio::test]
async fn people_come_and_go() {
    let exchange = quiet().await;
    let office = exchange.office();
    office.add_extension("99", "New Colleague");
    let call = office.ring(RingSpec::to("99"));
    assert!(office.remove_extension("99"));
    assert!(!office.remove_extension("99"));
    assert!(!call.is_live());
    assert_eq!(office.extensions().len(), 46);
}

#[tokio::test]
async fn a_load_of_line_events_ends_in_the_models_state() {
    let exchange = quiet().await;
    let (token, _) = sign_in(&exchange).await;
    let mut states = Events::open(&exchange, STATES, &token).await;
    let mut lines: HashMap<String, String> = HashMap::new();
    let load = exchange.office().line_events_except(2_000, &["31"]);
    for state in states.take(500).await {
        lines.insert(text(&state["extension"]), text(&state["line"]));
    }
    load.stop();
    assert!(lines.values().any(|line| line == "in-use"));
    assert_eq!(lines["31"], "idle");
}
