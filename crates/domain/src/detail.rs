//! What is told of a failure beside its kind.

use std::fmt;

/// In our words, and what was said or seen on the way, which no window shows unasked. Holds no secret: what comes from
/// outside is redacted before it gets in. Boxed strings, for it travels in every error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Detail {
    /// A narrower code than that of the kind; empty where there is none.
    pub code: &'static str,
    /// Our words, for the user.
    pub text: Box<str>,
    pub raw: Box<str>,
    /// Who was to answer.
    pub host: Box<str>,
    /// Who stood between.
    pub proxy: Box<str>,
}

impl Detail {
    /// What was said or seen, and nothing to add.
    pub fn raw(raw: impl Into<String>) -> Self {
        Self { raw: raw.into().into(), ..Self::default() }
    }

    /// Our words beside what was said or seen.
    pub fn told(text: impl Into<String>, raw: impl Into<String>) -> Self {
        Self { text: text.into().into(), raw: raw.into().into(), ..Self::default() }
    }

    /// Names who was to answer, as `host` or `host:port`, unless that is said already.
    #[must_use]
    pub fn at(mut self, host: String) -> Self {
        if self.host.is_empty() {
            self.host = host.into();
        }
        self
    }
}

impl From<String> for Detail {
    fn from(text: String) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

impl From<&str> for Detail {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

/// For a log, and for whoever reads the details.
impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [&*self.text, &*self.raw];
        let mut parts = parts.iter().filter(|part| !part.is_empty());
        if let Some(first) = parts.next() {
            f.write_str(first)?;
        }
        parts.try_for_each(|part| write!(f, "; {part}"))
    }
}
