use hmac::{Hmac, KeyInit, Mac};
use proptest::prelude::*;
use ringside_domain::{LegStep, NumberPlan};
use ringside_telephony::{AccountConfig, Provider, Surroundings};
use secrecy::ExposeSecret;
use serde_json::json;
use sha1::Sha1;
use sha2::Sha256;

use super::*;

const KEY: &str = "key-5e1f";
const POST_KEY: &str = "portal-07c3";

fn account() -> std::sync::Arc<dyn Provider> {
    let Value::Object(options) = json!({"numbers": {"+49 221 4710-900": "35"}}) else { unreachable!("an object") };
    let config = AccountConfig {
        id: "voice".into(),
        provider: "tenios".into(),
        base_url: None,
        username: None,
        secret: format!("{KEY} {POST_KEY}").into(),
        options,
        plan: NumberPlan::default(),
    };
    let surroundings = Surroundings { now: Timestamp::default, seed: 1, user_agent: "Ringside/0".into() };
    super::super::connect(config, surroundings).unwrap()
}

fn receive(account: &dyn Provider, headers: &[(&str, &[u8])], body: &str) -> Received {
    let push = Push { method: "POST", path: "/orders", query: "", headers, body: body.as_bytes() };
    account.pushes().unwrap().receive(&push, Timestamp::default())
}

fn post(kind: &str, key: &str, variables: Value) -> String {
    json!({"requestType": kind, "customerNumber": 1, "accessKey": key, "variables": variables}).to_string()
}

fn steps(received: &Received) -> Vec<(String, LegStep)> {
    let leg = |event: &Event| match event {
        Event::Leg(leg) => Some((leg.extension.to_string(), leg.step)),
        _ => None,
    };
    received.events.iter().filter_map(leg).collect()
}

#[test]
fn a_post_becomes_legs_of_the_line_that_was_called() {
    let account = account();
    let ended = LegStep::Ended(EndCause::Normal);
    let tell = |kind: &str, variables: Value| receive(&*account, &[], &post(kind, POST_KEY, variables));
    let call = json!({"call_uuid": "c-1", "destination_number": "+492214710900", "caller_id_number": "+4922166966966"});
    let started = tell("CALL_START", call.clone());
    assert_eq!(steps(&started), [("35".to_owned(), LegStep::Ringing)]);
    let Event::Leg(leg) = &started.events[0] else { panic!("a leg") };
    assert!(matches!(&leg.remote, Party::Number(number) if number.e164() == "+4922166966966"));
    assert_eq!((started.reply.status, started.refused), (200, None));
    assert_eq!(steps(&tell("FORWARD_ANSWER", call.clone())), [("35".to_owned(), LegStep::Connected)]);
    assert_eq!(steps(&tell("CALL_END", call.clone())), [("35".to_owned(), ended)]);
    assert_eq!(steps(&tell("CALL_START", call)), []);
    let national = json!({"call_uuid": "c-3", "destination_number": "0221 4710 900"});
    assert_eq!(steps(&tell("CALL_START", national)), [("35".to_owned(), LegStep::Ringing)]);
    // A number of nobody's is a line of its own.
    let other = json!({"correlation_id": "c-2", "destination_number": "+492214710"});
    assert_eq!(steps(&tell("CALL_START", other)), [("+492214710".to_owned(), LegStep::Ringing)]);
    assert_eq!(account.oddities(), []);
}

#[test]
fn posts_that_are_not_understood_are_taken_and_counted() {
    let account = account();
    let call = json!({"call_uuid": "c-1", "destination_number": "+492214710900", "x": {"deep": [1]}, "n": 7});
    let strange = receive(&*account, &[], &post("CALL_TELEPORTED", POST_KEY, call));
    assert_eq!(steps(&strange), [("35".to_owned(), LegStep::Other)]);
    for variables in [json!({}), json!([1]), json!({"call_uuid": "x".repeat(100_000)})] {
        let body = post("CALL_START", POST_KEY, variables);
        let received = receive(&*account, &[], &body);
        assert_eq!((received.events.len(), received.reply.status), (0, 200), "a repeat would help nobody");
    }
    let control = receive(&*account, &[], &post("EXTERNAL_CALL_CONTROL", POST_KEY, json!({})));
    assert_eq!(control.reply.body, br#"{"blocks":[]}"#);
    let places: Vec<_> = account.oddities().into_iter().map(|it| (it.place, it.count)).collect();
    assert_eq!(places, [("posts.requestType".to_owned(), 1), ("posts".to_owned(), 3)]);
}

#[test]
fn hostile_words_are_tamed_and_numbers_are_masked() {
    let account = account();
    let variables = json!({"call_uuid": "c-1", "destination_number": "<b>\u{202e}\n".repeat(9_000),
        "caller_id_number": "<script>alert(1)</script>\u{202e}"});
    let received = receive(&*account, &[], &post("CALL_+492214710123", POST_KEY, variables.clone()));
    let Event::Leg(leg) = &received.events[0] else { panic!("a leg") };
    let text = |party: &Party| match party {
        Party::Code(code) => code.to_string(),
        other => panic!("{other:?}"),
    };
    for shown in [leg.extension.to_string(), text(&leg.remote), text(&leg.our_number)] {
        assert!(shown.chars().count() <= Label::MAX_CHARS && !shown.contains(['\u{202e}', '\n']), "{shown}");
    }
    assert!(!format!("{:?}", account.oddities()).contains("4710123"), "{:?}", account.oddities());
}

#[test]
fn what_is_not_proven_is_turned_away_and_tells_nothing() {
    let account = account();
    let secret = account.pushes().unwrap().secret().unwrap();
    let call = json!({"call_uuid": "c-1", "destination_number": "+492214710900"});
    let order = |secret: &str| json!({"order_id": 7, "push_secret": secret}).to_string();
    for body in [
        // The access key does not prove a post where the portal has a key of its own, nor does an order's secret.
        post("CALL_START", KEY, call.clone()),
        post("CALL_START", secret.expose_secret(), call.clone()),
        post("CALL_START", "", call.clone()),
        json!({"requestType": "CALL_START", "variables": call}).to_string(),
        json!({"requestType": 7, "accessKey": [POST_KEY]}).to_string(),
        order(""),
        order("wrong"),
        order(POST_KEY),
        order(KEY),
        r#"{"order_id": 7}"#.into(),
        String::new(),
        "{".into(),
        "[]".into(),
        format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000)),
    ] {
        let received = receive(&*account, &[("authorization", b""), ("x-tenios-signature", b"")], &body);
        assert_eq!(received.reply.status, 403, "{}", &body[..body.len().min(80)]);
        assert!(received.reply.body.is_empty() && received.events.is_empty() && received.order.is_none());
        let problem = received.refused.unwrap();
        assert_eq!(problem.code, "push_unproven");
        assert!(!problem.hint.is_empty());
    }
    assert_eq!(account.oddities(), [], "a stranger must not fill the diagnostics");
    // After all that the call is still unknown.
    assert_eq!(receive(&*account, &[], &post("CALL_START", POST_KEY, call)).events.len(), 1);
}

#[test]
fn too_large_a_push_and_one_that_is_no_post_are_not_even_read() {
    let account = account();
    let body = post("CALL_START", POST_KEY, json!({"call_uuid": "c", "x": "y".repeat(10 << 20)}));
    let large = receive(&*account, &[], &body);
    assert_eq!((large.reply.status, large.refused.unwrap().code), (413, "push_too_large"));
    let push = Push { method: "GET", path: "", query: "accessKey=portal-07c3", headers: &[], body: b"" };
    let read = account.pushes().unwrap().receive(&push, Timestamp::default());
    assert_eq!((read.reply.status, read.refused.unwrap().code), (405, "push_not_post"));
}

#[test]
fn an_orders_push_is_proven_in_every_plausible_way() {
    let account = account();
    let secret = account.pushes().unwrap().secret().unwrap();
    let secret = secret.expose_secret();
    let body = r#"{"orderId": 4711, "status": "COMPLETED", "numbers": ["+49221555", {"number": "+49221556"}]}"#;
    let mut long = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    long.update(body.as_bytes());
    let long = long.finalize().into_bytes();
    let mut short = Hmac::<Sha1>::new_from_slice(secret.as_bytes()).unwrap();
    short.update(body.as_bytes());
    let short = short.finalize().into_bytes();
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02X}")).collect::<String>();
    use base64::Engine as _;
    let base64 = base64::prelude::BASE64_STANDARD.encode(long);
    for (name, value) in [
        ("x-push-secret", secret.to_owned()),
        ("authorization", secret.to_owned()),
        ("authorization", format!("Bearer {secret}")),
        ("x-tenios-token", secret.to_owned()),
        ("x-signature", hex(&long)),
        ("x-hub-signature-256", format!("sha256={}", hex(&long).to_lowercase())),
        ("x-tenios-signature", base64.clone()),
        ("signature", base64.trim_end_matches('=').to_owned()),
        ("x-signature", hex(&short)),
    ] {
        let received = receive(&*account, &[("host", b"x"), (name, value.as_bytes())], body);
        let order = received.order.unwrap_or_else(|| panic!("{name}"));
        assert_eq!((order.order.as_str(), order.state), ("4711", OrderState::Completed));
        assert_eq!(order.numbers, [Label::new("+49221555"), Label::new("+49221556")]);
        let changed = receive(&*account, &[("x-signature", value.as_bytes())], &format!("{body} "));
        assert_eq!(changed.reply.status, 403, "a signature holds for its body alone");
    }
    for field in SECRET_FIELDS {
        let form = format!("{field}={secret}&id=9&phone_number=%2B49221555&state=paused");
        let order = receive(&*account, &[], &form).order.unwrap_or_else(|| panic!("{field}"));
        assert_eq!(order.state, OrderState::Other(Label::new("paused")));
        assert_eq!((order.order.as_str(), order.numbers), ("9", vec![Label::new("+49221555")]));
    }
}

#[test]
fn the_drawn_secret_is_the_same_after_a_restart_and_shows_nothing_of_the_key() {
    let drawn = || account().pushes().unwrap().secret().unwrap().expose_secret().to_owned();
    assert_eq!(drawn(), drawn());
    assert!(drawn().len() <= 64 && !drawn().contains(KEY));
}

#[test]
fn an_order_without_id_is_counted_without_its_values() {
    let account = account();
    let secret = account.pushes().unwrap().secret().unwrap();
    let body = json!({"pushSecret": secret.expose_secret(), "note": "canary-1"}).to_string();
    let received = receive(&*account, &[], &body);
    assert_eq!((received.reply.status, received.order), (200, None));
    let oddities = format!("{:?}", account.oddities());
    assert!(oddities.contains("note") && !oddities.contains("canary") && !oddities.contains(secret.expose_secret()));
}

#[test]
fn a_failed_order_is_told_as_failed() {
    let account = account();
    let secret = account.pushes().unwrap().secret().unwrap();
    let body = json!({"id": "9", "order_status": "Rejected", "secret": secret.expose_secret()}).to_string();
    assert_eq!(receive(&*account, &[], &body).order.unwrap().state, OrderState::Failed);
}

proptest! {
    #[test]
    fn no_push_is_too_strange(body in proptest::collection::vec(any::<u8>(), 0..300), value in any::<String>(),
                              header in proptest::collection::vec(any::<u8>(), 0..80)) {
        let account = account();
        let headers: [(&str, &[u8]); 2] = [("x-signature", &header), ("authorization", &header)];
        let push = Push { method: "POST", path: "", query: "", headers: &headers, body: &body };
        prop_assert_eq!(account.pushes().unwrap().receive(&push, Timestamp::default()).reply.status, 403);
        let call = json!({"call_uuid": value, "destination_number": value, "caller_id_number": value, "sip_user": value});
        for kind in ["CALL_START", "INITIATE_FORWARD", "FORWARD_ANSWER", "CALL_END", value.as_str()] {
            let received = receive(&*account, &[], &post(kind, POST_KEY, call.clone()));
            prop_assert_eq!(received.reply.status, 200);
        }
    }
}
