//! Splits a CSV file into records (RFC 4180), so that one broken row costs one row.
//!
//! A reader that follows the quotation marks alone would take the rest of the file for one field after a mark that is
//! never closed. Here a record has a largest size; beyond it the reading goes on behind the line that opened the mark.

use std::io::{self, BufRead};

use super::RowReason;
use super::decode::text;

/// A record may have this many bytes.
const MAX_RECORD: usize = 64 * 1024;
const MAX_FIELDS: usize = 512;

pub(super) struct Records<R> {
    reader: R,
    delimiter: u8,
    /// Read and not yet given out.
    ahead: Vec<u8>,
    at: usize,
    /// The line that begins at `at`, from 1.
    line: u64,
    ended: bool,
}

type Record = Result<Vec<String>, RowReason>;

impl<R: BufRead> Records<R> {
    /// Finds the delimiter by the first line; a line `sep=;` before it says which.
    pub fn new(reader: R) -> io::Result<Self> {
        let mut records = Self { reader, delimiter: b',', ahead: Vec::new(), at: 0, line: 1, ended: false };
        records.fill()?;
        let mut lines = records.ahead.split(|b| matches!(b, b'\n' | b'\r'));
        match lines.next().unwrap_or_default() {
            [s, e, p, b'=', delimiter] if [s, e, p].map(u8::to_ascii_lowercase) == *b"sep" => {
                records.delimiter = *delimiter;
                records.next_record()?;
            }
            first if first.trim_ascii().is_empty() => {
                records.delimiter = delimiter_of(lines.find(|line| !line.trim_ascii().is_empty()).unwrap_or_default());
            }
            first => records.delimiter = delimiter_of(first),
        }
        Ok(records)
    }

    /// The next record with the line it begins on; `None` at the end.
    pub fn next_record(&mut self) -> io::Result<Option<(u64, Record)>> {
        if self.ahead.len() - self.at <= MAX_RECORD {
            self.fill()?;
        }
        let rest = &self.ahead[self.at..];
        if rest.is_empty() {
            return Ok(None);
        }
        let line = self.line;
        let limit = rest.len().min(MAX_RECORD);
        let record = match split(&rest[..limit], self.delimiter) {
            Split::Whole(fields, used) => self.used(used, Ok(fields)),
            Split::Open { fields, quoted: false } if self.ended && limit == rest.len() => self.used(limit, Ok(fields)),
            Split::Open { quoted, .. } => {
                let reason = if quoted { RowReason::OpenQuote } else { RowReason::TooLong };
                self.skip_line()?;
                Err(reason)
            }
        };
        let record =
            record.and_then(|fields| if fields.len() > MAX_FIELDS { Err(RowReason::TooLong) } else { Ok(fields) });
        Ok(Some((line, record)))
    }

    fn used(&mut self, bytes: usize, record: Record) -> Record {
        let taken = &self.ahead[self.at..self.at + bytes];
        self.line += count_lines(taken);
        self.at += bytes;
        record
    }

    /// Goes on behind the next end of a line, however far it is.
    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let rest = &self.ahead[self.at..];
            if let Some(end) = rest.iter().position(|b| matches!(b, b'\n' | b'\r')) {
                self.at += end + if rest[end..].starts_with(b"\r\n") { 2 } else { 1 };
                self.line += 1;
                return Ok(());
            }
            self.at = self.ahead.len();
            self.fill()?;
            if self.at == self.ahead.len() {
                return Ok(());
            }
        }
    }

    /// Reads ahead so far that a whole record and a line end behind it are there, or the end of the file.
    fn fill(&mut self) -> io::Result<()> {
        if self.ended {
            return Ok(());
        }
        self.ahead.drain(..self.at);
        self.at = 0;
        while self.ahead.len() < 4 * MAX_RECORD {
            let chunk = match self.reader.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let length = chunk.len();
            if length == 0 {
                self.ended = true;
                break;
            }
            self.ahead.extend_from_slice(chunk);
            self.reader.consume(length);
        }
        Ok(())
    }
}

enum Split {
    /// The fields and how many bytes they and the line end took.
    Whole(Vec<String>, usize),
    /// The fields so far, and whether a quotation mark is open.
    Open { fields: Vec<String>, quoted: bool },
}

fn split(bytes: &[u8], delimiter: u8) -> Split {
    let mut fields = Vec::new();
    let mut field = Vec::new();
    let mut quoted = false;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'"' if quoted && bytes.get(at) == Some(&b'"') => {
                field.push(b'"');
                at += 1;
            }
            b'"' if quoted && ends_field(&bytes[at..], delimiter) => quoted = false,
            // A mark that begins something on a later line: the first one was never closed.
            b'"' if quoted && field.contains(&b'\n') => return Split::Open { fields, quoted },
            // A mark within an unquoted field is a character like any other: 5" pipe.
            b'"' if field.iter().all(u8::is_ascii_whitespace) => {
                field.clear();
                quoted = true;
            }
            _ if quoted => field.push(byte),
            b'\n' | b'\r' => {
                fields.push(text(&field).into_owned());
                let both = byte == b'\r' && bytes.get(at) == Some(&b'\n');
                return Split::Whole(fields, at + usize::from(both));
            }
            _ if byte == delimiter => {
                fields.push(text(&field).into_owned());
                field.clear();
            }
            _ => field.push(byte),
        }
    }
    fields.push(text(&field).into_owned());
    Split::Open { fields, quoted }
}

fn ends_field(rest: &[u8], delimiter: u8) -> bool {
    let spaces = rest.iter().take_while(|b| **b == b' ').count();
    rest.get(spaces).is_none_or(|b| *b == delimiter || matches!(b, b'\n' | b'\r'))
}

/// Whichever stands most often outside quotation marks.
fn delimiter_of(line: &[u8]) -> u8 {
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0), (b'|', 0)];
    let mut quoted = false;
    for byte in line {
        quoted ^= *byte == b'"';
        if let Some((_, count)) = counts.iter_mut().find(|(delimiter, _)| !quoted && delimiter == byte) {
            *count += 1;
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or_default();
    counts.iter().find(|(_, count)| *count == most).map_or(b',', |(delimiter, _)| *delimiter)
}

fn count_lines(bytes: &[u8]) -> u64 {
    let ends = bytes.iter().enumerate();
    ends.filter(|(at, byte)| **byte == b'\n' || (**byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'))).count() as u64
}
