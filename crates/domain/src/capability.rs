//! What an account can do. Callers ask for a capability, never for a vendor's name.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// Lists its extensions.
    Extensions,
    /// Reports what each line is doing.
    LineStates,
    /// Reports live calls.
    LiveCalls,
    /// Places calls.
    Dial,
    /// Reports each step of a call it places.
    DialProgress,
    /// Ends calls it placed, while they are being set up.
    HangUpOwn,
    /// Ends whatever is active on an extension.
    HangUpAny,
    /// Has a record of past calls.
    Journal,
    /// Logs agents in and out.
    AgentState,
    /// Lists and throws forwarding scenarios.
    Scenarios,
    /// Lists numbers.
    Numbers,
    /// Orders numbers.
    NumberOrders,
}

impl Capability {
    pub const ALL: [Self; 12] = [
        Self::Extensions,
        Self::LineStates,
        Self::LiveCalls,
        Self::Dial,
        Self::DialProgress,
        Self::HangUpOwn,
        Self::HangUpAny,
        Self::Journal,
        Self::AgentState,
        Self::Scenarios,
        Self::Numbers,
        Self::NumberOrders,
    ];
}

/// A set of capabilities, in the order of [`Capability::ALL`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct CapabilitySet(u16);

impl CapabilitySet {
    pub fn of(capabilities: &[Capability]) -> Self {
        Self(capabilities.iter().fold(0, |bits, c| bits | 1 << *c as u16))
    }

    pub fn has(self, capability: Capability) -> bool {
        self.0 & 1 << capability as u16 != 0
    }

    pub fn iter(self) -> impl Iterator<Item = Capability> {
        Capability::ALL.into_iter().filter(move |c| self.has(*c))
    }
}
