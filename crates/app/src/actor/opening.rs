//! From what is on disk to an actor that is usable at once.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::Duration;

use ringside_api::view::NoticeLevel;
use ringside_domain::{AccountId, LineUpdate, NumberPlan, Party};
use ringside_engine::{LastKnown, State};
use ringside_store::{Opened, Store};
use ringside_telephony::Arrived;
use rustc_hash::{FxHashMap, FxHashSet};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

use super::Actor;
use super::cards::Cards;
use super::demo::{Demo, Keeping};
use super::dials::Dials;
use super::direct_numbers::DirectNumbers;
use super::earlier::Earlier;
use super::inner::Inner;
use super::latency::Latencies;
use super::notices::Notices;
use super::number_jobs;
use super::publish::Publisher;
use super::receiver::Receiving;
use super::scenarios::Scenarios;
use super::who::Who;
use crate::handle::Start;
use crate::secrets::Secrets;
use crate::view::settings;

/// Opens the store, restores what was last known, and stands up the actor. Nothing is connected yet.
pub(super) async fn open(
    start: Start,
    inner: mpsc::Sender<Inner>,
    arrivals: mpsc::Sender<(AccountId, u64, Arrived)>,
) -> Actor {
    let now = start.clock.now();
    // The tables behind numbers take a while to be read the first time; the first ring must not wait for them.
    tokio::task::spawn_blocking(warm_up);
    let opened = store(&start.paths.data, now).await;
    let config = start.file_effective();
    let locked = start.config.locked();
    let mut engine = State::new(settings::to_engine(&config, &[]));
    let mut who = Who::default();
    restore(&opened.store, &config, &mut engine, &mut who).await;

    let earlier = Earlier::read(&opened.store, now).await;
    let Keeping { store, problem: store_problem, writes, recorder } = Keeping::begin(opened, inner.clone());
    let days = Arc::new(AtomicU32::new(config.history.days));
    let receiver = Receiving::new(start.clock.clone(), store.clone(), days.clone(), arrivals.clone(), inner.clone());
    let demo = Demo::new(Some(start.paths.demo).filter(|folder| *folder != start.paths.data));
    let mut actor = Actor {
        clock: start.clock,
        desktop: start.desktop,
        secrets: Secrets::new(start.keys),
        demo_office: start.demo,
        demo,
        version: start.version,
        user: start.user,
        seed: start.seed,
        started_at: now,
        file: start.config,
        days,
        config,
        locked,
        autostart: None,
        config_notices: start.config_errors.len(),
        look_due: Instant::now() + super::configuration::LOOK_EVERY,
        hotkeys_refused: BTreeMap::new(),
        engine,
        effects: Vec::new(),
        store,
        store_problem: store_problem.clone(),
        writes,
        recorder,
        who,
        direct_numbers: DirectNumbers::default(),
        peers: FxHashMap::default(),
        accounts: BTreeMap::new(),
        dials: Dials::default(),
        earlier,
        number_errands: TaskTracker::new(),
        scenarios: Scenarios::default(),
        cards: Cards::default(),
        open_callbacks: 0,
        unsaved: FxHashSet::default(),
        save_due: None,
        purge_due: Instant::now() + Duration::from_secs(5),
        tray: None,
        receiver,
        publisher: Publisher::default(),
        resync: false,
        latencies: Latencies::default(),
        notices: Notices::default(),
        received: None,
        inner,
        arrivals,
    };
    if let Some(problem) = store_problem {
        actor.notice("store", NoticeLevel::Warning, &problem);
    }
    for (index, error) in start.config_errors.iter().enumerate() {
        actor.notice(&format!("config.{index}"), NoticeLevel::Error, &error.problem());
    }
    actor
}

impl Start {
    fn file_effective(&self) -> crate::config::Config {
        self.config.effective()
    }
}

fn warm_up() {
    let number = ringside_domain::number::read("+4930123456", &NumberPlan::default(), &|_| false);
    if let Ok(Party::Number(number)) = number.map(|reading| reading.party) {
        tracing::trace!(shown = number.international().len(), region = number.country_region(), "numbers can be read");
    }
}

/// Opening fails only where there is no memory for a database either: there is nothing to do but to wait for some.
pub(super) async fn store(dir: &Path, now: jiff::Timestamp) -> Opened {
    loop {
        match Store::open(dir, now).await {
            Ok(opened) => {
                // Before anything is asked: what is under way in the file was so when the program ended.
                if let Err(error) = opened.store.close_unfinished().await {
                    tracing::warn!(code = error.code(), "calls that an earlier run left open were not closed");
                }
                if let Err(error) = opened.store.interrupt_jobs(&number_jobs::interrupted(), now).await {
                    tracing::warn!(code = error.code(), "what was under way with numbers was not looked at");
                }
                return opened;
            }
            Err(error) => tracing::error!(code = error.code(), "no store can be opened; trying again"),
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// What the store still knows of each configured account; all of it comes in as old.
async fn restore(store: &Store, config: &crate::config::Config, engine: &mut State, who: &mut Who) {
    let mut known: BTreeMap<AccountId, (LastKnown, jiff::Timestamp)> = config
        .accounts
        .iter()
        .map(|entry| (AccountId::new(&entry.id), (LastKnown::default(), jiff::Timestamp::UNIX_EPOCH)))
        .collect();
    for cached in or_nothing(store.load_extensions().await) {
        if let Some((last, as_of)) = known.get_mut(&cached.account) {
            last.extensions.push(cached.value);
            *as_of = (*as_of).max(cached.read_at);
        }
    }
    for (line, state) in or_nothing(store.load_lines().await) {
        if let Some((last, as_of)) = known.get_mut(&line.account) {
            last.lines.push(LineUpdate { extension: line.extension, state });
            *as_of = (*as_of).max(state.at);
        }
    }
    for cached in or_nothing(store.load_scenarios().await) {
        if let Some((last, as_of)) = known.get_mut(&cached.account) {
            last.scenarios.push(cached.value);
            *as_of = (*as_of).max(cached.read_at);
        }
    }
    for (account, (last, as_of)) in known {
        who.extensions(&account, &last.extensions);
        engine.restore(&account, last, as_of);
    }
    who.contacts(or_nothing(store.load_contacts().await));
}

fn or_nothing<T: Default>(read: Result<T, ringside_store::StoreError>) -> T {
    read.unwrap_or_else(|error| {
        tracing::warn!(code = error.code(), "something of the last known state could not be read");
        T::default()
    })
}
