//! A WebSocket, with the faults in between.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::sync::{mpsc, watch};

use super::conditions::Conditions;
use super::frames::{self, Frame};
use crate::faults::{FaultKind, Faults, Stage, Target, broken_json, changed_json, raw_bytes};

/// What a service does with a socket once it is open.
pub(crate) type Talk = Box<dyn FnOnce(Socket) -> Session + Send>;
pub(crate) type Session = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The connection is over, whoever ended it.
#[derive(Debug)]
pub(crate) struct Over;

/// What turns a request into a socket, and where the socket's life goes on.
pub(super) struct Upgrade {
    pub(super) on: OnUpgrade,
    pub(super) handoff: mpsc::Sender<Session>,
}

impl Upgrade {
    /// Has `talk` begin as soon as the answer has gone out.
    pub(super) fn begin(self, talk: Talk, conditions: Conditions, faults: Arc<Faults>, target: Target) {
        let on = self.on;
        let session = Box::pin(async move {
            // A client that went away in between opened nothing.
            if let Ok(io) = on.await {
                talk(Socket::new(io, conditions, faults, target)).await;
            }
        });
        // A connection is handed over once.
        let _ = self.handoff.try_send(session);
    }
}

/// An open socket on the service's side.
pub(crate) struct Socket {
    reader: ReadHalf<TokioIo<Upgraded>>,
    writer: WriteHalf<TokioIo<Upgraded>>,
    buffer: BytesMut,
    conditions: Conditions,
    faults: Arc<Faults>,
    changed: watch::Receiver<u64>,
    target: Target,
    /// The event that waits to change places with the next.
    held_back: Option<Vec<u8>>,
    breaking: Option<FaultKind>,
}

impl Socket {
    fn new(io: Upgraded, conditions: Conditions, faults: Arc<Faults>, target: Target) -> Self {
        let (reader, writer) = tokio::io::split(TokioIo::new(io));
        let changed = faults.watch();
        Self {
            reader,
            writer,
            buffer: BytesMut::new(),
            conditions,
            faults,
            changed,
            target,
            held_back: None,
            breaking: None,
        }
    }

    /// The next text; `Err` once the client has gone or a fault has struck. May be dropped and called again.
    pub(crate) async fn heard(&mut self) -> Result<String, Over> {
        loop {
            if self.breaking.is_none() {
                self.breaking = self.faults.breaks_now(&self.target);
            }
            if let Some(fault) = &self.breaking {
                let fault = fault.clone();
                return Err(self.break_with(&fault).await);
            }
            match frames::take(&mut self.buffer).map_err(|_| Over)? {
                Some(Frame::Text(text)) => return String::from_utf8(text).map_err(|_| Over),
                Some(Frame::Ping(payload)) => self.write(frames::pong(&payload)).await?,
                Some(Frame::Close) => return Err(Over),
                Some(Frame::Other) => {}
                None => tokio::select! {
                    read = self.reader.read_buf(&mut self.buffer) => match read {
                        Ok(0) | Err(_) => return Err(Over),
                        Ok(_) => {}
                    },
                    _ = self.changed.changed() => {}
                },
            }
        }
    }

    /// Sends one text that no event fault strikes, such as a ping.
    pub(crate) async fn say(&mut self, text: &[u8]) -> Result<(), Over> {
        self.write(frames::text(text)).await
    }

    /// Sends one event, `frame` around its JSON, after what the faults do to it.
    pub(crate) async fn event(&mut self, frame: (&str, &str), json: &[u8]) -> Result<(), Over> {
        let mut faults = self.faults.hit(Stage::Values, &self.target);
        faults.extend(self.faults.hit(Stage::Event, &self.target));
        let mut data = json.to_vec();
        let (mut copies, mut reorder, mut byte_by_byte, mut broken) = (1, false, false, false);
        for fault in &faults {
            if let Some(bytes) = raw_bytes(fault) {
                self.say(&bytes).await?;
            }
            data = changed_json(fault, &data).unwrap_or(data);
            match fault {
                FaultKind::Lose => copies = 0,
                FaultKind::Duplicate => copies *= 2,
                FaultKind::Reorder => reorder = true,
                FaultKind::DelayEvents { ms } => tokio::time::sleep(Duration::from_millis(*ms)).await,
                FaultKind::BrokenEvents => broken = true,
                FaultKind::OneByteAtATime => byte_by_byte = true,
                _ => {}
            }
        }
        let text = [frame.0.as_bytes(), &data, frame.1.as_bytes()].concat();
        let text = if broken { broken_json(&text) } else { text };
        let written = frames::text(&text).repeat(copies);
        self.in_order(written, reorder, byte_by_byte).await
    }

    /// Writes bytes that are no frame.
    pub(crate) async fn raw(&mut self, bytes: &[u8]) -> Result<(), Over> {
        self.write(bytes.to_vec()).await
    }

    /// Says goodbye.
    pub(crate) async fn close(mut self) {
        // If the client has gone already, there is nobody to part from.
        let _ = self.write(frames::close()).await;
        let _ = self.writer.shutdown().await;
    }

    /// Writes an event, or lets it wait for the next and go after that.
    async fn in_order(&mut self, written: Vec<u8>, reorder: bool, byte_by_byte: bool) -> Result<(), Over> {
        let waited = self.held_back.take();
        if reorder && waited.is_none() {
            self.held_back = Some(written);
            return Ok(());
        }
        for bytes in [Some(written), waited].into_iter().flatten() {
            if byte_by_byte {
                for byte in &bytes {
                    self.write(vec![*byte]).await?;
                }
            } else {
                self.write(bytes).await?;
            }
            if let Some(fault) = self.faults.breaks_after_event(&self.target) {
                return Err(self.break_with(&fault).await);
            }
        }
        Ok(())
    }

    async fn write(&mut self, bytes: Vec<u8>) -> Result<(), Over> {
        let bytes = Bytes::from(bytes);
        let Some((fault, at)) = self.faults.breaks_within(&self.target, bytes.len()) else {
            return self.put(&bytes).await;
        };
        self.put(&bytes[..at]).await?;
        Err(self.break_with(&fault).await)
    }

    async fn put(&mut self, bytes: &[u8]) -> Result<(), Over> {
        self.writer.write_all(bytes).await.map_err(|_| Over)?;
        self.writer.flush().await.map_err(|_| Over)
    }

    async fn break_with(&mut self, fault: &FaultKind) -> Over {
        match fault {
            FaultKind::HalfOpen => self.conditions.half_open_after_flush(),
            FaultKind::Cut | FaultKind::End => self.conditions.close(),
            _ => self.conditions.reset(),
        }
        // The flush meets the condition. A half-open socket stays until the client lets go of it.
        if self.writer.flush().await.is_ok() {
            while self.reader.read_buf(&mut self.buffer).await.is_ok_and(|read| read > 0) {
                self.buffer.clear();
            }
        }
        Over
    }
}
