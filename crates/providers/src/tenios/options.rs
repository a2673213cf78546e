//! `[accounts.options]` of a TENIOS account. All are optional.
//!
//! | key | meaning | default |
//! | --- | --- | --- |
//! | `callback_config_id` | the portal's callback configuration that dialling uses; without one there is no dialling | none |
//! | `callback_config_ids` | the same by extension: `{ "31" = "4711" }` | none |
//! | `numbers` | whose telephone a number of the account is, in E.164: `{ "+4922147100" = "31" }` | none |
//! | `not_ready_reasons` | reasons that agents may give for a break, such as `["Lunch"]` | none |
//! | `poll_seconds` | pause between two questions whether the service is there; never below 15 | 30 |
//! | `status_seconds` | first pause between two questions for the state of a callback; never below 0.5 | 1 |
//! | `page_size` | how many call records or users to ask for at once, 1 to 1000; 100 where the service refuses more | 500 |
//! | `document_most_mb` | megabytes of a document to hand in; the service's own limit is not known | 10 |
//! | `request_seconds` | time a request may take; a document gets four times as long | 15 |

use std::collections::BTreeMap;
use std::time::Duration;

use ringside_domain::{ExtensionId, Label};
use ringside_telephony::{AccountConfig, ProviderError};
use serde_json::Value;

use crate::account::{Address, OptionReader, options::wrong};

const VENDOR: &str = "https://api.tenios.com";
const LEAST_PAUSE: Duration = Duration::from_secs(15);
const LEAST_STATUS: Duration = Duration::from_millis(500);
/// For a service on this computer, whose limits nobody strains.
const LEAST_HERE: Duration = Duration::from_millis(20);

#[derive(Clone, Debug)]
pub struct Options {
    pub address: Address,
    pub callbacks: Callbacks,
    /// By the digits of the number.
    pub numbers: BTreeMap<String, ExtensionId>,
    pub not_ready_reasons: Vec<Label>,
    pub poll: Duration,
    pub status_first: Duration,
    pub page_size: u64,
    pub document_most: usize,
    pub request_timeout: Duration,
}

/// Which callback configuration of the portal calls whose telephone first.
#[derive(Clone, Debug, Default)]
pub struct Callbacks {
    usual: Option<String>,
    of: BTreeMap<String, String>,
}

impl Callbacks {
    pub fn none(&self) -> bool {
        self.usual.is_none() && self.of.is_empty()
    }

    pub fn config_of(&self, extension: &ExtensionId) -> Option<&str> {
        self.of.get(extension.as_str()).or(self.usual.as_ref()).map(String::as_str)
    }
}

impl Options {
    /// # Errors
    /// [`ProviderError::Configuration`] with the key that is not usable.
    pub fn read(config: &AccountConfig) -> Result<Self, ProviderError> {
        let address = Address::new(config.base_url.as_ref(), VENDOR)?;
        let mut reader = OptionReader::new(&config.options);
        let usual = match reader.value("callback_config_id") {
            None => None,
            Some(value) => Some(word(value).ok_or_else(|| wrong("callback_config_id", "an id of the portal"))?),
        };
        let of = table(reader.value("callback_config_ids"), "callback_config_ids")?;
        let numbers = table(reader.value("numbers"), "numbers")?;
        let numbers = numbers.iter().map(|(number, to)| (digits(number), ExtensionId::new(to))).collect();
        let not_ready_reasons = reasons(reader.value("not_ready_reasons"))?;
        let least = |usual: Duration| if address.is_here() { LEAST_HERE } else { usual };
        let poll = reader.seconds("poll_seconds")?.unwrap_or(Duration::from_secs(30)).max(least(LEAST_PAUSE));
        let status = reader.seconds("status_seconds")?.unwrap_or(Duration::from_secs(1));
        let page_size = whole(reader.value("page_size"), "page_size", 500, 1000)?;
        let megabytes = whole(reader.value("document_most_mb"), "document_most_mb", 10, 100)?;
        let request_timeout = reader.seconds("request_seconds")?.unwrap_or(Duration::from_secs(15));
        reader.finish()?;
        Ok(Self {
            callbacks: Callbacks { usual, of },
            numbers,
            not_ready_reasons,
            poll,
            status_first: status.max(least(LEAST_STATUS)),
            page_size,
            document_most: usize::try_from(megabytes).unwrap_or(10) << 20,
            request_timeout,
            address,
        })
    }
}

/// The digits of a number or the text itself, so that `+49 221 4710` and `492214710` are one key.
pub fn digits(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() { number.trim().to_owned() } else { digits }
}

fn word(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn table(value: Option<&Value>, key: &'static str) -> Result<BTreeMap<String, String>, ProviderError> {
    let unusable = || wrong(key, "a table of texts");
    let Some(value) = value else { return Ok(BTreeMap::new()) };
    let entries = value.as_object().ok_or_else(unusable)?;
    entries.iter().map(|(name, value)| Ok((name.trim().to_owned(), word(value).ok_or_else(unusable)?))).collect()
}

fn reasons(value: Option<&Value>) -> Result<Vec<Label>, ProviderError> {
    let unusable = || wrong("not_ready_reasons", "a list of texts");
    let Some(value) = value else { return Ok(Vec::new()) };
    let list = value.as_array().ok_or_else(unusable)?;
    let reason = |value: &Value| value.as_str().map(Label::new).filter(|it| !it.is_empty()).ok_or_else(unusable);
    list.iter().map(reason).collect()
}

fn whole(value: Option<&Value>, key: &'static str, otherwise: u64, most: u64) -> Result<u64, ProviderError> {
    let Some(value) = value else { return Ok(otherwise) };
    let number = value.as_u64().filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| wrong(key, &format!("a whole number from 1 to {most}")))
}
