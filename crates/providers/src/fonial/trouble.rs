//! What can go wrong between us and fonial, and what it means to the caller.

use ringside_domain::{Detail, Problem};
use ringside_telephony::ProviderError;
use ringside_transport::TransportError;

use crate::account::failure::{failure, failure_of_a_change, words};

/// Why a method brought nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The sign-in before it failed: the method was never asked.
    SignIn(TransportError),
    /// The service does not take this session: nothing was done. `status` is HTTP's.
    Session { said: String, status: u16 },
    /// The service said in its own words why not: nothing was done.
    Said(String),
    /// A web page where the API should be, of the customers' portal or of the filter in front of it.
    Portal { status: u16, title: Option<String> },
    /// An HTTP error in the API's own words.
    Answered(TransportError),
    /// Anything else that happened on the way, an error page of whatever stands in front of the service among it.
    Road(TransportError),
}

/// What it means while dealing with `what`, such as `the device list`.
pub fn refusal(trouble: &Trouble, what: &str) -> ProviderError {
    match trouble {
        Trouble::SignIn(error) => failure(error, "the sign-in"),
        Trouble::Session { status: 401, .. } => ProviderError::SignInRefused,
        Trouble::Session { said, .. } => ProviderError::ServerTrouble {
            detail: Detail::told("it opens sessions and does not know them a moment later", said),
            retry_after: None,
        },
        Trouble::Said(said) => ProviderError::Refused { detail: Detail::raw(said) },
        Trouble::Portal { status: 403, title } => ProviderError::Forbidden {
            detail: format!(
                "instead of the API {} answered 403; its filter may have turned away this computer's address",
                page(title)
            )
            .into(),
        },
        Trouble::Portal { status, title } => ProviderError::BadAnswer {
            detail: format!("the address leads to {}, not to the API (it answered {status})", page(title)).into(),
        },
        Trouble::Answered(error) | Trouble::Road(error) => failure(error, what),
    }
}

/// The same for a dial, which may have rung a telephone.
pub fn refusal_of_a_dial(trouble: &Trouble) -> ProviderError {
    match trouble {
        Trouble::Answered(error) if matches!(error.status(), Some(404 | 410)) => {
            ProviderError::Refused { detail: Detail::raw(words(error)) }
        }
        Trouble::Road(error) if matches!(error.status(), Some(404 | 410)) => failure(error, "dialling"),
        // Whoever wrote this page does not know what the service did; a 524 says that it was still at it.
        Trouble::Road(error) if error.status().is_some_and(|status| status >= 500) => ProviderError::Unconfirmed,
        Trouble::Answered(error) | Trouble::Road(error) => failure_of_a_change(error, "the dialled call"),
        _ => refusal(trouble, "dialling"),
    }
}

/// The problem for the user; a refused sign-in has more causes here than a wrong password.
pub fn problem(error: &ProviderError) -> Problem {
    if !error.needs_sign_in() {
        return error.problem();
    }
    Problem::new(
        error.code(),
        "fonial refused the user name or password",
        "Enter the main user of the fonial account and its password under Accounts. Ask \
         fonial's support to enable the API.",
    )
}

fn page(title: &Option<String>) -> String {
    title.as_ref().map_or_else(|| "a web page".to_owned(), |title| format!("the web page \"{title}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(status: u16) -> Trouble {
        Trouble::Session { said: "session invalid".into(), status }
    }

    fn portal(status: u16) -> Trouble {
        Trouble::Portal { status, title: Some("Kundenkonto".into()) }
    }

    #[test]
    fn each_trouble_answers_the_callers_question() {
        for (trouble, code, part) in [
            (session(401), "sign_in_refused", "password"),
            (session(200), "server_trouble", "session invalid"),
            (Trouble::Said("maintenance".into()), "refused", "maintenance"),
            (portal(403), "forbidden", "Kundenkonto"),
            (portal(404), "bad_answer", "not to the API"),
            (Trouble::SignIn(TransportError::NeedsSignIn { reason: "no".into() }), "sign_in_refused", ""),
        ] {
            let told = refusal(&trouble, "the device list");
            assert_eq!(told.code(), code, "{trouble:?}");
            assert!(told.to_string().contains(part), "{told}");
            assert_eq!(refusal_of_a_dial(&trouble).code(), code, "nothing was dialled: {trouble:?}");
        }
    }

    #[test]
    fn only_what_may_have_rung_is_unconfirmed() {
        let lost = TransportError::Interrupted { detail: "reset".into() };
        assert_eq!(refusal_of_a_dial(&Trouble::Road(lost.clone())), ProviderError::Unconfirmed);
        assert_eq!(refusal_of_a_dial(&Trouble::SignIn(lost)).code(), "unreachable");
        let page = TransportError::Html { title: None };
        assert_eq!(refusal_of_a_dial(&Trouble::Road(page)), ProviderError::Unconfirmed);
        let status = |status| TransportError::Status {
            status,
            body_excerpt: String::new(),
            request_id: None,
            retry_after: None,
        };
        for code in [500, 502, 503, 504, 520, 524] {
            assert_eq!(refusal_of_a_dial(&Trouble::Road(status(code))), ProviderError::Unconfirmed, "{code}");
        }
        assert_eq!(refusal_of_a_dial(&Trouble::Answered(status(503))).code(), "server_trouble");
        assert_eq!(refusal_of_a_dial(&Trouble::Road(status(429))).code(), "rate_limited");
    }

    #[test]
    fn a_refused_sign_in_says_whose_password_is_wanted() {
        let told = problem(&ProviderError::SignInRefused);
        assert!(told.hint.contains("main user") && told.hint.contains("enable the API"), "{}", told.hint);
        assert_eq!(problem(&ProviderError::TimedOut).code, "timed_out");
    }
}
