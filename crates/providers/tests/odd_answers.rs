//! A 200 that is not the service's own says nothing of what was asked for: neither that it was done nor that it was not.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod rig;

use std::sync::Arc;
use std::time::Duration;

use rig::{PATIENCE, fonial, nfon, quiet, swisscom, tenios, voicenter};
use ringside_domain::{CallId, ExtensionId, PhoneNumber, ScenarioId};
use ringside_exchange::{Exchange, Fault, FaultKind};
use ringside_telephony::{DialOutcome, DialRequest, DialTarget, Provider, ProviderError};
use serde_json::json;
use tokio::sync::mpsc;

const PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Guest Wi-Fi</title></head><body>Welcome</body></html>";
const ODD: [&str; 7] = [PAGE, "", "{\"ERRORCODE\":", "{\"id\"", "{\"hello\":\"world\"}", "[]", "\"ok\""];

async fn dial(provider: &dyn Provider, from: &str) -> Result<DialOutcome, ProviderError> {
    let to = DialTarget::Number(PhoneNumber::from_e164("+4922166966966").unwrap());
    let request = DialRequest { from: ExtensionId::new(from), to, ring_timeout: Duration::from_secs(30) };
    let (sender, mut steps) = mpsc::channel(32);
    let outcome = tokio::time::timeout(PATIENCE, provider.dialing().unwrap().dial(request, sender)).await;
    if let Some(step) = steps.recv().await {
        panic!("nothing is known of the call, and yet: {step:?}");
    }
    outcome.expect("a dial ends")
}

async fn answering(body: &str, path: &str, connect: impl Fn(&Exchange) -> Arc<dyn Provider>) -> Arc<dyn Provider> {
    let exchange = quiet().await;
    exchange.faults().set(Fault::new(FaultKind::AnotherBody { body: body.into() }).path(path));
    let provider = connect(&exchange);
    // The exchange lives as long as the test's runtime: its port must not close before the request.
    std::mem::forget(exchange);
    provider
}

#[tokio::test]
async fn a_dial_is_unconfirmed_at_every_service() {
    for body in ODD {
        let office = answering(body, rig::CALLS, |it| nfon(it, json!({}))).await;
        assert_eq!(dial(&*office, "31").await, Err(ProviderError::Unconfirmed), "nfon {body}");
        let branch = answering(body, rig::FONIAL_DIAL, |it| fonial(it, json!({}))).await;
        assert_eq!(dial(&*branch, "674").await, Err(ProviderError::Unconfirmed), "fonial {body}");
        let clinic = answering(body, voicenter::CLICK, |it| voicenter::connect(it, json!({}))).await;
        assert_eq!(dial(&*clinic, "SIP31").await, Err(ProviderError::Unconfirmed), "voicenter {body}");
        let voice = answering(body, "/callback/init", |it| tenios(it, json!({"callback_config_id": "4711"}))).await;
        assert_eq!(dial(&*voice, "31").await, Err(ProviderError::Unconfirmed), "tenios {body}");
    }
    let branch = answering("{\"journal\":[]}", rig::FONIAL_DIAL, |it| fonial(it, json!({}))).await;
    assert_eq!(dial(&*branch, "674").await, Err(ProviderError::Unconfirmed), "a list is no word of a call");
}

#[tokio::test]
async fn ending_a_call_is_unconfirmed_at_every_service() {
    let call = CallId::new("5f0c8a52-4b1e-4d3c-9d3c-0000ca4a7700");
    for body in ODD {
        let clinic = answering(body, voicenter::CLICK, |it| voicenter::connect(it, json!({}))).await;
        let ended = clinic.hang_up().unwrap().hang_up(&call, &ExtensionId::new("SIP31")).await;
        assert_eq!(ended, Err(ProviderError::Unconfirmed), "voicenter {body}");
        let office = answering(body, rig::CALLS, |it| nfon(it, json!({}))).await;
        let ended = office.hang_up().unwrap().hang_up(&call, &ExtensionId::new("31")).await;
        // The service's own word is an empty one.
        let expected = if body.is_empty() { Ok(()) } else { Err(ProviderError::Unconfirmed) };
        assert_eq!(ended, expected, "nfon {body}");
    }
}

#[tokio::test]
async fn a_scenario_is_unconfirmed_where_a_page_or_half_an_answer_came() {
    for (body, expected) in [
        (PAGE, Err(ProviderError::Unconfirmed)),
        ("{\"id\"", Err(ProviderError::Unconfirmed)),
        // The form of the answer is not published, and what came of it is read back.
        ("", Ok(())),
        ("OK", Ok(())),
        ("{\"hello\":\"world\"}", Ok(())),
    ] {
        let exchange = quiet().await;
        let another = FaultKind::AnotherBody { body: body.into() };
        exchange.faults().set(Fault::new(another).method("PUT"));
        let provider = swisscom(&exchange, json!({}));
        let set = provider.forwarding().unwrap().set(&ScenarioId::new("17"), true).await;
        assert_eq!(set, expected, "{body}");
    }
}

#[tokio::test]
async fn an_agents_state_is_unconfirmed_at_every_service() {
    for body in ODD {
        let clinic = answering(body, voicenter::SET_STATUS, |it| voicenter::connect(it, json!({}))).await;
        let states = clinic.agents().unwrap().states().await.unwrap();
        let set = clinic.agents().unwrap().set(&ExtensionId::new("SIP31"), &states[0]).await;
        assert_eq!(set, Err(ProviderError::Unconfirmed), "voicenter {body}");
        let voice = answering(body, "/acd/agent-state/change", |it| tenios(it, json!({}))).await;
        let states = voice.agents().unwrap().states().await.unwrap();
        let set = voice.agents().unwrap().set(&ExtensionId::new("31"), &states[0]).await;
        assert_eq!(set, Err(ProviderError::Unconfirmed), "tenios {body}");
    }
}

#[tokio::test]
async fn an_extension_that_somebody_else_uses_is_told_as_that() {
    for body in [
        r#"{"Status":3,"StatusError":4,"StatusErroMessage":"Extension is already in use"}"#,
        r#"{"Status":2,"StatusError":1,"StatusErrorMessage":"extension is ALREADY IN USE."}"#,
    ] {
        let clinic = answering(body, voicenter::SET_STATUS, |it| voicenter::connect(it, json!({}))).await;
        let states = clinic.agents().unwrap().states().await.unwrap();
        let set = clinic.agents().unwrap().set(&ExtensionId::new("SIP31"), &states[0]).await;
        assert_eq!(set.unwrap_err().code(), "in_use", "{body}");
    }
    let body = r#"{"ERRORCODE":2,"ERRORMESSAGE":"Phone is busy"}"#;
    let clinic = answering(body, voicenter::CLICK, |it| voicenter::connect(it, json!({}))).await;
    assert_eq!(dial(&*clinic, "SIP31").await.unwrap_err().code(), "in_use");
}
