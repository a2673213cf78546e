//! How long things took, as percentiles of the last thousand.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use ringside_api::view::Latency;

const KEPT: usize = 1_000;

#[derive(Default)]
struct Series {
    count: u64,
    last: VecDeque<f64>,
}

/// One series a name and account.
#[derive(Default)]
pub(super) struct Latencies(BTreeMap<(String, Option<String>), Series>);

impl Latencies {
    pub fn note(&mut self, name: &str, account: Option<&str>, took: Duration) {
        self.note_ms(name, account, took.as_secs_f64() * 1e3);
    }

    /// Ignores what cannot be a duration; hosts measure themselves and may be wrong.
    pub fn note_ms(&mut self, name: &str, account: Option<&str>, ms: f64) {
        if !ms.is_finite() || !(0.0..=3_600_000.0).contains(&ms) || (self.0.len() >= 64 && !self.has(name, account)) {
            return;
        }
        let series = self.0.entry((name.to_owned(), account.map(str::to_owned))).or_default();
        series.count += 1;
        if series.last.len() == KEPT {
            series.last.pop_front();
        }
        series.last.push_back(ms);
    }

    fn has(&self, name: &str, account: Option<&str>) -> bool {
        self.0.contains_key(&(name.to_owned(), account.map(str::to_owned)))
    }

    pub fn view(&self) -> Vec<Latency> {
        self.0
            .iter()
            .map(|((name, account), series)| {
                let mut sorted: Vec<f64> = series.last.iter().copied().collect();
                sorted.sort_by(f64::total_cmp);
                let at = |q: f64| {
                    let index = ((sorted.len() as f64 * q).ceil() as usize).clamp(1, sorted.len()) - 1;
                    sorted.get(index).copied().unwrap_or_default()
                };
                Latency {
                    name: name.clone(),
                    account: account.clone(),
                    count: series.count,
                    p50: at(0.50),
                    p95: at(0.95),
                    p99: at(0.99),
                    max: sorted.last().copied().unwrap_or_default(),
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_ranks_of_the_last_thousand() {
        let mut latencies = Latencies::default();
        for ms in 1..=2_000 {
            latencies.note_ms("lookup", None, f64::from(ms));
        }
        let view = &latencies.view()[0];
        assert_eq!((view.count, view.p50, view.p95, view.p99, view.max), (2_000, 1_500.0, 1_950.0, 1_990.0, 2_000.0));
    }

    #[test]
    fn nonsense_is_ignored() {
        let mut latencies = Latencies::default();
        for ms in [f64::NAN, f64::INFINITY, -1.0] {
            latencies.note_ms("card_painted", None, ms);
        }
        assert!(latencies.view().is_empty());
    }
}
