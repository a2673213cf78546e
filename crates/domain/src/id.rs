//! Identifiers. All are cheap to clone and compare; none is validated beyond being text, since vendors choose them.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Takes the text as it is.
            pub fn new(text: impl AsRef<str>) -> Self {
                Self(Arc::from(text.as_ref()))
            }

            /// The text as the vendor or the administrator wrote it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(Arc::from(text))
            }
        }
    };
}

text_id! {
    /// An account as the configuration names it (`accounts.id`), such as `office`.
    AccountId
}
text_id! {
    /// An extension within an account: the digits its users dial, such as `31`.
    ExtensionId
}
text_id! {
    /// A call as its provider names it. One call may appear on several extensions.
    CallId
}
text_id! {
    /// A forwarding scenario as its provider names it.
    ScenarioId
}

/// One extension of one account, written `account/extension`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct LineId {
    pub account: AccountId,
    pub extension: ExtensionId,
}

impl LineId {
    pub fn new(account: impl Into<AccountId>, extension: impl Into<ExtensionId>) -> Self {
        Self { account: account.into(), extension: extension.into() }
    }
}

impl fmt::Display for LineId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.account, self.extension)
    }
}

/// Said when a text is not of the form `account/extension`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not of the form account/extension, such as office/31")]
pub struct NotALine(pub String);

impl FromStr for LineId {
    type Err = NotALine;

    fn from_str(text: &str) -> Result<Self, NotALine> {
        match text.split_once('/') {
            Some((account, extension)) if !account.is_empty() && !extension.is_empty() => {
                Ok(Self::new(account, extension))
            }
            _ => Err(NotALine(text.to_owned())),
        }
    }
}

/// One party's side of a call: the unit the engine tracks, since one call rings on several extensions.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct LegKey {
    pub account: AccountId,
    pub call: CallId,
    pub extension: ExtensionId,
}

impl LegKey {
    pub fn new(account: impl Into<AccountId>, call: impl Into<CallId>, extension: impl Into<ExtensionId>) -> Self {
        Self { account: account.into(), call: call.into(), extension: extension.into() }
    }

    /// The line this leg occupies.
    pub fn line(&self) -> LineId {
        LineId { account: self.account.clone(), extension: self.extension.clone() }
    }
}
