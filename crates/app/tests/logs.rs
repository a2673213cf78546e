//! What an order of a number and a day of pushes leave in the log at its finest level. Alone in its process, since it
//! takes the process's log.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on stops at once")]

#[path = "office/raw.rs"]
mod raw;
#[path = "office/rig.rs"]
#[expect(dead_code, reason = "shared with the tests of the office")]
mod rig;

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ringside_api::view::{AddressDraft, NumberJobStage, NumberJobView, ReceiverView};
use ringside_api::{ApiEvent, Reply, Request};
use ringside_exchange::{Options, PushSecret, RingSpec, TeniosOptions};
use ringside_testkit::KeptLog;
use secrecy::ExposeSecret as _;
use serde_json::json;
use tracing_subscriber::filter::EnvFilter;

use crate::rig::{POST_KEY, Rig};

const STREET: &str = "Kanariengasse";
const HOUSE: &str = "47 Hinterhaus";
const CITY: &str = "Kanarienberg";
const DOCUMENT: &str = "canary-papers";
/// Who the papers are about.
const HOLDER: &str = "Holder-Of-The-Canary";
const CALLER: &str = "4922166966966";
const LINKED: &str = "+49 221 4710999";

/// All that anybody logs, but the exchange, which plays the services.
fn keep_the_log() -> KeptLog {
    let log = KeptLog::default();
    let filter = EnvFilter::new("trace,ringside_exchange=off");
    let subscriber =
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(log.writer()).finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    log
}

fn pdf() -> Vec<u8> {
    let objects = format!(
        "%PDF-1.4\n%{HOLDER}\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] \
        /Count 1 >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R >>\nendobj\n"
    );
    let rest = format!("xref\n0 0\ntrailer\n<< /Root 1 0 R >>\nstartxref\n{}\n%%EOF\n", objects.len());
    format!("{objects}{rest}").into_bytes()
}

fn address(document_kind: &str, document: &[u8]) -> AddressDraft {
    AddressDraft {
        country: "Germany".to_owned(),
        city: CITY.to_owned(),
        zip: "50667".to_owned(),
        street: STREET.to_owned(),
        house_number: HOUSE.to_owned(),
        area_code: "221".to_owned(),
        document_kind: document_kind.to_owned(),
        document_name: format!("/home/somebody/{DOCUMENT}.pdf"),
        document: BASE64_STANDARD.encode(document),
    }
}

async fn listening(rig: &Rig) -> ReceiverView {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(15);
    loop {
        let Ok(Reply::Receiver { receiver }) = rig.call(Request::Receiver {}).await else { panic!("no receiver") };
        if receiver.listening.is_some() && receiver.accounts.len() == 2 {
            return receiver;
        }
        assert!(tokio::time::Instant::now() < deadline, "it does not listen: {receiver:#?}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn path(view: &ReceiverView, account: &str) -> String {
    let url = &view.accounts.iter().find(|it| it.account == account).unwrap().local_url;
    url.rsplit('/').next().unwrap().to_owned()
}

async fn ask(rig: &Rig, request: Request) -> NumberJobView {
    match rig.call(request).await {
        Ok(Reply::NumberJob { job }) => *job,
        other => panic!("no job: {other:?}"),
    }
}

/// From the address to the number, after a document and a kind of document that are refused.
async fn order(rig: &mut Rig) {
    let (kind, account) = ("BUSINESS_LICENSE", "voice".to_owned());
    let verify =
        |intent: &str, address| Request::VerifyAddress { intent: intent.to_owned(), account: account.clone(), address };
    for (intent, address) in
        [("no-document", address(kind, HOLDER.as_bytes())), ("no-kind", address("LIBRARY_CARD", &pdf()))]
    {
        let answer = rig.call(verify(intent, address)).await;
        let taken = matches!(&answer, Ok(Reply::NumberJob { job }) if job.stage != NumberJobStage::Failed);
        assert!(!taken, "{intent}: {answer:?}");
    }
    let job = ask(rig, verify("once", address(kind, &pdf()))).await;
    let ordered = ask(rig, Request::OrderNumber { job: job.id, link_to: Some(LINKED.to_owned()) }).await;
    assert!(ordered.stage == NumberJobStage::Ordered && ordered.push, "{ordered:?}");
    let come = |event: &ApiEvent| match event {
        ApiEvent::NumberJob { job } if job.stage == NumberJobStage::Completed => Some(()),
        _ => None,
    };
    rig.event("the number, by its push", come).await;
}

/// Calls as both services post them, and word that proves nothing.
async fn pushes(rig: &mut Rig, view: &ReceiverView) {
    let to = |account: &str| view.accounts.iter().find(|it| it.account == account).unwrap().local_url.clone();
    rig.exchange.tenios().post_calls_to(Some(&to("voice")));
    rig.exchange.voicenter().pop_ups_to(Some(&to("clinic")));
    rig.exchange.voicenter().records_to(Some(&to("clinic")));
    let call = rig.exchange.ring(RingSpec::to("31").from(CALLER).dialled("492214710900"));
    let mut seen = Vec::new();
    while seen.len() < 2 {
        let card = |event: &ApiEvent| match event {
            ApiEvent::Card { card } => Some(card.leg.account.clone()),
            _ => None,
        };
        let account = rig.event("a card of each", card).await;
        if !seen.contains(&account) {
            seen.push(account);
        }
    }
    call.answer("31");
    call.hang_up();
    rig.event("a row of what was told", |event| match event {
        ApiEvent::History { row } if row.account == "clinic" && row.outcome.is_some() => Some(()),
        _ => None,
    })
    .await;
    // A new word is told to the administrator, and may have anything in it.
    let odd = json!({"requestType": format!("TELEPORT {CALLER}"), "accessKey": POST_KEY, "push_secret": "wrong", "caller": CALLER, "street": STREET});
    for account in ["voice", "clinic"] {
        raw::post(&to(account), &odd.to_string()).await;
        raw::post(&to(account), &format!("{{\"{HOLDER}\": \"{CALLER}")).await;
        raw::send("PATCH", &format!("{}?caller={CALLER}&key={POST_KEY}", to(account)), "", b"").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn neither_papers_nor_what_pushes_are_proven_by_nor_who_calls_is_logged() {
    let kept = keep_the_log();
    let port = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let tenios = TeniosOptions {
        approval: Duration::ZERO,
        completion: Duration::from_millis(300),
        push_secret: PushSecret::Body,
        ..TeniosOptions::default()
    };
    let mut rig = Rig::with_pushes(Options { tenios, ..Options::quiet() }, |config| {
        config.receiver.listen = format!("127.0.0.1:{port}");
        config.receiver.public_url = format!("http://127.0.0.1:{port}/calls");
    })
    .await;
    let view = listening(&rig).await;
    order(&mut rig).await;
    pushes(&mut rig, &view).await;
    rig.app.stop().await;

    let log = kept.text();
    assert!(log.contains("the receiver listens") && log.contains("TRACE") && log.contains("DEBUG"), "it was kept");
    let encoded = BASE64_STANDARD.encode(pdf());
    let (key, code) = (rig.exchange.tenios().access_key(), rig.exchange.voicenter().code());
    let secret = rig.order_secret();
    let paths = [path(&view, "voice"), path(&view, "clinic")];
    let brought = rig.exchange.tenios().numbers();
    let numbers = brought.iter().map(|it| it.trim_start_matches('+'));
    let mut canaries = vec![STREET, HOUSE, CITY, DOCUMENT, HOLDER, &encoded[40..120]];
    canaries.extend([key.as_str(), code.as_str(), POST_KEY, secret.expose_secret(), &paths[0], &paths[1]]);
    canaries.extend([CALLER, "66966966", "2214710900", "2214710999", "Anna Berger"]);
    canaries.extend(numbers);
    for canary in canaries {
        let lines: Vec<_> = log.lines().filter(|line| line.contains(canary)).take(3).collect();
        assert!(lines.is_empty(), "{canary} is logged: {lines:#?}");
    }
}
