//! Swisscom: tokens, the gateway's strictness, scenarios that take their time.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up stops at once")]

mod common;

use std::time::Duration;

use common::{client, json_of, quiet, quiet_with_swisscom, started, swisscom, swisscom_token, text, token_request};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use ringside_exchange::{
    ActionBody, Exchange, Fault, FaultKind, ScenarioShape, ScenarioState, ServiceName, SwisscomOptions,
};
use serde_json::json;

const BERN: &str = "/Scenarios/17";

async fn put(exchange: &Exchange, token: &str, path: &str, body: &str) -> Response {
    put_request(exchange, token, path, body).send().await.unwrap()
}

fn put_request(exchange: &Exchange, token: &str, path: &str, body: &str) -> RequestBuilder {
    let request = swisscom(exchange, Method::PUT, path, token);
    request.header("content-type", "application/json").body(body.to_owned())
}

async fn get(exchange: &Exchange, token: &str, path: &str) -> Response {
    swisscom(exchange, Method::GET, path, token).send().await.unwrap()
}

/// Polls as a client would; the state itself is the event that is awaited.
async fn until(exchange: &Exchange, id: &str, wanted: ScenarioState) {
    let reached = async {
        while exchange.scenario(id).state() != Some(wanted) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(common::PATIENCE, reached).await.unwrap();
}

async fn assert_gateway_error(answer: Response, status: StatusCode, code: &str) {
    assert_eq!(answer.status(), status);
    let body = json_of(answer).await;
    assert_eq!(body["status"], status.as_str(), "the status in the body is text");
    assert_eq!(body["code"], code);
    assert!(body["message"].is_string());
}

#[tokio::test]
async fn gives_a_token_whose_lifetime_is_text() {
    let exchange = quiet().await;
    let desk = exchange.swisscom();
    let answer = token_request(&exchange, desk.customer_key(), desk.customer_secret()).send().await.unwrap();
    let token = json_of(answer).await;
    assert_eq!(token["expires_in"], "3600");
    assert_eq!(token["token_type"], "bearer");
    assert!(token.get("refresh_token").is_none());
    let recorded = exchange.tape().requests().remove(0);
    assert_eq!(recorded.authorization.unwrap().scheme, "Basic");
    assert_eq!(recorded.body, "grant_type=client_credentials");
}

#[tokio::test]
async fn the_token_host_is_strict() {
    let exchange = quiet().await;
    let desk = exchange.swisscom();
    let good = || token_request(&exchange, desk.customer_key(), desk.customer_secret());
    let wrong = token_request(&exchange, desk.customer_key(), "wrong").send().await.unwrap();
    assert_gateway_error(wrong, StatusCode::UNAUTHORIZED, "INVALID_AUTHENTICATION_CREDENTIALS").await;
    let grant = good().body("grant_type=password").send().await.unwrap();
    assert_eq!(json_of(grant).await["error"], "unsupported_grant_type");
    let empty = good().body("").send().await.unwrap();
    assert_gateway_error(empty, StatusCode::BAD_REQUEST, "INVALID_REQUEST").await;
    let read = client().get(exchange.swisscom_token_url()).send().await.unwrap();
    assert_gateway_error(read, StatusCode::METHOD_NOT_ALLOWED, "INVALID_REQUEST_METHOD").await;
    let plain = client().post(exchange.swisscom_token_url()).basic_auth("a", Some("b")).body("x").send().await.unwrap();
    assert_gateway_error(plain, StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE").await;
}

#[tokio::test]
async fn lists_and_shows_scenarios_with_their_forwardings() {
    let exchange = quiet().await;
    let token = swisscom_token(&exchange).await;
    let all = json_of(get(&exchange, &token, "/Scenarios/").await).await;
    assert!(all.as_array().unwrap().len() >= 5);
    let bern = json_of(get(&exchange, &token, BERN).await).await;
    assert_eq!(bern["name"], "Bern flooded");
    assert_eq!(bern["state"], "INACTIVE");
    assert_eq!(bern["forwardings"].as_array().unwrap().len(), 12);
    assert_eq!(json_of(get(&exchange, &token, "/HealthCheck/").await).await["status"], "UP");
    exchange.swisscom().set_healthy(false);
    assert_eq!(json_of(get(&exchange, &token, "/HealthCheck/").await).await["status"], "DOWN");
}

#[tokio::test]
async fn slashes_are_exactly_as_written_and_ids_are_percent_decoded() {
    let exchange = quiet().await;
    let token = swisscom_token(&exchange).await;
    for path in ["/HealthCheck", "/Scenarios", "/Scenarios/17/", "/scenarios/", "/Scenarios/404", "/Scenarios/1%2F7"] {
        let answer = get(&exchange, &token, path).await;
        assert_gateway_error(answer, StatusCode::NOT_FOUND, "INVALID_REQUEST_RESOURCE").await;
    }
    assert_eq!(get(&exchange, &token, "/Scenarios/%31%37").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn the_gateway_wants_its_headers() {
    let exchange = quiet().await;
    let token = swisscom_token(&exchange).await;
    let url = format!("{}/Scenarios/", exchange.swisscom_url());
    let bare = |token: &str| client().get(&url).bearer_auth(token);
    let no_token = bare("nonsense").send().await.unwrap();
    assert_gateway_error(no_token, StatusCode::UNAUTHORIZED, "INVALID_AUTHENTICATION_CREDENTIALS").await;
    let no_accept = bare(&token).header("scs-version", "1").send().await.unwrap();
    assert_gateway_error(no_accept, StatusCode::NOT_ACCEPTABLE, "INVALID_HEADER_ACCEPT").await;
    for version in [None, Some("2")] {
        let request = bare(&token).header("accept", "application/json");
        let request = version.into_iter().fold(request, |request, it| request.header("scs-version", it));
        assert_gateway_error(request.send().await.unwrap(), StatusCode::BAD_REQUEST, "INVALID_PARAMETER").await;
    }
    let wrong_method = swisscom(&exchange, Method::DELETE, BERN, &token).send().await.unwrap();
    assert_gateway_error(wrong_method, StatusCode::METHOD_NOT_ALLOWED, "INVALID_REQUEST_METHOD").await;
    let traced = swisscom(&exchange, Method::GET, BERN, &token).header("scs-request-id", "abc").send().await.unwrap();
    assert_eq!(traced.headers()["scs-request-id"], "abc");
}

#[tokio::test]
async fn expired_tokens_and_unapproved_subscriptions_get_401() {
    let exchange = quiet().await;
    let token = swisscom_token(&exchange).await;
    exchange.swisscom().expire_tokens();
    assert_eq!(get(&exchange, &token, BERN).await.status(), StatusCode::UNAUTHORIZED);
    let fresh = swisscom_token(&exchange).await;
    assert_eq!(get(&exchange, &fresh, BERN).await.status(), StatusCode::OK);
    exchange.swisscom().set_approved(false);
    assert_eq!(get(&exchange, &fresh, BERN).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_switch_is_changing_first_and_then_what_was_asked_for() {
    let exchange = started(quiet_with_swisscom(SwisscomOptions {
        changing: Duration::from_millis(800),
        ..SwisscomOptions::default()
    }))
    .await;
    let token = swisscom_token(&exchange).await;
    let answer = put(&exchange, &token, BERN, r#"{"action":"activate"}"#).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(json_of(answer).await["state"], "ACTIVATING");
    until(&exchange, "17", ScenarioState::Active).await;
    put(&exchange, &token, BERN, r#"{"action":"deactivate"}"#).await;
    assert_eq!(json_of(get(&exchange, &token, BERN).await).await["state"], "DEACTIVATING");
    until(&exchange, "17", ScenarioState::Inactive).await;
}

#[tokio::test]
async fn the_last_order_wins() {
    let exchange = quiet().await;
    let token = swisscom_token(&exchange).await;
    exchange.swisscom().set_changing(Duration::from_millis(200));
    put(&exchange, &token, BERN, r#"{"action":"activate"}"#).await;
    exchange.swisscom().set_changing(Duration::ZERO);
    put(&exchange, &token, BERN, r#"{"action":"deactivate"}"#).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(exchange.scenario("17").state(), Some(ScenarioState::Inactive));
}

#[tokio::test]
async fn takes_exactly_the_action_body_it_is_set_to() {
    let bodies = [
        (ActionBody::Action, r#"{"action":"activate"}"#.to_owned()),
        (ActionBody::Active, r#"{"active":true}"#.to_owned()),
        (ActionBody::State, r#"{"state":"ACTIVE"}"#.to_owned()),
        (ActionBody::WholeObject, String::new()),
    ];
    for (action, _) in &bodies {
        let options = SwisscomOptions { action: *action, changing: Duration::ZERO, ..SwisscomOptions::default() };
        let exchange = started(quiet_with_swisscom(options)).await;
        let token = swisscom_token(&exchange).await;
        let mut whole = json_of(get(&exchange, &token, BERN).await).await;
        whole["state"] = json!("ACTIVE");
        for (form, body) in &bodies {
            exchange.scenario("17").force_state(ScenarioState::Inactive);
            let body = if *form == ActionBody::WholeObject { whole.to_string() } else { body.clone() };
            let answer = put(&exchange, &token, BERN, &body).await;
            let expected = if form == action { StatusCode::OK } else { StatusCode::BAD_REQUEST };
            assert_eq!(answer.status(), expected, "{action:?} {body}");
            assert_eq!(exchange.scenario("17").state() == Some(ScenarioState::Active), form == action);
        }
    }
}

#[tokio::test]
async fn refuses_bad_bodies_and_unknown_scenarios() {
    let exchange = quiet().await;
    let token = swisscom_token(&exchange).await;
    for body in ["{", "[]", "{}", r#"{"action":"explode"}"#, r#"{"action":"activate","extra":1}"#] {
        assert_eq!(put(&exchange, &token, BERN, body).await.status(), StatusCode::BAD_REQUEST, "{body}");
    }
    let plain = swisscom(&exchange, Method::PUT, BERN, &token).body("{}").send().await.unwrap();
    assert_gateway_error(plain, StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE").await;
    let unknown = put(&exchange, &token, "/Scenarios/999", r#"{"action":"activate"}"#).await;
    assert_gateway_error(unknown, StatusCode::NOT_FOUND, "INVALID_REQUEST_RESOURCE").await;
    assert!(!exchange.scenario("999").force_state(ScenarioState::Active));
}

#[tokio::test]
async fn scenarios_come_in_every_plausible_shape() {
    for (shape, list, id, active) in [
        (ScenarioShape::Wrapped, "/scenarios/0", "/scenarioId", "/status"),
        (ScenarioShape::Boolean, "/0", "/id", "/active"),
    ] {
        let options = SwisscomOptions { shape, ..SwisscomOptions::default() };
        let exchange = started(quiet_with_swisscom(options)).await;
        let token = swisscom_token(&exchange).await;
        let all = json_of(get(&exchange, &token, "/Scenarios/").await).await;
        let first = all.pointer(list).unwrap();
        assert!(first.pointer(id).is_some());
        assert!(first.pointer(active).is_some());
    }
}

#[tokio::test]
async fn a_put_may_be_answered_and_change_nothing() {
    let exchange = quiet().await;
    exchange.swisscom().set_changing(Duration::ZERO);
    exchange.faults().set(Fault::new(FaultKind::Unchanged).method("PUT").once());
    let token = swisscom_token(&exchange).await;
    let answer = put(&exchange, &token, BERN, r#"{"action":"activate"}"#).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(exchange.scenario("17").state(), Some(ScenarioState::Inactive));
    put(&exchange, &token, BERN, r#"{"action":"activate"}"#).await;
    assert_eq!(exchange.scenario("17").state(), Some(ScenarioState::Active));
}

#[tokio::test]
async fn somebody_else_may_turn_it_back() {
    let exchange = quiet().await;
    exchange.swisscom().set_changing(Duration::from_millis(20));
    exchange.faults().set(Fault::new(FaultKind::ChangedBySomeoneElse).on(ServiceName::Swisscom));
    let token = swisscom_token(&exchange).await;
    put(&exchange, &token, BERN, r#"{"action":"activate"}"#).await;
    assert_eq!(exchange.scenario("17").state(), Some(ScenarioState::Activating));
    until(&exchange, "17", ScenarioState::Inactive).await;
}

#[tokio::test]
async fn a_put_may_be_carried_out_and_its_answer_lost() {
    let exchange = quiet().await;
    exchange.swisscom().set_changing(Duration::ZERO);
    let token = swisscom_token(&exchange).await;
    exchange.faults().set(Fault::new(FaultKind::LostAnswer).method("PUT").once());
    let error = put_request(&exchange, &token, BERN, r#"{"action":"activate"}"#).send().await.unwrap_err();
    assert!(common::is_reset(&error));
    assert_eq!(exchange.scenario("17").state(), Some(ScenarioState::Active));
    let recorded = exchange.tape().requests().pop().unwrap();
    assert_eq!((recorded.method.as_str(), recorded.status), ("PUT", None));
    assert_eq!(text(&json!(recorded.body)), r#"{"action":"activate"}"#);
}
