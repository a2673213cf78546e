use proptest::prelude::*;
use ringside_domain::{Outcome, Party};

use super::*;

fn call(id: &str, second: i64, word: &str) -> PastCall {
    PastCall {
        id: CallId::new(id),
        extension: None,
        direction: Direction::Inbound,
        remote: Party::Unstated,
        our_number: Party::Unstated,
        started_at: Timestamp::from_second(second).unwrap(),
        answered_at: None,
        ended_at: None,
        outcome: Outcome::Unknown,
        word: word.into(),
    }
}

fn named(direction: Direction, second: i64, words: &[Option<&str>]) -> CallId {
    id(&Name { direction, started_at: Timestamp::from_second(second).unwrap(), words })
}

/// Names are stored: a change of the rule would double everybody's history.
#[test]
fn a_name_is_the_same_for_ever() {
    let told = named(Direction::Inbound, 1_483_268_400, &[Some("+4922166966966"), Some("+4922111223344")]);
    assert_eq!(told.as_str(), "in-5b12bebaaf70d4cc2ba65bd640195426");
}

#[test]
fn whatever_names_a_record_makes_another_name() {
    let of = |second, words: &[Option<&str>]| named(Direction::Inbound, second, words);
    let all = [
        of(1, &[Some("a"), Some("b")]),
        of(2, &[Some("a"), Some("b")]),
        of(1, &[Some("b"), Some("a")]),
        of(1, &[Some("ab"), None]),
        of(1, &[None, Some("ab")]),
        named(Direction::Outbound, 1, &[Some("a"), Some("b")]),
    ];
    for (n, one) in all.iter().enumerate() {
        assert!(all[n + 1..].iter().all(|other| other != one), "{one}");
    }
    assert_eq!(of(1, &[None]), of(1, &[Some("")]), "nothing is nothing in whatever form");
}

#[test]
fn records_called_alike_are_numbered() {
    let settled = settle(vec![call("b", 2, ""), call("a", 1, "TAKEN"), call("a", 1, "MISSED"), call("a", 1, "TAKEN")]);
    let told: Vec<_> = settled.iter().map(|it| (it.id.as_str(), it.word.as_str())).collect();
    assert_eq!(told, [("a", "MISSED"), ("a-2", "TAKEN"), ("a-3", "TAKEN"), ("b", "")]);
}

/// In the doubled hour they may lie an hour apart, with others between them.
#[test]
fn records_called_alike_are_numbered_over_others_between_them() {
    let settled = settle(vec![call("a", 3_600, ""), call("b", 7, ""), call("a", 0, "")]);
    let told: Vec<_> = settled.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(told, ["a", "b", "a-2"]);
}

proptest! {
    #[test]
    fn the_order_in_which_records_come_changes_nothing(
        calls in prop::collection::vec((0..3_usize, 0..3_i64, 0..3_usize), 0..20),
        turn in 0..20_usize,
    ) {
        let make = |(id, second, word): &(usize, i64, usize)| {
            call(&format!("{second}-{}", ["a", "b", "c"][*id]), *second, ["", "TAKEN", "MISSED"][*word])
        };
        let calls: Vec<PastCall> = calls.iter().map(make).collect();
        let mut other = calls.clone();
        other.reverse();
        let turn = turn.min(other.len());
        other.rotate_left(turn);
        let settled = settle(calls);
        prop_assert_eq!(&settled, &settle(other));
        let mut ids: Vec<_> = settled.iter().map(|it| it.id.clone()).collect();
        ids.sort();
        ids.dedup();
        prop_assert_eq!(ids.len(), settled.len(), "each has a name of its own");
    }
}
