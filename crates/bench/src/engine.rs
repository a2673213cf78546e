//! Events a second that the engine takes on one core: a busy hour of a company with 5,000 lines.

#[path = "../../engine/examples/load/mod.rs"]
mod load;

use ringside_engine::apply_into;
use tokio::time::Instant;

use crate::Extent;
use crate::report::{Good, Row};
use crate::samples::Samples;

pub fn measure(extent: Extent) -> Vec<Row> {
    let inputs = load::inputs(extent.rounds(100_000));
    let mut rates = Samples::default();
    for _ in 0..5 {
        let mut state = load::state();
        let round = inputs.clone();
        let mut out = Vec::with_capacity(64);
        let mut now = load::start();
        let began = Instant::now();
        for input in round {
            now += load::PACE;
            apply_into(&mut state, now, input, &mut out);
            out.clear();
        }
        rates.add(inputs.len() as f64 / began.elapsed().as_secs_f64());
    }
    let row = Row::of("engine", rates.median(), "events/s", Good::AtLeast, 1_000_000.0);
    vec![row.remark(format!("median of 5 rounds of {} events, {} lines", inputs.len(), load::LINES))]
}
