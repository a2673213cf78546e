//! Finding calls: as you type, filtered, page by page.
#![expect(clippy::unwrap_used, reason = "a test stops where its helpers cannot go on")]

mod common;

use common::*;
use proptest::prelude::*;
use ringside_domain::{Direction, Label, Outcome, Party, PhoneNumber, Timestamp};
use ringside_store::{CallRecord, HistoryQuery, LegRecord, Store};

async fn office() -> Store {
    let store = memory().await;
    for leg in [
        named(missed("anna", "31", 0), "Anna Müller-Lüdenscheidt", "Käse & Söhne"),
        named(from(missed("azulay", "31", 1), number("+972501234567")), "חיים אזולאי", ""),
        from(missed("bern", "31", 2), number("+41315552211")),
        from(missed("inside", "31", 3), Party::Extension("214".into())),
        from(missed("code", "31", 4), Party::Code("*87".into())),
        from(missed("hidden", "31", 5), Party::Withheld),
    ] {
        store.write_leg(&leg).await.unwrap();
    }
    store
}

#[tokio::test]
async fn words_are_found_from_their_first_letters_in_any_case_and_script() {
    let store = office().await;
    for text in ["a", "ann", "ANNA", "mul", "Müll", "lüd", "kase", "sohne anna", "anna müller-lüd"] {
        assert_eq!(found(&store, text).await, ["anna"], "{text}");
    }
    assert_eq!(found(&store, "אזולאי").await, ["azulay"]);
    assert_eq!(found(&store, "anna bern").await, Vec::<String>::new(), "every word counts");
    assert_eq!(found(&store, "").await.len(), 6);
    assert_eq!(found(&store, "  ").await.len(), 6);
    assert_eq!(found(&store, "!?").await, Vec::<String>::new());
}

#[tokio::test]
async fn digits_are_found_anywhere_in_a_number_in_every_form() {
    let store = office().await;
    for text in ["66966", "+4922166966966", "0049 221 66966966", "0221 669 66-966", "+49 (0)221 / 66", "966966"] {
        assert_eq!(found(&store, text).await, ["anna"], "{text}");
    }
    assert_eq!(found(&store, "555").await, ["bern"]);
    assert_eq!(found(&store, "214").await, ["inside"]);
    assert_eq!(found(&store, "*87").await, ["code"]);
    assert_eq!(found(&store, "99999").await, Vec::<String>::new());
}

#[tokio::test]
async fn the_index_follows_every_change() {
    let store = office().await;
    let id = all(&store).await.iter().find(|call| call.call.as_str() == "bern").unwrap().id;
    store.set_note(id, "Rückruf wegen Angebot 4711").await.unwrap();
    assert_eq!(found(&store, "angebot").await, ["bern"]);
    store.set_note(id, "").await.unwrap();
    assert_eq!(found(&store, "angebot").await, Vec::<String>::new());
    store.write_leg(&named(from(missed("bern", "31", 2), number("+41315552211")), "Urs", "")).await.unwrap();
    assert_eq!(found(&store, "urs 555").await, ["bern"]);
    store.delete_number(&PhoneNumber::from_e164("+41315552211").unwrap()).await.unwrap();
    assert_eq!(found(&store, "urs").await, Vec::<String>::new());
}

#[tokio::test]
async fn filters_narrow_the_list() {
    let store = office().await;
    let talk = ended(answered(mine(outbound(ringing("out", "31", 100))), 110), 120, Outcome::Answered);
    store.write_leg(&talk).await.unwrap();
    let other = LegRecord { key: ringside_domain::LegKey::new("site", "x", "1"), ..ringing("x", "1", 200) };
    store.write_leg(&other).await.unwrap();
    let ask = |query: HistoryQuery| {
        let store = store.clone();
        async move {
            let calls = store.search(&query).await.unwrap().calls;
            calls.iter().map(|call| call.call.to_string()).collect::<Vec<_>>()
        }
    };
    let any = HistoryQuery::default;
    assert_eq!(ask(HistoryQuery { outcomes: vec![Outcome::Answered], ..any() }).await, ["out"]);
    assert_eq!(ask(HistoryQuery { direction: Some(Direction::Outbound), ..any() }).await, ["out"]);
    assert_eq!(ask(HistoryQuery { mine_only: true, ..any() }).await, ["out"]);
    assert_eq!(ask(HistoryQuery { account: Some(account("site")), ..any() }).await, ["x"]);
    // Anna's miss was returned by the call out; codes and hidden numbers cannot be.
    assert_eq!(ask(HistoryQuery { missed_open_only: true, ..any() }).await, ["inside", "bern", "azulay"]);
    let words = HistoryQuery { missed_open_only: true, text: "555".to_owned(), ..any() };
    assert_eq!(ask(words).await, ["bern"]);
    assert_eq!(ask(HistoryQuery { limit: 2, ..any() }).await, ["x", "out"]);
}

#[tokio::test]
async fn a_day_is_what_lies_between_two_midnights_also_when_the_clock_changes() {
    let store = memory().await;
    // Berlin, the night to 29 March 2026: 02:00 to 03:00 does not exist; the day has 23 hours.
    let day = |text: &str| text.parse::<jiff::Zoned>().unwrap().timestamp();
    let (midnight, next) = (day("2026-03-29T00:00[Europe/Berlin]"), day("2026-03-30T00:00[Europe/Berlin]"));
    assert_eq!(next.duration_since(midnight).as_hours(), 23);
    let ms = jiff::SignedDuration::from_millis(1);
    for (call, start) in [("before", midnight - ms), ("first", midnight), ("last", next - ms), ("after", next)] {
        let leg = LegRecord { started_at: start, ended_at: Some(start), ..missed(call, "31", 0) };
        store.write_leg(&leg).await.unwrap();
    }
    let query = HistoryQuery { since: Some(midnight), until: Some(next), ..HistoryQuery::default() };
    let calls = store.search(&query).await.unwrap().calls;
    assert_eq!(calls.iter().map(|call| call.call.as_str()).collect::<Vec<_>>(), ["last", "first"]);
    let finer = jiff::SignedDuration::from_nanos(1);
    let query = HistoryQuery { since: Some(midnight + finer), until: Some(next + finer), ..HistoryQuery::default() };
    let calls = store.search(&query).await.unwrap().calls;
    assert_eq!(calls.iter().map(|call| call.call.as_str()).collect::<Vec<_>>(), ["after", "last"]);
}

#[tokio::test]
async fn the_table_for_a_spreadsheet_starts_no_formula() {
    let store = memory().await;
    let payloads = ["=cmd|' /C calc'!A0", "+1+1", "-2", "@SUM(A1)", " =1", "\u{ff1d}1", "a\"b,c", "plain"];
    for (n, payload) in payloads.iter().enumerate() {
        let leg = named(missed(&format!("{payload}{n}"), "31", n as i64), payload, payload);
        let id = store.write_leg(&leg).await.unwrap().call.id;
        store.set_note(id, payload).await.unwrap();
    }
    let mut out = Vec::new();
    let query = HistoryQuery { limit: 3, ..HistoryQuery::default() };
    assert_eq!(store.export_csv(&query, &mut out).await.unwrap(), payloads.len() as u64);
    let mut rows = csv::Reader::from_reader(out.as_slice());
    let mut seen = 0;
    for row in rows.records() {
        let row = row.unwrap();
        seen += 1;
        let is_number = |cell: &str| cell.strip_prefix('+').is_some_and(|it| it.bytes().all(|b| b.is_ascii_digit()));
        for cell in row.iter().filter(|cell| !is_number(cell)) {
            assert!(!cell.trim_start().starts_with(['=', '+', '-', '@', '\u{ff1d}']), "{cell}");
        }
    }
    assert_eq!(seen, payloads.len());
    let text = String::from_utf8(out).unwrap();
    assert!(text.starts_with("id,account,extension,direction,number,name,company,outcome,started_at,"));
    assert!(text.contains(",+4922166966966,plain,plain,missed,2026-03-02T08:00:07Z,,2026-03-02T08:00:27Z,20,,plain"));
}

/// Few distinct times, so that many calls start in the same millisecond, around a midnight.
fn leg_strategy() -> impl Strategy<Value = LegRecord> {
    let outcomes = prop::sample::select(vec![Outcome::Missed, Outcome::Answered, Outcome::Cancelled]);
    (0..400_u32, 0..6_i64, outcomes, any::<bool>(), any::<bool>()).prop_map(|(call, slot, outcome, out, is_mine)| {
        let start = "2026-10-24T21:59:59.998Z".parse::<Timestamp>().unwrap() + jiff::SignedDuration::from_millis(slot);
        LegRecord {
            direction: if out { Direction::Outbound } else { Direction::Inbound },
            mine: is_mine,
            started_at: start,
            ended_at: Some(start),
            answered_at: (outcome == Outcome::Answered).then_some(start),
            outcome: Some(outcome),
            name: Label::new(if call % 3 == 0 { "Anna" } else { "Ben" }),
            ..missed(&call.to_string(), "31", 0)
        }
    })
}

fn query_strategy() -> impl Strategy<Value = HistoryQuery> {
    let instant =
        |slot: i64| "2026-10-24T21:59:59.998Z".parse::<Timestamp>().unwrap() + jiff::SignedDuration::from_millis(slot);
    (
        prop::option::of(-1..7_i64),
        prop::option::of(-1..7_i64),
        prop::option::of(any::<bool>()),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        1..7_u32,
    )
        .prop_map(move |(since, until, out, mine_only, missed_only, words, limit)| HistoryQuery {
            since: since.map(instant),
            until: until.map(instant),
            direction: out.map(|out| if out { Direction::Outbound } else { Direction::Inbound }),
            mine_only,
            outcomes: if missed_only { vec![Outcome::Missed, Outcome::Cancelled] } else { Vec::new() },
            text: if words { "ann".to_owned() } else { String::new() },
            limit,
            ..HistoryQuery::default()
        })
}

fn wanted(call: &CallRecord, query: &HistoryQuery) -> bool {
    query.since.is_none_or(|since| call.started_at >= since)
        && query.until.is_none_or(|until| call.started_at < until)
        && query.direction.is_none_or(|direction| call.direction == direction)
        && (!query.mine_only || call.mine)
        && (query.outcomes.is_empty() || call.outcome.is_some_and(|outcome| query.outcomes.contains(&outcome)))
        && (query.text.is_empty() || call.name.as_str() == "Anna")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn pages_are_the_list_cut_in_pieces(
        legs in prop::collection::vec(leg_strategy(), 0..60),
        query in query_strategy(),
        late in leg_strategy(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let store = memory().await;
            let mut calls: Vec<CallRecord> = Vec::new();
            for change in store.write_legs(&legs).await.unwrap() {
                calls.push(change.call);
            }
            let mut expected: Vec<_> = calls.iter().filter(|call| wanted(call, &query)).collect();
            expected.sort_by_key(|call| std::cmp::Reverse((call.started_at, call.id)));
            let expected: Vec<_> = expected.iter().map(|call| call.id).collect();

            let mut pages = Vec::new();
            let mut next = query.clone();
            loop {
                let page = store.search(&next).await.unwrap();
                prop_assert!(page.calls.len() <= query.limit as usize);
                pages.extend(page.calls.iter().map(|call| call.id));
                if page.next.is_none() { break }
                prop_assert!(!page.calls.is_empty(), "a page with a next one is not empty");
                next.before = page.next;
                // A call that comes in between shifts nothing: it is newer than all.
                let late = LegRecord { started_at: at(900_000_000), key: ringside_domain::LegKey::new("z", "z", "z"), ..late.clone() };
                store.write_leg(&late).await.unwrap();
            }
            pages.retain(|id| expected.contains(id) || calls.iter().any(|call| call.id == *id));
            prop_assert_eq!(pages, expected);
            Ok(())
        })?;
    }
}
