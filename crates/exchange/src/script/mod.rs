//! The office day: who calls whom, and how it ends.
//!
//! One task works off an agenda, so that the same seed and speed give the same day as long as nobody interferes.

mod draw;

use std::collections::BTreeMap;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tokio::time::Instant;

use crate::office::{CallHandle, DESK, Group, Line, Office, Presence, RingSpec, Site, demo_contacts};
use draw::{Draw, Outcome};

/// Plays the day until dropped.
pub(crate) async fn play(office: Office, seed: u64, speed: f64) {
    let speed = if speed > 0.0 { speed } else { 1.0 };
    let started = Instant::now();
    let mut day = Day::new(office, seed);
    day.open();
    while let Some(((due, _), act)) = day.agenda.pop_first() {
        tokio::time::sleep_until(started + due.div_f64(speed)).await;
        day.now = due;
        day.perform(act);
    }
}

struct Day {
    office: Office,
    draw: Draw,
    /// Time of life since the start.
    now: Duration,
    agenda: BTreeMap<(Duration, u64), Act>,
    planned: u64,
}

enum Act {
    /// A call somewhere in the office, and the next of these.
    Call,
    /// A call to the desk that the demo shows, and the next of these.
    CallDesk,
    /// Somebody gets up or comes back, and the next of these.
    Presence,
    Back(String),
    Answer(CallHandle, String, Duration),
    CalleeAnswers(CallHandle, Duration),
    Transfer(CallHandle, String, Duration),
    HangUp(CallHandle),
    TimeOut(CallHandle),
    Reject(CallHandle),
    Busy(CallHandle),
}

const SECOND: Duration = Duration::from_secs(1);

impl Day {
    fn new(office: Office, seed: u64) -> Self {
        let draw = Draw::new(StdRng::seed_from_u64(seed ^ 0x6461_7973));
        Self { office, draw, now: Duration::ZERO, agenda: BTreeMap::new(), planned: 0 }
    }

    /// The office as it is when the curtain rises: some already talk, some are away.
    fn open(&mut self) {
        self.office.set_presence("25", Presence::Dnd);
        self.office.set_presence("28", Presence::Away);
        self.office.set_line("30", Line::Offline, Presence::Offline);
        self.office.set_presence("44", Presence::Busy);
        self.office.set_presence("203", Presence::Away);
        let talking = self.office.extensions().len() / 7;
        for _ in 0..talking.min(500) {
            let Some(extension) = self.free_extension(None) else { break };
            let call = self.office.ring(self.draw.caller(RingSpec::to(extension.clone())));
            call.answer(&extension);
            let left = self.draw.seconds(20..400);
            self.plan(left, Act::HangUp(call));
        }
        self.plan(2 * SECOND, Act::Call);
        self.plan(8 * SECOND, Act::CallDesk);
        self.plan(20 * SECOND, Act::Presence);
    }

    fn plan(&mut self, after: Duration, act: Act) {
        self.planned += 1;
        self.agenda.insert((self.now + after, self.planned), act);
    }

    fn perform(&mut self, act: Act) {
        match act {
            Act::Call => {
                self.one_call();
                let pause = self.pause_between_calls();
                self.plan(pause, Act::Call);
            }
            Act::CallDesk => {
                self.call_the_desk();
                let pause = self.draw.seconds(60..150);
                self.plan(pause, Act::CallDesk);
            }
            Act::Presence => {
                self.somebody_gets_up();
                let pause = self.draw.seconds(20..70);
                self.plan(pause, Act::Presence);
            }
            Act::Back(extension) => {
                self.office.set_presence(&extension, Presence::Available);
            }
            Act::Answer(call, extension, talk) => self.answered(call, &extension, talk),
            Act::CalleeAnswers(call, talk) => {
                if call.callee_answers() {
                    self.plan(talk, Act::HangUp(call));
                }
            }
            Act::Transfer(call, from, talk) => self.hand_over(call, &from, talk),
            Act::HangUp(call) => drop(call.hang_up()),
            Act::TimeOut(call) => drop(call.time_out()),
            Act::Reject(call) => drop(call.reject()),
            Act::Busy(call) => drop(call.busy()),
        }
    }

    fn one_call(&mut self) {
        match self.draw.rng.random_range(0..100) {
            0..42 => self.inbound_to_one(),
            42..66 => self.inbound_to_group(),
            66..86 => self.outbound(),
            _ => self.internal(),
        }
    }

    fn inbound_to_one(&mut self) {
        let Some(extension) = self.free_extension(None) else { return };
        let call = self.office.ring(self.draw.caller(RingSpec::to(extension.clone())));
        self.goes_on(call, extension);
    }

    fn inbound_to_group(&mut self) {
        let there = |group: &Group| !self.free_extensions(Some(*group)).is_empty();
        let groups: Vec<Group> = Group::ALL.into_iter().filter(there).collect();
        if groups.is_empty() {
            return;
        }
        let group = self.draw.pick(&groups);
        let mut members = self.free_extensions(Some(group));
        let size = self.draw.rng.random_range(2..=5).min(members.len());
        let mut rung = Vec::new();
        for _ in 0..size {
            rung.push(members.swap_remove(self.draw.rng.random_range(0..members.len())));
        }
        let Some(first) = rung.first().cloned() else { return };
        let spec = RingSpec::to_group(rung).dialled(group.hotline()).losing(self.draw.losing());
        let call = self.office.ring(self.draw.caller(spec));
        self.goes_on(call, first);
    }

    fn outbound(&mut self) {
        let Some(extension) = self.free_extension(None) else { return };
        let number = self.draw.outside_number();
        let call = self.office.call_out(&extension, &number);
        let talk = self.draw.talk();
        match self.draw.outcome() {
            Outcome::Answered(after) => self.plan(after, Act::CalleeAnswers(call, talk)),
            Outcome::Missed(after) => self.plan(after, Act::TimeOut(call)),
            Outcome::Rejected(after) => self.plan(after, Act::Busy(call)),
        }
    }

    fn internal(&mut self) {
        let mut free = self.free_extensions(None);
        let Some(from) = self.one_of(free.clone()) else { return };
        free.retain(|it| *it != from && Site::of(it) == Site::of(&from));
        let Some(to) = self.one_of(free) else { return };
        let call = self.office.call_internally(&from, &to);
        self.goes_on(call, to);
    }

    /// The demo's own desk: a customer that the directory knows, most of the time.
    fn call_the_desk(&mut self) {
        if !self.free_extensions_and_desk().iter().any(|it| it == DESK) {
            return;
        }
        let spec = if self.planned < 200 && self.now < 10 * SECOND {
            let first = demo_contacts().first().map(|it| it.number.trim_start_matches('+').to_owned());
            RingSpec { from: first, ..RingSpec::to(DESK) }
        } else {
            self.draw.caller(RingSpec::to(DESK))
        };
        let call = self.office.ring(spec);
        if self.draw.rng.random_bool(0.6) {
            let talk = self.draw.seconds(15..60);
            let after = self.draw.seconds(8..14);
            self.plan(after, Act::Answer(call, DESK.into(), talk));
        } else {
            let after = self.draw.seconds(16..26);
            self.plan(after, Act::TimeOut(call));
        }
    }

    fn goes_on(&mut self, call: CallHandle, extension: String) {
        let talk = self.draw.talk();
        match self.draw.outcome() {
            Outcome::Answered(after) => self.plan(after, Act::Answer(call, extension, talk)),
            Outcome::Missed(after) => self.plan(after, Act::HangUp(call)),
            Outcome::Rejected(after) => self.plan(after, Act::Reject(call)),
        }
    }

    fn answered(&mut self, call: CallHandle, extension: &str, talk: Duration) {
        if !call.answer(extension) {
            return;
        }
        if self.draw.rng.random_bool(0.1) {
            self.plan(talk / 2, Act::Transfer(call, extension.into(), talk / 2));
        } else {
            self.plan(talk, Act::HangUp(call));
        }
    }

    /// Within the site: another has another service.
    fn hand_over(&mut self, call: CallHandle, from: &str, talk: Duration) {
        let mut free = self.free_extensions(None);
        free.retain(|it| Site::of(it) == Site::of(from));
        let Some(extension) = self.one_of(free) else {
            self.plan(talk, Act::HangUp(call));
            return;
        };
        if call.transfer(&extension) {
            let after = self.draw.seconds(3..9);
            self.plan(after, Act::Answer(call, extension, talk));
        }
    }

    fn somebody_gets_up(&mut self) {
        let Some(extension) = self.free_extension(None) else { return };
        let presence = self.draw.pick(&[Presence::Away, Presence::Away, Presence::Busy, Presence::Dnd]);
        self.office.set_presence(&extension, presence);
        let back = self.draw.seconds(120..1200);
        self.plan(back, Act::Back(extension));
    }

    /// About every fifth person is on the telephone.
    fn pause_between_calls(&mut self) -> Duration {
        let people = self.office.extensions().len().max(1);
        let usual = (900.0 / people as f64).max(0.2);
        Duration::from_secs_f64(usual * self.draw.rng.random_range(0.4..1.6))
    }

    fn free_extension(&mut self, group: Option<Group>) -> Option<String> {
        let free = self.free_extensions(group);
        self.one_of(free)
    }

    fn one_of(&mut self, mut extensions: Vec<String>) -> Option<String> {
        if extensions.is_empty() {
            return None;
        }
        Some(extensions.swap_remove(self.draw.rng.random_range(0..extensions.len())))
    }

    fn free_extensions(&self, group: Option<Group>) -> Vec<String> {
        let mut free = self.free_extensions_and_desk();
        free.retain(|it| it != DESK && group.is_none_or(|group| group.has(it)));
        free
    }

    fn free_extensions_and_desk(&self) -> Vec<String> {
        self.office.stand_still(|stations| {
            let free = stations.iter().filter(|it| it.line == Line::Idle && it.presence == Presence::Available);
            free.map(|station| station.number.clone()).collect()
        })
    }
}
