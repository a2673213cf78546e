//! Call records against the exchange: all, each once, in every form of their times.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod rig;

use std::sync::Arc;
use std::time::Duration;

use rig::{quiet, tenios};
use ringside_domain::{Direction, ExtensionId, Outcome, Party, PastCall, Timestamp};
use ringside_exchange::{Exchange, Fault, FaultKind, Options, RetryAfter, RingSpec, ServiceName, StampForm};
use ringside_telephony::{Provider, ProviderError};
use serde_json::json;
use tokio::sync::mpsc;

const RECORDS: &str = "/cdrs/retrieve";

fn now() -> Timestamp {
    (rig::surroundings().now)()
}

fn ago(hours: u64) -> Timestamp {
    now().checked_sub(Duration::from_secs(hours * 3600)).unwrap()
}

/// All batches of a reading, and how it ended.
async fn read(
    provider: &Arc<dyn Provider>,
    from: Timestamp,
    until: Timestamp,
) -> (Result<(), ProviderError>, Vec<PastCall>) {
    let (sender, mut batches) = mpsc::channel(1);
    let reading = Arc::clone(provider);
    let task = tokio::spawn(async move { reading.journal().unwrap().read(from, until, sender).await });
    let mut all = Vec::new();
    while let Some(batch) = batches.recv().await {
        assert!(!batch.is_empty() && batch.len() <= 500, "{}", batch.len());
        all.extend(batch);
    }
    (task.await.unwrap(), all)
}

async fn last_hour(provider: &Arc<dyn Provider>) -> Vec<PastCall> {
    let (ended, calls) = read(provider, ago(1), now()).await;
    assert_eq!(ended, Ok(()));
    calls
}

#[tokio::test]
async fn what_happened_in_the_office_is_in_the_journal_whatever_its_times_look_like() {
    for stamps in [
        StampForm::Zulu,
        StampForm::Offset,
        StampForm::Bare,
        StampForm::Blank,
        StampForm::Seconds,
        StampForm::Milliseconds,
    ] {
        let mut options = Options::quiet();
        options.tenios.stamps = stamps;
        let exchange = Exchange::start(options).await.unwrap();
        let provider = tenios(&exchange, json!({"numbers": {"+49221471034": "34"}}));
        let group = exchange.ring(RingSpec::to_group(["31", "32"]).from("4922166966966").dialled("492214710900"));
        group.answer("32");
        group.hang_up();
        exchange.ring(RingSpec::to("33")).time_out();
        exchange.office().call_out("34", "4922166966970").hang_up();
        // Times without fractions put all of it into one second.
        let mut calls = last_hour(&provider).await;
        calls.sort_by_key(|it| it.extension.as_ref().map(ToString::to_string));
        let seen: Vec<_> = calls
            .iter()
            .map(|it| {
                (it.extension.as_ref().map(ExtensionId::as_str), it.direction, it.outcome, it.answered_at.is_some())
            })
            .collect();
        let expected = [
            (Some("32"), Direction::Inbound, Outcome::Answered, true),
            (Some("33"), Direction::Inbound, Outcome::Missed, false),
            (Some("34"), Direction::Outbound, Outcome::Cancelled, false),
        ];
        assert_eq!(seen, expected, "{stamps:?}");
        assert_eq!((&calls[1].remote, calls[1].word.as_str()), (&Party::Withheld, "NO_ANSWER"));
        assert!(matches!(&calls[2].remote, Party::Number(number) if number.e164() == "+4922166966970"));
        assert_eq!(calls[0].id.as_str(), group.id().to_string());
        assert_eq!(last_hour(&provider).await.len(), 3);
        assert_eq!(provider.oddities(), [], "{stamps:?}");
    }
}

#[tokio::test]
async fn three_days_come_whole_each_call_once_and_the_same_again() {
    let exchange = quiet().await;
    let calls = 3 * 24 * 60;
    exchange.tenios().fill_records(calls);
    let provider = tenios(&exchange, json!({"page_size": 500}));
    let (from, until) = (ago(80), now());
    let (ended, first) = read(&provider, from, until).await;
    assert_eq!((ended, first.len()), (Ok(()), calls as usize));
    assert!(first.is_sorted_by_key(|it| it.started_at));
    let mut ids: Vec<_> = first.iter().map(|it| it.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), first.len());
    assert_eq!(read(&provider, from, until).await.1, first);
    // Cut anywhere, the two halves are the whole.
    let middle = first[1000].started_at;
    let mut halves = read(&provider, from, middle).await.1;
    assert_eq!(halves.len(), 1000);
    halves.extend(read(&provider, middle, until).await.1);
    assert_eq!(halves, first);
    let asked = exchange.tape().count_of(ServiceName::Tenios, "POST", RECORDS);
    assert!(asked < 150, "{asked} requests");
}

#[tokio::test]
async fn a_small_page_brings_the_same() {
    let exchange = quiet().await;
    exchange.tenios().fill_records(30);
    let small = last_hour(&tenios(&exchange, json!({"page_size": 7}))).await;
    let large = last_hour(&tenios(&exchange, json!({"page_size": 1000}))).await;
    assert_eq!((small.len(), &small), (30, &large));
}

#[tokio::test]
async fn a_service_that_refuses_large_pages_is_asked_for_smaller_ones_from_then_on() {
    let mut options = Options::quiet();
    options.tenios.largest_page = 100;
    let exchange = Exchange::start(options).await.unwrap();
    exchange.tenios().fill_records(150);
    let provider = tenios(&exchange, json!({}));
    assert_eq!(read(&provider, ago(3), now()).await.1.len(), 150);
    let refused = exchange.tape().count(|it| it.status == Some(400));
    assert_eq!(refused, 1, "users and records alike are asked for in smaller pages");
    let asks_for_two = tenios(&exchange, json!({"page_size": 2}));
    assert_eq!(read(&asks_for_two, ago(3), now()).await.1.len(), 150);
}

#[tokio::test]
async fn what_was_read_before_the_trouble_stands() {
    let exchange = quiet().await;
    exchange.tenios().fill_records(60 * 60);
    let limit = FaultKind::Status { code: 429, retry_after: Some(RetryAfter::Seconds(7)) };
    // The first request tries the key; each day takes more than four pages.
    exchange.faults().set(Fault::new(limit).path(RECORDS).after_events(10));
    let provider = tenios(&exchange, json!({"page_size": 1000}));
    let (ended, calls) = read(&provider, ago(59), now()).await;
    let error = ended.unwrap_err();
    assert_eq!((error.code(), error.retry_after()), ("rate_limited", Some(Duration::from_secs(7))));
    assert!(calls.len() > 1000 && calls.len() < 60 * 59, "{}", calls.len());
}

#[tokio::test]
async fn whoever_stops_listening_ends_the_reading() {
    let exchange = quiet().await;
    exchange.tenios().fill_records(3 * 24 * 60);
    let provider = tenios(&exchange, json!({"page_size": 1000}));
    let (sender, mut batches) = mpsc::channel(1);
    let reading = Arc::clone(&provider);
    let task = tokio::spawn(async move { reading.journal().unwrap().read(ago(72), now(), sender).await });
    assert!(batches.recv().await.is_some());
    drop(batches);
    assert_eq!(task.await.unwrap(), Ok(()));
    let asked = exchange.tape().count_of(ServiceName::Tenios, "POST", RECORDS);
    assert!(asked < 10, "the other days are not asked for: {asked}");
}

#[tokio::test]
async fn nothing_in_the_journal_is_nothing_and_not_an_error() {
    let exchange = quiet().await;
    let provider = tenios(&exchange, json!({}));
    assert_eq!(last_hour(&provider).await, []);
    assert_eq!(read(&provider, now(), ago(1)).await, (Ok(()), vec![]), "a window that is none");
}

#[tokio::test]
async fn broken_pages_are_errors_and_strange_ones_are_not() {
    let exchange = quiet().await;
    exchange.tenios().fill_records(3);
    let provider = tenios(&exchange, json!({}));
    assert_eq!(last_hour(&provider).await.len(), 3);
    for kind in [FaultKind::UnknownFields, FaultKind::WrongTypes, FaultKind::UnknownValues] {
        exchange.faults().set(Fault::new(kind.clone()).path(RECORDS));
        assert_eq!(last_hour(&provider).await.len(), 3, "{kind:?}");
        exchange.faults().clear();
    }
    for (kind, code) in [
        (FaultKind::MalformedJson, "bad_answer"),
        (FaultKind::HtmlInsteadOfJson, "bad_answer"),
        (FaultKind::MissingFields, "bad_answer"),
        (FaultKind::Cut, "unreachable"),
    ] {
        exchange.faults().set(Fault::new(kind.clone()).path(RECORDS));
        assert_eq!(read(&provider, ago(1), now()).await.0.unwrap_err().code(), code, "{kind:?}");
        exchange.faults().clear();
    }
}
