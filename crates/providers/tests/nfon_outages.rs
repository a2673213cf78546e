//! Outages of the streams at any byte: nothing halved, one gap each, and lamps that tell the truth afterwards.

mod rig;

use std::collections::BTreeMap;

use futures_util::future::join_all;
use rig::{CALLS, Run, STATES, nfon, quiet};
use ringside_domain::{Event, LineStatus, LinkPhase};
use ringside_exchange::{Exchange, Fault, FaultKind, Line, RingSpec};
use serde_json::json;

/// What the events so far say of every line.
fn lamps(events: &[Event]) -> BTreeMap<String, LineStatus> {
    let mut lamps = BTreeMap::new();
    for event in events {
        match event {
            Event::Lines(lines) => {
                lamps = lines.iter().map(|it| (it.extension.to_string(), it.state.status)).collect();
            }
            Event::Line(line) => drop(lamps.insert(line.extension.to_string(), line.state.status)),
            Event::Link(_)
            | Event::Extensions(_)
            | Event::Leg(_)
            | Event::Scenarios(_)
            | Event::Scenario(_)
            | Event::Gap(_) => {}
        }
    }
    lamps
}

fn truth(exchange: &Exchange) -> BTreeMap<String, LineStatus> {
    let status = |line| match line {
        Line::Unknown => LineStatus::Unknown,
        Line::Offline => LineStatus::Offline,
        Line::Idle => LineStatus::Idle,
        Line::Ringing => LineStatus::Ringing,
        Line::InUse => LineStatus::Busy,
    };
    exchange.office().snapshot().lines.into_iter().map(|(number, it)| (number, status(it.line))).collect()
}

/// One outage: a few calls come and go while the connection breaks after `bytes` of the stream.
async fn outage(bytes: u64, path: &str) {
    let exchange = quiet().await;
    let provider = nfon(&exchange, json!({}));
    let mut run = Run::start(&provider);
    run.phase(LinkPhase::Online).await;
    exchange.faults().set(Fault::new(FaultKind::Reset).path(path).streams().after_bytes(bytes).once());
    let calls: Vec<_> = ["31", "32", "33", "34"].map(|to| exchange.ring(RingSpec::to(to).from("4922166966966"))).into();
    calls[0].answer("31");
    calls[1].hang_up();
    run.phase(LinkPhase::Offline).await;
    calls[2].answer("33");
    run.phase(LinkPhase::Online).await;
    run.find("a fresh reading", |event| matches!(event, Event::Lines(_)).then_some(())).await;
    calls[3].hang_up();
    let mut known = run.seen.clone();
    run.find("the truth on every lamp", |event| {
        known.push(event.clone());
        (lamps(&known) == truth(&exchange)).then_some(())
    })
    .await;
    let broken: Vec<_> = provider.oddities();
    assert!(broken.is_empty(), "half an event was read at {bytes}: {broken:?}");
    let events = run.stop().await;
    let gaps = events.iter().filter(|event| matches!(event, Event::Gap(_))).count();
    assert_eq!(gaps, usize::from(path == CALLS), "at {bytes}");
}

/// Outages in all.
const OUTAGES: u64 = 500;
/// Side by side: each mostly waits for its pause to end.
const AT_ONCE: u64 = 50;

#[tokio::test]
async fn five_hundred_resets_at_random_bytes_halve_no_event_and_leave_one_gap_each() {
    let mut seed = 0x9E37_79B9_u64;
    let mut up_to = |most: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        1 + (seed >> 33) % most
    };
    for _ in 0..OUTAGES / AT_ONCE {
        // What follows the switch is at least so long, so that every reset comes.
        let outages = (0..AT_ONCE).map(|n| if n % 3 == 2 { (up_to(670), STATES) } else { (up_to(940), CALLS) });
        join_all(outages.map(|(bytes, path)| outage(bytes, path))).await;
    }
}
