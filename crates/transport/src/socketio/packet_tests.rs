use proptest::prelude::*;
use serde_json::json;

use super::*;

#[test]
fn each_packet_by_example() {
    for (text, packet) in [
        (r#"0{"sid":"a","pingInterval":25000}"#, Packet::Open(r#"{"sid":"a","pingInterval":25000}"#)),
        ("1", Packet::Close),
        ("2", Packet::Ping("")),
        ("2probe", Packet::Ping("probe")),
        ("3", Packet::Pong),
        ("40", Packet::Connected),
        (r#"40{"sid":"b"}"#, Packet::Connected),
        ("41", Packet::Disconnected),
        (r#"42["a",{}]"#, Packet::Event(r#"["a",{}]"#)),
        (r#"4217["a"]"#, Packet::Event(r#"["a"]"#)),
        (r#"42/monitor,["a"]"#, Packet::Event(r#"["a"]"#)),
        (r#"42/monitor,9["a"]"#, Packet::Event(r#"["a"]"#)),
        ("42/monitor", Packet::Event("")),
        (r#"4317[]"#, Packet::Idle),
        (r#"44"Authentication error""#, Packet::Refused(r#""Authentication error""#)),
        ("451-[]", Packet::Unknown),
        ("5", Packet::Idle),
        ("6", Packet::Idle),
        ("", Packet::Unknown),
        ("4", Packet::Unknown),
        ("b4AAAA", Packet::Unknown),
        ("data: x", Packet::Unknown),
        ("\u{feff}0", Packet::Unknown),
    ] {
        assert_eq!(read(text), packet, "{text}");
    }
}

#[test]
fn events_are_taken_apart_and_put_together() {
    for (json, expected) in [
        (r#"["a",{"b":[1]},2]"#, Some(("a", r#"{"b":[1]}"#))),
        (r#"["\u0061"]"#, Some(("a", "null"))),
        (r#" [ "a" , 7 ] "#, Some(("a", "7"))),
        ("[]", None),
        ("[1]", None),
        ("{}", None),
        (r#"["a",{"b":"#, None),
        ("", None),
    ] {
        let event = take_apart(json);
        assert_eq!(event.as_ref().map(|it| (it.name.as_str(), it.data)), expected, "{json}");
    }
    assert_eq!(event("resync", Some(&json!({"cache": false}))), r#"42["resync",{"cache":false}]"#);
    assert_eq!(event("close\"me", None), r#"42["close\"me"]"#);
}

#[test]
fn openings_are_read_whatever_their_numbers_are_written_as() {
    for (json, interval) in [
        (r#"{"pingInterval":25000,"pingTimeout":5000}"#, Some(25000.0)),
        (r#"{"pingInterval":"25000"}"#, Some(25000.0)),
        (r#"{"pingInterval":null}"#, None),
        (r#"{"pingInterval":[1],"sid":7}"#, None),
        ("{}", None),
    ] {
        assert_eq!(serde_json::from_str::<Opening>(json).unwrap().interval, interval, "{json}");
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in any::<String>()) {
        if let Packet::Event(json) = read(&text) {
            let _ = take_apart(json);
        }
    }

    #[test]
    fn no_text_after_a_good_beginning_panics(text in any::<String>()) {
        for start in ["42", "42[", "42[\"a\",", "44", "0{", "42/", "42/a,1["] {
            if let Packet::Event(json) = read(&format!("{start}{text}")) {
                let _ = take_apart(json);
            }
        }
    }

    #[test]
    fn what_we_send_is_read_back(name in any::<String>(), text in any::<String>(), number in any::<i64>()) {
        let data = json!({"text": text, "number": number});
        let sent = event(&name, Some(&data));
        let Packet::Event(json) = read(&sent) else { panic!("an event: {sent}") };
        let read = take_apart(json).unwrap();
        prop_assert_eq!(read.name, name);
        prop_assert_eq!(serde_json::from_str::<serde_json::Value>(read.data).unwrap(), data);
    }
}
