//! Events on their way to the pages.
//!
//! Each page gets an order of its own, without gaps: the pop-up window is spared the events of lines, and the host adds
//! some of its own, such as which view to show. A page's snapshot takes its place in that same order.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ringside_api::view::{Snapshot, ViewName};
use ringside_api::{ApiEvent, Envelope};
use ringside_app::{Subscription, Topics};
use tauri::async_runtime::JoinHandle;
use tauri::ipc::Channel;

use super::allowed::Page;
use super::core::Core;

/// Where one page's events go.
struct Feed {
    /// The place of the event sent last.
    seq: u64,
    to: Channel<Vec<Envelope>>,
    task: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct State {
    feeds: HashMap<&'static str, Feed>,
    /// What the main page is to show once it is there.
    show: Option<(ViewName, Option<String>)>,
    /// The main page has its snapshot.
    ready: bool,
}

/// Cheap to clone; all clones are the same.
#[derive(Clone, Default)]
pub struct Feeds {
    state: Arc<Mutex<State>>,
}

impl Page {
    fn topics(self) -> Topics {
        match self {
            Self::Main => Topics::All,
            Self::Card => Topics::Cards,
        }
    }
}

impl Feeds {
    /// Sends the page events from now on. A page that was loaded again takes the place of the one before.
    pub async fn subscribe(&self, page: Page, core: &Core, to: Channel<Vec<Envelope>>) {
        self.end(page);
        let events = core.handle().await.subscribe(page.topics()).await;
        self.lock().feeds.insert(page.label(), Feed { seq: 0, to, task: None });
        let task = tauri::async_runtime::spawn(self.clone().carry(page, events));
        if let Some(feed) = self.lock().feeds.get_mut(page.label()) {
            feed.task = Some(task);
        }
    }

    /// The page is gone.
    pub fn end(&self, page: Page) {
        let mut state = self.lock();
        if page == Page::Main {
            state.ready = false;
        }
        if let Some(task) = state.feeds.remove(page.label()).and_then(|feed| feed.task) {
            task.abort();
        }
    }

    /// The place in the page's order before a snapshot is asked for: what comes after it is newer or is in both.
    pub fn place(&self, page: Page) -> u64 {
        self.lock().feeds.get(page.label()).map_or(0, |feed| feed.seq)
    }

    /// Puts the snapshot into the page's order, takes out what the page does not show, and makes the rest small.
    pub fn fit(page: Page, place: u64, snapshot: &mut Snapshot) {
        snapshot.seq = place;
        if page == Page::Card {
            snapshot.lines = Vec::new();
            snapshot.legs = Vec::new();
            snapshot.dials = Vec::new();
            snapshot.accounts = Vec::new();
            snapshot.scenarios = Vec::new();
            snapshot.notices = Vec::new();
        }
        snapshot.pack();
    }

    /// The main page has its snapshot: it can be told what to show.
    pub fn ready(&self) {
        let mut state = self.lock();
        state.ready = true;
        state.tell();
    }

    /// Has the main page show a view, now or when it is there.
    pub fn show(&self, view: ViewName, text: Option<String>) {
        let mut state = self.lock();
        state.show = Some((view, text));
        state.tell();
    }

    /// The same, unless the main page is there: it hears of it from the core then.
    pub fn show_later(&self, view: ViewName, text: Option<&str>) {
        let mut state = self.lock();
        if !state.ready && state.show.is_none() {
            state.show = Some((view, text.map(str::to_owned)));
        }
    }

    async fn carry(self, page: Page, mut events: Subscription) {
        while let Some(batch) = events.next().await {
            if !self.lock().send(page, batch.into_iter().map(|envelope| envelope.event)) {
                return;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// `false` once the page is gone.
    fn send(&mut self, page: Page, events: impl Iterator<Item = ApiEvent>) -> bool {
        let Some(feed) = self.feeds.get_mut(page.label()) else { return false };
        let envelopes = events.map(|event| {
            feed.seq += 1;
            Envelope { seq: feed.seq, event }
        });
        let envelopes: Vec<_> = envelopes.collect();
        feed.to.send(envelopes).is_ok()
    }

    fn tell(&mut self) {
        if !self.ready {
            return;
        }
        if let Some((view, text)) = self.show.take() {
            self.send(Page::Main, std::iter::once(ApiEvent::Show { view, text }));
        }
    }
}

#[cfg(test)]
#[path = "feed_tests.rs"]
mod tests;
