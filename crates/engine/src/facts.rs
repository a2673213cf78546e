//! What was reported of one leg, kept as a set: order of arrival leaves no trace in it.

use ringside_domain::{EndCause, LegStep, Timestamp};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Step {
    Dialing,
    Ringing,
    Connected,
    Ended(EndCause),
}

impl Step {
    /// `None` for a word that is not known.
    pub(crate) fn of(step: LegStep) -> Option<Self> {
        match step {
            LegStep::Dialing => Some(Self::Dialing),
            LegStep::Ringing => Some(Self::Ringing),
            LegStep::Connected => Some(Self::Connected),
            LegStep::Ended(cause) => Some(Self::Ended(cause)),
            LegStep::Other => None,
        }
    }

    /// Orders steps that are said to have happened in the same instant.
    fn rank(self) -> u8 {
        match self {
            Self::Dialing => 0,
            Self::Ringing => 1,
            Self::Connected => 2,
            Self::Ended(cause) => 3 + cause as u8,
        }
    }

    fn is_ring(self) -> bool {
        matches!(self, Self::Dialing | Self::Ringing)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Fact {
    pub at: Timestamp,
    pub step: Step,
}

/// Distinct facts in order of the time they happened, at most [`Facts::MAX`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    sorted: Vec<Fact>,
    /// Attempts that were over and whose facts made room.
    pub forgotten_attempts: u32,
}

impl Facts {
    /// A leg has three to six; an agent in a long queue is rung again and again under one call id.
    pub(crate) const MAX: usize = 32;

    pub(crate) fn as_slice(&self) -> &[Fact] {
        &self.sorted
    }

    /// `false` if it was known already, or there is no room for something of so little weight.
    pub(crate) fn insert(&mut self, fact: Fact) -> bool {
        let place = (fact.at, fact.step.rank());
        let Err(mut index) = self.sorted.binary_search_by(|f| (f.at, f.step.rank()).cmp(&place)) else {
            return false;
        };
        if self.sorted.len() >= Self::MAX {
            if !self.make_room(fact.step) {
                return false;
            }
            index = self.sorted.partition_point(|f| (f.at, f.step.rank()) < place);
        }
        self.sorted.insert(index, fact);
        true
    }

    /// Gives up the oldest attempt that is over, or else a fact that says again what the one before it said.
    fn make_room(&mut self, wanted_for: Step) -> bool {
        let facts = &self.sorted;
        let first_end = facts.iter().position(|f| matches!(f.step, Step::Ended(_)));
        let rung_again = first_end.filter(|end| {
            let answered = facts[..*end].iter().any(|f| f.step == Step::Connected);
            !answered && facts[*end..].iter().any(|f| f.step.is_ring())
        });
        if let Some(end) = rung_again {
            self.sorted.drain(..=end);
            self.forgotten_attempts += 1;
            return true;
        }
        if wanted_for.is_ring() {
            return false;
        }
        let repeated = (1..facts.len()).rev().find(|index| says_again(facts[*index].step, facts[*index - 1].step));
        repeated.is_some_and(|index| {
            self.sorted.remove(index);
            true
        })
    }
}

fn says_again(step: Step, before: Step) -> bool {
    match step {
        Step::Dialing | Step::Ringing => !matches!(before, Step::Ended(_)),
        Step::Connected => before == Step::Connected,
        Step::Ended(_) => matches!(before, Step::Ended(_)),
    }
}
