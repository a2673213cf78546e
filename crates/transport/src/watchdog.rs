//! Notices a stream that is open but dead: a pure value that is told what came when.

use std::time::Duration;

use tokio::time::Instant;

/// Beyond two heartbeats, for slow networks.
const SLACK: Duration = Duration::from_secs(5);
/// Comments closer together are chatter at the opening, not a heartbeat.
const SHORTEST: Duration = Duration::from_secs(1);
/// So many quiet intervals between comments make a heartbeat.
const SAMPLES: u32 = 3;

/// What to do when the silence has lasted long enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alarm {
    /// No heartbeat is known: ask the service whether the stream still lives.
    Probe,
    /// The heartbeat is missing: give the stream up.
    Silent,
}

/// Measures silence. A heartbeat is configured or learnt from comments that follow one another with nothing between
/// them; events teach nothing, since a busy morning says nothing about the lunch break.
#[derive(Debug, Clone)]
pub struct Watchdog {
    configured: Option<Duration>,
    probe_after: Duration,
    last_bytes: Instant,
    last_probe: Option<Instant>,
    /// When the last comment came, if nothing but comments came since.
    last_comment: Option<Instant>,
    longest_quiet: Duration,
    samples: u32,
}

impl Watchdog {
    pub fn new(heartbeat: Option<Duration>, probe_after: Duration, now: Instant) -> Self {
        Self {
            configured: heartbeat,
            probe_after,
            last_bytes: now,
            last_probe: None,
            last_comment: None,
            longest_quiet: Duration::ZERO,
            samples: 0,
        }
    }

    /// Bytes came, whatever they are.
    pub fn bytes(&mut self, now: Instant) {
        self.last_bytes = now;
        self.last_probe = None;
    }

    /// A comment came: perhaps a heartbeat.
    pub fn comment(&mut self, now: Instant) {
        if let Some(since) = self.last_comment {
            let quiet = now.duration_since(since);
            if quiet >= SHORTEST {
                self.longest_quiet = self.longest_quiet.max(quiet);
                self.samples = self.samples.saturating_add(1);
            }
        }
        self.last_comment = Some(now);
    }

    /// An event came.
    pub fn event(&mut self) {
        self.last_comment = None;
    }

    /// The service was asked and says that nothing was missed.
    pub fn found_alive(&mut self, now: Instant) {
        self.last_probe = Some(now);
    }

    /// The heartbeat, configured or learnt.
    pub fn heartbeat(&self) -> Option<Duration> {
        self.configured.or_else(|| (self.samples >= SAMPLES).then_some(self.longest_quiet))
    }

    /// When to do what, if nothing comes until then.
    pub fn next_alarm(&self) -> (Instant, Alarm) {
        let probe = self.last_probe.map_or(self.last_bytes, |at| at.max(self.last_bytes)) + self.probe_after;
        match self.heartbeat().map(|beat| self.last_bytes + beat * 2 + SLACK) {
            // A heartbeat slower than the probe does not make us wait longer than without one.
            Some(silent) if silent <= probe || self.configured.is_some() => (silent, Alarm::Silent),
            Some(_) | None => (probe, Alarm::Probe),
        }
    }

    /// How long nothing has come.
    pub fn silent_for(&self, now: Instant) -> Duration {
        now.duration_since(self.last_bytes)
    }
}

#[cfg(test)]
#[path = "watchdog_tests.rs"]
mod tests;
