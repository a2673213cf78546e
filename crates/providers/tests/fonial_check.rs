//! The wizard's walk over a fonial account, and its settings.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod rig;

use rig::{FONIAL_DEVICES, FONIAL_EVN, FONIAL_SIGN_IN, check, fonial, quiet};
use ringside_domain::Capability;
use ringside_exchange::{Exchange, Fault, FaultKind};
use ringside_telephony::{Finding, Note, Verdict};
use serde_json::{Value, json};

fn code(finding: &Finding) -> (&'static str, &'static str) {
    let verdict = match &finding.verdict {
        Verdict::Works(_) => "works",
        Verdict::NotTried(_) => "not_tried",
        Verdict::Warning(problem) | Verdict::Fails(problem) => problem.code,
    };
    (finding.step, verdict)
}

fn refused(exchange: &Exchange, options: Value) -> String {
    let config = rig::fonial_config(exchange, rig::options(options));
    let error = ringside_providers::connect(config, rig::surroundings()).map(drop).unwrap_err();
    assert_eq!(error.code(), "configuration");
    error.to_string()
}

#[tokio::test]
async fn it_says_what_works_and_rings_nobody() {
    let exchange = quiet().await;
    exchange.fonial().add_incoming("2000-01-01 00:00:00", "", "", "TAKEN");
    let call = exchange.ring(ringside_exchange::RingSpec::to("31"));
    assert!(call.hang_up());
    let findings = check(&*fonial(&exchange, json!({}))).await;
    let works = |step, note| Finding { step, verdict: Verdict::Works(note) };
    let expected = [
        works("reach", Note::new("answers", "The API answers.")),
        works("sign_in", Note::new("signed_in", "Signed in as office@ringside.example.")),
        works("extensions", Note::count("devices", 46, "devices")),
        works("journal", Note::count("calls_day", 1, "calls in the last 24 hours")),
        works("numbers", Note::count("numbers", 4, "numbers")),
    ];
    assert_eq!(findings[..5], expected);
    assert_eq!(code(&findings[5]), ("dial", "not_tried"));
    assert!(exchange.office().calls().is_empty());
}

#[tokio::test]
async fn each_failure_stands_at_its_step() {
    let exchange = quiet().await;
    let mut config = rig::fonial_config(&exchange, Default::default());
    config.secret = "wrong".to_owned().into();
    let findings = check(&*rig::connect(config)).await;
    assert_eq!((code(&findings[0]), code(&findings[1])), (("reach", "works"), ("sign_in", "sign_in_refused")));
    assert!(matches!(&findings[1].verdict, Verdict::Fails(it) if it.hint.contains("main user")), "{findings:?}");
    assert!(findings[2..].iter().all(|it| code(it).1 == "not_tried"), "{findings:?}");

    for (path, step, fault, expected) in [
        ("/", 0, FaultKind::HtmlPage { code: 200 }, ("reach", "bad_answer")),
        (FONIAL_SIGN_IN, 1, FaultKind::HtmlPage { code: 403 }, ("sign_in", "bad_answer")),
        (FONIAL_DEVICES, 2, FaultKind::HtmlPage { code: 403 }, ("extensions", "forbidden")),
        (FONIAL_EVN, 3, FaultKind::MalformedJson, ("journal", "bad_answer")),
    ] {
        exchange.faults().clear();
        exchange.faults().set(Fault::new(fault).path(path));
        let findings = check(&*fonial(&exchange, json!({}))).await;
        assert_eq!(code(&findings[step]), expected);
        assert_eq!(code(&findings[4]), ("numbers", if step < 2 { "not_tried" } else { "works" }));
    }

    exchange.faults().clear();
    exchange.fonial().complain(Some("API disabled"));
    let findings = check(&*fonial(&exchange, json!({}))).await;
    let told: Vec<_> = findings.iter().map(code).collect();
    let expected = [
        ("reach", "works"),
        ("sign_in", "works"),
        ("extensions", "refused"),
        ("journal", "refused"),
        ("numbers", "refused"),
    ];
    assert_eq!(told[..5], expected);
    assert!(format!("{findings:?}").contains("API disabled"));
}

#[tokio::test]
async fn an_account_without_devices_is_told_so() {
    let exchange = quiet().await;
    for (number, _) in exchange.office().extensions() {
        exchange.office().remove_extension(&number);
    }
    let findings = check(&*fonial(&exchange, json!({}))).await;
    assert_eq!(code(&findings[2]), ("extensions", "no_extensions"));
}

#[tokio::test]
async fn wrong_settings_are_named() {
    let exchange = quiet().await;
    for (options, key) in [
        (json!({"probe_seconds": "often"}), "probe_seconds"),
        (json!({"window_days": 0}), "window_days"),
        (json!({"window_days": 1.5}), "window_days"),
        (json!({"window_days": 32}), "window_days"),
        (json!({"time_zone": "Europe/Atlantis"}), "time_zone"),
        (json!({"journal_seconds": -1}), "journal_seconds"),
        (json!({"windows": 3}), "windows"),
    ] {
        let told = refused(&exchange, options);
        assert!(told.contains(&format!("`{key}`")), "{told}");
    }
    let mut config = rig::fonial_config(&exchange, Default::default());
    config.username = Some("  ".into());
    let error = ringside_providers::connect(config, rig::surroundings()).map(drop).unwrap_err();
    assert!(error.to_string().contains("main user"), "{error}");
    let mut config = rig::fonial_config(&exchange, Default::default());
    config.base_url = Some("http://kundenkonto.example/api/2.0".parse().unwrap());
    let error = ringside_providers::connect(config, rig::surroundings()).map(drop).unwrap_err();
    assert_eq!(error.code(), "configuration", "a password never leaves in plain text");
}

#[tokio::test]
async fn it_hands_out_what_it_can_do_and_nothing_else() {
    let exchange = quiet().await;
    let provider = fonial(&exchange, json!({}));
    let can: Vec<_> = provider.capabilities().iter().collect();
    assert_eq!(can, [Capability::Extensions, Capability::Dial, Capability::Journal, Capability::Numbers]);
    assert!(provider.journal().is_some() && provider.numbers().is_some());
    let others = (provider.lines().is_some(), provider.agents().is_some(), provider.number_orders().is_some());
    assert_eq!(others, (false, false, false));
    assert!(provider.pushes().is_none() && provider.hang_up().is_none() && provider.forwarding().is_none());
}
