//! The call log against the exchange: every call once, whatever the windows, the limits and the case of the keys.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod rig;

use std::collections::HashSet;

use rig::quiet;
use rig::voicenter::{LOG, connect, start};
use ringside_domain::{Outcome, PastCall, Timestamp};
use ringside_exchange::{Exchange, Fault, FaultKind, KeyCase, PastRecord, RingSpec, VoicenterOptions};
use ringside_telephony::{Provider, ProviderError};
use serde_json::json;
use tokio::sync::mpsc;

/// 2026-03-27T00:00:00Z: Israel goes to summer time on that day.
const BEGIN: i64 = 1_774_569_600;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(BEGIN + second).unwrap()
}

fn record(n: i64, second: i64) -> PastRecord {
    PastRecord {
        call: format!("past-{n}"),
        kind: 1,
        status: "ANSWER".into(),
        caller: "0501234567".into(),
        target: "0722000000".into(),
        did: "0722000000".into(),
        caller_extension: String::new(),
        target_extension: "SIP31".into(),
        at: at(second),
        duration: 60,
        ring: 5,
    }
}

async fn read(
    provider: &dyn Provider,
    from: Timestamp,
    until: Timestamp,
) -> (Result<(), ProviderError>, Vec<PastCall>) {
    let (sender, mut batches) = mpsc::channel::<Vec<PastCall>>(2);
    let collecting = async {
        let mut all = Vec::new();
        while let Some(batch) = batches.recv().await {
            assert!(batch.len() <= 500, "batches are small");
            all.extend(batch);
        }
        all
    };
    tokio::join!(provider.journal().unwrap().read(from, until, sender), collecting)
}

fn ids(calls: &[PastCall]) -> HashSet<&str> {
    calls.iter().map(|call| call.id.as_str()).collect()
}

fn asked(exchange: &Exchange) -> usize {
    exchange.tape().count(|it| it.path == LOG)
}

#[tokio::test]
async fn a_call_seen_live_is_the_same_call_in_the_log() {
    for log_case in [KeyCase::Pascal, KeyCase::Lower] {
        let exchange = start(VoicenterOptions { log_case, ..VoicenterOptions::default() }).await;
        let provider = connect(&exchange, json!({}));
        provider.extensions().unwrap().list().await.unwrap();
        let answered = exchange.ring(RingSpec::to("31").from("972501234567"));
        answered.answer("31");
        answered.hang_up();
        let missed = exchange.ring(RingSpec::to("32").from("4922166966966"));
        missed.time_out();
        let (result, calls) = read(&*provider, at(-86_400 * 300), at(86_400 * 3000)).await;
        assert_eq!((result, calls.len()), (Ok(()), 2), "{log_case:?}");
        let call = calls.iter().find(|call| call.id.as_str() == answered.id().to_string()).unwrap();
        assert_eq!((call.outcome, call.extension.as_ref().unwrap().as_str()), (Outcome::Answered, "SIP31"));
        let other = calls.iter().find(|call| call.id.as_str() == missed.id().to_string()).unwrap();
        assert_eq!((other.outcome, other.answered_at, other.word.as_str()), (Outcome::Missed, None, "NOANSWER"));
        assert_eq!(provider.oddities(), [], "{log_case:?}");
    }
}

#[tokio::test]
async fn a_window_with_too_many_records_is_cut_until_it_fits_and_each_comes_once() {
    let exchange = start(VoicenterOptions { log_most: 100, ..VoicenterOptions::default() }).await;
    // Crowded in one morning, with two a second, over midnight and the change of the clocks.
    let records = (0..400).map(|n| record(n, if n < 200 { 30_000 + n / 2 * 72 } else { (n - 200) * 3000 }));
    exchange.voicenter().add_past_calls(records);
    let provider = connect(&exchange, json!({}));
    let (result, calls) = read(&*provider, at(0), at(86_400 * 7)).await;
    assert_eq!(result, Ok(()));
    assert_eq!((calls.len(), ids(&calls).len()), (400, 400), "each once");
    assert!(asked(&exchange) <= 30, "{}", asked(&exchange));
    let (_, again) = read(&*provider, at(0), at(3600)).await;
    let first: Vec<_> = calls.iter().filter(|call| call.started_at < at(3600)).collect();
    assert!(again.iter().eq(first), "the same record read twice is equal to itself");
}

#[tokio::test]
async fn neighbouring_windows_share_no_call_and_lose_none() {
    let exchange = quiet().await;
    exchange.voicenter().add_past_calls([record(1, 0), record(2, 59), record(3, 60), record(4, 119), record(5, 120)]);
    let provider = connect(&exchange, json!({}));
    let mut all = Vec::new();
    for minute in 0..3 {
        all.extend(read(&*provider, at(minute * 60), at(minute * 60 + 60)).await.1);
    }
    let order: Vec<_> = all.iter().map(|call| call.id.as_str()).collect();
    assert_eq!(order, ["past-1", "past-2", "past-3", "past-4", "past-5"]);
    assert_eq!(read(&*provider, at(60), at(60)).await, (Ok(()), vec![]), "an empty window is not asked for");
}

#[tokio::test]
async fn the_legs_of_a_click_to_call_are_one_call_that_came_out_like_the_second() {
    let exchange = quiet().await;
    let leg = |kind: u8, status: &str| PastRecord {
        kind,
        status: status.into(),
        caller_extension: "SIP31".into(),
        target_extension: String::new(),
        target: "0521112222".into(),
        ..record(1, 10)
    };
    exchange.voicenter().add_past_calls([leg(9, "ANSWER"), leg(10, "NOANSWER")]);
    let provider = connect(&exchange, json!({}));
    let (_, calls) = read(&*provider, at(0), at(60)).await;
    assert_eq!((calls.len(), calls[0].outcome), (1, Outcome::Missed), "{calls:?}");
}

#[tokio::test]
async fn a_request_that_came_too_early_is_sent_again_after_the_pause_that_is_asked_for() {
    let exchange = quiet().await;
    exchange.voicenter().add_past_calls([record(1, 0)]);
    // Two of the service's own answers, then the truth.
    let limited = FaultKind::Status { code: 429, retry_after: None };
    exchange.faults().set(Fault::new(limited).path(LOG).times(2));
    let provider = connect(&exchange, json!({}));
    let (result, calls) = read(&*provider, at(0), at(60)).await;
    assert_eq!((result, calls.len(), asked(&exchange)), (Ok(()), 1, 3));

    let exchange = start(VoicenterOptions { log_per_minute: 0, ..VoicenterOptions::default() }).await;
    let provider = connect(&exchange, json!({}));
    let (result, _) = read(&*provider, at(0), at(60)).await;
    assert_eq!(result.unwrap_err().code(), "rate_limited", "patience has an end");
    assert!(asked(&exchange) > 2 && asked(&exchange) < 30);
}

#[tokio::test]
async fn each_refusal_of_the_log_has_its_words() {
    let exchange = quiet().await;
    exchange.voicenter().set_address_allowed(false);
    let (result, _) = read(&*connect(&exchange, json!({})), at(0), at(60)).await;
    assert_eq!(result, Err(ProviderError::AddressNotAllowed));
    exchange.voicenter().set_address_allowed(true);
    let provider = connect(&exchange, json!({}));
    exchange.voicenter().set_code("ANOTHERCODE00");
    let before = asked(&exchange);
    for _ in 0..3 {
        assert_eq!(read(&*provider, at(0), at(60)).await.0, Err(ProviderError::SignInRefused));
    }
    assert_eq!(asked(&exchange), before + 1, "a refused code is not tried again");
    for (fault, code) in [
        (FaultKind::HtmlInsteadOfJson, "bad_answer"),
        (FaultKind::MalformedJson, "bad_answer"),
        (FaultKind::Status { code: 503, retry_after: None }, "server_trouble"),
        (FaultKind::Reset, "unreachable"),
    ] {
        let exchange = quiet().await;
        exchange.faults().set(Fault::new(fault.clone()).path(LOG));
        let (result, calls) = read(&*connect(&exchange, json!({})), at(0), at(60)).await;
        assert_eq!((result.unwrap_err().code(), calls.len()), (code, 0), "{fault:?}");
    }
}

#[tokio::test]
async fn whoever_stops_listening_ends_the_reading() {
    let exchange = start(VoicenterOptions { log_most: 50, ..VoicenterOptions::default() }).await;
    exchange.voicenter().add_past_calls((0..1000).map(|n| record(n, n * 60)));
    let provider = connect(&exchange, json!({}));
    let (sender, mut batches) = mpsc::channel::<Vec<PastCall>>(1);
    let journal = provider.journal().unwrap();
    let listening = async move { batches.recv().await.expect("a first batch") };
    let (result, first) = tokio::join!(journal.read(at(0), at(86_400), sender), listening);
    assert_eq!(result, Ok(()));
    assert!(!first.is_empty() && asked(&exchange) < 20, "{}", asked(&exchange));
}

#[tokio::test]
async fn a_hundred_thousand_records_come_in_windows_that_fit() {
    let exchange = quiet().await;
    exchange.voicenter().add_past_calls((0..100_000).map(|n| record(n, n * 20)));
    let provider = connect(&exchange, json!({}));
    let (sender, mut batches) = mpsc::channel::<Vec<PastCall>>(1);
    let counting = async {
        let (mut count, mut last) = (0, at(-1));
        while let Some(batch) = batches.recv().await {
            assert!(batch.iter().all(|call| call.started_at >= last), "in order");
            last = batch.last().map_or(last, |call| call.started_at);
            count += batch.len();
        }
        count
    };
    let (result, count) = tokio::join!(provider.journal().unwrap().read(at(0), at(2_000_000), sender), counting);
    assert_eq!((result, count), (Ok(()), 100_000));
    assert!(asked(&exchange) <= 20, "{}", asked(&exchange));
}
