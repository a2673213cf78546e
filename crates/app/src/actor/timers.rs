//! What is done when its time has come; the actor sleeps until the earliest.

use std::time::Duration;

use jiff::ToSpan as _;
use ringside_api::ApiEvent;
use ringside_domain::LineUpdate;
use ringside_engine::Input;
use tokio::time::Instant;

use super::Actor;
use super::inner::Write;

/// Line states are written this long after they changed: for a start without a network, not for the history.
const SAVE_AFTER: Duration = Duration::from_secs(5);

/// Old history is taken out this often.
const PURGE_EVERY: Duration = Duration::from_secs(6 * 3600);

impl Actor {
    pub(super) fn next_due(&self) -> Option<Instant> {
        let engine = self.engine.next_deadline().map(|at| self.instant(at));
        let ends = self.scenarios.next_end().map(|at| self.instant(at));
        let cards = self.cards.due().map(|at| self.instant(at));
        let receiver = self.receiver.due();
        [
            self.look_due(),
            engine,
            ends,
            receiver,
            self.publisher.due(),
            self.save_due,
            cards,
            self.dials.due(),
            Some(self.purge_due),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// A wall-clock time as an instant; one that has passed is now.
    fn instant(&self, at: jiff::Timestamp) -> Instant {
        let wait = Duration::try_from(at.duration_since(self.now())).unwrap_or(Duration::ZERO);
        // A clock that was set back must not make the actor sleep through the day.
        Instant::now() + wait.min(Duration::from_secs(3600))
    }

    pub(super) fn on_time(&mut self) {
        let instant = Instant::now();
        let now = self.now();
        if self.engine.next_deadline().is_some_and(|at| at <= now) {
            self.apply(Input::Tick);
        }
        if self.look_due().is_some_and(|at| at <= instant) {
            self.look_at_config();
        }
        if self.publisher.due().is_some_and(|at| at <= instant) {
            self.flush_lines();
        }
        if self.save_due.is_some_and(|at| at <= instant) {
            self.save_lines();
        }
        if self.cards.due().is_some_and(|at| at <= now) {
            self.close_cards(now);
        }
        if self.dials.due().is_some_and(|at| at <= instant) {
            self.give_up_dials(instant);
        }
        if self.scenarios.next_end().is_some_and(|at| at <= now) {
            self.end_scenarios(now);
        }
        if self.receiver.due().is_some_and(|at| at <= instant) {
            self.tell_receiver(instant);
        }
        if self.purge_due <= instant {
            self.purge_due = instant + PURGE_EVERY;
            self.purge();
        }
    }

    /// Sends the gathered lines, or a resync where so much changed that reading anew is cheaper.
    fn flush_lines(&mut self) {
        let ids = self.publisher.take_lines();
        if std::mem::take(&mut self.resync) {
            self.publish(ApiEvent::Resync {});
            return;
        }
        let mut lines = Vec::with_capacity(ids.len());
        let mut gone = Vec::new();
        for id in ids {
            match self.engine.line(&id) {
                Some(line) => lines.push(self.line_view(line)),
                None => gone.push(id.to_string()),
            }
        }
        if !lines.is_empty() {
            self.publish(ApiEvent::Lines { lines });
        }
        if !gone.is_empty() {
            self.publish(ApiEvent::LinesGone { ids: gone });
        }
    }

    pub(super) fn unsaved_line(&mut self, line: ringside_domain::LineId) {
        self.unsaved.insert(line);
        if self.save_due.is_none() {
            self.save_due = Some(Instant::now() + SAVE_AFTER);
        }
    }

    pub(super) fn save_lines(&mut self) {
        self.save_due = None;
        let mut by_account: std::collections::BTreeMap<_, Vec<LineUpdate>> = std::collections::BTreeMap::new();
        for id in self.unsaved.drain() {
            if let Some(line) = self.engine.line(&id) {
                let update = LineUpdate { extension: id.extension, state: line.state };
                by_account.entry(id.account).or_default().push(update);
            }
        }
        for (account, lines) in by_account {
            self.write(Write::Lines { account, lines, all: false });
        }
    }

    fn purge(&mut self) {
        let days = i64::from(self.config.history.days.min(180));
        if let Ok(before) = self.now().checked_sub((days * 24).hours()) {
            self.write(Write::Purge { before });
        }
    }
}
