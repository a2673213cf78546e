//! Names for records that have none: made of what a record says, and of its place among those that say the same.

use std::collections::HashMap;

use ringside_domain::{CallId, Direction, PastCall, Timestamp};

/// What a record is known by. What may be written later, such as how the call came out, is no part of it.
pub struct Name<'a> {
    pub direction: Direction,
    /// Where two moments are written alike, the first of them.
    pub started_at: Timestamp,
    pub words: &'a [Option<&'a str>],
}

/// FNV-1a with 128 bits (draft-eastlake-fnv): the names are stored, so that they have to be the same in every release
/// and on every computer. No telephone number shows in them.
pub fn id(name: &Name<'_>) -> CallId {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let mut hash = OFFSET;
    let mut take = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u128::from(*byte)).wrapping_mul(PRIME);
        }
    };
    take(&name.started_at.as_second().to_be_bytes());
    for word in name.words {
        take(word.unwrap_or_default().as_bytes());
        // No text has this byte in it, so that it cannot be moved from one word to the next.
        take(&[0xff]);
    }
    let direction = match name.direction {
        Direction::Inbound => "in",
        Direction::Outbound => "out",
    };
    CallId::new(format!("{direction}-{hash:032x}"))
}

/// Puts records in order and gives those that are called alike a number from the second on.
///
/// Records called alike are written with the same start, so that whoever reads one in a span reads all. Among them the
/// order is that of the rest they say, not that in which they came.
pub fn settle(mut calls: Vec<PastCall>) -> Vec<PastCall> {
    calls.sort_by(|one, other| order(one).cmp(&order(other)));
    let mut alike: HashMap<CallId, u32> = HashMap::new();
    for call in &mut calls {
        let nth = alike.entry(call.id.clone()).or_default();
        *nth += 1;
        if *nth > 1 {
            call.id = CallId::new(format!("{}-{nth}", call.id));
        }
    }
    calls
}

fn order(call: &PastCall) -> impl Ord {
    (call.started_at, call.id.clone(), call.word.clone(), call.ended_at, call.outcome as u8)
}

#[cfg(test)]
#[path = "record_tests.rs"]
mod tests;
