//! Services that say no, or say it in a way nobody expects: each has a sentence and a way out.

use std::time::Duration;

use ringside_api::Request;
use ringside_api::view::{AccountView, LineView};
use ringside_exchange::{Exchange, Fault, FaultKind, Options, RedirectTo, RetryAfter, ServiceName};
use ringside_tests::rig::{self, Rig, phase};

const LOGIN: &str = "/v1/login";

/// An app whose first sign-in meets a fault.
async fn meets(what: FaultKind) -> (Exchange, Rig) {
    let exchange = Exchange::start(Options::quiet()).await.unwrap();
    exchange.faults().set(Fault::new(what).on(ServiceName::Nfon).path(LOGIN));
    let rig = rig::start(&exchange).await;
    (exchange, rig)
}

async fn reason(rig: &Rig) -> AccountView {
    rig.until("a reason", |it| {
        it.accounts.iter().find(|view| view.id == "office" && view.link.reason.is_some()).cloned()
    })
    .await
}

fn logins(exchange: &Exchange) -> usize {
    exchange.tape().count_of(ServiceName::Nfon, "POST", LOGIN)
}

#[tokio::test]
async fn a_wrong_password_is_said_once_and_not_tried_again() {
    let exchange = Exchange::start(Options::quiet()).await.unwrap();
    let rig = rig::start(&exchange).await;
    rig.online("office").await;
    exchange.nfon().set_password("another-one");
    exchange.nfon().revoke_refresh_tokens();
    exchange.nfon().expire_access_tokens();
    exchange.tape().clear();
    rig.call(Request::Reconnect { id: Some("office".into()) }).await.unwrap();
    let account = rig.link("office", "offline", "sign_in_refused").await;
    assert!(account.link.reason.unwrap().hint.contains("password"));
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(logins(&exchange), 1, "trying again could lock the account");
    // A line whose state had not come yet when the link went is unknown, and not old.
    let not_current = |line: &LineView| line.stale_since.is_some() || rig::word(&line.line) == "unknown";
    rig.until("no lamp is current", |it| it.lines.iter().all(not_current).then_some(())).await;
    // The way out that the sentence names.
    let request = Request::SignIn { id: "office".into(), secret: "another-one".into(), session_only: false };
    rig.call(request).await.unwrap();
    rig.online("office").await;
    let stored = rig.keys.get("office").unwrap();
    assert_eq!(secrecy::ExposeSecret::expose_secret(&stored), "another-one");
}

#[tokio::test]
async fn each_refusal_of_the_sign_in_has_its_own_words() {
    let cases = [
        (FaultKind::Status { code: 401, retry_after: None }, "sign_in_refused"),
        (FaultKind::Status { code: 429, retry_after: Some(RetryAfter::Seconds(7)) }, "rate_limited"),
        (FaultKind::Status { code: 500, retry_after: None }, "server_trouble"),
        (FaultKind::Status { code: 503, retry_after: Some(RetryAfter::DateIn(30)) }, "server_trouble"),
        (FaultKind::HtmlPage { code: 502 }, "server_trouble"),
        (FaultKind::HtmlInsteadOfJson, "bad_answer"),
        (FaultKind::MalformedJson, "bad_answer"),
        (FaultKind::Reset, "unreachable"),
        (FaultKind::TruncatedBody { bytes: 20 }, "unreachable"),
    ];
    for (what, code) in cases {
        let (_exchange, rig) = meets(what.clone()).await;
        let account = reason(&rig).await;
        let reason = account.link.reason.clone().unwrap();
        assert_eq!(reason.code, code, "{what:?}: {reason:?}");
        assert!(phase(&account) == "offline", "{what:?}: {}", phase(&account));
        assert!(!reason.message.is_empty() && !reason.hint.is_empty(), "{what:?}");
    }
}

#[tokio::test]
async fn a_page_in_html_is_named_as_such() {
    let (_exchange, rig) = meets(FaultKind::HtmlInsteadOfJson).await;
    let reason = reason(&rig).await.link.reason.unwrap();
    assert!(reason.message.to_lowercase().contains("web page"), "{reason:?}");
}

#[tokio::test]
async fn who_is_asked_to_wait_waits_as_long_as_asked() {
    let wait = FaultKind::Status { code: 429, retry_after: Some(RetryAfter::Seconds(4)) };
    let exchange = Exchange::start(Options::quiet()).await.unwrap();
    exchange.faults().set(Fault::new(wait).on(ServiceName::Nfon).path(LOGIN).once());
    let rig = rig::start(&exchange).await;
    rig.online("office").await;
    let times: Vec<_> =
        exchange.tape().requests().iter().filter(|it| it.is("POST", LOGIN)).map(|it| it.at.as_millisecond()).collect();
    assert_eq!(times.len(), 2, "{times:?}");
    let pause = times[1] - times[0];
    assert!((3_900..=5_500).contains(&pause), "tried again after {pause} ms");
}

#[tokio::test]
async fn a_missing_licence_leaves_what_works_and_names_what_does_not() {
    let exchange = Exchange::start(Options::quiet()).await.unwrap();
    exchange.nfon().set_extended_presence(false);
    let rig = rig::start(&exchange).await;
    let account = rig.link("office", "degraded", "forbidden").await;
    let warned = account.warnings.iter().any(|warning| warning.code.contains("presence"));
    assert!(warned, "the missing right is named: {account:#?}");
    let lines =
        rig.until("the extensions are there all the same", |it| (!it.lines.is_empty()).then(|| it.lines.clone()));
    assert!(lines.await.iter().all(|line| rig::word(&line.line) == "unknown" || line.stale_since.is_some()));
}

#[tokio::test]
async fn without_any_licence_the_reason_is_forbidden() {
    let exchange = Exchange::start(Options::quiet()).await.unwrap();
    exchange.nfon().set_licensed(false);
    let rig = rig::start(&exchange).await;
    let account = reason(&rig).await;
    let reason = account.link.reason.clone().unwrap();
    assert_eq!(reason.code, "forbidden", "{account:?}");
    assert!(reason.hint.contains("licence"), "{reason:?}");
}

#[tokio::test]
async fn no_secret_ever_reaches_a_stranger() {
    for code in [301, 302, 307, 308] {
        let exchange = Exchange::start(Options::quiet()).await.unwrap();
        let rig = rig::start(&exchange).await;
        rig.online("office").await;
        let away = FaultKind::Redirect { code, to: RedirectTo::Elsewhere };
        exchange.faults().set(Fault::new(away));
        exchange.nfon().expire_access_tokens();
        rig.call(Request::Reconnect { id: None }).await.unwrap();
        tokio::time::sleep(Duration::from_millis(1500)).await;
        let told: Vec<_> = exchange
            .tape()
            .requests()
            .into_iter()
            .filter(|it| it.service == ServiceName::Elsewhere && (it.authorization.is_some() || !it.body.is_empty()))
            .collect();
        assert!(told.is_empty(), "{code}: {told:#?}");
    }
}

#[tokio::test]
async fn a_draft_is_tested_step_by_step_before_it_is_kept() {
    let exchange = Exchange::start(Options::quiet()).await.unwrap();
    let rig = Rig::on(std::sync::Arc::new(rig::folder()), None, "").await;
    let draft = |secret: &str| ringside_api::view::AccountDraft {
        id: "office".into(),
        provider: "nfon".into(),
        base_url: Some(exchange.nfon_url()),
        username: Some(exchange.nfon().username().into()),
        secret: secret.into(),
        options: Default::default(),
        region: "DE".into(),
        mine: vec!["31".into()],
        session_only: false,
    };
    let steps = async |test: &str, secret: &str| {
        rig.call(Request::TestAccount { test: test.into(), draft: draft(secret) }).await.unwrap();
        rig.event("the test is done", |event| match event {
            ringside_api::ApiEvent::Finding { test: of, finding } => {
                (of == test && finding.step == "done").then_some(())
            }
            _ => None,
        })
        .await;
        let mut found = std::collections::BTreeMap::new();
        for event in rig.events() {
            if let ringside_api::ApiEvent::Finding { test: of, finding } = event
                && of == test
            {
                found.insert(finding.step.clone(), (rig::word(&finding.verdict), finding.problem));
            }
        }
        found
    };
    let wrong = steps("wrong", "nonsense").await;
    assert_eq!(wrong["sign_in"].0, "fails");
    assert_eq!(wrong["sign_in"].1.as_ref().unwrap().code, "sign_in_refused");
    assert_eq!(wrong["done"].0, "fails", "the wizard must not go on");
    exchange.nfon().set_licensed(false);
    let unlicensed = steps("unlicensed", &exchange.nfon().password()).await;
    assert_eq!(unlicensed["sign_in"].0, "works");
    assert_eq!(unlicensed["extensions"].1.as_ref().unwrap().code, "forbidden");
    assert_eq!(unlicensed["done"].0, "fails", "nothing of the account works");
    exchange.nfon().set_licensed(true);
    exchange.nfon().set_extended_presence(false);
    let partly = steps("partly", &exchange.nfon().password()).await;
    assert_eq!((partly["extensions"].0.as_str(), partly["line_states"].0.as_str()), ("works", "fails"));
    assert_eq!(partly["done"].0, "works", "what works is worth having");
    exchange.nfon().set_extended_presence(true);
    let right = steps("right", &exchange.nfon().password()).await;
    for step in ["sign_in", "extensions", "line_states", "done"] {
        assert_eq!(right[step].0, "works", "{step}: {right:#?}");
    }
    assert!(rig.snapshot().await.accounts.is_empty(), "a test keeps nothing");
    rig.call(Request::AddAccount { draft: draft(&exchange.nfon().password()) }).await.unwrap();
    rig.online("office").await;
    let written = std::fs::read_to_string(rig.config_file()).unwrap();
    assert!(written.contains("office") && !written.contains(&exchange.nfon().password()), "{written}");
    let stored = rig.keys.get("office").unwrap();
    assert_eq!(secrecy::ExposeSecret::expose_secret(&stored), exchange.nfon().password());
}

#[tokio::test]
async fn a_call_stream_that_is_gone_for_good_is_not_asked_for_again_and_again() {
    const CALLS: &str = "/v1/extensions/phone/calls";
    for code in [403, 404, 410] {
        let exchange = Exchange::start(Options::quiet()).await.unwrap();
        let gone = FaultKind::Status { code, retry_after: None };
        exchange.faults().set(Fault::new(gone).on(ServiceName::Nfon).method("GET").path(CALLS));
        let rig = rig::start(&exchange).await;
        let account = rig
            .until(&format!("{code} named"), |it| {
                it.accounts.iter().find(|view| view.id == "office" && phase(view) == "degraded").cloned()
            })
            .await;
        let reason = account.link.reason.unwrap();
        assert_eq!(reason.code, if code == 403 { "forbidden" } else { "no_such_address" }, "{reason:?}");
        rig.until("the board works all the same", |it| {
            (!it.lines.is_empty() && it.lines.iter().all(|line| line.stale_since.is_none())).then_some(())
        })
        .await;
        let asked = exchange.tape().count_of(ServiceName::Nfon, "GET", CALLS);
        tokio::time::sleep(Duration::from_secs(3)).await;
        assert_eq!(exchange.tape().count_of(ServiceName::Nfon, "GET", CALLS), asked, "{code}: stopped");
    }
}
