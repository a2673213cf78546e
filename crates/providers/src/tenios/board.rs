//! Calls that posts tell of, remembered as long as they last: a post speaks of its call, not of each leg.

use std::collections::VecDeque;

use ringside_domain::{CallId, Direction, EndCause, ExtensionId, LegStep, LegUpdate, Party, Timestamp};

/// Calls that are remembered, ended ones included; the oldest is forgotten.
const MOST: usize = 2000;

#[derive(Debug, Default)]
pub struct Board {
    calls: VecDeque<Live>,
}

/// What a post says, in our words.
#[derive(Debug)]
pub struct Post {
    pub call: CallId,
    pub kind: PostKind,
    /// Whose line the number that was called is, where the post says which.
    pub home: Option<ExtensionId>,
    /// The user whom a forward calls, where the post says so.
    pub target: Option<ExtensionId>,
    pub remote: Party,
    pub our_number: Party,
    pub at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostKind {
    Start,
    Forward,
    ForwardAnswer,
    End(EndCause),
    /// Nothing about legs; the call lives.
    Other,
}

#[derive(Debug)]
struct Live {
    id: CallId,
    home: Option<ExtensionId>,
    /// Users whom the call was forwarded to, in order.
    forwarded: Vec<ExtensionId>,
    ended: bool,
}

impl Board {
    /// What a post tells of each leg. Nothing after the end of the call: a post that comes late or twice must not make
    /// a telephone ring again that is quiet.
    pub fn take(&mut self, post: Post) -> Vec<LegUpdate> {
        let live = self.live(&post.call);
        if live.ended {
            return Vec::new();
        }
        if live.home.is_none() {
            live.home.clone_from(&post.home);
        }
        // An answer tells of a forward too, whose own post was lost or comes later.
        if let Some(target) = &post.target
            && !live.forwarded.contains(target)
        {
            live.forwarded.push(target.clone());
        }
        let steps: Vec<(ExtensionId, LegStep)> = match post.kind {
            PostKind::Start => home(live, LegStep::Ringing),
            PostKind::Forward => match &post.target {
                Some(target) => vec![(target.clone(), LegStep::Ringing)],
                None => home(live, LegStep::Ringing),
            },
            PostKind::ForwardAnswer => match (&post.target, live.forwarded.as_slice()) {
                (Some(target), _) | (None, [target]) => vec![(target.clone(), LegStep::Connected)],
                // Somebody took it; which of them is not told.
                (None, _) => home(live, LegStep::Connected),
            },
            PostKind::End(cause) => {
                live.ended = true;
                let mut legs = home(live, LegStep::Ended(cause));
                let others = live.forwarded.iter().filter(|it| live.home.as_ref() != Some(it));
                legs.extend(others.map(|it| (it.clone(), LegStep::Ended(cause))));
                legs
            }
            PostKind::Other => home(live, LegStep::Other),
        };
        let update = |(extension, step)| LegUpdate {
            call: post.call.clone(),
            extension,
            direction: Some(Direction::Inbound),
            step,
            remote: post.remote.clone(),
            our_number: post.our_number.clone(),
            at: post.at,
        };
        steps.into_iter().map(update).collect()
    }

    fn live(&mut self, id: &CallId) -> &mut Live {
        let at = match self.calls.iter().position(|live| live.id == *id) {
            Some(at) => at,
            None => {
                if self.calls.len() >= MOST {
                    self.calls.pop_front();
                }
                self.calls.push_back(Live { id: id.clone(), home: None, forwarded: Vec::new(), ended: false });
                self.calls.len() - 1
            }
        };
        &mut self.calls[at]
    }
}

fn home(live: &Live, step: LegStep) -> Vec<(ExtensionId, LegStep)> {
    live.home.iter().map(|home| (home.clone(), step)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn post(call: &str, kind: PostKind, target: Option<&str>) -> Post {
        Post {
            call: CallId::new(call),
            kind,
            home: Some(ExtensionId::new("+49221")),
            target: target.map(ExtensionId::new),
            remote: Party::Unstated,
            our_number: Party::Unstated,
            at: Timestamp::UNIX_EPOCH,
        }
    }

    fn told(board: &mut Board, post: Post) -> Vec<(String, LegStep)> {
        board.take(post).into_iter().map(|leg| (leg.extension.to_string(), leg.step)).collect()
    }

    #[test]
    fn a_forward_has_a_leg_of_its_own_and_the_end_ends_all() {
        let board = &mut Board::default();
        let step = |extension: &str, step| (extension.to_owned(), step);
        let ended = LegStep::Ended(EndCause::Normal);
        assert_eq!(told(board, post("a", PostKind::Start, None)), [step("+49221", LegStep::Ringing)]);
        assert_eq!(told(board, post("a", PostKind::Forward, Some("31"))), [step("31", LegStep::Ringing)]);
        assert_eq!(told(board, post("a", PostKind::Other, None)), [step("+49221", LegStep::Other)]);
        assert_eq!(told(board, post("a", PostKind::ForwardAnswer, None)), [step("31", LegStep::Connected)]);
        let end = told(board, post("a", PostKind::End(EndCause::Normal), None));
        assert_eq!(end, [step("+49221", ended), step("31", ended)]);
    }

    #[test]
    fn of_two_forwards_nobody_is_guessed() {
        let board = &mut Board::default();
        for target in ["31", "32"] {
            told(board, post("a", PostKind::Forward, Some(target)));
        }
        let answer = told(board, post("a", PostKind::ForwardAnswer, None));
        assert_eq!(answer, [("+49221".to_owned(), LegStep::Connected)]);
        let named = told(board, post("a", PostKind::ForwardAnswer, Some("32")));
        assert_eq!(named, [("32".to_owned(), LegStep::Connected)]);
    }

    #[test]
    fn nothing_rings_after_the_end_and_an_end_alone_is_an_end() {
        let board = &mut Board::default();
        let end = || post("a", PostKind::End(EndCause::Normal), None);
        assert_eq!(told(board, end()).len(), 1);
        for late in [end(), post("a", PostKind::Start, None), post("a", PostKind::Forward, Some("31"))] {
            assert_eq!(told(board, late), []);
        }
    }

    proptest! {
        /// Lost, repeated and in any order: whoever was told of is told the end, and nothing after it.
        #[test]
        fn after_the_end_no_leg_is_left(order in proptest::collection::vec(0_usize..7, 0..40)) {
            let board = &mut Board::default();
            let mut last: BTreeMap<String, LegStep> = BTreeMap::new();
            let kinds = [
                (PostKind::Start, None),
                (PostKind::Forward, Some("31")),
                (PostKind::Forward, Some("32")),
                (PostKind::ForwardAnswer, Some("32")),
                (PostKind::ForwardAnswer, None),
                (PostKind::Other, None),
                (PostKind::End(EndCause::Normal), None),
            ];
            for at in order.into_iter().chain([6, 0, 3]) {
                let (kind, target) = kinds[at];
                last.extend(told(board, post("a", kind, target)));
            }
            prop_assert!(last.values().all(|step| *step == LegStep::Ended(EndCause::Normal)), "{last:?}");
        }
    }

    #[test]
    fn calls_without_end_do_not_fill_the_memory() {
        let board = &mut Board::default();
        for n in 0..MOST * 3 {
            board.take(post(&format!("call{n}"), PostKind::Start, None));
        }
        assert_eq!(board.calls.len(), MOST);
    }
}
