//! What went wrong, in the three parts every host shows: a code to branch on, a sentence, and the way out.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// `code` is stable and snake_case; `message` and `hint` are English. Nothing of it holds a secret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    pub code: &'static str,
    pub message: Cow<'static, str>,
    pub hint: Cow<'static, str>,
    /// What words for the code may name, such as `host`, in the order of their names.
    pub params: BTreeMap<&'static str, String>,
    /// What was said or seen on the way, as it is. No window shows it unasked.
    pub details: Option<String>,
}

impl Problem {
    pub fn new(code: &'static str, message: impl Into<Cow<'static, str>>, hint: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into(), hint: hint.into(), params: BTreeMap::new(), details: None }
    }

    /// With something that words for the code may name; an empty value names nothing.
    #[must_use]
    pub fn naming(mut self, name: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        if !value.is_empty() {
            self.params.insert(name, value);
        }
        self
    }

    /// With what was said or seen on the way, redacted before.
    #[must_use]
    pub fn detailed(mut self, details: impl Into<String>) -> Self {
        self.details = Some(details.into()).filter(|text| !text.is_empty());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
