use jiff::tz::TimeZone;
use ringside_api::view::{
    AccountView, AgentStateView, AgentView, ExtensionView, HitView, LegView, LineView, LookupView, NumberJobView,
    OwnNumberView, ScenarioView,
};
use serde_json::{Value, json};

use super::*;

fn zone() -> TimeZone {
    TimeZone::fixed(jiff::tz::offset(2))
}

fn view<T: serde::de::DeserializeOwned>(json: Value) -> T {
    serde_json::from_value(json).unwrap()
}

fn party(kind: &str, dial: Option<&str>, name: Option<&str>) -> Value {
    json!({"kind": kind, "dial": dial, "number": dial.unwrap_or(""), "region": null, "name": name, "company": null})
}

fn leg(remote: Value) -> LegView {
    view(json!({
        "id": "office/c1/31", "account": "office", "call": "c1", "extension": "31", "extension_name": "Anna Berger",
        "direction": "inbound", "phase": "ringing", "remote": remote, "our_number": null, "class": "external",
        "started_at": 1_772_352_000_000_i64, "answered_at": null, "ended_at": null, "outcome": null,
        "provisional": false, "unverified": false, "mine": true, "no_hang_up": null
    }))
}

fn dial(state: &str) -> DialView {
    view(json!({
        "intent": "i", "account": "office", "from": "office/31", "to": party("number", Some("+4922166966966"), None),
        "state": state, "call": null, "started_at": 1_772_352_000_000_i64, "problem": null
    }))
}

#[test]
fn a_call_has_every_field_in_order_and_null_for_what_is_not_known() {
    let row = Call::of(&leg(party("number", Some("+4922166966966"), Some("Dr. Miriam Lenz"))), &zone());
    assert_eq!(
        serde_json::to_string(&row).unwrap(),
        r#"{"account":"office","call":"c1","extension":"31","direction":"inbound","phase":"ringing","number":"+4922166966966","name":"Dr. Miriam Lenz","our_number":null,"started_at":"2026-03-01T10:00:00.000+02:00","answered_at":null,"ended_at":null,"outcome":null,"not_dialled":null}"#
    );
}

#[test]
fn a_withheld_caller_has_no_number_and_no_name() {
    let row = serde_json::to_value(Call::of(&leg(party("withheld", None, None)), &zone())).unwrap();
    assert_eq!((&row["number"], &row["name"]), (&Value::Null, &Value::Null));
}

#[test]
fn a_dial_is_told_as_the_call_it_becomes() {
    let told = |state| {
        let row = serde_json::to_value(Call::of_dial(&dial(state), &zone())).unwrap();
        (row["phase"].clone(), row["outcome"].clone())
    };
    for (state, phase, outcome) in [
        ("sending", "dialing", Value::Null),
        ("caller_ringing", "dialing", Value::Null),
        ("callee_ringing", "ringing", Value::Null),
        ("connected", "connected", json!("answered")),
        ("busy", "ended", json!("busy")),
        ("no_answer", "ended", json!("missed")),
        ("unknown", "ended", json!("unknown")),
    ] {
        assert_eq!(told(state), (json!(phase), outcome), "{state}");
    }
}

#[test]
fn a_dial_takes_over_what_the_call_events_say() {
    let mut leg = leg(party("number", Some("+4922166966966"), Some("Dr. Miriam Lenz")));
    leg.answered_at = Some(1_772_352_005_000);
    let row = serde_json::to_value(Call::of_dial_and_leg(&dial("connected"), Some(&leg), &zone())).unwrap();
    assert_eq!(row["answered_at"], "2026-03-01T10:00:05.000+02:00");
    assert_eq!((&row["name"], &row["direction"]), (&json!("Dr. Miriam Lenz"), &json!("outbound")));
}

#[test]
fn lines_and_accounts_have_the_fields_of_the_contract() {
    let line: LineView = view(json!({
        "id": "office/31", "account": "office", "extension": "31", "name": "", "group": null, "line": "busy",
        "presence": "dnd", "at": 1_772_352_000_000_i64, "stale_since": 1, "peer": null, "peer_since": null,
        "mine": false, "favourite": false
    }));
    assert_eq!(
        serde_json::to_value(Line::of(&line, &zone())).unwrap(),
        json!({"account": "office", "extension": "31", "name": null, "line": "busy", "presence": "dnd", "at": "2026-03-01T10:00:00.000+02:00", "stale": true})
    );
    let extension = |email: Value| -> ExtensionView {
        view(json!({"account": "office", "extension": "31", "name": "", "email": email, "group": null}))
    };
    assert_eq!(
        serde_json::to_value(Extension::of(&extension(Value::Null))).unwrap(),
        json!({"account": "office", "extension": "31", "name": null, "email": null})
    );
    let with_email = serde_json::to_value(Extension::of(&extension(json!("anna@office.example")))).unwrap();
    assert_eq!(with_email["email"], "anna@office.example");
    let account: AccountView = view(json!({
        "id": "office", "provider": "nfon", "title": "NFON", "capabilities": ["line_states", "dial"],
        "link": {"phase": "offline", "since": 1_772_352_000_000_i64, "reason": {"code": "sign_in_refused", "message": "the service refused the password", "hint": "Enter it again."}},
        "secret": "keyring", "warnings": [], "locked": false, "demo": false
    }));
    assert_eq!(
        serde_json::to_value(Account::of(&account, &zone())).unwrap(),
        json!({"id": "office", "provider": "nfon", "capabilities": ["line_states", "dial"], "link": "offline", "since": "2026-03-01T10:00:00.000+02:00", "reason": "sign_in_refused: the service refused the password. Enter it again."})
    );
}

#[test]
fn a_scenario_says_whether_what_was_asked_was_read_back() {
    let scenario = |asked: Value| -> ScenarioView {
        view(json!({
            "account": "forwarding", "id": "7", "name": "Night", "state": "active", "state_text": null,
            "forwardings": [{"from": "+411", "to": "+412", "from_shown": "+411", "to_shown": "+412"}], "at": 1_772_352_000_000_i64, "stale_since": null,
            "asked": asked, "ends_at": null, "drift": false, "unverified_live": true
        }))
    };
    let confirmed = |asked| serde_json::to_value(Scenario::of(&scenario(asked), &zone())).unwrap()["confirmed"].clone();
    assert_eq!(confirmed(Value::Null), Value::Null);
    let asked =
        |result| json!({"active": true, "by": "anna", "at": 1, "result": result, "result_at": null, "problem": null});
    assert_eq!(confirmed(asked("confirmed")), json!(true));
    assert_eq!(confirmed(asked("requested")), json!(false));
}

#[test]
fn a_look_up_that_finds_nobody_still_has_every_field() {
    let nobody = LookupView { number: "+431720".into(), best: None, others: Vec::new(), took_us: 250 };
    assert_eq!(
        serde_json::to_value(Contact::of_lookup(&nobody)).unwrap(),
        json!({"number": "+431720", "name": null, "company": null, "source": null, "rule": null, "ms": 0.25, "others": []})
    );
    let hit = HitView {
        contact: "c".into(),
        name: "Nicole".into(),
        company: String::new(),
        number: "+41449900032".into(),
        source: "demo".into(),
        field: "work".into(),
        rule: "exact_number".into(),
        took_us: 1,
        vip: false,
        pinned: false,
        note: String::new(),
    };
    let shared = LookupView { number: "+41449900032".into(), best: Some(hit.clone()), others: vec![hit], took_us: 1 };
    let row = serde_json::to_value(Contact::of_lookup(&shared)).unwrap();
    assert_eq!((&row["others"][0]["name"], &row["company"]), (&json!("Nicole"), &Value::Null));
}

#[test]
fn a_watched_event_is_its_row_with_a_name() {
    let row =
        serde_json::to_value(Watched::Call(Call::of(&leg(party("extension", Some("33"), None)), &zone()))).unwrap();
    assert_eq!((&row["event"], &row["number"], &row["phase"]), (&json!("call"), &json!("33"), &json!("ringing")));
}

#[test]
fn an_agent_whose_service_does_not_say_has_no_state() {
    let agent = |state: Value| -> AgentView {
        view(
            json!({"line": "voice/31", "account": "voice", "extension": "31", "state": state, "at": 1_772_352_000_000_i64}),
        )
    };
    let lunch = json!({"id": "3", "mode": "break", "name": "Lunch"});
    assert_eq!(
        serde_json::to_string(&Agent::of(&agent(lunch.clone()), &zone())).unwrap(),
        r#"{"account":"voice","extension":"31","state":"3","mode":"break","name":"Lunch","at":"2026-03-01T10:00:00.000+02:00"}"#
    );
    let unsaid = serde_json::to_value(Agent::of(&agent(Value::Null), &zone())).unwrap();
    assert_eq!((&unsaid["state"], &unsaid["mode"], &unsaid["name"]), (&Value::Null, &Value::Null, &Value::Null));
    let state: AgentStateView = view(lunch);
    assert_eq!(
        serde_json::to_value(AgentState::of("voice", &state)).unwrap(),
        json!({"account": "voice", "id": "3", "mode": "break", "name": "Lunch"})
    );
}

#[test]
fn numbers_and_jobs_have_the_fields_of_the_contract() {
    let range: OwnNumberView = view(json!({
        "account": "mobile", "written": "+49 221 4710-0 bis 99", "number": null, "shown": "+49 221 4710-0 bis 99", "id": ""
    }));
    assert_eq!(
        serde_json::to_value(Number::of(&range)).unwrap(),
        json!({"account": "mobile", "number": null, "written": "+49 221 4710-0 bis 99", "id": null})
    );
    let job: NumberJobView = view(json!({
        "id": 3, "account": "voice", "kind": "order", "stage": "order_unconfirmed", "subject": "221, 50667 Köln",
        "document_name": "licence.pdf", "by": "anna", "asked_at": 1_772_352_000_000_i64, "at": 1_772_352_005_000_i64,
        "verification": "v-1", "order": "", "link_to": null, "brought": [], "push": false,
        "problem": {"code": "unconfirmed", "message": "m", "hint": "h"}
    }));
    assert_eq!(
        serde_json::to_string(&Job::of(&job, &zone())).unwrap(),
        r#"{"id":3,"account":"voice","kind":"order","stage":"order_unconfirmed","subject":"221, 50667 Köln","document":"licence.pdf","by":"anna","asked_at":"2026-03-01T10:00:00.000+02:00","at":"2026-03-01T10:00:05.000+02:00","verification":"v-1","order":null,"link_to":null,"brought":[],"push":false,"problem":"unconfirmed"}"#
    );
    let watched = serde_json::to_value(Watched::NumberJob(Job::of(&job, &zone()))).unwrap();
    assert_eq!((&watched["event"], &watched["id"]), (&json!("number_job"), &json!(3)));
}
