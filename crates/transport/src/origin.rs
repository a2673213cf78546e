//! Which addresses may be spoken to, and when two of them are the same place.

use std::net::{Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use super::error::TransportError;

/// Admits `https` anywhere and `http` on this machine alone: credentials in plain text never leave it.
///
/// # Errors
/// `BadRequest` with a sentence for the user.
pub fn admit(url: &Url) -> Result<(), TransportError> {
    let problem = match url.scheme() {
        "https" | "http" if url.host().is_none() => "the address has no host",
        "https" | "http" if !url.username().is_empty() || url.password().is_some() => {
            "the address contains a user name or password; credentials belong into the account, not into its address"
        }
        "https" => return Ok(()),
        "http" if is_loopback(url) => return Ok(()),
        "http" => "the address begins with http://, which sends passwords in plain text; use https://",
        _ => "the address does not begin with https://",
    };
    Err(TransportError::BadRequest { problem })
}

/// Whether the address is on this machine by name or number; no name but `localhost` is believed.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => Ipv4Addr::is_loopback(&address),
        Some(Host::Ipv6(address)) => Ipv6Addr::is_loopback(&address),
        None => false,
    }
}

/// Scheme, host and port are equal.
pub fn same(one: &Url, other: &Url) -> bool {
    one.origin().is_tuple() && one.origin() == other.origin()
}

/// `https://host:port`, for a message: without path and query, which may carry what no log should.
pub fn name(url: &Url) -> String {
    url.origin().ascii_serialization()
}
