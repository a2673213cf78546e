//! Past calls from fonial: both lists as one, each record once, in windows, whatever the night does to the clocks.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod rig;

use std::collections::HashSet;
use std::time::Duration;

use jiff::SignedDuration;
use rig::{FONIAL_EVN, FONIAL_JOURNAL, FONIAL_SIGN_IN, PATIENCE, Run, fonial};
use ringside_domain::{Detail, Direction, LinkPhase, Outcome, Party, PastCall, Timestamp};
use ringside_exchange::{
    Exchange, Fault, FaultKind, FonialBounds, FonialLists, FonialOptions, Options, RingSpec, ServiceName,
};
use ringside_telephony::{Provider, ProviderError};
use serde_json::{Value, json};
use tokio::sync::mpsc;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

async fn with(fonial: FonialOptions) -> Exchange {
    let starts_at = Some(at("2026-11-02T12:00:00Z"));
    Exchange::start(Options { fonial, starts_at, ..Options::quiet() }).await.unwrap()
}

async fn plain() -> Exchange {
    with(FonialOptions::default()).await
}

/// All batches, and how it ended.
async fn batches(
    provider: &dyn Provider,
    from: Timestamp,
    until: Timestamp,
) -> (Vec<Vec<PastCall>>, Result<(), ProviderError>) {
    let (sender, mut receiver) = mpsc::channel(1);
    let collecting = async {
        let mut all = Vec::new();
        while let Some(batch) = receiver.recv().await {
            all.push(batch);
        }
        all
    };
    let reading = provider.journal().unwrap().read(from, until, sender);
    let (all, ended) =
        tokio::time::timeout(PATIENCE, async { tokio::join!(collecting, reading) }).await.expect("an end");
    (all, ended)
}

async fn read(provider: &dyn Provider, from: &str, until: &str) -> Vec<PastCall> {
    let (all, ended) = batches(provider, at(from), at(until)).await;
    assert_eq!(ended, Ok(()));
    all.concat()
}

fn ids(calls: &[PastCall]) -> Vec<&str> {
    calls.iter().map(|it| it.id.as_str()).collect()
}

fn distinct(calls: &[PastCall]) -> usize {
    ids(calls).into_iter().collect::<HashSet<_>>().len()
}

fn outgoing(date_start: &str, date_end: &str, duration: u32, target: &str) -> Value {
    json!({"from": "+49221471031", "to": "+4922166966966", "dateStart": date_start, "dateEnd": date_end,
        "duration": duration, "costs": "0.1", "sipuser": "fo1ip31_00", "target": target})
}

#[tokio::test]
async fn incoming_and_outgoing_calls_are_one_list_in_order() {
    let exchange = plain().await;
    let desk = exchange.fonial();
    desk.add_evn_row("2026-11-02 10:00:05", &outgoing("2026-11-02 10:00:05", "2026-11-02 10:01:00", 40, "Anna Berger"));
    desk.add_incoming("2026-11-02 10:00:09", "anonymous", "+492214710900", "MISSED");
    desk.add_incoming("2026-11-02 10:00:01", "+41446681800", "+492214710900", "TAKEN");
    let calls = read(&*fonial(&exchange, json!({})), "2026-11-02T08:00:00Z", "2026-11-02T10:00:00Z").await;
    let told: Vec<_> = calls.iter().map(|it| (it.direction, it.outcome, it.word.as_str())).collect();
    let expected = [
        (Direction::Inbound, Outcome::Answered, "TAKEN"),
        (Direction::Outbound, Outcome::Answered, ""),
        (Direction::Inbound, Outcome::Missed, "MISSED"),
    ];
    assert_eq!(told, expected);
    assert_eq!(calls[1].extension.as_ref().unwrap().as_str(), "4031");
    assert_eq!(calls[2].remote, Party::Withheld);
    assert_eq!(distinct(&calls), 3);
}

#[tokio::test]
async fn what_happens_in_the_office_is_found_afterwards() {
    let exchange = plain().await;
    let call = exchange.ring(RingSpec::to_group(["31", "32"]).from("4922166966966"));
    assert!(call.answer("32") && call.hang_up());
    assert!(exchange.office().call_out("31", "41446681800").callee_answers());
    assert!(exchange.office().calls().pop().unwrap().hang_up());
    let calls = read(&*fonial(&exchange, json!({})), "2026-11-02T11:00:00Z", "2026-11-02T13:00:00Z").await;
    let told: HashSet<_> = calls.iter().map(|it| (it.direction, it.remote.dial_text().unwrap())).collect();
    let expected = [(Direction::Inbound, "+4922166966966"), (Direction::Outbound, "+41446681800")];
    assert_eq!(told, HashSet::from(expected));
}

#[tokio::test]
async fn the_form_of_an_answer_changes_nothing() {
    let mut seen = Vec::new();
    for lists in [FonialLists::Arrays, FonialLists::Objects, FonialLists::Bare] {
        for odd in [false, true] {
            let exchange = with(FonialOptions {
                lists,
                empty_as_null: odd,
                numbers_as_text: odd,
                newest_first: odd,
                bounds: if odd { FonialBounds::Exclusive } else { FonialBounds::Inclusive },
                ..FonialOptions::default()
            })
            .await;
            let desk = exchange.fonial();
            for (second, status) in [(0, "TAKEN"), (0, "MISSED"), (0, "TAKEN"), (59, "BUSY")] {
                desk.add_incoming(&format!("2026-11-01 10:00:{second:02}"), "+41446681800", "+492214710900", status);
            }
            let row = outgoing("2026-11-01 10:00:00", "2026-11-01 10:00:30", 20, "Anna Berger");
            desk.add_evn_row("2026-11-01 10:00:00", &row);
            let calls = read(&*fonial(&exchange, json!({})), "2026-11-01T09:00:00Z", "2026-11-01T09:01:00Z").await;
            assert_eq!((calls.len(), distinct(&calls)), (5, 5), "{lists:?} {odd}");
            seen.push(calls);
        }
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]));
}

/// Every second minute of a night a call, read in windows that begin and end anywhere: each once, in whatever way the
/// service cuts its spans.
#[tokio::test]
async fn no_night_loses_or_doubles_a_record() {
    for (evening, bounds) in [
        ("2026-10-24T21:00:00Z", FonialBounds::Inclusive),
        ("2026-10-24T21:00:00Z", FonialBounds::Exclusive),
        ("2026-03-28T21:00:00Z", FonialBounds::Exclusive),
        ("2026-12-31T21:00:00Z", FonialBounds::Inclusive),
    ] {
        let exchange = with(FonialOptions { bounds, ..FonialOptions::default() }).await;
        let berlin = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
        let evening = at(evening);
        let minutes = |n: i64| evening.checked_add(SignedDuration::from_mins(n)).unwrap();
        let wall = |at: Timestamp| berlin.to_datetime(at).strftime("%Y-%m-%d %H:%M:%S").to_string();
        for n in (0..360).step_by(2) {
            let (start, end) = (wall(minutes(n)), wall(minutes(n + 1)));
            exchange.fonial().add_incoming(&start, "+41446681800", "+492214710900", "TAKEN");
            exchange.fonial().add_evn_row(&start, &outgoing(&start, &end, 60, "Anna Berger"));
        }
        let provider = fonial(&exchange, json!({}));
        let whole = read(&*provider, &minutes(-180).to_string(), &minutes(600).to_string()).await;
        assert_eq!((whole.len(), distinct(&whole)), (360, 360), "{evening} {bounds:?}");
        let mut pieces = Vec::new();
        let mut from = -180;
        for step in [7, 60, 1, 59, 61, 120, 30, 90].into_iter().cycle() {
            if from >= 600 {
                break;
            }
            let until = (from + step).min(600);
            pieces.extend(read(&*provider, &minutes(from).to_string(), &minutes(until).to_string()).await);
            from = until;
        }
        assert_eq!(pieces, whole, "however it is cut");
        let lengths = whole.iter().filter_map(|it| Some(it.ended_at?.duration_since(it.started_at)));
        assert!(lengths.into_iter().all(|length| length == SignedDuration::from_mins(1)), "{evening}");
    }
}

/// Two calls between the same two, an hour apart and written with the same start: two records, whoever reads them.
#[tokio::test]
async fn calls_of_both_hours_that_are_written_alike_stay_two() {
    let exchange = plain().await;
    for (end, seconds) in [("2026-10-25 02:55:00", 300), ("2026-10-25 03:05:00", 900)] {
        let start = "2026-10-25 02:50:00";
        exchange.fonial().add_evn_row(start, &outgoing(start, end, seconds, "Anna Berger"));
    }
    let provider = fonial(&exchange, json!({}));
    let whole = read(&*provider, "2026-10-24T22:00:00Z", "2026-10-25T04:00:00Z").await;
    let starts: Vec<Timestamp> = whole.iter().map(|it| it.started_at).collect();
    assert_eq!(starts, [at("2026-10-25T00:50:00Z"), at("2026-10-25T01:50:00Z")]);
    assert_eq!(distinct(&whole), 2);
    let mut pieces = read(&*provider, "2026-10-24T22:00:00Z", "2026-10-25T01:00:00Z").await;
    pieces.extend(read(&*provider, "2026-10-25T01:00:00Z", "2026-10-25T04:00:00Z").await);
    assert_eq!(pieces, whole, "however it is cut");
}

#[tokio::test]
async fn a_year_comes_in_batches_of_windows_and_again_the_same() {
    let exchange = with(FonialOptions { past_calls: 5_000, ..FonialOptions::default() }).await;
    let provider = fonial(&exchange, json!({}));
    let (from, until) = (at("2025-11-01T00:00:00Z"), at("2026-11-03T00:00:00Z"));
    let (all, ended) = batches(&*provider, from, until).await;
    assert_eq!(ended, Ok(()));
    assert!(all.iter().all(|batch| !batch.is_empty() && batch.len() <= 500));
    let calls = all.concat();
    assert_eq!((calls.len(), distinct(&calls)), (5_000, 5_000));
    assert!(calls.iter().map(|it| it.started_at).is_sorted());
    for path in [FONIAL_JOURNAL, FONIAL_EVN] {
        assert_eq!(exchange.tape().count_of(ServiceName::Fonial, "POST", path), 53, "a week at once");
    }
    let (again, _) = batches(&*provider, from, until).await;
    assert_eq!(again.concat(), calls);
    let reach = provider.journal().unwrap().reach();
    assert_eq!((reach.window.as_secs(), reach.poll_every.as_secs()), (7 * 86_400, 60));
    assert!(reach.settles_after >= Duration::from_secs(7200), "the second hour of the autumn night is read again");
}

#[tokio::test]
async fn spans_are_asked_for_by_berlins_clock() {
    let exchange = plain().await;
    let provider = fonial(&exchange, json!({"window_days": 1}));
    read(&*provider, "2026-10-24T22:00:00Z", "2026-10-26T11:00:00Z").await;
    let spans = |path: &str| -> Vec<(String, String)> {
        let requests = exchange.tape().requests();
        let bodies = requests.iter().filter(|it| it.path == path);
        let text = |body: &Value, name: &str| body[name].as_str().unwrap().to_owned();
        bodies
            .map(|it| serde_json::from_str(&it.body).unwrap())
            .map(|it| (text(&it, "start"), text(&it, "end")))
            .collect()
    };
    let of = |start: &str, end: &str| (start.to_owned(), end.to_owned());
    let expected = [of("2026-10-24 23:00:00", "2026-10-26 00:00:00"), of("2026-10-25 22:00:00", "2026-10-26 13:00:00")];
    assert_eq!(spans(FONIAL_JOURNAL), expected);
    let expected = [of("2026-10-24 23:00:00", "2026-10-26 04:00:00"), of("2026-10-25 22:00:00", "2026-10-26 17:00:00")];
    assert_eq!(spans(FONIAL_EVN), expected, "calls that end within four hours more");
    let before = exchange.tape().requests().len();
    assert!(read(&*provider, "2026-10-25T00:00:00Z", "2026-10-25T00:00:00Z").await.is_empty());
    assert!(read(&*provider, "2026-10-25T00:00:00Z", "2026-10-24T00:00:00Z").await.is_empty());
    assert_eq!(exchange.tape().requests().len(), before, "no time, no question");
}

#[tokio::test]
async fn another_clock_can_be_set() {
    let exchange = plain().await;
    exchange.fonial().add_incoming("2026-07-01 10:00:00", "", "", "TAKEN");
    let calls =
        read(&*fonial(&exchange, json!({"time_zone": "UTC"})), "2026-07-01T10:00:00Z", "2026-07-01T10:00:01Z").await;
    assert_eq!(calls.len(), 1);
}

#[tokio::test]
async fn a_broken_record_does_not_spoil_the_others() {
    let exchange = plain().await;
    let desk = exchange.fonial();
    let time = "2026-11-01 10:00:00";
    desk.add_incoming(time, "+41446681800", "+492214710900", "TAKEN");
    for row in [
        json!(null),
        json!([1, 2]),
        json!("x"),
        json!({}),
        json!({"date": {"y": 1}, "from": []}),
        json!({"date": time, "from": {"x": [1]}, "to": 7, "status": "x-teleported", "new": {"deep": [null]}}),
        json!({"date": time, "from": "<script>\u{202e}alert(1)</script>", "to": "=cmd|' /C calc'!A0"}),
    ] {
        desk.add_journal_row(time, &row);
    }
    let provider = fonial(&exchange, json!({}));
    let calls = read(&*provider, "2026-11-01T08:00:00Z", "2026-11-01T10:00:00Z").await;
    assert_eq!((calls.len(), distinct(&calls)), (3, 3));
    let hostile =
        calls.iter().find_map(|it| if let Party::Code(code) = &it.remote { Some(code.clone()) } else { None });
    assert!(!hostile.unwrap().contains('\u{202e}'));
    let odd: HashSet<_> = provider.oddities().into_iter().map(|it| (it.place, it.count)).collect();
    let expected = [("journal", 3), ("journal.date", 2), ("journal.status", 1)];
    assert_eq!(odd, expected.into_iter().map(|(place, count)| (place.to_owned(), count)).collect());
}

#[tokio::test]
async fn a_reading_that_breaks_off_leaves_whole_windows() {
    let exchange = with(FonialOptions { past_calls: 500, ..FonialOptions::default() }).await;
    let provider = fonial(&exchange, json!({}));
    let (from, until) = (at("2026-09-01T00:00:00Z"), at("2026-11-03T00:00:00Z"));
    let whole = batches(&*provider, from, until).await.0.concat();
    for fault in [FaultKind::Status { code: 503, retry_after: None }, FaultKind::MalformedJson, FaultKind::Reset] {
        let down = Fault::new(fault.clone()).path(FONIAL_EVN);
        // The connection of a plain answer breaks at once or never.
        let down = if fault == FaultKind::Reset { down.after_bytes(4_000) } else { down.after_events(3) };
        exchange.faults().set(down);
        let (some, ended) = batches(&*provider, from, until).await;
        assert!(ended.is_err(), "{fault:?}");
        let some = some.concat();
        assert!(!some.is_empty() && some.len() < whole.len(), "{fault:?}: {}", some.len());
        assert_eq!(some[..], whole[..some.len()], "{fault:?}");
        exchange.faults().clear();
        let rest = some.last().unwrap().started_at.checked_add(SignedDuration::from_secs(1)).unwrap();
        let rest = batches(&*provider, rest, until).await.0.concat();
        assert_eq!([some, rest].concat(), whole, "{fault:?}: nothing lost, nothing doubled");
    }
}

#[tokio::test]
async fn a_connection_that_breaks_at_any_byte_never_brings_half_a_window() {
    let exchange = plain().await;
    for second in 10..60 {
        let date = format!("2026-11-01 10:00:{second}");
        exchange.fonial().add_incoming(&date, "+41446681800", "+492214710900", "TAKEN");
    }
    let provider = fonial(&exchange, json!({}));
    let (from, until) = (at("2026-11-01T00:00:00Z"), at("2026-11-02T00:00:00Z"));
    let whole = batches(&*provider, from, until).await.0;
    for bytes in (1..4_500).step_by(97) {
        exchange.faults().set(Fault::new(FaultKind::Reset).path(FONIAL_JOURNAL).after_bytes(bytes).once());
        let (some, ended) = batches(&*provider, from, until).await;
        assert!(ended.is_err() && some.is_empty(), "{bytes}");
        assert_eq!(batches(&*provider, from, until).await, (whole.clone(), Ok(())), "{bytes}");
    }
}

#[tokio::test]
async fn a_session_that_dies_within_a_reading_costs_one_sign_in() {
    let exchange = with(FonialOptions { past_calls: 300, ..FonialOptions::default() }).await;
    let provider = fonial(&exchange, json!({}));
    let (sender, mut receiver) = mpsc::channel(1);
    let reading = std::sync::Arc::clone(&provider);
    let (from, until) = (at("2025-11-01T00:00:00Z"), at("2026-11-03T00:00:00Z"));
    let reading = tokio::spawn(async move { reading.journal().unwrap().read(from, until, sender).await });
    let mut calls = Vec::new();
    let mut batch = 0;
    while let Some(more) = receiver.recv().await {
        calls.extend(more);
        batch += 1;
        if batch == 5 {
            exchange.fonial().expire_sessions();
        }
    }
    assert_eq!(reading.await.unwrap(), Ok(()));
    assert_eq!((calls.len(), distinct(&calls)), (300, 300));
    assert_eq!(exchange.tape().count_of(ServiceName::Fonial, "POST", FONIAL_SIGN_IN), 2);
}

#[tokio::test]
async fn whoever_takes_slowly_holds_the_reading_back_and_whoever_goes_ends_it() {
    let exchange = with(FonialOptions { past_calls: 1_000, ..FonialOptions::default() }).await;
    let provider = fonial(&exchange, json!({}));
    let (sender, mut receiver) = mpsc::channel(1);
    let reading = std::sync::Arc::clone(&provider);
    let (from, until) = (at("2025-11-02T12:00:00Z"), at("2026-11-03T00:00:00Z"));
    let reading = tokio::spawn(async move { reading.journal().unwrap().read(from, until, sender).await });
    let asked = || exchange.tape().count_of(ServiceName::Fonial, "POST", FONIAL_JOURNAL);
    assert!(receiver.recv().await.is_some());
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(asked() <= 3, "one taken, one waiting, one in hand: {}", asked());
    drop(receiver);
    assert_eq!(tokio::time::timeout(PATIENCE, reading).await.unwrap().unwrap(), Ok(()));
    assert!(asked() <= 3);
}

#[tokio::test]
async fn trouble_in_a_reading_is_seen_on_the_link_at_once() {
    let exchange = plain().await;
    // The account by itself would look again in an hour.
    let provider = fonial(&exchange, json!({"probe_seconds": 3600}));
    let mut run = Run::start(&provider);
    run.phase(LinkPhase::Online).await;
    exchange.go_down();
    let (_, ended) = batches(&*provider, at("2026-11-01T00:00:00Z"), at("2026-11-02T00:00:00Z")).await;
    assert_eq!(ended.unwrap_err().code(), "unreachable");
    assert_eq!(run.phase(LinkPhase::Offline).await, Some("unreachable"));
    exchange.come_up();
    run.phase(LinkPhase::Online).await;
    run.stop().await;
}

#[tokio::test]
async fn a_refused_range_is_told_in_the_services_words() {
    let exchange = plain().await;
    let provider = fonial(&exchange, json!({}));
    provider.extensions().unwrap().list().await.unwrap();
    exchange.fonial().complain(Some("date range too long"));
    let (_, ended) = batches(&*provider, at("2026-11-01T00:00:00Z"), at("2026-11-02T00:00:00Z")).await;
    assert_eq!(ended, Err(ProviderError::Refused { detail: Detail::raw("date range too long") }));
}
