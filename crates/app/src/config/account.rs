//! `[[accounts]]`.

use std::path::PathBuf;

use ringside_domain::NumberPlan;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Me;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountEntry {
    pub id: String,
    pub provider: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    #[serde(default)]
    pub secret: SecretSource,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "some_region")]
    pub region: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country_code: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outside_line: Option<String>,
    #[serde(default, skip_serializing_if = "toml::Table::is_empty")]
    pub options: toml::Table,
}

impl AccountEntry {
    /// `[accounts.options]` as adapters read them.
    pub fn option_values(&self) -> serde_json::Map<String, serde_json::Value> {
        serde_json::to_value(&self.options).ok().and_then(|value| value.as_object().cloned()).unwrap_or_default()
    }

    /// How this account reads numbers: its own words, else `[me]`'s.
    pub fn plan(&self, me: &Me) -> NumberPlan {
        NumberPlan {
            region: self.region.clone().unwrap_or_else(|| me.region.clone()),
            country_code: self.country_code,
            area_code: self.area_code.clone(),
            outside_line: self.outside_line.clone(),
            ..NumberPlan::default()
        }
    }
}

/// ISO 3166 codes are the same in small letters; what is none is told as it was written.
pub(super) fn region<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    let code = text.trim();
    Ok(if code.len() == 2 { code.to_ascii_uppercase() } else { text })
}

fn some_region<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    region(deserializer).map(Some)
}

/// Where the secret is. Never the secret itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SecretSource {
    /// The operating system's key store.
    #[default]
    Keyring,
    /// An environment variable, for servers and scripts.
    Env(String),
    /// The first line of a file, for servers and scripts.
    File(PathBuf),
    /// In memory until the app is closed.
    Session,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Written {
    Word(String),
    Env { env: String },
    File { file: PathBuf },
}

impl Serialize for SecretSource {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Keyring => Written::Word("keyring".to_owned()),
            Self::Session => Written::Word("session".to_owned()),
            Self::Env(name) => Written::Env { env: name.clone() },
            Self::File(path) => Written::File { file: path.clone() },
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for SecretSource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Written::deserialize(deserializer) {
            Ok(Written::Word(word)) if word == "keyring" => Ok(Self::Keyring),
            Ok(Written::Word(word)) if word == "session" => Ok(Self::Session),
            Ok(Written::Env { env }) => Ok(Self::Env(env)),
            Ok(Written::File { file }) => Ok(Self::File(file)),
            // The word itself stays out of the message: somebody may have written the secret here.
            Ok(Written::Word(_)) | Err(_) => Err(D::Error::custom(
                "secret is a place, not the password: \"keyring\", { env = \"NAME\" } or { file = \"PATH\" }",
            )),
        }
    }
}
