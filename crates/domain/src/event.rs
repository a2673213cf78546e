//! What happens, in our own words: the only thing that crosses from a provider into the engine.

use crate::{AccountId, Extension, LegUpdate, LineUpdate, LinkState, Scenario, Timestamp};

/// Something a provider reported, or the link to it did. All belong to one account, named beside the event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event {
    Link(LinkState),
    /// The whole list; extensions that are not in it no longer exist.
    Extensions(Vec<Extension>),
    /// A full reading of all lines at one moment; lines that are not in it are unknown.
    Lines(Vec<LineUpdate>),
    Line(LineUpdate),
    Leg(LegUpdate),
    /// The whole list, freshly read.
    Scenarios(Vec<Scenario>),
    /// One scenario, freshly read.
    Scenario(Scenario),
    /// Events were lost and cannot be had again.
    Gap(Gap),
}

/// A time in which a provider's events did not reach us and will not be replayed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gap {
    pub account: AccountId,
    pub from: Timestamp,
    pub until: Timestamp,
}
