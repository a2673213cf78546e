//! The accounts' own numbers and whose the extensions are.

use ringside_api::view::AccountNumbers;
use ringside_api::{ApiError, Reply, Request};
use ringside_domain::LinkPhase;
use ringside_exchange::{Exchange, Fault, FaultKind, Options, ServiceName};

use crate::accounts::{Entry, mobile, office, voice};
use crate::rig::Rig;

fn accounts(exchange: &Exchange) -> Vec<Entry> {
    vec![voice(exchange), mobile(exchange), office(exchange)]
}

async fn rig() -> Rig {
    let mut rig = Rig::with_accounts(Options::quiet(), accounts, async |_| {}).await;
    rig.eventually("all are online, and the users are there", |snapshot| {
        snapshot.accounts.iter().all(|account| account.link.phase == LinkPhase::Online)
            && snapshot.lines.iter().any(|line| line.id == "voice/31")
            && snapshot.lines.iter().any(|line| line.id == "office/31")
    })
    .await;
    rig
}

async fn numbers(rig: &Rig, account: Option<&str>) -> Result<Vec<AccountNumbers>, ApiError> {
    match rig.call(Request::Numbers { account: account.map(str::to_owned) }).await? {
        Reply::Numbers { accounts } => Ok(accounts),
        other => panic!("no numbers: {other:?}"),
    }
}

#[tokio::test]
async fn every_account_that_has_numbers_answers_for_itself() {
    let rig = rig().await;
    let all = numbers(&rig, None).await.unwrap();
    let [mobile, voice] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!((mobile.account.as_str(), mobile.orders, mobile.problem.clone()), ("mobile", false, None));
    let first = mobile.numbers.first().expect("a number");
    assert!(first.number.as_ref().is_some_and(|number| number.starts_with('+')), "{first:?}");
    assert!(first.shown.contains(' ') && !first.id.is_empty(), "{first:?}");
    assert_eq!((voice.account.as_str(), voice.orders, voice.problem.clone()), ("voice", true, None));
    assert!(voice.numbers.is_empty() && voice.document_kinds.iter().any(|kind| kind == "BUSINESS_LICENSE"));

    rig.exchange.faults().set(
        Fault::new(FaultKind::Status { code: 500, retry_after: None })
            .on(ServiceName::Fonial)
            .path("/api/2.0/numbers/get"),
    );
    let all = numbers(&rig, None).await.unwrap();
    let [mobile, voice] = all.as_slice() else { panic!("{all:?}") };
    assert!(mobile.problem.as_ref().is_some_and(|problem| !problem.hint.is_empty()), "{mobile:?}");
    assert_eq!((voice.orders, voice.problem.clone()), (true, None), "not everybody's failure");
}

#[tokio::test]
async fn one_account_can_be_asked_alone_and_one_that_has_none_says_so() {
    let rig = rig().await;
    assert_eq!(numbers(&rig, Some("voice")).await.unwrap().len(), 1);
    assert_eq!(numbers(&rig, Some("office")).await.unwrap_err().code, "unsupported");
    assert_eq!(numbers(&rig, Some("nowhere")).await.unwrap_err().code, "no_account");
}

#[tokio::test]
async fn extensions_have_their_e_mail_where_the_service_gives_it() {
    let rig = rig().await;
    let Ok(Reply::Extensions { extensions }) = rig.call(Request::Extensions {}).await else { panic!("no extensions") };
    let of = |account: &str| extensions.iter().find(|it| it.account == account && it.extension == "31").unwrap();
    assert_eq!(of("voice").email.as_deref(), Some("user31@office.example"));
    assert!(!of("office").name.is_empty());
    assert_eq!(of("office").email, None);
}
