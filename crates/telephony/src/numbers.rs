//! The account's numbers, and ordering more of them.

use async_trait::async_trait;
use ringside_domain::{Label, OwnNumber, PhoneNumber};
use secrecy::SecretString;
use url::Url;

use crate::ProviderError;

#[async_trait]
pub trait Numbers: Send + Sync {
    async fn list(&self) -> Result<Vec<OwnNumber>, ProviderError>;
}

/// An address within an area code, with the document that proves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// The plain name of the country, in English, such as `Germany`.
    pub country: String,
    pub city: String,
    pub zip: String,
    pub street: String,
    pub house_number: String,
    /// Without the trunk prefix, such as `221`.
    pub area_code: String,
    /// One of [`NumberOrders::document_kinds`].
    pub document_kind: String,
    /// The PDF as it is on disk.
    pub document: Vec<u8>,
}

/// Where a service is to say that an order is done.
#[derive(Clone, Debug)]
pub struct PushAddress {
    pub url: Url,
    pub secret: SecretString,
}

#[derive(Clone, Debug)]
pub struct OrderRequest {
    /// What [`NumberOrders::verify`] answered.
    pub verification: Label,
    /// A number of the account whose routing the new one shares.
    pub link_to: Option<PhoneNumber>,
    pub push: Option<PushAddress>,
}

/// Each of these costs money or binds somebody: none is ever repeated by itself.
#[async_trait]
pub trait NumberOrders: Send + Sync {
    /// The kinds of document that are taken, as the service names them.
    fn document_kinds(&self) -> &'static [&'static str];

    /// Hands in an address. The answer names the verification; people at the service approve it later.
    ///
    /// # Errors
    /// [`ProviderError::Refused`] for what can be seen here: no PDF, too large, an area code with its trunk prefix.
    /// [`ProviderError::Unconfirmed`], as for all of these, where the request left and no answer came.
    async fn verify(&self, request: &Verification) -> Result<Label, ProviderError>;

    /// Orders one number; the answer names the order.
    async fn order(&self, request: &OrderRequest) -> Result<Label, ProviderError>;

    /// Gives a number back; the answer is the day it ends, in the service's words.
    async fn cancel(&self, number: &PhoneNumber) -> Result<Label, ProviderError>;
}
