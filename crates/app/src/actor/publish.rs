//! Telling the hosts: one order, lines gathered a moment, slow readers told to start over.

use std::time::Duration;

use ringside_api::{ApiEvent, Envelope};
use ringside_domain::LineId;
use rustc_hash::FxHashSet;
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::handle::Topics;

/// Line changes are gathered this long: two frames, which nobody sees and which keeps a busy board from drowning.
const GATHER: Duration = Duration::from_millis(33);

struct Subscriber {
    topics: Topics,
    events: mpsc::Sender<Vec<Envelope>>,
    /// It read too slowly and lost events; it gets nothing but a resync until there is room for that.
    behind: bool,
}

/// The subscribers and the events' order.
#[derive(Default)]
pub(super) struct Publisher {
    seq: u64,
    subscribers: Vec<Subscriber>,
    lines: FxHashSet<LineId>,
    due: Option<Instant>,
}

impl Publisher {
    pub fn seq(&self) -> u64 {
        self.seq
    }

    pub fn subscribe(&mut self, topics: Topics, events: mpsc::Sender<Vec<Envelope>>) {
        self.subscribers.push(Subscriber { topics, events, behind: false });
    }

    /// Somebody shows the board: only then are line views worth making.
    pub fn wants_lines(&mut self) -> bool {
        self.subscribers.retain(|s| !s.events.is_closed());
        self.subscribers.iter().any(|s| s.topics == Topics::All)
    }

    pub fn line_changed(&mut self, line: LineId) {
        self.lines.insert(line);
        self.due_soon();
    }

    pub fn due_soon(&mut self) {
        if self.due.is_none() {
            self.due = Some(Instant::now() + GATHER);
        }
    }

    /// When gathered lines are to be sent.
    pub fn due(&self) -> Option<Instant> {
        self.due
    }

    /// The gathered lines, each once.
    pub fn take_lines(&mut self) -> Vec<LineId> {
        self.due = None;
        self.lines.drain().collect()
    }

    pub fn send(&mut self, event: ApiEvent) {
        self.seq += 1;
        let envelope = Envelope { seq: self.seq, event };
        let seq = self.seq;
        self.subscribers.retain_mut(|subscriber| subscriber.offer(&envelope, seq));
    }
}

impl Subscriber {
    /// `false` once it is gone.
    fn offer(&mut self, envelope: &Envelope, seq: u64) -> bool {
        if self.topics == Topics::Cards && !is_for_cards(&envelope.event) {
            return !self.events.is_closed();
        }
        if self.behind {
            let resync = Envelope { seq, event: ApiEvent::Resync {} };
            return match self.events.try_send(vec![resync]) {
                Ok(()) => {
                    self.behind = false;
                    true
                }
                Err(mpsc::error::TrySendError::Full(_)) => true,
                Err(mpsc::error::TrySendError::Closed(_)) => false,
            };
        }
        match self.events.try_send(vec![envelope.clone()]) {
            Ok(()) => true,
            Err(mpsc::error::TrySendError::Full(_)) => {
                self.behind = true;
                true
            }
            Err(mpsc::error::TrySendError::Closed(_)) => false,
        }
    }
}

fn is_for_cards(event: &ApiEvent) -> bool {
    match event {
        ApiEvent::Card { .. } | ApiEvent::CardGone { .. } | ApiEvent::Settings { .. } => true,
        ApiEvent::Lines { .. }
        | ApiEvent::LinesGone { .. }
        | ApiEvent::Leg { .. }
        | ApiEvent::LegGone { .. }
        | ApiEvent::Account { .. }
        | ApiEvent::AccountGone { .. }
        | ApiEvent::Scenario { .. }
        | ApiEvent::ScenarioGone { .. }
        | ApiEvent::History { .. }
        | ApiEvent::HistoryReset {}
        | ApiEvent::Agent { .. }
        | ApiEvent::NumberJob { .. }
        | ApiEvent::Receiver { .. }
        | ApiEvent::Dial { .. }
        | ApiEvent::Finding { .. }
        | ApiEvent::TestExtensions { .. }
        // Told to everybody when lines change in bulk; a card has none.
        | ApiEvent::Resync {}
        | ApiEvent::Notice { .. }
        | ApiEvent::NoticeGone { .. }
        | ApiEvent::Show { .. } => false,
    }
}
