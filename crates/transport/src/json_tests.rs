//! What services send instead of JSON.

use serde_json::Value;

use super::*;

fn read(body: &[u8]) -> Result<Value, TransportError> {
    decode(body, Some("application/json"))
}

#[test]
fn json_is_found_in_its_wrappings() {
    let bodies: &[&[u8]] = &[
        b"{\"a\":1}",
        b"\xEF\xBB\xBF{\"a\":1}",
        b"\r\n  {\"a\":1}\n",
        b"data: {\"a\":1}",
        b"data:{\"a\":1}\n\n",
        b": hello\nevent: call\ndata: {\"a\":\ndata: 1}\n\ndata: {\"a\":2}\n\n",
        b"\xEF\xBB\xBFid: 4\r\ndata: {\"a\":1}\r\n\r\n",
    ];
    for body in bodies {
        assert_eq!(read(body).unwrap(), serde_json::json!({"a": 1}), "{}", String::from_utf8_lossy(body));
    }
}

#[test]
fn a_web_page_is_named_with_its_title() {
    let table: &[(&str, &[u8], Option<&str>)] = &[
        (
            "application/json",
            b"<!DOCTYPE html><html><head><TITLE lang=de>Anmeldung\n im  Hotel</title>",
            Some("Anmeldung im Hotel"),
        ),
        ("application/json", b"\xEF\xBB\xBF \n<html><body>502", None),
        ("text/html; charset=utf-8", b"Bad gateway", None),
        ("text/html", b"<title></title>", None),
        ("text/html", b"<title>never closed", Some("never closed")),
        ("text/html", b"<title", None),
    ];
    for (kind, body, title) in table {
        let error = decode::<Value>(body, Some(kind)).unwrap_err();
        assert_eq!(error, TransportError::Html { title: title.map(str::to_owned) });
    }
}

#[test]
fn a_title_is_cut_and_masked() {
    let page = format!("<title>{} \u{202e}+49 30 1234567</title>", "x ".repeat(20));
    let Err(TransportError::Html { title: Some(title) }) = read(page.as_bytes()) else { panic!("a page") };
    assert!(title.ends_with("+49 30 1234•••") && !title.contains('\u{202e}'), "{title}");
    let page = format!("<title>{}</title>", "wörter ".repeat(10_000));
    let Err(TransportError::Html { title: Some(title) }) = read(page.as_bytes()) else { panic!("a page") };
    assert!(title.chars().count() <= 120);
}

#[test]
fn json_labelled_as_html_is_still_json_and_xml_is_not_html() {
    assert_eq!(decode::<Value>(b"{\"a\":1}", Some("text/html")).unwrap()["a"], 1);
    assert!(matches!(
        decode::<Value>(b"<?xml version=\"1.0\"?><a/>", Some("text/xml")),
        Err(TransportError::NotJson { .. })
    ));
}

#[test]
fn an_error_tells_the_place_and_never_the_content() {
    #[derive(Debug, serde::Deserialize)]
    #[expect(dead_code, reason = "only the error is looked at")]
    struct Tokens {
        #[serde(rename = "access-token")]
        access: u8,
    }
    for body in [
        r#"{"access-token":"canary"}"#,
        r#"{"access-token": canary}"#,
        "\"canary\"",
        r#"{"canary":1}"#,
        r#"{"a":"canary"#,
    ] {
        let error = decode::<Tokens>(body.as_bytes(), None).unwrap_err();
        assert!(matches!(error, TransportError::NotJson { line: 1, .. }));
        assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
    }
    let missing = decode::<Tokens>(b"{}", None).unwrap_err();
    assert!(missing.to_string().contains("missing field `access-token`"), "{missing}");
    assert!(read(b"{\"a\":").unwrap_err().to_string().contains("ends too early"));
    assert!(read(b"").unwrap_err().to_string().contains("ends too early"));
}
