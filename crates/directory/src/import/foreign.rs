//! Files that are no tables, told by how they begin. A name may say anything.

use super::ImportError;

/// How files begin that are no text.
const BINARY: [&[u8]; 13] = [
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\xd0\xcf\x11\xe0",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"SQLite format 3\0",
    b"!BDN",
    b"\x7fELF",
    b"bplist0",
];

/// What a file is, by bytes that no encoding changes.
pub(super) fn binary(bytes: &[u8]) -> Option<ImportError> {
    BINARY.iter().any(|beginning| bytes.starts_with(beginning)).then_some(ImportError::NotText)
}

/// The same for files that are text. `text` is UTF-8.
pub(super) fn text(text: &[u8]) -> Option<ImportError> {
    let text = text.trim_ascii();
    let line = |text: &[u8]| {
        let end = text.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(text.len());
        text[..end].trim_ascii_end().to_ascii_lowercase()
    };
    let first = line(text);
    // Some exports put one quotation mark around every line.
    if first.trim_ascii().strip_prefix(b"\"").unwrap_or(&first).starts_with(b"begin:vcard") {
        return Some(ImportError::VCard);
    }
    let begins = |beginnings: &[&[u8]]| beginnings.iter().any(|beginning| first.starts_with(beginning));
    let is_foreign = begins(&[b"%pdf-", b"%!ps", b"{\\rtf", b"begin:v", b"<?xml", b"<!doctype", b"<html", b"%yaml"])
        || begins(&[b"create table ", b"insert into ", b"-- mysql dump", b"-- postgresql"])
        || is_json(text)
        || is_marked_up(text)
        || is_ldif(text, line);
    is_foreign.then_some(ImportError::NotCsv)
}

/// `{"`, `[{"`, `["`: no heading begins so.
fn is_json(text: &[u8]) -> bool {
    let behind = |text: &[u8]| text.get(1..).unwrap_or_default().trim_ascii_start().first().copied();
    match text.first() {
        Some(b'{') => matches!(behind(text), Some(b'"' | b'}')),
        Some(b'[') => matches!(behind(text), Some(b'{' | b'[' | b'"' | b']')),
        _ => false,
    }
}

/// From `<` to `>`, with an element closed between. `<Name>;<Phone>` alone is a line of headings.
fn is_marked_up(text: &[u8]) -> bool {
    let closes = || text.windows(2).any(|pair| pair == b"</" || pair == b"/>");
    text.starts_with(b"<")
        && text.get(1).is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'!')
        && text.ends_with(b">")
        && closes()
}

/// Behind its version and its comments the first line names an entry: `dn: cn=Anna,dc=example`.
fn is_ldif(text: &[u8], line: impl Fn(&[u8]) -> Vec<u8>) -> bool {
    let lines = text.split(|byte| matches!(byte, b'\n' | b'\r')).map(line);
    let mut said = lines.filter(|line| !line.is_empty() && !line.starts_with(b"#") && !line.starts_with(b"version:"));
    said.next().is_some_and(|line| line.starts_with(b"dn::") || (line.starts_with(b"dn:") && line.contains(&b'=')))
}
