//! The questions that callers ask of an error.

use super::*;

fn status(status: u16) -> TransportError {
    TransportError::Status { status, body_excerpt: "text".into(), request_id: None, retry_after: None }
}

#[test]
fn a_status_answers_every_question() {
    // status, transient, sign-in, may have been executed, code
    let table = [
        (400, false, false, false, "refused"),
        (401, false, true, false, "unauthorized"),
        (403, false, false, false, "forbidden"),
        (404, false, false, false, "not_found"),
        (406, false, false, false, "not_acceptable"),
        (410, false, false, false, "gone"),
        (429, true, false, false, "rate_limited"),
        (500, true, false, true, "server_error"),
        (501, false, false, true, "server_error"),
        (503, true, false, true, "server_error"),
        (304, false, false, false, "unexpected_status"),
    ];
    for (number, transient, sign_in, executed, code) in table {
        let error = status(number);
        let answers = (error.is_transient(), error.needs_sign_in(), error.may_have_been_executed(), error.code());
        assert_eq!(answers, (transient, sign_in, executed, code), "{number}");
        assert_eq!(error.to_string(), format!("the service answered {number}: text"));
    }
}

#[test]
fn a_connection_that_never_stood_has_executed_nothing() {
    assert!(!TransportError::Connect { detail: Detail::default() }.may_have_been_executed());
    assert!(TransportError::Timeout { after: Duration::from_secs(15) }.may_have_been_executed());
    assert!(TransportError::Interrupted { detail: Detail::default() }.may_have_been_executed());
}
