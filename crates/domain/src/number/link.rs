//! `tel:` links (RFC 3966) and their kin, as web pages and other programs hand them over. Hostile text.

use percent_encoding::percent_decode_str;

use super::reading::without_bracketed_zero;
use super::written::Written;
use super::{NumberError, is_dialable};
use crate::Problem;

/// Longer links are refused unread.
const MAX_BYTES: usize = 2_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum LinkError {
    #[error("This link is not one for telephone numbers")]
    Scheme,
    #[error("The link is too long")]
    TooLong,
    #[error("The link names somebody by a name, not by a number")]
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
            Self::TooLong => "Copy the number itself.",
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

/// The number a `tel:`, `callto:`, `sip:` or `sips:` link asks for: 1 to 32 of `+`, `*`, `#` and digits, to be read by
/// [`super::read`] like a typed one.
///
/// A `phone-context` that is a number goes in front of a local number. An `ext` is left out: it is dialled after
/// somebody answered, which no telephone service here can do.
pub fn parse_link(uri: &str) -> Result<String, LinkError> {
    if uri.len() > MAX_BYTES {
        return Err(LinkError::TooLong);
    }
    let (scheme, rest) = uri.trim().split_once(':').ok_or(LinkError::Scheme)?;
    let scheme = Scheme::of(scheme.trim()).ok_or(LinkError::Scheme)?;
    let rest = percent_decode_str(rest.trim_start_matches('/')).decode_utf8_lossy();
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
    let number = digits(address.trim_end_matches('/')).map_err(|error| match (scheme, error) {
        (Scheme::Sip, NumberError::Letters | NumberError::NotANumber) => LinkError::Name,
        _ => LinkError::Number(error),
    })?;
    let number = in_context(number, parameters);
    if is_dialable(&number) { Ok(number) } else { Err(LinkError::Number(NumberError::TooLong)) }
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

/// `0221…;phone-context=+49` is `+490221…`, whose trunk zero the reader drops. A host name is no prefix.
fn in_context(number: String, parameters: &str) -> String {
    let local = !number.starts_with(['+', '*', '#']);
    let context = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("phone-context").then_some(value.trim())
    });
    match context {
        Some(context) if local && context.starts_with('+') => match digits(context) {
            Ok(prefix) => prefix + &number,
            Err(_) => number,
        },
        _ => number,
    }
}

#[cfg(test)]
#[path = "link_tests.rs"]
mod tests;
