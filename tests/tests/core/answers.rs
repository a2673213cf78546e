//! Answers that are slow, empty, elsewhere or new: what the user reads meanwhile, and that it goes on by itself.

use std::sync::Arc;
use std::time::Duration;

use ringside_api::Request;
use ringside_api::view::ScenarioResult;
use ringside_exchange::{Exchange, Fault, FaultKind, Options, RedirectTo, RetryAfter, ServiceName};
use ringside_tests::rig::{self, Rig, phase};

const LOGIN: &str = "/v1/login";
const CALLS: &str = "/v1/extensions/phone/calls";
const BERN: &str = "17";

/// An app that waits for an answer of the forwarding service no longer than two seconds.
async fn impatient(exchange: &Exchange) -> Rig {
    let config = rig::config(exchange).replace("token_url", "request_seconds = 2\ntoken_url");
    Rig::on(Arc::new(rig::folder()), Some(exchange), &config).await
}

async fn set(rig: &Rig) {
    let request = Request::SetScenario { account: "forwarding".into(), id: BERN.into(), active: true, ends_at: None };
    rig.call(request).await.unwrap();
}

fn puts(exchange: &Exchange) -> usize {
    exchange.tape().count(|it| it.service == ServiceName::Swisscom && it.method == "PUT")
}

#[tokio::test]
async fn a_sign_in_that_is_never_answered_is_named_and_heals() {
    let exchange = Exchange::start(Options::quiet()).await.unwrap();
    exchange.faults().set(Fault::new(FaultKind::NoAnswer).on(ServiceName::Nfon).path(LOGIN));
    let rig = rig::with_office_options(&exchange, "request_seconds = 2").await;
    let account = rig.link("office", "offline", "timed_out").await;
    assert!(account.link.reason.unwrap().hint.contains("automatically"));
    exchange.faults().clear();
    rig.within(Duration::from_secs(40), "the office is back", |it| {
        it.accounts.iter().any(|view| view.id == "office" && phase(view) == "online").then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_slow_sign_in_is_connecting_and_no_trouble() {
    let exchange = Exchange::start(Options::quiet()).await.unwrap();
    exchange.faults().set(Fault::new(FaultKind::Delay { ms: 1_500 }).on(ServiceName::Nfon).path(LOGIN));
    let rig = rig::start(&exchange).await;
    let account = rig.snapshot().await.accounts.into_iter().find(|view| view.id == "office").unwrap();
    assert_eq!((phase(&account).as_str(), &account.link.reason), ("connecting", &None));
    rig.online("office").await;
    assert_eq!(exchange.tape().count_of(ServiceName::Nfon, "POST", LOGIN), 1, "and nobody lost patience");
}

#[tokio::test]
async fn a_stream_that_the_service_ends_for_good_is_not_asked_for_again() {
    let exchange = Exchange::start(Options::quiet()).await.unwrap();
    let over = FaultKind::Status { code: 204, retry_after: None };
    exchange.faults().set(Fault::new(over).on(ServiceName::Nfon).method("GET").path(CALLS));
    let rig = rig::start(&exchange).await;
    let account = rig
        .until("the account says so", |it| {
            it.accounts.iter().find(|view| view.id == "office" && phase(view) == "degraded").cloned()
        })
        .await;
    let reason = account.link.reason.unwrap();
    assert!(!reason.message.is_empty() && !reason.hint.is_empty(), "{reason:?}");
    let asked = exchange.tape().count_of(ServiceName::Nfon, "GET", CALLS);
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(exchange.tape().count_of(ServiceName::Nfon, "GET", CALLS), asked);
}

#[tokio::test]
async fn a_service_that_moved_within_its_house_is_followed() {
    for code in [301, 307] {
        let exchange = Exchange::start(Options::quiet()).await.unwrap();
        let moved = FaultKind::Redirect { code, to: RedirectTo::SameHost };
        exchange.faults().set(Fault::new(moved).on(ServiceName::Nfon).method("GET").path("/v1/extensions").times(6));
        let rig = rig::start(&exchange).await;
        rig.online("office").await;
    }
}

#[tokio::test]
async fn streams_of_a_service_that_asks_to_wait_come_back_after_that() {
    let exchange = Exchange::start(Options::quiet()).await.unwrap();
    let busy = FaultKind::Status { code: 503, retry_after: Some(RetryAfter::Seconds(3)) };
    exchange.faults().set(Fault::new(busy).on(ServiceName::Nfon).method("GET").path(CALLS).once());
    let rig = rig::start(&exchange).await;
    let account = rig
        .until("a reason", |it| {
            it.accounts.iter().find(|view| view.id == "office" && view.link.reason.is_some()).cloned()
        })
        .await;
    assert_eq!(account.link.reason.unwrap().code, "server_trouble");
    rig.online("office").await;
    let times: Vec<_> =
        exchange.tape().requests().iter().filter(|it| it.is("GET", CALLS)).map(|it| it.at.as_millisecond()).collect();
    assert!(times[1] - times[0] >= 2_900, "asked again after {} ms", times[1] - times[0]);
}

#[tokio::test]
async fn a_state_nobody_has_heard_of_is_unknown_and_quoted() {
    let exchange = Exchange::start(Options::quiet()).await.unwrap();
    exchange.faults().set(Fault::new(FaultKind::UnknownValues).on(ServiceName::Swisscom).method("GET"));
    let rig = rig::start(&exchange).await;
    let view = rig.scenario("Bern", BERN, |_| true).await;
    assert_eq!(view.state, "unknown");
    assert!(view.state_text.as_deref().is_some_and(|text| !text.is_empty()), "the service's own word: {view:?}");
    let online = |it: &ringside_api::view::Snapshot| {
        it.accounts.iter().any(|view| view.id == "forwarding" && phase(view) == "online").then_some(())
    };
    rig.until("the account works", online).await;
}

#[tokio::test]
async fn a_switch_that_is_never_answered_is_checked_and_sent_once() {
    let exchange = Exchange::start(Options::quiet()).await.unwrap();
    let rig = impatient(&exchange).await;
    rig.scenario("the scenario", BERN, |one| one.state == "inactive").await;
    exchange.faults().set(Fault::new(FaultKind::NoAnswer).on(ServiceName::Swisscom).method("PUT"));
    set(&rig).await;
    let view = rig
        .scenario("an end", BERN, |one| {
            one.asked.as_ref().is_some_and(|it| it.result != ScenarioResult::Requested && it.problem.is_some())
        })
        .await;
    assert_eq!(view.state, "inactive", "only what was read is shown");
    assert_eq!(puts(&exchange), 1);
}

#[tokio::test]
async fn a_gateway_that_asks_to_wait_refuses_a_switch_with_its_reason() {
    let exchange = Exchange::start(Options::quiet()).await.unwrap();
    let rig = rig::start(&exchange).await;
    rig.scenario("the scenario", BERN, |one| one.state == "inactive").await;
    let busy = FaultKind::Status { code: 429, retry_after: Some(RetryAfter::Seconds(30)) };
    exchange.faults().set(Fault::new(busy).on(ServiceName::Swisscom).method("PUT"));
    set(&rig).await;
    let failed = |one: &ringside_api::view::ScenarioView| {
        one.asked.as_ref().is_some_and(|it| it.result == ScenarioResult::Failed)
    };
    let view = rig.scenario("refused", BERN, failed).await;
    assert_eq!(view.asked.unwrap().problem.unwrap().code, "rate_limited");
    assert_eq!((view.state.as_str(), puts(&exchange)), ("inactive", 1));
}

#[tokio::test]
async fn each_refusal_of_the_customer_key_has_its_own_words() {
    let cases = [
        (FaultKind::Status { code: 401, retry_after: None }, "sign_in_refused"),
        (FaultKind::Status { code: 503, retry_after: None }, "server_trouble"),
        (FaultKind::HtmlInsteadOfJson, "bad_answer"),
        (FaultKind::NoAnswer, "timed_out"),
        (FaultKind::Reset, "unreachable"),
    ];
    for (what, code) in cases {
        let exchange = Exchange::start(Options::quiet()).await.unwrap();
        exchange.faults().set(Fault::new(what.clone()).on(ServiceName::SwisscomToken));
        let rig = impatient(&exchange).await;
        let view = rig
            .until("a reason", |it| {
                it.accounts.iter().find(|view| view.id == "forwarding" && view.link.reason.is_some()).cloned()
            })
            .await;
        let reason = view.link.reason.unwrap();
        assert_eq!(reason.code, code, "{what:?}: {reason:?}");
        assert!(!reason.hint.is_empty(), "{what:?}");
    }
}
