//! TENIOS: strict where the vendor is, and every plausible form where the vendor's is not known.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up stops at once")]

#[path = "../common/mod.rs"]
mod common;
mod numbers;
mod office;
mod receiver;

use std::time::Duration;

use common::{client, json_of, started};
use reqwest::{Response, StatusCode};
use ringside_exchange::{
    Agent, AgentReason, BadKey, CalleeBehaviour, CallerBehaviour, DialBehaviour, Exchange, Options, RingSpec,
    TeniosOptions,
};
use serde_json::{Value, json};

async fn with(tenios: TeniosOptions) -> Exchange {
    started(Options { tenios, ..Options::quiet() }).await
}

async fn quiet() -> Exchange {
    with(TeniosOptions::default()).await
}

/// Asks with the right key.
async fn ask(exchange: &Exchange, path: &str, mut body: Value) -> Response {
    body["access_key"] = json!(exchange.tenios().access_key());
    raw(exchange, path, &body.to_string()).await
}

async fn raw(exchange: &Exchange, path: &str, body: &str) -> Response {
    let request = client().post(format!("{}{path}", exchange.tenios_url())).header("content-type", "application/json");
    request.body(body.to_owned()).send().await.unwrap()
}

async fn ok(exchange: &Exchange, path: &str, body: Value) -> Value {
    let answer = ask(exchange, path, body).await;
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    json_of(answer).await
}

async fn assert_refused(answer: Response, code: &str, fields: Value) {
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    let body = json_of(answer).await;
    assert_eq!((&body["error_code"], &body["fields"]), (&json!(code), &fields));
    assert!(body["error_message"].is_string());
}

#[tokio::test]
async fn a_wrong_key_is_refused_in_either_form() {
    for (bad_key, status) in [(BadKey::BadRequest, 400), (BadKey::Forbidden, 403)] {
        let exchange = with(TeniosOptions { bad_key, ..TeniosOptions::default() }).await;
        for body in [r#"{"access_key":"wrong","page":1,"page_size":1}"#, r#"{"page":1,"page_size":1}"#] {
            let answer = raw(&exchange, "/cloud-pbx/list", body).await;
            assert_eq!(answer.status().as_u16(), status);
            assert_eq!(json_of(answer).await["error_code"], "BAD_CREDENTIALS");
        }
        exchange.tenios().set_access_key("another");
        ok(&exchange, "/cloud-pbx/list", json!({"page": 1, "page_size": 1})).await;
    }
}

#[tokio::test]
async fn only_posts_of_json_to_known_methods_are_taken() {
    let exchange = quiet().await;
    let url = format!("{}/cloud-pbx/list", exchange.tenios_url());
    assert_eq!(client().get(&url).send().await.unwrap().status(), StatusCode::NOT_FOUND);
    let untyped = client().post(&url).body("{}").send().await.unwrap();
    assert_eq!(untyped.status(), StatusCode::BAD_REQUEST);
    for body in ["", "[]", "{"] {
        assert_refused(raw(&exchange, "/cloud-pbx/list", body).await, "INVALID_VALUE", json!([])).await;
    }
    assert_eq!(ask(&exchange, "/numbers/list", json!({})).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_key_is_on_no_tape_even_in_a_long_body() {
    let exchange = quiet().await;
    ask(&exchange, "/verification/create", json!({"document_data": "A".repeat(100_000)})).await;
    let recorded = exchange.tape().requests().remove(0);
    assert!(!recorded.body.contains(&exchange.tenios().access_key()));
    assert!(recorded.body.len() <= 16_384);
}

#[tokio::test]
async fn users_come_by_the_page_and_numbers_may_be_text() {
    let exchange = quiet().await;
    let first = ok(&exchange, "/cloud-pbx/list", json!({"page": 1, "page_size": 20})).await;
    let last = ok(&exchange, "/cloud-pbx/list", json!({"page": "3", "page_size": "20"})).await;
    assert_eq!(first["items"].as_array().unwrap().len(), 20);
    assert_eq!(last["items"].as_array().unwrap().len(), 6);
    assert_eq!((&first["total_items"], &first["page"], &first["success"]), (&json!(46), &json!(1), &json!(true)));
    let anna = first["items"].as_array().unwrap().iter().find(|it| it["internal_extension"] == "31").unwrap();
    assert_eq!((&anna["first_name"], &anna["user_name"]), (&json!("Anna"), &json!("user31")));
    for (body, code, field) in [
        (json!({"page": 0, "page_size": 20}), "INVALID_VALUE", "page"),
        (json!({"page": 1}), "FIELD_IS_REQUIRED", "page_size"),
        (json!({"page": 1, "page_size": 5000}), "INVALID_VALUE", "page_size"),
        (json!({"page": "one", "page_size": 5}), "INVALID_VALUE", "page"),
    ] {
        assert_refused(ask(&exchange, "/cloud-pbx/list", body).await, code, json!([field])).await;
    }
}

#[tokio::test]
async fn an_agents_reason_is_taken_under_one_name_alone() {
    for (agent_reason, taken) in [(AgentReason::Long, "Lunch"), (AgentReason::Short, "Mittag")] {
        let exchange = with(TeniosOptions { agent_reason, ..TeniosOptions::default() }).await;
        let email = "user31@office.example";
        let change =
            |state: &str| json!({"email": email, "state": state, "not_ready_reason": "Lunch", "nrr": "Mittag"});
        assert_eq!(ok(&exchange, "/acd/agent-state/change", change("NOT_READY")).await["success"], true);
        let agent = Agent { ready: false, reason: Some(taken.into()) };
        assert_eq!(exchange.tenios().agent("31"), Some(agent));
        ok(&exchange, "/acd/agent-state/change", change("READY")).await;
        let state = ok(&exchange, "/acd/agent-state/retrieve", json!({"email": email})).await;
        assert_eq!(state, json!({"email": email, "state": "READY"}));
        let unknown = json!({"email": "nobody@office.example"});
        assert_refused(ask(&exchange, "/acd/agent-state/retrieve", unknown).await, "INVALID_VALUE", json!(["email"]))
            .await;
        let asleep = change("ASLEEP");
        assert_refused(ask(&exchange, "/acd/agent-state/change", asleep).await, "INVALID_VALUE", json!(["state"]))
            .await;
    }
}

#[tokio::test]
async fn too_many_requests_in_a_second_are_turned_away() {
    let exchange = with(TeniosOptions { rate_limit: Some(2), ..TeniosOptions::default() }).await;
    let mut statuses = Vec::new();
    for _ in 0..8 {
        statuses.push(ask(&exchange, "/cloud-pbx/list", json!({"page": 1, "page_size": 1})).await.status());
    }
    assert!(statuses.contains(&StatusCode::TOO_MANY_REQUESTS), "{statuses:?}");
    assert_eq!(statuses[0], StatusCode::OK);
}

async fn callback(exchange: &Exchange, delay: u64) -> u64 {
    let body = json!({"callback_config_id": 4711, "callback_number": "+4922166966966", "delay": delay.to_string()});
    ok(exchange, "/callback/init", body).await["id"].as_u64().unwrap()
}

async fn status(exchange: &Exchange, id: u64) -> String {
    common::text(&ok(exchange, "/callback/status", json!({"id": id.to_string()})).await["status"])
}

async fn until(exchange: &Exchange, id: u64, wanted: &str) {
    let reached = async { while status(exchange, id).await != wanted {} };
    tokio::time::timeout(common::PATIENCE, reached).await.unwrap_or_else(|_| panic!("never {wanted}"));
}

#[tokio::test]
async fn a_callback_goes_through_all_its_states() {
    let exchange = quiet().await;
    exchange.office().set_dial_behaviour(DialBehaviour::by_hand());
    let waiting = callback(&exchange, 3600).await;
    assert_eq!(status(&exchange, waiting).await, "REQUESTED");
    let id = callback(&exchange, 0).await;
    until(&exchange, id, "CALLING_A").await;
    let call = exchange.office().calls().pop().unwrap();
    call.caller_answers();
    until(&exchange, id, "CALLING_B").await;
    call.callee_answers();
    until(&exchange, id, "CONNECTED").await;
    call.hang_up();
    until(&exchange, id, "DISCONNECTED").await;
    assert!(exchange.tenios().say_of_callback(id, "ON_THE_MOON"));
    assert_eq!(status(&exchange, id).await, "ON_THE_MOON");

    let soon = Duration::from_millis(5);
    for (behaviour, end) in [
        (DialBehaviour::by_hand().with_caller(CallerBehaviour::Rejects(soon)), "CALL_A_FAILED"),
        (DialBehaviour::at_once().with_callee(CalleeBehaviour::Busy(soon)), "CALL_B_FAILED"),
    ] {
        exchange.office().next_dial(behaviour);
        let id = callback(&exchange, 0).await;
        until(&exchange, id, end).await;
    }
}

#[tokio::test]
async fn a_callback_needs_its_configuration_number_and_delay() {
    let exchange = quiet().await;
    let good = json!({"callback_config_id": "4711", "callback_number": "+4922166966966", "delay": 0});
    for (field, value, code) in [
        ("callback_config_id", json!("1"), "INVALID_VALUE"),
        ("callback_config_id", json!(null), "FIELD_IS_REQUIRED"),
        ("callback_number", json!("022166966966"), "INVALID_VALUE"),
        ("delay", json!(null), "FIELD_IS_REQUIRED"),
        ("delay", json!("soon"), "INVALID_VALUE"),
    ] {
        let mut body = good.clone();
        body[field] = value;
        assert_refused(ask(&exchange, "/callback/init", body).await, code, json!([field])).await;
    }
    assert_eq!(exchange.office().calls().len(), 0);
    assert_refused(ask(&exchange, "/callback/status", json!({"id": 1})).await, "INVALID_VALUE", json!(["id"])).await;
}

/// A call from outside to one extension, which is taken and ended.
fn talk(exchange: &Exchange, extension: &str) {
    let call = exchange.ring(RingSpec::to(extension).from("4922166966966"));
    call.answer(extension);
    call.hang_up();
}
