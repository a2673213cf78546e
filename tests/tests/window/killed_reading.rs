//! Killed in the middle of the first reading of past calls, again and again: what was read stays and is not asked for
//! again, and in the end every call is there once.

use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use ringside_api::{Reply, Request};
use ringside_domain::{AccountId, Party};
use ringside_exchange::{Fault, FaultKind, Recorded, ServiceName};
use ringside_store::{HistoryQuery, JournalRead, Store};
use ringside_tests::desktop::Parts;
use ringside_tests::running::Running;
use ringside_tests::socket::Socket;
use ringside_tests::wait::{PATIENCE, until};

use crate::scene::{self, Alone};

const JOURNAL: &str = "/api/2.0/journal/get";
const ACCOUNT: &str = "mobile";
/// One an hour, less far back than calls are kept.
const CALLS: i64 = 85 * 24;
/// What the adapter puts on both sides of a window.
const MARGIN: SignedDuration = SignedDuration::from_hours(1);

/// One window of the journal, as the service was asked for it.
#[derive(Debug)]
struct Window {
    from: Timestamp,
    until: Timestamp,
}

fn is_reading(it: &Recorded) -> bool {
    it.is("POST", JOURNAL)
}

/// As the service writes it. Its clock is set to UTC, so that every time says which it is.
fn written(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn number(n: i64) -> String {
    format!("+49221669{n:05}")
}

/// Puts the calls into the service's journal, oldest last.
fn fill(scene: &Alone) -> Vec<(Timestamp, String)> {
    let now = Timestamp::from_second(ringside_app::clock::wall_clock().as_second()).unwrap();
    let calls: Vec<_> =
        (0..CALLS).map(|n| (now - SignedDuration::from_hours(n) - SignedDuration::from_mins(30), number(n))).collect();
    for (at, number) in &calls {
        scene.exchange.fonial().add_incoming(&written(*at), number, "+4922111223344", "TAKEN");
    }
    calls
}

fn configure(scene: &Alone) {
    let fonial = scene.exchange.fonial();
    let secret = scene.desktop.home().join("secret");
    std::fs::write(&secret, fonial.password()).unwrap();
    let account = format!(
        "[[accounts]]\nid = \"{ACCOUNT}\"\nprovider = \"fonial\"\nbase_url = \"{}\"\nusername = \"{}\"\n\
         secret = {{ file = \"{}\" }}\n\
         [accounts.options]\nwindow_days = 1\njournal_seconds = 3600\ntime_zone = \"UTC\"\n",
        scene.exchange.fonial_url(),
        fonial.username(),
        secret.display(),
    );
    scene.desktop.configure(&account).unwrap();
}

/// The windows that were asked for since the tape was last cleared.
fn windows(scene: &Alone) -> Vec<Window> {
    let at = |body: &serde_json::Value, name: &str| {
        let wall: jiff::civil::DateTime = body[name].as_str().unwrap().parse().unwrap();
        wall.to_zoned(TimeZone::UTC).unwrap().timestamp()
    };
    let requests = scene.exchange.tape().requests();
    let bodies = requests.iter().filter(|it| is_reading(it)).map(|it| serde_json::from_str(&it.body).unwrap());
    bodies.map(|body| Window { from: at(&body, "start") + MARGIN, until: at(&body, "end") - MARGIN }).collect()
}

/// What the app had written down when it was killed.
async fn left_behind(scene: &Alone) -> (JournalRead, Vec<(Timestamp, String)>) {
    let store = Store::open(&scene.desktop.data(), ringside_app::clock::wall_clock()).await.unwrap().store;
    let read = store.journal_read(&AccountId::new(ACCOUNT)).await.unwrap().unwrap();
    let mut query = HistoryQuery { limit: HistoryQuery::MAX_ROWS, ..HistoryQuery::default() };
    let mut calls = Vec::new();
    loop {
        let page = store.search(&query).await.unwrap();
        calls.extend(page.calls.into_iter().map(|call| {
            let Party::Number(number) = call.remote else { panic!("{call:?}") };
            (call.started_at, number.e164().to_owned())
        }));
        query.before = page.next;
        if query.before.is_none() {
            break;
        }
    }
    store.close().await.unwrap();
    (read, calls)
}

/// Nothing is asked for that an earlier run had read through, but what may still change.
fn is_new(window: &Window, before: &JournalRead) -> bool {
    // The service is asked in whole seconds.
    let second = SignedDuration::from_secs(1);
    window.from >= before.settled_until - second || window.until <= before.covered_from + second
}

async fn read_through(scene: &Alone) {
    let mut socket = Socket::open(&scene.desktop, PATIENCE).await.unwrap();
    until("the journal is read", PATIENCE, async || {
        let Ok(Reply::Snapshot { snapshot }) = socket.call(Request::Snapshot {}).await else { return None };
        let journal = snapshot.accounts.into_iter().find_map(|account| account.journal)?;
        (journal.read_from.is_some() && !journal.reading).then_some(())
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_in_its_first_reading_it_goes_on_where_it_was() {
    let scene = scene::alone(Parts::default()).await;
    let mut expected = fill(&scene);
    configure(&scene);
    // Slow enough that no kill comes too late.
    let slow = Fault::new(FaultKind::Delay { ms: 25 }).on(ServiceName::Fonial).path(JOURNAL);
    scene.exchange.faults().set(slow);
    let mut before: Option<JournalRead> = None;
    for (count, pause) in [(1, 0), (4, 26), (9, 31), (14, 38), (20, 44)] {
        scene.exchange.tape().clear();
        let mut app = Running::start(&scene.desktop, None, &["--in-tray"]).unwrap();
        assert!(scene.exchange.tape().wait_for(count, PATIENCE, is_reading).await, "no {count} windows were asked for");
        // While the answer is on its way, while it is read, while it is written.
        tokio::time::sleep(Duration::from_millis(pause)).await;
        app.kill();
        let asked = windows(&scene);
        let (read, calls) = left_behind(&scene).await;
        assert!(!read.whole, "killed too late: {read:?}");
        if let Some(before) = &before {
            let again: Vec<_> = asked.iter().filter(|window| !is_new(window, before)).collect();
            assert!(again.is_empty(), "read through already, and asked for again: {again:#?}\n{before:?}");
            assert!(read.covered_from < before.covered_from, "no step on: {before:?} {read:?}");
        }
        let there = expected.iter().filter(|(at, _)| *at >= read.covered_from && *at < read.read_until);
        let lost: Vec<_> = there.filter(|call| !calls.contains(call)).collect();
        assert!(lost.is_empty(), "said to be read, and not there: {lost:?}");
        before = Some(read);
    }

    scene.exchange.faults().clear();
    scene.exchange.tape().clear();
    let mut app = Running::start(&scene.desktop, None, &["--in-tray"]).unwrap();
    read_through(&scene).await;
    app.kill();
    let asked = windows(&scene);
    let before = before.unwrap();
    assert!(asked.iter().all(|window| is_new(window, &before)), "{asked:#?}\n{before:?}");
    let (_, mut calls) = left_behind(&scene).await;
    calls.sort();
    expected.sort();
    assert_eq!(calls.len(), expected.len());
    assert_eq!(calls, expected, "every call once");
}
