//! Splits a CSV file into records (RFC 4180), so that one broken row costs one row.
//!
//! A reader that follows the quotation marks alone would take the rest of the file for one field after a mark that is
//! never closed. Here a record has a largest size; beyond it the reading goes on behind the line that opened the mark.

use super::RowReason;

/// A record may have this many bytes.
const MAX_RECORD: usize = 64 * 1024;
const MAX_FIELDS: usize = 512;

/// The records from one place on. A copy reads on from the same place.
#[derive(Clone)]
pub(super) struct Records<'a> {
    bytes: &'a [u8],
    delimiter: u8,
    /// What stands around fields that hold the delimiter.
    mark: u8,
    at: usize,
    /// The line that begins at `at`, from 1.
    line: u64,
}

pub(super) type Record = Result<Vec<String>, RowReason>;

impl<'a> Records<'a> {
    /// `bytes` are UTF-8.
    pub fn new(bytes: &'a [u8], delimiter: u8) -> Self {
        Self { bytes, delimiter, mark: mark_of(bytes), at: 0, line: 1 }
    }

    /// Goes on behind so many bytes.
    pub fn go_on(&mut self, bytes: usize) {
        let end = (self.at + bytes).min(self.bytes.len());
        self.line += count_lines(&self.bytes[self.at..end]);
        self.at = end;
    }

    /// Goes on behind the next end of a line, however far it is.
    fn skip_line(&mut self) {
        let rest = &self.bytes[self.at..];
        match rest.iter().position(|b| matches!(b, b'\n' | b'\r')) {
            Some(end) => self.go_on(end + if rest[end..].starts_with(b"\r\n") { 2 } else { 1 }),
            None => self.go_on(rest.len()),
        }
    }
}

impl Iterator for Records<'_> {
    /// A record with the line it begins on.
    type Item = (u64, Record);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = &self.bytes[self.at..];
        if rest.is_empty() {
            return None;
        }
        let line = self.line;
        let limit = rest.len().min(MAX_RECORD);
        let record = match split(&rest[..limit], self.delimiter, self.mark) {
            Split::Whole(fields, used) => {
                // The line end of two bytes may lie on the limit.
                let used = used
                    + usize::from(used == limit && rest[..used].ends_with(b"\r") && rest[used..].starts_with(b"\n"));
                self.go_on(used);
                Ok(fields)
            }
            Split::Open { fields, quoted: false } if limit == rest.len() => {
                self.go_on(limit);
                Ok(fields)
            }
            Split::Open { quoted, .. } => {
                self.skip_line();
                Err(if quoted { RowReason::OpenQuote } else { RowReason::TooLong })
            }
        };
        Some((
            line,
            record.and_then(|fields| if fields.len() > MAX_FIELDS { Err(RowReason::TooLong) } else { Ok(fields) }),
        ))
    }
}

enum Split {
    /// The fields and how many bytes they and the line end took.
    Whole(Vec<String>, usize),
    /// The fields so far, and whether a quotation mark is open.
    Open { fields: Vec<String>, quoted: bool },
}

fn split(bytes: &[u8], delimiter: u8, mark: u8) -> Split {
    let mut fields = Vec::new();
    let mut field = Vec::new();
    let mut quoted = false;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            _ if byte == mark && quoted && bytes.get(at) == Some(&mark) => {
                field.push(mark);
                at += 1;
            }
            _ if byte == mark && quoted && ends_field(&bytes[at..], delimiter) => quoted = false,
            // A mark that begins something on a later line: the first one was never closed.
            _ if byte == mark && quoted && field.contains(&b'\n') => return Split::Open { fields, quoted },
            // A mark within an unquoted field is a character like any other: 5" pipe.
            _ if byte == mark && field.iter().all(u8::is_ascii_whitespace) => {
                field.clear();
                quoted = true;
            }
            _ if quoted => field.push(byte),
            b'\n' | b'\r' => {
                fields.push(text(&field));
                let both = byte == b'\r' && bytes.get(at) == Some(&b'\n');
                return Split::Whole(fields, at + usize::from(both));
            }
            _ if byte == delimiter => {
                fields.push(text(&field));
                field.clear();
            }
            _ => field.push(byte),
        }
    }
    fields.push(text(&field));
    Split::Open { fields, quoted }
}

/// A single quotation mark where every line but the first, which may be one of bare headings, is between two. Of the
/// first lines, for a file may be long.
fn mark_of(bytes: &[u8]) -> u8 {
    const LINES: usize = 30;
    let beginning = &bytes[..bytes.len().min(MAX_RECORD)];
    let lines = beginning.split(|byte| matches!(byte, b'\n' | b'\r')).map(<[u8]>::trim_ascii);
    let mut rows = lines.filter(|line| !line.is_empty()).skip(1).take(LINES).peekable();
    let is_single =
        rows.peek().is_some() && rows.all(|line| line.len() > 1 && line.starts_with(b"'") && line.ends_with(b"'"));
    if is_single { b'\'' } else { b'"' }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn ends_field(rest: &[u8], delimiter: u8) -> bool {
    let spaces = rest.iter().take_while(|b| **b == b' ').count();
    rest.get(spaces).is_none_or(|b| *b == delimiter || matches!(b, b'\n' | b'\r'))
}

fn count_lines(bytes: &[u8]) -> u64 {
    let ends = bytes.iter().enumerate();
    ends.filter(|(at, byte)| **byte == b'\n' || (**byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'))).count() as u64
}
