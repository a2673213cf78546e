//! Agents: asked once, and told as a reading shows it.

use std::time::Duration;

use ringside_api::view::{AgentMode, AgentView};
use ringside_api::{ApiError, ApiEvent, Reply, Request};
use ringside_domain::LinkPhase;
use ringside_exchange::{Exchange, Fault, FaultKind, Options, ServiceName};

use crate::accounts::{Entry, clinic, office, voice};
use crate::rig::Rig;

const CHANGE: &str = "/acd/agent-state/change";
const SET_STATUS: &str = "/UserLogin/SetStatusFromAPI";

fn accounts(exchange: &Exchange) -> Vec<Entry> {
    vec![voice(exchange), clinic(exchange), office(exchange)]
}

async fn rig() -> Rig {
    let mut rig = Rig::with_accounts(Options::quiet(), accounts, async |_| {}).await;
    rig.eventually("all are online", |snapshot| {
        snapshot.accounts.iter().all(|account| account.link.phase == LinkPhase::Online)
    })
    .await;
    rig
}

async fn set(rig: &Rig, line: &str, state: &str) -> Result<AgentView, ApiError> {
    agent(rig.call(Request::SetAgent { line: line.to_owned(), state: state.to_owned() }).await)
}

async fn read(rig: &Rig, line: &str) -> Result<AgentView, ApiError> {
    agent(rig.call(Request::Agent { line: line.to_owned() }).await)
}

fn agent(reply: Result<Reply, ApiError>) -> Result<AgentView, ApiError> {
    match reply? {
        Reply::Agent { agent } => Ok(agent),
        other => panic!("no agent: {other:?}"),
    }
}

fn shown(agent: &AgentView) -> Option<(&str, AgentMode)> {
    agent.state.as_ref().map(|state| (state.id.as_str(), state.mode))
}

fn asked(rig: &Rig, service: ServiceName, path: &str) -> usize {
    rig.exchange.tape().count_of(service, "POST", path)
}

#[tokio::test]
async fn an_agent_is_put_into_a_state_and_everybody_is_told_what_was_read() {
    let mut rig = rig().await;
    let Ok(Reply::AgentStates { states }) = rig.call(Request::AgentStates { account: "voice".to_owned() }).await else {
        panic!("no states")
    };
    let offered: Vec<_> = states.iter().map(|state| (state.id.as_str(), state.mode)).collect();
    assert_eq!(offered, [("READY", AgentMode::Ready), ("NOT_READY", AgentMode::Break)]);
    let ready = set(&rig, "voice/31", "READY").await.unwrap();
    assert_eq!((ready.line.as_str(), shown(&ready)), ("voice/31", Some(("READY", AgentMode::Ready))));
    assert!(rig.exchange.tenios().agent("31").unwrap().ready);
    let told = rig
        .event("told to all", |event| match event {
            ApiEvent::Agent { agent } => Some(agent.clone()),
            _ => None,
        })
        .await;
    assert_eq!(told, ready);
    assert_eq!(shown(&read(&rig, "voice/31").await.unwrap()), Some(("READY", AgentMode::Ready)));
    assert_eq!(asked(&rig, ServiceName::Tenios, CHANGE), 1);

    let lunch = set(&rig, "clinic/SIP31", "3").await.unwrap();
    assert_eq!(shown(&lunch), Some(("3", AgentMode::Break)));
    assert_eq!(rig.exchange.voicenter().status("31"), 3);
    let out = set(&rig, "clinic/SIP31", "2").await.unwrap();
    assert_eq!(shown(&out), Some(("2", AgentMode::LoggedOut)));
    assert_eq!(asked(&rig, ServiceName::Voicenter, SET_STATUS), 2);
}

#[tokio::test]
async fn what_nobody_knows_is_not_found_and_what_cannot_be_done_says_so() {
    let rig = rig().await;
    for (line, state, code) in [
        ("voice/31", "ON_THE_MOON", "not_found"),
        ("voice/9999", "READY", "not_found"),
        ("clinic/SIP9999", "1", "not_found"),
        ("clinic/SIP31", "77", "not_found"),
        ("office/31", "READY", "unsupported"),
        ("nowhere/31", "READY", "no_account"),
        ("31", "READY", "bad_request"),
    ] {
        let error = set(&rig, line, state).await.unwrap_err();
        assert_eq!(error.code, code, "{line} {state}: {error:?}");
        assert!(!error.hint.is_empty(), "{error:?}");
    }
    assert_eq!(asked(&rig, ServiceName::Tenios, CHANGE), 0);
    assert_eq!(asked(&rig, ServiceName::Voicenter, SET_STATUS), 0);
    for account in ["office", "nowhere"] {
        assert!(rig.call(Request::AgentStates { account: account.to_owned() }).await.is_err());
    }
}

#[tokio::test]
async fn a_lost_answer_is_read_back_and_never_asked_again() {
    let rig = rig().await;
    let lost = || Fault::new(FaultKind::LostAnswer).on(ServiceName::Tenios).path(CHANGE).once();
    rig.exchange.faults().set(lost());
    let ready = set(&rig, "voice/31", "READY").await.unwrap();
    assert_eq!(shown(&ready), Some(("READY", AgentMode::Ready)));
    assert_eq!(asked(&rig, ServiceName::Tenios, CHANGE), 1);

    // Taken by nobody, and the answer lost as well: the reading shows the old state, and that is not what was asked for.
    rig.exchange
        .faults()
        .set(Fault::new(FaultKind::HtmlPage { code: 502 }).on(ServiceName::Tenios).path(CHANGE).once());
    let error = set(&rig, "voice/31", "NOT_READY").await.unwrap_err();
    assert_eq!(error.code, "unconfirmed");
    assert_eq!(asked(&rig, ServiceName::Tenios, CHANGE), 2);
    assert!(rig.exchange.tenios().agent("31").unwrap().ready);
}

#[tokio::test]
async fn what_was_taken_and_cannot_be_read_back_is_not_called_done() {
    let rig = rig().await;
    rig.exchange.faults().set(
        Fault::new(FaultKind::Status { code: 500, retry_after: None })
            .on(ServiceName::Tenios)
            .path("/acd/agent-state/retrieve"),
    );
    let error =
        tokio::time::timeout(Duration::from_secs(10), set(&rig, "voice/31", "READY")).await.unwrap().unwrap_err();
    assert_eq!(error.code, "unconfirmed");
    assert!(rig.exchange.tenios().agent("31").unwrap().ready);
    assert_eq!(asked(&rig, ServiceName::Tenios, CHANGE), 1);
}
