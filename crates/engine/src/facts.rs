//! What was reported of one leg, kept as a set. Order of arrival leaves one trace in it: an end ends what was told before
//! it, where stamps say otherwise and leave nothing else for it to end. Services stamp with more clocks than one.

use ringside_domain::{EndCause, LegStep, Timestamp};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Step {
    Dialing,
    PickedUp,
    Ringing,
    Connected,
    Ended(EndCause),
}

impl Step {
    /// `None` for a word that is not known.
    pub(crate) fn of(step: LegStep) -> Option<Self> {
        match step {
            LegStep::Dialing => Some(Self::Dialing),
            LegStep::PickedUp => Some(Self::PickedUp),
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
            Self::PickedUp => 1,
            Self::Ringing => 2,
            Self::Connected => 3,
            Self::Ended(cause) => 4 + cause as u8,
        }
    }

    pub(crate) fn is_ring(self) -> bool {
        matches!(self, Self::Dialing | Self::Ringing)
    }

    fn is_end(self) -> bool {
        matches!(self, Self::Ended(_))
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Fact {
    /// When it counts as having happened.
    pub at: Timestamp,
    /// As stamped, by which a repetition is known.
    said: Timestamp,
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

    /// When it counts as having happened; `None` if it was known already, or there is no room for something of so little
    /// weight.
    pub(crate) fn insert(&mut self, said: Timestamp, step: Step) -> Option<Timestamp> {
        if self.sorted.iter().any(|f| f.said == said && f.step == step) {
            return None;
        }
        let at = self.counts_at(said, step);
        if self.sorted.len() >= Self::MAX && !self.make_room(step) {
            return None;
        }
        let index = self.sorted.partition_point(|f| (f.at, f.step.rank()) <= (at, step.rank()));
        self.sorted.insert(index, Fact { at, said, step });
        Some(at)
    }

    /// An end that came after a ring and is stamped before it ends that ring, at its moment at the earliest: unless by the
    /// stamps an earlier attempt waits for its end, which then came late.
    fn counts_at(&self, said: Timestamp, step: Step) -> Timestamp {
        let (before, after) = self.sorted.split_at(self.sorted.partition_point(|f| f.at <= said));
        let Some(last) = after.last().filter(|last| step.is_end() && !last.step.is_end()) else { return said };
        let since_end = before.iter().rposition(|f| f.step.is_end()).map_or(0, |end| end + 1);
        let waiting = &before[since_end..];
        let mut rang = waiting.iter().any(|f| matches!(f.step, Step::Ringing | Step::Connected));
        let ends_earlier = !waiting.is_empty() && after.iter().any(|f| is_another_attempt(&mut rang, f.step));
        if ends_earlier { said } else { last.at }
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

/// Whether a step belongs to another attempt than those before it: a telephone does not begin to ring twice in one.
fn is_another_attempt(rang: &mut bool, step: Step) -> bool {
    match step {
        Step::Dialing | Step::PickedUp => false,
        Step::Ringing => std::mem::replace(rang, true),
        Step::Connected => {
            *rang = true;
            false
        }
        Step::Ended(_) => true,
    }
}

fn says_again(step: Step, before: Step) -> bool {
    match step {
        Step::Dialing | Step::PickedUp | Step::Ringing => !matches!(before, Step::Ended(_)),
        Step::Connected => before == Step::Connected,
        Step::Ended(_) => matches!(before, Step::Ended(_)),
    }
}
