//! Where secrets come from. They are never written anywhere but into the operating system's key store.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use ringside_domain::Problem;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::{Mutex as Turn, oneshot};

use crate::config::SecretSource;

/// The operating system's key store. Calls may block for as long as the system takes.
pub trait KeyStore: Send + Sync {
    /// # Errors
    /// [`SecretError::Missing`] when there is no such entry.
    fn get(&self, account: &str) -> Result<SecretString, SecretError>;
    /// # Errors
    /// When the store is absent, locked or refuses.
    fn set(&self, account: &str, secret: &SecretString) -> Result<(), SecretError>;
    /// Removing what is not there is no error.
    ///
    /// # Errors
    /// When the store is absent, locked or refuses.
    fn remove(&self, account: &str) -> Result<(), SecretError>;
    /// What it is called, for the diagnostics page.
    fn name(&self) -> &'static str;
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    #[error("no password is stored for the account")]
    Missing,
    #[error("this computer has no key store")]
    Absent,
    #[error("the key store is locked")]
    Locked,
    #[error("the key store did not answer in time")]
    TimedOut,
    #[error("the key store refused: {0}")]
    Refused(String),
    #[error("the environment variable {0} is not set")]
    NoVariable(String),
    #[error("the password file {0} cannot be read")]
    NoFile(String),
}

impl SecretError {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing => "secret_missing",
            Self::Absent => "key_store_absent",
            Self::Locked => "key_store_locked",
            Self::TimedOut => "key_store_timed_out",
            Self::Refused(_) => "key_store_refused",
            Self::NoVariable(_) => "secret_variable_missing",
            Self::NoFile(_) => "secret_file_unreadable",
        }
    }

    /// The key store cannot be asked now; that says nothing of the secret.
    pub fn is_of_the_store(&self) -> bool {
        matches!(self, Self::Absent | Self::Locked | Self::TimedOut | Self::Refused(_))
    }

    pub fn problem(&self) -> Problem {
        let hint = match self {
            Self::Missing => "Enter the password again under Accounts.",
            Self::Absent | Self::Refused(_) => {
                "Keep the password for this session, or name an environment variable or a file in the configuration."
            }
            Self::Locked | Self::TimedOut => {
                "Unlock the key store and reconnect, or enter the password under Accounts for this session."
            }
            Self::NoVariable(_) => "Set the variable, then restart Ringside.",
            Self::NoFile(_) => "Check the path in the configuration and the file's permissions.",
        };
        Problem::new(self.code(), self.to_string(), hint)
    }
}

/// Longest wait for the key store: a desktop may put up a prompt that nobody sees.
const PATIENCE: Duration = Duration::from_secs(2);

/// All secrets of the running app.
#[derive(Clone)]
pub struct Secrets {
    store: Arc<dyn KeyStore>,
    session: Arc<Mutex<HashMap<String, SecretString>>>,
    /// One call at a time: behind one that is not answered may stand a prompt, and the user needs no second.
    turn: Arc<Turn<()>>,
}

impl Secrets {
    pub fn new(store: Arc<dyn KeyStore>) -> Self {
        Self { store, session: Arc::default(), turn: Arc::default() }
    }

    pub fn store_name(&self) -> &'static str {
        self.store.name()
    }

    /// # Errors
    /// When the place the configuration names holds none, or does not answer within two seconds.
    pub async fn fetch(&self, account: &str, source: &SecretSource) -> Result<SecretString, SecretError> {
        if let Some(secret) = self.session.lock().unwrap_or_else(PoisonError::into_inner).get(account) {
            return Ok(secret.clone());
        }
        match source {
            SecretSource::Session => Err(SecretError::Missing),
            SecretSource::Env(name) => {
                std::env::var(name).map(SecretString::from).map_err(|_| SecretError::NoVariable(name.clone()))
            }
            SecretSource::File(path) => {
                let text = tokio::fs::read_to_string(path)
                    .await
                    .map_err(|_| SecretError::NoFile(path.display().to_string()))?;
                Ok(SecretString::from(text.lines().next().unwrap_or_default().to_owned()))
            }
            SecretSource::Keyring => {
                let account = account.to_owned();
                self.blocking(move |store| store.get(&account)).await
            }
        }
    }

    /// Whether the key store answers at all, by asking for what no account is called.
    ///
    /// # Errors
    /// When it is absent, locked or silent.
    pub async fn check(&self) -> Result<(), SecretError> {
        match self.blocking(|store| store.get(" ")).await {
            Ok(_) | Err(SecretError::Missing) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Keeps it in memory until the app is closed.
    pub fn keep_for_session(&self, account: &str, secret: SecretString) {
        self.session.lock().unwrap_or_else(PoisonError::into_inner).insert(account.to_owned(), secret);
    }

    /// What was kept in memory goes.
    pub fn forget_for_session(&self, account: &str) {
        self.session.lock().unwrap_or_else(PoisonError::into_inner).remove(account);
    }

    /// # Errors
    /// When the key store is absent, locked or refuses; nothing is kept then.
    pub async fn keep(&self, account: &str, secret: SecretString) -> Result<(), SecretError> {
        let name = account.to_owned();
        let kept = secret.expose_secret().to_owned();
        self.blocking(move |store| store.set(&name, &SecretString::from(kept))).await
    }

    /// Forgets the account's secret here and in the key store.
    ///
    /// # Errors
    /// When the key store is absent, locked or refuses.
    pub async fn forget(&self, account: &str) -> Result<(), SecretError> {
        self.forget_for_session(account);
        let account = account.to_owned();
        self.blocking(move |store| store.remove(&account)).await
    }

    async fn blocking<T: Send + 'static>(
        &self,
        call: impl FnOnce(&dyn KeyStore) -> Result<T, SecretError> + Send + 'static,
    ) -> Result<T, SecretError> {
        let work = async {
            let turn = self.turn.clone().lock_owned().await;
            let (store, (done, answer)) = (self.store.clone(), oneshot::channel());
            // A thread of its own, since the runtime would wait for its own ones when the app is closed.
            let thread = thread::Builder::new().name("key store".to_owned()).spawn(move || {
                // Whoever asked may have given up.
                let _ = done.send(call(store.as_ref()));
                drop(turn);
            });
            match (thread, answer.await) {
                (Ok(_), Ok(result)) => result,
                _ => Err(SecretError::Refused("it failed unexpectedly".to_owned())),
            }
        };
        tokio::time::timeout(PATIENCE, work).await.unwrap_or(Err(SecretError::TimedOut))
    }
}

/// A key store in memory, for tests and the demo.
#[derive(Default)]
pub struct MemoryKeyStore(Mutex<HashMap<String, SecretString>>);

impl KeyStore for MemoryKeyStore {
    fn get(&self, account: &str) -> Result<SecretString, SecretError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(account).cloned().ok_or(SecretError::Missing)
    }

    fn set(&self, account: &str, secret: &SecretString) -> Result<(), SecretError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(account.to_owned(), secret.clone());
        Ok(())
    }

    fn remove(&self, account: &str) -> Result<(), SecretError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(account);
        Ok(())
    }

    fn name(&self) -> &'static str {
        "memory"
    }
}
