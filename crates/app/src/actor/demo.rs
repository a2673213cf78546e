//! Looking around on the demo exchange: pretended accounts, and a store of their own, so that what happens in the demo
//! never stands in anybody's history.

use std::path::PathBuf;

use ringside_api::{ApiEvent, Reply};
use ringside_domain::{AccountId, Problem};
use ringside_store::{Opened, Store};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::inner::{Inner, ReplyTo, Write};
use super::recorder::Recorder;
use super::{Actor, WRITES, answer, opening, refuse};
use crate::demo::DemoSetup;

/// What the actor knows of the demo.
#[derive(Default)]
pub(super) struct Demo {
    folder: Option<PathBuf>,
    /// Lines that are mine for as long as it runs.
    pub mine: Vec<String>,
    pub groups: Vec<crate::config::BoardGroup>,
    /// The user's own store, put aside while the demo runs.
    home: Option<Keeping>,
}

pub(super) fn keeps_no_accounts() -> ringside_api::ApiError {
    let hint = "Leave the demo first, then connect the account.";
    refuse("demo_window", "the demo keeps no accounts of your own", hint)
}

/// A store and the task that writes to it.
pub(super) struct Keeping {
    pub store: Store,
    pub problem: Option<Problem>,
    pub writes: mpsc::Sender<Write>,
    pub recorder: JoinHandle<()>,
}

impl Keeping {
    pub fn begin(opened: Opened, inner: mpsc::Sender<Inner>) -> Self {
        let Opened { store, notice } = opened;
        let (writes, queue) = mpsc::channel(WRITES);
        let recorder = tokio::spawn(Recorder::new(store.clone(), inner).run(queue));
        Self { store, problem: notice, writes, recorder }
    }
}

impl Demo {
    /// `folder`: where it keeps its history, unless the whole app is the demo.
    pub fn new(folder: Option<PathBuf>) -> Self {
        Self { folder, ..Self::default() }
    }

    /// The whole app is the demo: what is connected here would be found by no later start.
    pub fn is_whole_app(&self) -> bool {
        self.folder.is_none()
    }

    /// The task that still writes to the store that was put aside.
    pub fn leave(self) -> Option<JoinHandle<()>> {
        self.home.map(|home| home.recorder)
    }
}

impl Actor {
    pub(super) fn start_demo(&mut self, reply: ReplyTo) {
        let Some(office) = self.demo_office.clone() else {
            let error = refuse("no_demo", "this build has no demo exchange", "Connect an account instead.");
            return answer(reply, Err(error));
        };
        if self.accounts.values().any(|account| !account.demo) {
            let error = refuse(
                "demo_beside_accounts",
                "the demo can't run beside your own accounts",
                "Run `ringside demo` to open it in its own window.",
            );
            return answer(reply, Err(error));
        }
        let folder = self.demo.folder.clone().filter(|_| self.demo.home.is_none());
        let (inner, now) = (self.inner.clone(), self.now());
        tokio::spawn(async move {
            let setup = office.open().await;
            let opened = match (&setup, folder) {
                (Ok(_), Some(folder)) => Some(opening::store(&folder, now).await),
                _ => None,
            };
            // An actor that is gone needs no demo.
            let _ = inner.send(Inner::Demo { setup, opened, reply }).await;
        });
    }

    pub(super) fn demo_opened(&mut self, setup: anyhow::Result<DemoSetup>, opened: Option<Opened>, reply: ReplyTo) {
        let setup = match setup {
            Ok(setup) => setup,
            Err(error) => {
                let error = refuse(
                    "demo_failed",
                    format!("the demo exchange could not be started: {error:#}"),
                    "Try again; it needs a free port on this computer.",
                );
                return answer(reply, Err(error));
            }
        };
        if let Some(opened) = opened.filter(|_| self.demo.home.is_none()) {
            let home = self.keep_in(Keeping::begin(opened, self.inner.clone()));
            self.demo.home = Some(home);
        }
        self.demo.mine = setup.mine;
        self.demo.groups = setup.groups;
        self.who.demo(setup.contacts);
        self.use_settings();
        for (entry, secret) in setup.accounts {
            self.secrets.keep_for_session(&entry.id, secret);
            self.add(entry, true);
        }
        answer(reply, Ok(Reply::Done {}));
    }

    /// Takes the demo's accounts away and goes back to the user's own history; without a demo, nothing.
    pub(super) fn end_demo(&mut self) {
        let ids: Vec<AccountId> = self.accounts.iter().filter(|(_, it)| it.demo).map(|(id, _)| id.clone()).collect();
        if ids.is_empty() && self.demo.mine.is_empty() {
            return;
        }
        for id in ids {
            self.disconnect(&id);
        }
        self.demo.mine.clear();
        self.demo.groups.clear();
        self.who.demo(Vec::new());
        if let Some(home) = self.demo.home.take() {
            // What the demo still has to write is written; its recorder ends with its queue.
            drop(self.keep_in(home));
        }
        self.use_settings();
    }

    /// Keeps everything in another store from now on; hosts read anew. Returns the one before.
    fn keep_in(&mut self, keeping: Keeping) -> Keeping {
        let Keeping { store, problem, writes, recorder } = keeping;
        let before = Keeping {
            store: std::mem::replace(&mut self.store, store),
            problem: std::mem::replace(&mut self.store_problem, problem),
            writes: std::mem::replace(&mut self.writes, writes),
            recorder: std::mem::replace(&mut self.recorder, recorder),
        };
        self.unnotice("store");
        if let Some(problem) = self.store_problem.clone() {
            self.notice("store", ringside_api::view::NoticeLevel::Warning, &problem);
        }
        self.begin_store();
        self.doors_changed();
        self.read_contacts();
        self.publish(ApiEvent::HistoryReset {});
        self.resync_soon();
        before
    }
}
