//! Sign-in: a session is begun, then authenticated with the main user's name and password. Its id goes with every
//! method, in the body.

use std::time::Duration;

use async_trait::async_trait;
use ringside_transport::{Grant, TokenSource, TransportError};
use secrecy::{ExposeSecret, SecretString};

use super::door::{Door, unexpected};
use super::trouble::Trouble;
use super::wire::{Credentials, Nothing};

pub const SESSION: &str = "session";
const AUTHENTICATE: &str = "session/authenticate";

/// Signs one account in.
pub struct SignIn {
    pub door: Door,
    pub username: String,
    pub password: SecretString,
    pub lifetime: Duration,
}

impl SignIn {
    /// A session that is nobody's yet; the credentials have not left.
    async fn begin(&self) -> Result<SecretString, TransportError> {
        let answer = self.door.post(SESSION, &Nothing {}, None).await.map_err(|trouble| no_session(&trouble))?;
        let sid = answer.envelope().sid.get().map(|sid| SecretString::from(sid.to_owned()));
        sid.ok_or_else(|| unexpected("it brings no session"))
    }
}

#[async_trait]
impl TokenSource for SignIn {
    async fn login(&self) -> Result<Grant, TransportError> {
        let sid = self.begin().await?;
        let credentials =
            Credentials { sid: sid.expose_secret(), username: &self.username, password: self.password.expose_secret() };
        match self.door.post(AUTHENTICATE, &credentials, None).await {
            Ok(answer) if answer.envelope().is_authenticated() => {
                Ok(Grant { access: sid, refresh: None, lifetime: Some(self.lifetime) })
            }
            Ok(_) => Err(TransportError::NeedsSignIn { reason: "the service did not authenticate the session".into() }),
            // Whatever else it says of name and password: trying them again could lock the account.
            Err(Trouble::Said(reason) | Trouble::Session { said: reason, status: 401 }) => {
                Err(TransportError::NeedsSignIn { reason })
            }
            Err(trouble) => Err(no_session(&trouble)),
        }
    }

    /// A session cannot be renewed; beginning another one is all there is.
    async fn refresh(&self, _refresh: SecretString) -> Result<Grant, TransportError> {
        self.login().await
    }
}

/// A failure that says nothing about the credentials.
fn no_session(trouble: &Trouble) -> TransportError {
    match trouble {
        Trouble::SignIn(error) | Trouble::Answered(error) | Trouble::Road(error) => error.clone(),
        Trouble::Portal { title, .. } => TransportError::Html { title: title.clone() },
        Trouble::Session { status: 401, .. } => {
            unexpected("it gives no session (it answered 401 before any name was sent)")
        }
        Trouble::Said(said) | Trouble::Session { said, .. } => unexpected(format!("it gives no session ({said})")),
    }
}
