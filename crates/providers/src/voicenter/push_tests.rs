use proptest::prelude::*;
use ringside_domain::{NumberPlan, Outcome, Party, PhoneNumber};
use ringside_telephony::{AccountConfig, Surroundings};

use super::*;

const NOW: &str = "2026-03-02T09:20:00Z";

fn account() -> std::sync::Arc<dyn ringside_telephony::Provider> {
    let config = AccountConfig {
        id: "clinic".into(),
        provider: "voicenter".into(),
        base_url: None,
        username: None,
        secret: "CODE".into(),
        options: Default::default(),
        plan: NumberPlan { region: "IL".into(), ..NumberPlan::default() },
    };
    let surroundings = Surroundings { now: Timestamp::default, seed: 7, user_agent: "Ringside/0.1.0".into() };
    crate::voicenter::connect(config, surroundings).unwrap()
}

fn receive(method: &str, query: &str, body: &[u8]) -> Received {
    let push = Push { method, path: "", query, headers: &[], body };
    account().pushes().unwrap().receive(&push, NOW.parse().unwrap())
}

fn answer(received: &Received) -> Value {
    assert_eq!((received.reply.status, received.reply.content_type), (200, "application/json"));
    serde_json::from_slice(&received.reply.body).unwrap()
}

fn leg(received: &Received) -> LegUpdate {
    match &received.events[..] {
        [Event::Leg(leg)] => leg.clone(),
        other => panic!("one leg: {other:?}"),
    }
}

fn number(e164: &str) -> Party {
    Party::Number(PhoneNumber::from_e164(e164).unwrap())
}

#[test]
fn a_pop_up_is_a_leg_in_each_of_its_forms() {
    let json = br#"{"phone":"972501234567","ivrid":"x1","extenUser":"SIP31","did":"0722000000","status":"Ringing",
        "direction":"Incoming","callStarted":1767268800,"currentCall":{"ivrid":"x1"}}"#;
    for (method, query, body) in [
        ("GET", "phone=0501234567&ivrid=x1&extenUser=SIP31&did=0722000000&statusCall=Ringing", &b""[..]),
        ("POST", "", b"phone=0501234567&ivrid=x1&extenUser=SIP31&did=0722000000&status=Ringing"),
        ("POST", "", json),
    ] {
        let received = receive(method, query, body);
        let expected = LegUpdate {
            call: CallId::new("x1"),
            extension: ExtensionId::new("SIP31"),
            direction: Some(Direction::Inbound),
            step: LegStep::Ringing,
            remote: number("+972501234567"),
            our_number: number("+972722000000"),
            at: NOW.parse().unwrap(),
        };
        assert_eq!(leg(&received), expected, "{method} {query}");
        assert_eq!(answer(&received)["STATUS"], "OK");
        assert!(received.refused.is_none() && received.past.is_empty());
    }
}

#[test]
fn each_status_of_a_pop_up_is_a_step() {
    for (query, step, direction) in [
        ("statusCall=Dialing", LegStep::Dialing, Some(Direction::Outbound)),
        ("statusCall=Talking", LegStep::Connected, None),
        ("statusCall=Hangup&cause=User%20busy", LegStep::Ended(EndCause::Busy), None),
        ("status=hangup", LegStep::Ended(EndCause::Normal), None),
        ("status=Ringing&direction=Click2Call", LegStep::Dialing, Some(Direction::Outbound)),
        ("status=Levitating", LegStep::Other, None),
    ] {
        let leg = leg(&receive("GET", &format!("ivrid=x1&extenUser=SIP31&phone=0501234567&{query}"), b""));
        assert_eq!((leg.step, leg.direction), (step, direction), "{query}");
    }
}

#[test]
fn a_notification_is_a_past_call_in_each_of_its_forms() {
    // 11:15 in Israel, where it is 09:15 UTC in winter.
    let epoch = "2026-03-02T11:15:00Z".parse::<Timestamp>().unwrap().as_second();
    let form = format!(
        "caller=0501234567&target=0722000000&time={epoch}&duration=65&dialtime=5&ivruniqueid=x1&type=1&status=ANSWER\
         &targetextension=SIP31&callerextension=&did=0722000000&price=0"
    );
    let json = format!(
        r#"{{"caller":"0501234567","target":"0722000000","time":{epoch},"duration":65,"dialtime":"5","ivruniqueid":"x1",
            "status":"ANSWER","targetextension":"SIP31","did":"0722000000","IVR":"[{{\"layer_id\":1}}]","aiData":{{}}}}"#
    );
    let members = [
        ("caller", "0501234567".to_owned()),
        ("target", "0722000000".into()),
        ("time", epoch.to_string()),
        ("duration", "65".into()),
        ("dialtime", "5".into()),
        ("ivruniqueid", "x1".into()),
        ("status", "ANSWER".into()),
        ("targetextension", "SIP31".into()),
        ("did", "0722000000".into()),
    ]
    .map(|(name, value)| format!("<member><name>{name}</name><value><string>{value}</string></value></member>"));
    let xml = format!("<?xml version=\"1.0\"?><methodCall><struct>{}</struct></methodCall>", members.concat());
    let mut calls = Vec::new();
    for body in [form, json, xml] {
        let received = receive("POST", "", body.as_bytes());
        let reply = answer(&received);
        assert_eq!(
            (&reply["Err"], &reply["err"], &reply["Errdesc"], &reply["errdesc"]),
            (&json!(0), &json!(0), &json!("OK"), &json!("OK"))
        );
        assert!(received.events.is_empty() && received.refused.is_none());
        calls.extend(received.past);
    }
    let expected = PastCall {
        id: CallId::new("x1"),
        extension: Some(ExtensionId::new("SIP31")),
        direction: Direction::Inbound,
        remote: number("+972501234567"),
        our_number: number("+972722000000"),
        started_at: "2026-03-02T09:15:00Z".parse().unwrap(),
        answered_at: Some("2026-03-02T09:15:05Z".parse().unwrap()),
        ended_at: Some("2026-03-02T09:16:10Z".parse().unwrap()),
        outcome: Outcome::Answered,
        word: "ANSWER".into(),
    };
    assert_eq!(calls, [expected.clone(), expected.clone(), expected], "the same, however often and in whatever form");
}

#[test]
fn israels_clock_is_read_across_its_changes() {
    for (shown, utc) in [
        ("2026-01-15T12:00:00Z", "2026-01-15T10:00:00Z"),
        ("2026-07-15T12:00:00Z", "2026-07-15T09:00:00Z"),
        ("2026-10-24T23:30:00Z", "2026-10-24T20:30:00Z"),
        ("2026-10-25T03:30:00Z", "2026-10-25T01:30:00Z"),
    ] {
        let shown: Timestamp = shown.parse().unwrap();
        assert_eq!(israel(shown.as_second()).unwrap().to_string(), utc, "{shown}");
    }
    assert_eq!(israel(i64::MAX), None);
}

#[test]
fn outward_calls_and_calls_from_the_future_are_told_as_they_are_known() {
    let received = receive(
        "POST",
        "",
        b"ivruniqueid=x2&caller=0722000000&target=0501234567&callerextension=SIP31&time=99999999999&status=CANCEL&duration=0",
    );
    let call = &received.past[0];
    assert_eq!(
        (call.direction, call.outcome, call.started_at.to_string()),
        (Direction::Outbound, Outcome::Cancelled, NOW.into())
    );
    assert_eq!(call.remote, number("+972501234567"));
}

#[test]
fn an_external_layer_goes_its_own_way() {
    let received =
        receive("POST", "", br#"{"METHOD":"IVR_LAYER_INPUT","DATA":{"DID":"0722000000","IVR_UNIQUE_ID":"x"}}"#);
    assert_eq!(answer(&received), json!({"STATUS": 1}));
    assert!(received.events.is_empty() && received.past.is_empty() && received.refused.is_none());
}

#[test]
fn what_cannot_be_read_is_refused_in_words_and_tells_nothing() {
    let huge = vec![b'a'; 10 * 1024 * 1024];
    let deep = [b"{\"a\":".repeat(100_000), b"1".to_vec()].concat();
    for body in [&b""[..], b"{", b"[1]", b"\xff\xfe\x00", b"ivrid=x1", b"<xml/>", &huge, &deep] {
        let received = receive("POST", "", body);
        let problem = received.refused.as_ref().unwrap();
        assert_eq!(problem.code, "push_unreadable");
        assert!(!problem.hint.is_empty() && received.events.is_empty() && received.past.is_empty());
        assert_ne!(answer(&received)["STATUS"], "OK");
    }
}

proptest! {
    #[test]
    fn no_push_panics(query in any::<String>(), body in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = receive("POST", &query, &body);
        let _ = receive("GET", &format!("ivrid=1&extenUser=2&statusCall={query}"), b"");
        let _ = receive("POST", &format!("ivruniqueid=1&time={query}&duration={query}"), &body);
    }
}
