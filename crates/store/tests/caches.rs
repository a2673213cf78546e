//! What a start without network shows, contacts, dials and the journal of scenarios.
#![expect(clippy::unwrap_used, reason = "a test stops where its helpers cannot go on")]

mod common;

use common::*;
use ringside_domain::{
    CallId, Contact, ContactNumber, Extension, Forwarding, Gap, Label, LineId, LineState, LineStatus, LineUpdate,
    Outcome, PhoneNumber, Presence, Scenario, ScenarioId, ScenarioState,
};
use ringside_store::{ActionResult, DialState, Intended, Intent, StoreError};

fn colleague(id: &str, name: &str) -> Extension {
    Extension { id: extension(id), name: name.into(), email: Some("a@example.com".into()), group: None }
}

fn line(id: &str, status: LineStatus, second: i64) -> LineUpdate {
    let state = LineState { status, presence: Presence::Dnd, at: at(second) };
    LineUpdate { extension: extension(id), state }
}

#[tokio::test]
async fn extensions_are_replaced_as_a_whole_in_their_order_and_keep_their_age() {
    let store = memory().await;
    let (office, site) = (account("office"), account("site"));
    let first = [colleague("32", "Ben \"B\" O'Neill"), colleague("31", "Ärzte \u{1f3e5}")];
    store.replace_extensions(&office, &first, at(0)).await.unwrap();
    store.replace_extensions(&site, &[colleague("1", "Site")], at(1)).await.unwrap();
    store.write_lines(&office, &[line("31", LineStatus::Busy, 0), line("32", LineStatus::Idle, 0)]).await.unwrap();
    let loaded = store.load_extensions().await.unwrap();
    let values: Vec<_> = loaded.iter().map(|cached| cached.value.clone()).collect();
    assert_eq!(values, [first[0].clone(), first[1].clone(), colleague("1", "Site")]);
    assert_eq!((loaded[0].read_at, &loaded[0].account), (at(0), &office));

    let twice = [colleague("31", "Anna"), colleague("31", "Anna again")];
    store.replace_extensions(&office, &twice, at(9)).await.unwrap();
    let loaded = store.load_extensions().await.unwrap();
    assert_eq!(loaded.len(), 2);
    assert_eq!(loaded[0].value, twice[1]);
    let lines: Vec<_> = store.load_lines().await.unwrap().into_iter().map(|(id, _)| id).collect();
    assert_eq!(lines, [LineId::new("office", "31")], "a line without extension is gone");

    store.forget_account(&office).await.unwrap();
    assert_eq!(store.load_extensions().await.unwrap().len(), 1);
    assert_eq!(store.load_lines().await.unwrap(), []);
}

#[tokio::test]
async fn lines_keep_the_last_state_with_its_time() {
    let store = memory().await;
    let office = account("office");
    store.write_lines(&office, &[]).await.unwrap();
    store.write_lines(&office, &[line("31", LineStatus::Ringing, 1), line("31", LineStatus::Busy, 2)]).await.unwrap();
    let busy = line("31", LineStatus::Busy, 2).state;
    assert_eq!(store.load_lines().await.unwrap(), [(LineId::new("office", "31"), busy)]);
    store.replace_lines(&office, &[line("32", LineStatus::Unknown, 3)]).await.unwrap();
    let unknown = line("32", LineStatus::Unknown, 3).state;
    assert_eq!(store.load_lines().await.unwrap(), [(LineId::new("office", "32"), unknown)]);
}

#[tokio::test]
async fn ten_thousand_extensions_and_lines_are_one_statement_each() {
    let store = memory().await;
    let office = account("office");
    let many: Vec<_> = (0..10_000).map(|n| colleague(&n.to_string(), "Anna")).collect();
    let lines: Vec<_> = (0..10_000).map(|n| line(&n.to_string(), LineStatus::Idle, n)).collect();
    store.replace_extensions(&office, &many, at(0)).await.unwrap();
    store.replace_lines(&office, &lines).await.unwrap();
    assert_eq!(store.load_extensions().await.unwrap().len(), 10_000);
    assert_eq!(store.load_lines().await.unwrap().len(), 10_000);
}

fn scenario(id: &str, state: ScenarioState) -> Scenario {
    let way = Forwarding { from: "+4144123450*".into(), to: "+41791234567".into() };
    Scenario { id: ScenarioId::new(id), name: "Brand".into(), state, forwardings: vec![way] }
}

#[tokio::test]
async fn scenarios_come_back_as_they_were() {
    let store = memory().await;
    let site = account("site");
    let list = [
        scenario("b", ScenarioState::Active),
        scenario("a", ScenarioState::Unknown("PENDING_\u{2603}".into())),
        Scenario { forwardings: Vec::new(), ..scenario("c", ScenarioState::Scheduled) },
    ];
    store.replace_scenarios(&site, &list, at(0)).await.unwrap();
    let values = async || store.load_scenarios().await.unwrap().into_iter().map(|c| c.value).collect::<Vec<_>>();
    assert_eq!(values().await, list);
    store.write_scenario(&site, &scenario("b", ScenarioState::Changing), at(5)).await.unwrap();
    store.write_scenario(&site, &scenario("d", ScenarioState::Inactive), at(5)).await.unwrap();
    let seen = values().await;
    assert_eq!(seen.iter().map(|s| s.id.as_str()).collect::<Vec<_>>(), ["b", "a", "c", "d"]);
    assert_eq!(seen[0].state, ScenarioState::Changing);
    assert_eq!(store.load_scenarios().await.unwrap()[0].read_at, at(5));
}

#[tokio::test]
async fn the_journal_says_who_asked_and_what_came_of_it() {
    let store = memory().await;
    let (anna, site, fire) = (Label::new("Anna"), account("site"), ScenarioId::new("fire"));
    let ask = async |intent, second, ends: Option<i64>| {
        store.record_action(&anna, &site, &fire, &"Brand".into(), intent, at(second), ends.map(at)).await.unwrap()
    };
    let first = ask(Intent::Activate, 0, Some(3_600)).await;
    assert_eq!(store.actions(None, 10).await.unwrap()[0].result, ActionResult::Requested);
    assert_eq!(store.pending_ends().await.unwrap(), [], "nothing has taken effect");
    let accepted = store.finish_action(first, ActionResult::AcceptedNotConfirmed, None, at(2)).await.unwrap();
    assert_eq!((accepted.actor.as_str(), accepted.finished_at), ("Anna", Some(at(2))));
    store.finish_action(first, ActionResult::Confirmed, None, at(4)).await.unwrap();
    assert_eq!(store.pending_ends().await.unwrap()[0].ends_at, Some(at(3_600)));

    let second = ask(Intent::Deactivate, 10, None).await;
    store.finish_action(second, ActionResult::Failed, Some("unreachable"), at(11)).await.unwrap();
    assert_eq!(store.pending_ends().await.unwrap().len(), 1, "what failed ends nothing");
    let third = ask(Intent::Deactivate, 20, None).await;
    store.finish_action(third, ActionResult::Confirmed, None, at(21)).await.unwrap();
    assert_eq!(store.pending_ends().await.unwrap(), []);

    let actions = store.actions(Some((&site, &fire)), 2).await.unwrap();
    assert_eq!(actions.iter().map(|a| a.id).collect::<Vec<_>>(), [third, second]);
    assert_eq!(actions[1].code.as_deref(), Some("unreachable"));
    assert_eq!(store.actions(Some((&site, &"other".into())), 2).await.unwrap(), []);
}

fn contact(name: &str, company: &str, numbers: &[&str]) -> Contact {
    let numbers = numbers
        .iter()
        .map(|number| ContactNumber { number: PhoneNumber::from_e164(number).unwrap(), kind: Some("work".into()) });
    let numbers = numbers.collect();
    Contact { name: name.into(), company: company.into(), numbers, vip: true, note: "prefers mail".into() }
}

#[tokio::test]
async fn a_source_is_replaced_whole_and_pins_stay() {
    let store = memory().await;
    let anna = contact("Anna Müller", "Käse AG", &["+4922166966966", "+4915712345678"]);
    let desk = contact("", "Zentrale Bern", &["+41315552211"]);
    let all = [("1".to_owned(), anna.clone()), ("2".to_owned(), desk.clone())];
    store.replace_source("csv", &all).await.unwrap();
    store.replace_source("other", &[("1".to_owned(), desk.clone())]).await.unwrap();
    store.pin_contact("csv", "1", true).await.unwrap();
    let loaded = store.load_contacts().await.unwrap();
    assert_eq!(loaded.len(), 3);
    assert_eq!((&loaded[0].contact, loaded[0].pinned), (&anna, true));

    let names = async |text: &str| {
        let hits = store.search_contacts(text, 10).await.unwrap();
        hits.into_iter().map(|hit| hit.contact.company.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(names("MÜLLER").await, ["Käse AG"]);
    assert_eq!(names("käse 669669").await, ["Käse AG"]);
    assert_eq!(names("bern").await, ["Zentrale Bern", "Zentrale Bern"]);
    assert_eq!(names("  ").await, Vec::<String>::new());

    let fewer = contact("Anna Müller", "Käse AG", &["+4922166966966"]);
    store.replace_source("csv", &[("1".to_owned(), fewer.clone())]).await.unwrap();
    let loaded = store.load_contacts().await.unwrap();
    assert_eq!((&loaded[0].contact, loaded[0].pinned, loaded.len()), (&fewer, true, 2));
    assert_eq!(names("15712345678").await, Vec::<String>::new());
    assert_eq!(store.remove_source("csv").await.unwrap(), 1);
    assert!(matches!(store.pin_contact("csv", "1", true).await, Err(StoreError::NotFound("contact"))));
}

#[tokio::test]
async fn an_intention_is_written_once_and_a_start_finds_what_is_open() {
    let dir = tempfile::tempdir().unwrap();
    let store = open_well(dir.path()).await;
    let (from, to) = (LineId::new("office", "31"), number("+4922166966966"));
    assert_eq!(store.intend_dial("u-1", &from, &to, at(0)).await.unwrap(), Intended::New);
    let Intended::Already(dial) = store.intend_dial("u-1", &from, &to, at(1)).await.unwrap() else {
        panic!("never two")
    };
    assert_eq!((dial.at, dial.state), (at(0), DialState::Intended));
    store.intend_dial("u-2", &from, &to, at(2)).await.unwrap();
    store.settle_dial("u-2", &DialState::Refused { code: "busy".to_owned() }, at(3)).await.unwrap();
    store.intend_dial("u-3", &from, &to, at(4)).await.unwrap();
    let call = Some(CallId::new("c-3"));
    store.settle_dial("u-3", &DialState::Accepted { call: call.clone() }, at(5)).await.unwrap();
    drop(store);

    let store = open_well(dir.path()).await;
    let open: Vec<_> = store.unsettled_dials(at(0)).await.unwrap();
    assert_eq!(open.iter().map(|dial| dial.intention.as_str()).collect::<Vec<_>>(), ["u-1", "u-3"]);
    assert_eq!(open[1].state, DialState::Accepted { call: call.clone() });
    store.settle_dial("u-1", &DialState::Unknown, at(6)).await.unwrap();
    let ended = DialState::Ended { call: None, outcome: Outcome::Busy };
    let dial = store.settle_dial("u-3", &ended, at(7)).await.unwrap();
    assert_eq!(dial.state, DialState::Ended { call, outcome: Outcome::Busy }, "the call is not forgotten");
    assert_eq!(store.unsettled_dials(at(0)).await.unwrap()[0].state, DialState::Unknown);
    assert_eq!(store.recent_dials(2).await.unwrap()[0].intention, "u-3");
    assert!(matches!(store.settle_dial("u-9", &ended, at(7)).await, Err(StoreError::NotFound("dial"))));
}

#[tokio::test]
async fn an_outage_is_one_gap_however_often_it_is_seen() {
    let store = memory().await;
    let left = |gaps: Vec<ringside_store::MarkedGap>| gaps.into_iter().map(|it| it.gap).collect::<Vec<_>>();
    let gap = |from, until| Gap { account: account("office"), from: at(from), until: at(until) };
    for until in [10, 30, 20] {
        store.write_gap(&gap(0, until)).await.unwrap();
    }
    store.write_gap(&gap(100, 90)).await.unwrap();
    assert_eq!(left(store.gaps(at(0), at(1_000)).await.unwrap()), [gap(100, 100), gap(0, 30)]);
    assert_eq!(left(store.gaps(at(31), at(99)).await.unwrap()), []);
    assert_eq!(store.gaps(at(15), at(16)).await.unwrap().len(), 1);
}

#[tokio::test]
async fn facts_are_small_and_replaced() {
    let store = memory().await;
    assert_eq!(store.fact("journal/office").await.unwrap(), None);
    store.set_fact("journal/office", "1").await.unwrap();
    store.set_fact("journal/office", "2").await.unwrap();
    assert_eq!(store.fact("journal/office").await.unwrap().as_deref(), Some("2"));
}
