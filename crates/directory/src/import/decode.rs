//! Bytes to text: UTF-8 and UTF-16 where they are, else the code page in which most words are spelt as people spell.

use std::io::{self, Read};

use encoding_rs::{
    Encoding, MACINTOSH, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253, WINDOWS_1254, WINDOWS_1255,
};

/// A file is taken whole into memory; one that is longer is cut.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// How much of a file is looked at to tell its encoding.
const LOOKED_AT: usize = 1024 * 1024;

/// The file, and whether it was cut.
pub(super) fn whole(reader: impl Read) -> io::Result<(Vec<u8>, bool)> {
    let mut bytes = Vec::new();
    let read = reader.take(MAX_BYTES + 1).read_to_end(&mut bytes)? as u64;
    bytes.truncate(usize::try_from(MAX_BYTES).unwrap_or(usize::MAX));
    Ok((bytes, read > MAX_BYTES))
}

/// The file as UTF-8 without a byte-order mark.
pub(super) fn utf8(bytes: Vec<u8>) -> Vec<u8> {
    match bytes[..] {
        [0xef, 0xbb, 0xbf, ..] => narrow(&bytes[3..]),
        [0xff, 0xfe, ..] => wide(&bytes[2..], u16::from_le_bytes),
        [0xfe, 0xff, ..] => wide(&bytes[2..], u16::from_be_bytes),
        _ => match zeros(&bytes[..bytes.len().min(LOOKED_AT)]) {
            (0, odd) if odd > 0 => wide(&bytes, u16::from_le_bytes),
            (even, 0) if even > 0 => wide(&bytes, u16::from_be_bytes),
            _ => narrow(&bytes),
        },
    }
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

fn narrow(bytes: &[u8]) -> Vec<u8> {
    if std::str::from_utf8(bytes).is_ok() {
        return bytes.to_vec();
    }
    let page = Page::of(bytes);
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 8);
    // Fields that several programs wrote may differ in their encoding.
    for field in bytes.split_inclusive(|byte| matches!(byte, b',' | b';' | b'\t' | b'|' | b'\n' | b'\r')) {
        match std::str::from_utf8(field) {
            Ok(_) => out.extend_from_slice(field),
            Err(_) => out.extend_from_slice(page.decode(field).as_bytes()),
        }
    }
    out
}

#[derive(Clone, Copy)]
enum Page {
    Known(&'static Encoding),
    /// What spreadsheets call MS-DOS.
    Dos,
    /// The same for Hebrew.
    HebrewDos,
}

/// The letters beyond ASCII of the languages that are written with a code page.
const LATIN: [(Page, &[&str]); 5] = [
    (
        Page::Known(WINDOWS_1252),
        &["äöüß", "àâæçéèêëîïôœùûüÿ", "àèéìíòóùú", "áéíñóúüºª", "ãõáàâéêíóôúç", "æøåéö", "åäöé", "áéëïóúüö"],
    ),
    (
        Page::Known(WINDOWS_1250),
        &["ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "čćđšž", "ăâîşţ", "äöüß"],
    ),
    (Page::Known(WINDOWS_1254), &["çğıöşüâîû", "äöüß"]),
    (Page::Dos, &["äöüß", "àâçéèêëîïôùûü", "àèéìíòóùú", "áéíñóúü"]),
    (Page::Known(MACINTOSH), &["äöüß", "àâæçéèêëîïôœùûüÿ", "àèéìíòóùú", "áéíñóúü"]),
];

/// The upper half of code page 850 as far as it is letters.
const DOS: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº";

impl Page {
    /// Words of nothing but high bytes tell another alphabet. Within Latin ones the page wins in which most words
    /// have only letters of one language.
    fn of(bytes: &[u8]) -> Self {
        let (mut hebrew, mut hebrew_dos, mut cyrillic, mut greek) = (0, 0, 0, 0);
        let mut votes = [0_usize; LATIN.len()];
        let looked_at = &bytes[..bytes.len().min(LOOKED_AT)];
        let fields = looked_at.split(|byte| byte.is_ascii() && !byte.is_ascii_alphabetic());
        for word in fields.filter(|word| word.len() > 1 && std::str::from_utf8(word).is_err()) {
            if !word.iter().any(u8::is_ascii) {
                let all = |range: std::ops::RangeInclusive<u8>| word.iter().all(|byte| range.contains(byte));
                // What are large letters in Cyrillic are small ones with accents in Greek.
                let large_within = word.windows(2).any(|pair| pair[0] >= 0xe0 && pair[1] < 0xe0);
                hebrew += usize::from(all(0xe0..=0xfa));
                hebrew_dos += usize::from(all(0x80..=0x9a));
                cyrillic += usize::from(all(0xc0..=0xff) && !large_within);
                greek += usize::from(all(0xb8..=0xfe));
            }
            for (votes, (page, languages)) in votes.iter_mut().zip(LATIN) {
                *votes += usize::from(is_spelt(&page.decode(word), languages));
            }
        }
        let latin = votes.iter().copied().max().unwrap_or_default();
        let others = [
            (hebrew, Self::Known(WINDOWS_1255)),
            (hebrew_dos, Self::HebrewDos),
            (cyrillic, Self::Known(WINDOWS_1251)),
            (greek, Self::Known(WINDOWS_1253)),
        ];
        let mut best = (latin, LATIN[votes.iter().position(|count| *count == latin).unwrap_or_default()].0);
        for (count, page) in others {
            if count > best.0 {
                best = (count, page);
            }
        }
        best.1
    }

    fn decode(self, bytes: &[u8]) -> String {
        match self {
            Self::Known(encoding) => encoding.decode_without_bom_handling(bytes).0.into_owned(),
            Self::Dos => bytes.iter().map(|byte| dos(*byte)).collect(),
            Self::HebrewDos => bytes
                .iter()
                .map(|byte| match byte {
                    0x80..=0x9a => {
                        char::from_u32(0x5d0 + u32::from(byte - 0x80)).unwrap_or(char::REPLACEMENT_CHARACTER)
                    }
                    _ => dos(*byte),
                })
                .collect(),
        }
    }
}

fn dos(byte: u8) -> char {
    match byte {
        0..=0x7f => char::from(byte),
        0xb5 => 'Á',
        0xb6 => 'Â',
        0xb7 => 'À',
        0xc6 => 'ã',
        0xc7 => 'Ã',
        0xd2 => 'Ê',
        0xd4 => 'È',
        0xd6 => 'Í',
        0xe0 => 'Ó',
        0xe1 => 'ß',
        0xe2 => 'Ô',
        0xe4 => 'õ',
        0xe9 => 'Ú',
        _ => DOS.chars().nth(usize::from(byte - 0x80)).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

/// Whether a word's letters beyond ASCII are all of one language, and none is large behind a small one.
fn is_spelt(word: &str, languages: &[&str]) -> bool {
    let high = || word.chars().filter(|c| !c.is_ascii());
    let mut letters = word.chars().zip(word.chars().skip(1));
    !letters.any(|(before, c)| before.is_lowercase() && c.is_uppercase() && !c.is_ascii())
        && languages.iter().any(|language| {
            high().all(|c| language.contains(c) || c.to_lowercase().all(|small| language.contains(small)))
        })
}
