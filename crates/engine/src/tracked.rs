//! One leg: what others see of it, and what is kept to tell it.

use ringside_domain::{CallerClass, Direction, LegKey, Outcome, Party, Phase, Timestamp};

use crate::course::Course;
use crate::details::DetailTimes;
use crate::facts::Facts;
use crate::outcome;
use crate::policy::Settings;
use crate::shared::later;

/// One party's side of a call, as far as it is known. Times are the provider's where it gave any; they never go
/// backwards from start to ring to answer to end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Leg {
    pub key: LegKey,
    /// `None` while no report said.
    pub direction: Option<Direction>,
    pub phase: Phase,
    pub remote: Party,
    pub our_number: Party,
    pub class: CallerClass,
    /// When its call was first heard of here, which tells it from another one that the service gives the same id later.
    pub began: Timestamp,
    /// The earliest moment anything is known of.
    pub started_at: Timestamp,
    /// When our own telephone was picked up for a call to somebody, who may not have answered yet.
    pub picked_up_at: Option<Timestamp>,
    /// When the current attempt began to ring, where that was seen.
    pub ringing_at: Option<Timestamp>,
    pub answered_at: Option<Timestamp>,
    /// `None` in an ended leg: the end was not seen, and nobody can say when it was.
    pub ended_at: Option<Timestamp>,
    /// `Some` exactly when it has ended.
    pub outcome: Option<Outcome>,
    /// The outcome is inferred; the provider's journal may know better.
    pub provisional: bool,
    /// The link was lost while it lived; it may have changed or ended since.
    pub unverified: bool,
    /// Counts from 1; a group that rings the same phone again under the same call id makes a new attempt.
    pub attempt: u32,
    /// On one of the user's own lines.
    pub mine: bool,
}

impl Leg {
    pub fn is_live(&self) -> bool {
        self.phase != Phase::Ended
    }

    /// It is over, but its end was not seen.
    pub fn end_unknown(&self) -> bool {
        self.phase == Phase::Ended && self.ended_at.is_none()
    }
}

/// We take the leg to be over though nobody said so.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Guess {
    /// When we gave it up.
    pub at: Timestamp,
    /// It was certainly over by then: somebody looked, as when its line was read idle. Else only time went by.
    pub certain: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Tracked {
    pub leg: Leg,
    pub times: DetailTimes,
    pub facts: Facts,
    pub course: Course,
    pub guess: Option<Guess>,
    /// When anything new was last heard of it, by our clock.
    pub last_seen: Timestamp,
    /// The attempt during which the link was lost, unless it was seen alive since.
    pub blind_attempt: Option<u32>,
    /// Since when nobody has vouched for what the leg says, while it is unverified.
    pub blind_since: Option<Timestamp>,
    /// The highest attempt seen, and whether it was too old by then to be shown.
    pub seen_attempt: u32,
    pub old: bool,
}

/// What a change of a leg asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Change {
    pub shown: bool,
    pub written: bool,
    pub closed: bool,
}

impl Tracked {
    pub(crate) fn new(key: LegKey, mine: bool, began: Timestamp, at: Timestamp, now: Timestamp) -> Self {
        let leg = Leg {
            key,
            direction: None,
            phase: Phase::Dialing,
            remote: Party::Unstated,
            our_number: Party::Unstated,
            class: CallerClass::Unknown,
            began,
            started_at: at,
            picked_up_at: None,
            ringing_at: None,
            answered_at: None,
            ended_at: None,
            outcome: None,
            provisional: false,
            unverified: false,
            attempt: 0,
            mine,
        };
        Self {
            leg,
            times: DetailTimes::default(),
            facts: Facts::default(),
            course: Course::default(),
            guess: None,
            last_seen: now,
            blind_attempt: None,
            blind_since: None,
            seen_attempt: 0,
            old: false,
        }
    }

    /// When the leg is taken to be over, unless something is heard of it; `None`: it is over already.
    pub(crate) fn stale_at(&self, settings: &Settings) -> Option<Timestamp> {
        let patience = match self.leg.phase {
            // Whoever picked up may be talking by now, where a service does not tell of the other side's answer.
            Phase::Dialing | Phase::Ringing if self.leg.picked_up_at.is_some() => settings.stale_connected,
            Phase::Dialing | Phase::Ringing => settings.stale_ringing,
            Phase::Connected => settings.stale_connected,
            Phase::Ended => return None,
        };
        Some(later(self.last_seen, patience))
    }

    /// Shows the course in the leg, and says what has changed by it. `details`: what the leg says of its parties
    /// changed already.
    pub(crate) fn show(&mut self, details: bool, now: Timestamp, settings: &Settings) -> Change {
        if !self.course.is_live() {
            // What was reported, or follows from it, says more than our guess.
            self.guess = None;
        }
        if self.course.attempt > self.seen_attempt {
            self.seen_attempt = self.course.attempt;
            self.old = self.course.attempt_at.is_some_and(|at| now.duration_since(at) > settings.max_ring_age);
        }
        let course = &self.course;
        let reported = course.phase.unwrap_or(Phase::Dialing);
        let phase = if self.guess.is_some() { Phase::Ended } else { reported };
        let (outcome, provisional) = match phase {
            Phase::Dialing | Phase::Ringing | Phase::Connected => (None, false),
            Phase::Ended if self.guess.is_some() => (Some(Outcome::Unknown), true),
            Phase::Ended => {
                let (outcome, provisional) =
                    outcome::of_leg(self.leg.direction, course, self.blind_attempt == Some(course.attempt));
                (Some(outcome), provisional)
            }
        };
        let talked = matches!(outcome, None | Some(Outcome::Answered | Outcome::Unknown));
        let answered_at = course.answered_at.filter(|_| talked);
        let ended_at = course.ended_at.filter(|_| self.guess.is_none());

        let leg = &mut self.leg;
        let was_live = leg.attempt == 0 || leg.is_live();
        leg.unverified &= phase != Phase::Ended;
        let before = (leg.phase, leg.ringing_at, leg.answered_at, leg.ended_at);
        let before = (before, leg.outcome, leg.provisional, leg.attempt, leg.picked_up_at);
        let after = (phase, course.ringing_at, answered_at, ended_at);
        let after = (after, outcome, provisional, course.attempt, course.picked_up_at);
        ((leg.phase, leg.ringing_at, leg.answered_at, leg.ended_at), leg.outcome, leg.provisional, leg.attempt, _) =
            after;
        leg.picked_up_at = course.picked_up_at;
        let written = details || before != after;
        Change { shown: written, written, closed: was_live && phase == Phase::Ended }
    }
}
