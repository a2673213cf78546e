//! The CTI API's JSON, read tolerantly and written strictly. Nothing in it is required but what we cannot do without.

use secrecy::SecretString;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::account::Word;

/// What `POST /login` is sent.
#[derive(Serialize)]
pub struct Credentials<'a> {
    pub username: &'a str,
    pub password: &'a str,
}

/// What `POST /login` and `PUT /login` answer.
#[derive(Deserialize)]
pub struct Tokens {
    #[serde(rename = "access-token", alias = "access_token", alias = "accessToken", deserialize_with = "secret")]
    pub access: SecretString,
    #[serde(
        default,
        rename = "refresh-token",
        alias = "refresh_token",
        alias = "refreshToken",
        deserialize_with = "perhaps_secret"
    )]
    pub refresh: Option<SecretString>,
}

/// The claims of an access token that concern us.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Claims {
    /// The K-Account.
    pub customer: Value,
    /// `false`: the key is not allowed line states and live calls.
    pub extended_presence: Value,
}

/// An element of `GET /extensions/phone/data`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Extension<'a> {
    /// `100@K7001`, in spite of its name.
    #[serde(borrow)]
    pub uuid: Word<'a>,
    #[serde(borrow)]
    pub extension_number: Word<'a>,
    #[serde(borrow)]
    pub name: Word<'a>,
}

/// An element of the states snapshot and an event of the states stream.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct State<'a> {
    #[serde(borrow)]
    pub extension: Word<'a>,
    #[serde(borrow)]
    pub line: Word<'a>,
    #[serde(borrow)]
    pub presence: Word<'a>,
    #[serde(borrow)]
    pub updated: Word<'a>,
}

/// An event of the call stream, a step of a dialled call, or the answer to a dial.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Call<'a> {
    #[serde(borrow)]
    pub uuid: Word<'a>,
    #[serde(borrow)]
    pub state: Word<'a>,
    #[serde(borrow)]
    pub caller: Word<'a>,
    #[serde(borrow)]
    pub caller_context: Word<'a>,
    #[serde(borrow)]
    pub callee: Word<'a>,
    #[serde(borrow)]
    pub callee_context: Word<'a>,
    #[serde(borrow)]
    pub extension: Word<'a>,
    #[serde(borrow)]
    pub direction: Word<'a>,
    #[serde(borrow)]
    pub updated: Word<'a>,
    #[serde(borrow)]
    pub error: Word<'a>,
}

/// What `POST /extensions/phone/calls` is sent. Numbers without `+` or `00`.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Dial {
    pub caller: String,
    /// The K-Account; left out, the service takes it so anyhow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caller_context: Option<String>,
    pub callee: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub callee_context: Option<String>,
    pub extension: String,
    /// Seconds the caller's own telephone may ring, up to 120.
    pub timeout: u64,
}

fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretString, D::Error> {
    String::deserialize(deserializer).map(SecretString::from)
}

fn perhaps_secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SecretString>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.map(SecretString::from))
}
