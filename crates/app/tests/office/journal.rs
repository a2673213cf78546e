//! Past calls from a service's own record: one history with what was seen live.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use ringside_api::view::{
    CallbackState, DialState, HistoryFilter, HistoryPage, HistorySource, HistoryWas, JournalView,
};
use ringside_api::{ApiEvent, Request};
use ringside_app::clock::wall_clock;
use ringside_app::desktop::Asked;
use ringside_domain::{AccountId, Direction, Gap, LegKey, Outcome, Party, Phase, PhoneNumber};
use ringside_exchange::{DialBehaviour, Options};
use ringside_store::{HistoryQuery, LegRecord, Store};

use crate::rig::Rig;

const COLOGNE: &str = "+4922166966966";
const OURS: &str = "+493022000031";

/// As the service writes it: the clock on a wall in Berlin.
fn wall(at: Timestamp) -> String {
    let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
    zone.to_datetime(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// Whole seconds, as the service writes them.
fn ago(minutes: i64) -> Timestamp {
    let at = wall_clock() - SignedDuration::from_mins(minutes);
    Timestamp::from_second(at.as_second()).unwrap()
}

fn mobile() -> HistoryFilter {
    HistoryFilter { account: Some("mobile".to_owned()), ..HistoryFilter::default() }
}

/// Missed on `mobile` as somebody saw it live, and not certain.
fn seen(call: &str, remote: Party, started_at: Timestamp) -> LegRecord {
    LegRecord {
        key: LegKey::new("mobile", call, "4031"),
        attempt: 1,
        mine: true,
        direction: Direction::Inbound,
        phase: Phase::Ended,
        remote,
        our_number: Party::Unstated,
        class: None,
        name: "".into(),
        company: "".into(),
        began: started_at,
        started_at,
        answered_at: None,
        ended_at: Some(started_at + SignedDuration::from_secs(20)),
        outcome: Some(Outcome::Missed),
        provisional: true,
    }
}

fn cologne() -> Party {
    Party::Number(PhoneNumber::from_e164(COLOGNE).unwrap())
}

/// Once everything that lies behind was read.
async fn read_through(rig: &mut Rig) -> JournalView {
    let snapshot = rig
        .eventually("the journal was read", |snapshot| {
            let account = snapshot.accounts.iter().find(|account| account.id == "mobile");
            account.and_then(|account| account.journal.as_ref()).is_some_and(|it| it.read_from.is_some() && !it.reading)
        })
        .await;
    snapshot.accounts.into_iter().find_map(|account| account.journal).unwrap()
}

async fn until(rig: &mut Rig, what: &str, so: impl Fn(&HistoryPage) -> bool) -> HistoryPage {
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(15);
    loop {
        let page = rig.history(mobile()).await;
        if so(&page) {
            return page;
        }
        assert!(tokio::time::Instant::now() < deadline, "never so: {what}\n{page:#?}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn seen_live_and_told_again_is_one_row_that_says_what_it_was() {
    let at = ago(10);
    let seed = async |store: &Store| {
        store.write_leg(&seen("live", cologne(), at)).await.unwrap();
    };
    let mut rig = Rig::with_journal(Options::quiet(), |_| {}, seed).await;
    rig.exchange.fonial().add_incoming(&wall(at), COLOGNE, OURS, "TAKEN");
    let page = until(&mut rig, "corrected", |page| page.rows.iter().any(|row| row.was.is_some())).await;
    assert_eq!(page.rows.len(), 1);
    let row = &page.rows[0];
    assert_eq!((row.outcome, row.provisional, row.callback.clone()), (Some(Outcome::Answered), false, None));
    assert_eq!(row.sources, [HistorySource::Live, HistorySource::Journal]);
    let Some(HistoryWas { outcome: Outcome::Missed, by: HistorySource::Live, .. }) = row.was else { panic!("{row:?}") };
}

#[tokio::test]
async fn an_outage_is_filled_where_there_is_a_journal_and_named_where_there_is_none() {
    let (from, until_at) = (ago(60), ago(50));
    let seed = async |store: &Store| {
        for account in ["mobile", "office"] {
            store.write_gap(&Gap { account: AccountId::new(account), from, until: until_at }).await.unwrap();
        }
    };
    let mut rig = Rig::with_journal(Options::quiet(), |_| {}, seed).await;
    rig.exchange.fonial().add_incoming(&wall(ago(55)), COLOGNE, OURS, "TAKEN");
    rig.exchange.fonial().add_incoming(&wall(ago(53)), COLOGNE, OURS, "MISSED");
    rig.exchange.fonial().add_incoming(&wall(ago(20)), COLOGNE, OURS, "TAKEN");
    let filled = |page: &HistoryPage| page.gaps.iter().any(|gap| gap.account == "mobile" && gap.recovered == Some(2));
    let page = until(&mut rig, "filled", filled).await;
    let other = page.gaps.iter().find(|gap| gap.account == "office").unwrap();
    assert_eq!(other.recovered, None);
}

#[tokio::test]
async fn old_rings_go_to_the_history_and_nowhere_else() {
    let mut rig = Rig::with_journal(Options::quiet(), |_| {}, async |_| {}).await;
    let fonial = rig.exchange.fonial();
    fonial.add_incoming(&wall(ago(3)), COLOGNE, OURS, "MISSED");
    fonial.add_incoming(&wall(ago(2)), "anonymous", OURS, "MISSED");
    fonial.add_incoming(&wall(ago(5 * 24 * 60)), COLOGNE, OURS, "MISSED");
    let page = until(&mut rig, "all three", |page| page.rows.len() == 3).await;
    let callbacks: Vec<_> = page.rows.iter().map(|row| row.callback.clone()).collect();
    assert_eq!(callbacks, [None, Some(CallbackState::Open {}), None], "withheld, recent, old");
    assert_eq!(page.rows[0].remote.dial, None);
    assert!(page.rows.iter().all(|row| row.sources == [HistorySource::Journal]));
    assert!(rig.snapshot().await.cards.is_empty());
    let asked = rig.desktop.asked();
    assert!(!asked.iter().any(|asked| matches!(asked, Asked::Notify(_))), "{asked:?}");
}

#[tokio::test]
async fn calls_around_midnight_and_changed_clocks_are_each_there_once() {
    let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
    let now = wall_clock();
    let midnight = ago(24 * 60).to_zoned(zone.clone()).start_of_day().unwrap().timestamp();
    let mut moments = vec![midnight - 5.seconds(), midnight, midnight + 5.seconds()];
    // Those of the last half year; there may be one or none.
    let changes = zone.preceding(now).map(|change| change.timestamp());
    for change in changes.take_while(|at| now.duration_since(*at) < SignedDuration::from_hours(179 * 24)) {
        // Two hours apart, since the hour that comes twice is written twice the same.
        moments.extend([change - 2.hours(), change + 2.hours()]);
    }
    let days = |config: &mut ringside_app::config::Config| config.history.days = 180;
    let mut rig = Rig::with_journal(Options::quiet(), days, async |_| {}).await;
    for at in &moments {
        rig.exchange.fonial().add_incoming(&wall(*at), COLOGNE, OURS, "TAKEN");
    }
    let page = until(&mut rig, "all", |page| page.rows.len() >= moments.len()).await;
    read_through(&mut rig).await;
    let mut expected: Vec<i64> = moments.iter().map(|at| at.as_millisecond()).collect();
    expected.sort_unstable_by(|a, b| b.cmp(a));
    let starts: Vec<i64> = page.rows.iter().map(|row| row.started_at).collect();
    assert_eq!(starts, expected);
}

async fn rows(store: &Store) -> usize {
    let mut csv = Vec::new();
    let query = HistoryQuery { account: Some(AccountId::new("mobile")), ..HistoryQuery::default() };
    usize::try_from(store.export_csv(&query, &mut csv).await.unwrap()).unwrap()
}

#[tokio::test]
async fn a_reading_that_was_cut_off_goes_on_where_it_was() {
    let mut options = Options::quiet();
    options.fonial.past_calls = 6_000;
    let short = |config: &mut ringside_app::config::Config| {
        for account in config.accounts.iter_mut().filter(|account| account.id == "mobile") {
            account.options.insert("window_days".to_owned(), toml::Value::Integer(1));
        }
    };
    let mut rig = Rig::with_journal(options, short, async |_| {}).await;
    rig.eventually("some of it was read", |snapshot| {
        let journal = snapshot.accounts.iter().find_map(|account| account.journal.as_ref());
        journal.is_some_and(|it| it.reading && it.read_from < it.read_until)
    })
    .await;
    let store = rig.stopped().await;
    let begun = store.journal_read(&AccountId::new("mobile")).await.unwrap().unwrap();
    assert!(!begun.whole);
    let some = rows(&store).await;
    store.close().await.unwrap();
    rig.reopen().await;
    let read = read_through(&mut rig).await;
    assert!(read.read_from.unwrap() < begun.covered_from.as_millisecond());
    let store = rig.stopped().await;
    // 90 of 365 days; a call or two at the edge may be within or without.
    let (all, expected) = (rows(&store).await, 6_000 * 90 / 365);
    assert!(some < all && all.abs_diff(expected) < 20, "{some} of {all}");
    let mut seen = std::collections::HashSet::new();
    let page = store.search(&HistoryQuery { limit: 1_000, ..HistoryQuery::default() }).await.unwrap();
    assert!(page.calls.iter().all(|call| seen.insert(call.call.clone())));
}

#[tokio::test]
async fn an_account_that_is_removed_is_read_no_further() {
    let mut options = Options::quiet();
    options.fonial.past_calls = 20_000;
    let mut rig = Rig::with_journal(options, |_| {}, async |_| {}).await;
    rig.eventually("some of it was read", |snapshot| {
        snapshot.accounts.iter().any(|account| account.journal.as_ref().is_some_and(|it| it.reading))
    })
    .await;
    rig.call(Request::RemoveAccount { id: "mobile".to_owned() }).await.unwrap();
    let store = rig.stopped().await;
    assert_eq!(store.journal_read(&AccountId::new("mobile")).await.unwrap(), None);
    assert!(rows(&store).await > 0, "what was read stays");
}

#[tokio::test]
async fn nothing_is_read_where_no_history_is_kept() {
    let mut options = Options::quiet();
    options.fonial.past_calls = 500;
    let rig = Rig::with_journal(options, |config| config.history.days = 0, async |_| {}).await;
    let mut rig = rig;
    rig.eventually("connected", |snapshot| {
        snapshot
            .accounts
            .iter()
            .any(|account| account.id == "mobile" && account.link.phase == ringside_domain::LinkPhase::Online)
    })
    .await;
    let store = rig.stopped().await;
    assert_eq!((rows(&store).await, store.journal_read(&AccountId::new("mobile")).await.unwrap()), (0, None));
}

#[tokio::test]
async fn a_dial_without_a_call_learns_from_the_journal_how_it_came_out() {
    let options = Options { dial: DialBehaviour::at_once(), ..Options::quiet() };
    let mut rig = Rig::with_journal(options, |_| {}, async |_| {}).await;
    rig.eventually("the devices are known", |snapshot| {
        snapshot.lines.iter().any(|line| line.account == "mobile" && line.extension == "4031")
    })
    .await;
    let request = Request::Dial {
        intent: "one".to_owned(),
        text: COLOGNE.to_owned(),
        line: None,
        account: Some("mobile".to_owned()),
        from: Some("4031".to_owned()),
    };
    rig.call(request).await.unwrap();
    let state = |wanted| {
        move |event: &ApiEvent| match event {
            ApiEvent::Dial { dial } if dial.state == wanted => Some(dial.call.clone()),
            _ => None,
        }
    };
    rig.event("taken", state(DialState::HandedOver)).await;
    // They talk for a second: shorter than that is no duration in the record.
    tokio::time::sleep(std::time::Duration::from_millis(1_200)).await;
    for call in rig.exchange.office().calls() {
        call.hang_up();
    }
    let call = rig.event("told", state(DialState::Connected)).await;
    assert!(call.is_some());
}
