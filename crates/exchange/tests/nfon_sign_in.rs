//! NFON: passwords, tokens, who may do what.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up stops at once")]

mod common;

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::{DATA, STATES, client, json_of, login, nfon, quiet, quiet_with_nfon, sign_in, started, text};
use reqwest::{Method, StatusCode};
use ringside_exchange::{NfonOptions, ServiceName};
use serde_json::{Value, json};

fn claims(token: &str) -> Value {
    let parts: Vec<&str> = token.split('.').collect();
    assert_eq!(parts.len(), 3);
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap()
}

#[tokio::test]
async fn gives_a_pair_of_tokens_whose_claims_name_account_and_expiry() {
    let exchange = quiet().await;
    let (access, refresh) = sign_in(&exchange).await;
    let access = claims(&access);
    assert_eq!(access["customer"], "K7001");
    assert_eq!(access["extended_presence"], true);
    assert_eq!(access["exp"].as_i64().unwrap() - access["iat"].as_i64().unwrap(), 300);
    assert!(claims(&refresh)["exp"].as_i64().unwrap() > access["exp"].as_i64().unwrap());
}

#[tokio::test]
async fn takes_the_bare_account_as_user_name_too() {
    let exchange = quiet().await;
    let body = json!({"username": "K7001", "password": exchange.nfon().password()});
    assert_eq!(login(&exchange, &body.to_string()).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn refuses_a_wrong_password_and_a_bad_body_without_a_word() {
    let exchange = quiet().await;
    let wrong = login(&exchange, r#"{"username":"K7001/cti","password":"no"}"#).await;
    assert_eq!(wrong.status(), StatusCode::UNAUTHORIZED);
    assert!(wrong.headers().contains_key("x-request-id"));
    assert!(wrong.bytes().await.unwrap().is_empty());
    for body in ["{", "{}", "[]", r#"{"username":"K7001"}"#] {
        let bad = login(&exchange, body).await;
        assert_eq!(bad.status(), StatusCode::BAD_REQUEST);
        assert!(bad.bytes().await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_refresh_token_works_once() {
    let exchange = quiet().await;
    let (access, refresh) = sign_in(&exchange).await;
    let put = |token: String| client().put(format!("{}/login", exchange.nfon_url())).bearer_auth(token).send();
    let answer = put(refresh.clone()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let pair = json_of(answer).await;
    assert_ne!(text(&pair["refresh-token"]), refresh);
    assert_eq!(put(refresh).await.unwrap().status(), StatusCode::UNAUTHORIZED);
    assert_eq!(put(access).await.unwrap().status(), StatusCode::UNAUTHORIZED);
    let renewed = text(&pair["access-token"]);
    let data = nfon(&exchange, Method::GET, DATA, &renewed, "application/json").send().await.unwrap();
    assert_eq!(data.status(), StatusCode::OK);
}

#[tokio::test]
async fn an_expired_or_missing_token_gets_401_without_a_body() {
    let exchange =
        started(quiet_with_nfon(NfonOptions { access_lifetime: Duration::ZERO, ..NfonOptions::default() })).await;
    let (access, refresh) = sign_in(&exchange).await;
    for token in [access, refresh, "nonsense".into(), String::new()] {
        let answer = nfon(&exchange, Method::GET, DATA, &token, "application/json").send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
        assert!(answer.bytes().await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn tokens_can_be_expired_and_revoked_while_it_runs() {
    let exchange = quiet().await;
    let (access, refresh) = sign_in(&exchange).await;
    exchange.nfon().expire_access_tokens();
    exchange.nfon().revoke_refresh_tokens();
    let data = nfon(&exchange, Method::GET, DATA, &access, "application/json").send().await.unwrap();
    assert_eq!(data.status(), StatusCode::UNAUTHORIZED);
    let put = client().put(format!("{}/login", exchange.nfon_url())).bearer_auth(refresh).send().await.unwrap();
    assert_eq!(put.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn without_extended_presence_or_licence_it_says_403_and_why() {
    let exchange = quiet().await;
    exchange.nfon().set_extended_presence(false);
    let (access, _) = sign_in(&exchange).await;
    assert_eq!(claims(&access)["extended_presence"], false);
    let data = nfon(&exchange, Method::GET, DATA, &access, "application/json").send().await.unwrap();
    assert_eq!(data.status(), StatusCode::OK);
    let states = nfon(&exchange, Method::GET, STATES, &access, "application/json").send().await.unwrap();
    assert_eq!(states.status(), StatusCode::FORBIDDEN);
    assert!(json_of(states).await["error"].is_string());
    exchange.nfon().set_licensed(false);
    let data = nfon(&exchange, Method::GET, DATA, &access, "application/json").send().await.unwrap();
    assert_eq!(data.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn shows_its_keys_to_everybody() {
    let exchange = quiet().await;
    let keys = client().get(format!("{}/.well-known/jwks.json", exchange.nfon_url())).send().await.unwrap();
    assert_eq!(json_of(keys).await["keys"][0]["alg"], "RS512");
}

#[tokio::test]
async fn the_tape_keeps_what_came_but_no_secret() {
    let exchange = quiet().await;
    let (access, refresh) = sign_in(&exchange).await;
    nfon(&exchange, Method::GET, DATA, &access, "application/json").send().await.unwrap();
    client().put(format!("{}/login", exchange.nfon_url())).bearer_auth(&refresh).send().await.unwrap();
    let tape = exchange.tape();
    assert_eq!(tape.count_of(ServiceName::Nfon, "POST", "/v1/login"), 1);
    let requests = tape.requests();
    assert_eq!(requests.len(), 3);
    assert_eq!(requests[0].body, r#"{"password":"***","username":"K7001/cti"}"#);
    assert_eq!(requests[1].status, Some(200));
    let [read, renew] = [&requests[1], &requests[2]].map(|it| it.authorization.clone().unwrap());
    assert_eq!(read.scheme, "Bearer");
    assert_ne!(read.fingerprint, renew.fingerprint);
    let printed = format!("{requests:?}");
    assert!(
        !printed.contains(&access) && !printed.contains(&refresh) && !printed.contains(&exchange.nfon().password())
    );
}
