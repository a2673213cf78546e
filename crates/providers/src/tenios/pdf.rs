//! Whether a document is a PDF that people can look at. A check of its structure (ISO 32000), not a reader: people at
//! the service look at the rest, days later, and a renamed picture should not cost those days.

use memchr::memmem;
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_zlib_with_limit};

use super::pdf_syntax::{dictionary, has_name, has_value, skip_blank};

/// Readers look for the beginning in so many bytes: printers' job headers and mail programs put something before it.
const HEAD: usize = 1024;
/// What compressed objects may unfold to, all together.
const MOST_UNFOLDED: usize = 64 << 20;

/// Why a document is not handed in, with the way out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("the document is empty")]
    Empty,
    #[error("the document is larger than {} MB; scan it at a lower resolution or in black and white", most >> 20)]
    TooLarge { most: usize },
    #[error("the document is {kind}, not a PDF; export or print it as PDF")]
    Other { kind: &'static str },
    #[error("the document is not a PDF; export or print it as PDF")]
    NotPdf,
    #[error("the PDF breaks off before its end; copy or export it again")]
    Truncated,
    #[error("the PDF is damaged; export it as PDF again")]
    Damaged,
    #[error("the PDF is protected with a password; save it without protection")]
    Encrypted,
    #[error("the PDF has no page")]
    NoPage,
}

impl Unfit {
    /// Stable; hosts have words of their own for it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "document_empty",
            Self::TooLarge { .. } => "document_too_large",
            Self::Other { .. } | Self::NotPdf => "document_no_pdf",
            Self::Truncated => "document_truncated",
            Self::Damaged => "document_damaged",
            Self::Encrypted => "document_encrypted",
            Self::NoPage => "document_no_page",
        }
    }
}

/// Looks a document over.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn examine(document: &[u8], most: usize) -> Result<(), Unfit> {
    if document.is_empty() {
        return Err(Unfit::Empty);
    }
    if document.len() > most {
        return Err(Unfit::TooLarge { most });
    }
    let document = &document[beginning(document)?..];
    if ending(document)?.iter().any(|trailer| has_name(trailer, b"Encrypt")) {
        return Err(Unfit::Encrypted);
    }
    pages(document)
}

/// Where the PDF begins.
fn beginning(document: &[u8]) -> Result<usize, Unfit> {
    const KINDS: [(&[u8], &str); 9] = [
        (b"\xff\xd8\xff", "a JPEG picture"),
        (b"\x89PNG", "a PNG picture"),
        (b"GIF8", "a GIF picture"),
        (b"II*\0", "a TIFF picture"),
        (b"MM\0*", "a TIFF picture"),
        (b"BM", "a BMP picture"),
        (b"PK\x03\x04", "a ZIP archive or an office document"),
        (b"\xd0\xcf\x11\xe0", "an old office document"),
        (b"{\\rtf", "an RTF text"),
    ];
    if let Some((_, kind)) = KINDS.iter().find(|(magic, _)| document.starts_with(magic)) {
        return Err(Unfit::Other { kind });
    }
    if document.get(4..8) == Some(b"ftyp") {
        return Err(Unfit::Other { kind: "a picture or film of a mobile phone" });
    }
    let head = &document[..document.len().min(HEAD)];
    let page = document.trim_ascii_start().starts_with(b"<");
    let otherwise = if page { Unfit::Other { kind: "a web page" } } else { Unfit::NotPdf };
    memmem::find(head, b"%PDF-").ok_or(otherwise)
}

/// The dictionaries that say how the file is to be read: the one that its end leads to, or all where it leads nowhere.
/// A mail program that changes the ends of lines shifts everything, and every reader finds its way all the same.
fn ending(document: &[u8]) -> Result<Vec<&[u8]>, Unfit> {
    let start = memmem::rfind(document, b"startxref").ok_or(Unfit::Truncated)?;
    let tail = &document[start + b"startxref".len()..];
    let end = memmem::find(tail, b"%%EOF").ok_or(Unfit::Truncated)?;
    // Anything may stand behind the end, but no objects: those have an end of their own, which is missing.
    if has_object(&tail[end..]) {
        return Err(Unfit::Truncated);
    }
    if let Some(trailer) = number(skip_blank(tail)).and_then(|at| trailer_at(document, at)) {
        return Ok(vec![trailer]);
    }
    let trailers = memmem::find_iter(document, b"trailer").filter_map(|at| dictionary(&document[at..]));
    let tables = memmem::find_iter(document, b" obj").filter_map(|at| table(&document[at..]));
    let all: Vec<&[u8]> = trailers.chain(tables).filter(|found| has_name(found, b"Root")).collect();
    if all.is_empty() { Err(Unfit::Damaged) } else { Ok(all) }
}

/// The trailer of the table at a place, or the dictionary of the cross-reference stream there.
fn trailer_at(document: &[u8], at: usize) -> Option<&[u8]> {
    let there = skip_blank(document.get(at..)?);
    if there.starts_with(b"xref") {
        return dictionary(&there[memmem::find(there, b"trailer")?..]);
    }
    // `12 0 obj`
    let object =
        there.first().is_some_and(u8::is_ascii_digit).then(|| memmem::find(&there[..there.len().min(64)], b" obj"));
    table(&there[object??..])
}

/// The dictionary that follows ` obj`, if it is that of a cross-reference stream.
fn table(object: &[u8]) -> Option<&[u8]> {
    let inner = skip_blank(object.get(4..)?);
    let found = inner.starts_with(b"<<").then(|| dictionary(inner)).flatten()?;
    has_value(found, b"Type", b"XRef").then_some(found)
}

/// Whether `12 0 obj` stands in it.
fn has_object(text: &[u8]) -> bool {
    memmem::find_iter(text, b" obj").any(|at| text[..at].last().is_some_and(u8::is_ascii_digit))
}

/// Looks for a page among the objects, those in compressed object streams included.
fn pages(document: &[u8]) -> Result<(), Unfit> {
    let mut rest = document;
    let mut left = MOST_UNFOLDED;
    let mut unreadable = None;
    while let Some(stream) = next_stream(rest) {
        if has_value(&rest[..stream.begin], b"Type", b"Page") {
            return Ok(());
        }
        let data = &rest[stream.data..stream.end];
        if has_value(stream.dictionary, b"Type", b"ObjStm") {
            match unfold(stream.dictionary, data, &mut left) {
                Ok(objects) if has_value(&objects, b"Type", b"Page") => return Ok(()),
                Ok(_) => {}
                Err(unfit) => unreadable = Some(unfit),
            }
        }
        rest = &rest[stream.end..];
    }
    match unreadable {
        _ if has_value(rest, b"Type", b"Page") => Ok(()),
        Some(Some(unfit)) => Err(unfit),
        // Packed in a way that is seldom and allowed: people will see whether there are pages.
        Some(None) => Ok(()),
        None => Err(Unfit::NoPage),
    }
}

/// A stream within a piece of the file; places count from the piece's beginning.
struct Stream<'d> {
    dictionary: &'d [u8],
    begin: usize,
    data: usize,
    end: usize,
}

fn next_stream(piece: &[u8]) -> Option<Stream<'_>> {
    for at in memmem::find_iter(piece, b"stream") {
        let line_end = match piece.get(at + 6..)? {
            [b'\r', b'\n', ..] => 2,
            [b'\n', ..] => 1,
            _ => continue,
        };
        let before = piece[..at].trim_ascii_end();
        if !before.ends_with(b">>") {
            continue;
        }
        let object = memmem::rfind(before, b" obj").unwrap_or(0);
        let data = at + 6 + line_end;
        let end = memmem::find(&piece[data..], b"endstream").map_or(piece.len(), |length| data + length);
        return Some(Stream { dictionary: &before[object..], begin: at, data, end });
    }
    None
}

/// The objects of an object stream. `Err(None)`: packed by something else than Flate.
fn unfold(dictionary: &[u8], data: &[u8], left: &mut usize) -> Result<Vec<u8>, Option<Unfit>> {
    if !has_name(dictionary, b"Filter") {
        return Ok(data.to_vec());
    }
    if !has_name(dictionary, b"FlateDecode") || has_name(dictionary, b"DecodeParms") {
        return Err(None);
    }
    let unfolded = match decompress_to_vec_zlib_with_limit(data, *left) {
        Ok(objects) => Ok(objects),
        Err(error) if error.status == TINFLStatus::HasMoreOutput => Ok(error.output),
        Err(error) if has_value(&error.output, b"Type", b"Page") => Ok(error.output),
        Err(_) => Err(Some(Unfit::Damaged)),
    };
    *left = left.saturating_sub(unfolded.as_ref().map_or(0, Vec::len));
    unfolded
}

fn number(text: &[u8]) -> Option<usize> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(&text[..digits]).ok()?.parse().ok()
}

#[cfg(test)]
#[path = "pdf_tests.rs"]
mod tests;
