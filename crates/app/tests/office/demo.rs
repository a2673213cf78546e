//! Looking around on the demo from within the app leaves nothing of it among the user's own.

use std::collections::BTreeMap;

use ringside_api::view::{AccountDraft, HistoryFilter};
use ringside_api::{ApiEvent, Request};
use ringside_exchange::RingSpec;

use crate::rig::Rig;

async fn demo_with_a_missed_call(rig: &mut Rig) {
    rig.call(Request::StartDemo {}).await.expect("the demo starts");
    rig.until_online().await;
    let call = rig.exchange.ring(RingSpec::to("31").from("4922166966966"));
    rig.event("the card", |event| matches!(event, ApiEvent::Card { .. }).then_some(())).await;
    assert!(call.time_out());
    rig.event("the row", |event| match event {
        ApiEvent::History { row } if row.outcome.is_some() => Some(()),
        _ => None,
    })
    .await;
    assert_eq!(rig.history(HistoryFilter::default()).await.rows.len(), 1);
}

fn own_account(rig: &Rig) -> AccountDraft {
    AccountDraft {
        id: "own".to_owned(),
        provider: "nfon".to_owned(),
        base_url: Some(rig.exchange.nfon_url()),
        username: Some(rig.exchange.nfon().username().to_owned()),
        secret: rig.exchange.nfon().password(),
        options: BTreeMap::new(),
        region: "DE".to_owned(),
        mine: vec!["31".to_owned()],
        session_only: true,
    }
}

#[tokio::test]
async fn what_happened_in_the_demo_is_gone_after_a_restart_and_there_when_one_looks_in_again() {
    let mut rig = Rig::bare().await;
    demo_with_a_missed_call(&mut rig).await;
    rig.reopen().await;
    let snapshot = rig.snapshot().await;
    assert!(snapshot.accounts.is_empty());
    assert_eq!(snapshot.open_callbacks, 0);
    assert!(rig.history(HistoryFilter::default()).await.rows.is_empty());

    rig.call(Request::StartDemo {}).await.expect("the demo starts again");
    assert_eq!(rig.history(HistoryFilter::default()).await.rows.len(), 1);
}

#[tokio::test]
async fn an_account_of_ones_own_ends_the_demo_and_finds_its_own_history() {
    let mut rig = Rig::bare().await;
    demo_with_a_missed_call(&mut rig).await;
    let draft = own_account(&rig);
    rig.call(Request::AddAccount { draft }).await.expect("the account is added");
    let snapshot = rig.eventually("the demo is gone", |snapshot| snapshot.open_callbacks == 0).await;
    let accounts: Vec<_> = snapshot.accounts.iter().map(|account| account.id.as_str()).collect();
    assert_eq!(accounts, ["own"]);
    assert!(snapshot.lines.iter().all(|line| line.account == "own"));
    assert_eq!(snapshot.settings.mine, ["own/31"]);
    assert!(rig.history(HistoryFilter::default()).await.rows.is_empty());

    let refused = rig.call(Request::StartDemo {}).await.expect_err("not beside an account of one's own");
    assert_eq!(refused.code, "demo_beside_accounts");
}
