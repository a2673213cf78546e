//! `tel:` links (RFC 3966) and their kin, as web pages and other programs hand them over. Hostile text.

use percent_encoding::percent_decode_str;

use super::direction::is_turned;
use super::entry::{self, Probe, blanks_for_plus, without_pause};
use super::fold::fold;
use super::metadata::region_behind;
use super::reading::{read_one, without_bracketed_zero};
use super::rest::with_direct_numbers;
use super::short::{is_emergency, is_service};
use super::written::{Written, trimmed};
use super::{NumberError, PhoneNumber, is_dialable};
use crate::text::clean;
use crate::{NumberPlan, Problem};

/// Longer links are refused unread.
const MAX_BYTES: usize = 2_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum LinkError {
    #[error("This is not a phone link")]
    Scheme,
    #[error("The link is too long")]
    TooLong,
    #[error("The link names a person, not a number")]
    Name,
    #[error("The link holds no number: {0}")]
    Number(NumberError),
}

impl LinkError {
    /// Stable, snake_case.
    pub fn code(self) -> &'static str {
        match self {
            Self::Scheme => "link_scheme",
            Self::TooLong => "link_too_long",
            Self::Name => "link_has_name",
            Self::Number(error) => error.code(),
        }
    }

    /// One English sentence.
    pub fn message(self) -> String {
        format!("{self}.")
    }

    /// The way out, in one English sentence.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Scheme => "Links begin with tel:, callto:, sip: or sips:.",
            Self::TooLong => "Copy only the number.",
            Self::Name => "Look the person up by name.",
            Self::Number(error) => error.hint(),
        }
    }
}

impl From<LinkError> for Problem {
    fn from(error: LinkError) -> Self {
        Self::new(error.code(), error.message(), error.hint())
    }
}

/// What a link asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// 1 to 32 of `+`, `*`, `#` and digits, to be read by [`super::read`] like a typed one.
    pub number: String,
    /// The same as the link writes it, which says more of its groups.
    pub written: String,
    /// An extension or tones, dialled after somebody answered, which no telephone service here can do.
    pub not_dialled: Option<String>,
}

impl Link {
    /// As a person writes the number, with what is not dialled behind it: a text that is read as this link is.
    pub fn shown(&self) -> String {
        let number =
            PhoneNumber::from_e164(&self.written).map_or_else(|_| self.written.clone(), |it| it.international());
        let Some(rest) = self.not_dialled.as_deref() else { return number };
        // Digits behind a blank would be read as more of the number.
        let tones = rest.trim_start_matches([',', ';', ' ', 'p', 'P', 'w', 'W']);
        if tones.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '*' | '#')) {
            format!("{number},,{tones}")
        } else {
            format!("{number} {rest}")
        }
    }
}

/// Whether a text is a link by its beginning.
pub fn is_link(text: &str) -> bool {
    text.trim().split_once(':').is_some_and(|(scheme, _)| Scheme::of(scheme).is_some())
}

/// The number a `tel:`, `callto:`, `sip:` or `sips:` link asks for, see [`Link::number`].
pub fn parse_link(uri: &str) -> Result<String, LinkError> {
    read_link(uri).map(|link| link.number)
}

/// Reads a `tel:`, `callto:`, `sip:` or `sips:` link. A `phone-context` that is a number goes in front of a local number.
pub fn read_link(uri: &str) -> Result<Link, LinkError> {
    read_link_from(uri, None)
}

/// The same where the outside line is known, behind which a dialler pauses: `tel:9,1212…`.
pub(super) fn read_link_from(uri: &str, outside_line: Option<&str>) -> Result<Link, LinkError> {
    if uri.len() > MAX_BYTES {
        return Err(LinkError::TooLong);
    }
    let (scheme, rest) = uri.trim().split_once(':').ok_or(LinkError::Scheme)?;
    let scheme = Scheme::of(scheme.trim()).ok_or(LinkError::Scheme)?;
    let rest = decoded(rest.trim_start_matches('/'));
    let rest = rest.split('?').next().unwrap_or_default();
    let (address, parameters) = match scheme {
        Scheme::Tel => rest.split_once(';').unwrap_or((rest, "")),
        // The user part of a SIP address may have parameters of its own, before the host.
        Scheme::Sip => {
            let user = rest.split_once('@').map_or(rest, |(user, _)| user);
            user.split_once(';').unwrap_or((user, ""))
        }
    };
    let address = match scheme {
        Scheme::Tel => address,
        Scheme::Sip => address.split(':').next().unwrap_or(address),
    };
    if is_turned(address) {
        return Err(LinkError::Number(NumberError::Turned));
    }
    let address = blanks_for_plus(address.trim_end_matches('/'));
    let address = outside_line.and_then(|prefix| without_pause(&address, prefix)).unwrap_or(address);
    let (address, tones) = without_tones(&address);
    let (address, extension) = without_rest(address);
    let number = digits(&address).map_err(|error| match (scheme, error) {
        (Scheme::Sip, NumberError::Letters | NumberError::NotANumber) => LinkError::Name,
        _ => LinkError::Number(error),
    })?;
    let (number, written) = match context(&number, parameters) {
        Some(prefix) => (prefix.clone() + &number, format!("{prefix} {}", trimmed(&address))),
        None => (number, trimmed(&address).to_owned()),
    };
    if !is_dialable(&number) {
        return Err(LinkError::Number(NumberError::TooLong));
    }
    let not_dialled = tones.map(str::to_owned).or(extension).or_else(|| after_answer(parameters));
    Ok(Link { number, written, not_dialled })
}

/// Without percent escapes, those that were escaped once more included.
fn decoded(text: &str) -> String {
    let once = percent_decode_str(text).decode_utf8_lossy();
    let escaped = once.contains("%2B") || once.contains("%2b") || once.contains("%20");
    if escaped { percent_decode_str(&once).decode_utf8_lossy().into_owned() } else { once.into_owned() }
}

/// A comma in a link is a dialler's pause.
fn without_tones(address: &str) -> (&str, Option<&str>) {
    let pause = address.find(',').filter(|at| {
        let (before, behind) = address.split_at(*at);
        let digits = before.bytes().filter(u8::is_ascii_digit).count();
        let tones = behind
            .chars()
            .filter_map(fold)
            .all(|c| c.is_ascii_digit() || matches!(c, ',' | '*' | '#' | 'p' | 'w' | ' ' | '-'));
        digits >= 3 && tones && behind.contains(|c: char| c.is_ascii_digit())
    });
    pause.map_or((address, None), |at| (&address[..at], Some(&address[at..])))
}

fn without_rest(address: &str) -> (String, Option<String>) {
    let chars: Vec<char> = address.chars().filter_map(fold).collect();
    let plan = NumberPlan::default();
    let probe = |text: &str| Probe::of(&read_one(text, &plan, &|_| false), text);
    if let Some(joined) = with_direct_numbers(&chars, &probe) {
        return without_rest(&joined.into_iter().collect::<String>());
    }
    match entry::pieces(address, &|_| Probe::default()) {
        (pieces, Some(rest)) => (pieces.into_iter().next().map_or_else(String::new, |piece| piece.text), Some(rest)),
        (_, None) => (address.to_owned(), None),
    }
}

/// What parameters say of digits for later: `ext=66`, `postd=pp22`, and a bare `22` behind the semicolon of a dialler.
fn after_answer(parameters: &str) -> Option<String> {
    parameters.split(';').find_map(|parameter| match parameter.split_once('=') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("ext") => Some(format!("ext. {}", clean(value, 32))),
        Some((name, value)) if name.trim().eq_ignore_ascii_case("postd") => Some(clean(value, 32)),
        Some(_) => None,
        None => parameter.starts_with(|c: char| c.is_ascii_digit()).then(|| format!(";{}", clean(parameter, 32))),
    })
}

#[derive(Clone, Copy)]
enum Scheme {
    Tel,
    Sip,
}

impl Scheme {
    fn of(name: &str) -> Option<Self> {
        let is = |other: &str| name.eq_ignore_ascii_case(other);
        if is("tel") || is("callto") {
            Some(Self::Tel)
        } else if is("sip") || is("sips") {
            Some(Self::Sip)
        } else {
            None
        }
    }
}

fn digits(text: &str) -> Result<String, NumberError> {
    let written = Written::of(text, None)?;
    Ok(without_bracketed_zero(&written).unwrap_or(written.dial))
}

/// The digits that `phone-context` puts in front: `0221…;phone-context=+49` is `+490221…`, whose trunk zero the reader
/// drops. A host name is no prefix, and short numbers are dialled without one.
fn context(number: &str, parameters: &str) -> Option<String> {
    let context = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("phone-context").then_some(value.trim())
    })?;
    if number.starts_with(['+', '*', '#']) || !context.starts_with('+') {
        return None;
    }
    let prefix = digits(context).ok()?;
    let region = region_behind(&prefix);
    let short = is_emergency(number, region.as_deref()) || is_service(number, region.as_deref());
    (!short).then_some(prefix)
}

#[cfg(test)]
#[path = "link_tests.rs"]
mod tests;
