//! From what went wrong on the road to what the caller asks about it.

use ringside_domain::Detail;
use ringside_telephony::ProviderError;
use ringside_transport::TransportError;

/// Translates a failure while dealing with `what`, such as `the extension list`. Adapters put their vendor's own
/// meanings of a status in front of it.
pub fn failure(error: &TransportError, what: &str) -> ProviderError {
    let said = || error.to_string();
    match error {
        TransportError::Setup { .. } | TransportError::BadRequest { .. } => {
            ProviderError::Configuration { detail: said().into() }
        }
        TransportError::Connect { detail }
        | TransportError::Interrupted { detail }
        | TransportError::Tls { detail } => ProviderError::Unreachable { detail: detail.clone() },
        TransportError::StreamEnded | TransportError::Silent { .. } => {
            ProviderError::Unreachable { detail: Detail::raw(said()) }
        }
        TransportError::Timeout { .. } => ProviderError::TimedOut,
        TransportError::Status { status, retry_after, .. } => match status {
            300..=399 => redirected(error, what),
            401 => ProviderError::SignInRefused,
            403 => ProviderError::Forbidden { detail: Detail::raw(words(error)) },
            404 | 410 => ProviderError::NoSuchAddress { detail: Detail::raw(format!("{what}: {}", words(error))) },
            408 => ProviderError::TimedOut,
            429 => ProviderError::RateLimited { retry_after: *retry_after },
            500.. => ProviderError::ServerTrouble { detail: Detail::raw(words(error)), retry_after: *retry_after },
            _ => ProviderError::Refused { detail: Detail::raw(words(error)) },
        },
        TransportError::Html { .. } => ProviderError::BadAnswer {
            detail: Detail::told("a web page answered instead of the service", format!("{what}: {error}")),
        },
        TransportError::Redirected { .. } => redirected(error, what),
        TransportError::NotJson { .. }
        | TransportError::TooLarge { .. }
        | TransportError::NotEventStream { .. }
        | TransportError::NoContent => ProviderError::BadAnswer { detail: Detail::raw(format!("{what}: {error}")) },
        TransportError::NeedsSignIn { .. } => ProviderError::SignInRefused,
        TransportError::SignInPaused { retry_after, after: None } => {
            ProviderError::RateLimited { retry_after: Some(*retry_after) }
        }
        // Nobody asked us to wait: what is the matter is what the sign-ins before it met.
        TransportError::SignInPaused { retry_after, after: Some(after) } => match failure(after, what) {
            ProviderError::RateLimited { .. } => ProviderError::RateLimited { retry_after: Some(*retry_after) },
            ProviderError::ServerTrouble { detail, .. } => {
                ProviderError::ServerTrouble { detail, retry_after: Some(*retry_after) }
            }
            told => told,
        },
        TransportError::Cancelled => ProviderError::Stopped,
    }
}

fn redirected(error: &TransportError, what: &str) -> ProviderError {
    ProviderError::Redirected { detail: Detail::raw(format!("{what}: {}", words(error))) }
}

/// The same for one thing that was named: a service that does not know it is at the right address all the same.
pub fn failure_of_one(error: &TransportError, what: &str) -> ProviderError {
    match error.status() {
        Some(404 | 410) => ProviderError::NotFound { what: what.to_owned() },
        _ => failure(error, what),
    }
}

/// The same for a request that must not be repeated: whenever it may have been executed, that is the answer.
pub fn failure_of_a_change(error: &TransportError, what: &str) -> ProviderError {
    // A service that answers 500 or 503 in its own words has not done it; a gateway's 502 or 504 knows nothing.
    let gateway = matches!(error.status(), Some(408 | 502 | 504));
    let lost = error.status().is_none() && error.may_have_been_executed();
    if gateway || lost { ProviderError::Unconfirmed } else { failure_of_one(error, what) }
}

/// The service's own words, with what its support desk asks for.
pub fn words(error: &TransportError) -> String {
    let TransportError::Status { status, body_excerpt, request_id, .. } = error else { return error.to_string() };
    let mut words = format!("it answered {status}");
    if !body_excerpt.is_empty() {
        words.push_str(": ");
        words.push_str(body_excerpt);
    }
    if let Some(id) = request_id {
        words.push_str(&format!(" (request {id})"));
    }
    words
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn status(status: u16) -> TransportError {
        TransportError::Status {
            status,
            body_excerpt: "no".into(),
            request_id: Some("r-1".into()),
            retry_after: Some(Duration::from_secs(7)),
        }
    }

    #[test]
    fn each_status_answers_the_callers_question() {
        for (code, expected) in [
            (302, "redirected"),
            (400, "refused"),
            (401, "sign_in_refused"),
            (403, "forbidden"),
            (404, "no_such_address"),
            (408, "timed_out"),
            (410, "no_such_address"),
            (429, "rate_limited"),
            (500, "server_trouble"),
            (503, "server_trouble"),
        ] {
            assert_eq!(failure(&status(code), "the list").code(), expected, "{code}");
        }
        for (code, expected) in [(404, "not_found"), (410, "not_found"), (403, "forbidden")] {
            assert_eq!(failure_of_one(&status(code), "the call").code(), expected, "{code}");
            assert_eq!(failure_of_a_change(&status(code), "the call").code(), expected, "{code}");
        }
        assert_eq!(failure(&status(429), "x").retry_after(), Some(Duration::from_secs(7)));
        assert!(failure(&status(403), "x").to_string().contains("request r-1"));
    }

    #[test]
    fn a_pause_of_our_own_is_told_as_what_led_to_it() {
        let paused = |after: Option<TransportError>| TransportError::SignInPaused {
            retry_after: Duration::from_secs(40),
            after: after.map(Box::new),
        };
        let lost = TransportError::Interrupted { detail: "reset".into() };
        for (after, expected, waits) in [
            (None, "rate_limited", true),
            (Some(status(429)), "rate_limited", true),
            (Some(status(503)), "server_trouble", true),
            (Some(TransportError::Html { title: None }), "bad_answer", false),
            (Some(lost.clone()), "unreachable", false),
            (Some(TransportError::NeedsSignIn { reason: "no".into() }), "sign_in_refused", false),
        ] {
            let told = failure(&paused(after), "the sign-in");
            assert_eq!(told.code(), expected);
            assert_eq!(told.retry_after(), waits.then_some(Duration::from_secs(40)), "{expected}");
        }
        // The change itself was never sent.
        assert_eq!(failure_of_a_change(&paused(Some(lost)), "x").code(), "unreachable");
        assert_eq!(failure_of_a_change(&paused(Some(status(504))), "x").code(), "server_trouble");
    }

    #[test]
    fn a_change_that_may_have_happened_is_unconfirmed() {
        let after = Duration::from_secs(15);
        for error in [
            TransportError::Timeout { after },
            TransportError::Interrupted { detail: "reset".into() },
            status(502),
            status(504),
        ] {
            assert_eq!(failure_of_a_change(&error, "x"), ProviderError::Unconfirmed, "{error}");
        }
        assert_eq!(
            failure_of_a_change(&TransportError::Connect { detail: "refused".into() }, "x").code(),
            "unreachable"
        );
        assert_eq!(failure_of_a_change(&status(403), "x").code(), "forbidden");
        assert_eq!(failure_of_a_change(&status(503), "x").code(), "server_trouble");
    }
}
