//! What can go wrong between us and a service, as questions callers ask.

use std::borrow::Cow;
use std::time::Duration;

use ringside_domain::{Capability, Detail, Problem};

/// No variant holds a secret; excerpts of answers are redacted and cut by the transport.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    #[error("the service refused the user name or password")]
    SignInRefused,
    #[error("the service does not allow this: {detail}")]
    Forbidden { detail: Detail },
    #[error("this network's address is not on the service's allow-list")]
    AddressNotAllowed,
    #[error("the service does not know {what}")]
    NotFound { what: String },
    /// A list or a sign-in that every service of the kind has is not there: it is another address.
    #[error("the service does not offer this at the account's address: {detail}")]
    NoSuchAddress { detail: Detail },
    /// It sends us elsewhere, where nothing secret goes.
    #[error("the service sent Ringside to another address: {detail}")]
    Redirected { detail: Detail },
    #[error("it is too late for that: {detail}")]
    TooLate { detail: Detail },
    #[error("the service refused the request: {detail}")]
    Refused { detail: Detail },
    /// What was asked for is not what the service takes: nothing was sent. The code is that of the mistake.
    #[error("{detail}")]
    NotSent { code: &'static str, detail: Detail },
    /// Somebody else holds what was asked for, such as an extension another agent is signed in at.
    #[error("someone else is already using it: {detail}")]
    InUse { detail: Detail },
    #[error("the service asks Ringside to wait")]
    RateLimited { retry_after: Option<Duration> },
    #[error("the service cannot be reached: {detail}")]
    Unreachable { detail: Detail },
    #[error("the service did not answer in time")]
    TimedOut,
    #[error("the service is in trouble: {detail}")]
    ServerTrouble { detail: Detail, retry_after: Option<Duration> },
    #[error("the answer could not be read: {detail}")]
    BadAnswer { detail: Detail },
    /// A request that must not be repeated left, and its answer never came.
    #[error("no answer came: it may or may not have happened")]
    Unconfirmed,
    #[error("this account cannot do that")]
    Unsupported { capability: Capability },
    #[error("the account's settings are not usable: {detail}")]
    Configuration { detail: Detail },
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
            | Self::NoSuchAddress { .. }
            | Self::Redirected { .. }
            | Self::TooLate { .. }
            | Self::Refused { .. }
            | Self::NotSent { .. }
            | Self::InUse { .. }
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
            Self::NoSuchAddress { .. } => "no_such_address",
            Self::Redirected { .. } => "redirected",
            Self::TooLate { .. } => "too_late",
            Self::Refused { .. } => "refused",
            Self::NotSent { code, .. } => code,
            Self::InUse { .. } => "in_use",
            Self::RateLimited { .. } => "rate_limited",
            Self::Unreachable { detail } if !detail.code.is_empty() => detail.code,
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

    fn detail(&self) -> Option<&Detail> {
        match self {
            Self::Forbidden { detail }
            | Self::NoSuchAddress { detail }
            | Self::Redirected { detail }
            | Self::TooLate { detail }
            | Self::Refused { detail }
            | Self::NotSent { detail, .. }
            | Self::InUse { detail }
            | Self::Unreachable { detail }
            | Self::ServerTrouble { detail, .. }
            | Self::BadAnswer { detail }
            | Self::Configuration { detail } => Some(detail),
            Self::SignInRefused
            | Self::AddressNotAllowed
            | Self::NotFound { .. }
            | Self::RateLimited { .. }
            | Self::TimedOut
            | Self::Unconfirmed
            | Self::Unsupported { .. }
            | Self::Stopped => None,
        }
    }

    /// A sentence without what was said or seen on the way.
    fn plainly(&self) -> String {
        let Some(detail) = self.detail() else { return self.to_string() };
        let lead = match self {
            Self::Unreachable { .. } => return road(detail),
            Self::Forbidden { .. } => "the service does not allow this",
            Self::NoSuchAddress { .. } => "the service does not offer this at the account's address",
            Self::Redirected { .. } => "the service sent Ringside to another address",
            Self::TooLate { .. } => "it is too late for that",
            Self::Refused { .. } => "the service refused the request",
            Self::InUse { .. } => "someone else is already using it",
            Self::ServerTrouble { .. } => "the service is in trouble",
            Self::BadAnswer { .. } => "the answer could not be read",
            Self::Configuration { .. } => "the account's settings are not usable",
            _ => return detail.text.to_string(),
        };
        if detail.text.is_empty() { lead.to_owned() } else { format!("{lead}: {}", detail.text) }
    }

    /// The way out, in a sentence.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::SignInRefused => "Check the user name and enter the password again under Accounts.",
            Self::Forbidden { .. } => "Ask your phone system's administrator for the licence and the right.",
            Self::AddressNotAllowed => "Ask the service to put this network's public address on its allow-list.",
            Self::NotFound { .. } => "It may have been removed at the service. Refresh the list.",
            Self::NoSuchAddress { .. } => "Check the address, or ask the service whether your contract includes this.",
            Self::Redirected { .. } => "Check the account's address.",
            Self::TooLate { .. } => "Hang up on your phone.",
            Self::Refused { .. } => "Check the number or the account's options.",
            Self::NotSent { .. } => "Nothing was sent. Correct it and try again.",
            Self::InUse { .. } => "Check who is signed in there, or choose another extension.",
            Self::RateLimited { .. } => "Ringside waits that long and continues automatically.",
            Self::Unreachable { detail } => hint_of_a_road(detail.code),
            Self::TimedOut => "Ringside keeps trying automatically.",
            Self::ServerTrouble { .. } => "The fault is at the service. Ringside keeps trying automatically.",
            Self::BadAnswer { .. } => {
                "Check the account's address. If it is right, send the diagnostics to the administrator."
            }
            Self::Unconfirmed => "Check your phone or refresh before you try again.",
            Self::Unsupported { .. } => "Choose an account that can do it.",
            Self::Configuration { .. } => "Correct the account under Accounts or in the configuration file.",
            Self::Stopped => "The account was removed or Ringside is closing.",
        }
    }

    pub fn problem(&self) -> Problem {
        let seconds = self.retry_after().map(|pause| pause.as_secs().max(1).to_string()).unwrap_or_default();
        let problem = Problem::new(self.code(), Cow::Owned(self.plainly()), self.hint()).naming("seconds", seconds);
        match self.detail() {
            None => problem,
            Some(it) => problem.naming("host", &*it.host).naming("proxy", &*it.proxy).detailed(&*it.raw),
        }
    }
}

/// Why nobody answered, in a sentence.
fn road(detail: &Detail) -> String {
    let host = if detail.host.is_empty() { "the service" } else { &detail.host };
    let proxy = if detail.proxy.is_empty() { "the proxy" } else { &format!("the proxy {}", detail.proxy) };
    match detail.code {
        "host_unknown" if detail.host.is_empty() => "the service's address doesn't exist".to_owned(),
        "proxy_sign_in" => format!("{proxy} wants a sign-in"),
        "proxy_refused" => format!("{proxy} does not let Ringside through to {host}"),
        "proxy_unreachable" => format!("no answer from {proxy}"),
        "host_unknown" => format!("the address {host} doesn't exist"),
        "tls_issuer" => format!("this computer doesn't trust the certificate of {host}"),
        "tls_date" => format!("the certificate of {host} isn't valid today"),
        "tls_name" => format!("the certificate is not for {host}"),
        "tls" => format!("the connection to {host} could not be secured"),
        _ => format!("no answer from {host}"),
    }
}

fn hint_of_a_road(code: &str) -> &'static str {
    match code {
        "proxy_sign_in" => "Set HTTPS_PROXY with user name and password, or ask whoever runs the proxy.",
        "proxy_refused" => "Ask whoever runs the proxy to let Ringside through.",
        "proxy_unreachable" => "Check HTTPS_PROXY and the network. Ringside keeps trying automatically.",
        "host_unknown" => "Check the account's address and the network. Ringside keeps trying automatically.",
        "tls_issuer" => "Ask your network's administrator for its certificate and install it.",
        "tls_date" => "Check this computer's date. If it is right, tell the service.",
        "tls_name" => "Check the account's address.",
        "tls" => "Check this computer's date and the service's certificate.",
        _ => "Check the network. Ringside keeps trying automatically.",
    }
}
