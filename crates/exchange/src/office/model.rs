//! The state of the office and its transitions. Every transition tells the observers, in order.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::Timestamp;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use uuid::Uuid;

use super::dial::ProgressSender;
use super::{
    CallEvent, Context, DialBehaviour, Direction, Failure, LegPhase, Line, LineEvent, LosingLegs, Observer, Presence,
    Site, Step,
};

pub(crate) struct Station {
    pub(crate) number: String,
    pub(crate) name: String,
    pub(crate) line: Line,
    pub(crate) presence: Presence,
    pub(crate) updated: Timestamp,
}

pub(super) struct State {
    pub(super) stations: BTreeMap<String, Station>,
    pub(super) calls: HashMap<Uuid, LiveCall>,
    /// Each with the site it is told of, or all.
    pub(super) observers: Vec<(Option<Site>, Arc<dyn Observer>)>,
    rng: StdRng,
}

pub(super) struct LiveCall {
    pub(super) legs: Vec<Leg>,
    pub(super) losing: LosingLegs,
    /// Set on a call that a client started, until its own side has answered.
    pub(super) in_setup: bool,
    pub(super) progress: Option<ProgressSender>,
    pub(super) behaviour: Option<DialBehaviour>,
}

#[derive(Clone)]
pub(super) struct Leg {
    pub(super) extension: String,
    pub(super) direction: Direction,
    pub(super) phase: LegPhase,
    /// What the leg makes the lamp show.
    pub(super) line: Line,
    pub(super) parties: Parties,
    pub(super) since: Timestamp,
}

#[derive(Clone)]
pub(super) struct Parties {
    pub(super) caller: Option<String>,
    pub(super) caller_context: Context,
    pub(super) callee: String,
    pub(super) callee_context: Context,
}

/// The end of a leg that the stream has not been told of.
#[derive(Clone)]
pub(super) struct Untold {
    call: Uuid,
    leg: Leg,
    failure: Option<Failure>,
}

impl State {
    pub(super) fn new(extensions: Vec<(String, String)>, seed: u64, now: Timestamp) -> Self {
        let mut state = Self {
            stations: BTreeMap::new(),
            calls: HashMap::new(),
            observers: Vec::new(),
            rng: StdRng::seed_from_u64(seed),
        };
        for (number, name) in extensions {
            state.add_extension(&number, &name, now);
        }
        state
    }

    pub(super) fn stations_in_order(&self) -> impl Iterator<Item = &Station> {
        let mut stations: Vec<&Station> = self.stations.values().collect();
        stations.sort_by_key(|station| station.number.len());
        stations.into_iter()
    }

    pub(super) fn add_extension(&mut self, number: &str, name: &str, now: Timestamp) {
        if let Some(station) = self.stations.get_mut(number) {
            station.name = name.into();
            return;
        }
        let station = Station {
            number: number.into(),
            name: name.into(),
            line: Line::Idle,
            presence: Presence::Available,
            updated: now,
        };
        self.stations.insert(number.into(), station);
        self.tell_line(number);
    }

    pub(super) fn remove_extension(&mut self, number: &str, now: Timestamp) -> bool {
        let ids: Vec<Uuid> = self.calls.keys().copied().collect();
        for id in ids {
            self.close_leg(id, number, Some(Failure::Unspecified), now);
        }
        self.stations.remove(number).is_some()
    }

    pub(super) fn set_line(&mut self, number: &str, line: Line, presence: Presence, now: Timestamp) -> bool {
        let Some(station) = self.stations.get_mut(number) else { return false };
        station.line = line;
        station.presence = presence;
        station.updated = now;
        self.tell_line(number);
        true
    }

    pub(super) fn set_presence(&mut self, number: &str, presence: Presence, now: Timestamp) -> bool {
        let Some(line) = self.stations.get(number).map(|station| station.line) else { return false };
        self.set_line(number, line, presence, now)
    }

    pub(super) fn new_call(&mut self, losing: LosingLegs, id: Option<Uuid>) -> Uuid {
        let id = id.unwrap_or_else(|| uuid::Builder::from_random_bytes(self.rng.random()).into_uuid());
        let call = LiveCall { legs: Vec::new(), losing, in_setup: false, progress: None, behaviour: None };
        self.calls.insert(id, call);
        id
    }

    /// A call that a client starts.
    pub(super) fn new_request(&mut self, progress: ProgressSender, behaviour: DialBehaviour) -> Uuid {
        let id = self.new_call(LosingLegs::HangUp, None);
        if let Some(call) = self.calls.get_mut(&id) {
            call.in_setup = true;
            call.progress = Some(progress);
            call.behaviour = Some(behaviour);
        }
        id
    }

    /// Opens a leg, or opens it again after it ended, and tells its first step.
    pub(super) fn open_leg(&mut self, id: Uuid, leg: Leg, step: Step, now: Timestamp) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        call.legs.retain(|other| other.extension != leg.extension || other.direction != leg.direction);
        call.legs.push(leg.clone());
        self.tell_call(id, &leg, step, None, now);
        self.relight(&leg.extension, now);
    }

    /// Moves every leg that `which` picks one step on; `false` if there was none.
    pub(super) fn advance(
        &mut self,
        id: Uuid,
        which: impl Fn(&Leg) -> bool,
        (step, phase, line): (Step, LegPhase, Line),
        now: Timestamp,
    ) -> bool {
        let Some(call) = self.calls.get_mut(&id) else { return false };
        let mut moved = Vec::new();
        for leg in call.legs.iter_mut().filter(|leg| which(leg)) {
            leg.phase = phase;
            leg.line = line;
            moved.push(leg.clone());
        }
        for leg in &moved {
            self.tell_call(id, leg, step, None, now);
            self.relight(&leg.extension, now);
        }
        !moved.is_empty()
    }

    /// An extension picks up: the far side's leg is connected too, the others lose or have handed the call over.
    pub(super) fn answer(&mut self, id: Uuid, extension: &str, now: Timestamp) -> (bool, Vec<Untold>) {
        let ringing = |leg: &Leg| {
            leg.extension == extension && leg.direction == Direction::Inbound && leg.phase == LegPhase::Ringing
        };
        if !self.advance(id, ringing, (Step::Answer, LegPhase::Connected, Line::InUse), now) {
            return (false, Vec::new());
        }
        self.answer_outbound(id, now);
        let Some(call) = self.calls.get(&id) else { return (true, Vec::new()) };
        let losing = call.losing;
        let others: Vec<Leg> = call
            .legs
            .iter()
            .filter(|leg| leg.direction == Direction::Inbound && leg.extension != extension)
            .cloned()
            .collect();
        let mut untold = Vec::new();
        for other in others {
            let handed_over = other.phase == LegPhase::Connected;
            if handed_over || losing == LosingLegs::HangUp {
                let failure = (!handed_over).then_some(Failure::Cancel);
                self.close_leg(id, &other.extension, failure, now);
            } else {
                untold.extend(self.close_silently(id, &other.extension, Some(Failure::Cancel), now));
            }
        }
        (true, untold)
    }

    /// The far side of outbound legs picks up.
    pub(super) fn answer_outbound(&mut self, id: Uuid, now: Timestamp) -> bool {
        let dialling = |leg: &Leg| leg.direction == Direction::Outbound && leg.phase == LegPhase::Dialling;
        let answered = self.advance(id, dialling, (Step::Answer, LegPhase::Connected, Line::InUse), now);
        if answered {
            self.finish_request(id, None);
        }
        answered
    }

    /// Ends one extension's legs of a call.
    pub(super) fn close_leg(&mut self, id: Uuid, extension: &str, failure: Option<Failure>, now: Timestamp) -> bool {
        let untold = self.close_silently(id, extension, failure, now);
        for end in &untold {
            self.tell_end(end, now);
        }
        !untold.is_empty()
    }

    /// Ends all legs of a call: connected ones without a failure, the others with `failure`.
    pub(super) fn close_call(&mut self, id: Uuid, failure: Failure, now: Timestamp) -> bool {
        let Some(call) = self.calls.get(&id) else { return false };
        let legs: Vec<Leg> = call.legs.clone();
        if legs.iter().all(|leg| leg.phase != LegPhase::Connected) {
            self.finish_request(id, Some(failure));
        }
        for leg in &legs {
            self.close_leg(id, &leg.extension, (leg.phase != LegPhase::Connected).then_some(failure), now);
        }
        self.calls.remove(&id);
        !legs.is_empty()
    }

    pub(super) fn cancel_setup(&mut self, id: Uuid, now: Timestamp) -> bool {
        self.calls.get(&id).is_some_and(|call| call.in_setup) && self.close_call(id, Failure::Cancel, now)
    }

    pub(super) fn tell_end(&self, end: &Untold, now: Timestamp) {
        self.tell_call(end.call, &end.leg, Step::Hangup, end.failure, now);
    }

    /// Tells a client that dialled how its request ended. The call may live on.
    pub(super) fn finish_request(&mut self, id: Uuid, failure: Option<Failure>) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        call.in_setup = false;
        if let Some(progress) = call.progress.take() {
            progress.tell(Step::End, failure);
        }
    }

    fn close_silently(&mut self, id: Uuid, extension: &str, failure: Option<Failure>, now: Timestamp) -> Vec<Untold> {
        let Some(call) = self.calls.get_mut(&id) else { return Vec::new() };
        let (ended, live) = std::mem::take(&mut call.legs).into_iter().partition(|leg| leg.extension == extension);
        call.legs = live;
        if call.legs.is_empty() {
            self.finish_request(id, failure.or(Some(Failure::Unspecified)));
            self.calls.remove(&id);
        }
        self.relight(extension, now);
        ended.into_iter().map(|leg| Untold { call: id, leg, failure }).collect()
    }

    /// Makes an extension's lamp follow its legs. A phone that is not registered stays dark.
    fn relight(&mut self, number: &str, now: Timestamp) {
        let lines = self.calls.values().flat_map(|call| &call.legs).filter(|leg| leg.extension == number);
        let line = lines.map(|leg| leg.line).max().unwrap_or(Line::Idle);
        let Some(station) = self.stations.get_mut(number) else { return };
        if station.line == line || station.line == Line::Offline {
            return;
        }
        station.line = line;
        station.updated = now;
        self.tell_line(number);
    }

    fn tell_call(&self, id: Uuid, leg: &Leg, step: Step, failure: Option<Failure>, now: Timestamp) {
        if leg.direction == Direction::Outbound
            && let Some(progress) = self.calls.get(&id).and_then(|call| call.progress.as_ref())
        {
            progress.tell(step, failure);
        }
        let event = CallEvent {
            call: id,
            extension: leg.extension.clone(),
            step,
            direction: leg.direction,
            caller: leg.parties.caller.clone(),
            caller_context: leg.parties.caller_context,
            callee: leg.parties.callee.clone(),
            callee_context: leg.parties.callee_context,
            failure,
            at: now,
        };
        for observer in self.observers_of(&event.extension) {
            observer.call(&event);
        }
    }

    fn tell_line(&self, number: &str) {
        let Some(station) = self.stations.get(number) else { return };
        let event = LineEvent {
            extension: station.number.clone(),
            line: station.line,
            presence: station.presence,
            at: station.updated,
        };
        for observer in self.observers_of(number) {
            observer.line(&event);
        }
    }

    fn observers_of(&self, extension: &str) -> impl Iterator<Item = &Arc<dyn Observer>> {
        let site = Site::of(extension);
        let here = move |of: &Option<Site>| of.is_none_or(|it| it == site);
        self.observers.iter().filter(move |(of, _)| here(of)).map(|(_, observer)| observer)
    }
}
