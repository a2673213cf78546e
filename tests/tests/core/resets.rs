//! Connections reset at random bytes, five hundred times: no wrong lamp, no invented call, one mark for each outage.
//!
//! The pauses between tries grow with every outage, and nothing shortens them, so many offices have theirs at the same
//! time.

use std::collections::BTreeSet;
use std::time::Duration;

use ringside_api::view::Snapshot;
use ringside_exchange::{Exchange, Fault, FaultKind, Line, Presence, RingSpec, ServiceName};
use ringside_tests::rig::{self, Rig};
use tokio::task::JoinSet;

use crate::outages::board_is_true;

/// One after the other, so that the tests beside this one get their share of the machine.
const WAVES: u64 = 3;
/// Side by side.
const OFFICES: u64 = 21;
/// In each office, of both streams.
const OUTAGES: u64 = 4;

fn reset(stream: &str, bytes: u64) -> Fault {
    let path = format!("/v1/extensions/phone/{stream}");
    Fault::new(FaultKind::Reset).on(ServiceName::Nfon).streams().path(&path).once().after_bytes(bytes)
}

/// Lets the office work until both streams have broken off; how many calls that took.
async fn outage(exchange: &Exchange, round: u64, bytes: (u64, u64)) -> usize {
    exchange.faults().set(reset("calls", bytes.0));
    exchange.faults().set(reset("states", bytes.1));
    let mut calls = 0;
    while !exchange.faults().active().is_empty() {
        let call = exchange.ring(RingSpec::to("31").from(format!("49221669{round:02}{:03}", calls % 1000)));
        let line = if calls % 2 == 0 { Line::InUse } else { Line::Idle };
        exchange.office().set_line("44", line, Presence::Available);
        call.answer("31");
        call.hang_up();
        calls += 1;
        // A stream may be waiting to be opened again: no more calls then than a page of the history holds.
        tokio::time::sleep(Duration::from_millis(20 + 5 * calls as u64)).await;
    }
    calls
}

async fn office(number: u64) {
    let (exchange, rig) = rig::quiet().await;
    let mut seed = 0x9E37_79B9_u64.wrapping_add(number);
    let mut up_to = |most: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        1 + (seed >> 33) % most
    };
    let mut calls = 0;
    for round in 0..OUTAGES {
        calls += outage(&exchange, round, (up_to(900), up_to(600))).await;
        let marks = usize::try_from(round).unwrap() + 1;
        healed(&exchange, &rig, marks).await;
    }
    let page = rig.history().await;
    assert_eq!(page.gaps.len() as u64, OUTAGES, "one mark for each outage: {:?}", page.gaps);
    let seen: BTreeSet<_> = page.rows.iter().map(|row| row.call.clone()).collect();
    assert_eq!(seen.len(), page.rows.len(), "one row a call");
    assert!(page.rows.len() <= calls, "no row of a call that never was");
    let quiet = |it: &Snapshot| it.legs.iter().all(|leg| rig::word(&leg.phase) != "ringing");
    rig.until("nothing to ring any more", |it| quiet(it).then_some(())).await;
}

async fn healed(exchange: &Exchange, rig: &Rig, marks: usize) {
    rig.online("office").await;
    rig.recorded("the outage is marked", |page| (page.gaps.len() >= marks).then_some(())).await;
    board_is_true(exchange, rig, Duration::from_secs(30)).await;
    assert_eq!(rig.history().await.gaps.len(), marks);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_resets_lose_no_line_and_invent_no_call() {
    for wave in 0..WAVES {
        let mut offices = JoinSet::new();
        for number in 0..OFFICES {
            offices.spawn(office(wave * OFFICES + number));
        }
        while let Some(ended) = offices.join_next().await {
            ended.unwrap();
        }
    }
}
