//! Things to be told once, in the order they came up.

use ringside_api::view::{Notice, NoticeLevel};
use ringside_domain::{Problem, Timestamp};

/// At most this many are kept; the oldest goes first.
const KEPT: usize = 20;

#[derive(Default)]
pub(super) struct Notices {
    list: Vec<Notice>,
}

impl Notices {
    /// One notice a topic: a newer one takes the older one's place. `None` when it says the same again.
    pub fn put(&mut self, topic: &str, level: NoticeLevel, at: Timestamp, problem: &Problem) -> Option<Notice> {
        let notice = Notice { id: topic.to_owned(), level, at: at.as_millisecond(), problem: problem.into() };
        match self.list.iter_mut().find(|n| n.id == topic) {
            Some(known) if known.problem == notice.problem && known.level == level => return None,
            Some(known) => *known = notice.clone(),
            None => {
                if self.list.len() == KEPT {
                    self.list.remove(0);
                }
                self.list.push(notice.clone());
            }
        }
        Some(notice)
    }

    /// `true` if it was there.
    pub fn remove(&mut self, topic: &str) -> bool {
        let before = self.list.len();
        self.list.retain(|n| n.id != topic);
        self.list.len() != before
    }

    pub fn all(&self) -> &[Notice] {
        &self.list
    }
}
