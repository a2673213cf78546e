//! What went wrong, in the three parts every host shows: a code to branch on, a sentence, and the way out.

use std::borrow::Cow;
use std::fmt;

/// `code` is stable and snake_case; `message` and `hint` are English and hold no secret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    pub code: &'static str,
    pub message: Cow<'static, str>,
    pub hint: Cow<'static, str>,
}

impl Problem {
    pub fn new(code: &'static str, message: impl Into<Cow<'static, str>>, hint: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into(), hint: hint.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
