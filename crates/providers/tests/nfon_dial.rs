//! Dialling and cancelling against the exchange: asked for once, told step by step, never guessed.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod rig;

use std::sync::Arc;
use std::time::Duration;

use rig::{CALLS, PATIENCE, nfon, quiet};
use ringside_domain::{CallId, ExtensionId, PhoneNumber};
use ringside_exchange::{CalleeBehaviour, CallerBehaviour, DialBehaviour, Exchange, Fault, FaultKind, ServiceName};
use ringside_telephony::{DialOutcome, DialRequest, DialStep, DialTarget, Provider, ProviderError};
use serde_json::{Value, json};
use tokio::sync::mpsc;

fn number(e164: &str) -> DialTarget {
    DialTarget::Number(PhoneNumber::from_e164(e164).unwrap())
}

fn request(to: DialTarget) -> DialRequest {
    DialRequest { from: ExtensionId::new("31"), to, ring_timeout: Duration::from_secs(30) }
}

async fn dial(provider: &dyn Provider, to: DialTarget) -> (Result<DialOutcome, ProviderError>, Vec<DialStep>) {
    let (sender, mut receiver) = mpsc::channel(32);
    let outcome = provider.dialing().unwrap().dial(request(to), sender);
    let outcome = tokio::time::timeout(PATIENCE, outcome).await.expect("a dial ends");
    let mut steps = Vec::new();
    while let Some(step) = receiver.recv().await {
        steps.push(step);
    }
    (outcome, steps)
}

fn posts(exchange: &Exchange) -> usize {
    exchange.tape().count_of(ServiceName::Nfon, "POST", CALLS)
}

fn body(exchange: &Exchange) -> Value {
    let requests = exchange.tape().requests();
    let post = requests.iter().rev().find(|it| it.is("POST", CALLS)).unwrap();
    assert_eq!(post.header("accept"), Some("text/event-stream"));
    serde_json::from_str(&post.body).unwrap()
}

#[tokio::test]
async fn each_step_is_told_and_the_end_is_named() {
    let exchange = quiet().await;
    let provider = nfon(&exchange, json!({}));
    exchange.office().next_dial(DialBehaviour::at_once());
    let (outcome, steps) = dial(&*provider, number("+4922166966966")).await;
    assert_eq!(outcome, Ok(DialOutcome::Connected));
    assert!(matches!(&steps[0], DialStep::Accepted { call: Some(_) }), "{steps:?}");
    let expected = [
        DialStep::CallerRinging,
        DialStep::CallerAnswered,
        DialStep::CalleeDialing,
        DialStep::CalleeRinging,
        DialStep::CalleeAnswered,
    ];
    assert_eq!(steps[1..], expected);
    let expected = json!({"caller": "31", "caller_context": "K7001", "callee": "4922166966966",
        "callee_context": "global", "extension": "31", "timeout": 30});
    assert_eq!(body(&exchange), expected);
    assert_eq!(posts(&exchange), 1);
}

#[tokio::test]
async fn colleagues_and_codes_are_dialled_in_the_accounts_own_context() {
    let exchange = quiet().await;
    let provider = nfon(&exchange, json!({}));
    for (to, callee) in [(DialTarget::Extension(ExtensionId::new("32")), "32"), (DialTarget::Code("*87".into()), "*87")]
    {
        exchange.office().next_dial(DialBehaviour::at_once());
        // Whether a code leads anywhere is the exchange's business.
        let _ = dial(&*provider, to).await;
        let body = body(&exchange);
        assert_eq!((&body["callee"], &body["callee_context"]), (&json!(callee), &json!("K7001")));
    }
}

#[tokio::test]
async fn each_failure_is_an_outcome() {
    let exchange = quiet().await;
    let provider = nfon(&exchange, json!({}));
    let soon = Duration::from_millis(20);
    for (behaviour, outcome) in [
        (DialBehaviour::at_once().with_callee(CalleeBehaviour::Busy(soon)), DialOutcome::Busy),
        (DialBehaviour::at_once().with_callee(CalleeBehaviour::Rejects(soon)), DialOutcome::Rejected),
        (DialBehaviour::at_once().with_callee(CalleeBehaviour::NoAnswer(soon)), DialOutcome::NoAnswer),
        (DialBehaviour::by_hand().with_caller(CallerBehaviour::Rejects(soon)), DialOutcome::Rejected),
    ] {
        exchange.office().next_dial(behaviour);
        assert_eq!(dial(&*provider, number("+4922166966966")).await.0, Ok(outcome));
    }
}

#[tokio::test]
async fn a_lost_answer_is_unconfirmed_and_never_repeated() {
    for fault in [FaultKind::LostAnswer, FaultKind::Status { code: 504, retry_after: None }] {
        let exchange = quiet().await;
        let provider = nfon(&exchange, json!({}));
        exchange.faults().set(Fault::new(fault.clone()).method("POST").path(CALLS));
        assert_eq!(
            dial(&*provider, number("+4922166966966")).await,
            (Err(ProviderError::Unconfirmed), vec![]),
            "{fault:?}"
        );
        assert_eq!(posts(&exchange), 1);
    }
}

#[tokio::test]
async fn no_answer_in_time_is_unconfirmed_too() {
    let exchange = quiet().await;
    let provider = nfon(&exchange, json!({"request_seconds": 0.5}));
    exchange.faults().set(Fault::new(FaultKind::NoAnswer).method("POST").path(CALLS));
    assert_eq!(dial(&*provider, number("+4922166966966")).await.0, Err(ProviderError::Unconfirmed));
    assert_eq!(posts(&exchange), 1);
}

#[tokio::test]
async fn progress_cut_off_in_the_middle_is_unknown() {
    let exchange = quiet().await;
    let provider = nfon(&exchange, json!({}));
    exchange.office().next_dial(DialBehaviour::by_hand());
    exchange.faults().set(Fault::new(FaultKind::Reset).method("POST").path(CALLS).after_events(3));
    let (outcome, steps) = dial(&*provider, number("+4922166966966")).await;
    assert_eq!(outcome, Ok(DialOutcome::Unknown));
    assert!(matches!(&steps[0], DialStep::Accepted { call: Some(_) }));
    assert_eq!(posts(&exchange), 1);
}

#[tokio::test]
async fn refusals_say_why() {
    let exchange = quiet().await;
    let provider = nfon(&exchange, json!({}));
    for (code, expected) in [(400, "refused"), (403, "forbidden"), (429, "rate_limited"), (500, "server_trouble")] {
        exchange.faults().clear();
        exchange.faults().set(Fault::new(FaultKind::Status { code, retry_after: None }).method("POST").path(CALLS));
        exchange.tape().clear();
        let error = dial(&*provider, number("+4922166966966")).await.0.unwrap_err();
        assert_eq!(error.code(), expected, "{code}");
        assert_eq!(posts(&exchange), 1, "{code}");
    }
}

#[tokio::test]
async fn an_expired_token_costs_one_refresh_and_rings_one_telephone() {
    let exchange = quiet().await;
    let provider = nfon(&exchange, json!({}));
    provider.extensions().unwrap().list().await.unwrap();
    exchange.nfon().expire_access_tokens();
    exchange.office().next_dial(DialBehaviour::at_once());
    assert_eq!(dial(&*provider, number("+4922166966966")).await.0, Ok(DialOutcome::Connected));
    assert_eq!(exchange.office().calls().len(), 1, "the refused request rang nothing");
    assert_eq!(exchange.tape().count_of(ServiceName::Nfon, "PUT", rig::LOGIN), 1);
}

#[tokio::test]
async fn emergency_numbers_are_refused_before_anything_is_sent() {
    let exchange = quiet().await;
    let provider = nfon(&exchange, json!({}));
    for to in [DialTarget::Extension(ExtensionId::new("112")), DialTarget::Code("110".into())] {
        let error = dial(&*provider, to).await.0.unwrap_err();
        assert!(error.to_string().contains("on your phone"), "{error}");
    }
    assert_eq!(exchange.tape().requests().len(), 0);
}

#[tokio::test]
async fn whoever_asked_may_go_away_and_the_call_goes_on() {
    let exchange = quiet().await;
    let provider = nfon(&exchange, json!({}));
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
    while steps.recv().await != Some(DialStep::CalleeRinging) {}
    assert!(call.is_live());
}

#[tokio::test]
async fn a_call_can_be_ended_while_it_is_set_up_and_not_later() {
    let exchange = quiet().await;
    let provider = nfon(&exchange, json!({}));
    let hang_up = provider.hang_up().unwrap();
    let own = ExtensionId::new("31");
    exchange.office().next_dial(DialBehaviour::by_hand());
    let (sender, mut steps) = mpsc::channel(32);
    let dialling = Arc::clone(&provider);
    let outcome =
        tokio::spawn(async move { dialling.dialing().unwrap().dial(request(number("+4922166966966")), sender).await });
    let Some(DialStep::Accepted { call: Some(call) }) = steps.recv().await else { panic!("the call has an id") };
    while steps.recv().await != Some(DialStep::CallerRinging) {}
    assert_eq!(hang_up.hang_up(&call, &own).await, Ok(()));
    assert_eq!(outcome.await.unwrap(), Ok(DialOutcome::Cancelled));
    for late in [call, CallId::new("no/such?call"), CallId::new("..")] {
        assert_eq!(hang_up.hang_up(&late, &own).await.unwrap_err().code(), "too_late", "{late}");
    }
}
