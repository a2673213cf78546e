//! What happens in the office shows up at TENIOS: in the records and in the posts.

use ringside_exchange::{ForwardTarget, LosingLegs, RingSpec, StampForm, TeniosOptions};
use serde_json::{Value, json};

use super::receiver::Receiver;
use super::{ask, assert_refused, ok, quiet, talk, with};

const ALWAYS: (&str, &str) = ("2020-01-01T00:00:00.000Z", "2099-12-31T23:59:59+02:00");

fn range(page: u64, size: u64) -> Value {
    json!({"start_date_from": ALWAYS.0, "start_date_to": ALWAYS.1, "page": page, "page_size": size})
}

async fn items(exchange: &ringside_exchange::Exchange) -> Vec<Value> {
    ok(exchange, "/cdrs/retrieve", range(1, 100)).await["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_call_from_outside_is_one_record_a_leg() {
    let exchange = quiet().await;
    let group = exchange.ring(RingSpec::to_group(["31", "32"]).from("4922166966966").dialled("492214710900"));
    group.answer("32");
    assert_eq!(exchange.tenios().records(), 0, "records are written when a call is over");
    group.hang_up();
    let items = items(&exchange).await;
    assert_eq!(items.len(), 3);
    let root = items.iter().find(|it| it["call_type"] == "INBOUND").unwrap();
    assert_eq!((&root["main_leg_uuid"], &root["uuid"]), (&Value::Null, &json!(group.id().to_string())));
    assert_eq!(root["callerid_number"], "+4922166966966");
    assert_eq!(root["destination_number"], "+492214710900");
    let legs: Vec<_> = items.iter().filter(|it| it["call_type"] == "SIPFORWARD_USER").collect();
    assert!(legs.iter().all(|it| it["main_leg_uuid"] == root["uuid"]));
    let causes: Vec<_> = legs.iter().map(|it| (&it["destination_number"], &it["hangup_cause"])).collect();
    assert!(causes.contains(&(&json!("user31"), &json!("LOSE_RACE"))), "{causes:?}");
    assert!(causes.contains(&(&json!("user32"), &json!("NORMAL_CLEARING"))), "{causes:?}");
    assert_eq!(ok(&exchange, "/cdrs/count", range(1, 1)).await["total_items"], 3);
}

#[tokio::test]
async fn every_end_has_its_cause_and_a_leg_that_never_ends_holds_up_nothing() {
    let exchange = quiet().await;
    let ring = || exchange.ring(RingSpec::to("31"));
    ring().hang_up();
    ring().time_out();
    ring().reject();
    ring().busy();
    let silent = exchange.ring(RingSpec::to_group(["31", "32"]).losing(LosingLegs::Never));
    silent.answer("31");
    silent.hang_up();
    exchange.office().call_out("31", "4922166966966").hang_up();
    let items = items(&exchange).await;
    let roots: Vec<_> = items.iter().filter(|it| it["main_leg_uuid"].is_null()).collect();
    let seen: Vec<_> = roots.iter().map(|it| super::common::text(&it["hangup_cause"])).collect();
    for cause in ["ORIGINATOR_CANCEL", "NO_ANSWER", "CALL_REJECTED", "USER_BUSY", "NORMAL_CLEARING"] {
        assert!(seen.iter().any(|it| it == cause), "{cause}: {seen:?}");
    }
    assert_eq!(roots.len(), 6);
    assert!(roots.iter().any(|it| it["call_type"] == "FORWARD" && it["callerid_number"] == "+49221471031"));
    assert!(roots.iter().any(|it| it["callerid_number"] == "anonymous"));
}

#[tokio::test]
async fn stamps_come_in_every_plausible_form() {
    for (stamps, looks) in [
        (StampForm::Zulu, "T00:00:00.000Z"),
        (StampForm::Offset, "T01:00:00+01:00"),
        (StampForm::Bare, "T00:00:00"),
        (StampForm::Blank, " 00:00:00.000"),
        (StampForm::Seconds, "1772409600"),
        (StampForm::Milliseconds, "1772409600000"),
    ] {
        let starts_at = Some("2026-03-02T00:00:00Z".parse().unwrap());
        let tenios = TeniosOptions { stamps, ..TeniosOptions::default() };
        let options = ringside_exchange::Options { tenios, starts_at, ..ringside_exchange::Options::quiet() };
        let exchange = super::started(options).await;
        exchange.tenios().fill_records(1);
        let stamp = items(&exchange).await[0]["start_stamp"].clone();
        let text = stamp.as_str().map_or_else(|| stamp.to_string(), str::to_owned);
        let shape = |text: &str| text.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect::<String>();
        assert!(shape(&text).ends_with(&shape(looks)), "{stamps:?}: {text}");
    }
}

#[tokio::test]
async fn a_range_needs_a_zone_and_two_ends_in_order() {
    let exchange = quiet().await;
    for (from, to, field) in [
        ("2026-03-02T00:00:00", ALWAYS.1, "start_date_from"),
        ("2026-03-02", ALWAYS.1, "start_date_from"),
        (ALWAYS.0, "soon", "start_date_to"),
        (ALWAYS.1, ALWAYS.0, "start_date_to"),
    ] {
        let body = json!({"start_date_from": from, "start_date_to": to, "page": 1, "page_size": 10});
        assert_refused(ask(&exchange, "/cdrs/retrieve", body).await, "INVALID_VALUE", json!([field])).await;
    }
}

#[tokio::test]
async fn posts_tell_a_call_in_order_with_the_portals_key() {
    for (forward_target, key, value) in [
        (ForwardTarget::Extra, "forward_destination", "user31"),
        (ForwardTarget::Destination, "destination_number", "user31"),
        (ForwardTarget::Unsaid, "destination_number", "+49221471031"),
    ] {
        let receiver = Receiver::start(204).await;
        let post_calls_to = Some(receiver.url.clone());
        let exchange = with(TeniosOptions { forward_target, post_calls_to, ..TeniosOptions::default() }).await;
        talk(&exchange, "31");
        let posts: Vec<Value> = receiver.take(4).await.iter().map(super::receiver::Received::json).collect();
        let kinds: Vec<_> = posts.iter().map(|it| it["requestType"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["CALL_START", "INITIATE_FORWARD", "FORWARD_ANSWER", "CALL_END"]);
        assert!(posts.iter().all(|it| it["accessKey"] == exchange.tenios().post_key()));
        assert_eq!(posts[1]["variables"][key], value, "{forward_target:?}");
        assert_eq!(posts[0]["variables"]["caller_id_number"], "+4922166966966");
        let ids: Vec<_> = posts.iter().map(|it| &it["variables"]["call_uuid"]).collect();
        assert!(ids.iter().all(|id| *id == ids[0] && id.is_string()));
    }
}

#[tokio::test]
async fn nothing_is_posted_of_calls_the_office_makes() {
    let receiver = Receiver::start(200).await;
    let exchange = quiet().await;
    exchange.tenios().post_calls_to(Some(&receiver.url));
    exchange.office().call_out("31", "4922166966966").hang_up();
    talk(&exchange, "32");
    let first = receiver.take(4).await.remove(0).json();
    assert_eq!(first["variables"]["destination_number"], "+49221471032");
    exchange.tenios().post_calls_to(None);
    talk(&exchange, "33");
    exchange.tenios().post_calls_to(Some(&receiver.url));
    talk(&exchange, "34");
    let next = receiver.take(4).await.remove(0).json();
    assert_eq!(next["variables"]["destination_number"], "+49221471034");
}
