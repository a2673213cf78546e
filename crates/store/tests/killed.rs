//! Killed at any moment, nothing acknowledged is lost; with its log cut anywhere, the file ends at an earlier write.
//!
//! `RINGSIDE_KILL_ROUNDS=300` for the long run.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where its helpers cannot go on")]

mod common;

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use common::*;
use ringside_domain::{Outcome, Party};
use ringside_store::{HistoryQuery, LegRecord, Store};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use tokio::time::Instant;

const FOLDER: &str = "RINGSIDE_KILL_FOLDER";
const ROUND: &str = "RINGSIDE_KILL_ROUND";

/// The n-th event of a round: each call rings, is answered or not, and ends.
fn event(round: u64, n: u64) -> LegRecord {
    let call = n / 3;
    let remote = number(&format!("+4930{:07}", (round * 7_919 + call * 31) % 10_000_000));
    let ring = named(from(ringing(&format!("{round}-{call}"), "31", call as i64), remote), "Anna Muster", "Muster AG");
    let talk = answered(ring.clone(), call as i64 + 3);
    match n % 3 {
        0 => ring,
        1 => talk,
        _ => ended(talk, call as i64 + 9, Outcome::Answered),
    }
}

/// Not a test of its own: the process that the next test kills. Writes without end and says what is written.
#[tokio::test]
async fn writer() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let round: u64 = std::env::var(ROUND).unwrap().parse().unwrap();
    let opened = open(Path::new(&folder)).await;
    assert_eq!(opened.notice, None);
    let mut out = std::io::stdout().lock();
    for n in 0.. {
        opened.store.write_leg(&event(round, n)).await.unwrap();
        writeln!(out, "written {n}").unwrap();
        out.flush().unwrap();
    }
}

/// Starts the writer, kills it after it acknowledged this many events, and gives how many it did in the end.
fn kill_after(folder: &Path, round: u64, acknowledged: u64) -> u64 {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "writer", "--nocapture"])
        .env(FOLDER, folder)
        .env(ROUND, round.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut last = None;
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        // The last line may be cut by the kill: then it was not said.
        if let Ok(n) =
            line.unwrap_or_default().trim_start_matches("test writer ... ").trim_start_matches("written ").parse()
        {
            last = Some(n);
        }
        if last == Some(acknowledged) {
            // It goes on writing until the signal arrives, and what it says meanwhile counts.
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    last.expect("the writer wrote") + 1
}

async fn raw(dir: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(dir.join("ringside.db")).connect().await.unwrap()
}

/// The file is whole and its index equals its table.
async fn is_whole(dir: &Path) {
    let mut connection = raw(dir).await;
    let said: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut connection).await.unwrap();
    assert_eq!(said, "ok");
    sqlx::query("INSERT INTO calls_fts (calls_fts, rank) VALUES ('integrity-check', 1)")
        .execute(&mut connection)
        .await
        .expect("the search index equals the table");
    connection.close().await.unwrap();
}

#[tokio::test]
async fn killed_at_random_points_while_writing() {
    if std::env::var_os(FOLDER).is_some() {
        return;
    }
    let rounds: u64 = std::env::var("RINGSIDE_KILL_ROUNDS").map_or(40, |rounds| rounds.parse().unwrap());
    let dir = tempfile::tempdir().unwrap();
    let mut expected: HashMap<String, u64> = HashMap::new();
    for round in 0..rounds {
        let acknowledged = 1 + (round * 2_654_435_761) % 97;
        let events = kill_after(dir.path(), round, acknowledged);
        for n in 0..events {
            expected.insert(format!("{round}-{}", n / 3), n % 3);
        }
        let start = Instant::now();
        let opened = open(dir.path()).await;
        assert!(start.elapsed() < Duration::from_secs(2), "round {round}: took {:?}", start.elapsed());
        assert_eq!(opened.notice, None, "round {round}");
        has_all(&opened.store, &expected, round).await;
        opened.store.verify().await.unwrap();
        // Left open in half of the rounds, so that the next writer meets a log.
        if round % 2 == 0 {
            opened.store.close().await.unwrap();
            is_whole(dir.path()).await;
        }
    }
    is_whole(dir.path()).await;
}

/// Each event that was acknowledged is there; the one under way when it was killed may be.
async fn has_all(store: &Store, expected: &HashMap<String, u64>, round: u64) {
    let mut calls = HashMap::new();
    let mut query = HistoryQuery { limit: 1_000, ..HistoryQuery::default() };
    loop {
        let page = store.search(&query).await.unwrap();
        calls.extend(page.calls.into_iter().map(|call| (call.call.to_string(), call)));
        query.before = page.next;
        if page.next.is_none() {
            break;
        }
    }
    for (id, step) in expected {
        let call = calls.get(id).unwrap_or_else(|| panic!("round {round}: call {id} is lost"));
        let reached = u64::from(call.answered_at.is_some()) + u64::from(call.ended_at.is_some());
        assert!(reached >= *step, "round {round}: call {id} lost event {step}");
        assert!(matches!(call.remote, Party::Number(_)));
    }
    // At most one call a round was begun and not acknowledged.
    assert!(calls.len() <= expected.len() + round as usize + 1);
}

#[tokio::test]
async fn a_torn_log_leaves_an_earlier_state_and_never_a_broken_one() {
    let dir = tempfile::tempdir().unwrap();
    let store = open_well(dir.path()).await;
    const EVENTS: u64 = 15;
    for n in 0..EVENTS {
        store.write_leg(&event(0, n)).await.unwrap();
    }
    let copy = tempfile::tempdir().unwrap();
    let (database, log) =
        (fs::read(dir.path().join("ringside.db")).unwrap(), fs::read(dir.path().join("ringside.db-wal")).unwrap());
    drop(store);
    assert!(log.len() > 50_000, "the writes stand in the log: {}", log.len());

    let mut before = 0;
    for cut in (0..log.len()).step_by(512).chain([log.len()]) {
        let folder = copy.path().join(cut.to_string());
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("ringside.db"), &database).unwrap();
        fs::write(folder.join("ringside.db-wal"), &log[..cut]).unwrap();
        let store = open_well(&folder).await;
        let events = prefix(&store).await;
        assert!(events >= before, "cut at {cut}: {events} events after {before}");
        before = events;
        store.close().await.unwrap();
        is_whole(&folder).await;
        fs::remove_dir_all(&folder).unwrap();
    }
    assert_eq!(before, EVENTS);
}

/// How many events there are: each call but the last is whole, as if writing had stopped after the last event.
async fn prefix(store: &Store) -> u64 {
    let mut calls = all(store).await;
    calls.sort_by_key(|call| call.id);
    let mut events = 0;
    for (place, call) in calls.iter().enumerate() {
        assert_eq!(call.call.as_str(), format!("0-{place}"));
        assert_eq!(events % 3, 0, "an earlier call is not whole");
        events += 1 + u64::from(call.answered_at.is_some()) + u64::from(call.ended_at.is_some());
        assert_eq!(store.legs_of(call.id).await.unwrap().len(), 1);
    }
    events
}
