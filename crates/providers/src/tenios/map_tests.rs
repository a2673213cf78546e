use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const CALLER: &str = "+4922166966966";
const OURS: &str = "+49221471031";

fn read(records: &[Value]) -> (Vec<PastCall>, Oddities) {
    read_in(records, "2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z")
}

fn read_in(records: &[Value], from: &str, until: &str) -> (Vec<PastCall>, Oddities) {
    let oddities = Oddities::default();
    let texts: Vec<String> = records.iter().map(Value::to_string).collect();
    let legs = texts.iter().filter_map(|text| leg(&serde_json::from_str(text).unwrap(), &oddities)).collect();
    let plan = NumberPlan::default();
    let extension_of = |name: &str| match name {
        "user31" => Some(ExtensionId::new("31")),
        "user32" => Some(ExtensionId::new("32")),
        "+492214710900" => Some(ExtensionId::new("35")),
        _ => None,
    };
    let is_extension = |digits: &str| ["31", "32", "35"].contains(&digits);
    let reading =
        Reading { plan: &plan, is_extension: &is_extension, extension_of: &extension_of, oddities: &oddities };
    let calls = calls(legs, &(from.parse().unwrap()..until.parse().unwrap()), &reading);
    (calls, oddities)
}

fn root(id: &str, at: &str) -> Value {
    json!({"uuid": id, "call_type": "INBOUND", "callerid_number": CALLER, "destination_number": OURS,
        "start_stamp": format!("2026-03-02T{at}Z"), "answer_stamp": null, "end_stamp": format!("2026-03-02T{at}Z"),
        "duration": 0, "billusec": 0, "hangup_cause": "ORIGINATOR_CANCEL", "main_leg_uuid": null})
}

fn forward(id: &str, main: &str, to: &str, at: &str) -> Value {
    let mut leg = root(id, at);
    leg["call_type"] = json!("SIPFORWARD_USER");
    leg["main_leg_uuid"] = json!(main);
    leg["destination_number"] = json!(to);
    leg
}

fn with(mut leg: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        leg[name] = value.clone();
    }
    leg
}

#[test]
fn the_legs_of_a_call_are_one_call() {
    let talk = json!({"answer_stamp": "2026-03-02T09:00:08Z", "end_stamp": "2026-03-02T09:01:00Z",
        "hangup_cause": "NORMAL_CLEARING"});
    let records = [
        forward("b", "a", "user31", "09:00:02"),
        with(root("a", "09:00:00"), json!({"answer_stamp": "2026-03-02T09:00:00Z", "hangup_cause": "NORMAL_CLEARING"})),
        with(forward("c", "a", "user32", "09:00:02"), talk),
    ];
    let (calls, oddities) = read(&records);
    assert_eq!(calls.len(), 1);
    let call = &calls[0];
    assert_eq!((call.id.as_str(), call.extension.as_ref().unwrap().as_str()), ("a", "32"));
    assert_eq!((call.direction, call.outcome), (Direction::Inbound, Outcome::Answered));
    assert_eq!(call.answered_at, Some("2026-03-02T09:00:08Z".parse().unwrap()));
    assert_eq!(call.ended_at, Some("2026-03-02T09:01:00Z".parse().unwrap()));
    assert!(matches!(&call.remote, Party::Number(number) if number.e164() == CALLER));
    assert!(matches!(&call.our_number, Party::Number(number) if number.e164() == OURS));
    assert_eq!(oddities.list(), []);
}

#[test]
fn an_announcement_is_no_answer() {
    let greeted =
        with(root("a", "09:00:00"), json!({"answer_stamp": "2026-03-02T09:00:00Z", "hangup_cause": "NORMAL_CLEARING"}));
    let rung = with(forward("b", "a", "user31", "09:00:02"), json!({"hangup_cause": "NO_ANSWER"}));
    let (calls, _) = read(&[greeted.clone(), rung]);
    assert_eq!((calls[0].outcome, calls[0].answered_at, calls[0].word.as_str()), (Outcome::Missed, None, "NO_ANSWER"));
    assert_eq!(calls[0].extension, Some(ExtensionId::new("31")), "the only one whom it rang");
    // With nobody behind it, the platform itself is whom they talked to.
    assert_eq!(read(&[greeted]).0[0].outcome, Outcome::Answered);
}

#[test]
fn each_cause_has_its_outcome_by_direction() {
    for (cause, inbound, outbound) in [
        ("USER_BUSY", Outcome::Busy, Outcome::Busy),
        ("CALL_REJECTED", Outcome::Rejected, Outcome::Rejected),
        ("ORIGINATOR_CANCEL", Outcome::Missed, Outcome::Cancelled),
        ("NORMAL_CLEARING", Outcome::Missed, Outcome::Cancelled),
        ("NO_ANSWER", Outcome::Missed, Outcome::Missed),
        ("UNALLOCATED_NUMBER", Outcome::Failed, Outcome::Failed),
        ("", Outcome::Unknown, Outcome::Unknown),
        ("ALIEN_ABDUCTION", Outcome::Unknown, Outcome::Unknown),
    ] {
        let cause_of = |leg| with(leg, json!({"hangup_cause": cause}));
        let (calls, oddities) = read(&[
            cause_of(root("a", "09:00:00")),
            cause_of(with(root("b", "09:00:01"), json!({"call_type": "FORWARD"}))),
        ]);
        let seen: Vec<_> = calls.iter().map(|it| (it.direction, it.outcome)).collect();
        assert_eq!(seen, [(Direction::Inbound, inbound), (Direction::Outbound, outbound)], "{cause}");
        assert_eq!(calls[0].word.as_str(), cause);
        assert_eq!(oddities.list().len(), usize::from(cause == "ALIEN_ABDUCTION"));
    }
}

#[test]
fn a_call_reads_the_same_in_every_window_that_holds_its_start() {
    let records = [
        root("a", "09:59:58"),
        with(forward("b", "a", "user31", "10:00:05"), json!({"answer_stamp": "2026-03-02T10:00:06Z"})),
        root("c", "10:30:00"),
    ];
    let all = read(&records).0;
    let before = read_in(&records, "2026-03-02T09:00:00Z", "2026-03-02T10:00:00Z").0;
    let after = read_in(&records, "2026-03-02T10:00:00Z", "2026-03-02T11:00:00Z").0;
    assert_eq!(before, all[..1]);
    assert_eq!(after, all[1..], "the leg after the border is no call of its own");
}

#[test]
fn a_leg_hours_after_its_main_leg_stands_alone_and_so_does_one_whose_main_leg_is_missing() {
    let (calls, _) = read(&[
        root("a", "09:00:00"),
        forward("b", "a", "user31", "11:30:00"),
        forward("c", "gone", "user32", "12:00:00"),
        forward("d", "d", "user32", "13:00:00"),
    ]);
    let seen: Vec<_> = calls.iter().map(|it| (it.id.as_str(), it.direction)).collect();
    let expected =
        [("a", Direction::Inbound), ("b", Direction::Inbound), ("c", Direction::Inbound), ("d", Direction::Outbound)];
    assert_eq!(seen, expected);
    assert_eq!(calls[1].our_number, Party::Unstated);
}

#[test]
fn whose_call_it_was_is_said_only_where_it_is_known() {
    let to = |number: &str| with(root("a", "09:00:00"), json!({"destination_number": number}));
    let extension = |records: &[Value]| read(records).0[0].extension.as_ref().map(ToString::to_string);
    assert_eq!(extension(&[to("+492214710900")]).as_deref(), Some("35"), "the number is somebody's");
    assert_eq!(extension(&[to(OURS)]), None);
    let rings = |id: &str, user: &str| forward(id, "a", user, "09:00:01");
    assert_eq!(extension(&[to(OURS), rings("b", "user31"), rings("c", "user32")]), None, "either of them");
    assert_eq!(extension(&[to(OURS), rings("b", "+4915112345678")]), None);
}

#[test]
fn missing_and_strange_fields_cost_nothing_else() {
    let (calls, oddities) = read(&[
        json!({"start_stamp": "2026-03-02 09:00:00", "call_type": "HOLOGRAM_INBOUND", "callerid_number": "anonymous"}),
        json!({"uuid": 7, "start_stamp": 1_772_442_000_i64, "duration": "30", "billusec": "20000000",
            "call_type": "INBOUND", "x": {"y": 1}}),
        json!({"uuid": "x", "start_stamp": "yesterday"}),
        json!({"uuid": "z"}),
    ]);
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[0].remote, Party::Withheld);
    assert_eq!(calls[1].remote, Party::Unstated);
    let numbered = &calls[1];
    assert_eq!(numbered.answered_at, Some("2026-03-02T09:00:10Z".parse().unwrap()), "talk is told in microseconds");
    assert_eq!(numbered.ended_at, Some("2026-03-02T09:00:30Z".parse().unwrap()));
    let places: Vec<_> = oddities.list().into_iter().map(|it| (it.place, it.count)).collect();
    let expected =
        [("records.call_type", 1), ("records.start_stamp", 1), ("records", 2)].map(|(place, n)| (place.to_owned(), n));
    assert_eq!(places, expected);
}

#[test]
fn the_night_the_clocks_go_back_has_no_negative_hour() {
    // Berlin's 25th of October 2026 has two hours from 2 to 3.
    let night = |id: &str, start: &str, answer: &str, end: &str| {
        with(root(id, "09:00:00"), json!({"start_stamp": start, "answer_stamp": answer, "end_stamp": end}))
    };
    let records = [
        night("b", "2026-10-25T02:10:00+01:00", "2026-10-25T02:10:05+01:00", "2026-10-25T02:20:00+01:00"),
        night("a", "2026-10-25T02:50:00+02:00", "2026-10-25T02:50:05+02:00", "2026-10-25T02:05:00+01:00"),
    ];
    let (calls, _) = read_in(&records, "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00");
    let seen: Vec<_> = calls
        .iter()
        .map(|it| (it.id.as_str(), it.ended_at.unwrap().duration_since(it.answered_at.unwrap()).as_secs()))
        .collect();
    assert_eq!(seen, [("a", 895), ("b", 595)]);
}

#[test]
fn a_record_told_twice_is_one_call_and_a_clock_that_went_back_makes_no_negative_talk() {
    let odd = with(
        root("a", "09:00:10"),
        json!({"answer_stamp": "2026-03-02T09:00:05Z", "end_stamp": "2026-03-02T08:59:00Z"}),
    );
    let (calls, _) = read(&[odd.clone(), odd]);
    assert_eq!(calls.len(), 1);
    let call = &calls[0];
    assert!(call.answered_at.unwrap() >= call.started_at && call.ended_at.unwrap() >= call.answered_at.unwrap());
}

proptest! {
    #[test]
    fn the_order_of_records_makes_no_difference(order in Just((0..8).collect::<Vec<usize>>()).prop_shuffle()) {
        let mut records = Vec::new();
        for (n, minute) in (0..4).enumerate() {
            records.push(root(&format!("r{n}"), &format!("09:0{minute}:00")));
            records.push(forward(&format!("f{n}"), &format!("r{n}"), "user31", &format!("09:0{minute}:02")));
        }
        let shuffled: Vec<Value> = order.iter().map(|at| records[*at].clone()).collect();
        prop_assert_eq!(read(&shuffled).0, read(&records).0);
    }

    #[test]
    fn no_record_is_too_strange(text in any::<String>(), number in any::<f64>()) {
        let (calls, _) = read(&[json!({"uuid": text, "call_type": text, "start_stamp": "2026-03-02T09:00:00Z",
            "answer_stamp": text, "end_stamp": number, "duration": number, "billusec": text, "hangup_cause": text,
            "callerid_number": text, "main_leg_uuid": text})]);
        prop_assert_eq!(calls.len(), 1);
    }
}
