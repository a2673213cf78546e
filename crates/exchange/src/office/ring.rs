//! Calls under test control: ring, answer, hang up.

use std::time::Duration;

use jiff::Timestamp;
use uuid::Uuid;

use super::model::{Leg, Parties};
use super::{Context, Direction, Failure, LegPhase, Line, Office, Step, dial, public_number};

/// A call from outside.
#[derive(Clone, Debug)]
pub struct RingSpec {
    /// The extensions that ring, all under one call id.
    pub to: Vec<String>,
    /// The caller's number in E.164 digits without `+`; `None` is withheld.
    pub from: Option<String>,
    /// The number that was dialled; by default the direct line of the first extension.
    pub dialled: Option<String>,
    /// What the stream says of the others when one extension has answered.
    pub losing: LosingLegs,
    /// Whether a `start` goes before the `ring`.
    pub with_start: bool,
    /// The call's id, as of one that is over; by default a new one.
    pub id: Option<Uuid>,
}

/// When the losing legs of a ring group end on the stream. Their phones stop ringing at once in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LosingLegs {
    HangUp,
    Late(Duration),
    Never,
}

impl RingSpec {
    /// A call with a withheld number to one extension.
    pub fn to(extension: impl Into<String>) -> Self {
        Self::to_group([extension.into()])
    }

    /// A call with a withheld number to several extensions at once.
    pub fn to_group(extensions: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            to: extensions.into_iter().map(Into::into).collect(),
            from: None,
            dialled: None,
            losing: LosingLegs::HangUp,
            with_start: false,
            id: None,
        }
    }

    /// Shows the caller's number: E.164 digits without `+`.
    #[must_use]
    pub fn from(mut self, number: impl Into<String>) -> Self {
        self.from = Some(number.into());
        self
    }

    #[must_use]
    pub fn dialled(mut self, number: impl Into<String>) -> Self {
        self.dialled = Some(number.into());
        self
    }

    #[must_use]
    pub fn losing(mut self, losing: LosingLegs) -> Self {
        self.losing = losing;
        self
    }

    #[must_use]
    pub fn under(mut self, id: Uuid) -> Self {
        self.id = Some(id);
        self
    }

    #[must_use]
    pub fn with_start(mut self) -> Self {
        self.with_start = true;
        self
    }
}

/// One call. Each act says whether there was anything to act on.
#[derive(Clone)]
pub struct CallHandle {
    office: Office,
    id: Uuid,
}

impl CallHandle {
    pub(super) fn new(office: Office, id: Uuid) -> Self {
        Self { office, id }
    }

    pub fn id(&self) -> Uuid {
        self.id
    }

    pub fn is_live(&self) -> bool {
        self.office.with(|state, _| state.calls.contains_key(&self.id))
    }

    /// The extension picks up; what the others are told follows [`RingSpec::losing`].
    pub fn answer(&self, extension: &str) -> bool {
        let (answered, untold, losing) = self.office.with(|state, now| {
            let losing = state.calls.get(&self.id).map_or(LosingLegs::Never, |call| call.losing);
            let (answered, untold) = state.answer(self.id, extension, now);
            (answered, untold, losing)
        });
        if let LosingLegs::Late(late) = losing
            && !untold.is_empty()
        {
            let office = self.office.clone();
            self.office.spawn(async move {
                tokio::time::sleep(late).await;
                office.with(|state, now| untold.iter().for_each(|end| state.tell_end(end, now)));
            });
        }
        answered
    }

    /// The client's own phone is picked up; the far side is dialled and goes on as its behaviour says.
    pub fn caller_answers(&self) -> bool {
        dial::caller_answers(&self.office, self.id)
    }

    /// The outside party of an outbound call picks up.
    pub fn callee_answers(&self) -> bool {
        self.office.with(|state, now| state.answer_outbound(self.id, now))
    }

    /// The call ends: talking legs normally, ringing ones as cancelled.
    pub fn hang_up(&self) -> bool {
        self.end(Failure::Cancel)
    }

    /// Nobody picked up in time.
    pub fn time_out(&self) -> bool {
        self.end(Failure::Timeout)
    }

    /// The called side refuses.
    pub fn reject(&self) -> bool {
        self.end(Failure::Reject)
    }

    /// The called side is busy.
    pub fn busy(&self) -> bool {
        self.end(Failure::Busy)
    }

    /// Ends the leg of one extension, for example when a cascade moves on.
    pub fn cancel_leg(&self, extension: &str) -> bool {
        self.office.with(|state, now| state.close_leg(self.id, extension, Some(Failure::Cancel), now))
    }

    /// One more extension rings under the same call id: a transfer, a cascade, or a second ring after a cancel.
    pub fn ring_also(&self, extension: &str) -> bool {
        self.office.with(|state, now| {
            let inbound = |leg: &&Leg| leg.direction == Direction::Inbound;
            let Some(call) = state.calls.get(&self.id) else { return false };
            let Some(parties) = call.legs.iter().find(inbound).or(call.legs.first()).map(|leg| leg.parties.clone())
            else {
                return false;
            };
            state.open_leg(self.id, ringing(extension, parties, now), Step::Ring, now);
            true
        })
    }

    /// Hands the call over: the other extension rings, and when it answers the first leg ends.
    pub fn transfer(&self, extension: &str) -> bool {
        self.ring_also(extension)
    }

    fn end(&self, failure: Failure) -> bool {
        self.office.with(|state, now| state.close_call(self.id, failure, now))
    }
}

pub(super) fn ring(office: &Office, spec: RingSpec) -> CallHandle {
    let dialled = spec.dialled.unwrap_or_else(|| public_number(spec.to.first().map_or("0", String::as_str)));
    let parties = Parties {
        caller: spec.from,
        caller_context: Context::Global,
        callee: dialled,
        callee_context: Context::Global,
    };
    let id = office.with(|state, now| {
        let id = state.new_call(spec.losing, spec.id);
        for extension in &spec.to {
            let leg = ringing(extension, parties.clone(), now);
            if spec.with_start {
                state.open_leg(id, leg.clone(), Step::Start, now);
            }
            state.open_leg(id, leg, Step::Ring, now);
        }
        id
    });
    CallHandle::new(office.clone(), id)
}

pub(super) fn call_internally(office: &Office, from: &str, to: &str) -> CallHandle {
    let parties = Parties {
        caller: Some(public_number(from)),
        caller_context: Context::Account,
        callee: public_number(to),
        callee_context: Context::Account,
    };
    let id = office.with(|state, now| {
        let id = state.new_call(LosingLegs::HangUp, None);
        state.open_leg(id, dialling(from, Line::InUse, parties.clone(), now), Step::Start, now);
        state.open_leg(id, ringing(to, parties, now), Step::Ring, now);
        state.advance(id, is_outbound, (Step::Ring, LegPhase::Dialling, Line::InUse), now);
        id
    });
    CallHandle::new(office.clone(), id)
}

pub(super) fn call_out(office: &Office, from: &str, number: &str) -> CallHandle {
    let parties = Parties {
        caller: Some(public_number(from)),
        caller_context: Context::Global,
        callee: number.into(),
        callee_context: Context::Global,
    };
    let id = office.with(|state, now| {
        let id = state.new_call(LosingLegs::HangUp, None);
        state.open_leg(id, dialling(from, Line::InUse, parties, now), Step::Start, now);
        state.advance(id, is_outbound, (Step::Dial, LegPhase::Dialling, Line::InUse), now);
        state.advance(id, is_outbound, (Step::Ring, LegPhase::Dialling, Line::InUse), now);
        id
    });
    CallHandle::new(office.clone(), id)
}

pub(super) fn is_outbound(leg: &Leg) -> bool {
    leg.direction == Direction::Outbound
}

pub(super) fn ringing(extension: &str, parties: Parties, now: Timestamp) -> Leg {
    Leg {
        extension: extension.into(),
        direction: Direction::Inbound,
        phase: LegPhase::Ringing,
        line: Line::Ringing,
        parties,
        since: now,
    }
}

pub(super) fn dialling(extension: &str, line: Line, parties: Parties, now: Timestamp) -> Leg {
    Leg {
        extension: extension.into(),
        direction: Direction::Outbound,
        phase: LegPhase::Dialling,
        line,
        parties,
        since: now,
    }
}
