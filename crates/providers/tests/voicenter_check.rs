//! The wizard's walk over a Voicenter account.

mod rig;

use rig::voicenter::{ACTIVE, EXTENSIONS, LOG, SOCKET, config, connect};
use rig::{check, quiet};
use ringside_exchange::{Exchange, Fault, FaultKind};
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

fn codes(findings: &[Finding]) -> Vec<(&'static str, &'static str)> {
    findings.iter().map(code).collect()
}

/// Everything works but for these steps.
fn all_but(other: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let usual = [
        ("reach", "works"),
        ("sign_in", "works"),
        ("extensions", "works"),
        ("line_states", "works"),
        ("live_calls", "works"),
        ("dial", "not_tried"),
        ("journal", "works"),
        ("agents", "not_tried"),
        ("pushes", "not_tried"),
    ];
    usual.map(|step| *other.iter().find(|(name, _)| *name == step.0).unwrap_or(&step)).into()
}

async fn with_secret(exchange: &Exchange, secret: &str) -> Vec<Finding> {
    let mut account = config(exchange, Default::default());
    account.secret = secret.into();
    check(&*rig::connect(account)).await
}

#[tokio::test]
async fn it_says_what_works_and_rings_nobody() {
    let exchange = quiet().await;
    let findings = check(&*connect(&exchange, json!({}))).await;
    assert_eq!(codes(&findings), all_but(&[]));
    assert_eq!(findings[2].verdict, Verdict::Works(Note::count("extensions", 46, "extensions")));
    assert_eq!(exchange.office().calls().len(), 0);
}

#[tokio::test]
async fn a_code_that_is_wrong_is_told_from_one_of_nobodys_and_from_a_wrong_address() {
    let exchange = quiet().await;
    for (secret, problem) in [("wrong", "sign_in_refused"), ("WELLFORMEDBUTUNKNOWN", "code_unknown")] {
        let findings = with_secret(&exchange, secret).await;
        assert_eq!(codes(&findings)[..2], [("reach", "works"), ("sign_in", problem)]);
        assert!(findings[2..].iter().all(|it| code(it).1 == "not_tried"), "{findings:?}");
        let Verdict::Fails(told) = &findings[1].verdict else { panic!("it fails") };
        assert!(told.hint.contains("code"), "{told:?}");
    }
    exchange.voicenter().set_address_allowed(false);
    let findings = check(&*connect(&exchange, json!({}))).await;
    let Verdict::Fails(told) = &findings[1].verdict else { panic!("it fails: {findings:?}") };
    assert!(told.code == "address_not_allowed" && told.message.contains("allow-list"), "{told:?}");
}

#[tokio::test]
async fn each_failure_stands_at_its_step() {
    let status = |code| FaultKind::Status { code, retry_after: None };
    for (path, fault, step) in [
        (EXTENSIONS, FaultKind::HtmlPage { code: 200 }, ("reach", "bad_answer")),
        (ACTIVE, FaultKind::MalformedJson, ("line_states", "bad_answer")),
        (SOCKET, status(403), ("live_calls", "forbidden")),
        (SOCKET, FaultKind::HtmlPage { code: 200 }, ("live_calls", "bad_answer")),
        (LOG, status(503), ("journal", "server_trouble")),
        ("/monitorAPI/", status(401), ("live_calls", "sign_in_refused")),
    ] {
        let exchange = quiet().await;
        exchange.faults().set(Fault::new(fault.clone()).path(path));
        let findings = check(&*connect(&exchange, json!({}))).await;
        let found = codes(&findings);
        assert!(found.contains(&step), "{path} {fault:?}: {found:?}");
        let blamed = found.iter().filter(|(_, it)| !matches!(*it, "works" | "not_tried")).count();
        assert_eq!(blamed, 1, "nothing is blamed twice: {found:?}");
    }
}

#[tokio::test]
async fn what_is_switched_off_or_on_is_said() {
    let exchange = quiet().await;
    let findings = check(&*connect(&exchange, json!({"login": "none", "status_names": true}))).await;
    assert_eq!(codes(&findings), all_but(&[("live_calls", "line_states_polled"), ("agents", "works")]));
}

#[tokio::test]
async fn wrong_settings_are_named() {
    let exchange = quiet().await;
    for (options, key) in [
        (json!({"login": "guess"}), "login"),
        (json!({"login": "user"}), "login_name"),
        (json!({"poll_seconds": -1}), "poll_seconds"),
        (json!({"poll": 15}), "poll"),
    ] {
        let error = ringside_providers::connect(config(&exchange, rig::options(options)), rig::surroundings());
        let error = error.map(drop).unwrap_err();
        assert!(error.code() == "configuration" && error.to_string().contains(key), "{error}");
    }
}
