//! WebSocket frames (RFC 6455, section 5), by hand: a fault has to be able to break one in the middle.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::{Buf, BytesMut};
use sha1::{Digest, Sha1};

/// Appended to a client's key before it is hashed.
const MAGIC: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/// Longer frames of clients are refused.
const LONGEST: usize = 1 << 20;

const TEXT: u8 = 0x1;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
const PONG: u8 = 0xa;

/// One frame of a client's.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Frame {
    Text(Vec<u8>),
    Ping(Vec<u8>),
    Close,
    /// A pong, or what no client of ours sends.
    Other,
}

/// The client does not speak WebSocket: an unmasked frame, or one beyond reason.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NotAFrame;

/// `Sec-WebSocket-Accept` for a client's `Sec-WebSocket-Key`.
pub(super) fn accept(key: &str) -> String {
    STANDARD.encode(Sha1::digest(format!("{key}{MAGIC}")))
}

pub(super) fn text(payload: &[u8]) -> Vec<u8> {
    whole(TEXT, payload)
}

pub(super) fn pong(payload: &[u8]) -> Vec<u8> {
    whole(PONG, payload)
}

/// A normal closure (1000).
pub(super) fn close() -> Vec<u8> {
    whole(CLOSE, &1000_u16.to_be_bytes())
}

/// Takes one frame off the front; `None` as long as it is not all there.
pub(super) fn take(buffer: &mut BytesMut) -> Result<Option<Frame>, NotAFrame> {
    let Some(&[first, second]) = buffer.first_chunk::<2>() else { return Ok(None) };
    if second & 0x80 == 0 {
        return Err(NotAFrame);
    }
    let (length, at) = match second & 0x7f {
        126 => match buffer.get(2..4).and_then(|it| it.first_chunk::<2>()) {
            Some(bytes) => (u64::from(u16::from_be_bytes(*bytes)), 4),
            None => return Ok(None),
        },
        127 => match buffer.get(2..10).and_then(|it| it.first_chunk::<8>()) {
            Some(bytes) => (u64::from_be_bytes(*bytes), 10),
            None => return Ok(None),
        },
        short => (u64::from(short), 2),
    };
    let length = usize::try_from(length).ok().filter(|length| *length <= LONGEST).ok_or(NotAFrame)?;
    let Some(mask) = buffer.get(at..at + 4).and_then(|it| it.first_chunk::<4>()).copied() else { return Ok(None) };
    if buffer.len() < at + 4 + length {
        return Ok(None);
    }
    buffer.advance(at + 4);
    let mut payload = buffer.split_to(length).to_vec();
    payload.iter_mut().zip(mask.iter().cycle()).for_each(|(byte, mask)| *byte ^= mask);
    Ok(Some(match first & 0xf {
        TEXT => Frame::Text(payload),
        PING => Frame::Ping(payload),
        CLOSE => Frame::Close,
        _ => Frame::Other,
    }))
}

fn whole(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x80 | opcode];
    match payload.len() {
        short @ 0..126 => frame.push(short as u8),
        middle @ 126..0x1_0000 => {
            frame.push(126);
            frame.extend_from_slice(&(middle as u16).to_be_bytes());
        }
        long => {
            frame.push(127);
            frame.extend_from_slice(&(long as u64).to_be_bytes());
        }
    }
    frame.extend_from_slice(payload);
    frame
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(opcode: u8, payload: &[u8]) -> Vec<u8> {
        let mut frame = whole(opcode, payload);
        let start = frame.len() - payload.len();
        frame[1] |= 0x80;
        let mask = [1, 2, 3, 4];
        frame[start..].iter_mut().zip(mask.iter().cycle()).for_each(|(byte, mask)| *byte ^= mask);
        frame.splice(start..start, mask);
        frame
    }

    #[test]
    fn the_key_of_the_standards_own_example_is_accepted() {
        assert_eq!(accept("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    #[test]
    fn frames_of_every_length_come_out_whole_however_they_arrive() {
        for length in [0, 1, 125, 126, 127, 0xffff, 0x1_0000] {
            let payload = vec![b'x'; length];
            let frame = masked(TEXT, &payload);
            let mut buffer = BytesMut::new();
            for byte in &frame[..frame.len() - 1] {
                buffer.extend_from_slice(&[*byte]);
            }
            assert_eq!(take(&mut buffer), Ok(None), "{length}");
            buffer.extend_from_slice(&frame[frame.len() - 1..]);
            assert_eq!(take(&mut buffer), Ok(Some(Frame::Text(payload))), "{length}");
            assert!(buffer.is_empty());
        }
    }

    #[test]
    fn what_is_not_masked_or_beyond_reason_is_refused() {
        assert_eq!(take(&mut BytesMut::from(&text(b"x")[..])), Err(NotAFrame));
        let mut huge = vec![0x81, 0xff];
        huge.extend_from_slice(&u64::MAX.to_be_bytes());
        assert_eq!(take(&mut BytesMut::from(&huge[..])), Err(NotAFrame));
    }
}
