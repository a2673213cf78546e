//! Swisscom's JSON. Of the token endpoint the form is documented; of the scenarios it is not, so they stay JSON until
//! `map` looks at them.

use secrecy::SecretString;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::options::ActionBody;

/// What the token endpoint answers.
#[derive(Deserialize)]
pub struct Token {
    #[serde(deserialize_with = "secret")]
    pub access_token: SecretString,
    /// Seconds; the vendor writes them as text.
    #[serde(default)]
    pub expires_in: Value,
}

/// The body of a PUT that throws a scenario; `None` where the template is the scenario itself.
pub fn action(body: &ActionBody, active: bool) -> Option<Value> {
    match body {
        ActionBody::Action => Some(json!({"action": if active { "activate" } else { "deactivate" }})),
        ActionBody::Active => Some(json!({"active": active})),
        ActionBody::State => Some(json!({"state": if active { "ACTIVE" } else { "INACTIVE" }})),
        ActionBody::Template { on, off } => Some(if active { on.clone() } else { off.clone() }),
        ActionBody::Object => None,
    }
}

fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretString, D::Error> {
    String::deserialize(deserializer).map(SecretString::from)
}
