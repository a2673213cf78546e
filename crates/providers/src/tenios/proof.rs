//! Whether something that came unasked comes from TENIOS. All comparisons take the same time whatever they find.

use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use ringside_telephony::Push;
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};

/// Orders of one run of the program; the oldest is forgotten, since its push can be proven by the drawn secret too.
const MOST_SECRETS: usize = 100;
/// In a secret of ours, so that the key proves nothing else by it.
const PURPOSE: &[u8] = b"ringside: push of a completed number order";

/// What an account's pushes are checked against.
pub struct Proof {
    /// The `accessKey` of the posts about calls: the portal's, or the account's own.
    post_keys: Vec<SecretString>,
    drawn: SecretString,
    ordered: Mutex<Vec<SecretString>>,
}

impl Proof {
    pub fn new(access_key: &SecretString, post_key: Option<SecretString>) -> Self {
        let drawn = BASE64_URL_SAFE_NO_PAD.encode(sha256(access_key, PURPOSE)).into();
        let post_keys = vec![post_key.unwrap_or_else(|| access_key.clone())];
        Self { post_keys, drawn, ordered: Mutex::default() }
    }

    /// What orders are to have their pushes proven with, drawn from the account's key: 43 characters.
    pub fn drawn(&self) -> SecretString {
        self.drawn.clone()
    }

    /// A secret that an order carries.
    pub fn trust(&self, secret: SecretString) {
        let mut ordered = self.ordered.lock().unwrap_or_else(PoisonError::into_inner);
        if ordered.len() >= MOST_SECRETS {
            ordered.remove(0);
        }
        ordered.push(secret);
    }

    pub fn of_post(&self, access_key: Option<&str>) -> bool {
        let given = access_key.unwrap_or_default();
        self.post_keys.iter().fold(no(), |proven, key| proven | same(key, given)).into()
    }

    /// How a push carries its secret is not published: a field of the body, a header, or a signature of the body.
    pub fn of_order(&self, push: &Push<'_>, fields: &[&str]) -> bool {
        let ordered = self.ordered.lock().unwrap_or_else(PoisonError::into_inner);
        let secrets = ordered.iter().chain([&self.drawn]);
        secrets.fold(no(), |proven, secret| proven | by(secret, push, fields)).into()
    }
}

fn by(secret: &SecretString, push: &Push<'_>, fields: &[&str]) -> Choice {
    let mut proven = fields.iter().fold(no(), |proven, field| proven | same(secret, field));
    for (name, value) in push.headers {
        let Ok(value) = std::str::from_utf8(value) else { continue };
        let value = value.trim();
        if name.contains("signature") {
            proven |= signed(secret, push.body, value);
        } else if *name == "x-push-secret" || *name == "authorization" || name.starts_with("x-tenios-") {
            let bare = value.strip_prefix("Bearer ").unwrap_or(value);
            proven |= same(secret, value) | same(secret, bare);
        }
    }
    proven
}

/// Hex or base64 of an HMAC over the body, with or without the name of the hash in front.
fn signed(secret: &SecretString, body: &[u8], value: &str) -> Choice {
    let value = ["sha256=", "sha1="].iter().find_map(|name| value.strip_prefix(name)).unwrap_or(value);
    let given = [hex(value), BASE64_STANDARD.decode(value).ok(), BASE64_STANDARD_NO_PAD.decode(value).ok()];
    let (long, short) = (sha256(secret, body), sha1(secret, body));
    given.iter().flatten().fold(no(), |proven, given| {
        proven | given.as_slice().ct_eq(long.as_slice()) | given.as_slice().ct_eq(short.as_slice())
    })
}

/// An empty secret proves nothing.
fn same(secret: &SecretString, given: &str) -> Choice {
    let secret = secret.expose_secret().as_bytes();
    secret.ct_eq(given.as_bytes()) & !Choice::from(u8::from(secret.is_empty()))
}

fn no() -> Choice {
    Choice::from(0)
}

// HMAC takes a key of any length, so that neither can fail; nothing is equal to an empty one.
fn sha256(secret: &SecretString, body: &[u8]) -> Vec<u8> {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()) else { return Vec::new() };
    mac.update(body);
    mac.finalize().into_bytes().to_vec()
}

fn sha1(secret: &SecretString, body: &[u8]) -> Vec<u8> {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret.expose_secret().as_bytes()) else { return Vec::new() };
    mac.update(body);
    mac.finalize().into_bytes().to_vec()
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if digits.is_empty() || !digits.len().is_multiple_of(2) {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16);
    digits.chunks(2).map(|two| u8::try_from(digit(two[0])? * 16 + digit(two[1])?).ok()).collect()
}
