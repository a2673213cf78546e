//! Bytes to text: UTF-8 and UTF-16 where they are, else the code page in which most words are spelt as people spell.

use std::io::{self, Read};

use encoding_rs::{MACINTOSH, WINDOWS_1252};

use super::pages::{LOOKED_AT, Page};

/// A file is taken whole into memory; one that is longer is cut.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// The file, and whether it was cut.
pub(super) fn whole(reader: impl Read) -> io::Result<(Vec<u8>, bool)> {
    let mut bytes = Vec::new();
    let read = reader.take(MAX_BYTES + 1).read_to_end(&mut bytes)? as u64;
    bytes.truncate(usize::try_from(MAX_BYTES).unwrap_or(usize::MAX));
    Ok((bytes, read > MAX_BYTES))
}

/// The file as UTF-8 without a byte-order mark, and whether its words had to tell what it is written with.
pub(super) fn utf8(bytes: Vec<u8>) -> (Vec<u8>, bool) {
    let (mut text, mut is_told_by_words) = match bytes[..] {
        [0xef, 0xbb, 0xbf, ..] => narrow(&bytes[3..]),
        [0xff, 0xfe, ..] => (wide(&bytes[2..], u16::from_le_bytes), false),
        [0xfe, 0xff, ..] => (wide(&bytes[2..], u16::from_be_bytes), false),
        _ => match zeros(&bytes[..bytes.len().min(LOOKED_AT)]) {
            (0, odd) if odd > 0 => (wide(&bytes, u16::from_le_bytes), false),
            (even, 0) if even > 0 => (wide(&bytes, u16::from_be_bytes), false),
            _ => narrow(&bytes),
        },
    };
    while let Some(once) = encoded_once(&text) {
        (text, is_told_by_words) = (once, true);
    }
    (text, is_told_by_words)
}

/// The text of `JÃ¶rg`: UTF-8 that a program took for a code page and encoded again. Everything beyond ASCII has to
/// say so.
fn encoded_once(text: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(text).ok().filter(|text| !text.is_ascii())?;
    [WINDOWS_1252, MACINTOSH].into_iter().find_map(|page| {
        let mut once = Vec::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find(|c: char| !c.is_ascii()) {
            let end = rest[start..].find(|c: char| c.is_ascii()).map_or(rest.len(), |end| start + end);
            let (bytes, _, lost) = page.encode(&rest[start..end]);
            // `ß’` of a Windows program would be a letter of N'Ko.
            let is_written = |c: char| match c {
                '\u{80}'..='\u{bf}' | '\u{2010}'..='\u{20bf}' => true,
                '\u{700}'..='\u{8ff}' => false,
                c => c.is_alphabetic(),
            };
            if lost || !std::str::from_utf8(&bytes).is_ok_and(|letters| letters.chars().all(is_written)) {
                return None;
            }
            once.extend_from_slice(&rest.as_bytes()[..start]);
            once.extend_from_slice(&bytes);
            rest = &rest[end..];
        }
        once.extend_from_slice(rest.as_bytes());
        Some(once)
    })
}

/// How many bytes are zero at even and at odd places; nothing where they are too few for UTF-16 without a mark.
fn zeros(bytes: &[u8]) -> (usize, usize) {
    let at = |parity: usize| bytes.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (at(0), at(1));
    // Digits, separators and line ends have one zero each, whatever the letters are.
    if (even + odd) * 10 < bytes.len() { (0, 0) } else { (even, odd) }
}

fn wide(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Vec<u8> {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let text: String = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    text.into_bytes()
}

fn narrow(bytes: &[u8]) -> (Vec<u8>, bool) {
    if std::str::from_utf8(bytes).is_ok() {
        return (bytes.to_vec(), false);
    }
    let page = Page::of(bytes);
    if !page.is_single_byte() {
        return (page.decode(bytes).into_bytes(), true);
    }
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 8);
    // Fields that several programs wrote may differ in their encoding.
    for field in bytes.split_inclusive(|byte| matches!(byte, b',' | b';' | b'\t' | b'|' | b'\n' | b'\r')) {
        match std::str::from_utf8(field) {
            Ok(_) => out.extend_from_slice(field),
            Err(_) => out.extend_from_slice(page.decode(field).as_bytes()),
        }
    }
    (out, true)
}

#[cfg(test)]
#[path = "decode_tests.rs"]
mod tests;
