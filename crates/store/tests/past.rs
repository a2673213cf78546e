//! Calls that a service's own record brings: joined with what was seen, corrected, erased, and read again.
#![expect(clippy::unwrap_used, reason = "a test stops where its helpers cannot go on")]

mod common;

use common::*;
use proptest::prelude::*;
use ringside_domain::{CallId, Direction, ExtensionId, Gap, Label, Outcome, Party, PastCall, PhoneNumber};
use ringside_store::{
    CallRecord, Callback, DialState, LegRecord, PastRecord, PastWritten, Source, Sources, Store, Was,
};
use ringside_testkit::holds;

const COLOGNE: &str = "+4922166966966";

/// An incoming call from Cologne, as the journal has it.
fn told(id: &str, start: i64, outcome: Outcome) -> PastRecord {
    let call = PastCall {
        id: CallId::new(id),
        extension: None,
        direction: Direction::Inbound,
        remote: number(COLOGNE),
        our_number: Party::Unstated,
        started_at: at(start),
        answered_at: None,
        ended_at: None,
        outcome,
        word: Label::default(),
    };
    PastRecord { call, mine: false, class: None, name: "Anna".into(), company: Label::default() }
}

fn with(record: PastRecord, change: impl FnOnce(&mut PastCall)) -> PastRecord {
    let mut record = record;
    change(&mut record.call);
    record
}

async fn write(store: &Store, records: &[PastRecord]) -> PastWritten {
    store.write_past(&account("office"), records, at(9_000), at(-86_400)).await.unwrap()
}

const LIVE: Sources = Sources { live: true, journal: false };
const BOTH: Sources = Sources { live: true, journal: true };
const JOURNAL: Sources = Sources { live: false, journal: true };

#[tokio::test]
async fn a_call_seen_live_and_told_again_is_one_row() {
    let store = memory().await;
    store.write_leg(&ended(answered(ringing("live", "31", 0), 5), 60, Outcome::Answered)).await.unwrap();
    let written = write(&store, &[told("r1", 2, Outcome::Answered)]).await;
    assert_eq!(written.new, 1);
    let rows = all(&store).await;
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].call.as_str(), rows[0].sources, rows[0].was), ("live", BOTH, None));
    assert_eq!(rows[0].talked_for().unwrap().as_secs(), 55, "what was seen more closely stays");
    assert_eq!(write(&store, &[told("r1", 2, Outcome::Answered)]).await, PastWritten::default());
}

#[tokio::test]
async fn a_guess_is_corrected_and_says_what_it_was() {
    let store = memory().await;
    let guess = LegRecord { provisional: true, ..missed("live", "31", 0) };
    assert_eq!(store.write_leg(&guess).await.unwrap().call.callback, Some(Callback::Open));
    let written = write(&store, &[with(told("r1", 0, Outcome::Answered), |call| call.ended_at = Some(at(90)))]).await;
    let row = &written.changed[0];
    assert_eq!((row.outcome, row.provisional, row.callback.clone()), (Some(Outcome::Answered), false, None));
    assert_eq!(row.was, Some(Was { outcome: Outcome::Missed, by: Source::Live, at: at(9_000) }));
    assert_eq!((row.ended_at, row.rang_for()), (Some(at(90)), None), "when the ringing stopped says nothing now");
    let again = store.write_leg(&guess).await.unwrap();
    assert!(!again.changed, "a repeated report does not take it back");
    assert_eq!(&again.call, row);
}

#[tokio::test]
async fn a_guess_that_is_confirmed_is_no_guess_any_more() {
    let store = memory().await;
    store.write_leg(&LegRecord { provisional: true, ..missed("live", "31", 0) }).await.unwrap();
    write(&store, &[told("r1", 0, Outcome::Missed)]).await;
    let row = &all(&store).await[0];
    assert_eq!((row.outcome, row.provisional, row.was), (Some(Outcome::Missed), false, None));
    assert_eq!(row.callback, Some(Callback::Open));
}

#[tokio::test]
async fn what_the_record_does_not_know_changes_nothing() {
    let store = memory().await;
    store.write_leg(&LegRecord { provisional: true, ..missed("live", "31", 0) }).await.unwrap();
    write(&store, &[told("r1", 0, Outcome::Unknown)]).await;
    let row = &all(&store).await[0];
    assert_eq!((row.outcome, row.provisional, row.sources), (Some(Outcome::Missed), true, BOTH));
}

#[tokio::test]
async fn a_record_that_changes_says_what_it_said() {
    let store = memory().await;
    write(&store, &[told("r1", 0, Outcome::Missed)]).await;
    assert_eq!(store.callbacks_open().await.unwrap(), 1);
    let written = write(&store, &[told("r1", 0, Outcome::Answered)]).await;
    assert_eq!(written.new, 0);
    let row = &all(&store).await[0];
    assert_eq!(row.was, Some(Was { outcome: Outcome::Missed, by: Source::Journal, at: at(9_000) }));
    assert_eq!((row.outcome, row.callback.clone()), (Some(Outcome::Answered), None));
    assert_eq!(store.callbacks_open().await.unwrap(), 0);
}

#[tokio::test]
async fn what_only_the_record_has_is_a_whole_row() {
    let store = memory().await;
    let mut many: Vec<_> = (0..30).map(|n| told(&format!("r{n}"), n * 600, Outcome::Answered)).collect();
    let written = write(&store, &many).await;
    assert_eq!((written.new, written.many), (30, true));
    let rows = all(&store).await;
    assert!(rows.iter().all(|row| row.sources == JOURNAL && row.name.as_str() == "Anna"));
    assert_eq!(found(&store, "anna").await.len(), 30);
    assert_eq!(found(&store, "66966").await.len(), 30);
    let mut csv = Vec::new();
    assert_eq!(store.export_csv(&Default::default(), &mut csv).await.unwrap(), 30);
    many.reverse();
    assert_eq!(write(&store, &many).await, PastWritten::default());
}

#[tokio::test]
async fn a_missed_call_is_to_be_returned_if_it_is_recent_and_came_in() {
    let store = memory().await;
    let old = told("old", -90_000, Outcome::Missed);
    let out = with(told("out", 100, Outcome::Missed), |call| call.direction = Direction::Outbound);
    let hidden = with(told("hidden", 200, Outcome::Missed), |call| call.remote = Party::Withheld);
    write(&store, &[old, out, hidden, told("recent", 300, Outcome::Missed)]).await;
    let open: Vec<_> = all(&store).await.into_iter().filter(|row| row.callback.is_some()).collect();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].call.as_str(), "recent");
    let spoke = with(told("spoke", 900, Outcome::Answered), |call| call.direction = Direction::Outbound);
    write(&store, &[spoke]).await;
    let row = store.call_named(&account("office"), &CallId::new("recent")).await.unwrap().unwrap();
    assert_eq!(row.callback, Some(Callback::Done { by: None, at: at(900) }));
    write(&store, &[told("earlier", 600, Outcome::Missed)]).await;
    assert_eq!(store.callbacks_open().await.unwrap(), 0, "somebody has spoken with them since");
}

#[tokio::test]
async fn who_was_called_back_within_one_batch_is_not_to_be_called_back() {
    let store = memory().await;
    let spoke = with(told("spoke", 900, Outcome::Answered), |call| call.direction = Direction::Outbound);
    let (missed, again) = (told("missed", 300, Outcome::Missed), told("again", 1_200, Outcome::Missed));
    write(&store, &[again, spoke, missed]).await;
    let office = account("office");
    let row = async |name| store.call_named(&office, &CallId::new(name)).await.unwrap().unwrap();
    assert_eq!(row("missed").await.callback, Some(Callback::Done { by: None, at: at(900) }));
    assert_eq!(row("again").await.callback, Some(Callback::Open));
}

#[tokio::test]
async fn who_hides_the_number_stays_hidden() {
    let store = memory().await;
    store.write_leg(&from(missed("live", "31", 0), Party::Withheld)).await.unwrap();
    write(&store, &[with(told("r1", 1, Outcome::Missed), |call| call.remote = Party::Withheld)]).await;
    write(&store, &[told("r2", 2, Outcome::Missed)]).await;
    let rows = all(&store).await;
    assert_eq!(rows.len(), 2);
    let live = rows.iter().find(|row| row.call.as_str() == "live").unwrap();
    assert_eq!((&live.remote, live.sources), (&Party::Withheld, BOTH));
}

#[tokio::test]
async fn a_record_that_came_first_joins_the_call_and_brings_what_was_noted() {
    let store = memory().await;
    write(&store, &[told("r1", 3, Outcome::Missed)]).await;
    let id = all(&store).await[0].id;
    store.set_note(id, "call before noon").await.unwrap();
    store.claim(id, &"Ben".into(), at(50)).await.unwrap();
    let change = store.write_leg(&missed("live", "31", 0)).await.unwrap();
    assert!(change.joined);
    let rows = all(&store).await;
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].call.as_str(), rows[0].sources, rows[0].note.as_str()), ("live", BOTH, "call before noon"));
    assert_eq!(rows[0].callback, Some(Callback::Claimed { by: "Ben".into(), at: at(50) }));
    assert_eq!(change.call.sources, BOTH);
}

#[tokio::test]
async fn one_name_for_both_is_one_call() {
    let store = memory().await;
    store.write_leg(&missed("same", "31", 0)).await.unwrap();
    write(&store, &[with(told("same", 3_000, Outcome::Answered), |call| call.remote = Party::Unstated)]).await;
    write(&store, &[told("other", 7_000, Outcome::Answered)]).await;
    store.write_leg(&missed("other", "31", 7_900)).await.unwrap();
    let rows = all(&store).await;
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| row.sources == BOTH && row.outcome == Some(Outcome::Answered)));
}

#[tokio::test]
async fn another_line_direction_account_or_hour_is_another_call() {
    let store = memory().await;
    store.write_leg(&missed("live", "31", 0)).await.unwrap();
    let line = with(told("line", 0, Outcome::Missed), |call| call.extension = Some(ExtensionId::new("32")));
    let way = with(told("way", 0, Outcome::Missed), |call| call.direction = Direction::Outbound);
    write(&store, &[line, way, told("hour", 3_600, Outcome::Missed)]).await;
    store.write_past(&account("other"), &[told("account", 0, Outcome::Missed)], at(0), at(0)).await.unwrap();
    let rows = all(&store).await;
    assert_eq!(rows.len(), 5);
    assert_eq!(rows.iter().filter(|row| row.sources == LIVE).count(), 1);
    let line = with(told("r", 0, Outcome::Missed), |call| call.extension = Some(ExtensionId::new("31")));
    write(&store, &[line]).await;
    assert_eq!(all(&store).await.len(), 5);
}

#[tokio::test]
async fn what_is_erased_stays_erased_when_it_is_read_again() {
    let dir = tempfile::tempdir().unwrap();
    let store = open_well(dir.path()).await;
    let records = [
        told("r1", 0, Outcome::Missed),
        with(told("r2", 100, Outcome::Answered), |call| call.remote = number("+41441234567")),
    ];
    write(&store, &records).await;
    store.begin_journal(&account("office"), at(9_000), at(8_000)).await.unwrap();
    store.delete_number(&PhoneNumber::from_e164(COLOGNE).unwrap()).await.unwrap();
    assert_eq!(write(&store, &records).await.new, 0);
    assert_eq!(all(&store).await.len(), 1);
    assert!(store.journal_read(&account("office")).await.unwrap().unwrap().whole, "older windows would bring it back");
    store.close().await.unwrap();
    for file in std::fs::read_dir(dir.path()).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            assert!(!holds(&bytes, &COLOGNE[1..]), "{}", path.display());
        }
    }
}

#[tokio::test]
async fn deleting_all_and_the_end_of_the_retention_take_records_along() {
    let store = memory().await;
    write(&store, &[told("r1", 0, Outcome::Missed), told("r2", 5_000, Outcome::Missed)]).await;
    assert_eq!(store.purge_before(at(1_000)).await.unwrap().calls, 1);
    assert_eq!(all(&store).await.len(), 1);
    store.begin_journal(&account("office"), at(9_000), at(8_000)).await.unwrap();
    store.delete_all().await.unwrap();
    let read = store.journal_read(&account("office")).await.unwrap().unwrap();
    assert_eq!((read.settled_until, read.whole), (at(9_000), true), "nothing that lies behind is asked for again");
    assert!(all(&store).await.is_empty());
}

#[tokio::test]
async fn a_gap_says_what_the_journal_brought_back() {
    let store = memory().await;
    let office = account("office");
    store.write_gap(&Gap { account: office.clone(), from: at(100), until: at(200) }).await.unwrap();
    store.write_gap(&Gap { account: account("other"), from: at(100), until: at(200) }).await.unwrap();
    store.write_leg(&missed("live", "31", 150)).await.unwrap();
    write(&store, &[told("seen", 150, Outcome::Missed), told("lost", 180, Outcome::Answered)]).await;
    store.begin_journal(&office, at(1_000), at(0)).await.unwrap();
    let recovered = async || -> Vec<Option<u32>> {
        store.gaps(at(0), at(1_000)).await.unwrap().iter().map(|gap| gap.recovered).collect()
    };
    assert_eq!(recovered().await, [None, None], "not read over yet");
    assert_eq!(store.journal_read_back(&office, at(0), true).await.unwrap(), 1);
    let mut both = recovered().await;
    both.sort_unstable();
    assert_eq!(both, [None, Some(1)]);
    assert_eq!(store.journal_read_on(&office, at(2_000), at(1_500)).await.unwrap(), 0);
    store.forget_account(&office).await.unwrap();
    assert_eq!(store.journal_read(&office).await.unwrap(), None);
}

#[tokio::test]
async fn a_dial_without_a_call_learns_how_it_came_out() {
    let store = memory().await;
    let line = ringside_domain::LineId::new("office", "31");
    store.intend_dial("one", &line, &number(COLOGNE), at(0)).await.unwrap();
    let taken = DialState::Ended { call: None, outcome: Outcome::Unknown };
    store.settle_dial("one", &taken, at(1)).await.unwrap();
    let outbound =
        |id: &str, start| with(told(id, start, Outcome::Answered), |call| call.direction = Direction::Outbound);
    let elsewhere = with(outbound("r1", 10), |call| call.extension = Some(ExtensionId::new("32")));
    assert_eq!(write(&store, &[elsewhere, told("r2", 10, Outcome::Answered), outbound("r3", 600)]).await.dials, []);
    let dials = write(&store, &[outbound("r4", 20)]).await.dials;
    assert_eq!(dials.len(), 1);
    assert_eq!(dials[0].state, DialState::Ended { call: Some(CallId::new("r4")), outcome: Outcome::Answered });
}

/// Calls of two callers close to each other: what was seen live of them, and what the journal has.
#[derive(Clone, Debug)]
enum Piece {
    Leg(LegRecord),
    Record(PastRecord),
}

fn pieces() -> impl Strategy<Value = Vec<Piece>> {
    let call = (0..2_usize, 0..12_i64, any::<bool>(), any::<bool>(), any::<bool>(), 0..20_i64);
    proptest::collection::vec(call, 1..9).prop_map(|calls| {
        let mut pieces = Vec::new();
        for (n, (caller, slot, seen, listed, taken, late)) in calls.into_iter().enumerate() {
            let party = [number(COLOGNE), Party::Withheld][caller].clone();
            // No two begin at the same moment: which is which would be anybody's guess.
            let start = slot * 25 + n as i64 * 37;
            if seen {
                let ring =
                    LegRecord { provisional: true, ..from(ringing(&format!("live{n}"), "31", start), party.clone()) };
                pieces.push(Piece::Leg(ring.clone()));
                pieces.push(Piece::Leg(ended(ring, start + 15, Outcome::Missed)));
            }
            if listed {
                let outcome = if taken { Outcome::Answered } else { Outcome::Missed };
                let record = with(told(&format!("r{n}"), start + late, outcome), |call| call.remote = party);
                // A name belongs to its number: what was seen live and what the journal has get the same one.
                pieces.push(Piece::Record(PastRecord { name: Label::default(), ..record }));
            }
        }
        pieces
    })
}

async fn history(pieces: &[Piece], cut: usize) -> Vec<CallRecord> {
    let store = memory().await;
    let mut window = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Leg(leg) => drop(store.write_leg(leg).await.unwrap()),
            Piece::Record(record) => window.push(record.clone()),
        }
        if window.len() >= cut {
            write(&store, &window).await;
            window.clear();
        }
    }
    write(&store, &window).await;
    let mut rows = all(&store).await;
    for row in &mut rows {
        row.id = ringside_store::CallRowId(0);
        // Whichever answered call was written first took it off the list, and says when.
        if let Some(Callback::Done { at: done, .. }) = &mut row.callback {
            *done = at(0);
        }
    }
    rows.sort_by(|a, b| a.call.cmp(&b.call));
    rows
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_order_the_windows_and_repetitions_do_not_matter(
        (in_order, mut shuffled) in pieces().prop_flat_map(|it| (Just(it.clone()), Just(it).prop_shuffle())),
        repeat in 0..100_usize,
        cut in 1..5_usize,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let expected = history(&in_order, usize::MAX).await;
            if let Some(again) = shuffled.get(repeat % shuffled.len().max(1)).cloned() {
                shuffled.push(again);
            }
            prop_assert_eq!(history(&shuffled, cut).await, expected.clone());
            let calls: std::collections::BTreeSet<_> = expected.iter().map(|row| row.call.clone()).collect();
            prop_assert_eq!(calls.len(), expected.len());
            Ok(())
        })?;
    }
}
