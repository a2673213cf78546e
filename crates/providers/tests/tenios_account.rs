//! A TENIOS account as a whole: its key, its settings, the wizard's walk, its link.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod rig;

use futures_util::future::join_all;
use rig::{Run, check, quiet, tenios, tenios_config};
use ringside_domain::{Event, LinkPhase};
use ringside_exchange::{BadKey, Exchange, Fault, FaultKind, Options, ServiceName};
use ringside_telephony::{Finding, Note, Provider, ProviderError, Verdict};
use serde_json::json;

const USERS: &str = "/cloud-pbx/list";
const RECORDS: &str = "/cdrs/retrieve";

fn code(finding: &Finding) -> (&'static str, &'static str) {
    let verdict = match &finding.verdict {
        Verdict::Works(_) => "works",
        Verdict::NotTried(_) => "not_tried",
        Verdict::Warning(problem) | Verdict::Fails(problem) => problem.code,
    };
    (finding.step, verdict)
}

fn status(code: u16) -> FaultKind {
    FaultKind::Status { code, retry_after: None }
}

async fn list(provider: &dyn Provider) -> Result<usize, ProviderError> {
    provider.extensions().unwrap().list().await.map(|list| list.len())
}

#[tokio::test]
async fn all_users_are_listed_page_by_page_with_extension_name_and_mail() {
    let exchange = quiet().await;
    let provider = tenios(&exchange, json!({"page_size": 20}));
    let all = provider.extensions().unwrap().list().await.unwrap();
    assert_eq!(all.len(), 46);
    let anna = all.iter().find(|it| it.id.as_str() == "31").unwrap();
    assert_eq!((anna.name.as_str(), anna.email.as_ref().unwrap().as_str()), ("Anna Berger", "user31@office.example"));
    assert_eq!(exchange.tape().count_of(ServiceName::Tenios, "POST", USERS), 3);
}

#[tokio::test]
async fn a_wrong_key_is_shown_by_one_request_in_either_form() {
    for bad_key in [BadKey::BadRequest, BadKey::Forbidden] {
        let mut options = Options::quiet();
        options.tenios.bad_key = bad_key;
        let exchange = Exchange::start(options).await.unwrap();
        let mut config = tenios_config(&exchange, Default::default());
        config.secret = "wrong".to_owned().into();
        let provider = rig::connect(config);
        let answers = join_all((0..50).map(|_| list(&*provider))).await;
        assert!(answers.iter().all(|it| *it == Err(ProviderError::SignInRefused)), "{bad_key:?}: {answers:?}");
        assert_eq!(exchange.tape().requests().len(), 1);
        let findings = check(&*provider).await;
        let Verdict::Fails(problem) = &findings[1].verdict else { panic!("{findings:?}") };
        assert!(problem.message.contains("access key") && problem.hint.contains("portal"), "{problem:?}");
        assert!(findings[2..].iter().all(|it| code(it).1 == "not_tried"));
    }
}

#[tokio::test]
async fn a_key_that_is_replaced_in_the_portal_ends_the_run_and_is_asked_for() {
    let exchange = quiet().await;
    let provider = tenios(&exchange, json!({"poll_seconds": 0.05}));
    let mut run = Run::start(&provider);
    run.phase(LinkPhase::Online).await;
    exchange.tenios().set_access_key("another");
    assert_eq!(run.phase(LinkPhase::Offline).await, Some("sign_in_refused"));
    let asked = exchange.tape().requests().len();
    assert_eq!(list(&*provider).await, Err(ProviderError::SignInRefused));
    assert_eq!(exchange.tape().requests().len(), asked, "the refused key is not sent again");
    run.stop().await;
}

#[tokio::test]
async fn a_method_that_refuses_a_good_key_is_forbidden_and_the_account_goes_on() {
    for fault in [status(403), status(401)] {
        let exchange = quiet().await;
        let provider = tenios(&exchange, json!({}));
        exchange.faults().set(Fault::new(fault).path("/acd/"));
        let anna = "31".into();
        for _ in 0..10 {
            let error = provider.agents().unwrap().state(&anna).await.unwrap_err();
            assert!(["forbidden", "sign_in_refused"].contains(&error.code()), "{error:?}");
            assert_eq!(list(&*provider).await, Ok(46), "one method says nothing about the others");
        }
        let tried = exchange.tape().count_of(ServiceName::Tenios, "POST", RECORDS);
        assert_eq!(tried, 2, "the key is tried at the start and when it is doubted, not each time");
    }
}

#[tokio::test]
async fn without_a_cloud_pbx_the_account_is_limited_and_still_knows_when_the_service_is_gone() {
    let exchange = quiet().await;
    exchange.faults().set(Fault::new(status(404)).path(USERS));
    let provider = tenios(&exchange, json!({"poll_seconds": 0.05}));
    let mut run = Run::start(&provider);
    assert_eq!(run.phase(LinkPhase::Degraded).await, Some("no_such_address"));
    exchange.go_down();
    assert_eq!(run.phase(LinkPhase::Offline).await, Some("unreachable"));
    exchange.come_up();
    assert_eq!(run.phase(LinkPhase::Degraded).await, Some("no_such_address"));
    assert_eq!(exchange.tape().count_of(ServiceName::Tenios, "POST", USERS), 1);
    run.stop().await;
}

#[tokio::test]
async fn a_service_that_falls_silent_is_noticed_and_comes_back() {
    for silence in [FaultKind::NoAnswer, FaultKind::HalfOpen] {
        let exchange = quiet().await;
        let provider = tenios(&exchange, json!({"poll_seconds": 0.05, "request_seconds": 0.4}));
        let mut run = Run::start(&provider);
        run.phase(LinkPhase::Online).await;
        exchange.faults().set(Fault::new(silence).on(ServiceName::Tenios));
        assert_eq!(run.phase(LinkPhase::Offline).await, Some("timed_out"));
        exchange.faults().clear();
        run.phase(LinkPhase::Online).await;
        run.stop().await;
    }
}

#[tokio::test]
async fn users_that_come_and_go_are_told_once() {
    let exchange = quiet().await;
    let provider = tenios(&exchange, json!({"poll_seconds": 0.05}));
    let mut run = Run::start(&provider);
    run.phase(LinkPhase::Online).await;
    exchange.office().add_extension("99", "Zora Neu");
    let found = run.find("the new user", |event| match event {
        Event::Extensions(list) => list.iter().any(|it| it.name.as_str() == "Zora Neu").then_some(list.len()),
        _ => None,
    });
    assert_eq!(found.await, 47);
    let seen = exchange.tape().requests().len();
    assert!(exchange.tape().wait_for(seen + 5, rig::PATIENCE, |_| true).await);
    let lists = run.stop().await.into_iter().filter(|event| matches!(event, Event::Extensions(_))).count();
    assert_eq!(lists, 2, "an unchanged list is no event");
}

#[tokio::test]
async fn the_walk_says_what_works_and_changes_nothing() {
    let exchange = quiet().await;
    exchange.tenios().fill_records(5);
    let findings = check(&*tenios(&exchange, json!({"callback_config_id": 4711}))).await;
    let expected = [
        ("reach", "works"),
        ("sign_in", "works"),
        ("extensions", "works"),
        ("journal", "works"),
        ("agents", "works"),
        ("dial", "not_tried"),
        ("number_orders", "not_tried"),
        ("pushes", "not_tried"),
    ];
    assert_eq!(findings.iter().map(code).collect::<Vec<_>>(), expected);
    assert_eq!(findings[2].verdict, Verdict::Works(Note::count("users", 46, "users")));
    assert_eq!(findings[3].verdict, Verdict::Works(Note::count("calls_day", 10, "calls in the last 24 hours")));
    let paths = ["/callback/init", "/acd/agent-state/change", "/number/order", "/verification/create"];
    assert!(exchange.tape().requests().iter().all(|it| !paths.contains(&it.path.as_str())));
    assert_eq!(exchange.office().calls().len(), 0);
}

#[tokio::test]
async fn each_failure_stands_at_its_step() {
    let exchange = quiet().await;
    let walk = async |fault: Fault| {
        exchange.faults().clear();
        exchange.faults().set(fault);
        check(&*tenios(&exchange, json!({}))).await
    };
    let portal = walk(Fault::new(FaultKind::HtmlPage { code: 200 })).await;
    assert_eq!(code(&portal[0]), ("reach", "bad_answer"), "a captive portal");
    let broken = walk(Fault::new(FaultKind::MalformedJson).path("/acd/")).await;
    assert_eq!((code(&broken[3]), code(&broken[4])), (("journal", "works"), ("agents", "bad_answer")));
    let unbooked = walk(Fault::new(status(404)).path("/acd/")).await;
    assert_eq!(code(&unbooked[4]), ("agents", "not_tried"), "not everybody has a contact centre");
    let limited = walk(Fault::new(status(429)).path("/acd/")).await;
    assert_eq!(code(&limited[4]), ("agents", "rate_limited"));
    let Verdict::NotTried(words) = &limited[5].verdict else { panic!("{limited:?}") };
    assert_eq!(words.code, "no_callback_configuration");
}

#[tokio::test]
async fn the_services_own_words_are_told_without_their_json() {
    let exchange = quiet().await;
    exchange.faults().set(Fault::new(status(400)).path(USERS));
    let error = list(&*tenios(&exchange, json!({}))).await.unwrap_err();
    assert_eq!(error.code(), "refused");
    assert!(error.to_string().ends_with("it answered 400: INVALID_VALUE: Invalid parameter type or format"), "{error}");
}

#[tokio::test]
async fn wrong_settings_are_named() {
    let exchange = quiet().await;
    let refused = |config| ringside_providers::connect(config, rig::surroundings()).map(drop).unwrap_err();
    for (options, key) in [
        (json!({"callback_config_id": true}), "callback_config_id"),
        (json!({"callback_config_ids": ["4711"]}), "callback_config_ids"),
        (json!({"numbers": {"+49": []}}), "numbers"),
        (json!({"not_ready_reasons": "Lunch"}), "not_ready_reasons"),
        (json!({"not_ready_reasons": [" "]}), "not_ready_reasons"),
        (json!({"page_size": 0}), "page_size"),
        (json!({"document_most_mb": 1000}), "document_most_mb"),
        (json!({"poll": 1}), "poll"),
    ] {
        let error = refused(tenios_config(&exchange, rig::options(options)));
        assert!(error.code() == "configuration" && error.to_string().contains(&format!("`{key}`")), "{error}");
    }
    let mut config = tenios_config(&exchange, Default::default());
    config.secret = " ".to_owned().into();
    assert!(refused(config).to_string().contains("access key"));
}
