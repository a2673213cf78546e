use proptest::prelude::*;
use ringside_domain::{NumberPlan, Party, PhoneNumber};
use serde_json::json;

use super::*;
use crate::account::Oddities;

fn read(record: Value, oddities: &Oddities) -> Option<PastCall> {
    let plan = NumberPlan { region: "IL".into(), ..NumberPlan::default() };
    let colleague = |text: &str| (text == "31").then(|| ExtensionId::new("SIP31"));
    let Value::Object(fields) = record else { panic!("an object") };
    past_call(&Fields::new(fields), &Context { plan: &plan, colleague: &colleague, oddities })
}

fn number(e164: &str) -> Party {
    Party::Number(PhoneNumber::from_e164(e164).unwrap())
}

fn record() -> Value {
    json!({"CallerNumber": "0501234567", "TargetNumber": "0722000000", "Date": "2026-03-02T09:15:00Z", "Duration": 65,
        "CallID": "20260302x", "CdrType": 1, "DialStatus": "ANSWER", "CallerExtension": "", "TargetExtension": "SIP31",
        "DID": "0722000000", "RingTime": 5, "CustomData": {}})
}

#[test]
fn a_record_in_either_case_with_numbers_or_texts_is_the_same_call() {
    let oddities = Oddities::default();
    let expected = PastCall {
        id: CallId::new("20260302x"),
        extension: Some(ExtensionId::new("SIP31")),
        direction: Direction::Inbound,
        remote: number("+972501234567"),
        our_number: number("+972722000000"),
        started_at: "2026-03-02T09:15:00Z".parse().unwrap(),
        answered_at: Some("2026-03-02T09:15:05Z".parse().unwrap()),
        ended_at: Some("2026-03-02T09:16:10Z".parse().unwrap()),
        outcome: Outcome::Answered,
        word: Label::new("ANSWER"),
    };
    let lower = json!({"callernumber": "0501234567", "targetnumber": "0722000000", "date": "2026-03-02 09:15:00",
        "duration": "65", "callid": "20260302x", "type": "1", "dialstatus": "answer", "callerextension": null,
        "Targetextension": "SIP31", "did": 722000000, "ringtime": "5"});
    assert_eq!(read(record(), &oddities), Some(expected.clone()));
    let lower = read(lower, &oddities).unwrap();
    assert_eq!((lower.id, lower.started_at, lower.ended_at), (expected.id, expected.started_at, expected.ended_at));
    assert_eq!((lower.outcome, lower.extension), (Outcome::Answered, expected.extension));
    assert_eq!(oddities.list(), []);
}

#[test]
fn the_kind_says_the_direction_and_else_the_side_that_is_ours() {
    let oddities = Oddities::default();
    for (kind, caller, target, expected) in [
        (json!(1), "", "SIP31", Direction::Inbound),
        (json!(4), "SIP31", "", Direction::Outbound),
        (json!(8), "", "", Direction::Inbound),
        (json!("10"), "SIP31", "", Direction::Outbound),
        (json!(13), "SIP31", "", Direction::Outbound),
        (json!(13), "", "SIP31", Direction::Inbound),
        (json!("Incoming Call"), "SIP31", "", Direction::Outbound),
        (Value::Null, "", "", Direction::Inbound),
        (json!(99), "SIP31", "", Direction::Outbound),
    ] {
        let mut fields = record();
        (fields["CdrType"], fields["CallerExtension"], fields["TargetExtension"]) =
            (kind.clone(), json!(caller), json!(target));
        let call = read(fields, &oddities).unwrap();
        assert_eq!(call.direction, expected, "{kind}");
        assert_eq!(call.extension.is_some(), !caller.is_empty() || !target.is_empty(), "{kind}");
    }
    assert_eq!(oddities.list()[0].excerpt, "99");
}

#[test]
fn each_word_is_an_outcome_and_an_unknown_one_is_kept() {
    let oddities = Oddities::default();
    for (word, inward, outward) in [
        ("ANSWER", Outcome::Answered, Outcome::Answered),
        ("NOANSWER", Outcome::Missed, Outcome::Missed),
        ("BUSY", Outcome::Busy, Outcome::Busy),
        ("CANCEL", Outcome::Missed, Outcome::Cancelled),
        ("ABANDONE", Outcome::Missed, Outcome::Cancelled),
        ("TIMEOUT", Outcome::Missed, Outcome::Missed),
        ("VOICEMAIL", Outcome::Missed, Outcome::Missed),
        ("FULL", Outcome::Missed, Outcome::Unknown),
        ("EXIT", Outcome::Unknown, Outcome::Unknown),
        ("CONGESTION", Outcome::Failed, Outcome::Failed),
        ("CHANUNAVAIL", Outcome::Failed, Outcome::Failed),
        ("TELEPORTED", Outcome::Unknown, Outcome::Unknown),
    ] {
        for (kind, extension, expected) in [(1, "TargetExtension", inward), (4, "CallerExtension", outward)] {
            let mut fields = record();
            (fields["CdrType"], fields[extension], fields["DialStatus"]) = (json!(kind), json!("SIP31"), json!(word));
            let call = read(fields, &oddities).unwrap();
            assert_eq!((call.outcome, call.word.as_str()), (expected, word));
            assert_eq!(call.answered_at.is_some(), expected == Outcome::Answered, "{word}");
        }
    }
    assert_eq!(oddities.list().len(), 1);
}

#[test]
fn no_duration_leads_backwards_and_none_is_made_up() {
    let oddities = Oddities::default();
    for (duration, ring, ended) in [
        (json!(-5), json!(5), None),
        (json!(65), Value::Null, Some("2026-03-02T09:16:05Z")),
        (json!(1e300), json!(5), None),
        (json!("soon"), json!("later"), None),
        (json!(0), json!(0), Some("2026-03-02T09:15:00Z")),
    ] {
        let mut fields = record();
        (fields["Duration"], fields["RingTime"]) = (duration.clone(), ring);
        let call = read(fields, &oddities).unwrap();
        assert_eq!(call.ended_at.map(|at| at.to_string()).as_deref(), ended, "{duration}");
        assert!(call.ended_at.is_none_or(|at| at >= call.started_at));
    }
    for field in ["CallID", "Date"] {
        for value in [Value::Null, json!(""), json!([1])] {
            let mut fields = record();
            fields[field] = value;
            assert_eq!(read(fields, &oddities), None, "{field}");
        }
    }
}

proptest! {
    #[test]
    fn no_record_panics(text in any::<String>(), number in any::<f64>()) {
        let oddities = Oddities::default();
        for field in FIELDS {
            for value in [json!(text), json!(number), json!([text]), Value::Null] {
                let mut fields = record();
                fields[field] = value;
                let _ = read(fields, &oddities);
            }
        }
    }
}
