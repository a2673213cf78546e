//! Throughput of `apply_into` under the load of a large company.

#[path = "../examples/load/mod.rs"]
mod load;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use ringside_engine::apply_into;

const CALLS: usize = 10_000;

fn throughput(criterion: &mut Criterion) {
    let inputs = load::inputs(CALLS);
    let mut group = criterion.benchmark_group("engine");
    group.throughput(Throughput::Elements(inputs.len() as u64));
    group.sample_size(20);
    group.bench_function("apply", |bencher| {
        bencher.iter_batched(
            || (load::state(), inputs.clone(), Vec::with_capacity(64)),
            |(mut state, inputs, mut out)| {
                let mut now = load::start();
                for input in inputs {
                    now += load::PACE;
                    apply_into(&mut state, now, input, &mut out);
                    out.clear();
                }
                state
            },
            BatchSize::LargeInput,
        );
    });
    group.finish();
}

criterion_group!(benches, throughput);
criterion_main!(benches);
