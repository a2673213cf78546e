//! Reading a body within its limits.

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use hyper::body::Body;

use super::limits::{BODY_PATIENCE, LONGEST_BODY, LONGEST_DROPPED};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    TooLarge,
    TooSlow,
    BrokenOff,
}

/// The whole body. No more than [`LONGEST_BODY`] of it is ever held.
pub(crate) async fn whole<B: Body<Data = Bytes> + Unpin>(body: B) -> Result<Bytes, Unread> {
    tokio::time::timeout(BODY_PATIENCE, read(body)).await.unwrap_or(Err(Unread::TooSlow))
}

async fn read<B: Body<Data = Bytes> + Unpin>(mut body: B) -> Result<Bytes, Unread> {
    let mut whole = BytesMut::new();
    // One that says it is too long is not held at all.
    let told = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Unread::BrokenOff)?.into_data() else { continue };
        length += data.len();
        if length > LONGEST_DROPPED {
            return Err(Unread::TooLarge);
        }
        if length > LONGEST_BODY || told > LONGEST_BODY {
            whole = BytesMut::new();
        } else {
            whole.extend_from_slice(&data);
        }
    }
    if length > LONGEST_BODY { Err(Unread::TooLarge) } else { Ok(whole.freeze()) }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use hyper::body::Frame;

    use super::*;

    /// So many pieces, and then an end or silence.
    struct Pieces {
        left: usize,
        silent: bool,
    }

    const PIECE: usize = 16 << 10;

    impl Body for Pieces {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            if self.left == 0 {
                return if self.silent { Poll::Pending } else { Poll::Ready(None) };
            }
            self.left -= 1;
            Poll::Ready(Some(Ok(Frame::data(Bytes::from(vec![b'x'; PIECE])))))
        }
    }

    #[tokio::test]
    async fn a_body_is_taken_up_to_its_limit_and_not_beyond() {
        let most = LONGEST_BODY / PIECE;
        assert_eq!(whole(Pieces { left: 0, silent: false }).await.unwrap().len(), 0);
        assert_eq!(whole(Pieces { left: most, silent: false }).await.unwrap().len(), LONGEST_BODY);
        for left in [most + 1, 10 * most, usize::MAX] {
            assert_eq!(whole(Pieces { left, silent: false }).await, Err(Unread::TooLarge), "{left}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_stops_is_given_up() {
        let begun = tokio::time::Instant::now();
        assert_eq!(whole(Pieces { left: 3, silent: true }).await, Err(Unread::TooSlow));
        assert_eq!(begun.elapsed().as_secs(), 10);
    }
}
