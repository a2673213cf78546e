//! Nasty input: nothing panics, and what follows is still read.

use ringside_transport::json;
use ringside_transport::sse::{Frame, SseParser};
use serde_json::Value;
use serde_json::value::RawValue;

/// Bodies in the manner of JSONTestSuite, and worse.
fn nasty() -> Vec<Vec<u8>> {
    let mut bodies: Vec<Vec<u8>> = [
        "",
        " ",
        "\0",
        "{",
        "}",
        "[",
        "]",
        "{}x",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{\"a\"}",
        "{\"a\":}",
        "{a:1}",
        "{'a':1}",
        "[-]",
        "[+1]",
        "[01]",
        "[1.]",
        "[.1]",
        "[1e]",
        "[NaN]",
        "[Infinity]",
        "[0x1]",
        "\"\\u\"",
        "\"\\uD800\"",
        "\"\\uDC00\\uD800\"",
        "\"\\x\"",
        "\"a\nb\"",
        "[\"\t\"]",
        "\"",
        "tru",
        "nul",
        "[True]",
        "/* c */ 1",
        "1 // c",
        "[1]\0",
        "\u{feff}\u{feff}{}",
        "\u{2060}1",
        "[1e99999]",
        "[1e-99999]",
        "data:",
        "data: ",
        "data: {",
        "data\n\n",
        ":",
        ":\n\n",
        "event: x\n\n",
        "id: 1\ndata: \0\n\n",
        "<",
        "<>",
        "<!",
        "<?",
        "<title>",
        "</title>",
        "\r\r\r",
        "data: {\"a\":\rdata: 1}\r\r",
    ]
    .iter()
    .map(|text| text.as_bytes().to_vec())
    .collect();
    let deep = 100_000;
    bodies.push(b"[".repeat(deep));
    bodies.push([b"[".repeat(deep), b"]".repeat(deep)].concat());
    bodies.push(b"{\"a\":".repeat(deep));
    bodies.push([b"{\"a\":[".repeat(deep), b"1".to_vec(), b"]}".repeat(deep)].concat());
    bodies.push([b"data: ".to_vec(), b"[{\"\":".repeat(deep)].concat());
    bodies.push(b"<".repeat(deep));
    bodies.push(b"<title>".repeat(deep));
    bodies.push([b"[".to_vec(), b"9".repeat(deep), b"]".to_vec()].concat());
    bodies.push([b"\"".to_vec(), b"\\".repeat(deep + 1), b"\"".to_vec()].concat());
    for junk in [
        &b"\xFF\xFE\x7B\x00\x7D\x00"[..],
        b"\xC0\xAF",
        b"[\"\xED\xA0\x80\"]",
        b"[\"\xF4\x90\x80\x80\"]",
        b"\x80",
        b"\x1f\x8b\x08\x00",
    ] {
        bodies.push(junk.to_vec());
    }
    let valid = br#"[{"uuid":"31@K7001","n":1.5e3,"x":[null,true,"\u00e4"]}]"#;
    bodies.extend((0..valid.len()).map(|cut| valid[..cut].to_vec()));
    bodies.extend((0..valid.len()).map(|at| {
        let mut broken = valid.to_vec();
        broken[at] ^= 0x80;
        broken
    }));
    bodies
}

#[test]
fn no_json_garbage_panics_or_overflows_and_errors_stay_short() {
    for body in nasty() {
        for kind in [None, Some("application/json"), Some("text/html"), Some("\u{fffd}")] {
            let as_value = json::decode::<Value>(&body, kind).map(|_| ());
            let as_raw = json::decode::<Box<RawValue>>(&body, kind).map(|_| ());
            let as_nothing = json::decode::<serde::de::IgnoredAny>(&body, kind).map(|_| ());
            for error in [as_value, as_raw, as_nothing].into_iter().filter_map(Result::err) {
                assert!(error.to_string().chars().count() < 300, "{error}");
            }
        }
    }
}

#[test]
fn depth_bombs_are_refused() {
    for opening in [&b"["[..], b"{\"a\":", b"data: [[[["] {
        let error = json::decode::<Value>(&opening.repeat(100_000), None).unwrap_err();
        assert_eq!(error.code(), "not_json");
    }
    let nested = [b"[".repeat(100), b"]".repeat(100)].concat();
    assert!(json::decode::<Value>(&nested, None).is_ok(), "a hundred levels are within reason");
}

#[test]
fn every_garbage_is_survived_by_the_event_stream_too() {
    for body in nasty() {
        for size in [1, 7, 4096] {
            if body.len() > 10_000 && size == 1 {
                continue;
            }
            let (mut parser, mut after) = (SseParser::new(), Vec::new());
            let mut keep = |frame: Frame<'_>| {
                if let Frame::Event { event: "canary", data, .. } = frame {
                    after.push(data.to_owned());
                }
            };
            for chunk in body.chunks(size) {
                parser.feed(chunk, &mut keep);
            }
            parser.feed(b"\n\nevent: canary\ndata: alive\n\n", &mut keep);
            assert_eq!(after, ["alive"], "after {:?}", String::from_utf8_lossy(&body[..body.len().min(60)]));
        }
    }
}
