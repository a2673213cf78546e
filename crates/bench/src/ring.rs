//! Ring to card: from before the exchange is told to ring until lamp, name and number are on the screen.
//!
//! The clock starts before the event's first byte, not after its last, so the exchange's own share is in the figure.
//! It stops at pixels read from the X server; nothing is taken from the app.

use std::time::Duration;

use ringside_api::Request;
use ringside_api::view::Card;
use ringside_exchange::{DemoContact, Options, RingSpec, demo_contacts};
use ringside_tests::wait::PATIENCE;
use tokio::task::block_in_place;
use tokio::time::{Instant, sleep};

use crate::Extent;
use crate::calls_peer;
use crate::card_eye::CardEye;
use crate::keys;
use crate::report::{Good, Row};
use crate::samples::Samples;
use crate::stage::Stage;

/// The desk whose calls are ours.
const DESK: &str = "31";
const LINES: usize = 5_000;
const CHANGES: u32 = 200;

pub async fn measure(extent: Extent) -> anyhow::Result<Vec<Row>> {
    let rounds = extent.rounds(300);
    let mut stage = Stage::in_tray(Options::quiet().with_extensions(LINES)).await?;
    stage.import_contacts().await?;
    let load = stage.exchange.office().line_events_except(CHANGES, &[DESK]);
    let eye = first_ring(&mut stage).await?;
    let callers: Vec<DemoContact> = demo_contacts().into_iter().filter(|it| !it.name.is_empty()).collect();
    let mut took = Samples::default();
    for round in 0..rounds {
        let caller = callers[round % callers.len()];
        took.add_ms(ring(&mut stage, &eye, caller.number).await?);
        // Uneven, so that no timer of the app is always met at the same moment.
        sleep(Duration::from_millis(150 + (round as u64 * 37) % 211)).await;
    }
    let lost = keys::lost_while_ringing(&mut stage, &eye, extent.rounds(20), &callers).await?;
    load.stop();
    let peer = calls_peer::measure(extent, &mut stage.desktop, &stage.screen).await;
    let remark = format!("{rounds} rings in the tray, {LINES} extensions, {CHANGES} line events/s");
    let mut rows = vec![
        Row::of("ring to card, median", took.median(), "ms", Good::AtMost, 40.0).remark(remark),
        Row::of("ring to card, p95", took.at(0.95), "ms", Good::AtMost, 80.0),
        Row::of("ring to card, maximum", took.max(), "ms", Good::AtMost, 150.0),
        Row::holds("key strokes lost while it rings", "0", lost.to_string(), lost == 0),
    ];
    rows.push(match peer {
        Ok(peer) => Row::of("ring to card beside gnome-calls", took.median(), "ms", Good::AtMost, peer.median()).remark(format!(
            "gnome-calls from its signal to its window's first pixels: median {:.0}, p95 {:.0}, maximum {:.0} ms of {}",
            peer.median(),
            peer.at(0.95),
            peer.max(),
            peer.count()
        )),
        Err(error) => Row::not_measured("ring to card beside gnome-calls", "below it", format!("{error:#}")),
    });
    rows.push(Row::not_measured(
        "ring to card with a name source that hangs",
        "no change",
        "names come from memory alone; there is no source yet that could hang",
    ));
    Ok(rows)
}

/// Rings once unmeasured: shows where the card is, and takes the first look at everything.
async fn first_ring(stage: &mut Stage) -> anyhow::Result<CardEye> {
    let call = stage.exchange.ring(RingSpec::to(DESK).from("4922166966966"));
    let eye = block_in_place(|| CardEye::find(&stage.screen, PATIENCE))?;
    // The window's size and place are what they will be once the page has asked for them.
    sleep(Duration::from_secs(1)).await;
    let eye = block_in_place(|| CardEye::find(&stage.screen, PATIENCE)).unwrap_or(eye);
    dismiss(stage, &eye, &call.id().to_string()).await?;
    call.hang_up();
    sleep(Duration::from_secs(1)).await;
    Ok(eye)
}

/// One ring, from the exchange to the screen; afterwards the card is put away and the call is over.
pub async fn ring(stage: &mut Stage, eye: &CardEye, number: &str) -> anyhow::Result<Duration> {
    let spec = RingSpec::to(DESK).from(number.trim_start_matches('+'));
    let (call, took) = block_in_place(|| {
        let began = Instant::now();
        let call = stage.exchange.ring(spec);
        eye.await_card(&stage.screen, PATIENCE).map(|()| (call, began.elapsed()))
    })?;
    dismiss(stage, eye, &call.id().to_string()).await?;
    call.hang_up();
    Ok(took)
}

async fn dismiss(stage: &mut Stage, eye: &CardEye, call: &str) -> anyhow::Result<()> {
    stage.socket.call(Request::Card { action: Card::Dismiss, id: format!("office/{call}") }).await?;
    block_in_place(|| eye.await_gone(&stage.screen, PATIENCE))
}
