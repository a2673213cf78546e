//! `[accounts.options]` of a Swisscom account. All are optional.
//!
//! | key | meaning | default |
//! | --- | --- | --- |
//! | `token_url` | where tokens are asked for | `https://consent.swisscom.com/o/oauth2/token` |
//! | `credentials_in_body` | key and secret in the token request's body instead of a Basic header | `false` |
//! | `scs_version` | the `SCS-Version` header; empty: not sent | `1` |
//! | `client_id` | a `client_id` header, which some products of this gateway ask for | none |
//! | `action_body` | the body that throws a scenario: `action`, `active`, `state`, `object`, or JSON with `{action}`, `{active}`, `{state}` in it | `action` |
//! | `poll_seconds` | pause between two readings of the scenarios; never below 15 | 60 |
//! | `request_seconds` | time a request may take | 15 |

use std::time::Duration;

use ringside_telephony::{AccountConfig, ProviderError};
use ringside_transport::origin;
use serde_json::Value;
use url::Url;

use crate::account::{Address, OptionReader, options::wrong};

const VENDOR: &str = "https://api.swisscom.com/layer/esip-manual-forwarding/production/SEP";
const TOKEN_URL: &str = "https://consent.swisscom.com/o/oauth2/token";
const LEAST_PAUSE: Duration = Duration::from_secs(15);

#[derive(Clone, Debug)]
pub struct Options {
    pub address: Address,
    pub token_url: Url,
    /// The Customer Key.
    pub key: String,
    pub credentials_in_body: bool,
    pub scs_version: Option<String>,
    pub client_id: Option<String>,
    pub action_body: ActionBody,
    pub poll: Duration,
    pub request_timeout: Duration,
}

/// The form of the body that throws a scenario. The vendor does not publish it; it is never guessed by trying, since
/// each try may redirect real calls.
#[derive(Clone, Debug, PartialEq)]
pub enum ActionBody {
    /// `{"action":"activate"}`
    Action,
    /// `{"active":true}`
    Active,
    /// `{"state":"ACTIVE"}`
    State,
    /// What GET answered, with its state changed.
    Object,
    Template {
        on: Value,
        off: Value,
    },
}

impl Options {
    /// # Errors
    /// [`ProviderError::Configuration`] with the key that is not usable.
    pub fn read(config: &AccountConfig) -> Result<Self, ProviderError> {
        let address = Address::new(config.base_url.as_ref(), VENDOR)?;
        let key = config.username.clone().map(|key| key.trim().to_owned()).unwrap_or_default();
        if key.is_empty() {
            return Err(ProviderError::Configuration {
                detail: "a Swisscom account needs the Customer Key as its user name".into(),
            });
        }
        let mut reader = OptionReader::new(&config.options);
        let token_url = token_url(reader.text("token_url")?)?;
        let credentials_in_body = reader.flag("credentials_in_body", false)?;
        let scs_version = match reader.value("scs_version") {
            None => Some("1".to_owned()),
            Some(Value::String(text)) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Some(Value::Number(number)) => Some(number.to_string()),
            Some(_) => return Err(wrong("scs_version", "a version such as \"1\", or empty")),
        };
        let client_id = reader.text("client_id")?.map(str::to_owned).filter(|text| !text.is_empty());
        let action_body = reader.value("action_body").map_or(Ok(ActionBody::Action), action_body)?;
        let least = if address.is_here() { Duration::from_millis(20) } else { LEAST_PAUSE };
        let poll = reader.seconds("poll_seconds")?.unwrap_or(Duration::from_secs(60)).max(least);
        let request_timeout = reader.seconds("request_seconds")?.unwrap_or(Duration::from_secs(15));
        reader.finish()?;
        Ok(Self {
            address,
            token_url,
            key,
            credentials_in_body,
            scs_version,
            client_id,
            action_body,
            poll,
            request_timeout,
        })
    }
}

fn token_url(configured: Option<&str>) -> Result<Url, ProviderError> {
    let url = Url::parse(configured.unwrap_or(TOKEN_URL)).map_err(|_| wrong("token_url", "an address"))?;
    origin::admit(&url).map_err(|_| wrong("token_url", "an https:// address without credentials in it"))?;
    Ok(url)
}

fn action_body(value: &Value) -> Result<ActionBody, ProviderError> {
    match value {
        Value::String(text) => match text.trim() {
            "action" => Ok(ActionBody::Action),
            "active" => Ok(ActionBody::Active),
            "state" => Ok(ActionBody::State),
            "object" => Ok(ActionBody::Object),
            template => filled_both(template),
        },
        // A table cannot hold a bare `{active}`, so that the word in quotes stands for the boolean there.
        Value::Object(_) => filled_both(&value.to_string().replace("\"{active}\"", "{active}")),
        _ => Err(not_a_body()),
    }
}

fn filled_both(template: &str) -> Result<ActionBody, ProviderError> {
    let (on, off) = (filled(template, true)?, filled(template, false)?);
    // The same body for both would make one of them lie.
    if on == off { Err(not_a_body()) } else { Ok(ActionBody::Template { on, off }) }
}

fn filled(template: &str, active: bool) -> Result<Value, ProviderError> {
    let (action, state) = if active { ("activate", "ACTIVE") } else { ("deactivate", "INACTIVE") };
    let text = template
        .replace("{action}", action)
        .replace("{state}", state)
        .replace("{active}", if active { "true" } else { "false" });
    serde_json::from_str::<Value>(&text).ok().filter(Value::is_object).ok_or_else(not_a_body)
}

fn not_a_body() -> ProviderError {
    wrong(
        "action_body",
        "`action`, `active`, `state`, `object`, or a JSON object with {action}, {active} or {state} in it",
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::swisscom::wire::action;

    #[test]
    fn presets_and_templates_make_both_bodies() {
        for (option, on, off) in [
            (json!("action"), json!({"action": "activate"}), json!({"action": "deactivate"})),
            (json!("active"), json!({"active": true}), json!({"active": false})),
            (json!("state"), json!({"state": "ACTIVE"}), json!({"state": "INACTIVE"})),
            (
                json!(r#"{"do":{"what":"{action}"}}"#),
                json!({"do": {"what": "activate"}}),
                json!({"do": {"what": "deactivate"}}),
            ),
            (json!(r#"{"on":{active}}"#), json!({"on": true}), json!({"on": false})),
            (
                json!({"on": "{active}", "to": "{state}"}),
                json!({"on": true, "to": "ACTIVE"}),
                json!({"on": false, "to": "INACTIVE"}),
            ),
        ] {
            let body = action_body(&option).unwrap();
            assert_eq!((action(&body, true), action(&body, false)), (Some(on), Some(off)), "{option}");
        }
        assert_eq!(action(&action_body(&json!("object")).unwrap(), true), None);
    }

    #[test]
    fn what_cannot_be_a_body_is_refused_with_the_key() {
        for option in
            [json!("activate!"), json!(r#"{"a":"#), json!(r#"{"a":1}"#), json!(["{action}"]), json!(7), json!({})]
        {
            let error = action_body(&option).unwrap_err();
            assert!(error.to_string().contains("`action_body`"), "{option}");
        }
    }

    #[test]
    fn the_token_address_is_https_unless_it_is_here() {
        assert!(token_url(None).is_ok());
        assert!(token_url(Some("http://127.0.0.1:9/token")).is_ok());
        for bad in ["http://consent.example/token", "nonsense", "https://user:pw@consent.example/"] {
            assert!(token_url(Some(bad)).unwrap_err().to_string().contains("`token_url`"), "{bad}");
        }
    }
}
