//! What stands around the records of every answer: whether it worked, what is wrong, and the lists in all their forms.

use std::fmt;

use ringside_transport::redact;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::wire::record;
use crate::account::Word;

/// Characters of the service's own words that are kept.
const WORDS: usize = 200;

/// What every method answers, with the lists of all of them; they are mere views into the text.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Envelope<'a> {
    #[serde(borrow)]
    pub sid: Word<'a>,
    #[serde(borrow)]
    status: Word<'a>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
    #[serde(borrow)]
    reason: Option<&'a RawValue>,
    #[serde(borrow)]
    message: Option<&'a RawValue>,
    /// A service that leaves it out has said `ok`; one that writes `null` has not said yes.
    #[serde(borrow, default = "left_out")]
    authenticated: Word<'a>,
    #[serde(borrow)]
    devices: Option<&'a RawValue>,
    #[serde(borrow)]
    device: Option<&'a RawValue>,
    #[serde(borrow)]
    pub numbers: Option<&'a RawValue>,
    #[serde(borrow)]
    pub journal: Option<&'a RawValue>,
    #[serde(borrow)]
    pub evn: Option<&'a RawValue>,
}

/// What the body says of the request; the HTTP status is not to be trusted with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Ok,
    Error,
    /// Neither, or a word we do not know.
    Unclear,
}

impl<'a> Envelope<'a> {
    /// `None` for what is no object.
    pub fn read(json: &'a str) -> Option<Self> {
        record(json)
    }

    pub fn verdict(&self) -> Verdict {
        let status = self.status.get().map(str::to_ascii_lowercase);
        match status.as_deref() {
            Some("ok") => Verdict::Ok,
            Some("error") => Verdict::Error,
            _ if self.complaint().is_some() => Verdict::Error,
            _ => Verdict::Unclear,
        }
    }

    /// The word itself, where it is neither `ok` nor `error`.
    pub fn status(&self) -> &str {
        self.status.get().unwrap_or_default()
    }

    /// What the service says is wrong, redacted: documented in `error`, seen in `reason`, as text or as an object.
    pub fn complaint(&self) -> Option<String> {
        [self.error, self.reason, self.message].into_iter().flatten().find_map(words)
    }

    /// `true`, `1` or `"1"`; every client in the field compares it with another of them.
    pub fn is_authenticated(&self) -> bool {
        self.authenticated.get().is_some_and(|flag| flag == "1" || flag.eq_ignore_ascii_case("true"))
    }

    /// The devices: the vendor's table and its sample disagree about the name.
    pub fn devices(&self) -> Option<&'a RawValue> {
        self.devices.or(self.device)
    }

    pub fn has_list(&self) -> bool {
        [self.devices(), self.numbers, self.journal, self.evn].iter().any(Option::is_some)
    }
}

/// The entries of a list, each still to be read. It may be an object whose keys mean nothing, or one entry without a
/// list around it; `null` and whatever else PHP may make of an empty one are empty.
pub fn entries(list: Option<&RawValue>) -> Vec<&RawValue> {
    let Some(list) = list else { return Vec::new() };
    match list.get().as_bytes().first() {
        Some(b'[') => serde_json::from_str(list.get()).unwrap_or_default(),
        Some(b'{') => {
            let values = serde_json::from_str(list.get()).map(|Values(values)| values).unwrap_or_default();
            let keyed = values.is_empty() || values.iter().any(|value| value.get().starts_with(['{', '[']));
            if keyed { values } else { vec![list] }
        }
        _ => Vec::new(),
    }
}

fn words(raw: &RawValue) -> Option<String> {
    let text = serde_json::from_str::<String>(raw.get()).unwrap_or_else(|_| raw.get().to_owned());
    let empty = matches!(text.trim(), "" | "[]" | "{}" | "false" | "0");
    (!empty).then(|| redact::excerpt(&without_sessions(&text), WORDS))
}

/// Here, unlike elsewhere, a UUID is a secret: it opens the account.
fn without_sessions(text: &str) -> String {
    const LENGTH: usize = 36;
    let is_session = |word: &str| {
        word.bytes().enumerate().all(|(n, byte)| match n {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
    };
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(first) = rest.chars().next() {
        if rest.get(..LENGTH).is_some_and(is_session) {
            out.push_str("[session]");
            rest = &rest[LENGTH..];
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}

fn left_out() -> Word<'static> {
    Word::from("true")
}

/// The values of an object, whatever their keys.
struct Values<'a>(Vec<&'a RawValue>);

impl<'de: 'a, 'a> Deserialize<'de> for Values<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ValuesVisitor)
    }
}

struct ValuesVisitor;

impl<'de> Visitor<'de> for ValuesVisitor {
    type Value = Values<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Values<'de>, A::Error> {
        let mut values = Vec::new();
        while let Some((_, value)) = entries.next_entry::<IgnoredAny, &'de RawValue>()? {
            values.push(value);
        }
        Ok(Values(values))
    }
}

#[cfg(test)]
#[path = "envelope_tests.rs"]
mod tests;
