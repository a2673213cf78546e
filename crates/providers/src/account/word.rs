//! A short text on the wire that some services write as a number, as `null`, or not at all.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Text, or nothing. Numbers and booleans are taken as their text; lists and objects as nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word<'a>(Option<Cow<'a, str>>);

impl Word<'_> {
    /// The text without white space around it; `None` where there is none.
    pub fn get(&self) -> Option<&str> {
        self.0.as_deref().map(str::trim).filter(|text| !text.is_empty())
    }
}

impl<'a> From<&'a str> for Word<'a> {
    fn from(text: &'a str) -> Self {
        Self(Some(Cow::Borrowed(text)))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Word<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordVisitor)
    }
}

struct WordVisitor;

impl<'de> Visitor<'de> for WordVisitor {
    type Value = Word<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Word<'de>, E> {
        Ok(Word(Some(Cow::Borrowed(text))))
    }

    fn visit_str<E>(self, text: &str) -> Result<Word<'de>, E> {
        Ok(Word(Some(Cow::Owned(text.to_owned()))))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Word<'de>, E> {
        Ok(Word(Some(Cow::Owned(number.to_string()))))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Word<'de>, E> {
        Ok(Word(Some(Cow::Owned(number.to_string()))))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Word<'de>, E> {
        Ok(Word(Some(Cow::Owned(number.to_string()))))
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Word<'de>, E> {
        Ok(Word(Some(Cow::Borrowed(if flag { "true" } else { "false" }))))
    }

    fn visit_unit<E>(self) -> Result<Word<'de>, E> {
        Ok(Word(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Word<'de>, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Word(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Word<'de>, A::Error> {
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Word(None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_stands_there_is_text_or_nothing() {
        for (json, expected) in [
            ("\"31\"", Some("31")),
            ("\"\\u0033 1\"", Some("3 1")),
            ("31", Some("31")),
            ("-1", Some("-1")),
            ("true", Some("true")),
            ("null", None),
            ("\"  \"", None),
            ("[1,[2]]", None),
            ("{\"a\":{\"b\":1}}", None),
        ] {
            let word: Word<'_> = serde_json::from_str(json).unwrap();
            assert_eq!(word.get(), expected, "{json}");
        }
    }
}
