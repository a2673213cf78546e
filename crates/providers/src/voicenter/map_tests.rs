use proptest::prelude::*;
use ringside_domain::PhoneNumber;

use super::*;
use crate::voicenter::wire::Envelope;

fn with<T>(oddities: &Oddities, read: impl FnOnce(&Context<'_>) -> T) -> T {
    let plan = NumberPlan { region: "IL".into(), ..NumberPlan::default() };
    let colleague = |text: &str| matches!(text, "SIPA1" | "11").then(|| ExtensionId::new("SIPA1"));
    read(&Context { plan: &plan, colleague: &colleague, oddities })
}

fn event(json: &str, oddities: &Oddities) -> Option<Reading> {
    let envelope: Envelope<'_> = serde_json::from_str(json).unwrap();
    let clock = Clock::of(&envelope, "2026-01-01T10:00:01Z".parse().unwrap());
    let data = envelope.data.unwrap();
    let mut reading = with(oddities, |context| reading(data, "realtime.event", &clock, context))?;
    reading.ending = ending(&envelope, oddities);
    Some(reading)
}

fn number(e164: &str) -> Party {
    Party::Number(PhoneNumber::from_e164(e164).unwrap())
}

const EVENT: &str = r#"{"eventName":"extension","reason":"NEWCALL","ivruniqueid":"20260101x","servertime":1767268800,
    "servertimeoffset":120,"data":{"extenUser":"SIPA1","userID":77,"userName":"Dana","representativeStatus":1,
    "calls":[{"ivrid":"20260101x","callerphone":"0501234567","callername":"","callstatus":"Ringing",
    "direction":"Incoming","answered":0,"callStarted":1767268795,"callAnswered":0,"did":"0722000000","customdata":{},
    "recording":{"Filename":"","IsMuted":0}}],"currentCall":{"ivrid":"20260101x"}}}"#;

#[test]
fn an_event_as_real_time_tells_it() {
    let oddities = Oddities::default();
    let reading = event(EVENT, &oddities).unwrap();
    let leg = Told {
        call: CallId::new("20260101x"),
        direction: Some(Direction::Inbound),
        step: LegStep::Ringing,
        remote: number("+972501234567"),
        our_number: number("+972722000000"),
        at: "2026-01-01T09:59:55Z".parse().unwrap(),
    };
    assert_eq!(reading.legs.as_deref(), Some(&[leg][..]));
    assert_eq!((reading.extension.as_str(), reading.user.as_deref()), ("SIPA1", Some("77")));
    assert_eq!((reading.presence, reading.at.to_string()), (Presence::Available, "2026-01-01T10:00:00Z".into()));
    assert_eq!((reading.partial, reading.ending, oddities.list()), (false, None, vec![]));
}

#[test]
fn both_dialects_and_every_way_to_write_a_number_are_read() {
    let oddities = Oddities::default();
    for data in [
        r#"{"extenUser":"SIPA1","userID":"77","representativeStatus":"1","calls":[{"ivrid":7,"callstatus":"TALKING","direction":"click2Call","callAnswered":"1767268800"}]}"#,
        r#"{"username":"SIPA1","userID":77,"onlineUserID":77,"onlineUserStatus":1,"calls":[{"ivrUniqueId":"7","callstatus":"Hold","direction":"OUTGOING"}]}"#,
        r#"{"extenUser":"SIPA1","username":"other","userID":77,"representativeStatus":1,"onlineUserStatus":2,"calls":[{"ivrid":"7","ivruniqueid":"8","callstatus":"Talking","direction":"Outgoing"}]}"#,
    ] {
        let json = format!(r#"{{"serverTime":"1767268800","serverTimeOffset":"120","data":{data}}}"#);
        let reading = event(&json, &oddities).unwrap();
        let leg = &reading.legs.as_ref().unwrap()[0];
        assert_eq!((reading.extension.as_str(), reading.presence), ("SIPA1", Presence::Available), "{data}");
        assert_eq!((leg.call.as_str(), leg.step, leg.direction), ("7", LegStep::Connected, Some(Direction::Outbound)));
        assert_eq!(reading.user.as_deref(), Some("77"));
    }
    assert_eq!(oddities.list(), []);
}

#[test]
fn statuses_are_steps_seen_from_the_extension() {
    let oddities = Oddities::default();
    for (status, inward, outward) in [
        ("Ringing", LegStep::Ringing, LegStep::Dialing),
        ("Dialing", LegStep::Dialing, LegStep::Dialing),
        ("talking", LegStep::Connected, LegStep::Connected),
        ("Hold", LegStep::Connected, LegStep::Connected),
        ("Whispering", LegStep::Other, LegStep::Other),
    ] {
        assert_eq!(step(Some(status), Some(Direction::Inbound), &oddities), inward, "{status}");
        assert_eq!(step(Some(status), Some(Direction::Outbound), &oddities), outward, "{status}");
    }
    assert_eq!(oddities.list().len(), 1, "{:?}", oddities.list());
}

#[test]
fn causes_are_those_of_the_switch() {
    let oddities = Oddities::default();
    for (word, cause) in [
        ("Normal hangup", EndCause::Normal),
        ("User busy", EndCause::Busy),
        ("Call Rejected", EndCause::Rejected),
        ("Unallocated (unassigned) number", EndCause::Failed),
        ("No user responding", EndCause::Timeout),
        ("User alerting, no answer", EndCause::Timeout),
        ("Answered elsewhere", EndCause::AnsweredElsewhere),
        ("Unknown", EndCause::Normal),
        ("Solar flare", EndCause::Normal),
    ] {
        assert_eq!(end_cause(word, &oddities), cause, "{word}");
    }
    assert_eq!(oddities.list()[0].excerpt, "Solar flare");
}

#[test]
fn parties_come_in_three_forms() {
    let oddities = Oddities::default();
    for (text, expected) in [
        (Some("0501234567"), number("+972501234567")),
        (Some("972501234567"), number("+972501234567")),
        (Some("+972501234567"), number("+972501234567")),
        (Some("4922166966966"), number("+4922166966966")),
        (Some("SIPA1"), Party::Extension(ExtensionId::new("SIPA1"))),
        (Some("11"), Party::Extension(ExtensionId::new("SIPA1"))),
        (Some("anonymous"), Party::Withheld),
        (Some("*42"), Party::Code("*42".into())),
        (None, Party::Unstated),
    ] {
        assert_eq!(with(&oddities, |context| party(text, context)), expected, "{text:?}");
    }
}

#[test]
fn what_is_missing_is_left_open_and_what_is_odd_is_counted() {
    let oddities = Oddities::default();
    assert_eq!(event(r#"{"data":{"userID":77}}"#, &oddities), None, "nobody's");
    assert_eq!(event(r#"{"data":[1]}"#, &oddities), None);
    let reading = event(r#"{"data":{"extenUser":"SIPA1"}}"#, &oddities).unwrap();
    assert_eq!((reading.legs, reading.presence, reading.user), (None, Presence::Unknown, None));
    let partial = event(
        r#"{"data":{"extenUser":"SIPA1","userID":0,"onlineUserID":0,"peerStatus":"UNREACHABLE","representativeStatus":42,
            "calls":[7,{"callstatus":"Ringing"},{"ivrid":"c","callstatus":"Ringing","direction":"Sideways"}]}}"#,
        &oddities,
    )
    .unwrap();
    let leg = &partial.legs.as_ref().unwrap()[0];
    assert_eq!((partial.partial, partial.offline, partial.user), (true, true, None));
    assert_eq!((leg.direction, leg.step, leg.remote.clone()), (None, LegStep::Ringing, Party::Unstated));
    let places: Vec<_> = oddities.list().into_iter().map(|it| it.place).collect();
    assert_eq!(places, ["realtime.event", "calls", "calls.direction", "extensions.status"]);
    for calls in ["null", "{}", "\"none\""] {
        let json = format!(r#"{{"data":{{"extenUser":"SIPA1","calls":{calls}}}}}"#);
        assert_eq!(event(&json, &oddities).unwrap().legs, None, "{calls} says nothing of calls");
    }
}

#[test]
fn listed_extensions_have_a_sip_code_or_are_left_out() {
    let oddities = Oddities::default();
    let read = |json: &str| listed(&serde_json::from_str(json).unwrap(), &oddities);
    let (extension, dial) = read(
        r#"{"SIP":"SIPSIP1","Name":"Extension 1","SpeedDial":11,"AccountID":1,"AccountName":"Sales","UserName":"John\u202e Doe","UserEmail":"j@x.example"}"#,
    )
    .unwrap();
    assert_eq!((extension.id.as_str(), extension.name.as_str(), dial.as_deref()), ("SIPSIP1", "John Doe", Some("11")));
    assert_eq!((extension.email.unwrap().as_str(), extension.group.unwrap().as_str()), ("j@x.example", "Sales"));
    assert_eq!(read(r#"{"SIP":"S","Name":"Lobby","UserName":""}"#).unwrap().0.name.as_str(), "Lobby");
    assert_eq!(read(r#"{"Name":"nobody"}"#), None);
}

proptest! {
    #[test]
    fn no_event_panics(garbage in any::<String>(), at in 0..600_usize) {
        let oddities = Oddities::default();
        let cut: String = EVENT.chars().take(at).collect::<String>() + &garbage;
        if let Ok(envelope) = serde_json::from_str::<Envelope<'_>>(&cut) {
            let _ = ending(&envelope, &oddities);
        }
        let word = serde_json::Value::from(garbage);
        let json = format!(
            r#"{{"servertime":{word},"data":{{"extenUser":{word},"representativeStatus":{word},"calls":[{{"ivrid":{word},
                "callerphone":{word},"callstatus":{word},"callStarted":{word}}}]}}}}"#
        );
        let _ = event(&json, &oddities);
    }
}
