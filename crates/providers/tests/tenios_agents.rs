//! Agents against the exchange: ready, not ready, and why.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod rig;

use rig::{quiet, tenios};
use ringside_domain::{AgentMode, AgentState, ExtensionId};
use ringside_exchange::{Agent, AgentReason, Exchange, Fault, FaultKind, Options, ServiceName};
use ringside_telephony::{Provider, ProviderError};
use serde_json::json;

const CHANGE: &str = "/acd/agent-state/change";

fn anna() -> ExtensionId {
    ExtensionId::new("31")
}

async fn state_named(provider: &dyn Provider, name: &str) -> AgentState {
    let states = provider.agents().unwrap().states().await.unwrap();
    states.into_iter().find(|it| it.name.as_str() == name).unwrap()
}

#[tokio::test]
async fn a_break_carries_its_reason_under_whichever_name_the_service_reads() {
    for agent_reason in [AgentReason::Long, AgentReason::Short] {
        let mut options = Options::quiet();
        options.tenios.agent_reason = agent_reason;
        let exchange = Exchange::start(options).await.unwrap();
        let provider = tenios(&exchange, json!({"not_ready_reasons": ["Lunch", "Training: phones"]}));
        let agents = provider.agents().unwrap();
        for reason in ["Lunch", "Training: phones"] {
            agents.set(&anna(), &state_named(&*provider, reason).await).await.unwrap();
            let expected = Agent { ready: false, reason: Some(reason.into()) };
            assert_eq!(exchange.tenios().agent("31"), Some(expected));
        }
        assert_eq!(agents.state(&anna()).await.unwrap().unwrap().mode, AgentMode::Break);
        agents.set(&anna(), &state_named(&*provider, "Ready").await).await.unwrap();
        assert_eq!(exchange.tenios().agent("31"), Some(Agent { ready: true, reason: None }));
        assert_eq!(agents.state(&anna()).await.unwrap().unwrap().mode, AgentMode::Ready);
        assert_eq!(exchange.tape().count_of(ServiceName::Tenios, "POST", CHANGE), 3);
    }
}

#[tokio::test]
async fn who_is_no_agent_and_what_is_no_state_is_not_found() {
    let exchange = quiet().await;
    let provider = tenios(&exchange, json!({}));
    let agents = provider.agents().unwrap();
    let states = agents.states().await.unwrap();
    let modes: Vec<_> = states.iter().map(|it| it.mode).collect();
    assert_eq!(modes, [AgentMode::Ready, AgentMode::Break]);
    let nobody = agents.state(&ExtensionId::new("999")).await.unwrap_err();
    assert!(nobody.code() == "not_found" && nobody.to_string().contains("e-mail"), "{nobody}");
    let odd = AgentState { id: "ASLEEP".into(), mode: AgentMode::Other, name: "asleep".into() };
    assert_eq!(agents.set(&anna(), &odd).await.unwrap_err().code(), "not_found");
    assert_eq!(exchange.tape().count_of(ServiceName::Tenios, "POST", CHANGE), 0);
}

#[tokio::test]
async fn a_new_state_of_the_services_is_shown_as_it_is() {
    let exchange = quiet().await;
    let provider = tenios(&exchange, json!({}));
    exchange.faults().set(Fault::new(FaultKind::UnknownValues).path("/acd/agent-state/retrieve"));
    let state = provider.agents().unwrap().state(&anna()).await.unwrap().unwrap();
    assert_eq!((state.mode, state.name.as_str()), (AgentMode::Other, "x-teleported"));
    assert_eq!(provider.oddities()[0].place, "agents.state");
}

#[tokio::test]
async fn a_change_whose_answer_is_lost_is_unconfirmed_and_sent_once() {
    for fault in [FaultKind::LostAnswer, FaultKind::NoAnswer] {
        let exchange = quiet().await;
        let provider = tenios(&exchange, json!({"request_seconds": 1}));
        exchange.faults().set(Fault::new(fault).path(CHANGE));
        let ready = state_named(&*provider, "Ready").await;
        assert_eq!(provider.agents().unwrap().set(&anna(), &ready).await, Err(ProviderError::Unconfirmed));
        assert_eq!(exchange.tape().count_of(ServiceName::Tenios, "POST", CHANGE), 1);
    }
}
