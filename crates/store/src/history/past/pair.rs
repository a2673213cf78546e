//! Which record is of which call that was seen live. Pure, and the same whatever the order they are given in.

use ringside_domain::{Direction, Party};

/// How far apart the two may say that a call began: clocks differ, and a service may count from another moment.
pub(super) const APART_MS: i64 = 60_000;

/// A row that was seen live.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Seen {
    pub id: i64,
    pub call: String,
    /// Wherever it rang.
    pub extensions: Vec<String>,
    pub direction: Direction,
    pub party: Party,
    pub started_at: i64,
    pub answered_at: Option<i64>,
}

/// A record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Told {
    pub row: i64,
    pub record: String,
    pub extension: Option<String>,
    pub direction: Direction,
    pub party: Party,
    pub started_at: i64,
    /// The row it is part of now.
    pub call_id: i64,
}

/// How far the two are apart; `None` where they cannot be the same call. Some services count from the ring, some from
/// the answer.
pub(super) fn apart(seen: &Seen, told: &Told) -> Option<i64> {
    let same_extension = told.extension.as_ref().is_none_or(|it| seen.extensions.contains(it));
    if seen.direction != told.direction || seen.party != told.party || !same_extension {
        return None;
    }
    Some(distance(seen, told)).filter(|apart| *apart <= APART_MS)
}

fn distance(seen: &Seen, told: &Told) -> i64 {
    let from = |at: i64| told.started_at.abs_diff(at);
    let apart = seen.answered_at.map_or(u64::MAX, from).min(from(seen.started_at));
    i64::try_from(apart).unwrap_or(i64::MAX)
}

/// Pairs of places in the two lists: those that the service calls by one name, then the closest first; so too among those
/// of one name, which a service may give again. Each is in one pair at most.
pub(super) fn pairs(seen: &[Seen], told: &[Told]) -> Vec<(usize, usize)> {
    let mut possible = Vec::new();
    for (told_at, record) in told.iter().enumerate() {
        for (seen_at, row) in seen.iter().enumerate() {
            let named = record.record == row.call;
            if let Some(apart) = if named { Some(distance(row, record)) } else { apart(row, record) } {
                possible.push((
                    !named,
                    apart,
                    record.started_at,
                    &record.record,
                    row.started_at,
                    &row.call,
                    told_at,
                    seen_at,
                ));
            }
        }
    }
    possible.sort_unstable();
    let (mut taken_told, mut taken_seen) = (vec![false; told.len()], vec![false; seen.len()]);
    let mut pairs = Vec::new();
    for (.., told_at, seen_at) in possible {
        if !taken_told[told_at] && !taken_seen[seen_at] {
            taken_told[told_at] = true;
            taken_seen[seen_at] = true;
            pairs.push((told_at, seen_at));
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(id: i64, extension: &str, started_at: i64, answered_at: Option<i64>) -> Seen {
        let (direction, party) = (Direction::Inbound, Party::Withheld);
        let (call, extensions) = (format!("live-{id}"), vec![extension.to_owned()]);
        Seen { id, call, extensions, direction, party, started_at, answered_at }
    }

    fn told(row: i64, extension: Option<&str>, started_at: i64) -> Told {
        let (direction, party) = (Direction::Inbound, Party::Withheld);
        let (record, extension) = (format!("record-{row}"), extension.map(str::to_owned));
        Told { row, record, extension, direction, party, started_at, call_id: 0 }
    }

    #[test]
    fn the_closest_are_one_call_and_each_is_used_once() {
        let rows = [seen(1, "31", 0, None), seen(2, "31", 40_000, None)];
        let records = [told(1, None, 39_000), told(2, None, 1_000), told(3, None, 20_000)];
        assert_eq!(pairs(&rows, &records), [(1, 0), (0, 1)]);
    }

    #[test]
    fn another_extension_direction_party_or_time_is_another_call() {
        let row = seen(1, "31", 0, None);
        assert_eq!(apart(&row, &told(1, Some("32"), 0)), None);
        assert_eq!(apart(&row, &told(1, Some("31"), 0)), Some(0));
        assert_eq!(apart(&row, &told(1, None, APART_MS)), Some(APART_MS));
        assert_eq!(apart(&row, &told(1, None, -APART_MS - 1)), None);
        assert_eq!(apart(&row, &Told { direction: Direction::Outbound, ..told(1, None, 0) }), None);
        assert_eq!(apart(&row, &Told { party: Party::Unstated, ..told(1, None, 0) }), None);
    }

    #[test]
    fn a_service_may_count_from_the_answer() {
        assert_eq!(apart(&seen(1, "31", 0, Some(100_000)), &told(1, None, 101_000)), Some(1_000));
    }

    #[test]
    fn of_two_calls_of_one_name_the_closer_is_meant() {
        let rows = [0, 900_000].map(|at| Seen { call: "record-1".to_owned(), ..seen(at, "31", at, None) });
        assert_eq!(pairs(&rows, &[told(1, Some("31"), 880_000)]), [(0, 1)]);
    }

    #[test]
    fn the_same_name_is_the_same_call() {
        let rows = [seen(1, "31", 0, None), Seen { call: "record-1".to_owned(), ..seen(2, "32", 900_000, None) }];
        assert_eq!(pairs(&rows, &[told(1, Some("31"), 0)]), [(0, 1)]);
    }
}
