//! Bytes to text: UTF-8 where it is, else Windows-1252; UTF-16 where a mark says so.

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Cursor, Read};

/// A UTF-16 file is taken whole into memory; one that is longer is cut.
const MAX_UTF16_BYTES: u64 = 256 * 1024 * 1024;

/// The file as bytes of a superset of ASCII, without a byte-order mark.
pub(super) fn without_mark<'a>(reader: impl Read + 'a) -> io::Result<Box<dyn BufRead + 'a>> {
    let mut reader = BufReader::with_capacity(64 * 1024, reader);
    let mut mark = Vec::with_capacity(3);
    reader.by_ref().take(3).read_to_end(&mut mark)?;
    let wide: Option<fn([u8; 2]) -> u16> = match mark[..] {
        [0xff, 0xfe, ..] => Some(u16::from_le_bytes),
        [0xfe, 0xff, ..] => Some(u16::from_be_bytes),
        _ => None,
    };
    if let Some(unit) = wide {
        let mut bytes = mark.split_off(2);
        reader.take(MAX_UTF16_BYTES).read_to_end(&mut bytes)?;
        let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        let text: String = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
        return Ok(Box::new(Cursor::new(text.into_bytes())));
    }
    if mark == [0xef, 0xbb, 0xbf] {
        mark.clear();
    }
    Ok(Box::new(BufReader::new(Cursor::new(mark).chain(reader))))
}

/// A field's text.
pub(super) fn text(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|byte| windows_1252(*byte)).collect()),
    }
}

fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}
