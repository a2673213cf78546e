//! Server-sent events: from what happens to bytes on the wire, with the faults in between.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::mpsc;

use super::answer::Source;
use super::body::Chunk;
use crate::faults::{FaultKind, Faults, Stage, Target, broken_json, changed_json, raw_bytes};
use crate::lock::hold;

/// How far a client may lag before its stream is cut.
const LAG: usize = 50_000;

/// One thing to be sent on a stream.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    /// One event: a JSON text.
    Event(Bytes),
    /// Bytes as they are.
    Raw(Bytes),
}

pub(crate) type Feed = mpsc::Receiver<Item>;

/// Everybody who listens to one stream.
#[derive(Default)]
pub(crate) struct Feeds(Mutex<Vec<mpsc::Sender<Item>>>);

impl Feeds {
    pub(crate) fn subscribe(&self) -> Feed {
        let (sender, feed) = mpsc::channel(LAG);
        hold(&self.0).push(sender);
        feed
    }

    /// Sends to all. Who has gone, or lags too far behind, is dropped.
    pub(crate) fn send(&self, item: &Item) {
        hold(&self.0).retain(|sender| sender.try_send(item.clone()).is_ok());
    }

    pub(crate) fn count(&self) -> usize {
        let mut senders = hold(&self.0);
        senders.retain(|sender| !sender.is_closed());
        senders.len()
    }
}

/// The stream is over, whoever ended it.
struct Over;

struct Pump {
    faults: Arc<Faults>,
    target: Target,
    chunks: mpsc::Sender<Chunk>,
    /// The event that waits to change places with the next.
    held_back: Option<Bytes>,
}

/// How one event is written.
#[derive(Default)]
struct Style {
    line_end: Option<&'static [u8]>,
    byte_by_byte: bool,
    multi_line: bool,
    named: bool,
}

/// Sends a stream until the source ends, the client goes or a fault breaks it.
pub(super) async fn pump(faults: Arc<Faults>, target: Target, source: Source, chunks: mpsc::Sender<Chunk>) {
    let Source { first, mut live, heartbeat } = source;
    let mut changed = faults.watch();
    let mut pump = Pump { faults, target, chunks, held_back: None };
    for item in first {
        if pump.send(item).await.is_err() {
            return;
        }
    }
    let mut beat = heartbeat.map(|every| tokio::time::interval_at(tokio::time::Instant::now() + every, every));
    loop {
        if pump.break_now().await.is_err() {
            return;
        }
        let sent = tokio::select! {
            biased;
            () = pump.chunks.closed() => return,
            _ = changed.changed() => Ok(()),
            item = live.recv() => match item {
                Some(item) => pump.send(item).await,
                None => return,
            },
            () = tick(&mut beat) => pump.write(b":\n\n".to_vec()).await,
        };
        if sent.is_err() {
            return;
        }
    }
}

async fn tick(beat: &mut Option<tokio::time::Interval>) {
    match beat {
        Some(beat) => drop(beat.tick().await),
        None => std::future::pending().await,
    }
}

impl Pump {
    async fn break_now(&mut self) -> Result<(), Over> {
        match self.faults.breaks_now(&self.target) {
            None => Ok(()),
            Some(fault) => self.break_with(&fault).await,
        }
    }

    async fn break_with(&mut self, fault: &FaultKind) -> Result<(), Over> {
        let end = match fault {
            FaultKind::End => return Err(Over),
            FaultKind::Cut => Chunk::Cut,
            FaultKind::HalfOpen => Chunk::HalfOpen,
            _ => Chunk::Reset,
        };
        // If the client has gone, the stream is over just as well.
        let _ = self.chunks.send(end).await;
        self.chunks.closed().await;
        Err(Over)
    }

    async fn send(&mut self, item: Item) -> Result<(), Over> {
        let json = match item {
            Item::Raw(bytes) => return self.write(bytes.to_vec()).await,
            Item::Event(json) => json,
        };
        let mut faults = self.faults.hit(Stage::Values, &self.target);
        faults.extend(self.faults.hit(Stage::Event, &self.target));
        let mut text = json.to_vec();
        let mut copies = 1;
        let mut style = Style::default();
        let mut reorder = false;
        for fault in &faults {
            if let Some(bytes) = raw_bytes(fault) {
                self.write(bytes).await?;
            }
            text = changed_json(fault, &text).unwrap_or(text);
            match fault {
                FaultKind::Lose => copies = 0,
                FaultKind::Duplicate => copies *= 2,
                FaultKind::Reorder => reorder = true,
                FaultKind::DelayEvents { ms } => tokio::time::sleep(Duration::from_millis(*ms)).await,
                FaultKind::BrokenEvents => text = broken_json(&text),
                other => style.learn(other),
            }
        }
        let written = style.write(&text).repeat(copies);
        self.in_order(written, reorder, style.byte_by_byte).await
    }

    /// Writes an event, or lets it wait for the next and go after that.
    async fn in_order(&mut self, written: Vec<u8>, reorder: bool, byte_by_byte: bool) -> Result<(), Over> {
        let waited = self.held_back.take();
        if reorder && waited.is_none() {
            self.held_back = Some(written.into());
            return Ok(());
        }
        for bytes in [Some(Bytes::from(written)), waited].into_iter().flatten() {
            if bytes.is_empty() {
                continue;
            }
            if byte_by_byte {
                for byte in &bytes {
                    self.write(vec![*byte]).await?;
                }
            } else {
                self.write(bytes.to_vec()).await?;
            }
            if let Some(fault) = self.faults.breaks_after_event(&self.target) {
                self.break_with(&fault).await?;
            }
        }
        Ok(())
    }

    async fn write(&mut self, bytes: Vec<u8>) -> Result<(), Over> {
        let bytes = Bytes::from(bytes);
        let Some((fault, at)) = self.faults.breaks_within(&self.target, bytes.len()) else {
            return self.chunks.send(Chunk::Data(bytes)).await.map_err(|_| Over);
        };
        let kept = bytes.slice(..at);
        if !kept.is_empty() {
            self.chunks.send(Chunk::Data(kept)).await.map_err(|_| Over)?;
        }
        self.break_with(&fault).await
    }
}

impl Style {
    fn learn(&mut self, fault: &FaultKind) {
        match fault {
            FaultKind::CrLf => self.line_end = Some(b"\r\n"),
            FaultKind::Cr => self.line_end = Some(b"\r"),
            FaultKind::OneByteAtATime => self.byte_by_byte = true,
            FaultKind::MultiLine => self.multi_line = true,
            FaultKind::Named => self.named = true,
            _ => {}
        }
    }

    fn write(&self, json: &[u8]) -> Vec<u8> {
        let end = self.line_end.unwrap_or(b"\n");
        let mut out = Vec::with_capacity(json.len() + 16);
        let mut line = |parts: &[&[u8]]| {
            parts.iter().for_each(|part| out.extend_from_slice(part));
            out.extend_from_slice(end);
        };
        if self.named {
            line(&[b"event: update"]);
            line(&[b"id: 7"]);
            line(&[b"retry: 1500"]);
        }
        if self.multi_line {
            // A comma outside of text is a place where JSON may be broken into lines.
            for part in break_after_commas(json) {
                line(&[b"data:", part]);
            }
        } else {
            line(&[b"data: ", json]);
        }
        line(&[]);
        out
    }
}

fn break_after_commas(json: &[u8]) -> Vec<&[u8]> {
    let mut in_text = false;
    let mut escaped = false;
    json.split_inclusive(|&byte| {
        let was_escaped = std::mem::take(&mut escaped);
        match byte {
            b'\\' if in_text && !was_escaped => escaped = true,
            b'"' if !was_escaped => in_text = !in_text,
            _ => {}
        }
        byte == b',' && !in_text
    })
    .collect()
}
