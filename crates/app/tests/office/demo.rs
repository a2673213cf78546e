//! Looking around on the demo from within the app leaves nothing of it among the user's own.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use ringside_api::view::{AccountDraft, HistoryFilter, HistoryRow, HistorySource, Snapshot};
use ringside_api::{ApiEvent, Request};
use ringside_domain::LinkPhase;
use ringside_exchange::{Options, RingSpec, Script};

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
async fn the_demo_is_left_at_a_word_and_can_be_entered_again() {
    let mut rig = Rig::bare().await;
    demo_with_a_missed_call(&mut rig).await;
    rig.call(Request::EndDemo {}).await.expect("the demo ends");
    let left = |it: &Snapshot| it.accounts.is_empty() && it.lines.is_empty() && it.open_callbacks == 0;
    let snapshot = rig.eventually("the demo is gone", left).await;
    assert!(snapshot.settings.mine.is_empty());
    assert!(rig.history(HistoryFilter::default()).await.rows.is_empty());
    rig.call(Request::EndDemo {}).await.expect("there is nothing to leave, and nothing wrong with that");
    rig.call(Request::StartDemo {}).await.expect("the demo starts again");
    rig.until_online().await;
}

#[tokio::test]
async fn a_demo_of_five_services_shows_everybody_once_and_a_call_as_one_row() {
    let mut rig = Rig::bare_beside(Options { script: Script::Quiet, ..Options::demo() }).await;
    rig.call(Request::StartDemo {}).await.expect("the demo starts");
    let people = |snapshot: &Snapshot, account: &str| snapshot.lines.iter().filter(|it| it.account == account).count();
    let sizes = |snapshot: &Snapshot| ["office", "haifa", "berlin", "hamburg"].map(|it| people(snapshot, it));
    let snapshot = rig
        .eventually("all five are online and list their people", |snapshot| {
            let online = snapshot.accounts.iter().filter(|it| it.link.phase == LinkPhase::Online);
            online.count() == 5 && sizes(snapshot) == [46, 6, 4, 3] && !snapshot.scenarios.is_empty()
        })
        .await;
    let names: BTreeSet<&str> = snapshot.lines.iter().map(|line| line.name.as_str()).collect();
    assert_eq!(names.len(), 59, "nobody is on the board twice");

    while rig.exchange.voicenter().sockets() == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let call = rig.exchange.ring(RingSpec::to("202").from("972501234567"));
    rig.eventually("it rings in Haifa", |it| it.legs.iter().any(|leg| leg.account == "haifa")).await;
    assert!(call.answer("202") && call.hang_up());
    // Whoever was cut off looks into the record at once.
    rig.exchange.voicenter().drop_sockets();
    let both = [HistorySource::Live, HistorySource::Journal];
    let told = |row: &HistoryRow| row.account == "haifa" && row.sources == both;
    let mut rows = Vec::new();
    for _ in 0..1000 {
        rows = rig.history(HistoryFilter::default()).await.rows;
        let recorded = |row: &HistoryRow| row.account == "hamburg" && row.sources == [HistorySource::Journal];
        if rows.iter().any(told) && rows.iter().any(recorded) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(rows.iter().any(told), "the call log's word; {rows:#?}");
    let live: Vec<_> = rows.iter().filter(|row| row.account != "hamburg").collect();
    assert_eq!(live.len(), 1, "seen live and told by the record: one row; {live:#?}");
}

#[tokio::test]
async fn where_the_whole_app_is_the_demo_no_account_is_kept_that_no_later_start_would_find() {
    let rig = Rig::whole_demo().await;
    rig.call(Request::StartDemo {}).await.expect("the demo starts");
    let refused = rig.call(Request::AddAccount { draft: own_account(&rig) }).await.expect_err("it keeps none");
    assert_eq!(refused.code, "demo_window");
    let imported = rig.call(Request::ImportConfig { text: String::new() }).await.expect_err("nor from a file");
    assert_eq!(imported.code, "demo_window");
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
