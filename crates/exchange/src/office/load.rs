//! A load of line changes for benches.

use std::collections::HashSet;
use std::ops::Bound;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{Line, Office};

/// A running load; it stops when dropped.
#[must_use = "the load stops when this is dropped"]
pub struct LineLoad {
    stop: CancellationToken,
}

impl LineLoad {
    pub fn stop(self) {}
}

impl Drop for LineLoad {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

const TICKS_PER_SECOND: u32 = 100;

pub(super) fn line_events(office: &Office, per_second: u32, spared: &[&str]) -> LineLoad {
    let stop = CancellationToken::new();
    let stopped = stop.clone();
    let spared: HashSet<String> = spared.iter().map(|&number| number.into()).collect();
    let story = flip_lines(office.clone(), per_second, spared);
    office.spawn(async move {
        tokio::select! {
            () = stopped.cancelled() => {}
            () = story => {}
        }
    });
    LineLoad { stop }
}

async fn flip_lines(office: Office, per_second: u32, spared: HashSet<String>) {
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / TICKS_PER_SECOND);
    let mut cursor = String::new();
    let mut due = 0_u32;
    loop {
        ticks.tick().await;
        due += per_second;
        while due >= TICKS_PER_SECOND {
            due -= TICKS_PER_SECOND;
            flip_one(&office, &mut cursor, &spared);
        }
    }
}

/// Flips the next line after `cursor` that no call is on.
fn flip_one(office: &Office, cursor: &mut String, spared: &HashSet<String>) {
    office.with(|state, now| {
        let busy: HashSet<&str> =
            state.calls.values().flat_map(|call| &call.legs).map(|leg| leg.extension.as_str()).collect();
        let after = (Bound::Excluded(cursor.clone()), Bound::Unbounded);
        let round = state.stations.range(after).chain(state.stations.iter());
        let free = round.map(|(_, station)| station).find(|station| {
            let number = &station.number;
            let lit = matches!(station.line, Line::Idle | Line::InUse);
            lit && !busy.contains(number.as_str()) && !spared.contains(number)
        });
        let Some(station) = free else { return };
        let line = if station.line == Line::InUse { Line::Idle } else { Line::InUse };
        let presence = station.presence;
        cursor.clone_from(&station.number);
        state.set_line(cursor, line, presence, now);
    });
}
