//! fonial: sessions, the vendor's odd forms, the callback, and what the office leaves behind in the two lists.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up stops at once")]

mod common;

use std::time::Duration;

use common::{client, json_of, quiet, started, text};
use reqwest::{Response, StatusCode};
use ringside_exchange::{
    DialBehaviour, Exchange, Fault, FaultKind, FonialBounds, FonialErrors, FonialLists, FonialLogin, FonialOptions,
    Options, RingSpec, ServiceName,
};
use serde_json::{Value, json};

const ALWAYS: (&str, &str) = ("2000-01-01 00:00:00", "2099-12-31 23:59:59");

async fn with(fonial: FonialOptions) -> Exchange {
    started(Options { fonial, ..Options::quiet() }).await
}

async fn post(exchange: &Exchange, method: &str, body: &Value) -> Response {
    let request = client().post(format!("{}{method}", exchange.fonial_url()));
    request.header("content-type", "application/json").body(body.to_string()).send().await.unwrap()
}

async fn ask(exchange: &Exchange, method: &str, body: &Value) -> Value {
    json_of(post(exchange, method, body).await).await
}

async fn session(exchange: &Exchange) -> String {
    let sid = text(&ask(exchange, "/session", &json!({})).await["sid"]);
    let desk = exchange.fonial();
    let body = json!({"sid": sid, "username": desk.username(), "password": desk.password()});
    let answer = ask(exchange, "/session/authenticate", &body).await;
    assert_eq!(answer, json!({"sid": sid, "status": "ok", "authenticated": true}));
    sid
}

async fn span(exchange: &Exchange, sid: &str, list: &str, (start, end): (&str, &str)) -> Vec<Value> {
    let body = json!({"sid": sid, "start": start, "end": end});
    ask(exchange, &format!("/{list}/get"), &body).await[list].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_session_is_begun_authenticated_and_told_in_the_body() {
    let exchange = quiet().await;
    let sid = session(&exchange).await;
    let answer = post(&exchange, "/devices/get", &json!({"sid": sid})).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["content-type"], "text/json;charset=UTF-8");
    assert!(answer.headers()["set-cookie"].to_str().unwrap().starts_with("PHPSESSID="));
    let devices = json_of(answer).await;
    let list = devices["devices"].as_array().unwrap();
    assert_eq!(list.len(), 46);
    assert!(list.contains(&json!({"name": "Anna Berger", "id": exchange.fonial().device_of("31").unwrap()})));
    let begun = post(&exchange, "/session", &json!([])).await;
    assert_eq!(begun.headers()["content-type"], "text/json");
    let recorded = exchange.tape().requests();
    assert!(recorded.iter().all(|it| !it.body.contains(&sid)), "the tape keeps no session");
}

#[tokio::test]
async fn sessions_that_are_not_good_are_told_so_under_200() {
    let exchange = quiet().await;
    let sid = text(&ask(&exchange, "/session", &json!({})).await["sid"]);
    for (sid, reason) in [(sid.as_str(), "session unauthenticated"), ("nonsense", "session invalid")] {
        for method in ["/devices/get", "/numbers/get", "/call/initiate", "/journal/get", "/evn/get"] {
            let answer = post(&exchange, method, &json!({"sid": sid})).await;
            assert_eq!(answer.status(), StatusCode::OK);
            assert_eq!(json_of(answer).await, json!({"sid": null, "status": "error", "reason": reason}), "{method}");
        }
    }
    let sid = session(&exchange).await;
    exchange.fonial().expire_sessions();
    assert_eq!(ask(&exchange, "/devices/get", &json!({"sid": sid})).await["reason"], "session invalid");
    exchange.fonial().set_forgetful(true);
    let sid = session(&exchange).await;
    assert_eq!(ask(&exchange, "/devices/get", &json!({"sid": sid})).await["reason"], "session invalid");
}

#[tokio::test]
async fn an_unused_session_dies_and_a_used_one_lives() {
    let exchange = quiet().await;
    let (used, unused) = (session(&exchange).await, session(&exchange).await);
    for _ in 0..3 {
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(20 * 60)).await;
        tokio::time::resume();
        assert_eq!(ask(&exchange, "/numbers/get", &json!({"sid": used})).await["status"], "ok");
    }
    assert_eq!(ask(&exchange, "/numbers/get", &json!({"sid": unused})).await["reason"], "session invalid");
}

#[tokio::test]
async fn a_wrong_password_is_answered_in_the_form_that_is_set() {
    for (login, right, wrong) in [
        (FonialLogin::Flag, json!(true), json!(false)),
        (FonialLogin::Number, json!(1), json!(0)),
        (FonialLogin::Text, json!("1"), json!("0")),
        (FonialLogin::Error, json!(true), Value::Null),
    ] {
        let exchange = with(FonialOptions { login, ..FonialOptions::default() }).await;
        let sid = text(&ask(&exchange, "/session", &json!({})).await["sid"]);
        let mut body = json!({"sid": sid, "username": exchange.fonial().username(), "password": "wrong"});
        let answer = ask(&exchange, "/session/authenticate", &body).await;
        assert_eq!(answer.get("authenticated").cloned().unwrap_or_default(), wrong, "{login:?}");
        assert_eq!(answer["status"], if login == FonialLogin::Error { "error" } else { "ok" });
        assert_eq!(ask(&exchange, "/devices/get", &json!({"sid": sid})).await["reason"], "session unauthenticated");
        body["password"] = json!(exchange.fonial().password());
        assert_eq!(ask(&exchange, "/session/authenticate", &body).await["authenticated"], right, "{login:?}");
    }
}

#[tokio::test]
async fn whatever_is_no_method_is_the_web_portal() {
    let exchange = quiet().await;
    let base = exchange.fonial_url();
    let origin = base.strip_suffix("/api/2.0").unwrap();
    for url in [format!("{base}/devices/list"), format!("{base}/session/"), format!("{origin}/")] {
        let answer = client().post(url).header("content-type", "application/json").body("{}").send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
        assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    }
    assert_eq!(client().get(format!("{base}/session")).send().await.unwrap().status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn requests_that_are_not_as_documented_are_errors() {
    let exchange = quiet().await;
    let sid = session(&exchange).await;
    let device = exchange.fonial().device_of("31").unwrap();
    for (method, body, error) in [
        ("/session/authenticate", json!({"sid": sid, "username": "x", "passwort": "y"}), "parameter missing"),
        (
            "/call/initiate",
            json!({"sid": sid, "device": device.to_string(), "target": "+4922166966966"}),
            "device invalid",
        ),
        ("/call/initiate", json!({"sid": sid, "device": device, "target": "4922166966966"}), "target invalid"),
        ("/call/initiate", json!({"sid": sid, "device": 31, "target": "+4922166966966"}), "device unknown"),
        ("/call/initiate", json!({"sid": sid, "device": 4999, "target": "+4922166966966"}), "device unknown"),
        ("/journal/get", json!({"sid": sid}), "date range malformed"),
        ("/evn/get", json!({"sid": sid, "start": "2026-01-01", "end": "2026-01-02"}), "date range malformed"),
        (
            "/evn/get",
            json!({"sid": sid, "start": "2026-01-02 00:00:00", "end": "2026-01-01 00:00:00"}),
            "date range invalid",
        ),
    ] {
        let answer = ask(&exchange, method, &body).await;
        assert_eq!(answer, json!({"sid": null, "status": "error", "error": error}), "{method} {body}");
    }
    assert!(exchange.office().calls().is_empty());
    let plain = client().post(format!("{}/session", exchange.fonial_url())).body("{}").send().await.unwrap();
    assert_eq!(json_of(plain).await["error"], "request malformed");
}

#[tokio::test]
async fn errors_can_stand_in_any_field_and_under_any_status() {
    for (errors, field) in [
        (FonialErrors::Error, "error"),
        (FonialErrors::Reason, "reason"),
        (FonialErrors::Message, "message"),
        (FonialErrors::Object, "error"),
    ] {
        let exchange = with(FonialOptions { errors, error_status: 400, ..FonialOptions::default() }).await;
        let sid = session(&exchange).await;
        exchange.fonial().complain(Some("maintenance"));
        let answer = post(&exchange, "/numbers/get", &json!({"sid": sid})).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
        let body = json_of(answer).await;
        let words = if errors == FonialErrors::Object { &body["error"]["text"] } else { &body[field] };
        assert_eq!(words, "maintenance", "{errors:?}");
        exchange.fonial().complain(None);
        assert_eq!(ask(&exchange, "/numbers/get", &json!({"sid": sid})).await["status"], "ok");
    }
    let exchange = quiet().await;
    exchange.faults().set(Fault::new(FaultKind::Status { code: 503, retry_after: None }).on(ServiceName::Fonial));
    let answer = post(&exchange, "/session", &json!({})).await;
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(json_of(answer).await["status"], "error");
}

#[tokio::test]
async fn lists_come_in_the_form_that_is_set() {
    for (lists, several, one) in [
        (FonialLists::Arrays, json!([1, 2]), json!([1])),
        (FonialLists::Objects, json!({"0": 1, "1": 2}), json!({"0": 1})),
        (FonialLists::Bare, json!({"1": 1, "2": 2}), json!(1)),
    ] {
        let exchange = with(FonialOptions { lists, empty_as_null: true, ..FonialOptions::default() }).await;
        let sid = session(&exchange).await;
        let body = json!({"sid": sid, "start": ALWAYS.0, "end": ALWAYS.1});
        assert_eq!(ask(&exchange, "/journal/get", &body).await.get("journal"), Some(&Value::Null));
        exchange.fonial().add_journal_row("2026-01-01 00:00:00", &json!(1));
        assert_eq!(ask(&exchange, "/journal/get", &body).await["journal"], one, "{lists:?}");
        exchange.fonial().add_journal_row("2026-01-01 00:00:01", &json!(2));
        assert_eq!(ask(&exchange, "/journal/get", &body).await["journal"], several, "{lists:?}");
    }
    let odd = FonialOptions { singular_devices: true, numbers_as_text: true, ..FonialOptions::default() };
    let exchange = with(odd).await;
    let sid = session(&exchange).await;
    assert!(ask(&exchange, "/devices/get", &json!({"sid": sid})).await["device"][0]["id"].is_string());
}

#[tokio::test]
async fn a_span_is_cut_by_wall_time_with_or_without_its_ends() {
    for (bounds, expected) in [(FonialBounds::Inclusive, vec![1, 2, 3]), (FonialBounds::Exclusive, vec![2])] {
        let exchange = with(FonialOptions { bounds, ..FonialOptions::default() }).await;
        let sid = session(&exchange).await;
        for (n, second) in [(3, "20"), (1, "00"), (4, "21"), (2, "10")] {
            exchange.fonial().add_journal_row(&format!("2026-10-25 02:30:{second}"), &json!(n));
        }
        let cut = ("2026-10-25 02:30:00", "2026-10-25 02:30:20");
        assert_eq!(span(&exchange, &sid, "journal", cut).await, expected, "{bounds:?}");
    }
    let exchange = with(FonialOptions { newest_first: true, ..FonialOptions::default() }).await;
    let sid = session(&exchange).await;
    exchange.fonial().add_evn_row("2026-01-01 00:00:00", &json!(1));
    exchange.fonial().add_evn_row("2026-01-01 00:00:00", &json!(2));
    assert_eq!(span(&exchange, &sid, "evn", ALWAYS).await, [2, 1]);
}

#[tokio::test]
async fn incoming_calls_of_the_office_come_into_the_journal_when_they_end() {
    let at = "2026-10-25T00:30:00Z".parse().unwrap();
    let exchange = started(Options { starts_at: Some(at), ..Options::quiet() }).await;
    let sid = session(&exchange).await;
    let office = exchange.office();
    let taken = office.ring(RingSpec::to_group(["31", "32"]).from("4922166966966").dialled("49221471900"));
    assert!(taken.answer("32") && taken.transfer("33") && taken.answer("33"));
    assert_eq!(exchange.fonial().recorded(), (0, 0), "it goes on");
    assert!(taken.hang_up());
    assert!(office.ring(RingSpec::to("31")).time_out());
    assert!(office.ring(RingSpec::to("31").from("41446681800")).busy());
    assert!(office.call_internally("31", "32").hang_up());
    let rows = span(&exchange, &sid, "journal", ALWAYS).await;
    let told: Vec<_> = rows.iter().map(|row| (&row["from"], &row["to"], &row["status"])).collect();
    let expected = [
        (&json!("+4922166966966"), &json!("+49221471900"), &json!("TAKEN")),
        (&json!("anonymous"), &json!("+49221471031"), &json!("MISSED")),
        (&json!("+41446681800"), &json!("+49221471031"), &json!("BUSY")),
    ];
    assert_eq!(told, expected);
    assert!(rows.iter().all(|row| row["date"].as_str().unwrap().starts_with("2026-10-25 02:3")), "{rows:?}");
}

#[tokio::test]
async fn losing_telephones_leave_no_record_of_their_own() {
    let exchange = quiet().await;
    let losing = ringside_exchange::LosingLegs::Never;
    let call = exchange.ring(RingSpec::to_group(["31", "32", "33"]).from("4922166966966").losing(losing));
    assert!(call.answer("31") && call.hang_up());
    assert_eq!(exchange.fonial().recorded(), (1, 0));
}

#[tokio::test]
async fn a_callback_is_taken_without_a_call_id_and_found_in_the_outgoing_calls() {
    let exchange = quiet().await;
    let sid = session(&exchange).await;
    let device = exchange.fonial().device_of("31").unwrap();
    let body = json!({"sid": sid, "device": device, "target": "+4922166966966"});
    exchange.office().next_dial(DialBehaviour::by_hand());
    assert_eq!(ask(&exchange, "/call/initiate", &body).await, json!({"sid": sid, "status": "ok"}));
    let call = exchange.office().calls().pop().unwrap();
    while !call.caller_answers() {
        tokio::task::yield_now().await;
    }
    assert!(call.callee_answers() && call.hang_up());
    let rows = span(&exchange, &sid, "evn", ALWAYS).await;
    assert_eq!(rows.len(), 1);
    for (field, value) in [
        ("from", json!("+49221471031")),
        ("to", json!("+4922166966966")),
        ("destination", json!("Deutschland (Festnetz)")),
        ("costs", json!("0.0000")),
        ("target", json!("Anna Berger")),
        ("duration", json!(0)),
    ] {
        assert_eq!(rows[0][field], value);
    }
    assert!(exchange.office().call_out("32", "4922166966966").time_out());
    assert_eq!(exchange.fonial().recorded(), (0, 1), "nobody answered: no connection, no record");
}

#[tokio::test]
async fn unanswered_calls_are_listed_where_it_is_set_so() {
    let exchange = with(FonialOptions { lists_unanswered: true, ..FonialOptions::default() }).await;
    assert!(exchange.office().call_out("32", "4922166966966").time_out());
    assert_eq!(exchange.fonial().recorded(), (0, 1));
}

#[tokio::test]
async fn a_hundred_thousand_records_lie_in_the_year_before() {
    let exchange = with(FonialOptions { past_calls: 100_000, ..FonialOptions::default() }).await;
    let (incoming, outgoing) = exchange.fonial().recorded();
    assert_eq!(incoming + outgoing, 100_000);
    assert!(outgoing > 30_000);
    let sid = session(&exchange).await;
    let everything = span(&exchange, &sid, "journal", ALWAYS).await;
    assert_eq!(everything.len(), incoming);
    let dates: Vec<_> = everything.iter().map(|row| text(&row["date"])).collect();
    assert!(dates.is_sorted());
    let day = (format!("{} 00:00:00", &dates[incoming / 2][..10]), format!("{} 23:59:59", &dates[incoming / 2][..10]));
    let of_a_day = span(&exchange, &sid, "journal", (&day.0, &day.1)).await;
    assert!((100..300).contains(&of_a_day.len()), "{}", of_a_day.len());
}
