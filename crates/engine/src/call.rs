//! A call: the legs that share one call id.

use ringside_domain::{AccountId, CallId, ExtensionId, LegKey, Outcome, Phase, Timestamp};

use crate::effect::Effect;
use crate::outcome;
use crate::popup::{self, Card};
use crate::shared::Shared;
use crate::tracked::{Change, Leg, Tracked};

/// What the user calls one call, whosever phones it rings.
#[derive(Clone, Debug)]
pub struct Call {
    account: AccountId,
    id: CallId,
    pub(crate) legs: Vec<Tracked>,
    pub(crate) card: Option<Card>,
    pub(crate) missed: Missed,
    /// One of my legs is connected.
    pub(crate) talking: bool,
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
    pub(crate) fn new(account: AccountId, id: CallId) -> Self {
        Self {
            account,
            id,
            legs: Vec::new(),
            card: None,
            missed: Missed::No,
            talking: false,
            resting: None,
            resting_legs: 0,
        }
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

    /// Takes the leg's course anew, and its siblings' where its answer bears on them. Returns whether one of my legs
    /// changed.
    pub(crate) fn retell(
        &mut self,
        index: usize,
        details: bool,
        now: Timestamp,
        shared: &mut Shared,
        out: &mut Vec<Effect>,
    ) -> bool {
        if self.legs.len() == 1 {
            let tracked = &mut self.legs[0];
            let change = tracked.retell(&[], details, now, &shared.settings);
            tracked.answer = tracked.course.answered_at;
            tell(&tracked.leg, change, out);
            return tracked.leg.mine && change.shown;
        }
        let answers = &mut shared.answers;
        let mut mine_changed = false;
        let mut retell_one = |legs: &mut [Tracked], index: usize, details: bool, out: &mut Vec<Effect>| {
            sibling_answers(legs, index, answers);
            let tracked = &mut legs[index];
            let change = tracked.retell(answers, details, now, &shared.settings);
            tell(&tracked.leg, change, out);
            mine_changed |= tracked.leg.mine && change.shown;
        };
        let tracked = &mut self.legs[index];
        let answer = crate::course::Course::of(&tracked.facts, &[]).answered_at;
        let bears = tracked.answer != answer || details && answer.is_some();
        tracked.answer = answer;
        retell_one(&mut self.legs, index, details, out);
        if bears {
            for other in (0..self.legs.len()).filter(|other| *other != index) {
                retell_one(&mut self.legs, other, false, out);
            }
        }
        mine_changed
    }

    /// What follows for the call as a whole after any of its legs changed.
    pub(crate) fn follow_up(&mut self, mine_changed: bool, now: Timestamp, shared: &mut Shared, out: &mut Vec<Effect>) {
        let talking = self.legs().any(|leg| leg.mine && leg.phase == Phase::Connected);
        if talking != self.talking {
            self.talking = talking;
            shared.set_talking(&self.account, &self.id, talking);
        }
        popup::consider(self, mine_changed, shared, out);
        let live = self.is_live();
        self.consider_missed(live, now, shared, out);
        shared.rest(self, live, now);
    }

    fn consider_missed(&mut self, live: bool, now: Timestamp, shared: &mut Shared, out: &mut Vec<Effect>) {
        match self.missed {
            Missed::No if !live && self.missed_leg().is_some() => {
                let at = crate::shared::later(now, shared.settings.missed_settle);
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
        use ringside_domain::Direction;
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

/// When the leg's siblings of the same direction were answered, in order.
fn sibling_answers(legs: &[Tracked], index: usize, answers: &mut Vec<Timestamp>) {
    answers.clear();
    let Some(direction) = legs[index].leg.direction else { return };
    let siblings = legs.iter().enumerate().filter(|(other, _)| *other != index);
    answers.extend(siblings.filter(|(_, t)| t.leg.direction == Some(direction)).filter_map(|(_, t)| t.answer));
    answers.sort_unstable();
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
