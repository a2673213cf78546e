//! What all accounts share: settings, the user's attention, deadlines, and the memory of what was forgotten.

use std::collections::VecDeque;
use std::hash::BuildHasher;

use jiff::SignedDuration;
use ringside_domain::{AccountId, CallId, ExtensionId, Timestamp};
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use crate::call::Call;
use crate::policy::Settings;

#[derive(Clone, Debug, Default)]
pub(crate) struct Shared {
    pub settings: Settings,
    mine: FxHashMap<AccountId, FxHashSet<ExtensionId>>,
    /// The desktop is presenting or in full screen.
    pub presenting: bool,
    /// The keyboard is with the cards.
    pub cards_focused: bool,
    /// The user's attention changed: strips may become cards.
    pub attention_changed: bool,
    /// No later than the earliest moment at which something is due.
    pub deadline: Option<Timestamp>,
    /// Calls whose legs are all over, oldest first; some may have come alive again since.
    pub resting: VecDeque<Resting>,
    pub resting_legs: usize,
    pub forgotten: Forgotten,
    /// Calls kept, of all accounts.
    pub calls: usize,
    /// Kept between uses, so that no event allocates for it.
    pub answers: Vec<Timestamp>,
}

#[derive(Clone, Debug)]
pub(crate) struct Resting {
    pub account: AccountId,
    pub call: CallId,
    pub since: Timestamp,
}

impl Shared {
    pub(crate) fn new(settings: Settings) -> Self {
        let mut shared = Self::default();
        shared.set_settings(settings);
        shared
    }

    pub(crate) fn set_settings(&mut self, settings: Settings) {
        self.mine.clear();
        for line in &settings.mine {
            self.mine.entry(line.account.clone()).or_default().insert(line.extension.clone());
        }
        self.settings = settings;
        self.attention_changed = true;
    }

    pub(crate) fn is_mine(&self, account: &AccountId, extension: &ExtensionId) -> bool {
        self.mine.get(account).is_some_and(|extensions| extensions.contains(extension))
    }

    pub(crate) fn is_quiet(&self) -> bool {
        self.presenting || self.settings.policy.quiet
    }

    pub(crate) fn arm(&mut self, at: Timestamp) {
        self.deadline = Some(self.deadline.map_or(at, |known| known.min(at)));
    }

    /// Counts the call among those that are over, or takes it out again.
    pub(crate) fn rest(&mut self, call: &mut Call, live: bool, now: Timestamp) {
        let legs = if live { 0 } else { call.legs.len() };
        self.resting_legs = self.resting_legs + legs - call.resting_legs;
        call.resting_legs = legs;
        if live {
            call.resting = None;
        } else if call.resting.is_none() {
            call.resting = Some(now);
            let (account, id) = (call.account().clone(), call.id().clone());
            self.resting.push_back(Resting { account, call: id, since: now });
        }
    }
}

/// The latest of what was known of calls that are no longer kept, so that a late repetition does not start them anew.
#[derive(Clone, Debug, Default)]
pub(crate) struct Forgotten {
    until: FxHashMap<u64, Timestamp>,
    order: VecDeque<u64>,
}

impl Forgotten {
    const MAX: usize = 8_192;

    pub(crate) fn remember(&mut self, account: &AccountId, call: &CallId, until: Timestamp) {
        let hash = FxBuildHasher.hash_one((account, call));
        if self.until.insert(hash, until).is_none() {
            self.order.push_back(hash);
        }
        if self.order.len() > Self::MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.until.remove(&oldest);
        }
    }

    pub(crate) fn until(&self, account: &AccountId, call: &CallId) -> Option<Timestamp> {
        if self.until.is_empty() {
            return None;
        }
        self.until.get(&FxBuildHasher.hash_one((account, call))).copied()
    }
}

/// `at` and `by` added, the end of time at most.
pub(crate) fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}
