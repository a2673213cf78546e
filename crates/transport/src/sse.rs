//! Server-sent events to the letter of the WHATWG event-stream grammar, from chunks that may be cut anywhere.
//!
//! An event whose single `data` line lies in one chunk is handed out without being copied. What does not fit is
//! buffered, up to [`MAX_BYTES`] for a line and for an event's data; more is dropped, reported once, and the stream
//! goes on after it. Source: HTML Living Standard, section 9.2 "Server-sent events".

use std::borrow::Cow;
use std::mem;

use memchr::{memchr, memchr2};

/// The longest line, without its end, and the longest data of an event.
pub const MAX_BYTES: usize = 1024 * 1024;

const BOM: [u8; 3] = [0xEF, 0xBB, 0xBF];
/// Buffers that grew beyond this for one large event are given back after it.
const KEEP_BYTES: usize = 64 * 1024;

/// What the parser hands out, borrowed from the chunk or from its buffers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame<'a> {
    /// A whole event. `event` is `message` if the server named none, `id` the last event id of the stream so far.
    /// `data` may be empty: an event with an empty `data` line is one, an event without `data` is not.
    Event { event: &'a str, data: &'a str, id: &'a str },
    /// A comment line, without its colon and one blank; often a heartbeat.
    Comment(&'a str),
    /// The server's wish for the pause before a reconnect, in milliseconds.
    Retry(u64),
    /// A line or an event over [`MAX_BYTES`] was dropped.
    TooLong,
}

/// An incremental parser for one connection. Drop it at the end of the stream: an event that was not finished is never
/// handed out.
#[derive(Debug)]
pub struct SseParser {
    limit: usize,
    bom: Bom,
    after_cr: bool,
    /// A line that began in an earlier chunk.
    line: Vec<u8>,
    line_fate: LineFate,
    data: Vec<u8>,
    has_data: bool,
    drop_event: bool,
    event: String,
    id: Option<String>,
    last_id: String,
}

/// How much of a byte order mark the stream began with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bom {
    Seen(usize),
    Past,
}

impl Default for SseParser {
    fn default() -> Self {
        Self::new()
    }
}

/// What becomes of the bytes of the current line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LineFate {
    Keep,
    Skip,
}

impl SseParser {
    pub fn new() -> Self {
        Self::with_limit(MAX_BYTES)
    }

    /// A parser that drops lines and events over `limit` bytes.
    pub fn with_limit(limit: usize) -> Self {
        Self {
            limit,
            bom: Bom::Seen(0),
            after_cr: false,
            line: Vec::new(),
            line_fate: LineFate::Keep,
            data: Vec::new(),
            has_data: false,
            drop_event: false,
            event: String::new(),
            id: None,
            last_id: String::new(),
        }
    }

    /// Goes on from the id of the connection before.
    #[must_use]
    pub fn after(mut self, last_event_id: impl Into<String>) -> Self {
        self.last_id = last_event_id.into();
        self
    }

    /// The last event id, for `Last-Event-ID` at the next connection; empty if the server never sent one.
    pub fn last_event_id(&self) -> &str {
        &self.last_id
    }

    /// Takes the next bytes and calls `on` for every frame that they complete, in order.
    pub fn feed(&mut self, chunk: &[u8], mut on: impl FnMut(Frame<'_>)) {
        let mut rest = self.strip_bom(chunk);
        // The data line of the event at hand, as long as it is the only one and lies in this chunk.
        let mut direct: Option<&[u8]> = None;
        while !rest.is_empty() {
            if mem::take(&mut self.after_cr) && rest[0] == b'\n' {
                rest = &rest[1..];
                continue;
            }
            let Some(end) = memchr2(b'\n', b'\r', rest) else {
                self.carry(rest, &mut on);
                break;
            };
            let (line, from_end) = rest.split_at(end);
            self.after_cr = from_end[0] == b'\r';
            rest = &from_end[1..];
            self.end_line(line, &mut direct, &mut on);
        }
        if let Some(line) = direct {
            self.data.extend_from_slice(line);
        }
    }

    fn strip_bom<'c>(&mut self, chunk: &'c [u8]) -> &'c [u8] {
        let Bom::Seen(mut seen) = self.bom else { return chunk };
        let mut rest = chunk;
        while let Some((first, after)) = rest.split_first() {
            if *first == BOM[seen] {
                seen += 1;
                rest = after;
                if seen < BOM.len() {
                    continue;
                }
            } else {
                // What looked like a mark was the beginning of the first line.
                self.line.extend_from_slice(&BOM[..seen]);
            }
            self.bom = Bom::Past;
            return rest;
        }
        self.bom = Bom::Seen(seen);
        rest
    }

    /// Keeps the beginning of a line for the next chunk.
    fn carry(&mut self, part: &[u8], on: &mut impl FnMut(Frame<'_>)) {
        if self.line_fate == LineFate::Skip {
            return;
        }
        if self.line.len() + part.len() > self.limit {
            self.line_fate = LineFate::Skip;
            let first = self.line.first().or(part.first()).copied();
            self.drop_line(first, on);
            return;
        }
        self.line.extend_from_slice(part);
    }

    fn end_line<'c>(&mut self, part: &'c [u8], direct: &mut Option<&'c [u8]>, on: &mut impl FnMut(Frame<'_>)) {
        if mem::replace(&mut self.line_fate, LineFate::Keep) == LineFate::Skip {
            return;
        }
        if self.line.is_empty() {
            if part.len() > self.limit {
                self.drop_line(part.first().copied(), on);
                return;
            }
            match data_value(part) {
                Some(value) if !self.has_data && !self.drop_event => {
                    self.has_data = true;
                    *direct = Some(value);
                }
                _ => self.whole_line(part, direct, on),
            }
            return;
        }
        if self.line.len() + part.len() > self.limit {
            self.drop_line(self.line.first().copied(), on);
            return;
        }
        let mut line = mem::take(&mut self.line);
        line.extend_from_slice(part);
        self.whole_line(&line, direct, on);
        line.clear();
        line.shrink_to(KEEP_BYTES);
        self.line = line;
    }

    /// A comment that is too long costs only itself, any other line its event.
    fn drop_line(&mut self, first: Option<u8>, on: &mut impl FnMut(Frame<'_>)) {
        self.line = Vec::new();
        if first == Some(b':') {
            on(Frame::TooLong);
        } else {
            self.drop_event(on);
        }
    }

    fn drop_event(&mut self, on: &mut impl FnMut(Frame<'_>)) {
        self.data = Vec::new();
        if !mem::replace(&mut self.drop_event, true) {
            on(Frame::TooLong);
        }
    }

    fn whole_line(&mut self, line: &[u8], direct: &mut Option<&[u8]>, on: &mut impl FnMut(Frame<'_>)) {
        if line.is_empty() {
            self.dispatch(direct.take(), on);
            return;
        }
        let (name, value) = match memchr(b':', line) {
            Some(0) => {
                on(Frame::Comment(&String::from_utf8_lossy(without_blank(&line[1..]))));
                return;
            }
            Some(colon) => (&line[..colon], without_blank(&line[colon + 1..])),
            None => (line, &line[line.len()..]),
        };
        match name {
            b"data" => self.add_data(value, direct.take(), on),
            b"event" => replace(&mut self.event, &String::from_utf8_lossy(value)),
            b"id" if memchr(0, value).is_none() => {
                replace(self.id.get_or_insert_default(), &String::from_utf8_lossy(value));
            }
            b"retry" => {
                if let Some(pause) = digits(value) {
                    on(Frame::Retry(pause));
                }
            }
            _ => {}
        }
    }

    fn add_data(&mut self, value: &[u8], direct: Option<&[u8]>, on: &mut impl FnMut(Frame<'_>)) {
        if self.drop_event {
            return;
        }
        if let Some(first) = direct {
            self.data.extend_from_slice(first);
        }
        let joint = usize::from(self.has_data);
        if self.data.len() + joint + value.len() > self.limit {
            self.drop_event(on);
            return;
        }
        if mem::replace(&mut self.has_data, true) {
            self.data.push(b'\n');
        }
        self.data.extend_from_slice(value);
    }

    fn dispatch(&mut self, direct: Option<&[u8]>, on: &mut impl FnMut(Frame<'_>)) {
        if let Some(id) = self.id.take() {
            self.last_id = id;
        }
        let whole = mem::take(&mut self.has_data) && !mem::take(&mut self.drop_event);
        self.drop_event = false;
        if whole {
            let event = if self.event.is_empty() { "message" } else { &self.event };
            let data = lossy(direct.unwrap_or(&self.data));
            on(Frame::Event { event, data: &data, id: &self.last_id });
        }
        self.event.clear();
        self.data.clear();
        self.data.shrink_to(KEEP_BYTES);
    }
}

/// A frame that owns its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnedFrame {
    Event { event: String, data: String, id: String },
    Comment(String),
    Retry(u64),
    TooLong,
}

impl From<Frame<'_>> for OwnedFrame {
    fn from(frame: Frame<'_>) -> Self {
        match frame {
            Frame::Event { event, data, id } => Self::Event { event: event.into(), data: data.into(), id: id.into() },
            Frame::Comment(text) => Self::Comment(text.into()),
            Frame::Retry(pause) => Self::Retry(pause),
            Frame::TooLong => Self::TooLong,
        }
    }
}

/// All frames of a whole stream at once.
pub fn parse_all(stream: &[u8]) -> Vec<OwnedFrame> {
    let mut frames = Vec::new();
    SseParser::new().feed(stream, |frame| frames.push(frame.into()));
    frames
}

fn data_value(line: &[u8]) -> Option<&[u8]> {
    line.strip_prefix(b"data:").map(without_blank)
}

fn without_blank(value: &[u8]) -> &[u8] {
    value.strip_prefix(b" ").unwrap_or(value)
}

fn replace(field: &mut String, value: &str) {
    field.clear();
    field.push_str(value);
}

/// `from_utf8` has a fast path for ASCII that `from_utf8_lossy` lacks.
fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(bytes),
    }
}

fn digits(value: &[u8]) -> Option<u64> {
    if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let add = |sum: u64, digit: &u8| sum.saturating_mul(10).saturating_add(u64::from(digit - b'0'));
    Some(value.iter().fold(0, add))
}

#[cfg(test)]
#[path = "sse_tests.rs"]
mod tests;
