//! JSON as services really send it: with a byte order mark, inside SSE framing, or replaced by a web page.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::error::TransportError;
use super::redact;
use super::sse::{Frame, SseParser};

const BOM: &[u8] = b"\xEF\xBB\xBF";
/// A title is looked for in this many bytes of a page.
const TITLE_REACH: usize = 64 * 1024;
const TITLE_CHARS: usize = 120;

/// Reads a body as JSON: without its byte order mark, and if it is one event of an event stream (`data: {…}`), the
/// event's data. Nesting is limited to 128 levels by serde_json, which keeps a depth bomb off the stack.
///
/// # Errors
/// `Html` for a web page, `NotJson` with the position otherwise. Neither repeats what the body said.
pub fn decode<T: DeserializeOwned>(body: &[u8], content_type: Option<&str>) -> Result<T, TransportError> {
    if let Some(title) = html_title(body, content_type) {
        return Err(TransportError::Html { title });
    }
    let payload = payload(body);
    serde_json::from_slice(&payload).map_err(|error| not_json(&error))
}

/// A web page's title, cut and redacted: `None` if the body is no web page, `Some(None)` if it has no title.
///
/// The body decides; a `text/html` label is believed only of a body that could not be JSON.
pub fn html_title(body: &[u8], content_type: Option<&str>) -> Option<Option<String>> {
    let text = trim(strip_bom(body));
    let labelled = content_type.is_some_and(|kind| {
        let kind = kind.trim_start().to_ascii_lowercase();
        kind.starts_with("text/html") || kind.starts_with("application/xhtml")
    });
    let like_markup = text.first() == Some(&b'<') && !starts_with_ignore_case(text, b"<?xml");
    let like_json = matches!(text.first(), Some(b'{' | b'['));
    if like_markup || (labelled && !like_json && !text.is_empty()) { Some(title(text)) } else { None }
}

/// The JSON inside a body.
fn payload(body: &[u8]) -> Cow<'_, [u8]> {
    let plain = trim(strip_bom(body));
    let framed = [b"data:".as_slice(), b"event:", b"id:", b"retry:", b":"].iter().any(|field| plain.starts_with(field));
    if framed { unframe(plain).map_or(Cow::Borrowed(plain), Cow::Owned) } else { Cow::Borrowed(plain) }
}

/// The data of the first event; the blank line after it may be missing.
fn unframe(body: &[u8]) -> Option<Vec<u8>> {
    let mut first = None;
    let mut keep = |frame: Frame<'_>| {
        if let Frame::Event { data, .. } = frame {
            first.get_or_insert_with(|| data.as_bytes().to_vec());
        }
    };
    let mut parser = SseParser::new();
    parser.feed(body, &mut keep);
    parser.feed(b"\n\n", &mut keep);
    first
}

fn strip_bom(body: &[u8]) -> &[u8] {
    body.strip_prefix(BOM).unwrap_or(body)
}

fn trim(body: &[u8]) -> &[u8] {
    body.trim_ascii()
}

fn title(page: &[u8]) -> Option<String> {
    let page = &page[..page.len().min(TITLE_REACH)];
    let start = find_ignore_case(page, b"<title")?;
    let open = start + page[start..].iter().position(|byte| *byte == b'>')? + 1;
    let end = open + find_ignore_case(&page[open..], b"</").unwrap_or(page.len() - open);
    let text = redact::excerpt(&String::from_utf8_lossy(&page[open..end]), TITLE_CHARS);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() { None } else { Some(text) }
}

fn find_ignore_case(text: &[u8], needle: &[u8]) -> Option<usize> {
    text.windows(needle.len()).position(|window| window.eq_ignore_ascii_case(needle))
}

fn starts_with_ignore_case(text: &[u8], prefix: &[u8]) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// serde_json's own words may quote the body, so only those go through that speak of our types or of limits.
fn not_json(error: &serde_json::Error) -> TransportError {
    let words = error.to_string();
    let known = ["missing field", "recursion limit exceeded", "trailing characters"]
        .iter()
        .any(|start| words.starts_with(start));
    let problem = match error.classify() {
        _ if known => words.split(" at line ").next().unwrap_or_default().to_owned(),
        Category::Eof => "it ends too early".to_owned(),
        Category::Syntax | Category::Io => "it is not well-formed".to_owned(),
        Category::Data => "it has another shape".to_owned(),
    };
    TransportError::NotJson { line: error.line(), column: error.column(), problem }
}

#[cfg(test)]
#[path = "json_tests.rs"]
mod tests;
