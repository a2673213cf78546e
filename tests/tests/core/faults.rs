//! Every way a stream can be written wrongly, thrown at the app while the office works: it says what it knows, and
//! knows the truth again soon after.

use std::time::Duration;

use ringside_exchange::{Exchange, Fault, FaultKind, Line, Options, Presence, RingSpec, ServiceName};
use ringside_tests::rig::{self, Rig, word};

use crate::outages::board_is_true;

/// Some traffic: a call that is answered and ended, and a few lamps.
async fn traffic(exchange: &Exchange) {
    let call = exchange.ring(RingSpec::to_group(["31", "32"]).from("4922166966966"));
    exchange.office().set_line("44", Line::InUse, Presence::Busy);
    tokio::time::sleep(Duration::from_millis(50)).await;
    call.answer("31");
    exchange.office().set_line("45", Line::Offline, Presence::Offline);
    tokio::time::sleep(Duration::from_millis(50)).await;
    call.hang_up();
    exchange.office().set_line("44", Line::Idle, Presence::Available);
}

/// Sets the fault on all streams, lets the office work, takes the fault away, and asks for the truth.
async fn survives(what: FaultKind) -> (Exchange, Rig) {
    let (exchange, rig) = rig::quiet().await;
    exchange.faults().set(Fault::new(what.clone()).on(ServiceName::Nfon).streams());
    traffic(&exchange).await;
    exchange.faults().clear();
    // The next change of each line that was touched puts right what a lost event left behind.
    tokio::time::sleep(Duration::from_millis(300)).await;
    for extension in ["31", "32", "44", "45"] {
        exchange.office().set_line(extension, Line::InUse, Presence::Available);
        exchange.office().set_line(extension, Line::Idle, Presence::Available);
    }
    board_is_true(&exchange, &rig, Duration::from_secs(40)).await;
    let next = exchange.ring(RingSpec::to("31").from("493023125001"));
    let id = next.id().to_string();
    rig.card(&format!("a card after {what:?}"), |card| card.leg.call == id).await;
    next.hang_up();
    (exchange, rig)
}

/// How one row of the history reads for a call that was seen whole.
async fn saw_the_call_whole(rig: &Rig, what: &str) {
    rig.recorded(&format!("the call, seen through {what}"), |page| {
        page.rows.iter().find(|row| row.outcome.is_some_and(|it| word(&it) == "answered")).map(drop)
    })
    .await;
}

#[tokio::test]
async fn however_events_are_written_they_are_understood() {
    for what in [FaultKind::CrLf, FaultKind::Cr, FaultKind::MultiLine, FaultKind::Named, FaultKind::OneByteAtATime] {
        let (_exchange, rig) = survives(what.clone()).await;
        saw_the_call_whole(&rig, &format!("{what:?}")).await;
    }
}

#[tokio::test]
async fn what_is_thrown_in_between_disturbs_nothing() {
    let between = [
        FaultKind::GarbageLines,
        FaultKind::ControlBytes,
        FaultKind::InvalidUtf8,
        FaultKind::Raw { bytes: b"data: {\"uuid\":\n\n: \xff\n\nretry: -1\n\nid: a\0b\n\n".to_vec() },
    ];
    for what in between {
        let (_exchange, rig) = survives(what.clone()).await;
        saw_the_call_whole(&rig, &format!("{what:?}")).await;
    }
}

#[tokio::test]
async fn endless_and_deep_input_costs_neither_memory_nor_the_stream() {
    let before = resident_mb();
    for what in [
        FaultKind::HugeLine { bytes: 8 << 20 },
        FaultKind::EndlessComment { bytes: 8 << 20 },
        FaultKind::DeepNesting { depth: 100_000 },
    ] {
        let (exchange, rig) = rig::quiet().await;
        exchange.faults().set(Fault::new(what.clone()).on(ServiceName::Nfon).streams().times(2));
        traffic(&exchange).await;
        board_is_true(&exchange, &rig, Duration::from_secs(40)).await;
        let oddities = match rig.call(ringside_api::Request::Diagnostics {}).await.unwrap() {
            ringside_api::Reply::Diagnostics { diagnostics } => diagnostics.oddities,
            other => panic!("{other:?}"),
        };
        if matches!(what, FaultKind::DeepNesting { .. }) {
            assert!(!oddities.is_empty(), "{what:?} is counted for the diagnostics page");
        }
    }
    let grown = resident_mb() - before;
    assert!(grown < 150.0, "grew by {grown:.0} MB with three apps and three exchanges in one process");
}

#[tokio::test]
async fn repeated_late_and_swapped_events_end_in_the_truth() {
    for what in [FaultKind::Duplicate, FaultKind::DelayEvents { ms: 40 }, FaultKind::Reorder] {
        let (_exchange, rig) = survives(what.clone()).await;
        let page = rig.history().await;
        let calls: std::collections::BTreeSet<_> = page.rows.iter().map(|row| &row.call).collect();
        assert_eq!(calls.len(), page.rows.len(), "{what:?}: one row a call");
    }
}

#[tokio::test]
async fn lost_and_broken_events_leave_nothing_wrong_behind() {
    for what in [FaultKind::Lose, FaultKind::BrokenEvents] {
        survives(what).await;
    }
}

#[tokio::test]
async fn new_words_and_fields_are_tolerated_and_counted() {
    let kinds = [
        FaultKind::UnknownValues,
        FaultKind::UnknownFields,
        FaultKind::MissingFields,
        FaultKind::WrongTypes,
        FaultKind::BadTimes,
    ];
    for what in kinds {
        let (_exchange, rig) = survives(what.clone()).await;
        let reply = rig.call(ringside_api::Request::Diagnostics {}).await.unwrap();
        let ringside_api::Reply::Diagnostics { diagnostics } = reply else { panic!("{reply:?}") };
        if what == FaultKind::UnknownValues {
            assert!(!diagnostics.oddities.is_empty(), "a new word is shown to the administrator");
        }
        assert!(diagnostics.oddities.len() < 40, "{what:?}: once a kind, not once an event");
    }
}

#[tokio::test]
async fn streams_that_break_off_are_opened_again() {
    for what in [FaultKind::Reset, FaultKind::Cut, FaultKind::End] {
        let (exchange, rig) = rig::quiet().await;
        exchange.faults().set(Fault::new(what.clone()).on(ServiceName::Nfon).streams().times(2));
        traffic(&exchange).await;
        board_is_true(&exchange, &rig, Duration::from_secs(40)).await;
        assert!(exchange.nfon().call_streams() <= 1, "{what:?}: one stream, not one more each time");
    }
}

#[tokio::test]
async fn snapshots_with_new_words_are_read_as_tolerantly_as_streams() {
    for what in [FaultKind::UnknownFields, FaultKind::WrongTypes, FaultKind::MissingFields] {
        let exchange = Exchange::start(Options::quiet()).await.unwrap();
        exchange.faults().set(Fault::new(what.clone()).on(ServiceName::Nfon).plain().path("/v1/extensions"));
        let rig = rig::start(&exchange).await;
        rig.until(&format!("lines in spite of {what:?}"), |it| (!it.lines.is_empty()).then_some(())).await;
        exchange.faults().clear();
    }
}

fn resident_mb() -> f64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap();
    text.split(' ').nth(1).unwrap().parse::<f64>().unwrap() * 4096.0 / 1e6
}
