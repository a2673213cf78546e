//! Everything known of one account.

use ringside_domain::{AccountId, CallId, ExtensionId, Gap, LinkPhase, LinkState, Timestamp};
use rustc_hash::FxHashMap;

use crate::call::{self, Call};
use crate::effect::Effect;
use crate::lines::Line;
use crate::scenarios::ScenarioReading;
use crate::shared::Shared;
use crate::tracked::{Change, Guess};

#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub id: AccountId,
    pub link: Option<LinkState>,
    pub lines: FxHashMap<ExtensionId, Line>,
    /// The provider gave a list of extensions: lines that are not in it are not shown.
    pub listed: bool,
    pub calls: FxHashMap<CallId, Call>,
    pub scenarios: Vec<ScenarioReading>,
    /// Live legs that were not heard of since the link was lost.
    pub unverified: Vec<(CallId, ExtensionId)>,
    pub pending_gap: Option<Gap>,
    pub last_gap_until: Option<Timestamp>,
    /// How often a step was reported that we do not know.
    pub unknown_steps: u64,
    /// Taken out of the configuration; kept until its last calls are forgotten.
    pub removed: bool,
}

impl Account {
    pub(crate) fn new(id: AccountId) -> Self {
        Self {
            id,
            link: None,
            lines: FxHashMap::default(),
            listed: false,
            calls: FxHashMap::default(),
            scenarios: Vec::new(),
            unverified: Vec::new(),
            pending_gap: None,
            last_gap_until: None,
            unknown_steps: 0,
            removed: false,
        }
    }

    /// Since when the link has been down, if it is.
    pub(crate) fn down_since(&self) -> Option<Timestamp> {
        self.link.as_ref().and_then(|link| match link.phase {
            LinkPhase::Offline | LinkPhase::Connecting => Some(link.since),
            LinkPhase::Online | LinkPhase::Degraded => None,
        })
    }

    pub(crate) fn is_down(&self) -> bool {
        self.down_since().is_some()
    }

    /// Closes the live legs that `which` picks by extension; their end is not known.
    pub(crate) fn close_legs(
        &mut self,
        which: impl Fn(&ExtensionId) -> bool,
        guess: Guess,
        now: Timestamp,
        shared: &mut Shared,
        out: &mut Vec<Effect>,
    ) {
        for call in self.calls.values_mut() {
            close_in(call, &which, guess, now, shared, out);
        }
    }
}

/// As [`Account::close_legs`], within one call.
pub(crate) fn close_in(
    call: &mut Call,
    which: impl Fn(&ExtensionId) -> bool,
    guess: Guess,
    now: Timestamp,
    shared: &mut Shared,
    out: &mut Vec<Effect>,
) {
    let mut closed = false;
    for tracked in &mut call.legs {
        if tracked.leg.is_live() && which(&tracked.leg.key.extension) {
            tracked.guess = Some(guess);
            let change: Change = tracked.show(false, now, &shared.settings);
            call::tell(&tracked.leg, change, out);
            closed = true;
        }
    }
    if closed {
        call.follow_up(true, now, shared, out);
    }
}
