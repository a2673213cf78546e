use ringside_domain::PhoneNumber;

use super::*;

const NOW: &str = "2026-03-02T08:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn read(json: &str, oddities: &Oddities) -> Option<LegUpdate> {
    let plan = NumberPlan { outside_line: Some("0".into()), ..NumberPlan::default() };
    let known = |digits: &str| ["31", "32", "100"].contains(&digits);
    let skew = ClockSkew::default();
    let reading = Reading { plan: &plan, is_extension: &known, oddities, received: now(), skew: &skew };
    leg(&serde_json::from_str(json).unwrap(), &reading)
}

fn leg_of(json: &str) -> LegUpdate {
    read(json, &Oddities::default()).unwrap()
}

fn number(e164: &str) -> Party {
    Party::Number(PhoneNumber::from_e164(e164).unwrap())
}

fn colleague(digits: &str) -> Party {
    Party::Extension(ExtensionId::new(digits))
}

#[test]
fn an_outside_call_as_the_stream_tells_it() {
    let leg = leg_of(
        r#"{"uuid":"6f1c","state":"ring","caller":"4922166966966","caller_context":"global","callee":"4922147131",
            "callee_context":"global","extension":"31","customer":"K7001","direction":"inbound",
            "updated":"2026-03-02T09:15:00.120034511+01:00"}"#,
    );
    let expected = LegUpdate {
        call: CallId::new("6f1c"),
        extension: ExtensionId::new("31"),
        direction: Some(Direction::Inbound),
        step: LegStep::Ringing,
        remote: number("+4922166966966"),
        our_number: number("+4922147131"),
        at: "2026-03-02T08:15:00.120034511Z".parse().unwrap(),
    };
    assert_eq!(leg, expected);
}

#[test]
fn each_state_is_a_step_of_its_leg() {
    use LegStep::{Connected, Dialing, Ended, Other, PickedUp, Ringing};
    for (state, outbound, inbound) in [
        ("start", Dialing, Dialing),
        ("caller-wait", Dialing, Dialing),
        ("caller-dial", Dialing, Dialing),
        ("caller-ring", Dialing, Dialing),
        ("caller-answer", PickedUp, Dialing),
        ("dial", Dialing, Ringing),
        ("ring", Ringing, Ringing),
        ("RING", Ringing, Ringing),
        ("answer", Connected, Connected),
        ("bridge", Connected, Connected),
        ("hangup", Ended(EndCause::Normal), Ended(EndCause::Normal)),
        ("end", Ended(EndCause::Normal), Ended(EndCause::Normal)),
        ("parked", Other, Other),
    ] {
        for (direction, expected) in [("outbound", outbound), ("inbound", inbound)] {
            let json = format!(r#"{{"uuid":"c","extension":"31","state":"{state}","direction":"{direction}"}}"#);
            assert_eq!(leg_of(&json).step, expected, "{state} {direction}");
        }
    }
}

#[test]
fn each_error_is_a_cause() {
    for (error, cause) in [
        (r#""timeout""#, EndCause::Timeout),
        (r#""busy""#, EndCause::Busy),
        (r#""cancel""#, EndCause::Cancelled),
        (r#""reject""#, EndCause::Rejected),
        (r#""unspecified""#, EndCause::Failed),
        (r#""network-down""#, EndCause::Failed),
        ("null", EndCause::Normal),
        (r#""""#, EndCause::Normal),
    ] {
        let json = format!(r#"{{"uuid":"c","extension":"31","state":"hangup","error":{error}}}"#);
        assert_eq!(leg_of(&json).step, LegStep::Ended(cause), "{error}");
    }
}

#[test]
fn contexts_say_how_a_party_is_read() {
    for (caller, context, expected) in [
        ("4922166966966", "global", number("+4922166966966")),
        ("+4922166966966", "global", number("+4922166966966")),
        ("anonymous", "global", Party::Withheld),
        ("32", "K7001", colleague("32")),
        ("32", "", colleague("32")),
        ("32", "short", colleague("32")),
        ("32", "galaxy", colleague("32")),
        ("492214710032", "K7001", number("+492214710032")),
        ("0022166966966", "K7001", number("+4922166966966")),
        ("*87", "K7001", Party::Code("*87".into())),
        ("112", "emergency", Party::Code("112".into())),
        ("100", "conference", Party::Code("100".into())),
        ("stand-up\u{202e}x", "conference", Party::Code("stand-upx".into())),
        ("", "global", Party::Unstated),
    ] {
        let json = serde_json::json!({"uuid": "c", "extension": "31", "state": "ring", "direction": "inbound",
            "caller": caller, "caller_context": context});
        assert_eq!(leg_of(&json.to_string()).remote, expected, "{caller} in {context}");
    }
}

#[test]
fn an_internal_call_is_two_legs_each_seen_from_its_own_side() {
    let common = r#""uuid":"c","state":"ring","caller":"492214710031","callee":"492214710032","caller_context":"K7001","callee_context":"K7001""#;
    let out = leg_of(&format!(r#"{{{common},"extension":"31","direction":"outbound"}}"#));
    let inward = leg_of(&format!(r#"{{{common},"extension":"32","direction":"inbound"}}"#));
    assert_eq!(out.call, inward.call);
    assert_eq!((out.extension.as_str(), out.remote), ("31", number("+492214710032")));
    assert_eq!((inward.extension.as_str(), inward.remote), ("32", number("+492214710031")));
}

#[test]
fn what_is_missing_is_found_out_or_left_open() {
    let leg = leg_of(
        r#"{"uuid":"c","state":"ring","caller":"31","callee":"4922166966966","callee_context":"global","extension":31}"#,
    );
    assert_eq!(leg.direction, Some(Direction::Outbound));
    assert_eq!(leg.at, now());
    let leg = leg_of(r#"{"uuid":"c","state":"hangup","extension":"31"}"#);
    assert_eq!((leg.direction, leg.remote, leg.our_number), (None, Party::Unstated, Party::Unstated));
    let leg = leg_of(r#"{"uuid":"c","state":"ring","direction":"inbound","callee":"32","caller":"x"}"#);
    assert_eq!(leg.extension.as_str(), "32");
    let oddities = Oddities::default();
    assert_eq!(read(r#"{"state":"ring","extension":"31"}"#, &oddities), None);
    assert_eq!(read(r#"{"uuid":"c","state":"ring","direction":"inbound","callee":"4922147131"}"#, &oddities), None);
    assert_eq!(oddities.list().len(), 1, "one place, counted twice: {:?}", oddities.list());
}

#[test]
fn a_malformed_time_is_replaced_and_costs_no_event() {
    let oddities = Oddities::default();
    for updated in ["2026-03-02T09:15:00:00.12+01:00", "yesterday", "0000"] {
        let json = serde_json::json!({"uuid": "c", "extension": "31", "state": "ring", "updated": updated});
        assert_eq!(read(&json.to_string(), &oddities).unwrap().at, now(), "{updated}");
    }
    assert_eq!(oddities.list()[0].count, 3);
}

#[test]
fn unknown_words_are_tolerated_and_counted_once_a_kind() {
    let oddities = Oddities::default();
    for _ in 0..3 {
        let json = r#"{"uuid":"c","extension":"31","state":"parked","direction":"sideways","error":"gone","new":[{}]}"#;
        let leg = read(json, &oddities).unwrap();
        assert_eq!((leg.step, leg.direction), (LegStep::Other, None));
        line(
            &serde_json::from_str(r#"{"extension":"31","line":"parked","presence":"zen"}"#).unwrap(),
            &oddities,
            now(),
            &ClockSkew::default(),
        );
    }
    let mut places: Vec<_> = oddities.list().into_iter().map(|it| (it.place, it.excerpt, it.count)).collect();
    places.sort();
    let expected = [
        ("calls.direction", "sideways"),
        ("calls.state", "parked"),
        ("states.line", "parked"),
        ("states.presence", "zen"),
    ];
    assert_eq!(places, expected.map(|(place, word)| (place.to_owned(), word.to_owned(), 3)));
}

#[test]
fn line_states_and_presence() {
    let oddities = Oddities::default();
    for (json, status, presence) in [
        (r#""line":"idle","presence":"available""#, LineStatus::Idle, Presence::Available),
        (r#""line":"ringing","presence":"away""#, LineStatus::Ringing, Presence::Away),
        (r#""line":"in-use","presence":"busy""#, LineStatus::Busy, Presence::Busy),
        (r#""line":"busy","presence":"dnd""#, LineStatus::Busy, Presence::Dnd),
        (r#""line":"offline","presence":"offline""#, LineStatus::Offline, Presence::Offline),
        (r#""line":"unknown","presence":"null""#, LineStatus::Unknown, Presence::Unknown),
        (r#""line":null,"presence":null"#, LineStatus::Unknown, Presence::Unknown),
        (r#""customer":"K7001""#, LineStatus::Unknown, Presence::Unknown),
    ] {
        let json = format!(r#"{{"extension":"31",{json}}}"#);
        let update = line(&serde_json::from_str(&json).unwrap(), &oddities, now(), &ClockSkew::default()).unwrap();
        assert_eq!((update.state.status, update.state.presence), (status, presence), "{json}");
    }
    assert_eq!(oddities.list(), []);
    assert_eq!(
        line(&serde_json::from_str(r#"{"line":"idle"}"#).unwrap(), &oddities, now(), &ClockSkew::default()),
        None
    );
}

#[test]
fn extensions_have_a_number_or_are_left_out() {
    let oddities = Oddities::default();
    for (json, expected) in [
        (r#"{"uuid":"100@K7001","extension_number":"100","name":"Anna\u202e\nBerger"}"#, Some(("100", "Anna Berger"))),
        (r#"{"extension_number":100}"#, Some(("100", ""))),
        (r#"{"uuid":"100@K7001","name":null}"#, Some(("100", ""))),
        (r#"{"name":"nobody"}"#, None),
    ] {
        let read = extension(&serde_json::from_str(json).unwrap(), &oddities);
        let read = read.as_ref().map(|it| (it.id.as_str(), it.name.as_str()));
        assert_eq!(read, expected, "{json}");
    }
}
