//! Dialling: one intention, one request, one named end.

use std::time::Duration;

use ringside_api::view::{DialState, DialView};
use ringside_api::{ApiError, ApiEvent, Reply};
use ringside_domain::{
    AccountId, CallId, Direction, ExtensionId, LegKey, LineId, Outcome, Party, Phase, Problem, Timestamp,
};
use ringside_engine::Leg;
use ringside_store as store;
use ringside_telephony::{DialOutcome, DialRequest, DialStep, DialTarget, ProviderError};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::earlier::is_named;
use super::inner::{Inner, ReplyTo};
use super::numbers::{Placed, Wanted};
use super::{Actor, answer, refuse};
use crate::desktop::Notification;
use crate::view::{ms, party};

/// How long the call events have to tell what became of a dial whose answer was lost.
const CHECKING: Duration = Duration::from_secs(5);

/// Ended dials that hosts may still ask for.
const KEPT: usize = 20;

struct Dial {
    intent: String,
    from: LineId,
    to: Party,
    state: DialState,
    call: Option<CallId>,
    started_at: Timestamp,
    sent: Instant,
    problem: Option<Problem>,
    give_up_at: Option<Instant>,
    /// Its own answer was lost: the call events tell how it goes on.
    by_events: bool,
}

impl Dial {
    fn is_over(&self) -> bool {
        match self.state {
            DialState::Sending
            | DialState::Accepted
            | DialState::CallerRinging
            | DialState::CallerAnswered
            | DialState::CalleeDialing
            | DialState::CalleeRinging
            | DialState::Checking => false,
            DialState::Connected
            | DialState::HandedOver
            | DialState::NoAnswer
            | DialState::Busy
            | DialState::Rejected
            | DialState::Cancelled
            | DialState::Failed
            | DialState::Unknown => true,
        }
    }
}

#[derive(Default)]
pub(super) struct Dials(Vec<Dial>);

impl Dials {
    pub fn due(&self) -> Option<Instant> {
        self.0.iter().filter_map(|dial| dial.give_up_at).min()
    }

    pub fn views(&self, actor: &Actor) -> Vec<DialView> {
        self.0.iter().map(|dial| actor.dial_view(dial)).collect()
    }

    fn find(&mut self, intent: &str) -> Option<&mut Dial> {
        self.0.iter_mut().find(|dial| dial.intent == intent)
    }

    fn keep(&mut self, dial: Dial) {
        if self.0.len() >= KEPT
            && let Some(old) = self.0.iter().position(Dial::is_over)
        {
            self.0.remove(old);
        }
        self.0.push(dial);
    }
}

impl Actor {
    /// Reads the number, writes the intention down, asks the provider once. The answer to the host is the dial as it
    /// begins; its steps follow as events.
    pub(super) fn dial(&mut self, intent: String, wanted: &Wanted, reply: ReplyTo) {
        if let Some(known) = self.dials.0.iter().find(|dial| dial.intent == intent) {
            return answer(reply, Ok(Reply::Dial { dial: self.dial_view(known) }));
        }
        if intent.is_empty() || intent.len() > 64 {
            return answer(reply, Err(refuse("bad_request", "the request has no usable intent", "")));
        }
        let Placed { from: line, party, .. } = match self.place(wanted) {
            Ok(placed) => placed,
            Err(error) => return answer(reply, Err(error)),
        };
        let target = match target(&party) {
            Ok(target) => target,
            Err(error) => return answer(reply, Err(error)),
        };
        if let Some(busy) = self.dials.0.iter().find(|dial| !dial.is_over() && dial.from == line) {
            // One telephone rings for one dial at a time: a second click on the same number is the same wish.
            if busy.to == party {
                return answer(reply, Ok(Reply::Dial { dial: self.dial_view(busy) }));
            }
        }
        let dial = Dial {
            intent: intent.clone(),
            from: line.clone(),
            to: party.clone(),
            state: DialState::Sending,
            call: None,
            started_at: self.now(),
            sent: Instant::now(),
            problem: None,
            give_up_at: None,
            by_events: false,
        };
        let view = self.dial_view(&dial);
        self.dials.keep(dial);
        self.publish(ApiEvent::Dial { dial: view.clone() });
        self.send_dial(intent, line, party, target);
        answer(reply, Ok(Reply::Dial { dial: view }));
    }

    fn send_dial(&self, intent: String, line: LineId, to: Party, target: DialTarget) {
        let Some(provider) = self.accounts.get(&line.account).and_then(|a| a.provider.clone()) else { return };
        let (store, inner, at) = (self.store.clone(), self.inner.clone(), self.now());
        let ring_timeout = Duration::from_secs(u64::from(self.config.dial.ring_s.clamp(5, 120)));
        tokio::spawn(async move {
            // Written before anything rings: after a crash it is known that a telephone may be ringing. A disk that
            // does not write must not keep anybody from telephoning.
            match store.intend_dial(&intent, &line, &to, at).await {
                Ok(store::Intended::New) => {}
                Ok(store::Intended::Already(_)) => {
                    let result = Err(ProviderError::Unconfirmed);
                    let _ = inner.send(Inner::DialEnded { intent, result }).await;
                    return;
                }
                Err(error) => tracing::warn!(code = error.code(), "an intention to dial was not written"),
            }
            let (steps, mut taken) = mpsc::channel(16);
            let forward = {
                let (inner, intent) = (inner.clone(), intent.clone());
                async move {
                    while let Some(step) = taken.recv().await {
                        // Before anybody hears of it: whoever dialled may end at once, and the next run ends the call.
                        if let DialStep::Accepted { call: call @ Some(_) } = &step {
                            let accepted = store::DialState::Accepted { call: call.clone() };
                            if let Err(error) = store.settle_dial(&intent, &accepted, at).await {
                                tracing::warn!(code = error.code(), "the call of a dial was not written");
                            }
                        }
                        // An actor that is gone needs no steps.
                        let _ = inner.send(Inner::DialStep { intent: intent.clone(), step }).await;
                    }
                }
            };
            let request = DialRequest { from: line.extension, to: target, ring_timeout };
            let result = match provider.dialing() {
                Some(dialing) => tokio::join!(dialing.dial(request, steps), forward).0,
                None => Err(ProviderError::Unsupported { capability: ringside_domain::Capability::Dial }),
            };
            let _ = inner.send(Inner::DialEnded { intent, result }).await;
        });
    }

    pub(super) fn dial_step(&mut self, intent: &str, step: DialStep) {
        let Some(dial) = self.dials.find(intent) else { return };
        let account = dial.from.account.clone();
        let state = match step {
            DialStep::Accepted { call } => {
                dial.call = call.or(dial.call.take());
                if let Some(call) = dial.call.clone() {
                    self.placed(&account, call);
                }
                DialState::Accepted
            }
            DialStep::CallerRinging => {
                let took = dial.sent.elapsed();
                self.latencies.note("dial_to_ringback", Some(account.as_str()), took);
                DialState::CallerRinging
            }
            DialStep::CallerAnswered => DialState::CallerAnswered,
            DialStep::CalleeDialing => DialState::CalleeDialing,
            DialStep::CalleeRinging => DialState::CalleeRinging,
            DialStep::CalleeAnswered => DialState::Connected,
            DialStep::Other(word) => {
                tracing::debug!(word, "a step of a dial that is not known");
                return;
            }
        };
        self.dial_to(intent, state, None);
    }

    /// The call is one of ours: its legs may have been shown before that was known, without the way to end them.
    fn placed(&mut self, account: &AccountId, call: CallId) {
        let Some(known) = self.accounts.get_mut(account) else { return };
        if !known.placed.insert(call.clone()) {
            return;
        }
        let shown =
            self.engine.call(account, &call).map(|call| call.legs().map(|leg| leg.key.clone()).collect::<Vec<_>>());
        for key in shown.unwrap_or_default() {
            if let Some(leg) = self.leg_view(&key) {
                self.publish(ApiEvent::Leg { leg });
            }
        }
    }

    pub(super) fn dial_ended(&mut self, intent: &str, result: Result<DialOutcome, ProviderError>) {
        let (state, problem) = match result {
            Ok(DialOutcome::Connected) => (DialState::Connected, None),
            Ok(DialOutcome::Accepted) => (DialState::HandedOver, None),
            Ok(DialOutcome::NoAnswer) => (DialState::NoAnswer, None),
            Ok(DialOutcome::Busy) => (DialState::Busy, None),
            Ok(DialOutcome::Rejected) => (DialState::Rejected, None),
            Ok(DialOutcome::Cancelled) => (DialState::Cancelled, None),
            Ok(DialOutcome::Failed) => (DialState::Failed, None),
            Ok(DialOutcome::Unknown) | Err(ProviderError::Unconfirmed) => {
                (DialState::Checking, Some(ProviderError::Unconfirmed.problem()))
            }
            Err(error) => (DialState::Failed, Some(error.problem())),
        };
        if state == DialState::Checking {
            if let Some(dial) = self.dials.find(intent) {
                dial.give_up_at = Some(Instant::now() + CHECKING);
                dial.by_events = true;
            }
            self.dial_to(intent, state, problem);
            return self.look_for(intent);
        }
        self.dial_to(intent, state, problem);
        self.settle(intent);
        self.await_record(intent);
    }

    /// Taken without a name for the call: what becomes of it will stand in the journal, if anywhere.
    fn await_record(&self, intent: &str) {
        let Some(dial) = self.dials.0.iter().find(|dial| dial.intent == intent && dial.call.is_none()) else { return };
        let journal = self.accounts.get(&dial.from.account).and_then(|account| account.journal.as_ref());
        if let Some(journal) = journal.filter(|_| matches!(dial.state, DialState::HandedOver | DialState::Unknown)) {
            journal.expect_soon();
        }
    }

    /// The journal says what became of a dial that nobody could follow. That it says nothing never means "not rung".
    pub(super) fn dial_told(&mut self, told: &store::Dial) {
        let store::DialState::Ended { call, outcome } = &told.state else { return };
        let Some(dial) = self.dials.find(&told.intention) else { return };
        if !matches!(dial.state, DialState::HandedOver | DialState::Unknown | DialState::Checking) {
            return;
        }
        dial.call.clone_from(call);
        dial.problem = None;
        dial.give_up_at = None;
        dial.state = match outcome {
            Outcome::Answered | Outcome::AnsweredElsewhere => DialState::Connected,
            Outcome::Missed => DialState::NoAnswer,
            Outcome::Busy => DialState::Busy,
            Outcome::Rejected => DialState::Rejected,
            Outcome::Cancelled => DialState::Cancelled,
            Outcome::Failed => DialState::Failed,
            Outcome::Unknown => return,
        };
        let Some(dial) = self.dials.0.iter().find(|dial| dial.intent == told.intention) else { return };
        let view = self.dial_view(dial);
        self.publish(ApiEvent::Dial { dial: view });
    }

    /// A leg moved: it may be one whose dial lost its answer.
    pub(super) fn dial_followed(&mut self, key: &LegKey) {
        if self.dials.0.iter().all(|dial| dial.is_over() || !dial.by_events) {
            return;
        }
        let Some(leg) = self.engine.leg(key).cloned() else { return };
        let open = self.dials.0.iter().filter(|dial| dial.by_events && !dial.is_over());
        let lost = open.filter(|dial| belongs(dial, &leg) && !self.is_anothers(dial, &leg));
        // A leg is one dial's: the one that is told its call, else the latest.
        let followed = lost.max_by_key(|dial| (dial.call.is_some(), dial.started_at)).map(|dial| dial.intent.clone());
        if let Some(intent) = followed {
            self.adopt(&intent, &leg);
        }
    }

    /// Looks among the legs that are known for one that the lost dial made.
    fn look_for(&mut self, intent: &str) {
        let Some(dial) = self.dials.0.iter().find(|dial| dial.intent == intent) else { return };
        let leg = self.engine.legs().find(|leg| belongs(dial, leg) && !self.is_anothers(dial, leg)).cloned();
        if let Some(leg) = leg {
            self.adopt(intent, &leg);
        }
    }

    /// The leg's call is that of another dial.
    fn is_anothers(&self, dial: &Dial, leg: &Leg) -> bool {
        let is_its = |other: &Dial| other.from.account == leg.key.account && other.call.as_ref() == Some(&leg.key.call);
        self.dials.0.iter().any(|other| other.intent != dial.intent && is_its(other))
    }

    fn adopt(&mut self, intent: &str, leg: &Leg) {
        let Some(dial) = self.dials.find(intent) else { return };
        dial.call = Some(leg.key.call.clone());
        // The leg is our own side's: that it is connected says that the other side answered only where the service tells
        // our own answer apart.
        let state = match (leg.phase, leg.outcome) {
            (Phase::Dialing, _) if leg.picked_up_at.is_some() => DialState::CallerAnswered,
            (Phase::Ringing, _) if leg.picked_up_at.is_some() => DialState::CalleeRinging,
            (Phase::Connected, _) if leg.picked_up_at.is_some() => DialState::Connected,
            (Phase::Dialing | Phase::Ringing, _) => DialState::CallerRinging,
            (Phase::Connected, _) => DialState::CallerAnswered,
            (Phase::Ended, Some(Outcome::Answered)) => DialState::HandedOver,
            (Phase::Ended, Some(Outcome::Busy)) => DialState::Busy,
            (Phase::Ended, Some(Outcome::Rejected)) => DialState::Rejected,
            (Phase::Ended, Some(Outcome::Cancelled)) => DialState::Cancelled,
            (Phase::Ended, Some(Outcome::Missed | Outcome::AnsweredElsewhere)) => DialState::NoAnswer,
            (Phase::Ended, Some(Outcome::Failed)) => DialState::Failed,
            (Phase::Ended, Some(Outcome::Unknown) | None) => DialState::Unknown,
        };
        dial.give_up_at = None;
        self.placed(&leg.key.account.clone(), leg.key.call.clone());
        let over = {
            self.dial_to(intent, state, None);
            self.dials.find(intent).is_some_and(|dial| dial.is_over())
        };
        if over {
            self.settle(intent);
        }
    }

    pub(super) fn give_up_dials(&mut self, now: Instant) {
        let late: Vec<_> = self
            .dials
            .0
            .iter_mut()
            .filter(|dial| dial.give_up_at.is_some_and(|at| at <= now))
            .map(|dial| {
                dial.give_up_at = None;
                dial.intent.clone()
            })
            .collect();
        for intent in late {
            self.dial_to(&intent, DialState::Unknown, Some(ProviderError::Unconfirmed.problem()));
            self.settle(&intent);
        }
    }

    fn dial_to(&mut self, intent: &str, state: DialState, problem: Option<Problem>) {
        let Some(dial) = self.dials.find(intent) else { return };
        let goes_back = rank(state) < rank(dial.state) && dial.state != DialState::Checking;
        if dial.is_over() || goes_back || (dial.state == state && dial.problem == problem) {
            return;
        }
        dial.state = state;
        dial.problem = problem;
        let came_to_nothing = matches!(state, DialState::Failed | DialState::Unknown);
        let Some(dial) = self.dials.0.iter().find(|dial| dial.intent == intent) else { return };
        let view = self.dial_view(dial);
        if came_to_nothing && self.config.notifications.failed_dial {
            let problem = view.problem.clone();
            self.desktop.notify(Notification::FailedDial {
                who: view.to.name.clone().unwrap_or_else(|| view.to.number.clone()),
                code: problem.as_ref().map_or_else(|| "failed".to_owned(), |p| p.code.clone()),
                message: problem.map(|p| p.message).unwrap_or_default(),
                certain: state == DialState::Failed,
            });
        }
        self.publish(ApiEvent::Dial { dial: view });
    }

    /// Writes how the intention came out.
    fn settle(&self, intent: &str) {
        let Some(dial) = self.dials.0.iter().find(|dial| dial.intent == intent) else { return };
        let call = dial.call.clone();
        let ended = |outcome| store::DialState::Ended { call: call.clone(), outcome };
        let state = match dial.state {
            DialState::Connected => ended(Outcome::Answered),
            DialState::NoAnswer => ended(Outcome::Missed),
            DialState::Busy => ended(Outcome::Busy),
            DialState::Rejected => ended(Outcome::Rejected),
            DialState::Cancelled => ended(Outcome::Cancelled),
            DialState::Failed => match &dial.problem {
                Some(problem) => store::DialState::Refused { code: problem.code.to_owned() },
                None => ended(Outcome::Failed),
            },
            DialState::Unknown | DialState::HandedOver => ended(Outcome::Unknown),
            DialState::Sending
            | DialState::Accepted
            | DialState::CallerRinging
            | DialState::CallerAnswered
            | DialState::CalleeDialing
            | DialState::CalleeRinging
            | DialState::Checking => store::DialState::Unknown,
        };
        let (store, intent, at) = (self.store.clone(), dial.intent.clone(), self.now());
        tokio::spawn(async move {
            if let Err(error) = store.settle_dial(&intent, &state, at).await {
                tracing::warn!(code = error.code(), "how a dial came out was not written");
            }
        });
    }

    fn dial_view(&self, dial: &Dial) -> DialView {
        DialView {
            intent: dial.intent.clone(),
            account: dial.from.account.to_string(),
            from: dial.from.to_string(),
            to: party::party(&dial.to, self.who.named(&dial.from.account, &dial.to)),
            state: dial.state,
            call: dial.call.as_ref().map(ToString::to_string),
            started_at: ms(dial.started_at),
            problem: dial.problem.as_ref().map(Into::into),
        }
    }

    /// `None`: the dial that is under way, else my ringing or connected call.
    pub(super) fn hang_up(&mut self, leg: Option<&str>, reply: ReplyTo) {
        let found = match leg {
            Some(id) => self.engine.live_legs().find(|leg| crate::view::call::leg_id(&leg.key) == id).cloned(),
            None => None,
        };
        let mut done = Reply::Done {};
        let target = match (&found, leg) {
            (Some(leg), _) => match self.why_no_hang_up(leg) {
                None => Some((leg.key.account.clone(), leg.key.call.clone(), leg.key.extension.clone())),
                Some(problem) => return answer(reply, Err(problem.into())),
            },
            // A dial may be known by its call alone before its leg is seen.
            (None, Some(id)) => self.dialled_call(id).or_else(|| {
                let (target, dial) = self.dialled_earlier(id)?;
                done = Reply::Dial { dial };
                Some(target)
            }),
            (None, None) => self.hang_up_meant(),
        };
        let Some((account, call, extension)) = target else {
            // Whoever talks is told what stands in the way of ending that.
            let why = self.engine.live_legs().filter(|leg| leg.mine).find_map(|leg| self.why_no_hang_up(leg));
            let none = || refuse("no_call", "there is no call to hang up", "");
            return answer(reply, Err(why.filter(|_| leg.is_none()).map_or_else(none, Into::into)));
        };
        let Some(provider) = self.accounts.get(&account).and_then(|a| a.provider.clone()) else {
            return answer(reply, Err(super::accounts::no_account(account.as_str())));
        };
        self.later(reply, async move {
            let result = match provider.hang_up() {
                Some(hang_up) => hang_up.hang_up(&call, &extension).await,
                None => Err(ProviderError::Unsupported { capability: ringside_domain::Capability::HangUpOwn }),
            };
            result.map(|()| done).map_err(|error| error.problem().into())
        });
    }

    /// `account/call` or `account/call/extension` of a call this app placed.
    fn dialled_call(&self, id: &str) -> Option<(AccountId, CallId, ExtensionId)> {
        let dial = self
            .dials
            .0
            .iter()
            .rev()
            .find(|dial| dial.call.as_ref().is_some_and(|call| is_named(id, &dial.from, call)))?;
        Some((dial.from.account.clone(), dial.call.clone()?, dial.from.extension.clone()))
    }

    fn hang_up_meant(&self) -> Option<(AccountId, CallId, ExtensionId)> {
        let over = |dial: &Dial| {
            let mut legs = self.engine.live_legs();
            legs.any(|leg| belongs(dial, leg) && self.why_no_hang_up(leg).is_some())
        };
        let dialling = self.dials.0.iter().rev().find(|dial| !dial.is_over() && dial.call.is_some() && !over(dial));
        if let Some(dial) = dialling {
            return Some((dial.from.account.clone(), dial.call.clone()?, dial.from.extension.clone()));
        }
        let leg = self.engine.live_legs().find(|leg| leg.mine && self.why_no_hang_up(leg).is_none())?;
        Some((leg.key.account.clone(), leg.key.call.clone(), leg.key.extension.clone()))
    }

    /// Why a leg cannot be ended from here.
    pub(super) fn why_no_hang_up(&self, leg: &Leg) -> Option<Problem> {
        use ringside_domain::Capability::{HangUpAny, HangUpOwn};
        let account = self.accounts.get(&leg.key.account)?;
        let capabilities = account.provider.as_ref().map(|p| p.capabilities()).unwrap_or_default();
        let hint = "Hang up on your phone.";
        if capabilities.has(HangUpAny) {
            return None;
        }
        if !capabilities.has(HangUpOwn) {
            return Some(Problem::new("no_hang_up", "this service can't end calls from a computer", hint));
        }
        if !account.placed.contains(&leg.key.call) {
            return Some(Problem::new("hang_up_own_only", "this service only ends calls dialled from Ringside", hint));
        }
        // Once our own telephone is picked up, the set-up is over for the service.
        if leg.phase == Phase::Connected || leg.picked_up_at.is_some() {
            return Some(Problem::new(
                "hang_up_set_up_only",
                "this service cancels calls only before you pick up",
                hint,
            ));
        }
        None
    }
}

/// An outbound leg on the dial's line that began with it, to the same party where both say one. What was known before the
/// dial left is of another call, whatever the service's clock says.
fn belongs(dial: &Dial, leg: &Leg) -> bool {
    if let Some(call) = &dial.call {
        return *call == leg.key.call
            && dial.from.account == leg.key.account
            && dial.from.extension == leg.key.extension;
    }
    let began_with_it = leg.started_at.duration_since(dial.started_at) > jiff::SignedDuration::from_secs(-2);
    let same_party = leg.remote == dial.to || leg.remote == Party::Unstated;
    let seen_after = leg.began >= dial.started_at;
    dial.from == leg.key.line()
        && leg.direction != Some(Direction::Inbound)
        && began_with_it
        && seen_after
        && same_party
}

/// Later states have higher ranks; a late report of an earlier one is no news.
fn rank(state: DialState) -> u8 {
    match state {
        DialState::Sending => 0,
        DialState::Accepted => 1,
        DialState::CallerRinging => 2,
        DialState::CallerAnswered => 3,
        DialState::CalleeDialing => 4,
        DialState::CalleeRinging => 5,
        DialState::Checking => 6,
        DialState::Connected
        | DialState::HandedOver
        | DialState::NoAnswer
        | DialState::Busy
        | DialState::Rejected
        | DialState::Cancelled
        | DialState::Failed
        | DialState::Unknown => 7,
    }
}

fn target(party: &Party) -> Result<DialTarget, ApiError> {
    match party {
        Party::Number(number) => Ok(DialTarget::Number(number.clone())),
        Party::Extension(extension) => Ok(DialTarget::Extension(extension.clone())),
        Party::Code(code) => Ok(DialTarget::Code(code.to_string())),
        Party::Withheld | Party::Unstated => {
            Err(refuse("nobody", "there is no number to dial", "Type a number or a name."))
        }
    }
}
