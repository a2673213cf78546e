//! The HTTP side: listening, the tape, the faults, and what a service answers.

mod answer;
mod body;
mod conditions;
mod frames;
mod host;
mod listen;
mod socket;
mod stream;

use std::fmt;
use std::str::FromStr;

pub(crate) use answer::{Answer, Request, Source};
pub(crate) use host::Host;
pub(crate) use listen::{bind, serve};
pub(crate) use socket::{Over, Socket, Talk};
pub(crate) use stream::{Feeds, Item};

/// One address of its own each, so that a secret sent to a wrong one is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ServiceName {
    Nfon,
    Swisscom,
    /// The host that gives out Swisscom's tokens.
    SwisscomToken,
    Fonial,
    Tenios,
    /// All of Voicenter's hosts.
    Voicenter,
    /// A stranger, to which redirects lead. It answers everything with 200 and must never see a secret.
    Elsewhere,
}

/// A service of the exchange. Answers are made at once; what takes time is a stream, or a fault's doing.
pub(crate) trait Service: Send + Sync + 'static {
    fn answer(&self, request: &Request) -> Answer;
}

impl fmt::Display for ServiceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nfon => "nfon",
            Self::Swisscom => "swisscom",
            Self::SwisscomToken => "swisscom-token",
            Self::Fonial => "fonial",
            Self::Tenios => "tenios",
            Self::Voicenter => "voicenter",
            Self::Elsewhere => "elsewhere",
        })
    }
}

/// There is no service of that name.
#[derive(Debug, thiserror::Error)]
#[error("no service `{0}`: nfon, swisscom, swisscom-token, fonial, tenios, voicenter and elsewhere are")]
pub struct UnknownService(String);

impl FromStr for ServiceName {
    type Err = UnknownService;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let all = [
            Self::Nfon,
            Self::Swisscom,
            Self::SwisscomToken,
            Self::Fonial,
            Self::Tenios,
            Self::Voicenter,
            Self::Elsewhere,
        ];
        all.into_iter().find(|name| name.to_string() == text).ok_or_else(|| UnknownService(text.into()))
    }
}
