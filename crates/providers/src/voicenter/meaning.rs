//! What Voicenter's error numbers and refusals mean, to us and to the administrator.

use ringside_domain::Problem;
use ringside_telephony::ProviderError;
use ringside_transport::{TransportError, redact};

use crate::account::failure::failure;

const EXCERPT: usize = 200;

/// A listing's error number as the status it stands for: 1 is a code of a bad format, 2 values or trouble within.
pub fn coded(number: i64, words: &str) -> TransportError {
    match number {
        _ if speaks_of_address(words) => status(403, words),
        1 => TransportError::NeedsSignIn { reason: redact::excerpt(words, EXCERPT) },
        2 => status(500, words),
        _ => status(400, words),
    }
}

/// As if the service had answered with it.
pub fn status(status: u16, words: &str) -> TransportError {
    let body_excerpt = redact::excerpt(words, EXCERPT);
    TransportError::Status { status, body_excerpt, request_id: None, retry_after: None }
}

/// What a failure means at Voicenter.
pub fn refusal(error: &TransportError, what: &str) -> ProviderError {
    match error {
        TransportError::Status { status: 401 | 403, body_excerpt, .. } if speaks_of_address(body_excerpt) => {
            ProviderError::AddressNotAllowed
        }
        TransportError::NeedsSignIn { reason } if speaks_of_address(reason) => ProviderError::AddressNotAllowed,
        _ => failure(error, what),
    }
}

/// The vendor says it of the call log alone, and elsewhere in words that nobody has written down.
pub fn speaks_of_address(words: &str) -> bool {
    let words = words.to_ascii_lowercase();
    let named =
        words.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| matches!(word, "ip" | "ips" | "whitelist"));
    named || words.contains("white list") || words.contains("allow-list") || words.contains("allowlist")
}

/// `Extension is already in use`, and a telephone that is busy.
pub fn speaks_of_use(words: &str) -> bool {
    let words = words.to_ascii_lowercase();
    words.contains("in use") || words.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == "busy")
}

/// The problem for the user; a refused sign-in is a matter of the code here.
pub fn problem(error: &ProviderError) -> Problem {
    if !error.needs_sign_in() {
        return error.problem();
    }
    Problem::new(
        error.code(),
        "Voicenter refused the code or the live-update login",
        "Check both under Accounts. Voicenter's support gives out the code.",
    )
}

/// The problem with real time, where a company's size is one more.
pub fn problem_of_real_time(error: &TransportError) -> Problem {
    match error {
        TransportError::TooLarge { limit } => Problem::new(
            "message_too_large",
            format!("Voicenter sent a message larger than {limit} bytes"),
            "Raise the account's option message_mib. An extension needs about one kilobyte.",
        ),
        _ => problem(&refusal(error, "real time")),
    }
}

/// A code that is well formed is answered with an empty list where it is nobody's.
pub fn code_unknown() -> Problem {
    Problem::new(
        "code_unknown",
        "Voicenter lists no extension: it doesn't know the code, or its account has none yet",
        "Compare the code under Accounts with the one that Voicenter's support gave out.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_is_refused_is_told_from_a_code() {
        for (words, address) in [
            ("IP address is not authorized", true),
            ("Your ip (1.2.3.4) isn't permitted", true),
            ("not on the white list", true),
            ("Unauthorized", false),
            ("Authorization failed.", false),
            ("ship it", false),
        ] {
            assert_eq!(speaks_of_address(words), address, "{words}");
            let expected = if address { "address_not_allowed" } else { "sign_in_refused" };
            assert_eq!(refusal(&coded(1, words), "x").code(), expected, "{words}");
        }
        assert_eq!(refusal(&status(403, "Forbidden"), "x").code(), "forbidden");
        assert_eq!(refusal(&coded(2, "Bad values"), "x").code(), "server_trouble");
        assert_eq!(refusal(&coded(77, "?"), "x").code(), "refused");
    }
}
