use serde_json::json;

use super::*;

fn read(answer: Value) -> Option<Vec<(String, String, ScenarioState)>> {
    let scenarios = list(&answer, &Oddities::default())?;
    Some(scenarios.into_iter().map(|it| (it.id.to_string(), it.name.to_string(), it.state)).collect())
}

fn one(id: &str, name: &str, state: ScenarioState) -> Vec<(String, String, ScenarioState)> {
    vec![(id.into(), name.into(), state)]
}

#[test]
fn a_list_may_stand_in_many_places() {
    let flood = json!({"id": "17", "name": "Office flood", "state": "INACTIVE"});
    let expected = Some(one("17", "Office flood", ScenarioState::Inactive));
    for answer in [
        json!([flood]),
        json!({"scenarios": [flood], "count": 1}),
        json!({"Scenarios": [flood]}),
        json!({"data": {"items": [flood]}}),
        json!({"meta": {}, "content": [flood]}),
        json!({"17": {"name": "Office flood", "state": "INACTIVE"}}),
        json!({"scenarios": {"17": {"name": "Office flood", "state": "INACTIVE"}}}),
        flood.clone(),
    ] {
        assert_eq!(read(answer.clone()), expected, "{answer}");
    }
    assert_eq!(read(json!([])), Some(vec![]));
    assert_eq!(read(json!({"scenarios": {}})), Some(vec![]));
    for answer in [json!({}), json!(null), json!("none"), json!(7), json!({"message": "hello"})] {
        assert_eq!(read(answer.clone()), None, "{answer}");
    }
}

#[test]
fn a_state_is_a_flag_or_a_word() {
    use ScenarioState::{Active, Changing, Inactive, Scheduled};
    for (fields, expected) in [
        (json!({"active": true}), Active),
        (json!({"isActive": "false"}), Inactive),
        (json!({"activated": 1}), Active),
        (json!({"enabled": "0"}), Inactive),
        (json!({"active": false, "state": "ACTIVE"}), Inactive),
        (json!({"active": null, "state": "ACTIVE"}), Active),
        (json!({"state": "Activated"}), Active),
        (json!({"status": "on"}), Active),
        (json!({"scenarioState": "ENABLED"}), Active),
        (json!({"activationState": "deactivated"}), Inactive),
        (json!({"state": "Off"}), Inactive),
        (json!({"state": "ACTIVATING"}), Changing),
        (json!({"state": "in progress"}), Changing),
        (json!({"state": "In-Progress"}), Changing),
        (json!({"state": "planned"}), Scheduled),
        (json!({"active": "pending"}), Changing),
        (json!({"state": "paused\u{202e}"}), ScenarioState::Unknown(Label::new("paused"))),
        (json!({"state": {"deep": 1}}), ScenarioState::Unknown(Label::new(""))),
        (json!({}), ScenarioState::Unknown(Label::new(""))),
    ] {
        let mut entry = fields.clone();
        entry["id"] = json!(17);
        assert_eq!(read(json!([entry])), Some(one("17", "", expected)), "{fields}");
    }
}

#[test]
fn ids_and_names_have_many_names() {
    for (id, name) in [
        ("id", "name"),
        ("scenarioId", "scenarioName"),
        ("scenario_id", "title"),
        ("ID", "label"),
        ("uuid", "description"),
    ] {
        let entry = json!({id: "a/b", name: "Flood", "active": true});
        assert_eq!(read(json!([entry])), Some(one("a/b", "Flood", ScenarioState::Active)));
    }
}

#[test]
fn without_an_id_or_with_anothers_a_scenario_is_left_out_and_counted() {
    let oddities = Oddities::default();
    let answer =
        json!([{"name": "no id"}, "text", {"id": ""}, {"id": 1, "active": true}, {"id": "1", "active": false}]);
    let scenarios = list(&answer, &oddities).unwrap();
    assert_eq!(scenarios.len(), 1);
    assert_eq!(scenarios[0].state, ScenarioState::Active);
    let counts: Vec<_> = oddities.list().into_iter().map(|it| (it.place, it.count)).collect();
    assert_eq!(counts, [("scenarios".to_owned(), 3), ("scenarios.id".to_owned(), 1)]);
}

#[test]
fn forwardings_are_shown_where_they_are() {
    for (list, from, to) in
        [("forwardings", "from", "to"), ("numbers", "number", "target"), ("rules", "source", "destination")]
    {
        let answer =
            json!([{"id": 1, "active": true, list: [{from: "+41319900061", to: 41790000161_u64}, {to: "x"}, "junk"]}]);
        let scenarios = super::list(&answer, &Oddities::default()).unwrap();
        let expected = [Forwarding { from: "+41319900061".into(), to: "41790000161".into() }];
        assert_eq!(scenarios[0].forwardings, expected, "{list}");
    }
}

#[test]
fn one_scenario_is_found_bare_wrapped_or_in_a_list_but_never_another() {
    let id = ScenarioId::new("17");
    let oddities = Oddities::default();
    for answer in [
        json!({"id": 17, "state": "ACTIVE"}),
        json!({"state": "ACTIVE"}),
        json!({"scenario": {"id": "17", "state": "ACTIVE"}}),
        json!([{"id": "18", "state": "INACTIVE"}, {"id": "17", "state": "ACTIVE"}]),
    ] {
        assert_eq!(find(&answer, &id, &oddities).unwrap().state, ScenarioState::Active, "{answer}");
    }
    for answer in [json!({"id": 18, "state": "ACTIVE"}), json!([]), json!("17"), json!(null)] {
        assert_eq!(find(&answer, &id, &oddities), None, "{answer}");
    }
}

#[test]
fn the_object_keeps_everything_but_its_state() {
    let id = ScenarioId::new("17");
    for (answer, on) in [
        (json!({"id": 17, "state": "INACTIVE", "x": [1]}), json!({"id": 17, "state": "ACTIVE", "x": [1]})),
        (json!({"id": 17, "status": "off"}), json!({"id": 17, "status": "on"})),
        (json!({"id": 17, "status": "Disabled"}), json!({"id": 17, "status": "Enabled"})),
        (json!({"id": 17, "status": "deactivated"}), json!({"id": 17, "status": "activated"})),
        (json!({"id": 17, "state": "SCHEDULED"}), json!({"id": 17, "state": "ACTIVE"})),
        (json!({"id": 17, "active": false}), json!({"id": 17, "active": true})),
        (json!({"id": 17, "active": 0}), json!({"id": 17, "active": 1})),
        (
            json!({"id": 17, "active": "false", "state": "inactive"}),
            json!({"id": 17, "active": "true", "state": "active"}),
        ),
        (json!({"scenario": {"id": "17", "active": false}}), json!({"id": "17", "active": true})),
    ] {
        assert_eq!(changed(&answer, &id, true), Some(on), "{answer}");
    }
    assert_eq!(changed(&json!({"id": 17, "name": "Flood"}), &id, true), None);
}

#[test]
fn health_is_up_unless_it_says_otherwise() {
    for (body, up) in [
        ("", true),
        ("OK", true),
        (r#"{"status":"UP"}"#, true),
        (r#"{"uptime":7}"#, true),
        (r#"[1]"#, true),
        (r#"{"status":"DOWN","reason":"maintenance"}"#, false),
        (r#"{"health":"Error: database"}"#, false),
        (r#"{"state":"degraded"}"#, false),
        (r#"{"health":false}"#, false),
    ] {
        assert_eq!(matches!(health(body.as_bytes()), Health::Up(_)), up, "{body}");
    }
}

#[test]
fn of_a_plain_word_that_it_is_well_nothing_is_left_to_show() {
    for (body, shown) in [(r#"{"status":"UP"}"#, ""), (r#"{"health":true}"#, ""), ("green as grass", "green as grass")]
    {
        assert!(matches!(health(body.as_bytes()), Health::Up(text) if text == shown), "{body}");
    }
}
