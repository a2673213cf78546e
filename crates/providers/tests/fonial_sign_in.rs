//! Sessions with fonial: begun, authenticated, renewed once, and never in a loop.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod rig;

use std::time::Duration;

use rig::{FONIAL_DEVICES, FONIAL_SIGN_IN, Run, fonial, quiet};
use ringside_domain::{Event, LinkPhase};
use ringside_exchange::{
    Exchange, Fault, FaultKind, FonialErrors, FonialLists, FonialLogin, FonialOptions, Options, ServiceName,
};
use ringside_telephony::ProviderError;
use serde_json::json;

async fn with(fonial: FonialOptions) -> Exchange {
    Exchange::start(Options { fonial, ..Options::quiet() }).await.unwrap()
}

fn asked(exchange: &Exchange, path: &str) -> usize {
    exchange.tape().count_of(ServiceName::Fonial, "POST", path)
}

#[tokio::test]
async fn requests_are_written_as_documented() {
    let exchange = quiet().await;
    let provider = fonial(&exchange, json!({}));
    let devices = provider.extensions().unwrap().list().await.unwrap();
    let numbers = provider.numbers().unwrap().list().await.unwrap();
    assert_eq!((devices.len(), numbers.len()), (46, 4));
    let anna = devices.iter().find(|it| it.name.as_str() == "Anna Berger").unwrap();
    assert_eq!(anna.id.as_str(), "4031", "the device's own id, not the extension");
    assert_eq!((numbers[0].number.as_ref().unwrap().e164(), numbers[0].id.as_str()), ("+492214710900", "21"));
    let requests = exchange.tape().requests();
    let told: Vec<_> = requests.iter().map(|it| (it.path.as_str(), it.body.clone())).collect();
    let credentials = json!({"sid": "***", "username": "office@ringside.example", "password": "***"}).to_string();
    let signed = json!({"sid": "***"}).to_string();
    let expected = [
        ("/api/2.0/session", "{}".to_owned()),
        (FONIAL_SIGN_IN, credentials),
        (FONIAL_DEVICES, signed.clone()),
        ("/api/2.0/numbers/get", signed),
    ];
    assert_eq!(told, expected);
    for request in &requests {
        assert_eq!((request.method.as_str(), request.header("content-type")), ("POST", Some("application/json")));
        assert!(request.authorization.is_none() && request.header("cookie").is_none() && request.query.is_empty());
    }
}

#[tokio::test]
async fn every_form_of_yes_signs_in_and_every_form_of_no_is_asked_once() {
    for login in [FonialLogin::Flag, FonialLogin::Number, FonialLogin::Text, FonialLogin::Error] {
        for error_status in [200, 400, 403] {
            let exchange = with(FonialOptions { login, error_status, ..FonialOptions::default() }).await;
            let right = fonial(&exchange, json!({}));
            assert!(right.extensions().unwrap().list().await.is_ok(), "{login:?}");
            exchange.tape().clear();
            let mut config = rig::fonial_config(&exchange, Default::default());
            config.secret = "wrong".to_owned().into();
            let wrong = rig::connect(config);
            for _ in 0..3 {
                let answer = wrong.extensions().unwrap().list().await;
                assert_eq!(answer, Err(ProviderError::SignInRefused), "{login:?} {error_status}");
            }
            assert_eq!(asked(&exchange, FONIAL_SIGN_IN), 1, "a second try could lock the account");
            assert_eq!(asked(&exchange, FONIAL_DEVICES), 0);
        }
    }
}

#[tokio::test]
async fn a_refused_sign_in_says_whose_password_is_wanted() {
    let exchange = quiet().await;
    exchange.fonial().set_password("changed at the vendor's");
    let mut config = rig::fonial_config(&exchange, Default::default());
    config.secret = "as it was".to_owned().into();
    let mut run = Run::start(&rig::connect(config));
    let problem = run
        .find("the refusal", |event| match event {
            Event::Link(state) if state.phase == LinkPhase::Offline => state.reason.clone(),
            _ => None,
        })
        .await;
    assert_eq!(problem.code, "sign_in_refused");
    assert!(problem.hint.contains("main user") && problem.hint.contains("enable the API"), "{}", problem.hint);
    run.stop().await;
}

#[tokio::test]
async fn a_session_that_died_is_renewed_once_wherever_the_error_stands() {
    for errors in
        [FonialErrors::AsSeen, FonialErrors::Error, FonialErrors::Reason, FonialErrors::Message, FonialErrors::Object]
    {
        for error_status in [200, 400, 401, 403, 500] {
            let exchange = with(FonialOptions { errors, error_status, ..FonialOptions::default() }).await;
            let provider = fonial(&exchange, json!({}));
            let list = provider.extensions().unwrap().list().await.unwrap();
            exchange.fonial().expire_sessions();
            exchange.tape().clear();
            assert_eq!(provider.extensions().unwrap().list().await, Ok(list), "{errors:?} {error_status}");
            assert_eq!((asked(&exchange, FONIAL_SIGN_IN), asked(&exchange, FONIAL_DEVICES)), (1, 2));
        }
    }
}

#[tokio::test]
async fn a_service_that_forgets_its_sessions_is_no_reason_to_doubt_the_password() {
    let exchange = quiet().await;
    exchange.fonial().set_forgetful(true);
    let provider = fonial(&exchange, json!({"probe_seconds": 0.02}));
    let error = provider.extensions().unwrap().list().await.unwrap_err();
    assert_eq!(error.code(), "server_trouble");
    assert!(error.to_string().contains("session invalid"), "{error}");
    assert_eq!((asked(&exchange, FONIAL_SIGN_IN), asked(&exchange, FONIAL_DEVICES)), (2, 2), "one repeat");
    let mut run = Run::start(&provider);
    run.phase(LinkPhase::Offline).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(asked(&exchange, FONIAL_SIGN_IN) <= 3, "three sign-ins a minute and no more");
    run.stop().await;
}

#[tokio::test]
async fn the_services_own_words_are_told_and_asked_after() {
    for errors in [FonialErrors::AsSeen, FonialErrors::Reason, FonialErrors::Message, FonialErrors::Object] {
        let exchange = with(FonialOptions { errors, ..FonialOptions::default() }).await;
        let provider = fonial(&exchange, json!({"probe_seconds": 0.05}));
        let mut run = Run::start(&provider);
        run.phase(LinkPhase::Online).await;
        exchange.fonial().complain(Some("maintenance until 6 o'clock"));
        let error = provider.numbers().unwrap().list().await.unwrap_err();
        assert!(error.code() == "refused" && error.to_string().contains("maintenance until 6"), "{error}");
        assert_eq!(run.phase(LinkPhase::Degraded).await, Some("refused"));
        exchange.fonial().complain(None);
        run.phase(LinkPhase::Online).await;
        assert_eq!(asked(&exchange, FONIAL_SIGN_IN), 1, "no word of a session");
        run.stop().await;
    }
}

#[tokio::test]
async fn an_http_status_counts_where_the_body_says_no_more() {
    for (code, expected) in [(400, "refused"), (403, "forbidden"), (429, "rate_limited"), (503, "server_trouble")] {
        let exchange = quiet().await;
        let provider = fonial(&exchange, json!({}));
        exchange.faults().set(Fault::new(FaultKind::Status { code, retry_after: None }).path(FONIAL_DEVICES));
        assert_eq!(provider.extensions().unwrap().list().await.unwrap_err().code(), expected, "{code}");
    }
}

#[tokio::test]
async fn the_portals_pages_are_named_for_what_they_are() {
    for (code, expected, part) in [
        (403, "forbidden", "this computer's address"),
        (404, "bad_answer", "not to the API"),
        (200, "bad_answer", "web page"),
        (503, "server_trouble", "web page"),
        (429, "rate_limited", ""),
    ] {
        let exchange = quiet().await;
        let provider = fonial(&exchange, json!({}));
        exchange.faults().set(Fault::new(FaultKind::HtmlPage { code }).path(FONIAL_DEVICES));
        let error = provider.extensions().unwrap().list().await.unwrap_err();
        assert!(error.code() == expected && error.to_string().contains(part), "{code}: {error}");
    }
    // A page in place of the sign-in says nothing about the password either.
    for code in [403, 404] {
        let exchange = quiet().await;
        let provider = fonial(&exchange, json!({}));
        exchange.faults().set(Fault::new(FaultKind::HtmlPage { code }).path(FONIAL_SIGN_IN).once());
        assert_eq!(provider.extensions().unwrap().list().await.unwrap_err().code(), "bad_answer", "{code}");
        assert!(provider.extensions().unwrap().list().await.is_ok());
    }
}

#[tokio::test]
async fn an_address_beside_the_api_leads_to_the_portal() {
    let exchange = quiet().await;
    let mut config = rig::fonial_config(&exchange, Default::default());
    config.base_url = Some(exchange.fonial_url().replace("/2.0", "/3.0").parse().unwrap());
    let findings = rig::check(&*rig::connect(config)).await;
    let told = format!("{:?}", findings[0]);
    assert!(findings[0].step == "reach" && told.contains("Kundenkonto") && told.contains("not to the API"), "{told}");
}

#[tokio::test]
async fn lists_are_the_same_in_every_form() {
    let mut seen = Vec::new();
    for lists in [FonialLists::Arrays, FonialLists::Objects, FonialLists::Bare] {
        for odd in [false, true] {
            let options = FonialOptions {
                lists,
                singular_devices: odd,
                numbers_as_text: odd,
                empty_as_null: odd,
                ..FonialOptions::default()
            };
            let exchange = with(options).await;
            let provider = fonial(&exchange, json!({}));
            let devices = provider.extensions().unwrap().list().await.unwrap();
            let numbers = provider.numbers().unwrap().list().await.unwrap();
            for (number, _) in exchange.office().extensions() {
                exchange.office().remove_extension(&number);
            }
            assert_eq!(provider.extensions().unwrap().list().await, Ok(vec![]), "{lists:?} {odd}");
            exchange.office().add_extension("31", "Anna Berger");
            assert_eq!(provider.extensions().unwrap().list().await.unwrap().len(), 1, "{lists:?} {odd}");
            assert!(provider.oddities().is_empty(), "{:?}", provider.oddities());
            seen.push((devices, numbers));
        }
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]));
}

#[tokio::test]
async fn the_list_is_told_when_it_changes_and_when_the_service_is_back() {
    let exchange = quiet().await;
    let mut run = Run::start(&fonial(&exchange, json!({"probe_seconds": 0.02})));
    let lists = |events: &[Event]| events.iter().filter(|it| matches!(it, Event::Extensions(_))).count();
    run.phase(LinkPhase::Online).await;
    let asked_before = asked(&exchange, FONIAL_DEVICES);
    assert!(exchange.tape().wait_for(asked_before + 5, rig::PATIENCE, |it| it.path == FONIAL_DEVICES).await);
    run.drain();
    assert_eq!(lists(&run.seen), 1, "the same list is told once");
    exchange.office().add_extension("99", "New desk");
    let newest = run.find("the new device", |event| match event {
        Event::Extensions(list) => list.iter().find(|it| it.id.as_str() == "4099").cloned(),
        _ => None,
    });
    assert_eq!(newest.await.name.as_str(), "New desk");
    exchange.go_down();
    run.phase(LinkPhase::Offline).await;
    let before = lists(&run.seen);
    exchange.come_up();
    run.phase(LinkPhase::Online).await;
    assert_eq!(lists(&run.seen), before + 1);
    run.stop().await;
}

#[tokio::test]
async fn a_service_that_falls_silent_is_told_as_soon_as_a_request_has_waited() {
    let exchange = quiet().await;
    let provider = fonial(&exchange, json!({"probe_seconds": 0.1, "request_seconds": 0.3}));
    let mut run = Run::start(&provider);
    run.phase(LinkPhase::Online).await;
    exchange.faults().set(Fault::new(FaultKind::NoAnswer).on(ServiceName::Fonial));
    assert_eq!(run.phase(LinkPhase::Offline).await, Some("timed_out"));
    exchange.faults().clear();
    run.phase(LinkPhase::Online).await;
    run.stop().await;
}

#[tokio::test]
async fn bodies_that_are_no_answer_are_bad_answers() {
    let exchange = quiet().await;
    let provider = fonial(&exchange, json!({}));
    for kind in [FaultKind::MalformedJson, FaultKind::HtmlInsteadOfJson, FaultKind::TruncatedBody { bytes: 20 }] {
        exchange.faults().clear();
        exchange.faults().set(Fault::new(kind.clone()).path(FONIAL_DEVICES));
        let error = provider.extensions().unwrap().list().await.unwrap_err();
        let expected = if matches!(kind, FaultKind::TruncatedBody { .. }) { "unreachable" } else { "bad_answer" };
        assert_eq!(error.code(), expected, "{kind:?}");
    }
    assert_eq!(asked(&exchange, FONIAL_SIGN_IN), 1);
}
