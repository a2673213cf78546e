//! What a service's real time can do to its events on the way, in the whole app: the board and the live calls end in
//! what is the case, and the history has one row a call.

use std::collections::{BTreeMap, BTreeSet};

use ringside_domain::Phase;
use ringside_exchange::{CallHandle, Exchange, Fault, FaultKind, Line, RingSpec, ServiceName};
use ringside_tests::rig::{Rig, word};
use ringside_tests::services::{self, VOICENTER};
use tokio::task::JoinSet;

const SOCKET: &str = "/socket.io/";
const PEOPLE: [&str; 6] = ["201", "202", "203", "204", "205", "206"];

/// Faults that strike together, and whether every call is told of at least once in spite of them.
struct Row(Vec<FaultKind>, bool);

fn table() -> Vec<Row> {
    vec![
        Row(vec![FaultKind::Duplicate], true),
        Row(vec![FaultKind::Reorder], true),
        Row(vec![FaultKind::Duplicate, FaultKind::Reorder], true),
        Row(vec![FaultKind::DelayEvents { ms: 40 }, FaultKind::Reorder], true),
        Row(vec![FaultKind::Lose], false),
    ]
}

fn caller(n: usize) -> String {
    format!("97250123450{n}")
}

/// Calls in every state: missed, over, talking, taken by another, ringing. Each has a caller of its own.
fn traffic(exchange: &Exchange) -> Vec<CallHandle> {
    let ring = |to: &[&str], n| exchange.ring(RingSpec::to_group(to.to_vec()).from(caller(n)));
    let missed = ring(&["201"], 0);
    let over = ring(&["202"], 1);
    let talking = ring(&["203"], 2);
    let taken = ring(&["204", "205"], 3);
    missed.hang_up();
    over.answer("202");
    talking.answer("203");
    taken.answer("205");
    over.hang_up();
    let ringing = ring(&["206"], 4);
    vec![missed, over, talking, taken, ringing]
}

/// What the office's lines do, and who is on which call.
type Truth = (BTreeMap<String, String>, BTreeSet<(String, String, bool)>);

fn truth(exchange: &Exchange) -> Truth {
    let there = exchange.office().snapshot();
    let shown = |line| match line {
        Line::Unknown => "unknown",
        Line::Offline => "offline",
        Line::Idle => "idle",
        Line::Ringing => "ringing",
        Line::InUse => "busy",
    };
    let sip = |extension: &str| exchange.voicenter().sip(extension);
    let lines = PEOPLE.iter().map(|it| (sip(it), shown(there.lines[*it].line).to_owned())).collect();
    let ours = there.legs.iter().filter(|leg| PEOPLE.contains(&leg.extension.as_str()));
    let talks = |extension: &String| there.lines[extension].line == Line::InUse;
    let legs = ours.map(|leg| (leg.call.to_string(), sip(&leg.extension), talks(&leg.extension))).collect();
    (lines, legs)
}

async fn shows_the_truth(exchange: &Exchange, rig: &Rig, what: &str) {
    rig.until(&format!("the truth after {what}"), |it| {
        let lines = it.lines.iter().filter(|line| line.account == VOICENTER.account && line.stale_since.is_none());
        let lines = lines.map(|line| (line.extension.clone(), word(&line.line))).collect();
        let live = |leg: &&ringside_api::view::LegView| leg.account == VOICENTER.account && leg.phase != Phase::Ended;
        let legs = it.legs.iter().filter(live);
        let legs = legs.map(|leg| (leg.call.clone(), leg.extension.clone(), leg.phase == Phase::Connected)).collect();
        (truth(exchange) == (lines, legs)).then_some(())
    })
    .await;
}

async fn row(Row(faults, all_told): Row) {
    let what = format!("{faults:?}");
    let exchange = services::exchange().await;
    let rig = services::connected(&exchange).await;
    for fault in &faults {
        let fault = Fault::new(fault.clone()).on(ServiceName::Voicenter).path(SOCKET).streams();
        exchange.faults().set(fault);
    }
    let calls = traffic(&exchange);
    // Long enough for the last of it to be struck, short enough for no socket to be given up.
    tokio::time::sleep(std::time::Duration::from_millis(400)).await;
    exchange.faults().clear();
    shows_the_truth(&exchange, &rig, &what).await;
    for call in &calls {
        call.hang_up();
    }
    shows_the_truth(&exchange, &rig, &format!("{what} and the end of all calls")).await;

    let ids: BTreeSet<String> = calls.iter().map(|call| call.id().to_string()).collect();
    let expected = if all_told { ids.len() } else { calls.iter().skip(2).count() };
    let page = rig
        .recorded(&format!("{expected} calls that are over, after {what}"), |page| {
            let over = page.rows.iter().filter(|row| ids.contains(&row.call) && row.outcome.is_some());
            (over.count() >= expected).then(|| page.clone())
        })
        .await;
    for (n, call) in calls.iter().enumerate() {
        let of_it = |row: &&ringside_api::view::HistoryRow| {
            row.account == VOICENTER.account
                && (row.call == call.id().to_string() || row.remote.dial.as_deref() == Some(&format!("+{}", caller(n))))
        };
        let rows: Vec<_> = page.rows.iter().filter(of_it).collect();
        assert!(rows.len() <= 1, "one row a call after {what}: {rows:#?}");
    }
    if all_told {
        let of = |n: usize| page.rows.iter().find(|row| row.call == calls[n].id().to_string()).unwrap();
        for n in [1, 2, 3] {
            // Where the end overtook the answer nobody knows better yet; the service's own record will.
            let row = of(n);
            let answered = row.outcome.is_some_and(|it| word(&it) == "answered");
            assert!(answered || row.provisional, "certain of what is not so after {what}: {row:#?}");
        }
        for n in [0, 4] {
            let answered = of(n).outcome.is_some_and(|it| word(&it) == "answered");
            assert!(!answered, "nobody answered it, {what}: {:#?}", of(n));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_that_come_twice_swapped_or_not_at_all_end_in_the_truth() {
    let mut rows = JoinSet::new();
    for one in table() {
        rows.spawn(row(one));
    }
    while let Some(done) = rows.join_next().await {
        done.unwrap();
    }
}
