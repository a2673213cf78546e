//! What needs a hand on the connections: backups, and a file that may not grow.

use ringside_domain::{AccountId, Direction, LegKey, Outcome, Party, Phase, Timestamp};

use super::*;
use crate::{Backlog, Begun, HistoryQuery, JobKind, LegRecord, NewJob};

fn missed(call: &str) -> LegRecord {
    LegRecord {
        key: LegKey::new("office", call, "31"),
        attempt: 1,
        mine: false,
        direction: Direction::Inbound,
        phase: Phase::Ended,
        remote: Party::Unstated,
        our_number: Party::Unstated,
        class: None,
        name: "Anna Muster".into(),
        company: "Muster AG".into(),
        began: Timestamp::UNIX_EPOCH,
        started_at: Timestamp::UNIX_EPOCH,
        answered_at: None,
        ended_at: None,
        outcome: Some(Outcome::Missed),
        provisional: false,
    }
}

async fn calls(store: &Store) -> usize {
    store.search(&HistoryQuery { limit: 1_000, ..HistoryQuery::default() }).await.unwrap().calls.len()
}

#[tokio::test]
async fn backups_are_whole_private_and_the_last_two() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), Timestamp::UNIX_EPOCH).await.unwrap().store;
    store.write_leg(&missed("a")).await.unwrap();
    for version in [1, 2, 9, 10] {
        let mut writer = store.write().await.unwrap();
        back_up(writer.connection().unwrap(), dir.path(), version).await.unwrap();
    }
    let mut kept: Vec<String> = kept::kept(dir.path())
        .unwrap()
        .iter()
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    kept.sort();
    assert_eq!(kept, ["ringside.db.bak-10", "ringside.db.bak-9"]);

    let backup = kept::backup(dir.path(), 10);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&backup).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let other = tempfile::tempdir().unwrap();
    fs::copy(backup, kept::database(other.path())).unwrap();
    let opened = Store::open(other.path(), Timestamp::UNIX_EPOCH).await.unwrap();
    assert_eq!((opened.notice, calls(&opened.store).await), (None, 1));
}

#[tokio::test]
async fn a_full_disk_refuses_and_recording_resumes_when_there_is_room() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), Timestamp::UNIX_EPOCH).await.unwrap().store;
    let limit = async |pages: u32| {
        let mut writer = store.write().await.unwrap();
        let pragma = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {pages}"));
        sqlx::raw_sql(pragma).execute(writer.connection().unwrap()).await.unwrap();
    };
    limit(1).await;
    let mut backlog = Backlog::default();
    let mut written = 0;
    for n in 0..400 {
        let leg = missed(&n.to_string());
        match store.write_leg(&leg).await {
            Ok(_) => written += 1,
            Err(error) => {
                assert!(error.is_full(), "{error:?}");
                assert_eq!(error.code(), "store_full");
                backlog.keep(leg);
            }
        }
    }
    assert!(!backlog.is_empty());
    assert_eq!(calls(&store).await, written, "reading goes on, nothing is half there");
    limit(1_000_000).await;
    store.write_legs(backlog.legs()).await.unwrap();
    assert_eq!(calls(&store).await, 400);
    store.verify().await.unwrap();
}

#[tokio::test]
async fn on_a_full_disk_no_job_about_numbers_is_begun() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), Timestamp::UNIX_EPOCH).await.unwrap().store;
    sqlx::raw_sql("PRAGMA max_page_count = 1")
        .execute(store.write().await.unwrap().connection().unwrap())
        .await
        .unwrap();
    let mut begun = 0;
    let refused = loop {
        let job = NewJob { intent: begun.to_string(), ..number_job() };
        match store.begin_job(&job, Timestamp::UNIX_EPOCH).await {
            Ok(Begun::New(_)) => begun += 1,
            Ok(Begun::Already(job)) => panic!("not new: {job:?}"),
            Err(error) => break error,
        }
        assert!(begun < 1_000, "the disk is never full");
    };
    assert!(refused.is_full(), "{refused:?}");
    assert_eq!(store.number_jobs().await.unwrap().len(), begun);
}

#[tokio::test]
async fn commits_about_numbers_wait_for_the_disk_and_others_do_not() {
    async fn waits(store: &Store) -> i64 {
        let mut writer = store.write().await.unwrap();
        sqlx::query_scalar("PRAGMA synchronous").fetch_one(writer.connection().unwrap()).await.unwrap()
    }
    const NORMAL: i64 = 1;
    const FULL: i64 = 2;
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), Timestamp::UNIX_EPOCH).await.unwrap().store;
    assert_eq!(waits(&store).await, NORMAL);
    {
        let mut writer = store.write().await.unwrap();
        let mut changes = writer.begin_synced().await.unwrap();
        let within: i64 = sqlx::query_scalar("PRAGMA synchronous").fetch_one(&mut *changes).await.unwrap();
        assert_eq!(within, FULL);
    }
    assert_eq!(waits(&store).await, NORMAL, "also after one that was dropped");
    store.begin_job(&number_job(), Timestamp::UNIX_EPOCH).await.unwrap();
    assert_eq!(waits(&store).await, NORMAL);
}

fn number_job() -> NewJob {
    NewJob {
        intent: "one".to_owned(),
        account: AccountId::new("voice"),
        kind: JobKind::Order,
        subject: "221, 50667 Köln".into(),
        document_name: "licence.pdf".into(),
        by: "anna".into(),
    }
}

#[tokio::test]
async fn a_transaction_that_is_dropped_or_ended_by_sqlite_is_over() {
    for by_sqlite in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), Timestamp::UNIX_EPOCH).await.unwrap().store;
        {
            let mut writer = store.write().await.unwrap();
            let mut changes = writer.begin().await.unwrap();
            sqlx::query("INSERT INTO facts (name, value) VALUES ('a', 'b')").execute(&mut *changes).await.unwrap();
            if by_sqlite {
                // What a full disk does.
                sqlx::query("ROLLBACK").execute(&mut *changes).await.unwrap();
            }
        }
        assert_eq!(store.fact("a").await.unwrap(), None);
        for call in ["a", "b"] {
            store.write_leg(&missed(call)).await.unwrap();
        }
        assert_eq!((calls(&store).await, store.fact("a").await.unwrap()), (2, None));
    }
}
