//! Outages of the socket at every byte: nothing halved, one gap each, and lamps that tell the truth afterwards; and
//! events that come twice or in another order.

mod rig;

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use rig::voicenter::{SOCKET, connect};
use rig::{Run, quiet};
use ringside_domain::{Event, LegStep, LineStatus, LinkPhase};
use ringside_exchange::{CallHandle, Exchange, Fault, FaultKind, Line, RingSpec, ServiceName};
use serde_json::json;

fn on_socket(what: FaultKind) -> Fault {
    Fault::new(what).on(ServiceName::Voicenter).path(SOCKET).streams()
}

/// What the events so far say of every line, and of which calls.
#[derive(Default)]
struct Known {
    lamps: BTreeMap<String, LineStatus>,
    live: BTreeSet<(String, String)>,
}

impl Known {
    fn take(&mut self, event: &Event) {
        match event {
            Event::Lines(lines) => {
                self.lamps = lines.iter().map(|it| (it.extension.to_string(), it.state.status)).collect();
            }
            Event::Line(line) => drop(self.lamps.insert(line.extension.to_string(), line.state.status)),
            Event::Leg(leg) => {
                let key = (leg.call.to_string(), leg.extension.to_string());
                match leg.step {
                    LegStep::Ended(_) => drop(self.live.remove(&key)),
                    _ => drop(self.live.insert(key)),
                }
            }
            _ => {}
        }
    }

    /// A leg whose line is idle is over, whether anybody saw its end or not.
    fn calls(&self) -> BTreeSet<(String, String)> {
        let idle = |extension: &String| self.lamps.get(extension) == Some(&LineStatus::Idle);
        self.live.iter().filter(|(_, extension)| !idle(extension)).cloned().collect()
    }
}

fn lamps(exchange: &Exchange) -> BTreeMap<String, LineStatus> {
    let status = |line| match line {
        Line::Unknown => LineStatus::Unknown,
        Line::Offline => LineStatus::Offline,
        Line::Idle => LineStatus::Idle,
        Line::Ringing => LineStatus::Ringing,
        Line::InUse => LineStatus::Busy,
    };
    let lines = exchange.office().snapshot().lines.into_iter();
    lines.map(|(number, it)| (exchange.voicenter().sip(&number), status(it.line))).collect()
}

fn calls(exchange: &Exchange) -> BTreeSet<(String, String)> {
    let legs = exchange.office().snapshot().legs.into_iter();
    legs.map(|leg| (leg.call.to_string(), exchange.voicenter().sip(&leg.extension))).collect()
}

/// One outage: a few calls come and go while the connection breaks after `bytes` of the socket.
async fn outage(what: FaultKind, bytes: u64) {
    let exchange = quiet().await;
    let provider = connect(&exchange, json!({}));
    let mut run = Run::start(&provider);
    run.phase(LinkPhase::Online).await;
    exchange.faults().set(on_socket(what.clone()).after_bytes(bytes).once());
    let calls_made: Vec<CallHandle> =
        ["31", "32", "33", "34"].map(|to| exchange.ring(RingSpec::to(to).from("4922166966966"))).into();
    calls_made[0].answer("31");
    calls_made[1].hang_up();
    run.phase(LinkPhase::Offline).await;
    calls_made[2].answer("33");
    run.phase(LinkPhase::Online).await;
    calls_made[3].hang_up();
    let mut known = Known::default();
    run.seen.iter().for_each(|event| known.take(event));
    run.find("the truth on every lamp and call", |event| {
        known.take(event);
        (known.lamps == lamps(&exchange) && known.calls() == calls(&exchange)).then_some(())
    })
    .await;
    let broken = provider.oddities();
    assert!(broken.is_empty(), "half an event was read at {bytes}: {broken:?}");
    let events = run.stop().await;
    let gaps = events.iter().filter(|event| matches!(event, Event::Gap(_))).count();
    assert_eq!(gaps, 1, "{what:?} at {bytes}");
}

#[tokio::test]
async fn a_reset_at_any_byte_is_one_gap() {
    join_all((0..24).map(|n| outage(FaultKind::Reset, 1 + n * 97))).await;
}

#[tokio::test]
async fn an_end_in_the_middle_of_a_frame_is_one_gap() {
    join_all((0..12).map(|n| outage(FaultKind::Cut, 2 + n * 131))).await;
}

#[tokio::test]
async fn events_that_come_twice_or_in_another_order_end_in_the_truth() {
    for faults in [vec![FaultKind::Duplicate], vec![FaultKind::Reorder], vec![FaultKind::Duplicate, FaultKind::Reorder]]
    {
        let exchange = quiet().await;
        let mut run = Run::start(&connect(&exchange, json!({})));
        run.phase(LinkPhase::Online).await;
        for fault in &faults {
            exchange.faults().set(on_socket(fault.clone()));
        }
        let talking = exchange.ring(RingSpec::to("31").from("4922166966966"));
        talking.answer("31");
        let over = exchange.ring(RingSpec::to("32").from("4922166966966"));
        over.answer("32");
        over.hang_up();
        exchange.ring(RingSpec::to_group(["22", "23"])).answer("23");
        exchange.faults().clear();
        // What was held back to change places goes with the next event, and a resync puts the rest right.
        exchange.ring(RingSpec::to("41"));
        exchange.voicenter().emit("ExtensionsUpdated", &json!({}));
        let mut known = Known::default();
        run.seen.iter().for_each(|event| known.take(event));
        run.find("the truth", |event| {
            known.take(event);
            (known.lamps == lamps(&exchange) && known.live == calls(&exchange)).then_some(())
        })
        .await;
        let events = run.stop().await;
        let rings = |call: &CallHandle| {
            let of = |event: &&Event| matches!(event, Event::Leg(leg) if leg.call.as_str() == call.id().to_string() && leg.step == LegStep::Ringing);
            events.iter().filter(of).count()
        };
        assert!(rings(&talking) <= 1 && rings(&over) <= 1, "{faults:?}: no telephone rings twice");
    }
}
