//! Scenarios: asked is not active, and only a fresh reading confirms.

use ringside_api::view::{ScenarioResult, ScenarioView};
use ringside_api::{ApiEvent, Reply, Request};
use ringside_exchange::{Fault, FaultKind, ScenarioState, ServiceName};

use crate::rig::Rig;

async fn first_inactive(rig: &Rig) -> ScenarioView {
    rig.snapshot().await.scenarios.into_iter().find(|s| s.state == "inactive").expect("a scenario that is off")
}

fn switch(scenario: &ScenarioView, active: bool) -> Request {
    Request::SetScenario { account: scenario.account.clone(), id: scenario.id.clone(), active, ends_at: None }
}

async fn until(rig: &mut Rig, id: &str, result: ScenarioResult) -> ScenarioView {
    rig.event(&format!("{result:?}"), |event| match event {
        ApiEvent::Scenario { scenario }
            if scenario.id == id && scenario.asked.as_ref().is_some_and(|asked| asked.result == result) =>
        {
            Some(scenario.clone())
        }
        _ => None,
    })
    .await
}

#[tokio::test]
async fn a_switch_is_confirmed_by_reading_it_back() {
    let mut rig = Rig::start().await;
    let scenario = first_inactive(&rig).await;
    rig.call(switch(&scenario, true)).await.unwrap();
    let confirmed = until(&mut rig, &scenario.id, ScenarioResult::Confirmed).await;
    assert_eq!(confirmed.state, "active");
    let path = format!("/SEP/Scenarios/{}", scenario.id);
    let puts = rig.exchange.tape().count(|r| r.method == "PUT" && r.path.ends_with(&path));
    assert_eq!(puts, 1);
}

#[tokio::test]
async fn a_lost_answer_is_read_back_and_never_sent_again() {
    let mut rig = Rig::start().await;
    let scenario = first_inactive(&rig).await;
    rig.exchange.faults().set(Fault::new(FaultKind::LostAnswer).on(ServiceName::Swisscom).method("PUT").once());
    rig.call(switch(&scenario, true)).await.unwrap();
    until(&mut rig, &scenario.id, ScenarioResult::Confirmed).await;
    assert_eq!(rig.exchange.tape().count(|r| r.method == "PUT"), 1);
}

#[tokio::test]
async fn what_somebody_else_changed_meanwhile_is_shown_and_not_overwritten() {
    let mut rig = Rig::start().await;
    let scenario = first_inactive(&rig).await;
    rig.call(switch(&scenario, true)).await.unwrap();
    let on = until(&mut rig, &scenario.id, ScenarioResult::Confirmed).await;
    rig.exchange.scenario(&scenario.id).force_state(ScenarioState::Inactive);
    // Off is what the user wants, and off it is already: nothing is to be sent.
    rig.call(switch(&on, false)).await.unwrap();
    until(&mut rig, &scenario.id, ScenarioResult::Confirmed).await;
    assert_eq!(rig.exchange.tape().count(|r| r.method == "PUT"), 1);
}

#[tokio::test]
async fn drift_from_what_was_confirmed_raises_an_alarm() {
    let mut rig = Rig::start().await;
    let scenario = first_inactive(&rig).await;
    rig.call(switch(&scenario, true)).await.unwrap();
    until(&mut rig, &scenario.id, ScenarioResult::Confirmed).await;
    rig.exchange.scenario(&scenario.id).force_state(ScenarioState::Inactive);
    rig.call(Request::RefreshScenarios { account: None }).await.unwrap();
    let shown = rig.eventually("drift", |s| s.scenarios.iter().any(|v| v.id == scenario.id && v.drift)).await;
    assert!(shown.notices.iter().any(|n| n.problem.code == "scenario_drift"));
    // It is right as it is.
    let accept = Request::AcceptScenario { account: scenario.account.clone(), id: scenario.id.clone() };
    let Ok(Reply::Scenario { scenario: accepted }) = rig.call(accept).await else { panic!("not accepted") };
    assert!(!accepted.drift && accepted.asked.is_none());
    rig.call(Request::RefreshScenarios { account: None }).await.unwrap();
    let shown = rig.snapshot().await;
    assert!(!shown.scenarios.iter().any(|view| view.drift));
    assert!(!shown.notices.iter().any(|n| n.problem.code == "scenario_drift"));
    assert_eq!(rig.exchange.tape().count(|r| r.method == "PUT"), 1, "nothing was sent for it");
}
