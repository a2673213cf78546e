//! The body of an answer, byte by byte in our hands.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::sync::mpsc;

use super::conditions::Conditions;

/// What a body is told to do next.
pub(super) enum Chunk {
    Data(Bytes),
    /// TCP reset after all that went before.
    Reset,
    /// FIN after all that went before, in the middle of the answer.
    Cut,
    /// Silence after all that went before; the socket stays open.
    HalfOpen,
}

pub(crate) struct AnswerBody {
    content: BodyContent,
    conditions: Conditions,
}

enum BodyContent {
    Whole(Option<Bytes>),
    Chunks(mpsc::Receiver<Chunk>),
    /// Neither more data nor an end.
    Silent,
}

impl AnswerBody {
    pub(super) fn whole(bytes: Bytes, conditions: Conditions) -> Self {
        Self { content: BodyContent::Whole((!bytes.is_empty()).then_some(bytes)), conditions }
    }

    pub(super) fn chunks(chunks: mpsc::Receiver<Chunk>, conditions: Conditions) -> Self {
        Self { content: BodyContent::Chunks(chunks), conditions }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let chunk = match &mut self.content {
            BodyContent::Whole(bytes) => return Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            BodyContent::Silent => return Poll::Pending,
            BodyContent::Chunks(chunks) => std::task::ready!(chunks.poll_recv(cx)),
        };
        match chunk {
            None => return Poll::Ready(None),
            Some(Chunk::Data(bytes)) => return Poll::Ready(Some(Ok(Frame::data(bytes)))),
            Some(Chunk::Reset) => self.conditions.reset(),
            Some(Chunk::Cut) => self.conditions.close(),
            Some(Chunk::HalfOpen) => self.conditions.half_open_after_flush(),
        }
        self.content = BodyContent::Silent;
        // HTTP now flushes what it holds and meets the condition there.
        Poll::Pending
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.content, BodyContent::Whole(None))
    }

    fn size_hint(&self) -> SizeHint {
        match &self.content {
            BodyContent::Whole(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, Bytes::len) as u64),
            BodyContent::Chunks(_) | BodyContent::Silent => SizeHint::default(),
        }
    }
}
