//! The actor: one task that owns the state.
//!
//! Requests, provider events and results of its own side tasks arrive in three channels; nothing else touches the
//! state, and nothing it does waits for a disk, a network or a key store.

mod accounts;
mod agents;
mod card_facts;
mod card_notes;
mod cards;
mod configuration;
mod contacts;
mod demo;
mod diagnostics;
mod dials;
mod direct_numbers;
mod draft;
mod earlier;
mod effects;
mod events;
mod history;
mod inner;
mod journal;
mod latency;
mod notices;
mod number_jobs;
mod numbers;
mod opening;
mod own_numbers;
mod publish;
mod receiver;
mod recorder;
mod requests;
mod scenarios;
mod settings;
mod show;
mod timers;
mod who;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use ringside_api::view::{HotkeyRefused, NoticeLevel};
use ringside_api::{ApiError, ApiEvent, Reply};
use ringside_domain::{AccountId, ExtensionId, LineId, Problem, Timestamp};
use ringside_engine::{Effect, State};
use ringside_store::Store;
use ringside_telephony::Arrived;
use rustc_hash::{FxHashMap, FxHashSet};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

use crate::clock::Clock;
use crate::config::{Config, ConfigFile};
use crate::demo::DemoOffice;
use crate::desktop::{Desktop, TrayState};
use crate::handle::{Asked, Handle, Start};
use crate::secrets::Secrets;

use accounts::Account;
use cards::Cards;
use demo::Demo;
use dials::Dials;
use earlier::Earlier;
use inner::{Inner, ReplyTo, Write};
use latency::Latencies;
use notices::Notices;
use publish::Publisher;
use receiver::Receiving;
use scenarios::Scenarios;
use who::Who;

/// Requests and results that may wait before their senders do.
const QUEUE: usize = 1_024;

/// Writes that may wait for the disk before some are given up, with a notice.
const WRITES: usize = 8_192;

pub(crate) struct Actor {
    clock: Arc<dyn Clock>,
    desktop: Arc<dyn Desktop>,
    secrets: Secrets,
    demo_office: Option<Arc<dyn DemoOffice>>,
    demo: Demo,
    version: &'static str,
    user: String,
    seed: u64,
    started_at: Timestamp,

    file: ConfigFile,
    /// What holds: the file with the policy over it.
    config: Config,
    locked: Vec<String>,
    /// Whether the app starts with the session, as the session's own list says.
    autostart: Option<bool>,
    /// Mistakes of the configuration that are told.
    config_notices: usize,
    look_due: Instant,
    hotkeys_refused: BTreeMap<String, HotkeyRefused>,

    engine: State,
    effects: Vec<Effect>,
    store: Store,
    store_problem: Option<Problem>,
    writes: mpsc::Sender<Write>,
    recorder: JoinHandle<()>,
    who: Who,
    direct_numbers: direct_numbers::DirectNumbers,
    /// Who each line is talking to, so that a lamp finds its peer without a search.
    peers: FxHashMap<LineId, ringside_domain::LegKey>,
    accounts: BTreeMap<AccountId, Account>,
    dials: Dials,
    earlier: Earlier,
    /// Steps about numbers whose answers are still to be written.
    number_errands: TaskTracker,
    scenarios: Scenarios,
    cards: Cards,
    open_callbacks: u32,
    /// Line states to be written for the next start without a network.
    unsaved: FxHashSet<LineId>,
    save_due: Option<Instant>,
    purge_due: Instant,
    /// The days of history that are kept, for those who read beside the actor.
    days: Arc<AtomicU32>,
    tray: Option<TrayState>,
    receiver: Receiving,

    publisher: Publisher,
    resync: bool,
    latencies: Latencies,
    notices: Notices,

    /// When the event being handled left the socket.
    received: Option<Instant>,
    inner: mpsc::Sender<Inner>,
    /// With the generation of the connection they came by.
    arrivals: mpsc::Sender<(AccountId, u64, Arrived)>,
}

pub(crate) async fn start(start: Start) -> Handle {
    let (inputs, asked) = mpsc::channel(QUEUE);
    let (inner, results) = mpsc::channel(QUEUE);
    let (arrivals, arrived) = mpsc::channel(QUEUE);
    let stop = tokio_util::sync::CancellationToken::new();
    let actor = opening::open(start, inner, arrivals).await;
    tokio::spawn(actor.run(asked, results, arrived));
    Handle { inputs, stop }
}

impl Actor {
    async fn run(
        mut self,
        mut asked: mpsc::Receiver<Asked>,
        mut results: mpsc::Receiver<Inner>,
        mut arrived: mpsc::Receiver<(AccountId, u64, Arrived)>,
    ) {
        self.begin();
        loop {
            let due = self.next_due();
            let sleep = async {
                match due {
                    Some(at) => tokio::time::sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                Some((account, generation, event)) = arrived.recv() => {
                    self.arrived(account, generation, event);
                    // A burst is taken as one before anybody else is served, but not for ever.
                    for _ in 0..256 {
                        let Ok((account, generation, event)) = arrived.try_recv() else { break };
                        self.arrived(account, generation, event);
                    }
                }
                Some(result) = results.recv() => self.result(result),
                asked = asked.recv() => match asked {
                    Some(Asked::Request { request, reply }) => self.request(*request, reply),
                    Some(Asked::Subscribe { topics, events }) => self.publisher.subscribe(topics, events),
                    Some(Asked::Settings { reply }) => {
                        // Whoever asked may have gone.
                        let _ = reply.send(self.settings_view());
                    }
                    Some(Asked::Stop { done }) => {
                        self.end(results).await;
                        // Whoever asked may have gone.
                        let _ = done.send(());
                        return;
                    }
                    None => {
                        self.end(results).await;
                        return;
                    }
                },
                () = sleep => {}
            }
            self.on_time();
        }
    }

    /// Ends the links and writes what is still to be written.
    async fn end(mut self, results: mpsc::Receiver<Inner>) {
        self.save_lines();
        // What costs money is asked for once: an answer that is about to come is worth a moment.
        self.number_errands.close();
        if tokio::time::timeout(number_jobs::PATIENCE_AT_END, self.number_errands.wait()).await.is_err() {
            tracing::warn!(code = "number_job_unconfirmed", "the app closes before a service answered about a number");
        }
        for account in self.accounts.values() {
            account.stop.cancel();
        }
        let Self { recorder, writes, demo, receiver, .. } = self;
        receiver.end().await;
        recorder::end(results, writes, std::iter::once(recorder).chain(demo.leave())).await;
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn publish(&mut self, event: ApiEvent) {
        self.publisher.send(event);
    }

    fn write(&mut self, write: Write) {
        if self.writes.try_send(write).is_err() {
            let problem = Problem::new(
                "history_overrun",
                "The disk is too slow. Some calls are missing from the history",
                "Check the disk. Ringside still shows calls.",
            );
            self.notice("store", NoticeLevel::Warning, &problem);
        }
    }

    fn notice(&mut self, topic: &str, level: NoticeLevel, problem: &Problem) {
        let at = self.now();
        if let Some(notice) = self.notices.put(topic, level, at, problem) {
            self.publish(ApiEvent::Notice { notice });
        }
    }

    fn unnotice(&mut self, topic: &str) {
        if self.notices.remove(topic) {
            self.publish(ApiEvent::NoticeGone { id: topic.to_owned() });
        }
    }

    /// Work beside the actor whose answer goes straight to the one who asked.
    fn later(&self, reply: ReplyTo, work: impl Future<Output = Result<Reply, ApiError>> + Send + 'static) {
        tokio::spawn(async move {
            // Whoever asked may have gone.
            let _ = reply.send(work.await);
        });
    }

    /// Work beside the actor whose result it needs itself.
    fn beside(&self, work: impl Future<Output = Inner> + Send + 'static) {
        let inner = self.inner.clone();
        tokio::spawn(async move {
            // An actor that is gone needs it no more.
            let _ = inner.send(work.await).await;
        });
    }

    fn extension_name(&self, account: &AccountId, extension: &ExtensionId) -> String {
        let line = LineId { account: account.clone(), extension: extension.clone() };
        self.engine.line(&line).map_or_else(String::new, |line| line.extension.name.as_str().to_owned())
    }

    /// Reads a number as this account's users write it.
    fn is_extension(&self, account: &AccountId, digits: &str) -> bool {
        self.engine.line(&LineId::new(account.clone(), digits)).is_some()
    }
}

fn answer(reply: ReplyTo, result: Result<Reply, ApiError>) {
    // Whoever asked may have gone; what was done stands.
    let _: Result<(), _> = oneshot::Sender::send(reply, result);
}

fn refuse(code: &'static str, message: impl Into<String>, hint: &'static str) -> ApiError {
    Problem::new(code, message.into(), hint).into()
}
