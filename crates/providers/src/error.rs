//! What can go wrong between us and a service, as questions callers ask.

use std::borrow::Cow;
use std::time::Duration;

use ringside_domain::{Capability, Problem};

/// No variant holds a secret; excerpts of answers are redacted and cut by the transport.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    #[error("the service refused the user name or password")]
    SignInRefused,
    #[error("the service does not allow this: {detail}")]
    Forbidden { detail: String },
    #[error("this computer's address is not on the service's allow-list")]
    AddressNotAllowed,
    #[error("the service does not know {what}")]
    NotFound { what: String },
    #[error("it is too late for that: {detail}")]
    TooLate { detail: String },
    #[error("the service refused the request: {detail}")]
    Refused { detail: String },
    #[error("the service asks to wait")]
    RateLimited { retry_after: Option<Duration> },
    #[error("the service cannot be reached: {detail}")]
    Unreachable { detail: String },
    #[error("the service did not answer in time")]
    TimedOut,
    #[error("the service is in trouble: {detail}")]
    ServerTrouble { detail: String, retry_after: Option<Duration> },
    #[error("the answer could not be read: {detail}")]
    BadAnswer { detail: String },
    /// A request that must not be repeated left, and its answer never came.
    #[error("no answer came: it may or may not have happened")]
    Unconfirmed,
    #[error("this account cannot do that")]
    Unsupported { capability: Capability },
    #[error("the account's settings are not usable: {detail}")]
    Configuration { detail: String },
    #[error("stopped")]
    Stopped,
}

impl ProviderError {
    /// Trying the same again later may work.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::RateLimited { .. } | Self::Unreachable { .. } | Self::TimedOut | Self::ServerTrouble { .. } => true,
            Self::SignInRefused
            | Self::Forbidden { .. }
            | Self::AddressNotAllowed
            | Self::NotFound { .. }
            | Self::TooLate { .. }
            | Self::Refused { .. }
            | Self::BadAnswer { .. }
            | Self::Unconfirmed
            | Self::Unsupported { .. }
            | Self::Configuration { .. }
            | Self::Stopped => false,
        }
    }

    /// Only new credentials help.
    pub fn needs_sign_in(&self) -> bool {
        matches!(self, Self::SignInRefused)
    }

    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after } | Self::ServerTrouble { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// Stable, snake_case; hosts branch on it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SignInRefused => "sign_in_refused",
            Self::Forbidden { .. } => "forbidden",
            Self::AddressNotAllowed => "address_not_allowed",
            Self::NotFound { .. } => "not_found",
            Self::TooLate { .. } => "too_late",
            Self::Refused { .. } => "refused",
            Self::RateLimited { .. } => "rate_limited",
            Self::Unreachable { .. } => "unreachable",
            Self::TimedOut => "timed_out",
            Self::ServerTrouble { .. } => "server_trouble",
            Self::BadAnswer { .. } => "bad_answer",
            Self::Unconfirmed => "unconfirmed",
            Self::Unsupported { .. } => "unsupported",
            Self::Configuration { .. } => "configuration",
            Self::Stopped => "stopped",
        }
    }

    /// The way out, in a sentence.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::SignInRefused => "Check the user name and enter the password again under Accounts.",
            Self::Forbidden { .. } => {
                "Ask whoever administers the telephone system whether the account has the licence and the right for this."
            }
            Self::AddressNotAllowed => "Ask the service to put this network's public address on its allow-list.",
            Self::NotFound { .. } => "It may have been removed at the service. Refresh the list.",
            Self::TooLate { .. } => "Hang up on the telephone itself.",
            Self::Refused { .. } => "The service's own words are above. Check the number or the account's options.",
            Self::RateLimited { .. } => "Ringside waits as long as the service asks and goes on by itself.",
            Self::Unreachable { .. } => "Check the network. Ringside keeps trying by itself.",
            Self::TimedOut => "Ringside keeps trying by itself.",
            Self::ServerTrouble { .. } => "The fault is at the service. Ringside keeps trying by itself.",
            Self::BadAnswer { .. } => {
                "Check the account's address. If it is right, send the diagnostics to the administrator."
            }
            Self::Unconfirmed => "Look at the telephone or read the state again before you repeat it.",
            Self::Unsupported { .. } => "Choose an account that can do it.",
            Self::Configuration { .. } => "Correct the account under Accounts or in the configuration file.",
            Self::Stopped => "The account was removed or Ringside is closing.",
        }
    }

    pub fn problem(&self) -> Problem {
        Problem::new(self.code(), Cow::Owned(self.to_string()), self.hint())
    }
}
