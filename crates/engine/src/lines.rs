//! Lines: which there are, what they are doing, and how fresh that is.

use jiff::SignedDuration;
use ringside_domain::{
    Extension, ExtensionId, Label, LineId, LineState, LineStatus, LineUpdate, Phase, Presence, Timestamp,
};
use rustc_hash::FxHashSet;

use crate::account::{self, Account};
use crate::effect::Effect;
use crate::shared::Shared;
use crate::tracked::{Change, Guess};

/// A line with its extension, its state, and since when that is old.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    pub id: LineId,
    /// Without a name where the provider reported the line, but never listed its extension.
    pub extension: Extension,
    pub state: LineState,
    /// The state is what was last known, and this is since when nobody knows.
    pub stale_since: Option<Timestamp>,
    /// In the provider's list.
    pub(crate) listed: bool,
    /// When anything was last heard of it, by our clock.
    seen_at: Option<Timestamp>,
    /// The provider's time of the latest report; [`LineState::at`] is of the first that said the same.
    latest_at: Timestamp,
}

/// Reported lines beyond the provider's own list.
const MAX_UNLISTED: usize = 1_000;

/// Lines of one account that never listed any.
const MAX_LINES: usize = 100_000;

/// More changed lines than this at once are told as one effect.
const MANY: usize = 64;

/// A full reading may have been taken this long before it arrived, and a streamed change overtaken it.
const OVERTAKING: SignedDuration = SignedDuration::from_secs(5);

/// How long before the link is said to be up a reading may have come over it.
const JUST_BEFORE: SignedDuration = SignedDuration::from_secs(10);

impl Line {
    fn new(id: LineId, extension: Extension, now: Timestamp) -> Self {
        let state = LineState { status: LineStatus::Unknown, presence: Presence::Unknown, at: now };
        Self { id, extension, state, stale_since: None, listed: false, seen_at: None, latest_at: Timestamp::MIN }
    }

    /// Last known, from a time when somebody looked.
    pub(crate) fn restored(id: LineId, extension: Extension, state: Option<LineState>, since: Timestamp) -> Self {
        let mut line = Self::new(id, extension, since);
        line.state = state.unwrap_or(line.state);
        line.stale_since = Some(since);
        line.listed = true;
        line
    }

    /// Marks the state as old, if it is known and was not heard of at or after `unless_seen`.
    pub(crate) fn lose(&mut self, since: Timestamp, unless_seen: Option<Timestamp>) -> bool {
        let seen = unless_seen.is_some_and(|moment| self.seen_at.is_some_and(|seen| seen >= moment));
        if self.stale_since.is_some() || seen || self.seen_at.is_none() {
            return false;
        }
        self.stale_since = Some(since);
        true
    }

    /// `down_since`: the link is down; the report slipped through, and what it says is getting old already.
    fn take(&mut self, state: LineState, in_full_reading: bool, down_since: Option<Timestamp>, now: Timestamp) -> bool {
        let at = state.at.min(now);
        let settled = self.seen_at.is_none_or(|seen| now.duration_since(seen) > OVERTAKING);
        let newer = at >= self.latest_at || self.stale_since.is_some() || in_full_reading && settled;
        if !newer {
            return false;
        }
        self.seen_at = Some(now);
        self.latest_at = at;
        let same = self.state.status == state.status && self.state.presence == state.presence;
        if !same {
            self.state = LineState { at, ..state };
        }
        let stale_since = down_since.map(|down| self.stale_since.unwrap_or(down));
        std::mem::replace(&mut self.stale_since, stale_since) != stale_since || !same
    }

    /// A full reading did not mention the line.
    fn miss(&mut self, now: Timestamp) -> bool {
        if self.seen_at.is_some_and(|seen| now.duration_since(seen) <= OVERTAKING) {
            return false;
        }
        let unknown = LineState { status: LineStatus::Unknown, presence: Presence::Unknown, at: now };
        let same = self.state.status == unknown.status && self.state.presence == unknown.presence;
        self.latest_at = Timestamp::MIN;
        if !same {
            self.state = unknown;
        }
        self.stale_since.take().is_some() || !same
    }
}

/// The whole list of extensions.
pub(crate) fn extensions(
    account: &mut Account,
    list: Vec<Extension>,
    now: Timestamp,
    shared: &mut Shared,
    out: &mut Vec<Effect>,
) {
    let mut changed = !account.listed;
    account.listed = true;
    let names: FxHashSet<ExtensionId> = list.iter().map(|extension| extension.id.clone()).collect();
    let gone = account.lines.values().filter(|line| line.listed && !names.contains(&line.extension.id));
    let gone: FxHashSet<ExtensionId> = gone.map(|line| line.extension.id.clone()).collect();
    account.lines.retain(|extension, _| names.contains(extension));
    if !gone.is_empty() {
        changed = true;
        let guess = Guess { at: now, certain: true };
        account.close_legs(|extension| gone.contains(extension), guess, now, shared, out);
    }
    for extension in list {
        changed |= list_one(account, extension, now);
    }
    if changed {
        out.push(Effect::LinesReplaced(account.id.clone()));
    }
}

fn list_one(account: &mut Account, extension: Extension, now: Timestamp) -> bool {
    let id = LineId { account: account.id.clone(), extension: extension.id.clone() };
    let line = account.lines.entry(extension.id.clone()).or_insert_with(|| Line::new(id, extension.clone(), now));
    let changed = !line.listed || line.extension != extension;
    line.listed = true;
    line.extension = extension;
    changed
}

/// A full reading.
pub(crate) fn readings(
    account: &mut Account,
    list: Vec<LineUpdate>,
    now: Timestamp,
    shared: &mut Shared,
    out: &mut Vec<Effect>,
) {
    let read: FxHashSet<ExtensionId> = list.iter().map(|update| update.extension.clone()).collect();
    let mut changed = Vec::new();
    for update in list {
        verify_legs(account, &update.extension, update.state.status, now, shared, out);
        if take_one(account, &update, true, now) {
            changed.push(update.extension);
        }
    }
    for line in account.lines.values_mut().filter(|line| !read.contains(&line.extension.id)) {
        if line.miss(now) {
            changed.push(line.extension.id.clone());
        }
    }
    if changed.len() > MANY {
        out.push(Effect::LinesReplaced(account.id.clone()));
        return;
    }
    let visible = |id: &ExtensionId| account.lines.get(id).filter(|line| account.shows(line));
    out.extend(changed.iter().filter_map(visible).map(|line| Effect::LineChanged(line.id.clone())));
}

/// One line.
pub(crate) fn reading(
    account: &mut Account,
    update: LineUpdate,
    now: Timestamp,
    shared: &mut Shared,
    out: &mut Vec<Effect>,
) {
    if !account.unverified.is_empty() && !account.is_down() {
        verify_legs(account, &update.extension, update.state.status, now, shared, out);
    }
    if take_one(account, &update, false, now)
        && let Some(line) = account.lines.get(&update.extension).filter(|line| account.shows(line))
    {
        out.push(Effect::LineChanged(line.id.clone()));
    }
}

fn take_one(account: &mut Account, update: &LineUpdate, in_full_reading: bool, now: Timestamp) -> bool {
    let down_since = account.down_since().map(|since| since.min(now));
    if let Some(line) = account.lines.get_mut(&update.extension) {
        return line.take(update.state, in_full_reading, down_since, now);
    }
    // Only lines the provider reports but does not list come this way.
    let unlisted = |account: &Account| account.lines.values().filter(|line| !line.listed).count();
    if account.lines.len() >= MAX_LINES || account.listed && unlisted(account) >= MAX_UNLISTED {
        return false;
    }
    let id = LineId { account: account.id.clone(), extension: update.extension.clone() };
    let none = Label::default();
    let extension = Extension { id: update.extension.clone(), name: none, email: None, group: None };
    let mut line = Line::new(id, extension, now);
    line.take(update.state, in_full_reading, down_since, now);
    account.lines.insert(update.extension.clone(), line);
    true
}

/// A reading may come just before the word that the link is up: it counts.
pub(crate) fn trust_recent(account: &mut Account, down_since: Timestamp, now: Timestamp) -> bool {
    let mut changed = false;
    for line in account.lines.values_mut().filter(|line| line.stale_since.is_some()) {
        let seen_over_it = |seen| seen >= down_since && now.duration_since(seen) <= JUST_BEFORE;
        if line.seen_at.is_some_and(seen_over_it) {
            line.stale_since = None;
            changed = true;
        }
    }
    changed
}

/// What a line is doing tells what became of its legs while nobody was looking.
fn verify_legs(
    account: &mut Account,
    extension: &ExtensionId,
    status: LineStatus,
    now: Timestamp,
    shared: &mut Shared,
    out: &mut Vec<Effect>,
) {
    if account.unverified.is_empty() {
        return;
    }
    let Account { unverified, calls, .. } = account;
    unverified.retain(|(id, on)| {
        if on != extension {
            return true;
        }
        let Some(call) = calls.get_mut(id) else { return false };
        let Some(index) = call.position(on) else { return false };
        let tracked = &mut call.legs[index];
        if !tracked.leg.is_live() || !tracked.leg.unverified {
            return false;
        }
        let as_told = match (status, tracked.leg.phase) {
            (LineStatus::Idle, _) => {
                let guess = Guess { at: now, certain: true };
                account::close_in(call, |leg| leg == on, guess, now, shared, out);
                return false;
            }
            (LineStatus::Ringing, Phase::Ringing | Phase::Dialing) => true,
            (LineStatus::Busy, Phase::Connected) => true,
            (LineStatus::Busy, Phase::Dialing | Phase::Ringing) if tracked.leg.picked_up_at.is_some() => true,
            // A line that was ringing and is busy now may be on this call or on another.
            (LineStatus::Ringing | LineStatus::Busy | LineStatus::Offline | LineStatus::Unknown, _) => false,
        };
        if as_told {
            tracked.leg.unverified = false;
            tracked.blind_attempt = None;
            tracked.last_seen = now;
            let mine = tracked.leg.mine;
            crate::call::tell(&tracked.leg, Change { shown: true, ..Change::default() }, out);
            call.follow_up(mine, now, shared, out);
        }
        !as_told
    });
}

impl Account {
    /// Lines the provider does not list are kept for when it does, and not shown.
    pub(crate) fn shows(&self, line: &Line) -> bool {
        line.listed || !self.listed
    }
}
