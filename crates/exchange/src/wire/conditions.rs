//! A TCP connection that can be broken on purpose.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// What is wrong with a connection; shared between the socket and whoever breaks it.
#[derive(Clone, Default)]
pub(crate) struct Conditions(Arc<AtomicU8>);

const RESET: u8 = 1;
const CLOSE: u8 = 2;
const HALF_OPEN: u8 = 3;
const HALF_OPEN_AFTER_FLUSH: u8 = 4;

impl Conditions {
    /// TCP reset as soon as everything written so far has left.
    pub(crate) fn reset(&self) {
        self.0.store(RESET, Ordering::Release);
    }

    /// FIN as soon as everything written so far has left, whatever HTTP still owes.
    pub(crate) fn close(&self) {
        self.0.store(CLOSE, Ordering::Release);
    }

    /// From now on every byte in both directions is swallowed, and the socket stays open.
    pub(crate) fn half_open(&self) {
        self.0.store(HALF_OPEN, Ordering::Release);
    }

    /// The same once everything written so far has left.
    pub(crate) fn half_open_after_flush(&self) {
        self.0.store(HALF_OPEN_AFTER_FLUSH, Ordering::Release);
    }

    fn now(&self) -> u8 {
        self.0.load(Ordering::Acquire)
    }
}

/// The socket as HTTP sees it.
pub(crate) struct Socket {
    tcp: TcpStream,
    conditions: Conditions,
}

impl Socket {
    pub(crate) fn new(tcp: TcpStream, conditions: Conditions) -> Self {
        Self { tcp, conditions }
    }
}

impl AsyncRead for Socket {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.conditions.now() != HALF_OPEN {
            return Pin::new(&mut self.tcp).poll_read(cx, into);
        }
        loop {
            let mut swallowed = [0_u8; 4096];
            let mut scratch = ReadBuf::new(&mut swallowed);
            std::task::ready!(Pin::new(&mut self.tcp).poll_read(cx, &mut scratch))?;
            if scratch.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.conditions.now() == HALF_OPEN {
            return Poll::Ready(Ok(bytes.len()));
        }
        Pin::new(&mut self.tcp).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.conditions.now() {
            RESET => Poll::Ready(Err(io::ErrorKind::ConnectionReset.into())),
            CLOSE => {
                std::task::ready!(Pin::new(&mut self.tcp).poll_shutdown(cx))?;
                Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()))
            }
            HALF_OPEN_AFTER_FLUSH => {
                std::task::ready!(Pin::new(&mut self.tcp).poll_flush(cx))?;
                self.conditions.half_open();
                Poll::Ready(Ok(()))
            }
            _ => Pin::new(&mut self.tcp).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.conditions.now() == HALF_OPEN {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.tcp).poll_shutdown(cx)
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.conditions.now() == RESET {
            // Linger 0 turns the close that follows into a reset. If it fails, the client sees a plain close.
            let _ = self.tcp.set_zero_linger();
        }
    }
}
