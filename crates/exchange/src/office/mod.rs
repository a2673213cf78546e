//! The office behind the services: extensions, lines, calls. It knows no vendor's wire format.

mod contacts;
mod dial;
mod load;
mod model;
mod people;
mod ring;
mod truth;
mod words;

use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub(crate) use contacts::STRANGERS;
pub use contacts::{DemoContact, demo_contacts};
pub use dial::{CalleeBehaviour, CallerBehaviour, DialBehaviour, DialOrder};
pub(crate) use dial::{DialRefused, DialSpec, Progress};
pub use load::LineLoad;
use model::State;
pub(crate) use model::Station;
pub use people::NAMED_EXTENSIONS;
pub(crate) use people::{DESK, Group, Site, extension_of, public_number};
pub use ring::{CallHandle, LosingLegs, RingSpec};
pub use truth::{LegTruth, LineTruth, Snapshot};
pub(crate) use words::{CallEvent, Context, LineEvent};
pub use words::{Direction, Failure, LegPhase, Line, Presence, Step};

use crate::clock::Clock;
use crate::lock::hold;
use crate::options::{Script, Sites};
use crate::script;
use crate::services::Options;

/// The office. Cheap to clone; all clones are the same office.
#[derive(Clone)]
pub struct Office {
    inner: Arc<Inner>,
    /// Who looks at it from a service sees the extensions of its site alone.
    site: Option<Site>,
}

/// Told of everything that happens, in order and while the office stands still: take note and return at once.
pub(crate) trait Observer: Send + Sync {
    fn call(&self, event: &CallEvent);
    fn line(&self, event: &LineEvent);
}

struct Inner {
    clock: Clock,
    speed: f64,
    seed: u64,
    sites: Sites,
    state: Mutex<State>,
    dial: Mutex<dial::Plan>,
    stop: CancellationToken,
}

impl Office {
    pub(crate) fn new(options: &Options, clock: Clock, stop: CancellationToken) -> Self {
        let state = State::new(people::extensions(options.extensions, options.sites), options.seed, clock.now());
        let inner = Inner {
            clock,
            speed: if options.speed > 0.0 { options.speed } else { 1.0 },
            seed: options.seed,
            sites: options.sites,
            state: Mutex::new(state),
            dial: Mutex::new(dial::Plan::new(options.dial.clone())),
            stop,
        };
        Self { inner: Arc::new(inner), site: None }
    }

    /// The office as a service sees it that serves one site, where there are several.
    pub(crate) fn at(&self, site: Site) -> Self {
        Self { site: self.has_several_sites().then_some(site), ..self.clone() }
    }

    pub(crate) fn site(&self) -> Site {
        self.site.unwrap_or(Site::Main)
    }

    pub(crate) fn has_several_sites(&self) -> bool {
        self.inner.sites == Sites::Several
    }

    /// Starts what the options ask for.
    pub(crate) fn begin(&self, script: Script) {
        match script {
            Script::Office => self.busy_day(self.inner.seed, self.inner.speed),
            Script::Quiet => {}
        }
    }

    /// Makes an outside call ring.
    pub fn ring(&self, spec: RingSpec) -> CallHandle {
        ring::ring(self, spec)
    }

    /// Makes one extension call another from its desk phone: two legs, full public numbers on both.
    pub fn call_internally(&self, from: &str, to: &str) -> CallHandle {
        ring::call_internally(self, from, to)
    }

    /// Makes an extension call an outside number from its desk phone.
    pub fn call_out(&self, from: &str, number: &str) -> CallHandle {
        ring::call_out(self, from, number)
    }

    /// The handle of a live call, for example of one that a client dialled.
    pub fn call(&self, id: Uuid) -> Option<CallHandle> {
        self.with(|state, _| state.calls.contains_key(&id)).then(|| CallHandle::new(self.clone(), id))
    }

    /// All live calls, in no order.
    pub fn calls(&self) -> Vec<CallHandle> {
        let ids: Vec<Uuid> = self.with(|state, _| state.calls.keys().copied().collect());
        ids.into_iter().map(|id| CallHandle::new(self.clone(), id)).collect()
    }

    /// Sets what an extension's lamp shows, whatever its calls say; `false` if there is no such extension.
    pub fn set_line(&self, extension: &str, line: Line, presence: Presence) -> bool {
        self.with(|state, now| state.set_line(extension, line, presence, now))
    }

    /// Sets an extension's presence and leaves its line alone.
    pub fn set_presence(&self, extension: &str, presence: Presence) -> bool {
        self.with(|state, now| state.set_presence(extension, presence, now))
    }

    /// Adds an extension, or renames it if it is there already.
    pub fn add_extension(&self, number: &str, name: &str) {
        self.with(|state, now| state.add_extension(number, name, now));
    }

    /// Takes an extension away with its legs; `false` if there is no such extension.
    pub fn remove_extension(&self, number: &str) -> bool {
        self.with(|state, now| state.remove_extension(number, now))
    }

    /// Extension numbers and names, shortest number first.
    pub fn extensions(&self) -> Vec<(String, String)> {
        self.stand_still(|stations| {
            stations.iter().map(|station| (station.number.clone(), station.name.clone())).collect()
        })
    }

    /// The truth, to compare a client's view with.
    pub fn snapshot(&self) -> Snapshot {
        self.with(|state, _| truth::snapshot(state))
    }

    /// How calls that clients start go on from now on.
    pub fn set_dial_behaviour(&self, behaviour: DialBehaviour) {
        hold(&self.inner.dial).set(behaviour);
    }

    /// How the next call that a client starts goes on; may be called several times for the next several.
    pub fn next_dial(&self, behaviour: DialBehaviour) {
        hold(&self.inner.dial).queue(behaviour);
    }

    /// Plays an office day in the background until the exchange stops.
    pub fn busy_day(&self, seed: u64, speed: f64) {
        self.spawn(script::play(self.clone(), seed, speed));
    }

    /// Flips lines without live calls between idle and in use, `per_second` times a second, until dropped.
    pub fn line_events(&self, per_second: u32) -> LineLoad {
        load::line_events(self, per_second, &[])
    }

    /// The same, leaving the extensions in `spared` alone.
    pub fn line_events_except(&self, per_second: u32, spared: &[&str]) -> LineLoad {
        load::line_events(self, per_second, spared)
    }

    pub(crate) fn dial(&self, spec: DialSpec) -> Result<(Uuid, Progress), DialRefused> {
        if self.site.is_some_and(|site| Site::of(&spec.caller) != site) {
            return Err(DialRefused::UnknownExtension(spec.caller));
        }
        dial::dial(self, spec)
    }

    /// Ends a call that a client started, as long as its own side has not answered.
    pub(crate) fn cancel_dial(&self, call: Uuid) -> bool {
        self.with(|state, now| state.cancel_setup(call, now))
    }

    pub(crate) fn observe(&self, observer: Arc<dyn Observer>) {
        self.with(|state, _| state.observers.push((self.site, observer)));
    }

    /// Runs `look` while the office stands still, so that a snapshot and a subscription fit together.
    pub(crate) fn stand_still<T>(&self, look: impl FnOnce(&[&Station]) -> T) -> T {
        self.with(|state, _| {
            let here = |station: &&Station| self.site.is_none_or(|site| Site::of(&station.number) == site);
            let stations: Vec<&Station> = state.stations_in_order().filter(here).collect();
            look(&stations)
        })
    }

    pub(crate) fn spawn(&self, story: impl Future<Output = ()> + Send + 'static) {
        let stop = self.inner.stop.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = story => {}
            }
        });
    }

    /// A duration of life, shortened by the speed factor.
    fn scaled(&self, life: Duration) -> Duration {
        life.div_f64(self.inner.speed)
    }

    fn with<T>(&self, act: impl FnOnce(&mut State, Timestamp) -> T) -> T {
        let now = self.inner.clock.now();
        act(&mut hold(&self.inner.state), now)
    }
}
