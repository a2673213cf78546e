use proptest::prelude::*;

use super::super::wire::{Device, Incoming, Outgoing};
use super::*;

fn list(json: &str) -> Vec<String> {
    let envelope = Envelope::read(json).unwrap();
    entries(envelope.devices()).into_iter().map(|raw| raw.get().to_owned()).collect()
}

#[test]
fn a_list_is_read_in_every_form() {
    for (json, expected) in [
        (r#"{"devices":[{"id":1},{"id":2}]}"#, vec![r#"{"id":1}"#, r#"{"id":2}"#]),
        (r#"{"device":[{"id":1}]}"#, vec![r#"{"id":1}"#]),
        (r#"{"devices":{"0":{"id":1},"7":{"id":2}}}"#, vec![r#"{"id":1}"#, r#"{"id":2}"#]),
        (r#"{"devices":{"name":"Empfang","id":1}}"#, vec![r#"{"name":"Empfang","id":1}"#]),
        (r#"{"devices":null,"device":[{"id":1}]}"#, vec![r#"{"id":1}"#]),
        (r#"{"devices":[]}"#, vec![]),
        (r#"{"devices":{}}"#, vec![]),
        (r#"{"devices":null}"#, vec![]),
        (r#"{"devices":false}"#, vec![]),
        (r#"{"devices":""}"#, vec![]),
        (r#"{}"#, vec![]),
    ] {
        assert_eq!(list(json), expected, "{json}");
    }
}

#[test]
fn the_body_says_whether_it_worked() {
    for (json, verdict, complaint) in [
        (r#"{"status":"ok"}"#, Verdict::Ok, None),
        (r#"{"status":"OK","error":null,"message":""}"#, Verdict::Ok, None),
        (r#"{"status":"error","reason":"session invalid","sid":null}"#, Verdict::Error, Some("session invalid")),
        (r#"{"status":"error","error":"","message":"no"}"#, Verdict::Error, Some("no")),
        (r#"{"status":"error","error":[],"reason":{"code":3}}"#, Verdict::Error, Some(r#"{"code":3}"#)),
        (r#"{"status":"error"}"#, Verdict::Error, None),
        (r#"{"error":"no"}"#, Verdict::Error, Some("no")),
        (r#"{"status":"pending"}"#, Verdict::Unclear, None),
        (r#"{"status":7}"#, Verdict::Unclear, None),
        (r#"{}"#, Verdict::Unclear, None),
    ] {
        let envelope = Envelope::read(json).unwrap();
        assert_eq!((envelope.verdict(), envelope.complaint().as_deref()), (verdict, complaint), "{json}");
    }
    for json in ["[]", "[1]", "null", "\"ok\"", "3", "", "{"] {
        assert!(Envelope::read(json).is_none(), "{json}");
    }
}

#[test]
fn a_sign_in_is_a_success_in_every_form_and_a_refusal_in_every_other() {
    for (json, expected) in [
        (r#"{"authenticated":true}"#, true),
        (r#"{"authenticated":1}"#, true),
        (r#"{"authenticated":"1"}"#, true),
        (r#"{"authenticated":"True"}"#, true),
        (r#"{}"#, true),
        (r#"{"authenticated":false}"#, false),
        (r#"{"authenticated":0}"#, false),
        (r#"{"authenticated":"0"}"#, false),
        (r#"{"authenticated":""}"#, false),
        (r#"{"authenticated":null}"#, false),
        (r#"{"authenticated":[]}"#, false),
        (r#"{"authenticated":"no"}"#, false),
    ] {
        assert_eq!(Envelope::read(json).unwrap().is_authenticated(), expected, "{json}");
    }
}

#[test]
fn a_complaint_tells_neither_session_nor_password_nor_number() {
    let json = r#"{"status":"error","error":{"sid":"0a1b2c3d-0000-4000-8000-00000000abcd","passwort":"geheim-7f3a",
        "text":"+4922166966966 unknown"}}"#;
    let told = Envelope::read(json).unwrap().complaint().unwrap();
    assert!(!told.contains("0a1b2c3d") && !told.contains("geheim") && !told.contains("66966966"), "{told}");
    assert!(told.contains("unknown"), "{told}");
    let json =
        r#"{"reason":"session 0A1B2c3d-0000-4000-8000-00000000abcd of é0a1b2c3d-0000-4000-8000-00000000abcd died"}"#;
    assert_eq!(Envelope::read(json).unwrap().complaint().unwrap(), "session [session] of é[session] died");
}

proptest! {
    #[test]
    fn no_text_breaks_the_reader(text in "\\PC{0,300}") {
        if let Some(envelope) = Envelope::read(&text) {
            let _ = (envelope.verdict(), envelope.complaint(), entries(envelope.devices()));
        }
        let _ = (record::<Incoming<'_>>(&text), record::<Outgoing<'_>>(&text));
    }

    #[test]
    fn no_json_breaks_the_reader(
        list in "(\\[|\\{|\"|[0-9]|null|true|,|:|\\]|\\}|\"id\"|\"date\"| ){0,40}",
        place in prop::sample::select(vec!["devices", "device", "journal", "evn", "error", "status", "authenticated"]),
    ) {
        let text = format!(r#"{{"status":"ok","{place}":{list}}}"#);
        if let Some(envelope) = Envelope::read(&text) {
            for raw in entries(envelope.devices()).into_iter().chain(entries(envelope.journal)) {
                let _ = (record::<Incoming<'_>>(raw.get()), record::<Outgoing<'_>>(raw.get()), record::<Device<'_>>(raw.get()));
            }
            let _ = (envelope.verdict(), envelope.complaint(), envelope.is_authenticated());
        }
    }
}
