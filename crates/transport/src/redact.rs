//! Masks what nobody may read in a log, an error or the diagnostics page: tokens, passwords, telephone numbers.

use std::borrow::Cow;
use std::sync::{PoisonError, RwLock};

use secrecy::{ExposeSecret, SecretString};

const TOKEN: &str = "[token]";
const SECRET: &str = "[secret]";

/// Digits hidden at the end of a telephone number, as on an itemised bill.
const MASKED_DIGITS: usize = 3;
/// Shorter runs of digits are extensions, status codes, ports: worth keeping.
const NUMBER_DIGITS: usize = 7;
/// Names whose value is a secret, in JSON, a form, a header or a query. Compared without `-`, `_` and case.
const SECRET_NAMES: [&str; 15] = [
    "password",
    "passwort",
    "passwd",
    "pwd",
    "secret",
    "clientsecret",
    "token",
    "accesstoken",
    "refreshtoken",
    "idtoken",
    "accesskey",
    "apikey",
    "authorization",
    "sessionid",
    "sid",
];

/// Shorter ones are words that occur everywhere.
const SHORTEST_HIDDEN: usize = 6;
/// What no error may repeat, whoever says it. One list for the process: an error passes through hands that know no account.
static HIDDEN: RwLock<Vec<SecretString>> = RwLock::new(Vec::new());

/// As long as it lives, its secrets are masked in every [`excerpt`].
pub struct Hidden(Vec<SecretString>);

/// Those that are too short to be told from words are left out.
pub fn hide(secrets: &[SecretString]) -> Hidden {
    let whole = |secret: &SecretString| SecretString::from(secret.expose_secret().trim());
    let long = |secret: &SecretString| secret.expose_secret().len() >= SHORTEST_HIDDEN;
    let kept: Vec<SecretString> = secrets.iter().map(whole).filter(long).collect();
    HIDDEN.write().unwrap_or_else(PoisonError::into_inner).extend(kept.iter().cloned());
    Hidden(kept)
}

/// With its account a secret is gone from the process. Another account's of the same letters stays.
impl Drop for Hidden {
    fn drop(&mut self) {
        let mut hidden = HIDDEN.write().unwrap_or_else(PoisonError::into_inner);
        for secret in &self.0 {
            if let Some(at) = hidden.iter().position(|known| known.expose_secret() == secret.expose_secret()) {
                hidden.remove(at);
            }
        }
    }
}

fn without_hidden(text: &str) -> Cow<'_, str> {
    let hidden = HIDDEN.read().unwrap_or_else(PoisonError::into_inner);
    let mut found: Vec<&str> = hidden.iter().map(ExposeSecret::expose_secret).filter(|it| text.contains(*it)).collect();
    // One that begins like another would leave its end behind.
    found.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    found.into_iter().fold(Cow::Borrowed(text), |shown, secret| Cow::Owned(shown.replace(secret, SECRET)))
}

/// `text` with secrets and numbers masked, control characters as blanks, cut to `limit` characters.
pub fn excerpt(text: &str, limit: usize) -> String {
    let text = &*without_hidden(text);
    // Text beyond this cannot show in the cut result; the margin lets a token at the edge be seen whole.
    let reach = text.char_indices().nth(limit.saturating_mul(2) + 4096).map_or(text.len(), |(at, _)| at);
    let mut out = String::with_capacity(limit.min(1024));
    let mut after_secret_name = false;
    // A sign or a quotation mark before it makes any word a value; after a blank, an ordinary one goes on the sentence.
    let (mut assigned, mut quoted) = (false, false);
    for word in words(&text[..reach]) {
        match word {
            Word::Blank(blank) => {
                quoted = false;
                out.push_str(blank);
            }
            Word::Control => out.push(' '),
            Word::Mark(mark) => {
                after_secret_name = after_secret_name && matches!(mark, '"' | '\'' | ':' | '=' | '\\');
                assigned |= matches!(mark, ':' | '=');
                quoted = matches!(mark, '"' | '\'' | '\\');
                out.push(mark);
            }
            Word::Text(piece) if after_secret_name && !assigned && !quoted && is_ordinary(piece) => {
                after_secret_name = is_secret_name(piece);
                out.push_str(piece);
            }
            Word::Text(piece) if after_secret_name && is_scheme(piece) => out.push_str(piece),
            Word::Text(_) if after_secret_name => {
                out.push_str(SECRET);
                after_secret_name = false;
            }
            Word::Text(piece) => {
                after_secret_name = is_secret_name(piece) || is_scheme(piece);
                (assigned, quoted) = (false, false);
                out.push_str(if is_token(piece) { TOKEN } else { piece });
            }
        }
    }
    cut(&mask_numbers(&out), limit)
}

/// Every telephone number in `text` without its last three digits: `+49 30 1234567` → `+49 30 1234•••`.
pub fn mask_numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_hexdigit()) {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        let uuid = from.get(..36).filter(|word| is_uuid(word));
        let end = match uuid {
            Some(_) => 36,
            None if from.starts_with(|c: char| c.is_ascii_digit()) => number_end(from),
            None => 1,
        };
        if uuid.is_some() {
            out.push_str(&from[..end])
        } else {
            mask_one(&from[..end], &mut out)
        }
        rest = &from[end..];
    }
    out.push_str(rest);
    out
}

enum Word<'a> {
    Blank(&'a str),
    Control,
    Mark(char),
    Text(&'a str),
}

fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let end = if first == ' ' {
            rest.find(|c| c != ' ').unwrap_or(rest.len())
        } else if in_word(first) {
            rest.find(|c| !in_word(c)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(match first {
            ' ' => Word::Blank(piece),
            c if in_word(c) => Word::Text(piece),
            c if c.is_control() || is_bidi_control(c) => Word::Control,
            c => Word::Mark(c),
        })
    })
}

fn in_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '+' | '/' | '~' | '!' | '$' | '%' | '*' | '#' | '@')
}

fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_secret_name(word: &str) -> bool {
    let plain: String = word.chars().filter(|c| !matches!(c, '-' | '_')).map(|c| c.to_ascii_lowercase()).collect();
    SECRET_NAMES.contains(&plain.as_str())
}

/// Such as `required`: a secret of small letters alone would be none.
fn is_ordinary(word: &str) -> bool {
    let word = word.trim_end_matches(['.', '!']);
    let mut letters = word.chars();
    let first = letters.next().is_some_and(char::is_alphabetic);
    first && word.chars().count() <= 16 && letters.all(char::is_lowercase) && !is_scheme(word)
}

fn is_scheme(word: &str) -> bool {
    ["bearer", "basic"].iter().any(|scheme| word.eq_ignore_ascii_case(scheme))
}

/// Long opaque runs of letters and digits, and everything that looks like a JSON web token. A UUID is no secret here:
/// it names a call or a request, and support asks for it.
fn is_token(word: &str) -> bool {
    if word.starts_with("eyJ") && word.len() >= 16 {
        return true;
    }
    let opaque = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '+' | '/' | '.' | '=');
    word.len() >= 24
        && word.chars().all(opaque)
        && word.chars().any(|c| c.is_ascii_digit())
        && word.chars().any(|c| c.is_ascii_alphabetic())
        && !is_uuid(word)
        && !is_date(word.as_bytes())
        && !is_path(word)
}

fn is_path(word: &str) -> bool {
    word.split('/').count() > 2 && word.split(['/', '.']).all(|segment| segment.len() < 20)
}

fn is_uuid(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// `2026-03-02…`: a telephone number has no month.
fn is_date(bytes: &[u8]) -> bool {
    let Some(date) = bytes.get(..10).and_then(|date| std::str::from_utf8(date).ok()) else { return false };
    let mut parts = date.split('-').map(|part| (part.len(), part.parse::<u16>().unwrap_or(0)));
    let year = parts.next().is_some_and(|(len, year)| len == 4 && (1900..2100).contains(&year));
    let month = parts.next().is_some_and(|(len, month)| len == 2 && (1..=12).contains(&month));
    let day = parts.next().is_some_and(|(len, day)| len == 2 && (1..=31).contains(&day));
    year && month && day && !bytes.get(10).is_some_and(u8::is_ascii_digit)
}

/// Where the number that starts `text` ends: digits with single separators between them.
fn number_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    if is_date(bytes) {
        return 10;
    }
    let mut end = 0;
    let mut at = 0;
    let mut separators = 0;
    while at < bytes.len() {
        match bytes[at] {
            byte if byte.is_ascii_digit() => {
                end = at + 1;
                separators = 0;
            }
            b' ' | b'-' | b'/' | b'(' | b')' | b'.' if separators < 2 => separators += 1,
            _ => break,
        }
        at += 1;
    }
    end
}

fn mask_one(number: &str, out: &mut String) {
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    if digits < NUMBER_DIGITS || (number.len() == 10 && is_date(number.as_bytes())) {
        out.push_str(number);
        return;
    }
    let mut seen = 0;
    for c in number.chars() {
        seen += usize::from(c.is_ascii_digit());
        let hidden = c.is_ascii_digit() && seen > digits - MASKED_DIGITS;
        out.push(if hidden { '•' } else { c });
    }
}

fn cut(text: &str, limit: usize) -> String {
    let text = text.trim();
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(limit.saturating_sub(1)).collect();
    short.push('…');
    short
}

#[cfg(test)]
#[path = "redact_tests.rs"]
mod tests;
