//! Scenarios, as last read.

mod support;

use ringside_domain::{Event, Label, LinkPhase, Scenario, ScenarioState};
use ringside_engine::{Effect, Input, LastKnown};
use support::*;

fn scenario(id: &str, state: ScenarioState) -> Scenario {
    Scenario { id: id.into(), name: Label::new("Office flood"), state, forwardings: Vec::new() }
}

fn changed(id: &str) -> Effect {
    Effect::ScenarioChanged { account: office(), scenario: id.into() }
}

#[test]
fn a_list_says_what_came_went_and_changed() {
    use ScenarioState::{Active, Inactive};
    let replaced = Effect::ScenariosReplaced(office());
    let mut desk = Desk::new(&[]);
    let list = |states: &[(&str, ScenarioState)]| {
        Event::Scenarios(states.iter().map(|(id, state)| scenario(id, state.clone())).collect())
    };
    let first = desk.event(0, list(&[("1", Inactive), ("2", Inactive)]));
    assert_eq!(first, [changed("1"), changed("2"), replaced.clone()]);
    let again = desk.event(9, list(&[("1", Inactive), ("2", Inactive)]));
    assert_eq!(again, std::slice::from_ref(&replaced));
    assert_eq!(desk.state.scenarios(&office())[0].read_at, t(9));
    let next = desk.event(20, list(&[("2", Active), ("3", Inactive)]));
    assert_eq!(next, [changed("2"), changed("3"), changed("1"), replaced]);
}

#[test]
fn one_that_is_read_back_takes_its_place_and_is_fresh() {
    let mut desk = Desk::new(&[]);
    let both = vec![scenario("1", ScenarioState::Inactive), scenario("2", ScenarioState::Inactive)];
    let known = LastKnown { scenarios: both, ..LastKnown::default() };
    desk.state.restore(&office(), known, t(0));
    assert_eq!(desk.event(5, Event::Scenario(scenario("1", ScenarioState::Active))), [changed("1")]);
    let readings = desk.state.scenarios(&office());
    assert_eq!(readings[0].scenario.state, ScenarioState::Active);
    assert_eq!([readings[0].stale_since, readings[1].stale_since], [None, Some(t(0))]);
}

#[test]
fn what_was_read_is_old_once_the_link_is_lost() {
    let mut desk = Desk::new(&[]);
    desk.event(0, Event::Scenarios(vec![scenario("1", ScenarioState::Active)]));
    assert!(desk.link(9, LinkPhase::Offline).contains(&Effect::ScenariosReplaced(office())));
    assert_eq!(desk.state.scenarios(&office())[0].stale_since, Some(t(9)));
}

#[test]
fn an_account_that_is_removed_takes_its_scenarios_along() {
    let mut desk = Desk::new(&[]);
    desk.event(0, Event::Scenarios(vec![scenario("1", ScenarioState::Active)]));
    let effects = desk.input(9, Input::AccountRemoved(office()));
    assert!(effects.contains(&changed("1")), "{effects:?}");
    assert!(desk.state.scenarios(&office()).is_empty());
}
