//! The operating system's key store. Calls block for as long as the system takes; the app calls from a thread of its own.

use keyring::Entry;
use ringside_app::secrets::{KeyStore, SecretError};
use secrecy::{ExposeSecret as _, SecretString};

const SERVICE: &str = "io.ringside.Ringside";

pub struct SystemKeyStore;

impl KeyStore for SystemKeyStore {
    fn get(&self, account: &str) -> Result<SecretString, SecretError> {
        entry(account)?.get_password().map(SecretString::from).map_err(refusal)
    }

    fn set(&self, account: &str, secret: &SecretString) -> Result<(), SecretError> {
        entry(account)?.set_password(secret.expose_secret()).map_err(refusal)
    }

    fn remove(&self, account: &str) -> Result<(), SecretError> {
        match entry(account)?.delete_credential().map_err(refusal) {
            Err(SecretError::Missing) => Ok(()),
            other => other,
        }
    }

    fn name(&self) -> &'static str {
        if cfg!(target_os = "macos") {
            "Keychain"
        } else if cfg!(windows) {
            "Credential Manager"
        } else {
            "Secret Service"
        }
    }
}

fn entry(account: &str) -> Result<Entry, SecretError> {
    Entry::new(SERVICE, account).map_err(refusal)
}

/// The store's own words may hold what was stored, so only those that cannot are passed on.
fn refusal(error: keyring::Error) -> SecretError {
    match error {
        keyring::Error::NoEntry => SecretError::Missing,
        keyring::Error::NoStorageAccess(why) => locked_or_absent(&why.to_string()),
        keyring::Error::PlatformFailure(why) => platform(&why.to_string()),
        keyring::Error::TooLong(field, limit) => {
            SecretError::Refused(format!("{field} is longer than {limit} characters"))
        }
        keyring::Error::Invalid(field, why) => SecretError::Refused(format!("{field}: {why}")),
        keyring::Error::Ambiguous(found) => {
            SecretError::Refused(format!("{} entries have the account's name", found.len()))
        }
        _ => SecretError::Refused("it holds something that is no password".to_owned()),
    }
}

fn locked_or_absent(why: &str) -> SecretError {
    let why = why.to_lowercase();
    if ["lock", "prompt", "dismissed"].iter().any(|word| why.contains(word)) {
        SecretError::Locked
    } else {
        SecretError::Absent
    }
}

/// Without a session bus, or with nobody on it that keeps secrets, the library speaks of D-Bus.
fn platform(why: &str) -> SecretError {
    let lower = why.to_lowercase();
    if ["dbus", "d-bus", "serviceunknown", "not provided by any", "autolaunch", "no such file"]
        .iter()
        .any(|word| lower.contains(word))
    {
        SecretError::Absent
    } else if ["lock", "prompt", "dismissed"].iter().any(|word| lower.contains(word)) {
        SecretError::Locked
    } else {
        SecretError::Refused(why.chars().take(120).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn platform_failure(why: &str) -> keyring::Error {
        keyring::Error::PlatformFailure(why.to_owned().into())
    }

    #[test]
    fn a_machine_without_a_secret_service_has_no_key_store() {
        for why in [
            "DBus error: Unable to autolaunch a dbus-daemon without a $DISPLAY for X11",
            "The name org.freedesktop.secrets was not provided by any .service files",
        ] {
            assert_eq!(refusal(platform_failure(why)), SecretError::Absent, "{why}");
        }
    }

    #[test]
    fn a_locked_store_is_told_from_an_absent_one() {
        let locked = keyring::Error::NoStorageAccess("Secret Service: locked".to_owned().into());
        assert_eq!(refusal(locked), SecretError::Locked);
        assert_eq!(refusal(platform_failure("prompt dismissed")), SecretError::Locked);
    }

    #[test]
    fn a_missing_entry_is_neither() {
        assert_eq!(refusal(keyring::Error::NoEntry), SecretError::Missing);
    }

    #[test]
    fn what_was_stored_is_never_repeated() {
        let error = refusal(keyring::Error::BadEncoding(b"s3cret".to_vec()));
        assert!(!format!("{error} {error:?}").contains("s3cret"));
    }
}
