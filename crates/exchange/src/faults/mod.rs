//! Fault switches: what goes wrong, where, how often and after how much.

mod kind;
mod mangle;
mod notation;

use std::sync::Mutex;

use tokio::sync::watch;

pub(crate) use kind::Stage;
pub use kind::{After, Fault, FaultKind, Matcher, On, RedirectTo, RetryAfter};
pub(crate) use mangle::{broken_json, changed_json, raw_bytes};
pub use notation::{NotAFault, parse};

use crate::lock::hold;
use crate::services::ServiceName;

/// The faults that are switched on. They may be set and cleared at any time and act on open streams too.
pub struct Faults {
    rules: Mutex<Vec<Rule>>,
    changed: watch::Sender<u64>,
}

/// One request or stream, as matchers see it.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) service: ServiceName,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) stream: bool,
}

struct Rule {
    fault: Fault,
    left: Option<u32>,
    bytes: u64,
    events: u64,
}

impl Faults {
    pub(crate) fn new(faults: Vec<Fault>) -> Self {
        let this = Self { rules: Mutex::default(), changed: watch::Sender::new(0) };
        for fault in faults {
            this.set(fault);
        }
        this
    }

    /// Switches a fault on, beside those that are on already.
    pub fn set(&self, fault: Fault) {
        let rule = Rule { left: fault.times, fault, bytes: 0, events: 0 };
        hold(&self.rules).push(rule);
        self.changed.send_modify(|version| *version += 1);
    }

    /// Switches all faults off. What is broken stays broken.
    pub fn clear(&self) {
        hold(&self.rules).clear();
        self.changed.send_modify(|version| *version += 1);
    }

    /// The faults that are on and not used up.
    pub fn active(&self) -> Vec<Fault> {
        hold(&self.rules).iter().map(|rule| Fault { times: rule.left, ..rule.fault.clone() }).collect()
    }

    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// The faults of a stage that hit one request; `after n events` skips the first n requests.
    pub(crate) fn hit(&self, stage: Stage, target: &Target) -> Vec<FaultKind> {
        let mut found = Vec::new();
        hold(&self.rules).retain_mut(|rule| {
            if !rule.is_for(stage, target) {
                return true;
            }
            rule.events += 1;
            let hits = match rule.fault.after {
                After::Now => true,
                After::Events(skipped) => rule.events > skipped,
                After::Bytes(_) => false,
            };
            if hits {
                found.push(rule.fault.what.clone());
            }
            !hits || rule.use_up()
        });
        found
    }

    /// What breaks an open stream without waiting for anything.
    pub(crate) fn breaks_now(&self, target: &Target) -> Option<FaultKind> {
        self.take_one(target, |rule| rule.fault.after == After::Now)
    }

    /// What breaks a stream within the next `length` bytes, and after how many of them.
    pub(crate) fn breaks_within(&self, target: &Target, length: usize) -> Option<(FaultKind, usize)> {
        let mut at = length;
        let kind = self.take_one(target, |rule| {
            let After::Bytes(limit) = rule.fault.after else { return false };
            let left = limit.saturating_sub(rule.bytes);
            rule.bytes += length as u64;
            if left > length as u64 {
                return false;
            }
            rule.bytes = 0;
            at = usize::try_from(left).unwrap_or(length);
            true
        })?;
        Some((kind, at))
    }

    /// What breaks a stream once the event just sent has gone.
    pub(crate) fn breaks_after_event(&self, target: &Target) -> Option<FaultKind> {
        self.take_one(target, |rule| {
            let After::Events(limit) = rule.fault.after else { return false };
            rule.events += 1;
            let reached = rule.events >= limit;
            if reached {
                rule.events = 0;
            }
            reached
        })
    }

    fn take_one(&self, target: &Target, mut ripe: impl FnMut(&mut Rule) -> bool) -> Option<FaultKind> {
        let mut found = None;
        hold(&self.rules).retain_mut(|rule| {
            let hits = found.is_none() && rule.is_for(Stage::Connection, target) && ripe(rule);
            if hits {
                found = Some(rule.fault.what.clone());
            }
            !hits || rule.use_up()
        });
        found
    }
}

impl Rule {
    fn is_for(&self, stage: Stage, target: &Target) -> bool {
        self.fault.what.stage() == stage && self.fault.on.matches(target)
    }

    /// Counts one use; `false` if it was the last.
    fn use_up(&mut self) -> bool {
        match &mut self.left {
            None => true,
            Some(left) => {
                *left = left.saturating_sub(1);
                *left > 0
            }
        }
    }
}
