//! Event-stream grammar and JSON together, over a gigabyte, on one core.

use ringside_providers::account::Word;
use ringside_transport::sse::{Frame, SseParser};
use serde::Deserialize;
use serde_json::json;
use tokio::time::Instant;

use crate::Extent;
use crate::report::{Good, Row};

/// As a socket gives them.
const CHUNK: usize = 16 * 1024;

/// The fields of a call event that NFON documents, read as its adapter reads them.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Call<'a> {
    #[serde(borrow)]
    uuid: Word<'a>,
    #[serde(borrow)]
    state: Word<'a>,
    #[serde(borrow)]
    caller: Word<'a>,
    #[serde(borrow)]
    caller_context: Word<'a>,
    #[serde(borrow)]
    callee: Word<'a>,
    #[serde(borrow)]
    callee_context: Word<'a>,
    #[serde(borrow)]
    extension: Word<'a>,
    #[serde(borrow)]
    direction: Word<'a>,
    #[serde(borrow)]
    updated: Word<'a>,
    #[serde(borrow)]
    error: Word<'a>,
}

pub fn measure(extent: Extent) -> anyhow::Result<Vec<Row>> {
    let (block, events_in_block) = block();
    let total = extent.rounds(1024) << 20;
    let (mut parser, mut events, mut read) = (SseParser::new(), 0_u64, 0_usize);
    let mut whole = 0_u64;
    // Once through, so that buffers have their size.
    parser.feed(&block, |_| {});
    let before = resident_mb();
    let mut highest = before;
    let began = Instant::now();
    while read < total {
        for chunk in block.chunks(CHUNK) {
            parser.feed(chunk, |frame| {
                if let Frame::Event { data, .. } = frame {
                    events += 1;
                    whole += u64::from(serde_json::from_str::<Call<'_>>(data).is_ok_and(|call| call.is_whole()));
                }
            });
        }
        read += block.len();
        highest = highest.max(resident_mb());
    }
    let took = began.elapsed().as_secs_f64();
    anyhow::ensure!(events == whole, "{} of {events} events were not read whole", events - whole);
    anyhow::ensure!(events % events_in_block == 0, "events were lost");
    let size = (read >> 20) as f64;
    let rate = Row::of("event stream, parse and JSON", events as f64 / took, "events/s", Good::AtLeast, 1_000_000.0);
    let rate = rate.remark(format!("{size:.0} MB in {CHUNK}-byte chunks, {:.0} MB/s", size / took));
    let memory = Row::of("event stream, memory grown", (highest - before).max(0.0), "MB", Good::AtMost, 1.0);
    Ok(vec![rate, memory.remark("flat is taken as at most 1 MB")])
}

impl Call<'_> {
    fn is_whole(&self) -> bool {
        let must =
            [&self.uuid, &self.state, &self.caller, &self.callee, &self.extension, &self.direction, &self.updated];
        let contexts = [&self.caller_context, &self.callee_context];
        must.into_iter().chain(contexts).all(|word| word.get().is_some()) && self.error.get().is_none()
    }
}

/// Some megabytes of call events as they are on the wire, a heartbeat after every hundredth.
fn block() -> (Vec<u8>, u64) {
    let (mut block, mut events) = (Vec::new(), 0);
    while block.len() < 4 << 20 {
        let event = json!({
            "uuid": format!("6f1c2d34-5a6b-4c7d-8e9f-{events:012}"),
            "state": (["start", "ring", "answer", "hangup"][events % 4]),
            "direction": "inbound",
            "caller": format!("49221669{:05}", events % 100_000),
            "caller_context": "global",
            "callee": format!("49221471{:04}", events % 5_000),
            "callee_context": "global",
            "extension": format!("{}", 1000 + events % 5_000),
            "updated": "2026-03-02T09:00:00.123456789+01:00",
        });
        block.extend_from_slice(format!("data: {event}\n\n").as_bytes());
        events += 1;
        if events % 100 == 0 {
            block.extend_from_slice(b":\n\n");
        }
    }
    (block, events as u64)
}

fn resident_mb() -> f64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    text.split(' ').nth(1).and_then(|pages| pages.parse::<f64>().ok()).unwrap_or(0.0) * 4096.0 / 1e6
}
