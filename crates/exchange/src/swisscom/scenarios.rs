//! The scenarios of the office and how they change.

use std::sync::Mutex;
use std::time::Duration;

use serde_json::{Value, json};

use super::{ScenarioShape, Shared};
use crate::lock::hold;

/// Where a scenario stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScenarioState {
    Inactive,
    Activating,
    Active,
    Deactivating,
    /// Switched by the calendar, later.
    Scheduled,
}

pub(super) struct Scenarios {
    inner: Mutex<Inner>,
}

struct Inner {
    list: Vec<Scenario>,
    healthy: bool,
    changing: Option<Duration>,
}

struct Scenario {
    id: &'static str,
    name: &'static str,
    state: ScenarioState,
    forwardings: Vec<(String, String)>,
    /// Counts orders, so that an order that was overtaken does not come true.
    order: u64,
}

impl Scenarios {
    pub(super) fn new() -> Self {
        Self { inner: Mutex::new(Inner { list: office_scenarios(), healthy: true, changing: None }) }
    }

    pub(super) fn ids_and_names(&self) -> Vec<(String, String)> {
        hold(&self.inner).list.iter().map(|it| (it.id.to_owned(), it.name.to_owned())).collect()
    }

    pub(super) fn state(&self, id: &str) -> Option<ScenarioState> {
        hold(&self.inner).list.iter().find(|it| it.id == id).map(|it| it.state)
    }

    pub(super) fn force(&self, id: &str, state: ScenarioState) -> bool {
        let mut inner = hold(&self.inner);
        let Some(scenario) = inner.list.iter_mut().find(|it| it.id == id) else { return false };
        scenario.order += 1;
        scenario.state = state;
        true
    }

    pub(super) fn healthy(&self) -> bool {
        hold(&self.inner).healthy
    }

    pub(super) fn set_healthy(&self, healthy: bool) {
        hold(&self.inner).healthy = healthy;
    }

    pub(super) fn set_changing(&self, changing: Option<Duration>) {
        hold(&self.inner).changing = changing;
    }

    pub(super) fn all(&self, shape: ScenarioShape) -> Value {
        let all: Vec<Value> = hold(&self.inner).list.iter().map(|it| it.json(shape)).collect();
        match shape {
            ScenarioShape::Array | ScenarioShape::Boolean => Value::Array(all),
            ScenarioShape::Wrapped => json!({"scenarios": all, "count": all.len()}),
        }
    }

    pub(super) fn one(&self, id: &str, shape: ScenarioShape) -> Option<Value> {
        hold(&self.inner).list.iter().find(|it| it.id == id).map(|it| it.json(shape))
    }
}

impl Shared {
    /// Starts a change; it comes true after a while unless another order overtakes it.
    pub(super) fn order(self: &std::sync::Arc<Self>, id: &str, activate: bool, somebody_else: bool) {
        let (order, wait) = {
            let mut inner = hold(&self.scenarios.inner);
            let wait = inner.changing.unwrap_or(self.options.changing);
            let Some(scenario) = inner.list.iter_mut().find(|it| it.id == id) else { return };
            scenario.order += 1;
            scenario.state = match (activate, wait.is_zero()) {
                (true, true) => ScenarioState::Active,
                (true, false) => ScenarioState::Activating,
                (false, true) => ScenarioState::Inactive,
                (false, false) => ScenarioState::Deactivating,
            };
            (scenario.order, wait)
        };
        let (shared, id) = (self.clone(), id.to_owned());
        self.office.spawn(async move {
            tokio::time::sleep(wait).await;
            let mut inner = hold(&shared.scenarios.inner);
            let Some(scenario) = inner.list.iter_mut().find(|it| it.id == id && it.order == order) else { return };
            let wanted = activate != somebody_else;
            scenario.state = if wanted { ScenarioState::Active } else { ScenarioState::Inactive };
        });
    }
}

impl Scenario {
    fn json(&self, shape: ScenarioShape) -> Value {
        let state = match self.state {
            ScenarioState::Inactive => "INACTIVE",
            ScenarioState::Activating => "ACTIVATING",
            ScenarioState::Active => "ACTIVE",
            ScenarioState::Deactivating => "DEACTIVATING",
            ScenarioState::Scheduled => "SCHEDULED",
        };
        let pairs = |from: &str, to: &str| -> Vec<Value> {
            self.forwardings.iter().map(|(number, target)| json!({from: number, to: target})).collect()
        };
        match shape {
            ScenarioShape::Array => {
                json!({"id": self.id, "name": self.name, "state": state, "forwardings": pairs("from", "to")})
            }
            ScenarioShape::Wrapped => json!({
                "scenarioId": self.id,
                "scenarioName": self.name,
                "status": state.to_lowercase(),
                "numbers": pairs("number", "target"),
            }),
            ScenarioShape::Boolean => json!({
                "id": self.id.parse::<u64>().unwrap_or_default(),
                "name": self.name,
                "active": self.state == ScenarioState::Active,
                "rules": pairs("source", "destination"),
            }),
        }
    }
}

fn office_scenarios() -> Vec<Scenario> {
    let scenario = |id, name, state, forwardings| Scenario { id, name, state, forwardings, order: 0 };
    vec![
        scenario("17", "Bern flooded", ScenarioState::Inactive, to_mobiles(61, 12)),
        scenario("18", "Support to Zürich", ScenarioState::Inactive, to_one(22, 6, "+41449900032")),
        scenario("21", "Night service", ScenarioState::Scheduled, to_one(41, 4, "+41790000099")),
        scenario("23", "Company outing", ScenarioState::Inactive, to_one(22, 12, "+41319900080")),
        scenario("29", "Internet outage Zürich", ScenarioState::Inactive, to_mobiles(41, 8)),
        scenario("34", "Reception at lunch", ScenarioState::Active, to_one(80, 1, "+41319900061")),
    ]
}

fn to_mobiles(first: u32, count: u32) -> Vec<(String, String)> {
    (first..first + count).map(|extension| (branch_number(extension), format!("+417900001{extension}"))).collect()
}

fn to_one(first: u32, count: u32, target: &str) -> Vec<(String, String)> {
    (first..first + count).map(|extension| (branch_number(extension), target.to_owned())).collect()
}

fn branch_number(extension: u32) -> String {
    format!("+4131990{extension:04}")
}
