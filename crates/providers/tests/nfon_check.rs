//! The wizard's walk over an NFON account.

mod rig;

use rig::{DATA, check, nfon, quiet};
use ringside_exchange::{Fault, FaultKind};
use ringside_telephony::{Finding, Note, Verdict};
use serde_json::json;

fn code(finding: &Finding) -> (&'static str, &'static str) {
    let verdict = match &finding.verdict {
        Verdict::Works(_) => "works",
        Verdict::NotTried(_) => "not_tried",
        Verdict::Warning(problem) | Verdict::Fails(problem) => problem.code,
    };
    (finding.step, verdict)
}

#[tokio::test]
async fn it_says_what_works_and_rings_nobody() {
    let exchange = quiet().await;
    let findings = check(&*nfon(&exchange, json!({}))).await;
    let expected = [
        ("reach", "works"),
        ("sign_in", "works"),
        ("extensions", "works"),
        ("line_states", "works"),
        ("live_calls", "works"),
        ("dial", "not_tried"),
    ];
    assert_eq!(findings.iter().map(code).collect::<Vec<_>>(), expected);
    assert_eq!(findings[2].verdict, Verdict::Works(Note::count("extensions", 46, "extensions")));
    assert_eq!(exchange.office().calls().len(), 0);
    assert!(exchange.tape().requests().iter().all(|it| it.method != "POST" || it.path == rig::LOGIN));
}

#[tokio::test]
async fn a_key_without_extended_presence_is_told_before_it_hurts() {
    let exchange = quiet().await;
    exchange.nfon().set_extended_presence(false);
    let findings = check(&*nfon(&exchange, json!({}))).await;
    let expected = [
        ("reach", "works"),
        ("sign_in", "extended_presence_missing"),
        ("extensions", "works"),
        ("line_states", "forbidden"),
        ("live_calls", "forbidden"),
        ("dial", "not_tried"),
    ];
    assert_eq!(findings.iter().map(code).collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn each_failure_stands_at_its_step() {
    let exchange = quiet().await;
    let mut config = rig::nfon_config(&exchange, Default::default());
    config.secret = "wrong".to_owned().into();
    let findings = check(&*rig::connect(config)).await;
    assert_eq!(code(&findings[1]), ("sign_in", "sign_in_refused"));
    assert!(findings[2..].iter().all(|it| code(it).1 == "not_tried"), "{findings:?}");

    exchange.faults().set(Fault::new(FaultKind::HtmlPage { code: 200 }));
    let findings = check(&*nfon(&exchange, json!({}))).await;
    assert_eq!(code(&findings[0]), ("reach", "bad_answer"), "a captive portal");

    exchange.faults().clear();
    exchange.faults().set(Fault::new(FaultKind::MalformedJson).path(DATA));
    let findings = check(&*nfon(&exchange, json!({}))).await;
    assert_eq!((code(&findings[2]), code(&findings[3])), (("extensions", "bad_answer"), ("line_states", "works")));
}

#[tokio::test]
async fn wrong_settings_are_named() {
    let exchange = quiet().await;
    for (options, key) in [
        (json!({"states": "guess"}), "states"),
        (json!({"poll_seconds": -1}), "poll_seconds"),
        (json!({"heartbeat": 15}), "heartbeat"),
    ] {
        let error =
            ringside_providers::connect(rig::nfon_config(&exchange, rig::options(options)), rig::surroundings());
        let error = error.map(drop).unwrap_err();
        assert!(error.code() == "configuration" && error.to_string().contains(key), "{error}");
    }
    let mut config = rig::nfon_config(&exchange, Default::default());
    config.username = None;
    let error = ringside_providers::connect(config, rig::surroundings()).map(drop).unwrap_err();
    assert!(error.to_string().contains("user name"), "{error}");
}
