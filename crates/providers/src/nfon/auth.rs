//! Sign-in: user name and password for a pair of JSON web tokens. Not OAuth; the vendor has announced changes to it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use ringside_transport::{Grant, Http, Request, TokenSource, TransportError, jwt};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;

use super::wire;

/// What the account is known by, learnt from its tokens.
#[derive(Debug)]
pub struct About {
    product: String,
    learnt: Mutex<Learnt>,
}

#[derive(Debug)]
struct Learnt {
    customer: Option<String>,
    extended_presence: bool,
}

impl About {
    /// `product` is `Ringside/<version>`; the K-Account is the beginning of the user name until a token says it.
    pub fn new(product: &str, username: &str) -> Self {
        let customer = username.split('/').next().filter(|name| !name.is_empty()).map(str::to_owned);
        Self { product: product.to_owned(), learnt: Mutex::new(Learnt { customer, extended_presence: true }) }
    }

    /// The K-Account.
    pub fn customer(&self) -> Option<String> {
        self.lock().customer.clone()
    }

    /// `false`: the key is refused line states and live calls.
    pub fn extended_presence(&self) -> bool {
        self.lock().extended_presence
    }

    /// `<product>/<version> (<K-Account>)`, which the vendor asks for in every request.
    pub fn user_agent(&self) -> String {
        let customer = self.customer().unwrap_or_default();
        let customer: String =
            customer.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
        if customer.is_empty() { self.product.clone() } else { format!("{} ({customer})", self.product) }
    }

    fn learn(&self, token: &SecretString) {
        let Some(claims) = jwt::claims::<wire::Claims>(token) else { return };
        let mut learnt = self.lock();
        if let Value::String(customer) = claims.customer
            && !customer.trim().is_empty()
        {
            learnt.customer = Some(customer.trim().to_owned());
        }
        learnt.extended_presence = !matches!(&claims.extended_presence, Value::Bool(false))
            && claims.extended_presence.as_str() != Some("false");
    }

    fn lock(&self) -> MutexGuard<'_, Learnt> {
        self.learnt.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Signs one account in.
pub struct SignIn {
    pub http: Http,
    pub login: Url,
    pub username: String,
    pub password: SecretString,
    pub about: Arc<About>,
}

impl SignIn {
    async fn ask(&self, request: Request) -> Result<Grant, TransportError> {
        let request = request.accept("application/json").header("user-agent", &self.about.user_agent());
        let tokens: wire::Tokens = self.http.send(request).await?.json()?;
        self.about.learn(&tokens.access);
        Ok(Grant { access: tokens.access, refresh: tokens.refresh, lifetime: None })
    }
}

#[async_trait]
impl TokenSource for SignIn {
    async fn login(&self) -> Result<Grant, TransportError> {
        let credentials = wire::Credentials { username: &self.username, password: self.password.expose_secret() };
        self.ask(Request::post(self.login.clone()).json(&credentials)).await
    }

    async fn refresh(&self, refresh: SecretString) -> Result<Grant, TransportError> {
        self.ask(Request::put(self.login.clone()).bearer(&refresh)).await
    }
}
