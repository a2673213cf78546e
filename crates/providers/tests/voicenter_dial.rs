//! Dialling, ending calls and agents against the exchange: asked for once, answered in words, never guessed.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod rig;

use std::time::Duration;

use rig::voicenter::{CLICK, SET_STATUS, connect, start, step};
use rig::{PATIENCE, Run};
use ringside_domain::{AgentMode, AgentState, CallId, Event, ExtensionId, LegStep, LinkPhase, PhoneNumber, Presence};
use ringside_exchange::{
    AddressRefusal, DialBehaviour, Exchange, Fault, FaultKind, Line, Options, RingSpec, ServiceName, VoicenterOptions,
};
use ringside_telephony::{DialOutcome, DialRequest, DialStep, DialTarget, Provider, ProviderError};
use serde_json::{Value, json};
use tokio::sync::mpsc;

async fn by_hand() -> Exchange {
    Exchange::start(Options { dial: DialBehaviour::by_hand(), ..Options::quiet() }).await.unwrap()
}

fn number(e164: &str) -> DialTarget {
    DialTarget::Number(PhoneNumber::from_e164(e164).unwrap())
}

async fn dial(provider: &dyn Provider, to: DialTarget) -> (Result<DialOutcome, ProviderError>, Vec<DialStep>) {
    let request = DialRequest { from: ExtensionId::new("SIP31"), to, ring_timeout: Duration::from_secs(30) };
    let (sender, mut receiver) = mpsc::channel(32);
    let outcome = provider.dialing().unwrap().dial(request, sender);
    let outcome = tokio::time::timeout(PATIENCE, outcome).await.expect("a dial ends");
    let mut steps = Vec::new();
    while let Some(step) = receiver.recv().await {
        steps.push(step);
    }
    (outcome, steps)
}

fn clicks(exchange: &Exchange) -> usize {
    exchange.tape().count_of(ServiceName::Voicenter, "POST", CLICK)
}

fn body(exchange: &Exchange, path: &str) -> Value {
    let requests = exchange.tape().requests();
    serde_json::from_str(&requests.iter().rev().find(|it| it.path == path).unwrap().body).unwrap()
}

#[tokio::test]
async fn a_call_is_accepted_and_goes_on_in_real_time_under_the_same_id() {
    let exchange = by_hand().await;
    let provider = connect(&exchange, json!({}));
    let mut run = Run::start(&provider);
    run.phase(LinkPhase::Online).await;
    let (outcome, steps) = dial(&*provider, number("+4922166966966")).await;
    assert_eq!(outcome, Ok(DialOutcome::Accepted));
    let call = exchange.office().calls().pop().unwrap();
    assert_eq!(steps, [DialStep::Accepted { call: Some(CallId::new(call.id().to_string())) }]);
    let leg = run.find("our own telephone", |event| step(event, "SIP31", LegStep::Dialing)).await;
    assert_eq!(leg.call.as_str(), call.id().to_string());
    call.caller_answers();
    call.callee_answers();
    run.find("the far side", |event| step(event, "SIP31", LegStep::Connected)).await;
    let sent = body(&exchange, CLICK);
    let expected = json!({"code": "***", "action": "call", "phone": "SIP31", "target": "4922166966966",
        "phonemaxdialtime": 30, "format": "json"});
    assert_eq!((sent, clicks(&exchange)), (expected, 1));
    run.stop().await;
}

#[tokio::test]
async fn colleagues_are_dialled_by_their_sip_code() {
    let exchange = by_hand().await;
    let provider = connect(&exchange, json!({}));
    let (outcome, _) = dial(&*provider, DialTarget::Extension(ExtensionId::new("SIP42"))).await;
    assert_eq!((outcome, &body(&exchange, CLICK)["target"]), (Ok(DialOutcome::Accepted), &json!("SIP42")));
}

#[tokio::test]
async fn a_lost_answer_is_unconfirmed_and_never_repeated() {
    for fault in [
        FaultKind::LostAnswer,
        FaultKind::Status { code: 504, retry_after: None },
        FaultKind::MalformedJson,
        FaultKind::HtmlInsteadOfJson,
        FaultKind::TruncatedBody { bytes: 5 },
    ] {
        let exchange = by_hand().await;
        let provider = connect(&exchange, json!({}));
        exchange.faults().set(Fault::new(fault.clone()).path(CLICK));
        let told = dial(&*provider, number("+4922166966966")).await;
        assert_eq!(told, (Err(ProviderError::Unconfirmed), vec![]), "{fault:?}");
        assert_eq!(clicks(&exchange), 1, "{fault:?}");
    }
}

#[tokio::test]
async fn refusals_say_what_to_do_and_ring_nobody() {
    for (prepare, code, word) in [
        ("offline", "refused", "not connected"),
        ("address", "address_not_allowed", "allow-list"),
        ("code", "sign_in_refused", ""),
        ("429", "rate_limited", ""),
    ] {
        let options = VoicenterOptions { address_refusal: AddressRefusal::Coded, ..VoicenterOptions::default() };
        let exchange = start(options).await;
        let provider = connect(&exchange, json!({}));
        match prepare {
            "offline" => drop(exchange.office().set_line("31", Line::Offline, ringside_exchange::Presence::Offline)),
            "address" => exchange.voicenter().set_address_allowed(false),
            "code" => exchange.voicenter().set_code("ANOTHERCODE00"),
            _ => exchange.faults().set(Fault::new(FaultKind::Status { code: 429, retry_after: None }).path(CLICK)),
        }
        let error = dial(&*provider, number("+4922166966966")).await.0.unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert!(error.to_string().contains(word) && !error.hint().is_empty(), "{error}");
        assert_eq!((clicks(&exchange), exchange.office().calls().len()), (1, 0), "{prepare}");
    }
    let exchange = by_hand().await;
    let provider = connect(&exchange, json!({}));
    let error = dial(&*provider, DialTarget::Code("101".into())).await.0.unwrap_err();
    assert!(error.to_string().contains("on your phone"), "{error}");
    assert_eq!(exchange.tape().requests().len(), 0);
}

#[tokio::test]
async fn whatever_is_active_is_ended_but_no_other_call_than_the_one_meant() {
    let exchange = by_hand().await;
    let provider = connect(&exchange, json!({}));
    let hang_up = provider.hang_up().unwrap();
    let (own, mut run) = (ExtensionId::new("SIP31"), Run::start(&provider));
    run.phase(LinkPhase::Online).await;
    run.find("the lamps", |event| matches!(event, Event::Lines(_)).then_some(())).await;
    let call = exchange.ring(RingSpec::to("31").from("972501234567"));
    run.find("a ring", |event| step(event, "SIP31", LegStep::Ringing)).await;
    let other = hang_up.hang_up(&CallId::new("another"), &own).await.unwrap_err();
    assert_eq!((other.code(), call.is_live(), clicks(&exchange)), ("too_late", true, 0));
    assert_eq!(hang_up.hang_up(&CallId::new(call.id().to_string()), &own).await, Ok(()));
    assert!(!call.is_live());

    // A call of our own may be ended before real time has told of it.
    let (outcome, steps) = dial(&*provider, number("+4922166966966")).await;
    assert_eq!(outcome, Ok(DialOutcome::Accepted));
    let DialStep::Accepted { call: Some(call) } = &steps[0] else { panic!("the call has an id") };
    assert_eq!(hang_up.hang_up(call, &own).await, Ok(()));
    assert_eq!(exchange.office().calls().len(), 0);

    exchange.faults().set(Fault::new(FaultKind::LostAnswer).path(CLICK));
    exchange.tape().clear();
    let live = exchange.ring(RingSpec::to("32"));
    let lost = hang_up.hang_up(&CallId::new(live.id().to_string()), &ExtensionId::new("SIP32")).await;
    assert_eq!((lost, clicks(&exchange)), (Err(ProviderError::Unconfirmed), 1));
    run.stop().await;
}

#[tokio::test]
async fn agents_are_sent_to_lunch_and_found_there() {
    let exchange = by_hand().await;
    let provider = connect(&exchange, json!({}));
    let agents = provider.agents().unwrap();
    let anna = ExtensionId::new("SIP31");
    let states = agents.states().await.unwrap();
    assert_eq!((states.len(), exchange.tape().requests().len()), (9, 0), "the vendor's own table");
    let lunch = states.iter().find(|it| it.name.as_str() == "Lunch").unwrap();
    assert_eq!((lunch.id.as_str(), lunch.mode), ("3", AgentMode::Break));
    assert_eq!(agents.state(&anna).await.unwrap().unwrap().mode, AgentMode::Ready);
    assert_eq!(agents.set(&anna, lunch).await, Ok(()));
    let sent = body(&exchange, SET_STATUS);
    assert_eq!(sent, json!({"Code": "***", "UserId": "70031", "ExtensionUser": "SIP31", "Status": 3}), "{sent}");
    assert_eq!((exchange.voicenter().status("31"), agents.state(&anna).await.unwrap().as_ref()), (3, Some(lunch)));
}

#[tokio::test]
async fn a_running_account_knows_its_agents_without_asking() {
    let exchange = by_hand().await;
    let provider = connect(&exchange, json!({}));
    let mut run = Run::start(&provider);
    run.phase(LinkPhase::Online).await;
    run.find("the lamps", |event| matches!(event, Event::Lines(_)).then_some(())).await;
    exchange.tape().clear();
    let anna = ExtensionId::new("SIP31");
    let agents = provider.agents().unwrap();
    let out = AgentState { id: "2".into(), mode: AgentMode::LoggedOut, name: "Logout".into() };
    agents.set(&anna, &out).await.unwrap();
    run.find("the presence", |event| match event {
        Event::Line(line) => (line.state.presence == Presence::Offline).then_some(()),
        _ => None,
    })
    .await;
    assert_eq!(agents.state(&anna).await, Ok(Some(out)));
    assert_eq!(exchange.tape().requests().len(), 1, "the change alone");
    run.stop().await;
}

#[tokio::test]
async fn what_the_service_does_not_know_is_named() {
    let exchange = by_hand().await;
    let provider = connect(&exchange, json!({}));
    let agents = provider.agents().unwrap();
    let state = |id: &str| AgentState { id: id.into(), mode: AgentMode::Other, name: "".into() };
    for (extension, id, named) in [("SIP99", "1", "SIP99"), ("SIP31", "4", "`4`"), ("SIP31", "lunch", "`lunch`")] {
        let error = agents.set(&ExtensionId::new(extension), &state(id)).await.unwrap_err();
        assert!(error.code() == "not_found" && error.to_string().contains(named), "{error}");
    }
    assert_eq!(agents.state(&ExtensionId::new("SIP99")).await.unwrap_err().code(), "not_found");
    exchange.tape().clear();
    exchange.faults().set(Fault::new(FaultKind::LostAnswer).path(SET_STATUS));
    let lost = agents.set(&ExtensionId::new("SIP31"), &state("3")).await;
    assert_eq!((lost, exchange.tape().count(|it| it.path == SET_STATUS)), (Err(ProviderError::Unconfirmed), 1));
}

#[tokio::test]
async fn the_accounts_own_names_are_read_where_they_are_wanted() {
    let exchange = by_hand().await;
    let provider = connect(&exchange, json!({"status_names": true}));
    let states = provider.agents().unwrap().states().await.unwrap();
    let renamed = states.iter().find(|it| it.id.as_str() == "12").unwrap();
    assert_eq!((renamed.name.as_str(), renamed.mode), ("Stand-up", AgentMode::Break));
}
