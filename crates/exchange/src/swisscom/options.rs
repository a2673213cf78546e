//! How the Swisscom subscription of the office is set up, and which of the plausible forms its service has.

use std::time::Duration;

/// The Swisscom subscription of the office.
#[derive(Clone, Debug)]
pub struct SwisscomOptions {
    pub customer_key: String,
    pub customer_secret: String,
    pub token_lifetime: Duration,
    /// The `SCS-Version` that is asked for; `None` takes any or none.
    pub version: Option<String>,
    /// How long a scenario is changing before it is what was asked for.
    pub changing: Duration,
    pub shape: ScenarioShape,
    pub action: ActionBody,
}

/// The vendor's scenario JSON is not public: these are the plausible shapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScenarioShape {
    /// A bare array; `state` as upper-case text.
    Array,
    /// `{"scenarios": […]}`; `scenarioId`, `status` as text.
    Wrapped,
    /// A bare array; numeric `id`, boolean `active`.
    Boolean,
}

/// The body of the PUT is not public either: exactly one form is taken, every other answers 400.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionBody {
    /// `{"action":"activate"|"deactivate"}`
    Action,
    /// `{"active":true|false}`
    Active,
    /// `{"state":"ACTIVE"|"INACTIVE"}`
    State,
    /// The object of the GET with its state changed.
    WholeObject,
}

impl Default for SwisscomOptions {
    fn default() -> Self {
        Self {
            customer_key: "demo-customer-key".into(),
            customer_secret: "demo-customer-secret".into(),
            token_lifetime: Duration::from_secs(3600),
            version: Some("1".into()),
            changing: Duration::from_millis(1500),
            shape: ScenarioShape::Array,
            action: ActionBody::Action,
        }
    }
}
