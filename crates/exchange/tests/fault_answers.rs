//! Faults of plain answers really do on the wire what they say.

mod common;

use std::time::Duration;

use common::{CALLS, DATA, client, dial, is_reset, json_of, nfon, quiet, sign_in, swisscom, swisscom_token};
use reqwest::{Method, Response, StatusCode};
use ringside_exchange::{DialBehaviour, Exchange, Fault, FaultKind, RedirectTo, RetryAfter, ServiceName};
use serde_json::{Value, json};

async fn data(exchange: &Exchange, token: &str) -> Result<Response, reqwest::Error> {
    nfon(exchange, Method::GET, DATA, token, "application/json").send().await
}

async fn with_fault(what: FaultKind) -> (Exchange, String) {
    let exchange = quiet().await;
    let (token, _) = sign_in(&exchange).await;
    exchange.faults().set(Fault::new(what).on(ServiceName::Nfon).path("/v1/extensions").once());
    (exchange, token)
}

fn status(code: u16) -> FaultKind {
    FaultKind::Status { code, retry_after: None }
}

#[tokio::test]
async fn any_status_comes_in_the_services_own_form() {
    for code in [401, 403, 404, 410, 429, 500, 503] {
        let (exchange, token) = with_fault(status(code)).await;
        let answer = data(&exchange, &token).await.unwrap();
        assert_eq!(answer.status().as_u16(), code);
        let body = answer.bytes().await.unwrap();
        assert_eq!(body.is_empty(), code == 401);
        assert_eq!(data(&exchange, &token).await.unwrap().status(), StatusCode::OK, "the switch was for once");

        let swisscom_fault = Fault::new(status(code)).on(ServiceName::Swisscom);
        exchange.faults().set(swisscom_fault);
        let token = swisscom_token(&exchange).await;
        let answer = swisscom(&exchange, Method::GET, "/Scenarios/", &token).send().await.unwrap();
        assert_eq!(json_of(answer).await["status"], code.to_string());
    }
    let (exchange, token) = with_fault(status(204)).await;
    let answer = data(&exchange, &token).await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.bytes().await.unwrap().len()), (204, 0));
}

#[tokio::test]
async fn retry_after_comes_in_both_forms() {
    let seconds = FaultKind::Status { code: 429, retry_after: Some(RetryAfter::Seconds(7)) };
    let (exchange, token) = with_fault(seconds).await;
    assert_eq!(data(&exchange, &token).await.unwrap().headers()["retry-after"], "7");
    let date = FaultKind::Status { code: 503, retry_after: Some(RetryAfter::DateIn(7)) };
    let (exchange, token) = with_fault(date).await;
    let answer = data(&exchange, &token).await.unwrap();
    let text = answer.headers()["retry-after"].to_str().unwrap();
    assert!(text.ends_with(" GMT") && text.len() == "Sun, 06 Nov 1994 08:49:37 GMT".len(), "{text}");
}

#[tokio::test]
async fn redirects_lead_to_a_stranger_who_tells_what_he_saw() {
    for code in [301, 302, 307, 308] {
        let (exchange, token) = with_fault(FaultKind::Redirect { code, to: RedirectTo::Elsewhere }).await;
        let answer = data(&exchange, &token).await.unwrap();
        assert_eq!(answer.status().as_u16(), code);
        let location = answer.headers()["location"].to_str().unwrap().to_owned();
        assert_eq!(location, format!("{}/v1{DATA}", exchange.elsewhere_url()));
        client().get(&location).send().await.unwrap();
        client().get(&location).bearer_auth("leaked").send().await.unwrap();
        let seen = |secret: bool| {
            exchange.tape().count(|it| it.service == ServiceName::Elsewhere && it.authorization.is_some() == secret)
        };
        assert_eq!((seen(false), seen(true)), (1, 1));
    }
    let (exchange, token) = with_fault(FaultKind::Redirect { code: 301, to: RedirectTo::SameHost }).await;
    let answer = data(&exchange, &token).await.unwrap();
    assert_eq!(answer.headers()["location"], format!("/v1{DATA}?moved=1"));
}

#[tokio::test]
async fn pages_come_instead_of_json() {
    let (exchange, token) = with_fault(FaultKind::HtmlPage { code: 502 }).await;
    let answer = data(&exchange, &token).await.unwrap();
    assert_eq!(answer.status(), StatusCode::BAD_GATEWAY);
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    assert!(answer.text().await.unwrap().starts_with("<!DOCTYPE html>"));

    let (exchange, token) = with_fault(FaultKind::HtmlInsteadOfJson).await;
    let answer = data(&exchange, &token).await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert!(answer.text().await.unwrap().starts_with("<!DOCTYPE html>"));
}

#[tokio::test]
async fn json_can_be_malformed_and_bodies_truncated() {
    let (exchange, token) = with_fault(FaultKind::MalformedJson).await;
    let body = data(&exchange, &token).await.unwrap().bytes().await.unwrap();
    assert!(body.starts_with(b"[{") && serde_json::from_slice::<Value>(&body).is_err());

    let (exchange, token) = with_fault(FaultKind::TruncatedBody { bytes: 100 }).await;
    let mut answer = data(&exchange, &token).await.unwrap();
    assert!(answer.content_length().unwrap() > 1000);
    assert_eq!(answer.chunk().await.unwrap().unwrap().len(), 100);
    let error = answer.chunk().await.unwrap_err();
    assert!(!is_reset(&error), "it ends with FIN, not with a reset: {error:?}");
}

#[tokio::test]
async fn an_answer_can_be_reset_before_and_within_its_body() {
    let (exchange, token) = with_fault(FaultKind::Reset).await;
    let reset = data(&exchange, &token).await;
    let error = match reset {
        Err(error) => error,
        Ok(mut answer) => answer.chunk().await.unwrap_err(),
    };
    assert!(is_reset(&error));

    let exchange = quiet().await;
    let (token, _) = sign_in(&exchange).await;
    exchange.faults().set(Fault::new(FaultKind::Reset).path("/v1/extensions").after_bytes(250).once());
    let mut answer = data(&exchange, &token).await.unwrap();
    assert_eq!(answer.chunk().await.unwrap().unwrap().len(), 250);
    assert!(is_reset(&answer.chunk().await.unwrap_err()));
}

#[tokio::test]
async fn a_request_can_stay_without_an_answer() {
    let (exchange, token) = with_fault(FaultKind::NoAnswer).await;
    let request = nfon(&exchange, Method::GET, DATA, &token, "application/json");
    let error = request.timeout(Duration::from_millis(300)).send().await.unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(data(&exchange, &token).await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn an_answer_can_wait() {
    let (exchange, token) = with_fault(FaultKind::Delay { ms: 200 }).await;
    let before = tokio::time::Instant::now();
    assert_eq!(data(&exchange, &token).await.unwrap().status(), StatusCode::OK);
    assert!(before.elapsed() >= Duration::from_millis(200));
}

#[tokio::test]
async fn a_dial_can_ring_and_its_answer_be_lost() {
    let exchange = quiet().await;
    exchange.office().set_dial_behaviour(DialBehaviour::by_hand());
    let (token, _) = sign_in(&exchange).await;
    exchange.faults().set(Fault::new(FaultKind::LostAnswer).method("POST").path("/v1/extensions").once());
    let request = nfon(&exchange, Method::POST, CALLS, &token, "application/json");
    let body = json!({"caller": "31", "callee": "42"}).to_string();
    let error = request.header("content-type", "application/json").body(body).send().await.unwrap_err();
    assert!(is_reset(&error));
    assert_eq!(exchange.office().calls().len(), 1, "the telephone rings all the same");
}

#[tokio::test]
async fn values_and_fields_can_be_new_gone_or_of_another_type() {
    for (what, field, expected) in [
        (FaultKind::UnknownFields, "x_mood", true),
        (FaultKind::MissingFields, "name", false),
        (FaultKind::UnknownValues, "name", true),
    ] {
        let (exchange, token) = with_fault(what).await;
        let all = json_of(data(&exchange, &token).await.unwrap()).await;
        assert_eq!(all[0].get(field).is_some(), expected, "{field}");
    }
    let (exchange, token) = with_fault(FaultKind::WrongTypes).await;
    let all = json_of(data(&exchange, &token).await.unwrap()).await;
    assert!(all[0]["extension_number"].is_number() && all[0]["name"].is_null());
}

#[tokio::test]
async fn a_fault_strikes_where_as_often_and_as_late_as_it_says() {
    let exchange = quiet().await;
    let (token, _) = sign_in(&exchange).await;
    exchange.faults().set(Fault::new(status(500)).method("GET").path("/v1/extensions").after_events(1).times(2));
    let mut seen = Vec::new();
    for _ in 0..5 {
        seen.push(data(&exchange, &token).await.unwrap().status().as_u16());
    }
    assert_eq!(seen, [200, 500, 500, 200, 200]);
    assert!(exchange.faults().active().is_empty());
    exchange.faults().set(Fault::new(status(500)).on(ServiceName::Swisscom));
    assert_eq!(data(&exchange, &token).await.unwrap().status(), StatusCode::OK);
    let dialled = dial(&exchange, &token, "application/json", json!({"caller": "31", "callee": "42"})).await;
    assert_eq!(dialled.status(), StatusCode::ACCEPTED);
}

#[tokio::test]
async fn the_whole_exchange_can_go_down_and_come_back() {
    let exchange = quiet().await;
    let (token, _) = sign_in(&exchange).await;
    exchange.go_down();
    for _ in 0..3 {
        assert!(data(&exchange, &token).await.is_err());
    }
    exchange.come_up();
    assert_eq!(data(&exchange, &token).await.unwrap().status(), StatusCode::OK);
    assert!(exchange.tape().connections().len() >= 5, "connections are counted while it is down too");
}

#[tokio::test]
async fn switches_and_tape_can_be_reached_over_http() {
    let exchange = quiet().await;
    let url = format!("{}/_control/faults", exchange.elsewhere_url());
    let faults = json!([{"on": {"service": "nfon", "path": "/v1/login"}, "what": {"kind": "status", "code": 503}}]);
    let put = client().put(&url).body(faults.to_string()).send().await.unwrap();
    assert_eq!(put.status(), StatusCode::NO_CONTENT);
    assert_eq!(common::login(&exchange, "{}").await.status(), StatusCode::SERVICE_UNAVAILABLE);
    let listed = json_of(client().get(&url).send().await.unwrap()).await;
    assert_eq!(listed[0]["what"]["code"], 503);
    let bad = client().put(&url).body(r#"[{"what":{"kind":"gremlins"}}]"#).send().await.unwrap();
    assert_eq!(bad.status(), StatusCode::BAD_REQUEST);
    client().delete(&url).send().await.unwrap();
    assert_eq!(common::login(&exchange, "{}").await.status(), StatusCode::BAD_REQUEST);
    let tape = format!("{}/_control/tape", exchange.elsewhere_url());
    let requests = json_of(client().get(&tape).send().await.unwrap()).await;
    assert_eq!(requests.as_array().unwrap().len(), 2, "the control requests themselves are not on the tape");
}
