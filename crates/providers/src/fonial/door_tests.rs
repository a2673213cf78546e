use proptest::prelude::*;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use ringside_domain::Timestamp;
use ringside_telephony::ProviderError;

use super::super::trouble::{refusal, refusal_of_a_dial};
use super::*;

fn response(status: u16, body: &[u8]) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/json;charset=UTF-8"));
    Response::new(StatusCode::from_u16(status).unwrap(), headers, body.to_vec().into(), Timestamp::UNIX_EPOCH)
}

/// The caller's code, or `ok`; the same for a dial.
fn told(status: u16, body: &str) -> (&'static str, &'static str) {
    match judge(&response(status, body.as_bytes()), &Oddities::default()) {
        Ok(_) => ("ok", "ok"),
        Err(trouble) => (refusal(&trouble, "the list").code(), refusal_of_a_dial(&trouble).code()),
    }
}

#[test]
fn the_body_goes_before_the_status() {
    for (status, body, expected, of_a_dial) in [
        (200, r#"{"status":"ok"}"#, "ok", "ok"),
        (200, "\u{feff}{\"status\":\"ok\"}", "ok", "ok"),
        (400, r#"{"status":"ok"}"#, "ok", "ok"),
        (200, r#"{"status":"error","error":"no"}"#, "refused", "refused"),
        (200, r#"{"status":"error"}"#, "refused", "refused"),
        (200, r#"{"error":"no"}"#, "refused", "refused"),
        (200, r#"{"status":"error","reason":"Session expired"}"#, "server_trouble", "server_trouble"),
        (401, r#"{"status":"error","reason":"who?"}"#, "sign_in_refused", "sign_in_refused"),
        (401, "", "sign_in_refused", "sign_in_refused"),
        (400, r#"{"status":"error","error":"no"}"#, "refused", "refused"),
        (403, r#"{"status":"error","error":"no"}"#, "forbidden", "forbidden"),
        (404, r#"{"status":"error","error":"no"}"#, "no_such_address", "refused"),
        (429, r#"{"status":"error","error":"slow down"}"#, "rate_limited", "rate_limited"),
        (500, r#"{"status":"error","error":"no"}"#, "server_trouble", "server_trouble"),
        (504, r#"{"status":"error","error":"no"}"#, "server_trouble", "unconfirmed"),
        (500, "", "server_trouble", "unconfirmed"),
        (524, "<html><title>A timeout occurred</title>", "server_trouble", "unconfirmed"),
        (403, "<html><title>Just a moment</title>", "forbidden", "forbidden"),
        (404, "<html><title>Kundenkonto</title>", "bad_answer", "bad_answer"),
        (200, "<html><title>Guest Wi-Fi</title>", "bad_answer", "unconfirmed"),
        (200, r#"{"status":"pending"}"#, "bad_answer", "unconfirmed"),
        (200, r#"{}"#, "bad_answer", "unconfirmed"),
        (200, "[]", "bad_answer", "unconfirmed"),
        (200, "null", "bad_answer", "unconfirmed"),
        (200, "", "bad_answer", "unconfirmed"),
        (200, r#"{"status":"#, "bad_answer", "unconfirmed"),
    ] {
        assert_eq!(told(status, body), (expected, of_a_dial), "{status} {body}");
    }
}

#[test]
fn a_list_is_taken_whatever_word_stands_beside_it() {
    let oddities = Oddities::default();
    let answer = judge(&response(200, br#"{"status":"partial","devices":[{"id":1}]}"#), &oddities).ok();
    assert!(answer.is_some_and(|answer| answer.envelope().devices().is_some()));
    assert_eq!((oddities.list()[0].place.as_str(), oddities.list()[0].excerpt.as_str()), ("status", "partial"));
}

#[test]
fn a_reason_is_told_whole_and_a_retry_is_kept() {
    let mut answer = response(429, br#"{"status":"error","reason":"slow down"}"#);
    answer.retry_after = Some(Duration::from_secs(7));
    let trouble = judge(&answer, &Oddities::default()).err().unwrap();
    assert_eq!(refusal(&trouble, "the list").retry_after(), Some(Duration::from_secs(7)));
    let Trouble::Answered(error) = trouble else { panic!("{trouble:?}") };
    assert!(error.to_string().contains("slow down"), "{error}");
}

#[test]
fn depth_does_not_reach_the_stack() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for place in ["devices", "status", "error", "authenticated", "what"] {
        let body = format!(r#"{{"{place}":{deep},"status":"ok"}}"#);
        let _ = judge(&response(200, body.as_bytes()), &Oddities::default());
    }
    let _ = judge(&response(200, deep.as_bytes()), &Oddities::default());
}

proptest! {
    /// Whatever comes back from a dial: unless the API itself said no, nobody is invited to try again.
    #[test]
    fn no_answer_invites_a_second_call(
        status in prop::sample::select(vec![200_u16, 201, 204, 302, 400, 401, 403, 404, 408, 409, 429, 500, 502, 503, 520, 530]),
        body in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..200),
            "(\\{|\\}|\\[|\\]|\"status\"|\"ok\"|\"error\"|\"reason\"|:|,|null|1|<html>){0,20}".prop_map(String::into_bytes),
        ],
    ) {
        let Err(trouble) = judge(&response(status, &body), &Oddities::default()) else { return Ok(()) };
        let error = refusal_of_a_dial(&trouble);
        let own_words = matches!(trouble, Trouble::Answered(_) | Trouble::Session { .. } | Trouble::Said(_));
        let waits = matches!(error, ProviderError::RateLimited { .. });
        prop_assert!(own_words || waits || !error.is_transient(), "{status}: {trouble:?}");
    }
}
