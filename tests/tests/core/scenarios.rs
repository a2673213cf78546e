//! Throwing forwarding scenarios: only what a reading showed is ever said.

use std::time::Duration;

use ringside_api::view::{ScenarioResult, ScenarioView};
use ringside_api::{ApiError, Reply, Request};
use ringside_exchange::{Exchange, Fault, FaultKind, Options, ScenarioState, ServiceName, SwisscomOptions};
use ringside_tests::rig::{self, Rig};
use tokio::time::Instant;

const BERN: &str = "17";

async fn ready(changing: Duration) -> (Exchange, Rig) {
    let swisscom = SwisscomOptions { changing, ..SwisscomOptions::default() };
    let exchange = Exchange::start(Options { swisscom, ..Options::quiet() }).await.unwrap();
    let rig = rig::start(&exchange).await;
    rig.online("forwarding").await;
    rig.scenario("the scenario", BERN, |one| one.state == "inactive").await;
    (exchange, rig)
}

async fn set(rig: &Rig, active: bool) -> Result<ScenarioView, ApiError> {
    let request = Request::SetScenario { account: "forwarding".into(), id: BERN.into(), active, ends_at: None };
    match rig.call(request).await? {
        Reply::Scenario { scenario } => Ok(scenario),
        other => panic!("{other:?}"),
    }
}

async fn result(rig: &Rig, wanted: ScenarioResult) -> ScenarioView {
    let what = format!("{wanted:?}");
    rig.scenario(&what, BERN, |one| one.asked.as_ref().is_some_and(|asked| asked.result == wanted)).await
}

fn puts(exchange: &Exchange) -> usize {
    exchange.tape().count(|it| it.service == ServiceName::Swisscom && it.method == "PUT")
}

fn on_put(what: FaultKind) -> Fault {
    Fault::new(what).on(ServiceName::Swisscom).method("PUT")
}

#[tokio::test]
async fn what_goes_where_is_known_before_it_is_thrown_and_confirmed_by_reading_back() {
    let (exchange, rig) = ready(Duration::from_millis(400)).await;
    let before = rig.scenario("Bern", BERN, |_| true).await;
    assert_eq!((before.name.as_deref(), before.forwardings.len()), (Some("Bern flooded"), 12));
    assert!(before.unverified_live, "nobody has seen the write path work against the live service");
    let asked = set(&rig, true).await.unwrap();
    assert_eq!(asked.asked.unwrap().result, ScenarioResult::Requested);
    assert_ne!(asked.state, "active", "requested is not active");
    let done = result(&rig, ScenarioResult::Confirmed).await;
    assert_eq!(done.state, "active");
    assert_eq!(done.asked.unwrap().by, "tester");
    assert_eq!(exchange.scenario(BERN).state(), Some(ScenarioState::Active));
    assert_eq!(puts(&exchange), 1);
    assert!(exchange.tape().requests().iter().any(|it| it.method == "PUT" && it.header("scs-version").is_some()));
}

#[tokio::test]
async fn a_switch_that_changes_nothing_is_accepted_and_not_confirmed() {
    let (exchange, rig) = ready(Duration::ZERO).await;
    exchange.faults().set(on_put(FaultKind::Unchanged));
    set(&rig, true).await.unwrap();
    let view = result(&rig, ScenarioResult::AcceptedNotConfirmed).await;
    assert_eq!(view.state, "inactive", "only what was read is shown");
    assert_eq!(puts(&exchange), 1);
}

#[tokio::test]
async fn a_lost_answer_is_read_back_and_never_sent_again() {
    let (exchange, rig) = ready(Duration::ZERO).await;
    exchange.faults().set(on_put(FaultKind::LostAnswer).once());
    let began = Instant::now();
    set(&rig, true).await.unwrap();
    let view = result(&rig, ScenarioResult::Confirmed).await;
    assert!(began.elapsed() <= Duration::from_secs(4), "{:?}", began.elapsed());
    assert_eq!(view.state, "active");
    assert_eq!(puts(&exchange), 1);
}

#[tokio::test]
async fn a_lost_request_ends_as_not_done() {
    let (exchange, rig) = ready(Duration::ZERO).await;
    exchange.faults().set(on_put(FaultKind::Status { code: 503, retry_after: None }));
    set(&rig, true).await.unwrap();
    let view = rig
        .scenario("an end", BERN, |one| {
            one.asked.as_ref().is_some_and(|it| {
                matches!(
                    it.result,
                    ScenarioResult::Failed | ScenarioResult::AcceptedNotConfirmed | ScenarioResult::Checking
                ) && it.problem.is_some()
            })
        })
        .await;
    assert_eq!(view.state, "inactive");
    assert_eq!(puts(&exchange), 1, "a PUT that redirects calls is never repeated");
}

#[tokio::test]
async fn a_token_without_the_right_is_said_and_nothing_changes() {
    let (exchange, rig) = ready(Duration::ZERO).await;
    exchange.faults().set(on_put(FaultKind::Status { code: 403, retry_after: None }));
    set(&rig, true).await.unwrap();
    let view = result(&rig, ScenarioResult::Failed).await;
    let problem = view.asked.unwrap().problem.unwrap();
    assert_eq!(problem.code, "forbidden", "{problem:?}");
    assert_eq!(view.state, "inactive");
}

#[tokio::test]
async fn somebody_elses_change_is_a_conflict_and_is_not_overwritten() {
    let (exchange, rig) = ready(Duration::ZERO).await;
    // Somebody switches it on in the Business Center after we looked.
    exchange.scenario(BERN).force_state(ScenarioState::Active);
    set(&rig, true).await.unwrap();
    let view = rig
        .scenario("an end", BERN, |one| {
            one.asked
                .as_ref()
                .is_some_and(|it| matches!(it.result, ScenarioResult::Conflict | ScenarioResult::Confirmed))
        })
        .await;
    assert_eq!(view.state, "active", "what is true is shown");
    assert_eq!(puts(&exchange), 0, "nothing was sent over it");
}

#[tokio::test]
async fn a_confirmed_scenario_that_somebody_turns_back_alarms() {
    let (exchange, rig) = ready(Duration::ZERO).await;
    set(&rig, true).await.unwrap();
    result(&rig, ScenarioResult::Confirmed).await;
    exchange.scenario(BERN).force_state(ScenarioState::Inactive);
    rig.call(Request::RefreshScenarios { account: Some("forwarding".into()) }).await.unwrap();
    rig.scenario("drift", BERN, |one| one.drift && one.state == "inactive").await;
    rig.notice("scenario_drift").await;
}

#[tokio::test]
async fn of_two_intentions_the_last_wins() {
    let (exchange, rig) = ready(Duration::ZERO).await;
    set(&rig, true).await.unwrap();
    set(&rig, false).await.unwrap();
    rig.scenario("the last wish", BERN, |one| {
        one.asked.as_ref().is_some_and(|it| !it.active && it.result == ScenarioResult::Confirmed)
            && one.state == "inactive"
    })
    .await;
    assert_eq!(exchange.scenario(BERN).state(), Some(ScenarioState::Inactive));
}

#[tokio::test]
async fn a_scenario_ends_by_itself_when_asked_to() {
    let (exchange, rig) = ready(Duration::ZERO).await;
    let ends_at = Some(rig.snapshot().await.now + 1_500);
    let request = Request::SetScenario { account: "forwarding".into(), id: BERN.into(), active: true, ends_at };
    rig.call(request).await.unwrap();
    result(&rig, ScenarioResult::Confirmed).await;
    rig.scenario("the end", BERN, |one| one.state == "inactive" && one.ends_at.is_none()).await;
    assert_eq!(exchange.scenario(BERN).state(), Some(ScenarioState::Inactive));
    assert_eq!(puts(&exchange), 2);
}

#[tokio::test]
async fn the_gateways_refusals_reach_the_account() {
    let exchange = Exchange::start(Options::quiet()).await.unwrap();
    exchange.swisscom().set_approved(false);
    let rig = rig::start(&exchange).await;
    let view = rig
        .until("a reason", |it| {
            it.accounts.iter().find(|view| view.id == "forwarding" && view.link.reason.is_some()).cloned()
        })
        .await;
    let reason = view.link.reason.unwrap();
    assert!(["sign_in_refused", "forbidden"].contains(&reason.code.as_str()), "{reason:?}");
    assert!(!reason.hint.is_empty());
}

#[tokio::test]
async fn a_switch_that_somebody_undoes_at_once_is_never_called_confirmed_for_long() {
    let (exchange, rig) = ready(Duration::ZERO).await;
    exchange.faults().set(on_put(FaultKind::ChangedBySomeoneElse));
    set(&rig, true).await.unwrap();
    let view = rig
        .scenario("what became of it", BERN, |one| {
            one.asked.as_ref().is_some_and(|it| it.result != ScenarioResult::Requested) && one.state == "inactive"
        })
        .await;
    let result = view.asked.as_ref().unwrap().result;
    let told = matches!(result, ScenarioResult::AcceptedNotConfirmed | ScenarioResult::Conflict) || view.drift;
    assert!(told, "{view:#?}");
    assert_eq!(exchange.scenario(BERN).state(), Some(ScenarioState::Inactive));
    assert_eq!(puts(&exchange), 1, "and it is not fought over");
}

#[tokio::test]
async fn an_expired_token_costs_a_new_one_and_the_switch_goes_through_once() {
    let (exchange, rig) = ready(Duration::ZERO).await;
    exchange.swisscom().expire_tokens();
    set(&rig, true).await.unwrap();
    result(&rig, ScenarioResult::Confirmed).await;
    assert_eq!(exchange.scenario(BERN).state(), Some(ScenarioState::Active));
    let taken =
        exchange.tape().count(|it| it.service == ServiceName::Swisscom && it.method == "PUT" && it.status == Some(200));
    assert_eq!(taken, 1);
}

#[tokio::test]
async fn a_gateway_that_answers_nonsense_is_named_and_the_last_reading_stays_as_old() {
    for what in [FaultKind::MalformedJson, FaultKind::HtmlInsteadOfJson, FaultKind::TruncatedBody { bytes: 30 }] {
        let (exchange, rig) = ready(Duration::ZERO).await;
        exchange.faults().set(Fault::new(what.clone()).on(ServiceName::Swisscom));
        let refused = rig.call(Request::RefreshScenarios { account: Some("forwarding".into()) }).await.unwrap_err();
        assert!(["bad_answer", "unreachable"].contains(&refused.code.as_str()), "{what:?}: {refused:?}");
        let view = rig.scenario("Bern", BERN, |_| true).await;
        assert_eq!((view.name.as_deref(), view.state.as_str()), (Some("Bern flooded"), "inactive"), "{what:?}");
    }
}

#[tokio::test]
async fn scenarios_go_with_their_account() {
    let (_exchange, rig) = ready(Duration::ZERO).await;
    set(&rig, true).await.unwrap();
    result(&rig, ScenarioResult::Confirmed).await;
    rig.call(Request::RemoveAccount { id: "forwarding".into() }).await.unwrap();
    assert!(rig.snapshot().await.scenarios.is_empty());
    rig.event("windows are told", |event| match event {
        ringside_api::ApiEvent::ScenarioGone { account, id } => (account == "forwarding" && id == BERN).then_some(()),
        _ => None,
    })
    .await;
}
