//! The course of a leg: its facts and its siblings' answers, told in the order in which they happened.

use ringside_domain::{EndCause, Phase, Timestamp};

use crate::facts::{Fact, Facts, Step};

/// How an attempt came to its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum End {
    Reported(EndCause),
    /// A sibling answered; nobody has reported the end of this one yet.
    Lost,
    /// A sibling answered, and this one's end was reported.
    LostAndReported,
}

/// Where a leg stands after everything that is known. `phase` is `None` while nothing is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Course {
    pub phase: Option<Phase>,
    pub attempt: u32,
    /// Start of the current attempt.
    pub attempt_at: Option<Timestamp>,
    /// Our own telephone was picked up for a call to somebody.
    pub picked_up_at: Option<Timestamp>,
    pub ringing_at: Option<Timestamp>,
    pub answered_at: Option<Timestamp>,
    /// The answer by which siblings lose: seen while it rang, not concluded afterwards.
    pub answer: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub end: Option<End>,
    /// The current attempt was seen ringing, not only ending.
    pub rang: bool,
    /// A sibling answered before anything was known of this leg.
    taken_before: bool,
}

impl Course {
    /// `answers`: when siblings of the same direction were answered, in order.
    pub(crate) fn of(facts: &Facts, answers: &[Timestamp]) -> Self {
        let mut course = Self { attempt: facts.forgotten_attempts, ..Self::default() };
        let mut answers = answers.iter().copied().peekable();
        for fact in facts.as_slice() {
            while let Some(at) = answers.next_if(|at| *at < fact.at) {
                course.sibling_answered(at);
            }
            course.take(*fact);
        }
        answers.for_each(|at| course.sibling_answered(at));
        course
    }

    pub(crate) fn is_live(&self) -> bool {
        self.phase.is_some_and(|phase| phase != Phase::Ended)
    }

    fn take(&mut self, fact: Fact) {
        match fact.step {
            Step::Dialing => self.ring(fact.at, Phase::Dialing),
            Step::PickedUp => self.pick_up(fact.at),
            Step::Ringing => self.ring(fact.at, Phase::Ringing),
            Step::Connected => self.connect(fact.at),
            Step::Ended(cause) => self.finish(fact.at, cause),
        }
    }

    fn begin(&mut self, at: Timestamp, phase: Phase) {
        self.attempt += 1;
        self.phase = Some(phase);
        self.attempt_at = Some(at);
        self.picked_up_at = None;
        self.ringing_at = None;
        self.answered_at = None;
        self.ended_at = None;
        self.end = None;
        self.rang = false;
    }

    /// The other side is yet to answer: nobody talks.
    fn pick_up(&mut self, at: Timestamp) {
        match self.phase {
            None => self.begin(at, Phase::Dialing),
            Some(Phase::Dialing | Phase::Ringing) => {}
            Some(Phase::Connected | Phase::Ended) => return,
        }
        self.rang = true;
        self.picked_up_at.get_or_insert(at);
    }

    fn ring(&mut self, at: Timestamp, phase: Phase) {
        match self.phase {
            None => self.begin(at, phase),
            Some(Phase::Dialing) => self.phase = Some(phase),
            // Ordinary in click-to-dial, where our own side answers before the other one is dialled.
            Some(Phase::Ringing | Phase::Connected) => return,
            Some(Phase::Ended) if self.may_ring_again() => self.begin(at, phase),
            Some(Phase::Ended) => return,
        }
        self.rang = true;
        if phase == Phase::Ringing {
            self.ringing_at = Some(at);
        }
    }

    /// A group rings the same phone again under the same call id; after a refusal or a talk it does not. The facts are
    /// in order: a ring that is told after the end is of a later moment.
    pub(crate) fn may_ring_again(&self) -> bool {
        let taken_away = match self.end {
            Some(End::Lost | End::LostAndReported) => true,
            Some(End::Reported(cause)) => is_soft(cause) || cause == EndCause::AnsweredElsewhere,
            None => false,
        };
        taken_away && self.answered_at.is_none()
    }

    fn connect(&mut self, at: Timestamp) {
        match (self.phase, self.end) {
            (None, _) => {
                self.begin(at, Phase::Connected);
                self.answer(at);
            }
            (Some(Phase::Dialing | Phase::Ringing), _) => self.answer(at),
            // That it lost was our inference, and it was wrong.
            (Some(Phase::Ended), Some(End::Lost)) => self.answer(at),
            // Late, and stamped late: it stays ended, but it had been answered.
            (Some(Phase::Ended), Some(End::Reported(EndCause::Normal))) if self.answered_at.is_none() => {
                self.answered_at = self.ended_at;
            }
            (Some(Phase::Connected | Phase::Ended), _) => {}
        }
    }

    fn answer(&mut self, at: Timestamp) {
        self.phase = Some(Phase::Connected);
        self.answered_at = Some(at);
        self.answer = Some(at);
        self.ended_at = None;
        self.end = None;
    }

    fn finish(&mut self, at: Timestamp, cause: EndCause) {
        match (self.phase, self.end) {
            (None, _) => {
                self.begin(at, Phase::Ended);
                self.ended_at = Some(at);
                let lost = self.taken_before && cause == EndCause::Cancelled;
                self.end = Some(if lost { End::LostAndReported } else { End::Reported(cause) });
            }
            (Some(Phase::Dialing | Phase::Ringing | Phase::Connected), _) => {
                self.phase = Some(Phase::Ended);
                self.ended_at = Some(at);
                self.end = Some(End::Reported(cause));
            }
            (Some(Phase::Ended), Some(End::Lost)) => self.end = Some(End::LostAndReported),
            // The first end counts; a second one may still say why.
            (Some(Phase::Ended), Some(End::Reported(EndCause::Normal))) if self.answered_at.is_none() => {
                self.end = Some(End::Reported(cause));
            }
            (Some(Phase::Ended), _) => {}
        }
    }

    fn sibling_answered(&mut self, at: Timestamp) {
        match self.phase {
            None => self.taken_before = true,
            Some(Phase::Dialing | Phase::Ringing) => {
                self.phase = Some(Phase::Ended);
                self.ended_at = Some(at);
                self.end = Some(End::Lost);
            }
            Some(Phase::Connected) => {}
            Some(Phase::Ended) => {
                let Some(End::Reported(cause)) = self.end else { return };
                // A hang-up without a ring and without a cause may have been a talk.
                let lost = self.rang && is_soft(cause) || cause == EndCause::Cancelled;
                if self.answered_at.is_none() && lost {
                    self.end = Some(End::LostAndReported);
                }
            }
        }
    }
}

/// Ends that say "nobody took it", but not who decided so.
fn is_soft(cause: EndCause) -> bool {
    match cause {
        EndCause::Normal | EndCause::Cancelled | EndCause::Timeout => true,
        EndCause::Busy | EndCause::Rejected | EndCause::AnsweredElsewhere | EndCause::Failed => false,
    }
}
