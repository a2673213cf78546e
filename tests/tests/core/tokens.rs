//! Tokens that end while everybody works: one new one for all, and none is ever used twice.

use std::collections::BTreeSet;
use std::time::Duration;

use ringside_api::Request;
use ringside_exchange::{DialBehaviour, Exchange, Fault, FaultKind, NfonOptions, Options, Recorded, ServiceName};
use ringside_tests::rig::{self, word};

const LOGIN: &str = "/v1/login";
const TOKEN: &str = "/o/oauth2/token";
const CALLS: &str = "/v1/extensions/phone/calls";

fn refreshes(exchange: &Exchange) -> Vec<Recorded> {
    exchange.tape().requests().into_iter().filter(|it| it.is("PUT", LOGIN)).collect()
}

fn sign_ins(exchange: &Exchange) -> usize {
    exchange.tape().count_of(ServiceName::Nfon, "POST", LOGIN)
}

#[tokio::test]
async fn fifty_dials_with_an_expired_token_cost_one_refresh_and_ring_once_each() {
    let (exchange, rig) = rig::quiet().await;
    exchange.office().set_dial_behaviour(DialBehaviour::at_once());
    exchange.nfon().expire_access_tokens();
    exchange.tape().clear();
    // Every one of them is under way before the first is told that its token is no good.
    exchange.faults().set(Fault::new(FaultKind::Delay { ms: 700 }).on(ServiceName::Nfon).method("POST").path(CALLS));
    for number in 0..50 {
        rig.dial(&format!("dial {number}"), &format!("+49 221 669669{number:02}")).await.unwrap();
    }
    let refused = |it: &Recorded| it.is("POST", CALLS) && it.status == Some(401);
    let taken = |it: &Recorded| it.is("POST", CALLS) && it.status.is_some_and(|status| status < 300);
    assert!(exchange.tape().wait_for(50, Duration::from_secs(60), taken).await, "every dial goes through");
    assert_eq!(refreshes(&exchange).len(), 1, "one refresh for all of them");
    assert_eq!(sign_ins(&exchange), 0, "and no new sign-in");
    assert!(exchange.tape().count(refused) > 1, "the dials ran side by side");
    assert_eq!(exchange.tape().count(taken), 50, "no telephone rang twice");
}

#[tokio::test]
async fn of_rotated_refresh_tokens_each_is_used_once() {
    let (exchange, rig) = rig::quiet().await;
    exchange.office().set_dial_behaviour(DialBehaviour::at_once());
    for round in 0..2 {
        exchange.nfon().expire_access_tokens();
        let intent = format!("round {round}");
        rig.dial(&intent, "+49 221 66966966").await.unwrap();
        rig.dial_state("it goes through", &intent, |dial| word(&dial.state) == "connected").await;
    }
    let used = refreshes(&exchange);
    assert_eq!(used.len(), 2);
    let different: BTreeSet<_> =
        used.iter().filter_map(|it| it.authorization.as_ref()).map(|it| it.fingerprint).collect();
    assert_eq!(different.len(), used.len(), "{used:#?}");
    assert!(used.iter().all(|it| it.status == Some(200)), "{used:#?}");
    assert_eq!(sign_ins(&exchange), 1, "the one at the start");
}

#[tokio::test]
async fn a_refresh_whose_answer_was_lost_ends_in_one_sign_in() {
    let (exchange, rig) = rig::quiet().await;
    exchange.office().set_dial_behaviour(DialBehaviour::at_once());
    exchange.tape().clear();
    exchange.faults().set(Fault::new(FaultKind::LostAnswer).on(ServiceName::Nfon).method("PUT").path(LOGIN).once());
    exchange.nfon().expire_access_tokens();
    // The first dial finds out that the token is gone; whether it goes through is not the question here.
    let _ = rig.dial("first", "+49 221 66966966").await;
    rig.dial_state("it has an end", "first", |dial| word(&dial.state) != "sending").await;
    rig.call(Request::Reconnect { id: Some("office".into()) }).await.unwrap();
    rig.online("office").await;
    let used = refreshes(&exchange);
    assert_eq!(used.len(), 1, "a token that may have been rotated is not sent again: {used:#?}");
    assert_eq!(sign_ins(&exchange), 1);
}

#[tokio::test]
async fn a_service_that_forgets_every_token_at_once_is_not_asked_in_a_loop() {
    let nfon = NfonOptions { access_lifetime: Duration::ZERO, ..NfonOptions::default() };
    let exchange = Exchange::start(Options { nfon, ..Options::quiet() }).await.unwrap();
    let rig = rig::start(&exchange).await;
    let account = rig
        .until("a reason", |it| {
            it.accounts.iter().find(|view| view.id == "office" && view.link.reason.is_some()).cloned()
        })
        .await;
    assert!(!account.link.reason.unwrap().hint.is_empty());
    // Parts that are refused come back again and again; none of them may ask for tokens beyond the budget.
    tokio::time::sleep(Duration::from_secs(8)).await;
    let asked = sign_ins(&exchange) + refreshes(&exchange).len();
    assert!(asked <= 3, "{asked} token requests within seconds, where three a minute are allowed");
}

#[tokio::test]
async fn who_reconnects_again_and_again_keeps_the_token() {
    let (exchange, rig) = rig::quiet().await;
    for _ in 0..10 {
        rig.call(Request::Reconnect { id: None }).await.unwrap();
        rig.online("office").await;
        rig.online("forwarding").await;
    }
    let asked = sign_ins(&exchange) + refreshes(&exchange).len();
    assert_eq!(asked, 1, "the one at the start is good for all of them");
    assert_eq!(exchange.tape().count(|it| it.is("POST", TOKEN)), 1, "and so is the gateway's");
    // A token that is good no longer is replaced all the same.
    exchange.nfon().expire_access_tokens();
    exchange.nfon().revoke_refresh_tokens();
    rig.call(Request::Reconnect { id: None }).await.unwrap();
    rig.online("office").await;
    assert_eq!(sign_ins(&exchange), 2, "one sign-in after the refresh that was refused");
}

#[tokio::test]
async fn a_refused_password_is_not_tried_with_every_click() {
    let (exchange, rig) = rig::quiet().await;
    exchange.nfon().set_password("another-one");
    exchange.nfon().expire_access_tokens();
    exchange.nfon().revoke_refresh_tokens();
    exchange.tape().clear();
    for _ in 0..10 {
        rig.call(Request::Reconnect { id: Some("office".into()) }).await.unwrap();
        let account = rig
            .until("an answer", |it| {
                it.accounts.iter().find(|view| view.id == "office" && view.link.reason.is_some()).cloned()
            })
            .await;
        assert!(!account.link.reason.unwrap().hint.is_empty());
    }
    let asked = sign_ins(&exchange) + refreshes(&exchange).len();
    assert!((1..=3).contains(&asked), "{asked} token requests, where three a minute are allowed");
}
