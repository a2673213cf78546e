//! What could not be written yet.

use std::collections::VecDeque;

use super::record::LegRecord;

fn is_same(one: &LegRecord, other: &LegRecord) -> bool {
    (&one.key, one.began, one.attempt) == (&other.key, other.began, other.attempt)
}

/// Legs kept in memory while the disk is full or the file is locked. Bounded; of one leg only the latest report.
#[derive(Default, Debug)]
pub struct Backlog {
    legs: VecDeque<LegRecord>,
    dropped: u64,
}

impl Backlog {
    /// At most this many legs; the oldest goes first.
    pub const MAX: usize = 1_000;

    pub fn keep(&mut self, leg: LegRecord) {
        let same = self.legs.iter_mut().rev().find(|kept| is_same(kept, &leg));
        if let Some(kept) = same {
            *kept = leg;
            return;
        }
        if self.legs.len() >= Self::MAX {
            self.legs.pop_front();
            self.dropped += 1;
        }
        self.legs.push_back(leg);
    }

    /// All of them, oldest first, for [`crate::Store::write_legs`]. Call [`Backlog::clear`] when that succeeded.
    pub fn legs(&mut self) -> &[LegRecord] {
        self.legs.make_contiguous()
    }

    pub fn clear(&mut self) {
        self.legs.clear();
    }

    pub fn len(&self) -> usize {
        self.legs.len()
    }

    pub fn is_empty(&self) -> bool {
        self.legs.is_empty()
    }

    /// How many legs were lost for want of room, for the notice.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }
}
