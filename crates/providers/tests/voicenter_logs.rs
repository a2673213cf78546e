//! What a day with Voicenter leaves in the log: neither numbers nor names nor secrets. Alone in its process, since it
//! takes the process's log.

mod rig;

use std::time::Duration;

use rig::voicenter::{connect, step};
use rig::{Run, quiet};
use ringside_domain::{ExtensionId, LegStep, LinkPhase, PhoneNumber};
use ringside_exchange::RingSpec;
use ringside_telephony::{DialRequest, DialTarget};
use ringside_testkit::KeptLog;
use serde_json::json;
use tokio::sync::mpsc;

#[tokio::test]
async fn no_number_no_name_and_no_secret_is_logged() {
    let kept = KeptLog::default();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(kept.writer()).finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let exchange = quiet().await;
    let provider = connect(&exchange, json!({}));
    let mut run = Run::start(&provider);
    run.phase(LinkPhase::Online).await;
    let call = exchange.ring(RingSpec::to("31").from("972501234567"));
    run.find("a ring", |event| step(event, "SIP31", LegStep::Ringing)).await;
    call.hang_up();
    // What is not understood is logged, and may hold anything.
    exchange.voicenter().emit("Teleport +972501234567", &json!({}));
    exchange.voicenter().emit("ExtensionEvent", &json!(["Anna", "0501234567"]));
    exchange.voicenter().emit_raw_message(b"9 {\"token\":\"eyJzZWNyZXQ\",\"callerphone\":\"0501234567\"}");
    let request = DialRequest {
        from: ExtensionId::new("SIP31"),
        to: DialTarget::Number(PhoneNumber::from_e164("+972521112222").unwrap()),
        ring_timeout: Duration::from_secs(20),
    };
    let (steps, _told) = mpsc::channel(8);
    provider.dialing().unwrap().dial(request, steps).await.unwrap();
    exchange.voicenter().drop_sockets();
    run.phase(LinkPhase::Offline).await;
    run.stop().await;
    let log = kept.text();
    assert!(log.contains("link") && log.contains("unknown"), "the log was really kept: {log}");
    let secret = exchange.voicenter().code();
    for needle in ["501234567", "521112222", "Berger", "eyJ", &secret] {
        assert!(!log.contains(needle), "{needle} in {log}");
    }
}
