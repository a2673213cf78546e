//! What goes into the history and what comes out of it.

use ringside_domain::{
    AccountId, CallId, CallerClass, Direction, ExtensionId, Label, LegKey, Outcome, Party, Phase, Timestamp,
};

/// One leg as it stands now. Written at each change of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LegRecord {
    pub key: LegKey,
    /// Counts from 1; a re-ring after a cancel is the next attempt.
    pub attempt: u32,
    /// The leg is on an extension of the user of this computer. Decides between "answered" and "answered elsewhere".
    pub mine: bool,
    pub direction: Direction,
    pub phase: Phase,
    /// The other side. [`Party::Unstated`] keeps what was known.
    pub remote: Party,
    /// Which of our numbers was called or shown. [`Party::Unstated`] keeps what was known.
    pub our_number: Party,
    /// `None` keeps what was known.
    pub class: Option<CallerClass>,
    /// Who it was, as known now; empty keeps what was known.
    pub name: Label,
    pub company: Label,
    /// When its call was first heard of. A service may give the id of a call that is over to another one: what began at
    /// another moment is another call.
    pub began: Timestamp,
    pub started_at: Timestamp,
    pub answered_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    /// `None` while it lasts.
    pub outcome: Option<Outcome>,
    /// The provider's journal has not confirmed the outcome, but has one that will.
    pub provisional: bool,
}

/// One call. A service may give the id of a call that is over to another one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct CallKey {
    pub account: AccountId,
    pub call: CallId,
    /// When it was first heard of.
    pub began: Timestamp,
}

/// A call's row. Given out at its first write and never used again.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct CallRowId(pub i64);

/// Where a missed call stands on the list of those to be called back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Callback {
    Open,
    Claimed {
        by: Label,
        at: Timestamp,
    },
    /// `by` is `None` when it closed itself: somebody spoke with that number.
    Done {
        by: Option<Label>,
        at: Timestamp,
    },
}

/// Who said something of a call.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Source {
    /// We were there: the provider's events.
    Live,
    /// The service's own record of the past.
    Journal,
}

/// Where what a row says comes from: at least one of them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Sources {
    pub live: bool,
    pub journal: bool,
}

/// What a row said before a record corrected it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Was {
    pub outcome: Outcome,
    pub by: Source,
    /// When the correction was read.
    pub at: Timestamp,
}

/// One interaction, as the history shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CallRecord {
    pub id: CallRowId,
    pub account: AccountId,
    /// As the service names it; another call may have had the name before.
    pub call: CallId,
    /// When it was first heard of live; `None` of one that only a record tells of, and of those from before this was kept.
    pub began: Option<Timestamp>,
    /// Of the leg that matters: mine that was answered, else the one that was, else mine.
    pub extension: ExtensionId,
    pub direction: Direction,
    /// One of its legs was on an extension of the user.
    pub mine: bool,
    pub class: Option<CallerClass>,
    pub remote: Party,
    pub our_number: Party,
    pub name: Label,
    pub company: Label,
    /// `None` while one of its legs lasts.
    pub outcome: Option<Outcome>,
    pub provisional: bool,
    pub started_at: Timestamp,
    pub answered_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub note: String,
    /// `None`: not a call to be returned.
    pub callback: Option<Callback>,
    pub sources: Sources,
    /// Where a record corrected the outcome: what it was before.
    pub was: Option<Was>,
}

impl CallRecord {
    /// From the first sign of it to the answer, or to the end where there was none. `None` while it rings, and where it
    /// was answered and nobody says when.
    pub fn rang_for(&self) -> Option<jiff::SignedDuration> {
        if self.answered_at.is_none() && self.outcome == Some(Outcome::Answered) {
            return None;
        }
        self.answered_at.or(self.ended_at).map(|until| until.duration_since(self.started_at))
    }

    /// From the answer to the end. `None` while it lasts, and where nobody answered.
    pub fn talked_for(&self) -> Option<jiff::SignedDuration> {
        Some(self.ended_at?.duration_since(self.answered_at?))
    }
}

/// What a write did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HistoryChange {
    /// The call's row as it is now.
    pub call: CallRecord,
    /// The row is new.
    pub created: bool,
    /// Something of the row or its legs is other than before. False for a repeated write.
    pub changed: bool,
    /// Missed calls that are done by this one, as they are now.
    pub returned: Vec<CallRecord>,
    /// A row that came from the journal alone turned out to be this call, and is gone.
    pub joined: bool,
}
