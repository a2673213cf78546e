//! Each way in which a service can fail, on all services but the first at once: what the user reads on each account.

use ringside_api::Request;
use ringside_api::view::AccountView;
use ringside_exchange::{Exchange, Fault, FaultKind, RedirectTo, RetryAfter, ServiceName};
use ringside_tests::rig::{Rig, phase};
use ringside_tests::services::{self, FONIAL, OFFICE, SWISSCOM, Site, TENIOS, VOICENTER, account};
use tokio::task::JoinSet;

const FAULTY: [ServiceName; 5] = [
    ServiceName::Swisscom,
    ServiceName::SwisscomToken,
    ServiceName::Fonial,
    ServiceName::Tenios,
    ServiceName::Voicenter,
];

/// The sites in the order of [`Row`]'s codes.
const SITES: [Site; 4] = [SWISSCOM, FONIAL, TENIOS, VOICENTER];

/// A fault, and the code of the reason that each account then gives; `None` where it goes on as before.
struct Row(FaultKind, [Option<&'static str>; 4]);

fn all(what: FaultKind, code: &'static str) -> Row {
    Row(what, [Some(code); 4])
}

fn status(code: u16) -> FaultKind {
    FaultKind::Status { code, retry_after: None }
}

fn wait(code: u16) -> FaultKind {
    FaultKind::Status { code, retry_after: Some(RetryAfter::Seconds(2)) }
}

fn table() -> Vec<Row> {
    vec![
        // TENIOS has a key and no sign-in: a 403 is about the key.
        Row(status(403), [Some("forbidden"), Some("forbidden"), Some("sign_in_refused"), Some("forbidden")]),
        all(status(404), "no_such_address"),
        all(status(410), "no_such_address"),
        all(wait(429), "rate_limited"),
        all(status(500), "server_trouble"),
        all(wait(503), "server_trouble"),
        all(FaultKind::HtmlPage { code: 502 }, "server_trouble"),
        // A page under fonial's address is its portal: the API is somewhere else.
        Row(
            FaultKind::HtmlPage { code: 404 },
            [Some("no_such_address"), Some("bad_answer"), Some("no_such_address"), Some("no_such_address")],
        ),
        all(FaultKind::HtmlInsteadOfJson, "bad_answer"),
        all(FaultKind::MalformedJson, "bad_answer"),
        all(status(204), "bad_answer"),
        all(FaultKind::Redirect { code: 307, to: RedirectTo::Elsewhere }, "redirected"),
        all(FaultKind::Redirect { code: 302, to: RedirectTo::SameHost }, "redirected"),
        all(FaultKind::TruncatedBody { bytes: 20 }, "unreachable"),
        all(FaultKind::Reset, "unreachable"),
        all(FaultKind::Cut, "unreachable"),
        all(FaultKind::LostAnswer, "unreachable"),
        all(FaultKind::NoAnswer, "timed_out"),
        all(FaultKind::HalfOpen, "timed_out"),
    ]
}

fn set(exchange: &Exchange, what: &FaultKind) {
    for service in FAULTY {
        exchange.faults().set(Fault::new(what.clone()).on(service));
    }
    // What is open already would go on; real time begins anew as everything else does.
    exchange.voicenter().drop_sockets();
}

/// Waits for the reason, and sees that it helps and that nothing old is shown as current.
async fn says(rig: &Rig, site: Site, code: &str, what: &FaultKind) {
    let told = rig
        .until(&format!("{code} of {} after {what:?}", site.account), |it| {
            let view = account(it, site).filter(|view| view.link.reason.as_ref().is_some_and(|it| it.code == code))?;
            // Where some of it works its lamps go on; scenarios are all there is of theirs.
            let works = phase(view) == "degraded" && site.lamps;
            let true_to_it = works || services::nothing_is_current(it, site);
            true_to_it.then(|| view.clone())
        })
        .await;
    let AccountView { link, .. } = &told;
    let reason = link.reason.as_ref().unwrap();
    assert!(!reason.message.is_empty() && !reason.hint.is_empty(), "{what:?}: {reason:?}");
    assert!(matches!(phase(&told).as_str(), "offline" | "degraded"), "{what:?}: {}", phase(&told));
}

async fn row(Row(what, codes): Row) {
    let exchange = services::exchange().await;
    let rig = services::connected(&exchange).await;
    set(&exchange, &what);
    for (site, code) in SITES.into_iter().zip(codes) {
        match code {
            Some(code) => says(&rig, site, code, &what).await,
            None => services::online(&rig, site).await,
        }
    }
    let snapshot = rig.snapshot().await;
    assert_eq!(
        account(&snapshot, OFFICE).map(phase).as_deref(),
        Some("online"),
        "{what:?}: what one service does is its own"
    );
    assert!(!services::nothing_is_current(&snapshot, OFFICE), "{what:?}");
    let strangers = exchange.tape().requests().into_iter().filter(|it| it.service == ServiceName::Elsewhere);
    let told: Vec<_> = strangers.filter(|it| it.authorization.is_some() || !it.body.is_empty()).collect();
    assert!(told.is_empty(), "{what:?}: {told:#?}");

    exchange.faults().clear();
    // The way out for what does not come back by itself.
    rig.call(Request::Reconnect { id: None }).await.unwrap();
    for site in SITES {
        services::online(&rig, site).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_failure_has_its_words_on_every_account_and_passes() {
    let mut rows = JoinSet::new();
    for one in table() {
        rows.spawn(row(one));
    }
    while let Some(done) = rows.join_next().await {
        done.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_secret_is_named_on_every_account_that_has_one() {
    let exchange = services::exchange().await;
    let rig = services::connected(&exchange).await;
    let what = status(401);
    set(&exchange, &what);
    for site in [SWISSCOM, TENIOS, VOICENTER] {
        says(&rig, site, "sign_in_refused", &what).await;
    }
    // fonial asks for a session before any name is sent: a 401 there is not about the password.
    says(&rig, FONIAL, "bad_answer", &what).await;
    assert_eq!(account(&rig.snapshot().await, OFFICE).map(phase).as_deref(), Some("online"));
    let asked = exchange.tape().count_of(ServiceName::Fonial, "POST", "/api/2.0/session");
    assert!(asked <= 3, "all of its readers together ask three times a minute for a session, not {asked} times");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn new_words_new_fields_and_odd_forms_disturb_no_account() {
    let mut kinds = JoinSet::new();
    for what in [FaultKind::UnknownValues, FaultKind::UnknownFields, FaultKind::WrongTypes, FaultKind::BadTimes] {
        kinds.spawn(async move {
            let exchange = services::exchange().await;
            for service in FAULTY {
                exchange.faults().set(Fault::new(what.clone()).on(service));
            }
            let rig = services::start(&exchange).await;
            for site in SITES {
                rig.until(&format!("{} in spite of {what:?}", site.account), |it| {
                    let people = it.lines.iter().any(|line| line.account == site.account);
                    let there = people || !site.people;
                    (there && phase(account(it, site)?) == "online").then_some(())
                })
                .await;
            }
        });
    }
    while let Some(done) = kinds.join_next().await {
        done.unwrap();
    }
}
