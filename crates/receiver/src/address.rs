//! Where the receiver listens, how it is reached, and each account's own path.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use hmac::{Hmac, KeyInit, Mac};
use ringside_domain::{AccountId, Problem};
use ringside_transport::origin;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq as _};
use url::Url;

/// In what paths are drawn from, so that the account's secret proves nothing else by it.
const PURPOSE: &[u8] = b"ringside: path of what a service sends unasked\0";

/// Bytes of the drawn value that a path shows: 160 bits.
const SHOWN: usize = 20;

/// An account's path below the receiver's address: 40 hexadecimal digits that nobody guesses. Some services prove what
/// they send by nothing else, so it is kept like a password and stands in no log.
pub struct AccountPath(SecretString);

impl AccountPath {
    /// Drawn from the account's secret and its name: the same after a restart, another one with another secret. `None`
    /// for an empty secret, from which anybody could draw it.
    pub fn of(secret: &SecretString, account: &AccountId) -> Option<Self> {
        if secret.expose_secret().is_empty() {
            return None;
        }
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()).ok()?;
        mac.update(PURPOSE);
        mac.update(account.as_str().as_bytes());
        let drawn = mac.finalize().into_bytes();
        let digits: String = drawn.iter().take(SHOWN).map(|byte| format!("{byte:02x}")).collect();
        Some(Self(digits.into()))
    }

    /// Takes the same time whatever is given.
    pub(crate) fn is(&self, segment: &str) -> Choice {
        self.0.expose_secret().as_bytes().ct_eq(segment.as_bytes())
    }

    /// The account's address below the receiver's; `more` is empty or begins with `/`.
    pub fn below(&self, base: &Url, more: &str) -> Url {
        below(base, &format!("{}{more}", self.0.expose_secret()))
    }
}

/// `base` with a path appended to its own, whether or not that ends with a slash.
pub(crate) fn below(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}/{path}", base.path().trim_end_matches('/')));
    url
}

/// Reads `address:port`; `localhost` is the only name.
///
/// # Errors
/// A problem for the user.
pub fn read_listen(text: &str) -> Result<SocketAddr, Problem> {
    let text = text.trim();
    let numbers = match text.split_once(':') {
        Some((name, port)) if name.eq_ignore_ascii_case("localhost") => &format!("127.0.0.1:{port}"),
        _ => text,
    };
    numbers.parse().map_err(|_| {
        Problem::new(
            "receiver_bad_address",
            "The receiver is not running: its address cannot be read",
            "Write an address of this computer and a port, such as 127.0.0.1:8465 or [::1]:8465.",
        )
    })
}

/// Reads how services reach the receiver; `None` where nothing is said.
///
/// # Errors
/// A problem for the user.
pub fn public_url(text: &str) -> Result<Option<Url>, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let bad = |message| {
        Problem::new(
            "receiver_bad_public_url",
            message,
            "Write the address of the reverse proxy or tunnel, such as https://ringside.example.com.",
        )
    };
    let url: Url = text.parse().map_err(|_| bad("The receiver's public address cannot be read"))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(bad("The receiver's public address is not a web address"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad("The receiver's public address contains a user name or password, which services do not send"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(bad("The receiver's public address must end with its path"));
    }
    Ok(Some(url))
}

/// Said where the receiver can be reached from other computers without a proxy.
pub fn warn_of_listen(at: SocketAddr) -> Option<Problem> {
    (!at.ip().is_loopback()).then(|| {
        Problem::new(
            "receiver_open_to_network",
            format!("Other computers reach the receiver on {at}, and their messages are not encrypted"),
            "Listen on 127.0.0.1 behind a reverse proxy or tunnel unless this is meant.",
        )
    })
}

/// Said where what services send can be read on its way.
pub fn warn_of_public(url: &Url) -> Option<Problem> {
    (url.scheme() == "http" && !origin::is_loopback(url)).then(|| {
        Problem::new(
            "receiver_public_unencrypted",
            "The receiver's public address begins with http://: others can read the messages",
            "Use https:// with a valid certificate at the reverse proxy or tunnel.",
        )
    })
}

/// The receiver's own address as a program on this computer reaches it.
pub fn local_url(at: SocketAddr) -> Option<Url> {
    let ip = match at.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(ip, at.port())).parse().ok()
}

#[cfg(test)]
#[path = "address_tests.rs"]
mod tests;
