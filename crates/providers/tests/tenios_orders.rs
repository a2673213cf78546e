//! Ordering numbers against the exchange: looked over here, asked for once, told when it is done.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod receiver;
mod rig;

use std::time::Duration;

use receiver::Receiver;
use rig::{PATIENCE, tenios};
use ringside_domain::{Label, OrderState, PhoneNumber};
use ringside_exchange::{Exchange, Fault, FaultKind, Options, PushForm, PushSecret, ServiceName, TeniosOptions};
use ringside_telephony::{OrderRequest, Provider, ProviderError, PushAddress, Verification};
use serde_json::{Value, json};

const VERIFY: &str = "/verification/create";
const ORDER: &str = "/number/order";
const CANCEL: &str = "/number/cancel";

/// One page, with a table and a trailer that fit.
fn pdf() -> Vec<u8> {
    let objects = "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] \
        /Count 1 >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R >>\nendobj\n";
    let rest = format!("xref\n0 0\ntrailer\n<< /Root 1 0 R >>\nstartxref\n{}\n%%EOF\n", objects.len());
    format!("{objects}{rest}").into_bytes()
}

fn address() -> Verification {
    Verification {
        country: "Germany".into(),
        city: "Köln".into(),
        zip: "50667".into(),
        street: "Domkloster".into(),
        house_number: "4".into(),
        area_code: "221".into(),
        document_kind: "BUSINESS_LICENSE".into(),
        document: pdf(),
    }
}

async fn exchange(tenios: TeniosOptions) -> Exchange {
    Exchange::start(Options { tenios, ..Options::quiet() }).await.unwrap()
}

async fn at_once() -> Exchange {
    exchange(at_once_options()).await
}

fn at_once_options() -> TeniosOptions {
    TeniosOptions { approval: Duration::ZERO, completion: Duration::ZERO, ..TeniosOptions::default() }
}

fn plain(verification: Label) -> OrderRequest {
    OrderRequest { verification, link_to: None, push: None }
}

fn count(exchange: &Exchange, path: &str) -> usize {
    exchange.tape().count_of(ServiceName::Tenios, "POST", path)
}

#[tokio::test]
async fn an_address_a_number_and_its_end() {
    let exchange = at_once().await;
    let provider = tenios(&exchange, json!({}));
    let orders = provider.number_orders().unwrap();
    assert!(orders.document_kinds().contains(&"BUSINESS_LICENSE"));
    let verification = orders.verify(&address()).await.unwrap();
    let link_to = Some(PhoneNumber::from_e164("+492214710").unwrap());
    let order = orders.order(&OrderRequest { link_to, ..plain(verification) }).await.unwrap();
    assert_eq!(exchange.tenios().orders()[0].id.to_string(), order.as_str());
    assert_eq!(exchange.tenios().orders()[0].link_to.as_deref(), Some("+492214710"));
    let come = async {
        while exchange.tenios().numbers().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, come).await.unwrap();
    let number = PhoneNumber::from_e164(&exchange.tenios().numbers()[0]).unwrap();
    let day = orders.cancel(&number).await.unwrap();
    assert_eq!(day.as_str().len(), "2019-01-01".len());
    let gone = orders.cancel(&number).await.unwrap_err();
    assert!(gone.code() == "refused" && gone.to_string().contains("phone_number"), "{gone}");
    let requests = exchange.tape().requests();
    let sent = |path: &str| -> Value {
        serde_json::from_str(&requests.iter().find(|it| it.path == path).unwrap().body).unwrap()
    };
    assert_eq!(sent(VERIFY)["area_code"], "221");
    assert_eq!(sent(ORDER)["number_type"], "GEOGRAPHICAL");
    assert!(sent(ORDER).get("push_url").is_none());
    assert_eq!(sent(CANCEL)["phone_number"], number.e164());
}

#[tokio::test]
async fn what_can_be_seen_here_is_refused_here_and_nothing_leaves() {
    let exchange = at_once().await;
    let provider = tenios(&exchange, json!({"document_most_mb": 1}));
    let encrypted = String::from_utf8(pdf()).unwrap().replace("/Root 1 0 R", "/Root 1 0 R /Encrypt 9 0 R").into_bytes();
    let pageless = String::from_utf8(pdf()).unwrap().replace("/Page ", "/Pail ").into_bytes();
    let document = |document: Vec<u8>| Verification { document, ..address() };
    for (request, words) in [
        (document(b"\xff\xd8\xff\xe0\0\x10JFIF\0".to_vec()), "a JPEG picture, not a PDF"),
        (document(pdf()[..120].to_vec()), "breaks off before its end"),
        (document(encrypted), "protected with a password"),
        (document(pageless), "has no page"),
        (document([pdf(), vec![b' '; 1 << 20]].concat()), "larger than 1 MB"),
        (document(Vec::new()), "is empty"),
        (Verification { area_code: "0221".into(), ..address() }, "without its leading 0: 221"),
        (Verification { area_code: "+49221".into(), ..address() }, "digits alone"),
        (Verification { area_code: String::new(), ..address() }, "digits alone"),
        (Verification { document_kind: "PASSPORT".into(), ..address() }, "CERTIFICATE_OF_REGISTRATION"),
        (Verification { street: " ".into(), ..address() }, "the street is missing"),
        (Verification { house_number: String::new(), ..address() }, "the house number is missing"),
    ] {
        let error = provider.number_orders().unwrap().verify(&request).await.unwrap_err();
        // A mistake of whoever asks, not the service's refusal.
        assert!(error.code() == "bad_request" || error.code().starts_with("document_"), "{}", error.code());
        assert!(error.to_string().contains(words), "{words}: {error}");
    }
    let url = "https://desk.example/push".parse().unwrap();
    let push = Some(PushAddress { url, secret: "x".repeat(65).into() });
    let order = OrderRequest { push, ..plain("v".into()) };
    let error = provider.number_orders().unwrap().order(&order).await.unwrap_err();
    assert!(error.to_string().contains("64 characters"), "{error}");
    assert_eq!(exchange.tape().requests().len(), 0);
}

#[tokio::test]
async fn an_order_before_the_approval_says_what_to_wait_for() {
    let exchange = exchange(TeniosOptions { approval: Duration::from_secs(3600), ..at_once_options() }).await;
    let provider = tenios(&exchange, json!({}));
    let orders = provider.number_orders().unwrap();
    let verification = orders.verify(&address()).await.unwrap();
    let error = orders.order(&plain(verification)).await.unwrap_err();
    assert_eq!(error.code(), "refused");
    assert!(error.to_string().contains("approves an address first"), "{error}");
    assert_eq!(count(&exchange, ORDER), 1);
    assert_eq!(exchange.tenios().orders(), []);
}

#[tokio::test]
async fn a_lost_answer_is_unconfirmed_and_nothing_is_asked_for_twice() {
    for fault in [FaultKind::LostAnswer, FaultKind::MalformedJson, FaultKind::Status { code: 502, retry_after: None }] {
        let exchange = at_once().await;
        let provider = tenios(&exchange, json!({}));
        let orders = provider.number_orders().unwrap();
        let verification = orders.verify(&address()).await.unwrap();
        exchange.tape().clear();
        exchange.faults().set(Fault::new(fault.clone()).on(ServiceName::Tenios));
        let number = PhoneNumber::from_e164("+492214710").unwrap();
        assert_eq!(orders.verify(&address()).await, Err(ProviderError::Unconfirmed), "{fault:?}");
        assert_eq!(orders.order(&plain(verification)).await, Err(ProviderError::Unconfirmed), "{fault:?}");
        // A number that is not there is refused before the answer is spoilt, and still nobody knows.
        assert!(orders.cancel(&number).await.is_err(), "{fault:?}");
        for path in [VERIFY, ORDER, CANCEL] {
            assert_eq!(count(&exchange, path), 1, "{fault:?} {path}");
        }
    }
}

#[tokio::test]
async fn an_answer_without_the_id_is_no_success_and_no_failure() {
    let exchange = at_once().await;
    let provider = tenios(&exchange, json!({}));
    exchange.faults().set(Fault::new(FaultKind::MissingFields).path(VERIFY));
    let answer = provider.number_orders().unwrap().verify(&address()).await;
    assert_eq!(answer, Err(ProviderError::Unconfirmed));
    assert_eq!(provider.oddities().len(), 1);
}

#[tokio::test]
async fn a_document_of_the_allowed_size_arrives_whole() {
    let exchange = at_once().await;
    let provider = tenios(&exchange, json!({}));
    // A picture of nine megabytes within the file, which the table's place has to follow.
    let head = "%PDF-1.4\n9 0 obj\n<< /Length 9437184 >>\nstream\n";
    let objects = "\nendstream\nendobj\n3 0 obj\n<< /Type /Page >>\nendobj\n";
    let picture = vec![0x5a; 9 << 20];
    let at = head.len() + picture.len() + objects.len();
    let tail = format!("xref\n0 0\ntrailer\n<< /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n");
    let document = [head.as_bytes(), &picture, objects.as_bytes(), tail.as_bytes()].concat();
    let request = Verification { document, ..address() };
    assert!(provider.number_orders().unwrap().verify(&request).await.is_ok());
}

/// The whole way: ordered with a push, completed, sent over a socket, proven here.
async fn told(exchange: &Exchange, provider: &dyn Provider, receiving: &dyn Provider, secret: Option<&str>) -> bool {
    let receiver = Receiver::start().await;
    let orders = provider.number_orders().unwrap();
    let verification = orders.verify(&address()).await.unwrap();
    let secret = match secret {
        Some(secret) => secret.to_owned().into(),
        None => provider.pushes().unwrap().secret().expect("pushes are proven"),
    };
    let push = Some(PushAddress { url: receiver.url.parse().unwrap(), secret });
    let order = orders.order(&OrderRequest { push, ..plain(verification) }).await.unwrap();
    let received = receiver.next(receiving).await;
    match received.order {
        Some(update) => {
            assert_eq!((update.order, update.state), (order, OrderState::Completed));
            assert_eq!(update.numbers, [Label::new(&exchange.tenios().numbers().pop().unwrap())]);
            assert_eq!(received.reply.status, 200);
            true
        }
        None => {
            assert_eq!((received.reply.status, received.refused.unwrap().code), (403, "push_unproven"));
            false
        }
    }
}

#[tokio::test]
async fn a_completed_order_is_believed_in_every_form_that_is_proven() {
    for (push_secret, proven) in [
        (PushSecret::Body, true),
        (PushSecret::AccessKey, true),
        (PushSecret::Header, true),
        (PushSecret::Authorization, true),
        (PushSecret::HmacHex, true),
        (PushSecret::HmacBase64, true),
        (PushSecret::HmacSha1, true),
        (PushSecret::Absent, false),
    ] {
        for push_form in [PushForm::Json, PushForm::Form] {
            let exchange = exchange(TeniosOptions { push_secret, push_form, ..at_once_options() }).await;
            let provider = tenios(&exchange, json!({}));
            assert_eq!(told(&exchange, &*provider, &*provider, None).await, proven, "{push_secret:?} {push_form:?}");
        }
    }
}

#[tokio::test]
async fn a_push_after_a_restart_is_proven_by_the_drawn_secret_and_by_no_other() {
    let exchange = at_once().await;
    let before = tenios(&exchange, json!({}));
    let after = || tenios(&exchange, json!({}));
    assert!(told(&exchange, &*before, &*after(), None).await);
    assert!(told(&exchange, &*before, &*before, Some("a secret of the app's own")).await);
    assert!(!told(&exchange, &*before, &*after(), Some("a secret of the app's own")).await);
}
