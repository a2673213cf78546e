//! Percentiles.

use std::time::Duration;

/// Measurements of one thing, in any unit.
#[derive(Clone, Debug, Default)]
pub struct Samples(Vec<f64>);

impl Samples {
    pub fn add(&mut self, value: f64) {
        self.0.push(value);
    }

    pub fn add_ms(&mut self, took: Duration) {
        self.add(took.as_secs_f64() * 1e3);
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The value that this share of all does not exceed, by nearest rank; `NaN` without any.
    pub fn at(&self, share: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let rank = (share * sorted.len() as f64).ceil() as usize;
        sorted.get(rank.clamp(1, sorted.len().max(1)) - 1).copied().unwrap_or(f64::NAN)
    }

    pub fn median(&self) -> f64 {
        self.at(0.5)
    }

    pub fn max(&self) -> f64 {
        self.at(1.0)
    }
}
