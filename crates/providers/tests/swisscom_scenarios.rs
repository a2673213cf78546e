//! The Swisscom adapter against the exchange, over real sockets.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod rig;

use std::time::Duration;

use rig::{Run, check, quiet, swisscom};
use ringside_domain::{Event, LinkPhase, Scenario, ScenarioId, ScenarioState};
use ringside_exchange::{
    ActionBody, Exchange, Fault, FaultKind, Options, RedirectTo, ScenarioShape, ServiceName, SwisscomOptions,
};
use ringside_telephony::{Health, ProviderError, Verdict};
use serde_json::{Value, json};

const BASE: &str = "/layer/esip-manual-forwarding/production/SEP";
const TOKEN: &str = "/o/oauth2/token";

fn flood() -> ScenarioId {
    ScenarioId::new("17")
}

async fn exchange(swisscom: SwisscomOptions) -> Exchange {
    let swisscom = SwisscomOptions { changing: Duration::ZERO, ..swisscom };
    Exchange::start(Options { swisscom, ..Options::quiet() }).await.unwrap()
}

fn puts(exchange: &Exchange) -> usize {
    exchange.tape().count_of(ServiceName::Swisscom, "PUT", &format!("{BASE}/Scenarios/17"))
}

#[tokio::test]
async fn every_shape_is_listed_found_and_thrown_with_every_body() {
    for shape in [ScenarioShape::Array, ScenarioShape::Wrapped, ScenarioShape::Boolean] {
        for (action, option) in [
            (ActionBody::Action, json!("action")),
            (ActionBody::Active, json!("active")),
            (ActionBody::State, json!("state")),
            (ActionBody::WholeObject, json!("object")),
            (ActionBody::Active, json!({"active": "{active}"})),
        ] {
            let exchange = exchange(SwisscomOptions { shape, action, ..SwisscomOptions::default() }).await;
            let provider = swisscom(&exchange, json!({"action_body": option}));
            let forwarding = provider.forwarding().unwrap();
            let list = forwarding.list().await.unwrap();
            assert_eq!(list.len(), 6, "{shape:?}");
            assert_eq!((list[0].id.as_str(), list[0].name.as_str()), ("17", "Bern flooded"));
            assert_eq!(list[0].forwardings.len(), 12, "{shape:?}");
            assert_eq!(forwarding.find(&flood()).await.unwrap(), list[0]);
            for active in [true, false] {
                forwarding.set(&flood(), active).await.unwrap();
                let expected = if active { ScenarioState::Active } else { ScenarioState::Inactive };
                assert_eq!(forwarding.find(&flood()).await.unwrap().state, expected, "{shape:?} {action:?}");
            }
            assert_eq!(puts(&exchange), 2);
            assert_eq!(exchange.tape().count_of(ServiceName::SwisscomToken, "POST", TOKEN), 1);
            assert!(!forwarding.verified_live());
        }
    }
}

#[tokio::test]
async fn requests_are_written_as_the_gateway_wants_them() {
    let exchange = quiet().await;
    let provider = swisscom(&exchange, json!({"client_id": "abc"}));
    let forwarding = provider.forwarding().unwrap();
    assert!(matches!(forwarding.health().await, Ok(Health::Up(_))));
    forwarding.list().await.unwrap();
    forwarding.set(&flood(), true).await.unwrap();
    let requests = exchange.tape().requests();
    let token = &requests[0];
    assert_eq!((token.service, token.method.as_str()), (ServiceName::SwisscomToken, "POST"));
    assert_eq!(token.authorization.as_ref().unwrap().scheme, "Basic");
    assert_eq!(token.body, "grant_type=client_credentials");
    let paths: Vec<_> =
        requests[1..].iter().map(|it| (it.method.as_str(), it.path.strip_prefix(BASE).unwrap())).collect();
    assert_eq!(paths, [("GET", "/HealthCheck/"), ("GET", "/Scenarios/"), ("PUT", "/Scenarios/17")]);
    let mut ids: Vec<_> = requests[1..].iter().map(|it| it.header("scs-request-id").unwrap().to_owned()).collect();
    for request in &requests[1..] {
        assert_eq!(request.header("accept"), Some("application/json"));
        assert_eq!(request.header("scs-version"), Some("1"));
        assert!(request.header("client_id").is_some(), "its value is blanked on the tape");
        assert_eq!(request.authorization.as_ref().unwrap().scheme, "Bearer");
    }
    ids.dedup();
    assert_eq!(ids.len(), 3, "each request has an id of its own");
    assert_eq!(requests[3].header("content-type"), Some("application/json"));
    assert_eq!(serde_json::from_str::<Value>(&requests[3].body).unwrap(), json!({"action": "activate"}));
}

#[tokio::test]
async fn the_version_header_can_be_left_out_and_ids_are_one_segment() {
    let exchange = exchange(SwisscomOptions { version: None, ..SwisscomOptions::default() }).await;
    let provider = swisscom(&exchange, json!({"scs_version": ""}));
    let forwarding = provider.forwarding().unwrap();
    for (id, segment) in [("a/b?c#d", "a%2Fb%3Fc%23d"), ("..", "%252E%252E"), ("é", "%C3%A9")] {
        let error = forwarding.find(&ScenarioId::new(id)).await.unwrap_err();
        assert_eq!(error.code(), "not_found", "{id}");
        let request = exchange.tape().requests().pop().unwrap();
        assert_eq!(request.path, format!("{BASE}/Scenarios/{segment}"));
        assert_eq!(request.header("scs-version"), None);
    }
}

#[tokio::test]
async fn credentials_can_go_into_the_body() {
    let exchange = quiet().await;
    let provider = swisscom(&exchange, json!({"credentials_in_body": true}));
    // The exchange wants them in the header, as documented.
    assert_eq!(provider.forwarding().unwrap().list().await, Err(ProviderError::SignInRefused));
    let request = exchange.tape().requests().pop().unwrap();
    assert_eq!(request.authorization, None);
    assert!(request.body.contains("client_id=demo-customer-key"), "{}", request.body);
}

#[tokio::test]
async fn a_change_whose_answer_is_lost_is_unconfirmed_and_sent_once() {
    for fault in [FaultKind::LostAnswer, FaultKind::Status { code: 504, retry_after: None }, FaultKind::NoAnswer] {
        let exchange = quiet().await;
        let provider = swisscom(&exchange, json!({"request_seconds": 0.5}));
        exchange.faults().set(Fault::new(fault.clone()).method("PUT"));
        let forwarding = provider.forwarding().unwrap();
        assert_eq!(forwarding.set(&flood(), true).await, Err(ProviderError::Unconfirmed), "{fault:?}");
        assert_eq!(puts(&exchange), 1, "{fault:?}");
    }
}

#[tokio::test]
async fn a_sign_in_that_fails_leaves_no_change_in_doubt() {
    let exchange = quiet().await;
    let provider = swisscom(&exchange, json!({"request_seconds": 0.3}));
    exchange.faults().set(Fault::new(FaultKind::NoAnswer).on(ServiceName::SwisscomToken));
    assert_eq!(provider.forwarding().unwrap().set(&flood(), true).await, Err(ProviderError::TimedOut));
    assert_eq!(puts(&exchange), 0);
}

#[tokio::test]
async fn a_wrong_body_is_explained_and_no_other_is_tried() {
    let exchange = exchange(SwisscomOptions { action: ActionBody::Active, ..SwisscomOptions::default() }).await;
    let provider = swisscom(&exchange, json!({}));
    let error = provider.forwarding().unwrap().set(&flood(), true).await.unwrap_err();
    assert_eq!(error.code(), "refused");
    let text = error.to_string();
    assert!(text.contains("action_body") && text.contains("The action is missing"), "{text}");
    assert_eq!(puts(&exchange), 1);
}

#[tokio::test]
async fn an_expired_token_is_fetched_anew_once_for_reading_and_throwing() {
    let exchange = quiet().await;
    let provider = swisscom(&exchange, json!({}));
    let forwarding = provider.forwarding().unwrap();
    forwarding.list().await.unwrap();
    exchange.swisscom().expire_tokens();
    forwarding.set(&flood(), true).await.unwrap();
    assert_eq!(puts(&exchange), 2, "refused once, done once");
    assert_eq!(exchange.tape().count_of(ServiceName::SwisscomToken, "POST", TOKEN), 2);
}

#[tokio::test]
async fn a_redirect_never_turns_a_change_into_a_reading() {
    for (code, to) in [(301, RedirectTo::SameHost), (302, RedirectTo::SameHost), (307, RedirectTo::Elsewhere)] {
        let exchange = quiet().await;
        let provider = swisscom(&exchange, json!({}));
        exchange.faults().set(Fault::new(FaultKind::Redirect { code, to }).method("PUT"));
        let error = provider.forwarding().unwrap().set(&flood(), true).await.unwrap_err();
        assert_eq!(error.code(), "redirected", "{code}");
        assert_eq!(exchange.tape().count(|it| it.service != ServiceName::SwisscomToken), 1, "nothing was followed");
        assert_eq!(exchange.scenario("17").state(), Some(ringside_exchange::ScenarioState::Inactive));
    }
}

#[tokio::test]
async fn refusals_answer_in_the_gateways_words() {
    for (code, expected, hint) in [
        (403, "forbidden", "IP allow-list"),
        (404, "no_such_address", ""),
        (406, "refused", "INVALID_HEADER_ACCEPT"),
        (429, "rate_limited", ""),
        (500, "server_trouble", "INTERNAL_SERVER_ERROR"),
        (503, "server_trouble", "UNAVAILABLE_SERVICE"),
    ] {
        let exchange = quiet().await;
        let provider = swisscom(&exchange, json!({}));
        exchange.faults().set(Fault::new(FaultKind::Status { code, retry_after: None }).on(ServiceName::Swisscom));
        let error = provider.forwarding().unwrap().list().await.unwrap_err();
        assert_eq!(error.code(), expected, "{code}");
        assert!(error.to_string().contains(hint), "{code}: {error}");
    }
}

#[tokio::test]
async fn the_scenarios_are_read_again_and_again() {
    let exchange = quiet().await;
    let mut run = Run::start(&swisscom(&exchange, json!({"poll_seconds": 0.05})));
    run.phase(LinkPhase::Online).await;
    assert_eq!(run.phases(), [(LinkPhase::Connecting, None), (LinkPhase::Online, None)]);
    exchange.scenario("17").force_state(ringside_exchange::ScenarioState::Active);
    run.find("the change somebody else made", |event| match event {
        Event::Scenarios(list) => {
            list.iter().any(|it: &Scenario| it.id == flood() && it.state == ScenarioState::Active).then_some(())
        }
        _ => None,
    })
    .await;
    exchange.go_down();
    assert!(run.phase(LinkPhase::Offline).await.is_some());
    exchange.come_up();
    run.phase(LinkPhase::Online).await;
    run.stop().await;
}

#[tokio::test]
async fn a_pending_subscription_is_not_hammered() {
    let exchange = quiet().await;
    exchange.swisscom().set_approved(false);
    let mut run = Run::start(&swisscom(&exchange, json!({"poll_seconds": 0.05})));
    assert_eq!(run.phase(LinkPhase::Offline).await, Some("sign_in_refused"));
    let hint = run.seen.iter().rev().find_map(|event| match event {
        Event::Link(state) => state.reason.as_ref().map(|it| it.hint.to_string()),
        _ => None,
    });
    assert!(hint.unwrap().contains("approves"));
    let before = exchange.tape().requests().len();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(exchange.tape().requests().len(), before);
    assert_eq!(before, 4, "token, 401, token, 401");
    run.stop().await;
}

#[tokio::test]
async fn a_form_nobody_knows_is_named_and_kept_for_the_diagnostics() {
    let exchange = quiet().await;
    let provider = swisscom(&exchange, json!({}));
    exchange.faults().set(Fault::new(FaultKind::HtmlInsteadOfJson).path(BASE));
    let error = provider.forwarding().unwrap().list().await.unwrap_err();
    assert_eq!(error.code(), "bad_answer");
    assert!(error.to_string().contains("web page"), "{error}");
}

#[tokio::test]
async fn the_check_walks_in_order_and_throws_nothing() {
    let exchange = quiet().await;
    let findings = check(&*swisscom(&exchange, json!({}))).await;
    let steps: Vec<_> = findings.iter().map(|it| it.step).collect();
    assert_eq!(steps, ["reach", "sign_in", "health", "scenarios", "scenario_change"]);
    assert!(findings[..4].iter().all(|it| matches!(it.verdict, Verdict::Works(_))), "{findings:?}");
    assert_eq!(exchange.tape().count(|it| it.method == "PUT"), 0);

    exchange.swisscom().set_healthy(false);
    let findings = check(&*swisscom(&exchange, json!({}))).await;
    assert!(matches!(&findings[2].verdict, Verdict::Warning(problem) if problem.code == "service_degraded"));

    let mut config = rig::swisscom_config(&exchange, Default::default());
    config.secret = "wrong".to_owned().into();
    let findings = check(&*rig::connect(config)).await;
    assert!(matches!(&findings[1].verdict, Verdict::Fails(problem) if problem.code == "sign_in_refused"));
    assert!(matches!(&findings[3].verdict, Verdict::NotTried(_)));
}

#[tokio::test]
async fn wrong_options_are_named() {
    let exchange = quiet().await;
    for (options, key) in [
        (json!({"action_body": "sideways"}), "action_body"),
        (json!({"poll_seconds": "soon"}), "poll_seconds"),
        (json!({"pol_seconds": 3}), "pol_seconds"),
        (json!({"token_url": "ftp://x"}), "token_url"),
    ] {
        let config = rig::swisscom_config(&exchange, rig::options(options));
        let error = ringside_providers::connect(config, rig::surroundings()).map(drop).unwrap_err();
        assert_eq!(error.code(), "configuration");
        assert!(error.to_string().contains(key), "{error}");
    }
}
