//! What the user wants to be shown, and when.

use std::collections::HashSet;

use jiff::SignedDuration;
use ringside_domain::{CallerClass, Direction, LineId};

/// When a card comes up, or a record opens.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Trigger {
    /// As soon as it rings, or is being dialled.
    OnRinging,
    OnAnswer,
    /// Only when the user asks for it.
    OnHotkey,
    /// Not even then.
    Never,
}

/// What happens for calls of one direction and one class of caller.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Rule {
    pub pop_up: Trigger,
    /// The customer record, in the browser or wherever it lives.
    pub open_record: Trigger,
}

/// The rules per direction and class of caller.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Policy {
    inbound: [Rule; CallerClass::ALL.len()],
    outbound: [Rule; CallerClass::ALL.len()],
    /// The user asked for quiet: cards come up as strips. [`crate::Input::Quiet`] adds what the desktop noticed.
    pub quiet: bool,
}

impl Policy {
    /// The same rule for every call.
    pub fn uniform(rule: Rule) -> Self {
        let rules = [rule; CallerClass::ALL.len()];
        Self { inbound: rules, outbound: rules, quiet: false }
    }

    /// A leg whose direction is not known is taken as inbound: a card too many is better than a call not seen.
    pub fn rule(&self, direction: Option<Direction>, class: CallerClass) -> Rule {
        match direction {
            Some(Direction::Outbound) => self.outbound[class as usize],
            Some(Direction::Inbound) | None => self.inbound[class as usize],
        }
    }

    pub fn set_rule(&mut self, direction: Direction, class: CallerClass, rule: Rule) {
        match direction {
            Direction::Inbound => self.inbound[class as usize] = rule,
            Direction::Outbound => self.outbound[class as usize] = rule,
        }
    }
}

impl Default for Policy {
    /// Inbound calls show a card while they ring; what one dials oneself shows one when it is answered; records open on
    /// the hotkey.
    fn default() -> Self {
        let inbound = Rule { pop_up: Trigger::OnRinging, open_record: Trigger::OnHotkey };
        let outbound = Rule { pop_up: Trigger::OnAnswer, open_record: Trigger::OnHotkey };
        Self { inbound: [inbound; CallerClass::ALL.len()], outbound: [outbound; CallerClass::ALL.len()], quiet: false }
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settings {
    /// Calls on these lines are mine: they pop up and may be missed. Empty: nothing does.
    pub mine: HashSet<LineId>,
    pub policy: Policy,
    /// A ringing leg that nothing was heard of for so long is closed, its end unknown.
    pub stale_ringing: SignedDuration,
    /// The same for a connected leg.
    pub stale_connected: SignedDuration,
    /// A ring that is older than this when first heard of goes to the history and shows nothing.
    pub max_ring_age: SignedDuration,
    /// A call must have been over for so long before it is called missed: in a hunt group the next phone rings a
    /// moment after the last one stopped.
    pub missed_settle: SignedDuration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            mine: HashSet::new(),
            policy: Policy::default(),
            stale_ringing: SignedDuration::from_mins(5),
            stale_connected: SignedDuration::from_hours(4),
            max_ring_age: SignedDuration::from_secs(60),
            missed_settle: SignedDuration::from_secs(3),
        }
    }
}
