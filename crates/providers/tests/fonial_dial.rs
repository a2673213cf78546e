//! Dialling through fonial: asked for once, never guessed, and found again in the record of past calls.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod rig;

use std::sync::Arc;
use std::time::Duration;

use rig::{FONIAL_DEVICES, FONIAL_DIAL, FONIAL_SIGN_IN, PATIENCE, fonial, quiet};
use ringside_domain::{Detail, Direction, ExtensionId, Outcome, Party, PhoneNumber, Timestamp};
use ringside_exchange::{DialBehaviour, Exchange, Fault, FaultKind, ServiceName};
use ringside_telephony::{DialOutcome, DialRequest, DialStep, DialTarget, Provider, ProviderError};
use serde_json::{Value, json};
use tokio::sync::mpsc;

const CUSTOMER: &str = "+4922166966966";

fn request(from: &str, to: DialTarget) -> DialRequest {
    DialRequest { from: ExtensionId::new(from), to, ring_timeout: Duration::from_secs(30) }
}

fn customer() -> DialTarget {
    DialTarget::Number(PhoneNumber::from_e164(CUSTOMER).unwrap())
}

async fn dial(provider: &dyn Provider, request: DialRequest) -> (Result<DialOutcome, ProviderError>, Vec<DialStep>) {
    let (sender, mut receiver) = mpsc::channel(32);
    let outcome = tokio::time::timeout(PATIENCE, provider.dialing().unwrap().dial(request, sender));
    let outcome = outcome.await.expect("a dial ends");
    let mut steps = Vec::new();
    while let Some(step) = receiver.recv().await {
        steps.push(step);
    }
    (outcome, steps)
}

fn posts(exchange: &Exchange) -> usize {
    exchange.tape().count_of(ServiceName::Fonial, "POST", FONIAL_DIAL)
}

#[tokio::test]
async fn a_call_is_taken_and_nothing_more_is_claimed() {
    let exchange = quiet().await;
    let provider = fonial(&exchange, json!({}));
    let (outcome, steps) = dial(&*provider, request("4031", customer())).await;
    assert_eq!((outcome, steps), (Ok(DialOutcome::Accepted), vec![DialStep::Accepted { call: None }]));
    let posted = exchange.tape().requests().pop().unwrap();
    let body: Value = serde_json::from_str(&posted.body).unwrap();
    assert_eq!(body, json!({"sid": "***", "device": 4031, "target": CUSTOMER}));
    assert_eq!((posts(&exchange), exchange.office().calls().len()), (1, 1));
}

#[tokio::test]
async fn a_session_error_is_the_one_thing_after_which_a_call_is_asked_for_again() {
    let exchange = quiet().await;
    let provider = fonial(&exchange, json!({}));
    provider.extensions().unwrap().list().await.unwrap();
    exchange.fonial().expire_sessions();
    assert_eq!(dial(&*provider, request("4031", customer())).await.0, Ok(DialOutcome::Accepted));
    assert_eq!((posts(&exchange), exchange.office().calls().len()), (2, 1), "refused once, rung once");
}

#[tokio::test]
async fn a_second_session_error_ends_it() {
    let exchange = quiet().await;
    exchange.fonial().set_forgetful(true);
    let (outcome, steps) = dial(&*fonial(&exchange, json!({})), request("4031", customer())).await;
    assert_eq!((outcome.unwrap_err().code(), steps), ("server_trouble", vec![]), "nothing was rung, and it is known");
    assert_eq!((posts(&exchange), exchange.office().calls().len()), (2, 0));
}

#[tokio::test]
async fn a_lost_answer_is_unconfirmed_and_never_repeated() {
    for fault in [
        FaultKind::LostAnswer,
        FaultKind::NoAnswer,
        FaultKind::Reset,
        FaultKind::MalformedJson,
        FaultKind::HtmlInsteadOfJson,
        FaultKind::TruncatedBody { bytes: 5 },
        FaultKind::Status { code: 504, retry_after: None },
        FaultKind::HtmlPage { code: 502 },
        FaultKind::HtmlPage { code: 503 },
        FaultKind::HtmlPage { code: 524 },
    ] {
        let exchange = quiet().await;
        let provider = fonial(&exchange, json!({"request_seconds": 0.5}));
        exchange.faults().set(Fault::new(fault.clone()).path(FONIAL_DIAL));
        let told = dial(&*provider, request("4031", customer())).await;
        assert_eq!(told, (Err(ProviderError::Unconfirmed), vec![]), "{fault:?}");
        assert_eq!(posts(&exchange), 1, "{fault:?}");
        assert!(exchange.office().calls().len() <= 1, "{fault:?}");
    }
}

#[tokio::test]
async fn an_answer_lost_after_a_renewal_is_not_asked_for_a_third_time() {
    let exchange = quiet().await;
    let provider = fonial(&exchange, json!({}));
    provider.extensions().unwrap().list().await.unwrap();
    exchange.fonial().expire_sessions();
    exchange.faults().set(Fault::new(FaultKind::LostAnswer).path(FONIAL_DIAL).after_events(1));
    assert_eq!(dial(&*provider, request("4031", customer())).await.0, Err(ProviderError::Unconfirmed));
    assert_eq!((posts(&exchange), exchange.office().calls().len()), (2, 1));
}

#[tokio::test]
async fn a_sign_in_that_fails_leaves_no_call_in_doubt() {
    let exchange = quiet().await;
    let provider = fonial(&exchange, json!({"request_seconds": 0.3}));
    exchange.faults().set(Fault::new(FaultKind::NoAnswer).path(FONIAL_SIGN_IN));
    assert_eq!(dial(&*provider, request("4031", customer())).await.0, Err(ProviderError::TimedOut));
    exchange.faults().clear();
    exchange.go_down();
    assert_eq!(dial(&*provider, request("4031", customer())).await.0.unwrap_err().code(), "unreachable");
    assert_eq!(posts(&exchange), 0);
}

#[tokio::test]
async fn refusals_say_that_nothing_was_rung() {
    for (code, expected) in [(403, "forbidden"), (404, "refused"), (429, "rate_limited"), (500, "server_trouble")] {
        let exchange = quiet().await;
        exchange.faults().set(Fault::new(FaultKind::Status { code, retry_after: None }).path(FONIAL_DIAL));
        let told = dial(&*fonial(&exchange, json!({})), request("4031", customer())).await.0;
        assert_eq!((told.unwrap_err().code(), posts(&exchange)), (expected, 1), "{code}");
    }
    let exchange = quiet().await;
    exchange.faults().set(Fault::new(FaultKind::HtmlPage { code: 404 }).path(FONIAL_DIAL));
    let told = dial(&*fonial(&exchange, json!({})), request("4031", customer())).await.0;
    assert_eq!((told.unwrap_err().code(), posts(&exchange)), ("bad_answer", 1));
}

#[tokio::test]
async fn only_public_numbers_leave() {
    let exchange = quiet().await;
    let provider = fonial(&exchange, json!({}));
    for to in
        [DialTarget::Extension(ExtensionId::new("32")), DialTarget::Code("*87".into()), DialTarget::Code("112".into())]
    {
        let error = dial(&*provider, request("4031", to)).await.0.unwrap_err();
        assert!(error.code() == "number_not_public" && error.to_string().contains("on your phone"), "{error}");
    }
    assert_eq!(exchange.tape().requests().len(), 0);
}

#[tokio::test]
async fn a_device_that_vanished_is_named() {
    let exchange = quiet().await;
    let provider = fonial(&exchange, json!({}));
    for gone in ["4999", "31", "", "desk"] {
        let error = dial(&*provider, request(gone, customer())).await.0.unwrap_err();
        assert_eq!(error, ProviderError::NotFound { what: format!("the device {gone}") });
    }
    exchange.office().remove_extension("32");
    assert_eq!(dial(&*provider, request("4032", customer())).await.0.unwrap_err().code(), "not_found");
    assert_eq!(posts(&exchange), 5, "one for each intention");
    assert_eq!(exchange.office().calls().len(), 0);
}

#[tokio::test]
async fn other_refusals_are_told_in_the_services_words() {
    let exchange = quiet().await;
    let provider = fonial(&exchange, json!({}));
    let words = "Guthaben aufgebraucht";
    exchange.fonial().complain(Some(words));
    let error = dial(&*provider, request("4031", customer())).await.0.unwrap_err();
    assert_eq!(error, ProviderError::Refused { detail: Detail::raw(words) });
    assert_eq!((posts(&exchange), exchange.tape().count(|it| it.path == FONIAL_DEVICES)), (1, 1));
}

#[tokio::test]
async fn whoever_asked_may_go_away_and_the_call_is_asked_for_once() {
    let exchange = quiet().await;
    let provider = fonial(&exchange, json!({}));
    exchange.faults().set(Fault::new(FaultKind::Delay { ms: 100 }).path(FONIAL_SIGN_IN));
    let dialling = Arc::clone(&provider);
    let asking = tokio::spawn(async move { dial(&*dialling, request("4031", customer())).await });
    assert!(exchange.tape().wait_for(1, PATIENCE, |it| it.path == FONIAL_SIGN_IN).await);
    asking.abort();
    assert!(exchange.tape().wait_for(1, PATIENCE, |it| it.path == FONIAL_DIAL && it.status.is_some()).await);
    assert_eq!((posts(&exchange), exchange.office().calls().len()), (1, 1));
}

#[tokio::test]
async fn what_became_of_it_stands_in_the_record_of_past_calls() {
    let start: Timestamp = "2026-06-01T10:00:00Z".parse().unwrap();
    let options = ringside_exchange::Options { starts_at: Some(start), ..ringside_exchange::Options::quiet() };
    let exchange = Exchange::start(options).await.unwrap();
    let provider = fonial(&exchange, json!({}));
    exchange.office().next_dial(DialBehaviour::by_hand());
    assert_eq!(dial(&*provider, request("4031", customer())).await.0, Ok(DialOutcome::Accepted));
    let call = exchange.office().calls().pop().unwrap();
    while !call.caller_answers() {
        tokio::task::yield_now().await;
    }
    assert!(call.callee_answers());
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert!(call.hang_up());
    let (sender, mut batches) = mpsc::channel(4);
    let until = start.checked_add(jiff::SignedDuration::from_mins(5)).unwrap();
    provider.journal().unwrap().read(start, until, sender).await.unwrap();
    let past = batches.recv().await.unwrap().pop().unwrap();
    assert_eq!((past.direction, past.outcome), (Direction::Outbound, Outcome::Answered));
    assert_eq!(past.remote, Party::Number(PhoneNumber::from_e164(CUSTOMER).unwrap()));
    assert_eq!(past.extension, Some(ExtensionId::new("4031")), "by the device's name");
    assert!(past.ended_at.unwrap() > past.started_at);
}
