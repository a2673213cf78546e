//! Forwarding scenarios: named sets of numbers with their targets, switched as one.

use crate::{Label, ScenarioId};

/// What a read of the provider said. What somebody asked for is kept elsewhere: asked is not active.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum ScenarioState {
    Active,
    Inactive,
    Changing,
    Scheduled,
    /// The provider's own word, for the details view.
    Unknown(Label),
}

/// One number of a scenario and where it goes. As the provider writes them: they may be ranges or short numbers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Forwarding {
    pub from: Label,
    pub to: Label,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scenario {
    pub id: ScenarioId,
    pub name: Label,
    pub state: ScenarioState,
    /// Empty where the provider does not list them.
    pub forwardings: Vec<Forwarding>,
}
