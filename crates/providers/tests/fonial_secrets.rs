//! Neither password, session nor whole telephone number of a fonial account is ever shown or logged. A binary of its
//! own: the log is one for the process.

mod rig;

use std::time::Duration;

use rig::{FONIAL_DEVICES, FONIAL_DIAL, FONIAL_JOURNAL, FONIAL_SIGN_IN, Run, check, fonial_config};
use ringside_domain::{Event, ExtensionId, PhoneNumber, Timestamp};
use ringside_exchange::{Exchange, Fault, FaultKind, Options};
use ringside_telephony::{DialRequest, DialTarget};
use ringside_testkit::KeptLog;
use serde_json::json;
use tokio::sync::mpsc;
use tracing_subscriber::filter::LevelFilter;

const CANARY: &str = "canary-71d0-93be";
const CALLER: &str = "4922166966970";

#[tokio::test]
async fn whatever_goes_wrong_nothing_is_betrayed() {
    let kept = KeptLog::default();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(LevelFilter::TRACE).with_ansi(false).with_writer(kept.writer());
    tracing::subscriber::set_global_default(subscriber.finish()).unwrap();
    let mut told = String::new();
    let mut sessions = Vec::new();
    let faults = [
        None,
        Some(FaultKind::Status { code: 500, retry_after: None }),
        Some(FaultKind::Status { code: 401, retry_after: None }),
        Some(FaultKind::MalformedJson),
        Some(FaultKind::HtmlPage { code: 403 }),
        Some(FaultKind::LostAnswer),
        // A service that repeats the password.
        Some(FaultKind::AnotherBody { body: format!(r#"{{"error":"bad key {CANARY}"}}"#) }),
        Some(FaultKind::AnotherBody { body: format!("<html><title>no {CANARY}</title></html>") }),
    ];
    for (n, fault) in faults.into_iter().enumerate() {
        let mut options = Options::quiet();
        options.fonial.password = CANARY.into();
        let exchange = Exchange::start(options).await.unwrap();
        let desk = exchange.fonial();
        desk.add_incoming("2026-11-01 10:00:00", &format!("+{CALLER}"), &format!("x{CALLER}"), &format!("ON {CALLER}"));
        desk.add_incoming(&format!("+{CALLER}"), &format!("+{CALLER}"), "", "TAKEN");
        desk.add_journal_row("2026-11-01 10:00:01", &json!([format!("+{CALLER}")]));
        let config = fonial_config(&exchange, rig::options(json!({"request_seconds": 1, "probe_seconds": 0.05})));
        told += &format!("{config:?}");
        let provider = rig::connect(config);
        for path in [FONIAL_DEVICES, FONIAL_JOURNAL, FONIAL_DIAL, FONIAL_SIGN_IN].iter().take(3 + n % 2) {
            fault.iter().for_each(|fault| exchange.faults().set(Fault::new(fault.clone()).path(path)));
        }
        let mut run = Run::start(&provider);
        run.find("the first words", |event| matches!(event, Event::Link(_)).then_some(())).await;
        // A service that repeats what it was told.
        let echo = format!("+{CALLER} is not of {:?}", desk.sessions());
        desk.complain(Some(echo.as_str()).filter(|_| n == 0));
        let (steps, _told) = mpsc::channel(8);
        let to = DialTarget::Number(PhoneNumber::from_e164(&format!("+{CALLER}")).unwrap());
        let request = DialRequest { from: ExtensionId::new("4031"), to, ring_timeout: Duration::from_secs(20) };
        told += &format!("{:?}", provider.dialing().unwrap().dial(request, steps).await);
        desk.complain(None);
        let (from, until): (Timestamp, Timestamp) =
            ("2026-10-31T00:00:00Z".parse().unwrap(), "2026-11-02T00:00:00Z".parse().unwrap());
        let (batches, mut past) = mpsc::channel(8);
        told += &format!("{:?}", provider.journal().unwrap().read(from, until, batches).await);
        while let Some(calls) = past.recv().await {
            told += &format!("{:?}", calls.iter().map(|call| (&call.id, &call.remote)).collect::<Vec<_>>());
        }
        sessions.extend(desk.sessions());
        desk.expire_sessions();
        told += &format!("{:?}", provider.extensions().unwrap().list().await);
        told += &format!("{:?}{:?}", check(&*provider).await, run.stop().await);
        told += &format!("{:?}", provider.oddities());
        sessions.extend(desk.sessions());
    }
    let log = kept.text();
    assert!(log.contains("link") && log.contains("tolerated"), "the log was really kept");
    assert!(sessions.len() >= 6, "there were sessions to betray");
    for (name, text) in [("told", &told), ("logged", &log)] {
        assert!(!sessions.iter().any(|sid| text.contains(sid)), "a session was {name}");
        assert!(!text.contains(CALLER), "a whole number was {name}");
        assert!(!text.contains(CANARY), "the password was {name}");
    }
}
