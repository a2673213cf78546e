//! Past calls: the records of all legs, a day at a time, joined into calls.

use std::ops::Range;
use std::time::Duration;

use async_trait::async_trait;
use ringside_domain::{PastCall, Timestamp};
use ringside_telephony::{Journal, JournalReach, ProviderError};
use ringside_transport::TransportError;
use tokio::sync::mpsc;

use super::Tenios;
use super::client::{RECORDS, refusal};
use super::map::{self, JOIN, Leg, Reading};
use super::session::Shared;
use super::walk::items;
use super::{stamp, wire};

pub const WHAT: &str = "the call records";
const WINDOW: Duration = Duration::from_secs(24 * 3600);
/// When a record appears is not published.
const SETTLES: Duration = Duration::from_secs(2 * 3600);
const POLL: Duration = Duration::from_secs(120);
const BATCH: usize = 500;

#[async_trait]
impl Journal for Tenios {
    fn reach(&self) -> JournalReach {
        JournalReach { window: WINDOW, settles_after: SETTLES, poll_every: POLL }
    }

    async fn read(
        &self,
        from: Timestamp,
        until: Timestamp,
        batches: mpsc::Sender<Vec<PastCall>>,
    ) -> Result<(), ProviderError> {
        let shared = &self.shared;
        if !shared.knows_users() {
            // Without them calls are told all the same, and not whose they were.
            let _ = shared.extensions().await;
        }
        let mut at = from;
        while at < until {
            let end = later(at, WINDOW).min(until);
            let mut calls = day(shared, at..end).await.map_err(|error| refusal(&error, WHAT))?;
            while !calls.is_empty() {
                let rest = calls.split_off(calls.len().min(BATCH));
                if batches.send(std::mem::replace(&mut calls, rest)).await.is_err() {
                    return Ok(());
                }
            }
            at = end;
        }
        Ok(())
    }
}

/// The calls that began in a window of at most a day.
async fn day(shared: &Shared, window: Range<Timestamp>) -> Result<Vec<PastCall>, TransportError> {
    let reach = (earlier(window.start, JOIN), later(window.end, JOIN));
    let mut walk = shared.walk();
    let mut legs: Vec<Leg> = Vec::new();
    loop {
        let page = match page(shared, reach, walk.page, walk.page_size).await {
            Err(error) if shared.smaller_pages(&error, &mut walk) => {
                legs.clear();
                continue;
            }
            page => page?,
        };
        let read = |json: &str| {
            let record: wire::Record<'_> = shared.read("records", json)?;
            map::leg(&record, &shared.oddities)
        };
        legs.extend(items(&page)?.iter().filter_map(|raw| read(raw.get())));
        if !walk.goes_on(&page) {
            break;
        }
    }
    let (is_extension, extension_of) = (|it: &str| shared.is_extension(it), |it: &str| shared.extension_of(it));
    let reading = Reading {
        plan: &shared.plan,
        is_extension: &is_extension,
        extension_of: &extension_of,
        oddities: &shared.oddities,
    };
    Ok(map::calls(legs, &window, &reading))
}

/// One page of the records that began between two moments.
///
/// # Errors
/// What the road ended with.
pub async fn page(
    shared: &Shared,
    (from, to): (Timestamp, Timestamp),
    page: u64,
    page_size: u64,
) -> Result<wire::Page, TransportError> {
    let body =
        wire::Records { start_date_from: stamp::written(from), start_date_to: stamp::written(to), page, page_size };
    shared.client.read(RECORDS, &body).await
}

fn later(at: Timestamp, by: Duration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

fn earlier(at: Timestamp, by: Duration) -> Timestamp {
    at.checked_sub(by).unwrap_or(Timestamp::MIN)
}
