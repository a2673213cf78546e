use proptest::prelude::*;
use ringside_domain::CallId;

use super::super::times::BERLIN;
use super::*;

fn with<T>(oddities: &Oddities, read: impl FnOnce(&Reading<'_>) -> T) -> T {
    let (plan, clock) = (NumberPlan::default(), WallClock::of(BERLIN).unwrap());
    let device_called = |name: &str| (name == "Telefon Empfang").then(|| ExtensionId::new("674"));
    read(&Reading { plan: &plan, clock: &clock, oddities, device_called: &device_called })
}

fn journal(json: &str) -> (Option<PastCall>, Vec<String>) {
    let oddities = Oddities::default();
    let call = with(&oddities, |reading| incoming(&wire::record(json)?, reading));
    (call, oddities.list().into_iter().map(|it| it.place).collect())
}

fn evn(json: &str) -> (Option<PastCall>, Vec<String>) {
    let oddities = Oddities::default();
    let call = with(&oddities, |reading| outgoing(&wire::record(json)?, reading));
    (call, oddities.list().into_iter().map(|it| it.place).collect())
}

fn number(e164: &str) -> Party {
    Party::Number(PhoneNumber::from_e164(e164).unwrap())
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn the_vendors_own_samples_are_read() {
    let json = r#"{"date":"2017-01-01 12:00:00","from":"+4922166966966","to":"+4922111223344","status":"TAKEN"}"#;
    let (call, oddities) = journal(json);
    let expected = PastCall {
        id: CallId::new("in-5b12bebaaf70d4cc2ba65bd640195426"),
        extension: None,
        direction: Direction::Inbound,
        remote: number("+4922166966966"),
        our_number: number("+4922111223344"),
        started_at: at("2017-01-01T11:00:00Z"),
        answered_at: None,
        ended_at: None,
        outcome: Outcome::Answered,
        word: "TAKEN".into(),
    };
    assert_eq!((call, oddities), (Some(expected), vec![]));

    let (call, oddities) =
        evn(r#"{"from":"+4922166966966","to":"+4922111223344","destination":"Deutschland (Festnetz)",
        "dateStart":"2016-08-01 10:15:16","dateEnd":"2016-08-01 10:25:23","duration":667,"costs":"0.1000",
        "sipuser":"fo212345ip12345_00","target":"Telefon Empfang"}"#);
    let expected = PastCall {
        id: CallId::new("out-d01c2d88ea2f6b847b29987dc4b6dcc4"),
        extension: Some(ExtensionId::new("674")),
        direction: Direction::Outbound,
        remote: number("+4922111223344"),
        our_number: number("+4922166966966"),
        started_at: at("2016-08-01T08:15:16Z"),
        // The sample's duration is longer than the call: it was talked from its start at the earliest.
        answered_at: Some(at("2016-08-01T08:15:16Z")),
        ended_at: Some(at("2016-08-01T08:25:23Z")),
        outcome: Outcome::Answered,
        word: Label::default(),
    };
    assert_eq!((call, oddities), (Some(expected), vec![]));
}

#[test]
fn only_taken_is_answered_and_words_nobody_explained_stay_words() {
    for (status, outcome, odd) in [
        ("\"TAKEN\"", Outcome::Answered, false),
        ("\"taken\"", Outcome::Answered, false),
        ("\"MISSED\"", Outcome::Missed, false),
        ("\"NOT_TAKEN\"", Outcome::Missed, false),
        ("\"NO ANSWER\"", Outcome::Missed, false),
        ("\"VOICEMAIL\"", Outcome::Missed, false),
        ("\"BUSY\"", Outcome::Busy, false),
        ("\"FORWARDED\"", Outcome::Unknown, true),
        ("17", Outcome::Unknown, true),
        ("null", Outcome::Unknown, false),
        ("\"\"", Outcome::Unknown, false),
        ("[\"TAKEN\"]", Outcome::Unknown, false),
    ] {
        let (call, oddities) = journal(&format!(r#"{{"date":"2017-01-01 12:00:00","status":{status}}}"#));
        let call = call.unwrap();
        assert_eq!((call.outcome, oddities == ["journal.status"]), (outcome, odd), "{status}");
    }
    let (call, _) = journal(r#"{"date":"2017-01-01 12:00:00","status":"FORWARDED"}"#);
    assert_eq!(call.unwrap().word.as_str(), "FORWARDED");
}

#[test]
fn callers_come_in_every_form() {
    for (from, expected) in [
        (r#""+4922166966966""#, number("+4922166966966")),
        (r#""4922166966966""#, number("+4922166966966")),
        ("4922166966966", number("+4922166966966")),
        (r#""022166966966""#, number("+4922166966966")),
        (r#""anonymous""#, Party::Withheld),
        (r#""""#, Party::Unstated),
        ("null", Party::Unstated),
        (r#""20""#, Party::Code("20".into())),
        (r#""*87""#, Party::Code("*87".into())),
        (r#"{"x":1}"#, Party::Unstated),
    ] {
        let (call, _) = journal(&format!(r#"{{"date":"2017-01-01 12:00:00","from":{from},"to":{from}}}"#));
        let call = call.unwrap();
        assert_eq!((&call.remote, &call.our_number), (&expected, &expected), "{from}");
    }
}

#[test]
fn a_record_without_a_time_is_left_out_and_counted() {
    for date in ["null", "\"\"", "\"0000-00-00 00:00:00\"", "\"soon\"", "17", "[]"] {
        assert_eq!(journal(&format!(r#"{{"date":{date}}}"#)), (None, vec!["journal.date".to_owned()]), "{date}");
        assert_eq!(evn(&format!(r#"{{"dateStart":{date}}}"#)), (None, vec!["evn.dateStart".to_owned()]), "{date}");
    }
}

#[test]
fn an_outgoing_call_says_no_more_than_it_knows() {
    let start = r#""dateStart":"2016-08-01 10:15:16""#;
    for (rest, ended, outcome, odd) in [
        ("", None, Outcome::Unknown, false),
        (r#","duration":0"#, None, Outcome::Unknown, false),
        (r#","duration":"12""#, None, Outcome::Answered, false),
        (r#","duration":"12.5","dateEnd":null"#, None, Outcome::Answered, false),
        (r#","duration":-3"#, None, Outcome::Unknown, false),
        (
            r#","duration":"long","dateEnd":"2016-08-01 10:15:16""#,
            Some("2016-08-01T08:15:16Z"),
            Outcome::Unknown,
            false,
        ),
        (r#","duration":5,"dateEnd":"2016-08-01 10:15:15""#, None, Outcome::Answered, false),
        (r#","duration":5,"dateEnd":"soon""#, None, Outcome::Answered, true),
    ] {
        let (call, oddities) = evn(&format!("{{{start}{rest}}}"));
        let call = call.unwrap();
        assert_eq!((call.ended_at, call.outcome, !oddities.is_empty()), (ended.map(at), outcome, odd), "{rest}");
        assert_eq!((call.extension, call.answered_at), (None, None));
    }
}

#[test]
fn the_length_of_an_outgoing_call_is_what_was_talked() {
    let record = |duration: &str| {
        let json =
            format!(r#"{{"dateStart":"2016-08-01 10:15:16","dateEnd":"2016-08-01 10:16:16","duration":{duration}}}"#);
        let (call, _) = evn(&json);
        let call = call.unwrap();
        call.answered_at.map(|answered| call.ended_at.unwrap().duration_since(answered).as_secs())
    };
    assert_eq!(record("45"), Some(45));
    assert_eq!(record("\"60\""), Some(60));
    assert_eq!(record("0"), None);
}

#[test]
fn a_record_keeps_its_name_when_the_rest_is_written_later() {
    let (early, _) =
        evn(r#"{"from":"+4922166966966","to":"+49221112","dateStart":"2016-08-01 10:15:16","target":"x"}"#);
    let (late, _) =
        evn(r#"{"from":4922166966966,"from2":1,"to":"+49221112","dateStart":"2016-08-01T10:15:16","target":"x",
        "duration":"9","costs":"0.1","dateEnd":"2016-08-01 10:15:30"}"#);
    // A number that lost its `+` is another text.
    assert_ne!(early.as_ref().unwrap().id, late.unwrap().id);
    let (late, _) = evn(
        r#"{"from":"+4922166966966","to":"+49221112","dateStart":"2016-08-01T10:15:16","target":"x","duration":"9",
        "costs":"0.1","dateEnd":"2016-08-01 10:15:30"}"#,
    );
    assert_eq!(early.unwrap().id, late.unwrap().id);
    let (ringing, _) = journal(r#"{"date":"2017-01-01 12:00:00","from":"+4922166966966","status":"RINGING"}"#);
    let (taken, _) = journal(r#"{"date":"2017-01-01 12:00:00","from":"+4922166966966","status":"TAKEN"}"#);
    assert_eq!(ringing.unwrap().id, taken.unwrap().id);
}

/// What is written later tells which of two hours was meant; the record stays the same one.
#[test]
fn a_record_of_the_doubled_hour_keeps_its_name_when_its_end_is_written_later() {
    let call = r#"{"from":"+4922166966966","to":"+49221112","target":"x","dateStart":"2026-10-25 02:50:00""#;
    let (early, _) = evn(&format!("{call}}}"));
    let (late, _) = evn(&format!(r#"{call},"dateEnd":"2026-10-25 03:05:00","duration":900}}"#));
    let (early, late) = (early.unwrap(), late.unwrap());
    assert_eq!((early.started_at, early.ended_at), (at("2026-10-25T00:50:00Z"), None));
    assert_eq!((late.started_at, late.ended_at), (at("2026-10-25T01:50:00Z"), Some(at("2026-10-25T02:05:00Z"))));
    assert_eq!(early.id, late.id);
}

/// Neither night makes a call longer or shorter than it was, nor moves one that lies outside its odd hour.
#[test]
fn outgoing_calls_around_both_changes_last_as_long_as_they_did() {
    for (start, end, seconds, began, ended) in [
        // Spring: the hour from two to three is left out.
        ("03-29 01:50:00", "03-29 03:05:00", 900, "2026-03-29T00:50:00Z", "2026-03-29T01:05:00Z"),
        ("03-29 01:10:00", "03-29 01:20:00", 600, "2026-03-29T00:10:00Z", "2026-03-29T00:20:00Z"),
        ("03-29 03:00:00", "03-29 03:10:00", 600, "2026-03-29T01:00:00Z", "2026-03-29T01:10:00Z"),
        // By a clock that was put forward later.
        ("03-29 01:55:00", "03-29 02:05:00", 600, "2026-03-29T00:55:00Z", "2026-03-29T01:05:00Z"),
        ("03-29 02:10:00", "03-29 02:20:00", 600, "2026-03-29T01:10:00Z", "2026-03-29T01:20:00Z"),
        ("03-29 02:50:00", "03-29 04:05:00", 900, "2026-03-29T01:50:00Z", "2026-03-29T02:05:00Z"),
        // Autumn: it comes twice.
        ("10-25 01:50:00", "10-25 02:05:00", 900, "2026-10-24T23:50:00Z", "2026-10-25T00:05:00Z"),
        ("10-25 01:50:00", "10-25 02:05:00", 4500, "2026-10-24T23:50:00Z", "2026-10-25T01:05:00Z"),
        ("10-25 02:50:00", "10-25 02:05:00", 900, "2026-10-25T00:50:00Z", "2026-10-25T01:05:00Z"),
        ("10-25 02:50:00", "10-25 03:05:00", 900, "2026-10-25T01:50:00Z", "2026-10-25T02:05:00Z"),
        ("10-25 03:00:00", "10-25 03:10:00", 600, "2026-10-25T02:00:00Z", "2026-10-25T02:10:00Z"),
    ] {
        let (call, _) = evn(&format!(
            r#"{{"from":"1","to":"2","dateStart":"2026-{start}","dateEnd":"2026-{end}","duration":{seconds}}}"#
        ));
        let call = call.unwrap();
        assert_eq!((call.started_at, call.ended_at), (at(began), Some(at(ended))), "{start}");
        let took = call.ended_at.unwrap().duration_since(call.started_at);
        assert_eq!(took, SignedDuration::from_secs(seconds), "{start}");
    }
}

/// An incoming record says when it began and no more: it has one place, and never one that is yet to come.
#[test]
fn incoming_calls_around_both_changes_have_one_place() {
    let zone = jiff::tz::TimeZone::get(BERLIN).unwrap();
    for night in ["2026-03-28T21:00:00Z", "2026-10-24T21:00:00Z"] {
        let mut before: Option<PastCall> = None;
        for minute in 0..8 * 60 {
            let now = at(night) + SignedDuration::from_mins(minute);
            let wall = zone.to_datetime(now).strftime("%Y-%m-%d %H:%M:%S").to_string();
            let (call, _) = journal(&format!(r#"{{"date":"{wall}","from":"1","to":"2","status":"TAKEN"}}"#));
            let call = call.unwrap();
            let late = now.duration_since(call.started_at);
            let second = night.contains("-10-") && (4 * 60..5 * 60).contains(&minute);
            assert_eq!(late, SignedDuration::from_hours(i64::from(second)), "{wall}, which is {now}");
            if !second {
                assert!(before.is_none_or(|before| before.started_at < call.started_at), "{wall}");
            }
            before = Some(call);
        }
    }
}

#[test]
fn devices_and_numbers_are_read_tolerantly() {
    let oddities = Oddities::default();
    let device = |json: &str| extension(&wire::record(json).unwrap(), &oddities);
    for json in [r#"{"name":"Telefon","id":23}"#, r#"{"name":"Telefon","id":"23","mood":{}}"#] {
        let expected = Extension { id: "23".into(), name: "Telefon".into(), email: None, group: None };
        assert_eq!(device(json), Some(expected), "{json}");
    }
    assert_eq!(device(r#"{"id":23}"#).unwrap().name, Label::default());
    assert_eq!(device(r#"{"name":"Telefon","id":null}"#), None);
    let hostile = device(r#"{"name":"\u202e<b>Anna</b>\u0000\n x","id":"1"}"#).unwrap();
    assert_eq!(hostile.name.as_str(), "<b>Anna</b> x");

    let plan = NumberPlan::default();
    let own = |json: &str| own_number(&wire::record(json).unwrap(), &plan, &oddities);
    let expected = PhoneNumber::from_e164("+4922166966966").ok();
    for json in [r#"{"number":"+4922166966966","id":21}"#, r#"{"number":4922166966966,"id":"21"}"#] {
        let number = own(json).unwrap();
        assert_eq!((number.number, number.id.as_str()), (expected.clone(), "21"), "{json}");
    }
    let range = own(r#"{"number":"+4922166966-00 bis -99"}"#).unwrap();
    assert_eq!((range.number, range.written.as_str()), (None, "+4922166966-00 bis -99"));
    assert_eq!(own(r#"{"number":"+4922166966900-99"}"#).unwrap().number, None);
    assert_eq!(own(r#"{"id":3}"#), None);
    assert_eq!(oddities.list().len(), 2, "{:?}", oddities.list());
}

proptest! {
    /// Whatever a record says, it is read or left out, and no call ends before it begins.
    #[test]
    fn no_record_breaks_the_map(
        date in "(2026-(10-25|03-29) 0[0-4]:[0-5][0-9]:[0-5][0-9]|\\PC{0,20})",
        end in "(2026-(10-25|03-29) 0[0-4]:[0-5][0-9]:[0-5][0-9]|\\PC{0,20})",
        words in prop::collection::vec("(\\+?[0-9]{0,20}|\\PC{0,20})", 5),
    ) {
        let row = serde_json::json!({"date": date, "from": words[0], "to": words[1], "status": words[2]}).to_string();
        let _ = journal(&row);
        let row = serde_json::json!({"dateStart": date, "dateEnd": end, "from": words[0], "to": words[1],
            "duration": words[3], "sipuser": words[4], "target": words[2]});
        if let (Some(call), _) = evn(&row.to_string()) {
            prop_assert!(call.ended_at.is_none_or(|end| end >= call.started_at));
        }
    }
}
