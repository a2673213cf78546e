//! E.164 numbers and the parties of a call.

use std::fmt;
use std::sync::Arc;

use crate::ExtensionId;

/// A public number in E.164: `+` and 4 to 15 digits (ITU-T E.164 section 6; short ones are national service numbers).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PhoneNumber(Arc<str>);

/// Said when a text is not `+` and 4 to 15 digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a public number: it needs a + and 4 to 15 digits")]
pub struct NotE164;

impl PhoneNumber {
    /// Takes `+49301234567` as it is; no reading of national forms, see [`crate::number`] for that.
    pub fn from_e164(text: &str) -> Result<Self, NotE164> {
        let digits = text.strip_prefix('+').ok_or(NotE164)?;
        let valid =
            (4..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
        if valid { Ok(Self(Arc::from(text))) } else { Err(NotE164) }
    }

    /// `+49301234567`.
    pub fn e164(&self) -> &str {
        &self.0
    }

    /// `49301234567`, as many wires want it.
    pub fn digits(&self) -> &str {
        &self.0[1..]
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Hides the last three digits, so that a stray `{:?}` in a log betrays nobody.
impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}···", &self.0[..self.0.len() - 3])
    }
}

/// The other side of a leg, or our own number on it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub enum Party {
    Number(PhoneNumber),
    /// A colleague, by extension.
    Extension(ExtensionId),
    /// A service code such as `*87`, or anything dialled that is no number.
    Code(Arc<str>),
    /// The caller hides it. Matches nobody.
    Withheld,
    /// The event did not say.
    #[default]
    Unstated,
}
