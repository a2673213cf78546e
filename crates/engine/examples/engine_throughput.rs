//! How many events a second the engine takes on one core, as one line of JSON: the best of five rounds. Build it with
//! `--release`; the argument is the number of calls.

mod load;

use std::time::Duration;

use ringside_engine::apply_into;

const CALLS: usize = 100_000;
const ROUNDS: usize = 5;

fn main() {
    let calls = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(CALLS);
    let inputs = load::inputs(calls);
    let mut best = Duration::MAX;
    let mut effects = 0;
    for _ in 0..ROUNDS {
        let mut state = load::state();
        let round = inputs.clone();
        let mut out = Vec::with_capacity(64);
        effects = 0;
        let mut now = load::start();
        let started = clock();
        for input in round {
            now += load::PACE;
            apply_into(&mut state, now, input, &mut out);
            effects += out.len();
            out.clear();
        }
        best = best.min(started.elapsed());
    }
    let (events, seconds) = (inputs.len(), best.as_secs_f64());
    println!(
        r#"{{"bench":"engine","lines":{},"events":{events},"effects":{effects},"seconds":{seconds:.3},"events_per_s":{:.0}}}"#,
        load::LINES,
        events as f64 / seconds,
    );
}

#[expect(clippy::disallowed_methods, reason = "a measurement needs a stopwatch")]
fn clock() -> std::time::Instant {
    std::time::Instant::now()
}
