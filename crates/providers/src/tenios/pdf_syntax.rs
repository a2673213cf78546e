//! As much of the syntax of PDF as it takes to find names outside of texts: names, literal and hexadecimal strings,
//! comments and dictionaries.

/// What stands at a place, and how many bytes it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'d> {
    /// Without its `/`.
    Name(&'d [u8]),
    Open,
    Close,
    Blank,
    /// A string, a number, a keyword, a bracket.
    Other,
}

/// Without the white space in front.
pub fn skip_blank(text: &[u8]) -> &[u8] {
    let blank = text.iter().take_while(|byte| is_blank(**byte)).count();
    &text[blank..]
}

/// The first dictionary in the text, from `<<` to its own `>>`.
pub fn dictionary(text: &[u8]) -> Option<&[u8]> {
    let begin = memchr::memmem::find(text, b"<<")?;
    let mut depth = 0_usize;
    let mut at = begin;
    while at < text.len() {
        let (token, length) = token(&text[at..]);
        at += length;
        match token {
            Token::Open => depth += 1,
            Token::Close => depth = depth.saturating_sub(1),
            Token::Name(_) | Token::Blank | Token::Other => continue,
        }
        if depth == 0 {
            return Some(&text[begin..at]);
        }
    }
    None
}

/// Whether a name such as `/Encrypt` stands anywhere in it.
pub fn has_name(text: &[u8], name: &[u8]) -> bool {
    let mut at = 0;
    while at < text.len() {
        let (token, length) = token(&text[at..]);
        if token == Token::Name(name) {
            return true;
        }
        at += length;
    }
    false
}

/// Whether the name is followed by that name, as in `/Type /Page`. What is no PDF syntax in between is passed over.
pub fn has_value(text: &[u8], name: &[u8], value: &[u8]) -> bool {
    let sought: Vec<u8> = [b"/", name].concat();
    memchr::memmem::find_iter(text, &sought).any(|at| {
        let (first, length) = token(&text[at..]);
        let after = skip_blank(&text[at + length..]);
        first == Token::Name(name) && after.first() == Some(&b'/') && token(after).0 == Token::Name(value)
    })
}

fn token(text: &[u8]) -> (Token<'_>, usize) {
    match text {
        [] => (Token::Blank, 0),
        [b'/', rest @ ..] => {
            let length = rest.iter().take_while(|byte| is_regular(**byte)).count();
            (Token::Name(&rest[..length]), length + 1)
        }
        [b'<', b'<', ..] => (Token::Open, 2),
        [b'>', b'>', ..] => (Token::Close, 2),
        [b'<', rest @ ..] => (Token::Other, rest.iter().position(|byte| *byte == b'>').map_or(text.len(), |at| at + 2)),
        [b'(', ..] => (Token::Other, literal(text)),
        [b'%', rest @ ..] => {
            let length = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len());
            (Token::Blank, length + 1)
        }
        [first, ..] if is_blank(*first) => (Token::Blank, text.len() - skip_blank(text).len()),
        _ => (Token::Other, text.iter().take_while(|byte| is_regular(**byte)).count().max(1)),
    }
}

/// The length of a string in brackets, which may hold brackets in pairs.
fn literal(text: &[u8]) -> usize {
    let mut depth = 0_usize;
    let mut escaped = false;
    for (at, byte) in text.iter().enumerate() {
        match byte {
            _ if std::mem::take(&mut escaped) => {}
            b'\\' => escaped = true,
            b'(' => depth += 1,
            b')' => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

fn is_regular(byte: u8) -> bool {
    !is_blank(byte) && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_a_text_or_comment_is_none() {
        assert!(has_name(b"<< /Size 3 /Encrypt 4 0 R >>", b"Encrypt"));
        for text in [
            b"<< /Info (a /Encrypt \\) (deep) b) >>".as_slice(),
            b"<< /ID [<2f456e63727970740a>] >>",
            b"<< /EncryptMetadata true >>",
            b"<< /A 1 % /Encrypt\n >>",
        ] {
            assert!(!has_name(text, b"Encrypt"), "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn a_dictionary_ends_where_it_is_closed() {
        assert_eq!(dictionary(b"x << /A << /B (>>) >> >> >>").unwrap(), b"<< /A << /B (>>) >> >>");
        assert_eq!(dictionary(b"<< /A << >>"), None);
        assert_eq!(dictionary(b"none"), None);
    }

    #[test]
    fn a_page_is_not_pages() {
        assert!(has_value(b"<</Type/Page/Parent 2 0 R>>", b"Type", b"Page"));
        assert!(has_value(b"<< /Type \r\n /Page>>", b"Type", b"Page"));
        for text in [b"<</Type/Pages>>".as_slice(), b"<</Type(/Page)>>", b"<</Types/Page>>", b"/Type"] {
            assert!(!has_value(text, b"Type", b"Page"), "{}", String::from_utf8_lossy(text));
        }
    }
}
