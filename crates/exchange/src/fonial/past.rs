//! A year of calls that lies behind the office.

use jiff::{SignedDuration, Timestamp};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::json;

use super::json::{Incoming, Outgoing, written};
use super::wall::Wall;
use crate::office::{STRANGERS, demo_contacts, public_number};

const YEAR: SignedDuration = SignedDuration::from_hours(365 * 24);

/// Incoming and outgoing records, each with its time as it is written.
#[derive(Default)]
pub(super) struct Past {
    pub(super) incoming: Vec<(String, String)>,
    pub(super) outgoing: Vec<(String, String)>,
}

/// `count` records, spread evenly over the year before `now`; two of three are incoming.
pub(super) fn year(count: usize, extensions: &[(String, String)], now: Timestamp, seed: u64, wall: &Wall) -> Past {
    let mut past = Past::default();
    let mut rng = StdRng::seed_from_u64(seed ^ 0x7061_7374);
    let outside: Vec<String> = demo_contacts().iter().map(|it| it.number.to_owned()).collect();
    let strangers: Vec<String> = STRANGERS.iter().map(|digits| format!("+{digits}")).collect();
    let outside = [outside, strangers].concat();
    let step = YEAR / i32::try_from(count.max(1)).unwrap_or(i32::MAX);
    // The last call is over too.
    let latest = now.checked_sub(SignedDuration::from_mins(16)).unwrap_or(now);
    let mut at = now.checked_sub(YEAR).unwrap_or(now);
    for n in 0..count {
        at = at.checked_add(step).unwrap_or(now).min(latest);
        let Some((extension, name)) = extensions.get(rng.random_range(0..extensions.len().max(1))) else { break };
        let number = &outside[rng.random_range(0..outside.len())];
        let ours = format!("+{}", public_number(extension));
        let started = wall.write(at);
        if n % 3 < 2 {
            let status = ["TAKEN", "TAKEN", "TAKEN", "MISSED"][rng.random_range(0..4)];
            let row = written(&Incoming { date: &started, from: number, to: &ours, status });
            past.incoming.push((started, row));
        } else {
            let seconds: u32 = rng.random_range(5..900);
            let ended = at.checked_add(SignedDuration::from_secs(i64::from(seconds) + 8)).unwrap_or(at);
            let row = written(&Outgoing {
                from: &ours,
                to: number,
                destination: "Ausland",
                date_start: &started,
                date_end: &wall.write(ended),
                duration: json!(seconds),
                costs: "0.0290",
                sipuser: &format!("fo700100ip{extension}_00"),
                target: name,
            });
            past.outgoing.push((started, row));
        }
    }
    past
}
