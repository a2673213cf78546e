//! The call log, read window by window.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Duration;

use async_trait::async_trait;
use jiff::SignedDuration;
use ringside_domain::{CallId, ExtensionId, PastCall, Timestamp};
use ringside_telephony::{Journal, JournalReach, ProviderError};
use ringside_transport::{Response, TransportError};
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::sync::{Mutex, mpsc};
use tokio::time::{Instant, sleep, sleep_until};

use super::Voicenter;
use super::meaning::{self, refusal, speaks_of_address};
use super::record::{self, Fields};
use super::session::Shared;
use super::wire;

pub const WHAT: &str = "the call log";
/// Requests that the service answers in a minute.
const A_MINUTE: usize = 30;
const MINUTE: Duration = Duration::from_secs(60);
/// A window that holds more than one answer is cut into parts that are likely to hold four fifths of one.
const FILLED: (u64, u64) = (4, 5);
const MOST_PARTS: u64 = 64;
/// How often a request is sent again that came too early.
const PATIENCE: usize = 12;
const BATCH: usize = 500;

/// No more requests in a minute than the service answers, whoever asks.
#[derive(Debug, Default)]
pub struct Pace(Mutex<VecDeque<Instant>>);

impl Pace {
    async fn wait(&self) {
        // Held while waiting, so that those who wait go one after the other.
        let mut asked = self.0.lock().await;
        if asked.len() >= A_MINUTE
            && let Some(oldest) = asked.pop_front()
        {
            sleep_until(oldest + MINUTE).await;
        }
        asked.push_back(Instant::now());
    }
}

#[async_trait]
impl Journal for Voicenter {
    fn reach(&self) -> JournalReach {
        JournalReach {
            window: Duration::from_secs(31 * 86_400),
            // Records come some minutes late.
            settles_after: Duration::from_secs(30 * 60),
            poll_every: Duration::from_secs(60),
        }
    }

    async fn read(
        &self,
        from: Timestamp,
        until: Timestamp,
        batches: mpsc::Sender<Vec<PastCall>>,
    ) -> Result<(), ProviderError> {
        let mut windows = vec![(from, until)];
        while let Some((from, until)) = windows.pop().filter(|(from, until)| from < until) {
            let page = page(&self.shared, from, until).await.map_err(|error| refusal(&error, WHAT))?;
            let parts = page.parts();
            if parts > 1 && cut(&mut windows, from, until, parts) {
                continue;
            }
            if parts > 1 {
                self.shared.oddities.payload("call_log", "more records in one second than one answer holds");
            }
            for batch in page.calls(&self.shared, from, until).chunks(BATCH) {
                if batches.send(batch.to_vec()).await.is_err() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

/// One answer.
struct Page {
    total: u64,
    records: Vec<Box<RawValue>>,
}

impl Page {
    /// Into how many parts its window should be cut: 1 if it is whole.
    fn parts(&self) -> u64 {
        let returned = self.records.len() as u64;
        if self.total <= returned {
            return 1;
        }
        let (filled, whole) = FILLED;
        (self.total * whole).div_ceil(returned.max(1) * filled).clamp(2, MOST_PARTS)
    }

    /// The calls that began in the window, in order, one for each extension. Whether the service's windows hold their
    /// last second is not documented, so it is asked for and what lies outside is left out.
    fn calls(&self, shared: &Shared, from: Timestamp, until: Timestamp) -> Vec<PastCall> {
        let mut calls: Vec<(u8, PastCall)> = Vec::with_capacity(self.records.len());
        let mut seen: HashMap<(CallId, Option<ExtensionId>), usize> = HashMap::new();
        shared.with_context(|context| {
            for raw in &self.records {
                let Some(fields) = shared.read::<BTreeMap<String, Value>>("call_log", raw.get()) else { continue };
                let fields = Fields::new(fields);
                let Some(call) = record::past_call(&fields, context) else { continue };
                if call.started_at < from || call.started_at >= until {
                    continue;
                }
                let rank = record::rank(&fields);
                match seen.get(&(call.id.clone(), call.extension.clone())) {
                    None => {
                        seen.insert((call.id.clone(), call.extension.clone()), calls.len());
                        calls.push((rank, call));
                    }
                    Some(at) if calls[*at].0 <= rank => calls[*at] = (rank, call),
                    Some(_) => {}
                }
            }
        });
        calls.into_iter().map(|(_, call)| call).collect()
    }
}

/// Cuts a window into whole seconds, the first part on top; `false` if it is one second already.
fn cut(windows: &mut Vec<(Timestamp, Timestamp)>, from: Timestamp, until: Timestamp, parts: u64) -> bool {
    let seconds = until.as_second().saturating_sub(from.as_second());
    let step = seconds.div_euclid(parts.min(seconds.max(1).unsigned_abs()) as i64).max(1);
    if seconds < 2 {
        return false;
    }
    let mut cuts = vec![from];
    let mut at = from.as_second() + step;
    while at < until.as_second() {
        cuts.extend(Timestamp::from_second(at).ok());
        at += step;
    }
    cuts.push(until);
    windows.extend(cuts.windows(2).rev().map(|two| (two[0], two[1])));
    true
}

/// How many records a window holds.
///
/// # Errors
/// What the road ended with.
pub async fn count(shared: &Shared, from: Timestamp, until: Timestamp) -> Result<u64, TransportError> {
    page(shared, from, until).await.map(|page| page.total)
}

/// One window, asked for as often as the service says that it was asked too early.
async fn page(shared: &Shared, from: Timestamp, until: Timestamp) -> Result<Page, TransportError> {
    let mut tries = 0;
    loop {
        shared.pace.wait().await;
        let answer =
            shared.client.log(&record::FIELDS, window(from, until)).await.and_then(|answer| read(shared, answer));
        match answer {
            Err(error) if error.status() == Some(429) && tries < PATIENCE => {
                tries += 1;
                sleep(error.retry_after().unwrap_or_default().max(shared.options.log_pause)).await;
            }
            answer => return answer,
        }
    }
}

/// Whole seconds around the window.
fn window(from: Timestamp, until: Timestamp) -> wire::Window {
    let written = |at: Timestamp| at.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let rounded = if until.subsec_nanosecond() == 0 {
        until
    } else {
        until.checked_add(SignedDuration::from_secs(1)).unwrap_or(until)
    };
    wire::Window { from: written(from), until: written(rounded) }
}

/// The answer's keys come in more than one case as well.
fn read(shared: &Shared, answer: Response) -> Result<Page, TransportError> {
    let fields: BTreeMap<String, Box<RawValue>> = answer.json()?;
    let fields: BTreeMap<String, Box<RawValue>> =
        fields.into_iter().map(|(name, value)| (name.to_lowercase(), value)).collect();
    let value = |name: &str| fields.get(name).and_then(|raw| serde_json::from_str::<Value>(raw.get()).ok());
    let number = |name: &str| value(name).as_ref().and_then(wire::number);
    let words = value("error_description").as_ref().map(|it| wire::words(it).to_owned()).unwrap_or_default();
    let error = match number("error_number") {
        None | Some(0) => None,
        Some(_) if speaks_of_address(&words) => Some(meaning::status(403, &words)),
        Some(1) => Some(meaning::status(429, &words)),
        Some(2) => Some(TransportError::NeedsSignIn { reason: words }),
        Some(4) => Some(meaning::status(403, "the IP address is not authorised")),
        Some(5) => Some(meaning::status(400, &words)),
        Some(number) => Some(meaning::status(500, &format!("error {number}: {words}"))),
    };
    if let Some(error) = error {
        shared.client.remember(&error);
        return Err(error);
    }
    let records = fields.get("cdr_list").and_then(|raw| serde_json::from_str::<Vec<Box<RawValue>>>(raw.get()).ok());
    let Some(records) = records.or_else(|| (number("error_number") == Some(0)).then(Vec::new)) else {
        return Err(TransportError::NotJson { line: 1, column: 1, problem: "it holds no CDR_LIST".into() });
    };
    let total = number("total_hits").and_then(|total| u64::try_from(total).ok()).unwrap_or(records.len() as u64);
    Ok(Page { total, records })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_window_is_cut_without_a_gap_or_an_overlap() {
        for (from, until, parts) in [(0, 2, 2), (0, 86_400, 13), (7, 10, 64), (0, 3, 2), (5, 86_405, 64)] {
            let mut windows = Vec::new();
            assert!(cut(&mut windows, at(from), at(until), parts), "{from} {until}");
            windows.reverse();
            assert!(windows.len() > 1 && windows.len() <= 2 * parts as usize, "{from} {until}: {windows:?}");
            assert_eq!((windows[0].0, windows[windows.len() - 1].1), (at(from), at(until)));
            assert!(windows.windows(2).all(|two| two[0].1 == two[1].0) && windows.iter().all(|(a, b)| a < b));
        }
        assert!(!cut(&mut Vec::new(), at(5), at(6), 2), "a second is not cut");
    }

    #[test]
    fn seconds_are_asked_for_whole() {
        let window = window("2026-03-02T09:15:00.4Z".parse().unwrap(), "2026-03-02T09:16:00.4Z".parse().unwrap());
        assert_eq!((window.from.as_str(), window.until.as_str()), ("2026-03-02T09:15:00", "2026-03-02T09:16:01"));
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_is_asked_in_a_minute_than_is_answered() {
        let pace = Pace::default();
        let began = Instant::now();
        for _ in 0..A_MINUTE {
            pace.wait().await;
        }
        assert_eq!(began.elapsed(), Duration::ZERO);
        pace.wait().await;
        assert_eq!(began.elapsed(), MINUTE);
    }
}
