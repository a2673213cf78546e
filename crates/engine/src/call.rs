//! A call: the legs that share one call id.

use ringside_domain::{AccountId, CallId, Direction, ExtensionId, LegKey, Outcome, Timestamp};

use crate::course::Course;
use crate::effect::Effect;
use crate::outcome;
use crate::popup::{self, Card};
use crate::shared::{Shared, later};
use crate::tracked::{Change, Leg, Tracked};

/// What the user calls one call, whosever phones it rings.
#[derive(Clone, Debug)]
pub struct Call {
    account: AccountId,
    id: CallId,
    /// When it was first heard of here.
    pub(crate) began: Timestamp,
    pub(crate) legs: Vec<Tracked>,
    pub(crate) card: Option<Card>,
    pub(crate) missed: Missed,
    /// Since when all legs are over, and how many there were when that was last counted.
    pub(crate) resting: Option<Timestamp>,
    pub(crate) resting_legs: usize,
}

/// Whether my call was missed, and whether I was told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Missed {
    No,
    /// It looks missed; say so at this time.
    Perhaps(Timestamp),
    /// I was told so of the leg at this place.
    Told(usize),
    Withdrawn,
}

impl Call {
    pub(crate) fn new(account: AccountId, id: CallId, began: Timestamp) -> Self {
        Self { account, id, began, legs: Vec::new(), card: None, missed: Missed::No, resting: None, resting_legs: 0 }
    }

    pub fn account(&self) -> &AccountId {
        &self.account
    }

    pub fn id(&self) -> &CallId {
        &self.id
    }

    pub fn legs(&self) -> impl Iterator<Item = &Leg> {
        self.legs.iter().map(|tracked| &tracked.leg)
    }

    pub fn leg(&self, extension: &ExtensionId) -> Option<&Leg> {
        self.legs().find(|leg| leg.key.extension == *extension)
    }

    /// Since when nobody has vouched for what a leg says; `None` for one that is as it says, or over.
    pub fn unverified_since(&self, extension: &ExtensionId) -> Option<Timestamp> {
        let tracked = &self.legs[self.position(extension)?];
        tracked.blind_since.filter(|_| tracked.leg.unverified)
    }

    pub fn is_live(&self) -> bool {
        self.legs().any(Leg::is_live)
    }

    /// How the interaction came out, all legs taken together; `None` while nobody has answered and it still lives.
    pub fn outcome(&self) -> Option<Outcome> {
        outcome::of_call(self.legs())
    }

    pub(crate) fn position(&self, extension: &ExtensionId) -> Option<usize> {
        self.legs.iter().position(|tracked| tracked.leg.key.extension == *extension)
    }

    pub(crate) fn key(&self, extension: ExtensionId) -> LegKey {
        LegKey { account: self.account.clone(), call: self.id.clone(), extension }
    }

    /// Takes the leg's course anew, and its siblings' where its answer bears on them. `details`: what the leg says of
    /// its parties changed already. Returns whether one of my legs changed.
    pub(crate) fn retell(
        &mut self,
        index: usize,
        details: bool,
        now: Timestamp,
        shared: &mut Shared,
        out: &mut Vec<Effect>,
    ) -> bool {
        let answers = &mut shared.answers;
        let bears = retell_one(&mut self.legs, index, answers) || details && self.legs[index].course.answer.is_some();
        let among_siblings = bears && self.legs.len() > 1;
        if among_siblings {
            // An answer bears only on what comes after it, so that each round settles at least the next answer.
            while (0..self.legs.len()).fold(false, |any, leg| retell_one(&mut self.legs, leg, answers) | any) {}
        }
        let touched = if among_siblings { 0..self.legs.len() } else { index..index + 1 };
        let mut mine_changed = false;
        for leg in touched {
            let tracked = &mut self.legs[leg];
            let change = tracked.show(details && leg == index, now, &shared.settings);
            tell(&tracked.leg, change, out);
            mine_changed |= tracked.leg.mine && change.shown;
            let stale_at = tracked.stale_at(&shared.settings);
            stale_at.into_iter().for_each(|at| shared.arm(at));
        }
        mine_changed
    }

    /// What follows for the call as a whole after any of its legs changed.
    pub(crate) fn follow_up(&mut self, mine_changed: bool, now: Timestamp, shared: &mut Shared, out: &mut Vec<Effect>) {
        popup::consider(self, mine_changed, shared, out);
        let live = self.is_live();
        self.consider_missed(now, shared, out);
        shared.rest(self, live, now);
    }

    fn consider_missed(&mut self, now: Timestamp, shared: &mut Shared, out: &mut Vec<Effect>) {
        // The caller's own leg does not count: somebody may go on to talk to the voice mail.
        let live = self.legs().any(|leg| leg.is_live() && leg.direction != Some(Direction::Outbound));
        match self.missed {
            Missed::No if !live && self.missed_leg().is_some() => {
                let at = later(now, shared.settings.missed_settle);
                self.missed = Missed::Perhaps(at);
                shared.arm(at);
            }
            Missed::Perhaps(_) if live || self.missed_leg().is_none() => self.missed = Missed::No,
            Missed::Told(index) => {
                let leg = &self.legs[index].leg;
                if matches!(leg.outcome, Some(Outcome::Answered | Outcome::AnsweredElsewhere)) {
                    out.push(Effect::MissedWithdrawn(leg.key.clone()));
                    self.missed = Missed::Withdrawn;
                }
            }
            Missed::No | Missed::Perhaps(_) | Missed::Withdrawn => {}
        }
    }

    /// My leg that nobody took, unless I refused the call on another of my lines, or it is old news.
    pub(crate) fn missed_leg(&self) -> Option<usize> {
        let refused = self.legs().any(|leg| leg.mine && leg.outcome == Some(Outcome::Rejected));
        let is_missed = |tracked: &Tracked| {
            let leg = &tracked.leg;
            leg.mine
                && !tracked.old
                && leg.outcome == Some(Outcome::Missed)
                && leg.direction == Some(Direction::Inbound)
        };
        self.legs.iter().position(is_missed).filter(|_| !refused)
    }
}

/// Takes one leg's course from its facts and its siblings' answers. Returns whether its own answer is another now.
fn retell_one(legs: &mut [Tracked], index: usize, answers: &mut Vec<Timestamp>) -> bool {
    answers.clear();
    if let Some(direction) = legs[index].leg.direction {
        let siblings = legs.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, sibling)| sibling);
        let siblings = siblings.filter(|sibling| sibling.leg.direction == Some(direction));
        answers.extend(siblings.filter_map(|sibling| sibling.course.answer));
        answers.sort_unstable();
    }
    let course = Course::of(&legs[index].facts, answers);
    let before = std::mem::replace(&mut legs[index].course, course);
    before.answer != course.answer
}

pub(crate) fn tell(leg: &Leg, change: Change, out: &mut Vec<Effect>) {
    if change.written {
        out.push(Effect::WriteLeg(leg.key.clone()));
    }
    if change.closed {
        out.push(Effect::LegClosed(leg.key.clone()));
    } else if change.shown {
        out.push(Effect::LegChanged(leg.key.clone()));
    }
}
