//! Callbacks against the exchange: asked for once, told state by state, never guessed.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod rig;

use std::sync::Arc;
use std::time::Duration;

use rig::{PATIENCE, quiet, tenios};
use ringside_domain::{Capability, ExtensionId, PhoneNumber};
use ringside_exchange::{CalleeBehaviour, CallerBehaviour, DialBehaviour, Exchange, Fault, FaultKind, ServiceName};
use ringside_telephony::{DialOutcome, DialRequest, DialStep, DialTarget, Provider, ProviderError};
use serde_json::{Value, json};
use tokio::sync::mpsc;

const INIT: &str = "/callback/init";
const STATUS: &str = "/callback/status";

fn number(e164: &str) -> DialTarget {
    DialTarget::Number(PhoneNumber::from_e164(e164).unwrap())
}

fn request(to: DialTarget) -> DialRequest {
    DialRequest { from: ExtensionId::new("31"), to, ring_timeout: Duration::from_secs(30) }
}

fn provider(exchange: &Exchange) -> Arc<dyn Provider> {
    tenios(exchange, json!({"callback_config_id": "4711", "status_seconds": 0.02, "request_seconds": 2}))
}

async fn dial(provider: &dyn Provider, request: DialRequest) -> (Result<DialOutcome, ProviderError>, Vec<DialStep>) {
    let (sender, mut receiver) = mpsc::channel(32);
    let outcome = provider.dialing().unwrap().dial(request, sender);
    let outcome = tokio::time::timeout(PATIENCE, outcome).await.expect("a dial ends");
    let mut steps = Vec::new();
    while let Some(step) = receiver.recv().await {
        steps.push(step);
    }
    (outcome, steps)
}

async fn dial_lenz(provider: &dyn Provider) -> (Result<DialOutcome, ProviderError>, Vec<DialStep>) {
    dial(provider, request(number("+4922166966966"))).await
}

fn inits(exchange: &Exchange) -> usize {
    exchange.tape().count_of(ServiceName::Tenios, "POST", INIT)
}

#[tokio::test]
async fn the_states_are_told_in_order_and_the_end_is_named() {
    let exchange = quiet().await;
    let soon = Duration::from_millis(120);
    let slowly = DialBehaviour { caller: CallerBehaviour::Answers(soon), ..DialBehaviour::at_once() };
    exchange.office().next_dial(slowly.with_callee(CalleeBehaviour::Answers(soon)));
    let (outcome, steps) = dial_lenz(&*provider(&exchange)).await;
    assert_eq!(outcome, Ok(DialOutcome::Connected));
    let expected = [
        DialStep::Accepted { call: None },
        DialStep::CallerRinging,
        DialStep::CallerAnswered,
        DialStep::CalleeDialing,
        DialStep::CalleeAnswered,
    ];
    assert_eq!(steps, expected);
    assert_eq!(inits(&exchange), 1);
    let requests = exchange.tape().requests();
    let init = requests.iter().find(|it| it.path == INIT).unwrap();
    let body: Value = serde_json::from_str(&init.body).unwrap();
    let expected = json!({"access_key": "***", "callback_config_id": "4711", "callback_number": "+4922166966966",
        "delay": 0});
    assert_eq!(body, expected);
}

#[tokio::test]
async fn a_failed_side_is_an_outcome() {
    let exchange = quiet().await;
    let provider = provider(&exchange);
    let soon = Duration::from_millis(20);
    for behaviour in [
        DialBehaviour::by_hand().with_caller(CallerBehaviour::Rejects(soon)),
        DialBehaviour::at_once().with_callee(CalleeBehaviour::Busy(soon)),
        DialBehaviour::at_once().with_callee(CalleeBehaviour::NoAnswer(soon)),
    ] {
        exchange.office().next_dial(behaviour);
        assert_eq!(dial_lenz(&*provider).await.0, Ok(DialOutcome::Failed));
    }
}

#[tokio::test]
async fn a_lost_answer_is_unconfirmed_and_never_repeated() {
    for fault in [
        FaultKind::LostAnswer,
        FaultKind::NoAnswer,
        FaultKind::MalformedJson,
        FaultKind::HtmlInsteadOfJson,
        FaultKind::Status { code: 504, retry_after: None },
    ] {
        let exchange = quiet().await;
        exchange.faults().set(Fault::new(fault.clone()).path(INIT));
        let dialled = dial_lenz(&*provider(&exchange)).await;
        assert_eq!(dialled, (Err(ProviderError::Unconfirmed), vec![]), "{fault:?}");
        assert_eq!(inits(&exchange), 1);
    }
}

#[tokio::test]
async fn refusals_say_why_and_are_not_repeated() {
    let exchange = quiet().await;
    let provider = provider(&exchange);
    for (code, expected) in
        [(400, "refused"), (401, "forbidden"), (403, "forbidden"), (429, "rate_limited"), (500, "server_trouble")]
    {
        exchange.faults().clear();
        exchange.faults().set(Fault::new(FaultKind::Status { code, retry_after: None }).path(INIT));
        exchange.tape().clear();
        let error = dial_lenz(&*provider).await.0.unwrap_err();
        assert_eq!(error.code(), expected, "{code}");
        assert_eq!(inits(&exchange), 1, "{code}");
    }
    exchange.faults().clear();
    let wrong = tenios(&exchange, json!({"callback_config_id": "1"}));
    let error = dial_lenz(&*wrong).await.0.unwrap_err().to_string();
    assert!(error.contains("INVALID_VALUE") && error.contains("callback_config_id"), "{error}");
    assert_eq!(exchange.office().calls().len(), 0);
}

#[tokio::test]
async fn trouble_while_asking_for_the_state_changes_nothing() {
    let exchange = quiet().await;
    exchange.office().next_dial(DialBehaviour::at_once());
    for trouble in [FaultKind::Status { code: 503, retry_after: None }, FaultKind::Reset, FaultKind::MalformedJson] {
        exchange.faults().set(Fault::new(trouble).path(STATUS).times(2));
    }
    assert_eq!(dial_lenz(&*provider(&exchange)).await.0, Ok(DialOutcome::Connected));
    assert_eq!(inits(&exchange), 1);
}

#[tokio::test]
async fn a_state_that_cannot_be_asked_for_is_unknown() {
    let exchange = quiet().await;
    exchange.office().next_dial(DialBehaviour::at_once());
    exchange.faults().set(Fault::new(FaultKind::Status { code: 404, retry_after: None }).path(STATUS));
    assert_eq!(dial_lenz(&*provider(&exchange)).await.0, Ok(DialOutcome::Unknown));
    assert_eq!(inits(&exchange), 1);
}

#[tokio::test]
async fn a_word_nobody_knows_is_told_and_counted_and_the_call_goes_on() {
    let exchange = quiet().await;
    let provider = provider(&exchange);
    exchange.office().next_dial(DialBehaviour::by_hand());
    let (sender, mut steps) = mpsc::channel(32);
    let dialling = Arc::clone(&provider);
    let outcome =
        tokio::spawn(async move { dialling.dialing().unwrap().dial(request(number("+4922166966966")), sender).await });
    while steps.recv().await != Some(DialStep::CallerRinging) {}
    assert!(exchange.tenios().say_of_callback(4711, "PARKED"));
    while steps.recv().await != Some(DialStep::Other("PARKED".into())) {}
    assert!(exchange.tenios().say_of_callback(4711, "DISCONNECTED"));
    assert_eq!(outcome.await.unwrap(), Ok(DialOutcome::Unknown), "whether they talked is for the records to say");
    assert_eq!(provider.oddities()[0].place, "callback.status");
}

#[tokio::test]
async fn whoever_asked_may_go_away_and_the_progress_goes_on() {
    let exchange = quiet().await;
    let provider = provider(&exchange);
    exchange.office().next_dial(DialBehaviour::by_hand());
    let (sender, mut steps) = mpsc::channel(32);
    let dialling = Arc::clone(&provider);
    let asking = tokio::spawn(async move {
        let _ = dialling.dialing().unwrap().dial(request(number("+4922166966966")), sender).await;
    });
    while steps.recv().await != Some(DialStep::CallerRinging) {}
    asking.abort();
    let call = exchange.office().calls().pop().unwrap();
    assert!(call.caller_answers());
    while steps.recv().await != Some(DialStep::CalleeDialing) {}
    assert!(call.is_live());
}

#[tokio::test]
async fn what_cannot_be_dialled_is_refused_before_anything_is_sent() {
    let exchange = quiet().await;
    let provider = provider(&exchange);
    for to in [DialTarget::Extension(ExtensionId::new("32")), DialTarget::Code("112".into())] {
        let error = dial(&*provider, request(to)).await.0.unwrap_err();
        assert!(error.code() == "number_not_public" && error.to_string().contains("on your phone"), "{error}");
    }
    let own = tenios(&exchange, json!({"callback_config_ids": {"32": 4711}}));
    let error = dial_lenz(&*own).await.0.unwrap_err();
    assert!(error.code() == "configuration" && error.to_string().contains("extension 31"), "{error}");
    assert_eq!(exchange.tape().requests().len(), 0);
    let from = DialRequest { from: ExtensionId::new("32"), ..request(number("+4922166966966")) };
    exchange.office().next_dial(DialBehaviour::at_once());
    assert!(dial(&*own, from).await.0.is_ok());
}

#[tokio::test]
async fn without_a_callback_configuration_there_is_no_dialling() {
    let exchange = quiet().await;
    let provider = tenios(&exchange, json!({}));
    assert!(provider.dialing().is_none());
    assert!(!provider.capabilities().has(Capability::Dial) && !provider.capabilities().has(Capability::DialProgress));
    assert!(provider.capabilities().has(Capability::Journal));
}
