//! How well it runs, for the one who answers for it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ApiError;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Diagnostics {
    pub version: String,
    pub started_at: i64,
    pub latencies: Vec<Latency>,
    pub links: Vec<LinkDiagnostics>,
    pub oddities: Vec<OddityView>,
    /// Where history is written, and why not, if it is not.
    pub store: String,
    pub store_problem: Option<ApiError>,
    pub key_store: String,
    pub key_store_problem: Option<ApiError>,
    pub memory_mb: Option<f64>,
    /// Newest last; redacted.
    pub log: Vec<String>,
}

/// Percentiles of the last measurements, milliseconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Latency {
    /// `event_to_card`, `event_to_view`, `lookup`, `dial_to_ringback`, `history_write` …
    pub name: String,
    pub account: Option<String>,
    pub count: u64,
    pub p50: f64,
    pub p95: f64,
    pub p99: f64,
    pub max: f64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LinkDiagnostics {
    pub account: String,
    pub events: u64,
    pub last_event_at: Option<i64>,
    pub reconnects: u32,
}

/// Something a service sent that is not known, counted once a kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OddityView {
    pub account: String,
    pub place: String,
    pub excerpt: String,
    pub count: u64,
}
