//! Shorthand for the tests: one account `office`, times as seconds since a Monday morning.
#![expect(dead_code, reason = "each test file uses its own part")]

use std::collections::HashSet;

use ringside_domain::{
    AccountId, CallerClass, Direction, EndCause, Event, Extension, ExtensionId, Gap, Label, LegKey, LegStep, LegUpdate,
    LineId, LineState, LineStatus, LineUpdate, LinkPhase, LinkState, Outcome, Party, Phase, PhoneNumber, Presence,
    Timestamp,
};
use ringside_engine::{Effect, Hotkey, Input, Leg, Policy, Settings, State, apply};

pub const DIALING: LegStep = LegStep::Dialing;
pub const PICKED_UP: LegStep = LegStep::PickedUp;
pub const RINGING: LegStep = LegStep::Ringing;
pub const CONNECTED: LegStep = LegStep::Connected;
pub const HUNG_UP: LegStep = LegStep::Ended(EndCause::Normal);
pub const CANCELLED: LegStep = LegStep::Ended(EndCause::Cancelled);
pub const TIMED_OUT: LegStep = LegStep::Ended(EndCause::Timeout);
pub const BUSY: LegStep = LegStep::Ended(EndCause::Busy);
pub const REJECTED: LegStep = LegStep::Ended(EndCause::Rejected);
pub const FAILED: LegStep = LegStep::Ended(EndCause::Failed);
pub const ELSEWHERE: LegStep = LegStep::Ended(EndCause::AnsweredElsewhere);

/// 2026-03-02T08:00:00Z and so many seconds.
pub fn t(seconds: i64) -> Timestamp {
    let Ok(at) = Timestamp::from_second(1_772_438_400 + seconds) else { panic!("{seconds} s is out of range") };
    at
}

pub fn office() -> AccountId {
    AccountId::new("office")
}

pub fn line(extension: &str) -> LineId {
    LineId::new("office", extension)
}

pub fn key(call: &str, extension: &str) -> LegKey {
    LegKey::new("office", call, extension)
}

pub fn number(e164: &str) -> Party {
    let Ok(number) = PhoneNumber::from_e164(e164) else { panic!("{e164} is no number") };
    Party::Number(number)
}

pub fn mine(extensions: &[&str]) -> HashSet<LineId> {
    extensions.iter().map(|extension| line(extension)).collect()
}

pub fn extension(id: &str) -> Extension {
    Extension { id: ExtensionId::new(id), name: Label::new("Anna Muster"), email: None, group: None }
}

pub fn report(call: &str, extension: &str, direction: Direction, step: LegStep, at: i64) -> LegUpdate {
    LegUpdate {
        call: call.into(),
        extension: extension.into(),
        direction: Some(direction),
        step,
        remote: number("+493012345678"),
        our_number: Party::Unstated,
        at: t(at),
    }
}

pub fn reading(extension: &str, status: LineStatus, at: i64) -> LineUpdate {
    let state = LineState { status, presence: Presence::Available, at: t(at) };
    LineUpdate { extension: extension.into(), state }
}

/// An engine at a desk, and all effects it ever asked for.
pub struct Desk {
    pub state: State,
    pub all: Vec<Effect>,
}

impl Desk {
    pub fn new(my_extensions: &[&str]) -> Self {
        Self::with(Settings { mine: mine(my_extensions), ..Settings::default() })
    }

    pub fn with_policy(policy: Policy) -> Self {
        Self::with(Settings { mine: mine(&["31"]), policy, ..Settings::default() })
    }

    pub fn with(settings: Settings) -> Self {
        Self { state: State::new(settings), all: Vec::new() }
    }

    pub fn input(&mut self, now: i64, input: Input) -> Vec<Effect> {
        self.input_at(t(now), input)
    }

    pub fn input_at(&mut self, now: Timestamp, input: Input) -> Vec<Effect> {
        let effects = apply(&mut self.state, now, input);
        self.all.extend(effects.iter().cloned());
        effects
    }

    pub fn event(&mut self, now: i64, event: Event) -> Vec<Effect> {
        self.input(now, Input::Provider { account: office(), event, class: CallerClass::External })
    }

    pub fn event_at(&mut self, now: Timestamp, event: Event) -> Vec<Effect> {
        self.input_at(now, Input::Provider { account: office(), event, class: CallerClass::External })
    }

    /// A report that arrives as it happens.
    pub fn leg(&mut self, at: i64, call: &str, extension: &str, direction: Direction, step: LegStep) -> Vec<Effect> {
        self.event(at, Event::Leg(report(call, extension, direction, step, at)))
    }

    pub fn inbound(&mut self, at: i64, call: &str, extension: &str, step: LegStep) -> Vec<Effect> {
        self.leg(at, call, extension, Direction::Inbound, step)
    }

    pub fn link(&mut self, at: i64, phase: LinkPhase) -> Vec<Effect> {
        let since = t(at);
        self.event(at, Event::Link(LinkState { phase, since, reason: None, limits: Vec::new(), retry_at: None }))
    }

    pub fn gap(&mut self, now: i64, from: i64, until: i64) -> Vec<Effect> {
        self.event(now, Event::Gap(Gap { account: office(), from: t(from), until: t(until) }))
    }

    pub fn extensions(&mut self, now: i64, ids: &[&str]) -> Vec<Effect> {
        self.event(now, Event::Extensions(ids.iter().map(|id| extension(id)).collect()))
    }

    pub fn lines(&mut self, now: i64, states: &[(&str, LineStatus)]) -> Vec<Effect> {
        self.event(now, Event::Lines(states.iter().map(|(id, status)| reading(id, *status, now)).collect()))
    }

    pub fn line(&mut self, now: i64, id: &str, status: LineStatus) -> Vec<Effect> {
        self.event(now, Event::Line(reading(id, status, now)))
    }

    pub fn tick(&mut self, now: i64) -> Vec<Effect> {
        self.input(now, Input::Tick)
    }

    /// The card that is called gets the keyboard, as it does on a desk.
    pub fn hotkey(&mut self, now: i64) -> Vec<Effect> {
        let effects = self.input(now, Input::Hotkey(Hotkey::Preview));
        if effects.iter().any(|effect| matches!(effect, Effect::CardCalled(_))) {
            self.input(now, Input::CardsFocused(true));
        }
        effects
    }

    pub fn get(&self, call: &str, extension: &str) -> &Leg {
        let Some(leg) = self.state.leg(&key(call, extension)) else { panic!("no leg {call} on {extension}") };
        leg
    }

    /// Phase, outcome and attempt of a leg.
    pub fn stands(&self, call: &str, extension: &str) -> (Phase, Option<Outcome>, u32) {
        let leg = self.get(call, extension);
        (leg.phase, leg.outcome, leg.attempt)
    }
}

/// Those effects that concern cards, records and notices.
pub fn seen_by_user(effects: &[Effect]) -> Vec<Effect> {
    let is_seen = |effect: &&Effect| match effect {
        Effect::PopUp { .. }
        | Effect::CardChanged(_)
        | Effect::CardMoved { .. }
        | Effect::CardManner { .. }
        | Effect::CardCalled(_)
        | Effect::PopDown { .. }
        | Effect::OpenRecord { .. }
        | Effect::Missed(_)
        | Effect::MissedWithdrawn(_) => true,
        Effect::LinkChanged(_)
        | Effect::LineChanged(_)
        | Effect::LinesReplaced(_)
        | Effect::WriteLeg(_)
        | Effect::LegChanged(_)
        | Effect::LegClosed(_)
        | Effect::LegForgotten(_)
        | Effect::ScenarioChanged { .. }
        | Effect::ScenariosReplaced(_)
        | Effect::Gap { .. }
        | Effect::UnknownWord { .. } => false,
    };
    effects.iter().filter(is_seen).cloned().collect()
}
