//! Whether a document is a PDF that people can look at. A check of its structure (ISO 32000), not a reader: people at
//! the service look at the rest, days later, and a renamed picture should not cost those days.

use memchr::memmem;
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_zlib_with_limit};

use super::pdf_syntax::{dictionary, has_name, has_value, skip_blank};

/// The end is looked for in so many bytes; some programs write a little behind it.
const TAIL: usize = 2048;
const HEAD: usize = 1024;
/// What compressed objects may unfold to, all together.
const MOST_UNFOLDED: usize = 64 << 20;

/// Why a document is not handed in, with the way out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("the document is empty")]
    Empty,
    #[error("the document is larger than {} MB; scan it with fewer dots or in black and white", most >> 20)]
    TooLarge { most: usize },
    #[error("the document is {kind}, not a PDF, whatever its name says; export or print it as PDF")]
    Other { kind: &'static str },
    #[error("the document is not a PDF; export or print it as PDF")]
    NotPdf,
    #[error("something stands in front of the PDF in the document; export it as PDF anew")]
    Preceded,
    #[error("the PDF breaks off before its end; copy or export it anew")]
    Truncated,
    #[error("the PDF is damaged; export it as PDF anew")]
    Damaged,
    #[error("the PDF is protected with a password; save it without protection")]
    Encrypted,
    #[error("the PDF has no page")]
    NoPage,
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
    begins(document)?;
    if has_name(ending(document)?, b"Encrypt") {
        return Err(Unfit::Encrypted);
    }
    pages(document)
}

fn begins(document: &[u8]) -> Result<(), Unfit> {
    if document.starts_with(b"%PDF-") {
        return Ok(());
    }
    const KINDS: [(&[u8], &str); 10] = [
        (b"\xff\xd8\xff", "a JPEG picture"),
        (b"\x89PNG", "a PNG picture"),
        (b"GIF8", "a GIF picture"),
        (b"II*\0", "a TIFF picture"),
        (b"MM\0*", "a TIFF picture"),
        (b"BM", "a BMP picture"),
        (b"PK\x03\x04", "a ZIP archive or an office document"),
        (b"\xd0\xcf\x11\xe0", "an old office document"),
        (b"{\\rtf", "an RTF text"),
        (b"<", "a web page"),
    ];
    if let Some((_, kind)) = KINDS.iter().find(|(magic, _)| document.starts_with(magic)) {
        return Err(Unfit::Other { kind });
    }
    if document.get(4..8) == Some(b"ftyp") {
        return Err(Unfit::Other { kind: "a picture or film of a mobile phone" });
    }
    let head = &document[..document.len().min(HEAD)];
    Err(if memmem::find(head, b"%PDF-").is_some() { Unfit::Preceded } else { Unfit::NotPdf })
}

/// The dictionary that the end of the file leads to: the trailer, or that of a cross-reference stream.
fn ending(document: &[u8]) -> Result<&[u8], Unfit> {
    let tail = &document[document.len().saturating_sub(TAIL)..];
    let start = memmem::rfind(tail, b"startxref").ok_or(Unfit::Truncated)?;
    let tail = &tail[start + b"startxref".len()..];
    memmem::find(tail, b"%%EOF").ok_or(Unfit::Truncated)?;
    let at = number(skip_blank(tail)).filter(|at| *at < document.len()).ok_or(Unfit::Damaged)?;
    let table = skip_blank(&document[at..]);
    let after = if table.starts_with(b"xref") {
        let trailer = memmem::find(table, b"trailer").ok_or(Unfit::Damaged)?;
        &table[trailer..]
    } else {
        // `12 0 obj`
        let object = &table[..table.len().min(64)];
        let begins = table.first().is_some_and(u8::is_ascii_digit);
        memmem::find(object, b" obj").filter(|_| begins).ok_or(Unfit::Damaged)?;
        table
    };
    dictionary(after).ok_or(Unfit::Damaged)
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
