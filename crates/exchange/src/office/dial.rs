//! Calls that a client starts: the own phone rings first, then the far side is called.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::sync::mpsc;
use uuid::Uuid;

use super::model::{Parties, State};
use super::ring::{dialling, is_outbound, ringing};
use super::{Context, Failure, LegPhase, Line, Office, Step, public_number};
use crate::lock::hold;

/// How a call that a client starts goes on. Durations are of life: the speed factor shortens them.
#[derive(Clone, Debug)]
pub struct DialBehaviour {
    pub caller: CallerBehaviour,
    pub callee: CalleeBehaviour,
    pub order: DialOrder,
    /// How long they talk; `None` until a test hangs up.
    pub talk: Option<Duration>,
}

/// What the client's own phone does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallerBehaviour {
    Answers(Duration),
    Rejects(Duration),
    /// Rings until the request's timeout, or until a test says [`super::CallHandle::caller_answers`].
    Rings,
}

/// What the far side does once it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalleeBehaviour {
    Answers(Duration),
    Busy(Duration),
    Rejects(Duration),
    NoAnswer(Duration),
    /// Rings until a test decides.
    Rings,
}

/// Where the `dial` event of the far side comes: in the field it follows `caller-answer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DialOrder {
    AfterCallerAnswer,
    BeforeCallerAnswer,
}

impl Default for DialBehaviour {
    fn default() -> Self {
        Self {
            caller: CallerBehaviour::Answers(Duration::from_millis(1500)),
            callee: CalleeBehaviour::Answers(Duration::from_secs(4)),
            order: DialOrder::AfterCallerAnswer,
            talk: Some(Duration::from_secs(90)),
        }
    }
}

impl DialBehaviour {
    /// Everybody waits for the test.
    pub fn by_hand() -> Self {
        Self { caller: CallerBehaviour::Rings, callee: CalleeBehaviour::Rings, talk: None, ..Self::default() }
    }

    /// Everybody answers at once and talks until the test hangs up.
    pub fn at_once() -> Self {
        Self {
            caller: CallerBehaviour::Answers(Duration::ZERO),
            callee: CalleeBehaviour::Answers(Duration::ZERO),
            talk: None,
            ..Self::default()
        }
    }

    #[must_use]
    pub fn with_callee(mut self, callee: CalleeBehaviour) -> Self {
        self.callee = callee;
        self
    }

    #[must_use]
    pub fn with_caller(mut self, caller: CallerBehaviour) -> Self {
        self.caller = caller;
        self
    }
}

pub(crate) struct DialSpec {
    pub(crate) caller: String,
    pub(crate) callee: String,
    pub(crate) callee_context: Context,
    pub(crate) timeout: Duration,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum DialRefused {
    #[error("extension {0} unknown")]
    UnknownExtension(String),
}

/// The steps of one request, ending with [`Step::End`].
pub(crate) type Progress = mpsc::UnboundedReceiver<(Step, Option<Failure>)>;

/// Gives a client the steps of its own request.
pub(super) struct ProgressSender(mpsc::UnboundedSender<(Step, Option<Failure>)>);

impl ProgressSender {
    pub(super) fn tell(&self, step: Step, failure: Option<Failure>) {
        // A hang-up belongs to the call stream; the request itself ends with `end`.
        if step != Step::Hangup {
            // The client may have closed its stream: the call goes on without it.
            let _ = self.0.send((step, failure));
        }
    }
}

/// The behaviours of calls to come.
pub(super) struct Plan {
    usual: DialBehaviour,
    next: VecDeque<DialBehaviour>,
}

impl Plan {
    pub(super) fn new(usual: DialBehaviour) -> Self {
        Self { usual, next: VecDeque::new() }
    }

    pub(super) fn set(&mut self, behaviour: DialBehaviour) {
        self.usual = behaviour;
    }

    pub(super) fn queue(&mut self, behaviour: DialBehaviour) {
        self.next.push_back(behaviour);
    }

    fn take(&mut self) -> DialBehaviour {
        self.next.pop_front().unwrap_or_else(|| self.usual.clone())
    }
}

pub(super) fn dial(office: &Office, spec: DialSpec) -> Result<(Uuid, Progress), DialRefused> {
    let (sender, progress) = mpsc::unbounded_channel();
    let (call, behaviour) = office.with(|state, now| {
        if !state.stations.contains_key(&spec.caller) {
            return Err(DialRefused::UnknownExtension(spec.caller.clone()));
        }
        let behaviour = hold(&office.inner.dial).take();
        let id = state.new_request(ProgressSender(sender), behaviour.clone());
        let parties = Parties {
            caller: Some(spec.caller.clone()),
            caller_context: Context::Account,
            callee: spec.callee.clone(),
            callee_context: spec.callee_context,
        };
        state.open_leg(id, dialling(&spec.caller, Line::Idle, parties, now), Step::Start, now);
        Ok((id, behaviour))
    })?;
    office.spawn(ring_the_caller(office.clone(), call, spec, behaviour));
    Ok((call, progress))
}

/// Rings the client's own phone, and the far side as soon as it is picked up.
async fn ring_the_caller(office: Office, call: Uuid, spec: DialSpec, behaviour: DialBehaviour) {
    let unreachable =
        office.with(|state, _| state.stations.get(&spec.caller).is_none_or(|it| it.line == Line::Offline));
    if unreachable {
        end(&office, call, Failure::Unspecified);
        return;
    }
    advance(&office, call, Step::CallerDial, Line::Idle);
    advance(&office, call, Step::CallerRing, Line::Ringing);
    let patience = office.scaled(spec.timeout);
    match behaviour.caller {
        CallerBehaviour::Answers(after) if office.scaled(after) < patience => {
            tokio::time::sleep(office.scaled(after)).await;
            caller_answers(&office, call);
        }
        CallerBehaviour::Rejects(after) if office.scaled(after) < patience => {
            tokio::time::sleep(office.scaled(after)).await;
            end(&office, call, Failure::Reject);
        }
        CallerBehaviour::Answers(_) | CallerBehaviour::Rejects(_) | CallerBehaviour::Rings => {
            tokio::time::sleep(patience).await;
            if office.with(|state, _| state.calls.get(&call).is_some_and(|it| it.in_setup)) {
                end(&office, call, Failure::Timeout);
            }
        }
    }
}

pub(super) fn caller_answers(office: &Office, call: Uuid) -> bool {
    let in_setup = |state: &mut State, _| {
        let live = state.calls.get_mut(&call).filter(|live| live.in_setup)?;
        live.in_setup = false;
        live.behaviour.clone()
    };
    let Some(behaviour) = office.with(in_setup) else { return false };
    match behaviour.order {
        DialOrder::AfterCallerAnswer => {
            advance(office, call, Step::CallerAnswer, Line::InUse);
            advance(office, call, Step::Dial, Line::InUse);
        }
        DialOrder::BeforeCallerAnswer => {
            advance(office, call, Step::Dial, Line::InUse);
            advance(office, call, Step::CallerAnswer, Line::InUse);
        }
    }
    let reached = office.with(|state, now| reach_the_callee(state, call, now));
    if reached {
        advance(office, call, Step::Ring, Line::InUse);
        office.spawn(await_the_callee(office.clone(), call, behaviour));
    } else {
        end(office, call, Failure::Unspecified);
    }
    true
}

/// Rings an extension if the callee is one; outside numbers always ring.
fn reach_the_callee(state: &mut State, call: Uuid, now: jiff::Timestamp) -> bool {
    let Some(leg) = state.calls.get(&call).and_then(|live| live.legs.first()).cloned() else { return false };
    match leg.parties.callee_context {
        Context::Global => true,
        // With a trunk digit in front, the account's own dial plan leads outside.
        Context::Account if leg.parties.callee.starts_with('0') => true,
        Context::Account => {
            let callee = leg.parties.callee;
            if state.stations.get(&callee).is_none_or(|it| it.line == Line::Offline) {
                return false;
            }
            let parties = Parties {
                caller: Some(public_number(&leg.extension)),
                caller_context: Context::Account,
                callee: public_number(&callee),
                callee_context: Context::Account,
            };
            state.open_leg(call, ringing(&callee, parties, now), Step::Ring, now);
            true
        }
    }
}

async fn await_the_callee(office: Office, call: Uuid, behaviour: DialBehaviour) {
    let (after, failure) = match behaviour.callee {
        CalleeBehaviour::Rings => return,
        CalleeBehaviour::Answers(after) => (after, None),
        CalleeBehaviour::Busy(after) => (after, Some(Failure::Busy)),
        CalleeBehaviour::Rejects(after) => (after, Some(Failure::Reject)),
        CalleeBehaviour::NoAnswer(after) => (after, Some(Failure::Timeout)),
    };
    tokio::time::sleep(office.scaled(after)).await;
    if let Some(failure) = failure {
        end(&office, call, failure);
        return;
    }
    office.with(|state, now| {
        let inbound = state.calls.get(&call).and_then(|live| live.legs.iter().find(|leg| !is_outbound(leg)));
        match inbound.map(|leg| leg.extension.clone()) {
            Some(extension) => drop(state.answer(call, &extension, now)),
            None => drop(state.answer_outbound(call, now)),
        }
    });
    if let Some(talk) = behaviour.talk {
        tokio::time::sleep(office.scaled(talk)).await;
        end(&office, call, Failure::Cancel);
    }
}

fn advance(office: &Office, call: Uuid, step: Step, line: Line) {
    office.with(|state, now| state.advance(call, is_outbound, (step, LegPhase::Dialling, line), now));
}

fn end(office: &Office, call: Uuid, failure: Failure) {
    office.with(|state, now| state.close_call(call, failure, now));
}
