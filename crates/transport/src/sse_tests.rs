//! The grammar by example, and against a naive parser that reads the whole stream at once.

use proptest::prelude::*;

use super::*;

fn event(data: &str) -> OwnedFrame {
    named("message", data, "")
}

fn named(event: &str, data: &str, id: &str) -> OwnedFrame {
    OwnedFrame::Event { event: event.into(), data: data.into(), id: id.into() }
}

fn comment(text: &str) -> OwnedFrame {
    OwnedFrame::Comment(text.into())
}

/// Stream, chunk size → frames; the parser forgets what is unfinished.
fn in_chunks(stream: &[u8], size: usize, limit: usize) -> Vec<OwnedFrame> {
    let mut frames = Vec::new();
    let mut parser = SseParser::with_limit(limit);
    for chunk in stream.chunks(size.max(1)) {
        parser.feed(chunk, |frame| frames.push(frame.into()));
    }
    frames
}

#[test]
fn grammar_by_example() {
    let table: &[(&str, &[u8], Vec<OwnedFrame>)] = &[
        ("one line", b"data: a\n\n", vec![event("a")]),
        (
            "blank after the colon is optional, and only one is taken",
            b"data:a\n\ndata:  a\n\n",
            vec![event("a"), event(" a")],
        ),
        ("several lines are joined", b"data: a\ndata\ndata: b\n\n", vec![event("a\n\nb")]),
        ("the standard's stock example", b"data: YHOO\ndata: +2\ndata: 10\n\n", vec![event("YHOO\n+2\n10")]),
        (
            "an empty data line is an event, an unfinished one is not",
            b"data\n\ndata\ndata\n\ndata:",
            vec![event(""), event("\n")],
        ),
        ("no data, no event", b"event: x\nid: 1\n\ndata: a\n\n", vec![named("message", "a", "1")]),
        ("a name lasts for one event", b"event: add\ndata: 1\n\ndata: 2\n\n", vec![named("add", "1", ""), event("2")]),
        ("the last of two names counts", b"event: a\nevent: b\ndata: 1\n\n", vec![named("b", "1", "")]),
        (
            "an id stays until another comes",
            b"id: 7\ndata: a\n\ndata: b\n\nid\ndata: c\n\n",
            vec![named("message", "a", "7"), named("message", "b", "7"), event("c")],
        ),
        ("an id with NUL is ignored", b"id: 7\nid: 8\0\ndata: a\n\n", vec![named("message", "a", "7")]),
        (
            "CR, LF, CRLF and mixtures",
            b"data: a\r\rdata: b\r\n\r\ndata: c\n\r\ndata: d\r\n\n",
            vec![event("a"), event("b"), event("c"), event("d")],
        ),
        ("comments", b":\n: hi\n::x\n:\r\n", vec![comment(""), comment("hi"), comment(":x"), comment("")]),
        ("a comment does not end an event", b"data: a\n: hi\ndata: b\n\n", vec![comment("hi"), event("a\nb")]),
        (
            "retry is digits only",
            b"retry: 3000\nretry: -1\nretry: 1e3\nretry: \nretry\nretry:+5\n",
            vec![OwnedFrame::Retry(3000)],
        ),
        ("a huge retry saturates", b"retry: 99999999999999999999999\n", vec![OwnedFrame::Retry(u64::MAX)]),
        ("unknown fields and wrong case are ignored", b"Data: a\ndata : b\nfoo: c\ndata: d\n\n", vec![event("d")]),
        ("a blank before the name makes another name", b" data: a\n\n", vec![]),
        ("one byte order mark at the start", b"\xEF\xBB\xBFdata: a\n\n", vec![event("a")]),
        ("a second one is part of the line", b"\xEF\xBB\xBF\xEF\xBB\xBFdata: a\n\n", vec![]),
        ("half a byte order mark is a line", b"\xEF\xBBdata: a\n\ndata: b\n\n", vec![event("b")]),
        ("colons in the value stay", b"data: {\"a\":1}\n\n", vec![event("{\"a\":1}")]),
        ("invalid UTF-8 is replaced", b"data: a\xFF\xE2\x82\n\n", vec![event("a\u{FFFD}\u{FFFD}")]),
        ("NUL in data stays", b"data: a\0b\n\n", vec![event("a\0b")]),
        ("the end drops what is unfinished", b"data: a\n\ndata: b\n", vec![event("a")]),
        ("nothing", b"", vec![]),
    ];
    for (name, stream, frames) in table {
        assert_eq!(&parse_all(stream), frames, "{name}");
        for size in 1..=stream.len() {
            assert_eq!(&in_chunks(stream, size, MAX_BYTES), frames, "{name}, in chunks of {size}");
        }
    }
}

#[test]
fn a_line_of_one_mebibyte_passes_and_one_byte_more_does_not() {
    let fits = MAX_BYTES - b"data:".len();
    for (extra, chunk) in [(0, 1 << 24), (0, 1000), (1, 1 << 24), (1, 1000)] {
        let mut stream = b"data:".to_vec();
        stream.resize(stream.len() + fits + extra, b'x');
        stream.extend_from_slice(b"\ndata: beyond\n\ndata: after\n\n");
        let frames = in_chunks(&stream, chunk, MAX_BYTES);
        // What fits as a line is too long as an event once more data follows.
        assert!(frames == [OwnedFrame::TooLong, event("after")], "{extra} over, chunks of {chunk}");
    }
    let mut stream = b"data:".to_vec();
    stream.resize(MAX_BYTES, b'x');
    stream.extend_from_slice(b"\n\n");
    assert!(parse_all(&stream) == [event(&"x".repeat(fits))], "a line of exactly the limit");
}

#[test]
fn an_event_of_many_lines_is_dropped_once_and_the_next_one_comes() {
    let mut stream = b"data: 123456789\n".repeat(10);
    stream.extend_from_slice(b"id: 4\n\ndata: b\n\n");
    assert_eq!(in_chunks(&stream, 7, 64), [OwnedFrame::TooLong, named("message", "b", "4")]);
}

#[test]
fn a_comment_that_is_too_long_leaves_its_event_whole() {
    let stream = [b"data: a\n:".as_slice(), &[b'x'; 200], b"\ndata: b\n\n"].concat();
    assert_eq!(in_chunks(&stream, 33, 64), [OwnedFrame::TooLong, event("a\nb")]);
}

#[test]
fn the_id_of_the_connection_before_goes_on() {
    let mut parser = SseParser::new().after("41");
    let mut frames: Vec<OwnedFrame> = Vec::new();
    parser.feed(b"data: a\n\nid: 42\n", |frame| frames.push(frame.into()));
    assert_eq!(frames, [named("message", "a", "41")]);
    assert_eq!(parser.last_event_id(), "41", "an id counts with its whole event");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_chunking_gives_what_the_naive_parser_gives(
        pieces in prop::collection::vec(piece(), 0..60),
        cuts in prop::collection::vec(1_usize..12, 1..40),
        limit in prop_oneof![Just(MAX_BYTES), 8_usize..40],
    ) {
        let stream = pieces.concat();
        let mut frames = Vec::new();
        let mut parser = SseParser::with_limit(limit);
        let mut rest = stream.as_slice();
        for cut in cuts.iter().cycle() {
            let (chunk, after) = rest.split_at((*cut).min(rest.len()));
            parser.feed(chunk, |frame| frames.push(OwnedFrame::from(frame)));
            rest = after;
            if rest.is_empty() {
                break;
            }
        }
        prop_assert_eq!(&frames, &naive(&stream, limit));
        prop_assert_eq!(&in_chunks(&stream, usize::MAX, limit), &frames);
    }

    #[test]
    fn random_bytes_never_panic(stream in prop::collection::vec(any::<u8>(), 0..400), size in 1_usize..40) {
        prop_assert_eq!(in_chunks(&stream, size, MAX_BYTES), naive(&stream, MAX_BYTES));
    }
}

fn piece() -> impl Strategy<Value = Vec<u8>> {
    let words: &[&[u8]] = &[
        b"data",
        b"data:",
        b"data: ",
        b"event",
        b"event: ",
        b"id",
        b"id: ",
        b"retry: ",
        b"retry",
        b":",
        b" ",
        b"\n",
        b"\n",
        b"\r",
        b"\r\n",
        b"\n\n",
        b"\0",
        b"\xC3\xA9",
        b"\xC3",
        b"\xFF",
        b"1",
        b"77",
        b"x",
        b"\xEF\xBB\xBF",
        b"\xEF",
        b"{\"uuid\":\"31@K7001\"}",
        b"data: {\"a\":1}\n\n",
    ];
    prop::sample::select(words.iter().map(|word| word.to_vec()).collect::<Vec<_>>())
}

/// Reads the whole stream line by line as the standard words it; slow, obvious, and of a different build.
fn naive(stream: &[u8], limit: usize) -> Vec<OwnedFrame> {
    let stream = stream.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(stream);
    let mut frames = Vec::new();
    let (mut name, mut data, mut id, mut last_id) = (String::new(), Vec::new(), None, String::new());
    let (mut has_data, mut dropped) = (false, false);
    for (line, whole) in naive_lines(stream) {
        if line.len() > limit {
            if line[0] == b':' || !dropped {
                frames.push(OwnedFrame::TooLong);
            }
            dropped |= line[0] != b':';
            continue;
        }
        if !whole {
            break;
        }
        if line.is_empty() {
            last_id = id.take().unwrap_or(last_id);
            if has_data && !dropped {
                let event = if name.is_empty() { "message".to_owned() } else { name.clone() };
                let data = String::from_utf8_lossy(&data).into_owned();
                frames.push(OwnedFrame::Event { event, data, id: last_id.clone() });
            }
            name.clear();
            data.clear();
            (has_data, dropped) = (false, false);
            continue;
        }
        let mut halves = line.splitn(2, |byte| *byte == b':');
        let field = halves.next().unwrap_or_default();
        let value = halves.next().unwrap_or_default();
        let value = value.strip_prefix(b" ").unwrap_or(value);
        let text = String::from_utf8_lossy(value).into_owned();
        match field {
            b"" => frames.push(OwnedFrame::Comment(text)),
            b"event" => name = text,
            b"id" if !value.contains(&0) => id = Some(text),
            b"retry" => frames.extend(
                text.bytes()
                    .all(|byte| byte.is_ascii_digit())
                    .then(|| text.parse().ok().map(OwnedFrame::Retry))
                    .flatten(),
            ),
            b"data" if !dropped => {
                if has_data {
                    data.push(b'\n');
                }
                has_data = true;
                data.extend_from_slice(value);
                if data.len() > limit {
                    dropped = true;
                    frames.push(OwnedFrame::TooLong);
                }
            }
            _ => {}
        }
    }
    frames
}

/// Lines without their ends, and whether each has one.
fn naive_lines(stream: &[u8]) -> Vec<(Vec<u8>, bool)> {
    let mut lines = vec![(Vec::new(), false)];
    let mut bytes = stream.iter().peekable();
    while let Some(byte) = bytes.next() {
        if *byte == b'\n' || *byte == b'\r' {
            if *byte == b'\r' && bytes.peek() == Some(&&b'\n') {
                bytes.next();
            }
            lines.last_mut().unwrap().1 = true;
            lines.push((Vec::new(), false));
        } else {
            lines.last_mut().unwrap().0.push(*byte);
        }
    }
    lines
}
