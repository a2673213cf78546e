//! Who is on which call, as last told. The service tells extensions, not calls: what changed is found out here.

use std::collections::{HashMap, VecDeque};

use ringside_domain::{
    CallId, Direction, EndCause, Event, ExtensionId, LegStep, LegUpdate, LineState, LineStatus, LineUpdate, Party,
    Presence, Timestamp,
};

/// A report that is so many seconds older than the last one was overtaken by it; one that is older still comes from a
/// server whose clock was set back.
const OVERTAKEN: i64 = 60;
/// How many calls that are over an extension remembers, so that a report overtaken by their end opens none again.
const REMEMBERED: usize = 8;
/// More extensions than any one company has; beyond it new ones are not taken up, so that a mad server cannot eat the
/// memory.
const MOST: usize = 100_000;

/// What was told of one extension.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    pub extension: ExtensionId,
    /// All its calls; `None` where the report says nothing of them.
    pub legs: Option<Vec<Told>>,
    /// Some of its calls could not be read: none of those that are missing may be taken for over.
    pub partial: bool,
    /// Its telephone is not registered.
    pub offline: bool,
    pub presence: Presence,
    /// The service's own code for what the user says of themselves.
    pub status: Option<String>,
    /// What the service calls its user.
    pub user: Option<String>,
    pub at: Timestamp,
    /// The server's seconds, which order its reports.
    pub server: Option<i64>,
    pub ending: Option<Ending>,
}

/// One call, as an extension has it. The step is never an end.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    pub call: CallId,
    pub direction: Option<Direction>,
    pub step: LegStep,
    pub remote: Party,
    pub our_number: Party,
    pub at: Timestamp,
}

/// Why a call has left its extension.
#[derive(Clone, Debug, PartialEq)]
pub struct Ending {
    /// `None`: whichever has left.
    pub call: Option<CallId>,
    pub cause: EndCause,
}

#[derive(Default)]
pub struct Board {
    desks: HashMap<ExtensionId, Desk>,
    /// Calls of our own that may not have been told yet, newest last.
    placed: VecDeque<(ExtensionId, CallId)>,
    /// Reports come, so that what is known is true.
    current: bool,
}

#[derive(Default)]
struct Desk {
    legs: Vec<Told>,
    line: Option<LineState>,
    user: Option<String>,
    status: Option<String>,
    server: Option<i64>,
    /// Calls that have left, and when by the server's seconds.
    over: VecDeque<(CallId, Option<i64>)>,
}

impl Board {
    /// One extension was told. What is new of it: its legs, then its line.
    pub fn take(&mut self, reading: Reading) -> Vec<Event> {
        let extension = reading.extension.clone();
        if self.desks.len() >= MOST && !self.desks.contains_key(&extension) {
            return Vec::new();
        }
        let desk = self.desks.entry(extension.clone()).or_default();
        if desk.is_overtaken(&reading) {
            return Vec::new();
        }
        let mut events = desk.legs_told(&reading, false);
        let state = desk.see(&reading);
        let before = desk.line.replace(state);
        if before.is_none_or(|before| before.status != state.status || before.presence != state.presence) {
            events.push(Event::Line(LineUpdate { extension, state }));
        }
        events
    }

    /// All extensions were told at once: their lines as one reading, then what is new of their legs.
    pub fn replace(&mut self, readings: Vec<Reading>, at: Timestamp) -> Vec<Event> {
        let blind = !std::mem::replace(&mut self.current, true);
        let mut before = std::mem::take(&mut self.desks);
        let (mut lines, mut legs) = (Vec::with_capacity(readings.len()), Vec::new());
        for reading in readings.into_iter().take(MOST) {
            let mut desk = before.remove(&reading.extension).unwrap_or_default();
            if !desk.is_overtaken(&reading) {
                legs.extend(desk.legs_told(&reading, blind));
                desk.line = Some(desk.see(&reading));
            }
            if let Some(state) = desk.line {
                lines.push(LineUpdate { extension: reading.extension.clone(), state });
            }
            self.desks.insert(reading.extension, desk);
        }
        for (extension, desk) in before {
            legs.extend(desk.legs.iter().map(|leg| leg.ended(&extension, EndCause::Normal, at)));
        }
        let mut events = vec![Event::Lines(lines)];
        events.append(&mut legs);
        events
    }

    /// Another server tells from now on: its clock says nothing of what the last one told.
    pub fn begin(&mut self) {
        for desk in self.desks.values_mut() {
            desk.server = None;
            desk.over.iter_mut().for_each(|(_, server)| *server = None);
        }
    }

    /// Nobody tells any more.
    pub fn lose(&mut self) {
        self.current = false;
    }

    /// We have placed a call: it is on the extension, whether that has been told already or not.
    pub fn placed(&mut self, extension: &ExtensionId, call: &CallId) {
        self.placed.push_back((extension.clone(), call.clone()));
        if self.placed.len() > REMEMBERED {
            self.placed.pop_front();
        }
    }

    /// Whether the call is on the extension; `None` where that is not known now. A call that was never told of may be
    /// under way, unless the extension is on another one.
    pub fn holds(&self, extension: &ExtensionId, call: &CallId) -> Option<bool> {
        let desk = self.desks.get(extension).filter(|_| self.current)?;
        if desk.legs.iter().any(|leg| leg.call == *call) {
            return Some(true);
        }
        let over = desk.over.iter().any(|(over, _)| over == call);
        let ours = self.placed.iter().any(|(on, placed)| on == extension && placed == call);
        (over || !ours && !desk.legs.is_empty()).then_some(false)
    }

    /// What the service calls the extension's user.
    pub fn user(&self, extension: &ExtensionId) -> Option<String> {
        self.desks.get(extension)?.user.clone()
    }

    /// The code of the status the extension's user is in; `None` where that is not known now.
    pub fn status(&self, extension: &ExtensionId) -> Option<String> {
        self.desks.get(extension).filter(|_| self.current)?.status.clone()
    }
}

impl Desk {
    fn is_overtaken(&self, reading: &Reading) -> bool {
        match (reading.server, self.server) {
            (Some(told), Some(known)) => told < known && known.saturating_sub(told) <= OVERTAKEN,
            _ => false,
        }
    }

    /// `blind`: nobody looked for a while. A call that is gone then is ended only where the line does not say so.
    fn legs_told(&mut self, reading: &Reading, blind: bool) -> Vec<Event> {
        let Some(told) = &reading.legs else { return Vec::new() };
        let extension = &reading.extension;
        let same_second = reading.server.is_some() && reading.server == self.server;
        let mut events = Vec::new();
        let mut now = Vec::with_capacity(told.len());
        for leg in told {
            let over = |(call, server): &(CallId, Option<i64>)| *call == leg.call && *server == reading.server;
            if reading.server.is_some() && self.over.iter().any(over) {
                continue;
            }
            let known = self.legs.iter().find(|known| known.call == leg.call);
            if let Some(known) = known.filter(|known| same_second && leg.goes_back_behind(known)) {
                now.push(known.clone());
                continue;
            }
            if known.is_none_or(|known| known.differs(leg)) {
                events.push(leg.update(extension));
            }
            now.push(leg.clone());
        }
        let mut gone: Vec<Told> = std::mem::replace(&mut self.legs, now);
        gone.retain(|leg| !self.legs.iter().any(|live| live.call == leg.call));
        if reading.partial {
            self.legs.append(&mut gone);
        }
        for leg in &gone {
            self.over.push_back((leg.call.clone(), reading.server));
            if self.over.len() > REMEMBERED {
                self.over.pop_front();
            }
            let said = reading.ending.as_ref().filter(|it| it.call.as_ref().is_none_or(|call| *call == leg.call));
            if !blind || !self.legs.is_empty() {
                let cause = said.map_or(EndCause::Normal, |it| it.cause);
                events.push(leg.ended(extension, cause, reading.at));
            }
        }
        events
    }

    fn see(&mut self, reading: &Reading) -> LineState {
        self.server = reading.server.or(self.server);
        self.user = reading.user.clone().or(self.user.take());
        self.status = reading.status.clone().or(self.status.take());
        let steps = || self.legs.iter().map(|leg| (leg.step, leg.direction));
        let status = if steps().any(|(step, _)| matches!(step, LegStep::Connected | LegStep::Dialing)) {
            LineStatus::Busy
        } else if steps().any(|(step, _)| step == LegStep::Ringing) {
            LineStatus::Ringing
        } else if !self.legs.is_empty() {
            // A status we do not know: something is going on, and nobody can say what.
            LineStatus::Unknown
        } else if reading.offline {
            LineStatus::Offline
        } else {
            LineStatus::Idle
        };
        LineState { status, presence: reading.presence, at: reading.at }
    }
}

impl Told {
    fn update(&self, extension: &ExtensionId) -> Event {
        Event::Leg(LegUpdate {
            call: self.call.clone(),
            extension: extension.clone(),
            direction: self.direction,
            step: self.step,
            remote: self.remote.clone(),
            our_number: self.our_number.clone(),
            at: self.at,
        })
    }

    fn ended(&self, extension: &ExtensionId, cause: EndCause, at: Timestamp) -> Event {
        let ended = Self { step: LegStep::Ended(cause), at: at.max(self.at), ..self.clone() };
        ended.update(extension)
    }

    fn differs(&self, other: &Self) -> bool {
        self.step != other.step
            || self.direction != other.direction
            || self.remote != other.remote
            || self.our_number != other.our_number
    }

    /// Within one second of the server's, the order of reports is anybody's guess.
    fn goes_back_behind(&self, known: &Self) -> bool {
        known.step == LegStep::Connected && self.step != LegStep::Connected
    }
}

#[cfg(test)]
#[path = "board_tests.rs"]
mod tests;
