//! Endless input costs no memory. Alone in its process, since it measures that process.

use ringside_transport::sse::{Frame, MAX_BYTES, SseParser};

/// Feeds `total` bytes without an end, then an event; counts warnings and how far memory grew.
fn endless(first: &[u8], total: usize) -> (usize, usize, i64) {
    let (mut warnings, mut events) = (0, 0);
    let mut parser = SseParser::new();
    let mut count = |frame: Frame<'_>| match frame {
        Frame::TooLong => warnings += 1,
        Frame::Event { data, .. } => events += usize::from(data == "after"),
        Frame::Comment(_) | Frame::Retry(_) => {}
    };
    let chunk = vec![b'x'; 64 * 1024];
    let before = resident();
    let mut highest = before;
    parser.feed(first, &mut count);
    for _ in 0..total / chunk.len() {
        parser.feed(&chunk, &mut count);
        highest = highest.max(resident());
    }
    parser.feed(b"\n\ndata: after\n\n", &mut count);
    (warnings, events, highest - before)
}

/// Resident memory in bytes; 0 where the system does not tell.
fn resident() -> i64 {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    pages.and_then(|text| text.split(' ').nth(1)?.parse::<i64>().ok()).unwrap_or(0) * 4096
}

#[test]
fn a_line_of_64_mib_and_an_endless_comment_cost_one_warning_and_no_memory() {
    for first in [&b"data: "[..], b":", b"id: ", b"event: ", b"retry: 1", b"nonsense", b"data: kept\ndata: "] {
        let (warnings, events, grown) = endless(first, 64 * MAX_BYTES);
        assert_eq!((warnings, events), (1, 1), "{:?}", String::from_utf8_lossy(first));
        assert!(grown <= 10 * 1024 * 1024, "grew by {grown} bytes");
    }
}
