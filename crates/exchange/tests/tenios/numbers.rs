//! An address, its approval, an order, its completion, its end.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::StatusCode;
use ringside_exchange::{Delivery, Exchange, PushForm, PushSecret, TeniosOptions};
use serde_json::{Value, json};

use super::receiver::Receiver;
use super::{ask, assert_refused, common, json_of, ok, with};

async fn at_once() -> Exchange {
    with(at_once_options()).await
}

fn at_once_options() -> TeniosOptions {
    TeniosOptions { approval: Duration::ZERO, completion: Duration::ZERO, ..TeniosOptions::default() }
}

fn address() -> Value {
    json!({"country": "Germany", "city": "Köln", "zip": "50667", "street": "Domkloster", "house_number": "4",
        "document_type": "BUSINESS_LICENSE", "document_data": STANDARD.encode("%PDF-1.4\n"), "area_code": "221"})
}

async fn verified(exchange: &Exchange) -> String {
    common::text(&ok(exchange, "/verification/create", address()).await["verification_id"])
}

#[tokio::test]
async fn an_address_needs_all_its_parts_and_a_pdf() {
    let exchange = at_once().await;
    for (field, value, code) in [
        ("country", json!(""), "FIELD_IS_REQUIRED"),
        ("zip", json!(null), "FIELD_IS_REQUIRED"),
        ("house_number", json!(4), "INVALID_VALUE"),
        ("document_type", json!("PASSPORT"), "INVALID_VALUE"),
        ("document_data", json!("not base64!"), "INVALID_VALUE"),
        ("document_data", json!(STANDARD.encode("\u{ff}JPEG")), "INVALID_VALUE"),
        ("area_code", json!("0221"), "INVALID_VALUE"),
    ] {
        let mut body = address();
        body[field] = value;
        assert_refused(ask(&exchange, "/verification/create", body).await, code, json!([field])).await;
    }
}

#[tokio::test]
async fn ordering_before_the_approval_fails_and_later_works() {
    let exchange = with(TeniosOptions { approval: Duration::from_secs(3600), ..at_once_options() }).await;
    let early = verified(&exchange).await;
    let order = |id: &str| json!({"verification_id": id, "number_type": "GEOGRAPHICAL"});
    let refused = ask(&exchange, "/number/order", order(&early)).await;
    assert_refused(refused, "INVALID_VALUE", json!(["verification_id"])).await;
    exchange.tenios().set_approval(Duration::ZERO);
    let approved = verified(&exchange).await;
    assert!(ok(&exchange, "/number/order", order(&approved)).await["order_id"].is_u64());
    for body in [order("no-such-id"), json!({"verification_id": approved, "number_type": "NATIONAL"})] {
        assert_eq!(ask(&exchange, "/number/order", body).await.status(), StatusCode::BAD_REQUEST);
    }
    assert_eq!(exchange.tenios().orders().len(), 1);
}

#[tokio::test]
async fn a_completed_order_is_told_in_every_plausible_form() {
    for (push_secret, push_form, proof) in [
        (PushSecret::Body, PushForm::Json, "\"push_secret\":\"s3cret\""),
        (PushSecret::AccessKey, PushForm::Form, "accessKey=s3cret"),
        (PushSecret::Header, PushForm::Json, "X-Push-Secret: s3cret"),
        (PushSecret::Authorization, PushForm::Json, "Authorization: s3cret"),
        (PushSecret::HmacHex, PushForm::Json, "X-Tenios-Signature: "),
        (PushSecret::HmacBase64, PushForm::Form, "X-Tenios-Signature: "),
        (PushSecret::HmacSha1, PushForm::Json, "X-Tenios-Signature: "),
        (PushSecret::Absent, PushForm::Json, "COMPLETED"),
    ] {
        let receiver = Receiver::start(200).await;
        let exchange = with(TeniosOptions { push_secret, push_form, ..at_once_options() }).await;
        let body = json!({"verification_id": verified(&exchange).await, "number_type": "GEOGRAPHICAL",
            "link_to_number": "+492214710", "push_url": receiver.url, "push_secret": "s3cret"});
        let id = ok(&exchange, "/number/order", body).await["order_id"].as_u64().unwrap();
        let push = receiver.take(1).await.remove(0);
        assert!(push.head.contains(proof) || push.body.contains(proof), "{push_secret:?}: {} {}", push.head, push.body);
        assert!(push.body.contains(&id.to_string()));
        let order = exchange.tenios().orders().remove(0);
        assert_eq!((order.link_to.as_deref(), order.number), (Some("+492214710"), exchange.tenios().numbers().pop()));
        let secret_shown = push.head.contains("s3cret") || push.body.contains("s3cret");
        let hidden = matches!(
            push_secret,
            PushSecret::HmacHex | PushSecret::HmacBase64 | PushSecret::HmacSha1 | PushSecret::Absent
        );
        assert_eq!(secret_shown, !hidden, "{push_secret:?}");
    }
}

#[tokio::test]
async fn a_push_needs_a_secret_of_at_most_64_characters_and_a_receiver() {
    let exchange = at_once().await;
    let id = verified(&exchange).await;
    let order = |url: &str, secret: &str| json!({"verification_id": id, "number_type": "GEOGRAPHICAL", "push_url": url, "push_secret": secret});
    let none = ask(&exchange, "/number/order", order("http://127.0.0.1:9/", "")).await;
    assert_refused(none, "FIELD_IS_REQUIRED", json!(["push_secret"])).await;
    let long = ask(&exchange, "/number/order", order("http://127.0.0.1:9/", &"x".repeat(65))).await;
    assert_refused(long, "INVALID_VALUE", json!(["push_secret"])).await;
    ok(&exchange, "/number/order", order("http://127.0.0.1:9/", "s3cret")).await;
    let told = async {
        while exchange.tenios().deliveries().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(common::PATIENCE, told).await.unwrap();
    assert_eq!(exchange.tenios().deliveries(), [Delivery { url: "http://127.0.0.1:9/".into(), status: None }]);
}

#[tokio::test]
async fn a_number_is_given_back_once() {
    let exchange = at_once().await;
    let order = json!({"verification_id": verified(&exchange).await, "number_type": "GEOGRAPHICAL"});
    ok(&exchange, "/number/order", order).await;
    let come = async {
        while exchange.tenios().numbers().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(common::PATIENCE, come).await.unwrap();
    let number = exchange.tenios().numbers().remove(0);
    assert!(number.starts_with("+49221"), "{number}");
    let answer = ask(&exchange, "/number/cancel", json!({"phone_number": number})).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(common::text(&json_of(answer).await["cancellation_date"]).len(), "2019-01-01".len());
    let again = ask(&exchange, "/number/cancel", json!({"phone_number": number})).await;
    assert_refused(again, "INVALID_VALUE", json!(["phone_number"])).await;
}
