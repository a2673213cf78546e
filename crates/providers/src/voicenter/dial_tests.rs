use bytes::Bytes;
use proptest::prelude::*;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use ringside_domain::{PhoneNumber, Timestamp};

use super::*;

fn answer(kind: &'static str, body: &str) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    Response::new(StatusCode::OK, headers, Bytes::copy_from_slice(body.as_bytes()), Timestamp::default())
}

fn read(kind: &'static str, body: &str) -> Option<(i64, Option<String>)> {
    clicked(&answer(kind, body)).map(|it| (it.error, it.call))
}

#[test]
fn answers_are_read_in_json_and_xml_whatever_their_case() {
    let yes = Some((0, Some("20260101x".to_owned())));
    for (kind, body, expected) in [
        ("application/json", r#"{"ERRORCODE":0,"ERRORMESSAGE":"OK","CALLID":"20260101x"}"#, yes.clone()),
        ("text/html", r#"{"errorcode":"0","CallId":"20260101x"}"#, yes.clone()),
        ("application/json", r#"{"ERRORCODE":3,"CALLID":""}"#, Some((3, None))),
        ("application/json", r#"{"ERRORCODE":0,"CALLID":null}"#, Some((0, None))),
        (
            "text/xml",
            "<?xml version=\"1.0\"?><methodResponse><struct><member><name>ERRORCODE</name><value><int>0</int></value></member>\
             <member><name>CALLID</name><value><string>20260101x</string></value></member></struct></methodResponse>",
            yes.clone(),
        ),
        (
            "text/html",
            "<methodResponse><member><name>ERRORCODE</name><value>0</value></member><member><name>CALLID</name> \
             <value><string> 20260101x </string></value></member></methodResponse>",
            yes,
        ),
        ("application/json", r#"{"CALLID":"20260101x"}"#, None),
        ("application/json", "[]", None),
        ("text/html", "<html><title>Sign in</title></html>", None),
        ("text/plain", "", None),
    ] {
        assert_eq!(read(kind, body), expected, "{body}");
    }
}

#[test]
fn each_error_says_what_to_do() {
    for (error, words, code) in [
        (1, "Bad parameters", "refused"),
        (1, "IP address is not authorized", "address_not_allowed"),
        (1, "Authorization failed", "sign_in_refused"),
        (2, "application error", "refused"),
        (3, "offline", "refused"),
        (4, "blocked", "forbidden"),
        (77, "", "refused"),
    ] {
        let clicked = Clicked { error, words: words.into(), call: None };
        let refused = clicked.check("the extension SIP31").unwrap_err();
        assert_eq!(refused.code(), code, "{error} {words}");
        assert!(!refused.is_transient(), "nothing invites to a repeat: {refused}");
    }
}

#[test]
fn numbers_go_without_plus_and_emergency_calls_not_at_all() {
    let number = DialTarget::Number(PhoneNumber::from_e164("+972501234567").unwrap());
    assert_eq!(target(&number).unwrap(), "972501234567");
    assert_eq!(target(&DialTarget::Code("*42".into())).unwrap(), "*42");
    for code in EMERGENCY {
        assert!(target(&DialTarget::Code(code.into())).unwrap_err().to_string().contains("your phone"));
    }
}

proptest! {
    #[test]
    fn no_answer_panics(body in proptest::collection::vec(any::<u8>(), 0..300), xml in any::<String>()) {
        let text = format!("<name>ERRORCODE</name>{xml}<value>{}</value>", String::from_utf8_lossy(&body));
        let _ = read("text/xml", &text);
        let _ = read("application/json", &String::from_utf8_lossy(&body));
    }
}
