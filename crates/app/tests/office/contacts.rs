//! Contacts: what an import may take away, what its report counts, and that everybody is listed.

use base64::Engine as _;
use ringside_api::view::{ContactView, ImportQuestion, ImportReport};
use ringside_api::{Reply, Request};

use crate::rig::Rig;

const GOOD: &str =
    "Name;Telefon\nJana Beispiel;0221 66966966\nUwe Muster;030 23125000\nEva Probe;0171 5555551\nÖmer Öz;089 1234567\n";

async fn import(rig: &Rig, csv: &str, replace: bool) -> Reply {
    let data = base64::engine::general_purpose::STANDARD.encode(csv);
    rig.call(Request::ImportContacts { name: "Kunden".to_owned(), data, replace }).await.unwrap()
}

fn report(reply: Reply) -> ImportReport {
    let Reply::Import { report } = reply else { panic!("{reply:?}") };
    report
}

fn question(reply: Reply) -> ImportQuestion {
    let Reply::ImportQuestion { question } = reply else { panic!("{reply:?}") };
    question
}

async fn listed(rig: &Rig, text: &str, limit: u32) -> (Vec<ContactView>, u32, u32) {
    let reply = rig.call(Request::Contacts { text: text.to_owned(), limit }).await.unwrap();
    let Reply::Contacts { contacts, total, sources } = reply else { panic!("{reply:?}") };
    (contacts, total, sources.iter().map(|source| source.contacts).sum())
}

async fn names(rig: &Rig) -> Vec<String> {
    listed(rig, "", 100).await.0.into_iter().map(|contact| contact.name).collect()
}

#[tokio::test]
async fn an_import_that_would_take_more_than_it_brings_asks_first() {
    let rig = Rig::bare().await;
    assert_eq!(report(import(&rig, GOOD, false).await).contacts, 4);
    let everybody = names(&rig).await;
    assert_eq!(everybody, ["Eva Probe", "Jana Beispiel", "Ömer Öz", "Uwe Muster"]);

    let nobody = question(import(&rig, "Name;Telefon\n", false).await);
    assert_eq!((nobody.standing, nobody.kept, nobody.report.contacts), (4, 0, 0));
    let fewer = question(import(&rig, "Name;Telefon\nJana Beispiel;0221 66966966\n", false).await);
    assert_eq!((fewer.standing, fewer.kept, fewer.report.contacts), (4, 1, 1));
    let others = GOOD.replace("Jana", "Lea").replace("Uwe", "Max").replace("Eva", "Pia").replace("Ömer", "Ali");
    let others = others
        .replace("66966966", "77977977")
        .replace("2312", "4312")
        .replace("55555", "66666")
        .replace("123456", "765432");
    let strangers = question(import(&rig, &others, false).await);
    assert_eq!((strangers.standing, strangers.kept, strangers.report.contacts), (4, 0, 4));
    assert_eq!(names(&rig).await, everybody, "nothing was replaced");

    let half = "Name;Telefon\nJana Beispiel;0221 66966966\nUwe Muster;030 23125000\n";
    let half = question(import(&rig, half, false).await);
    assert_eq!((half.standing, half.kept, half.numbers_standing, half.numbers_kept), (4, 2, 4, 2));
    assert_eq!(report(import(&rig, &others, true).await).contacts, 4);
    assert_eq!(names(&rig).await.len(), 4);
    assert!(!names(&rig).await.contains(&"Jana Beispiel".to_owned()));
}

#[tokio::test]
async fn names_that_a_company_would_replace_are_lost() {
    let rows = |headings: &str, row: fn(u32) -> String| format!("{headings}\n{}", (0..10).map(row).collect::<String>());
    let people = rows("Name;Firma;Telefon", |n| format!("Person {n};Nord AG;0221 669669{n:02}\n"));
    let companies = rows("Firma;Telefon", |n| format!("Nord AG;0221 669669{n:02}\n"));
    let renamed = rows("Name;Telefon", |n| format!("Dr. Person {n};0221 669669{n:02}\n"));
    let few = rows("Name;Firma;Telefon", |n| {
        format!("{};Nord AG;0221 669669{n:02}\n", if n == 0 { String::new() } else { format!("Person {n}") })
    });
    let rig = Rig::bare().await;
    assert_eq!(report(import(&rig, &people, false).await).contacts, 10);
    let asked = question(import(&rig, &companies, false).await);
    assert_eq!((asked.standing, asked.kept, asked.numbers_standing, asked.numbers_kept), (10, 0, 10, 10));
    assert_eq!(report(import(&rig, &few, false).await).contacts, 10, "one of ten goes");
    assert_eq!(report(import(&rig, &renamed, false).await).contacts, 10, "people have another name");
    assert_eq!(report(import(&rig, &companies, true).await).contacts, 10);
    assert_eq!(report(import(&rig, &people, false).await).contacts, 10, "a company's numbers have somebody's name now");
    assert_eq!(report(import(&rig, &people, false).await).contacts, 10);
}

#[tokio::test]
async fn an_import_asks_from_a_fifth_lost_in_contacts_or_in_numbers() {
    let file = |rows: std::ops::Range<u32>, mobiles: u32| {
        let mobile = |n| if n < mobiles { format!("0171 55555{n:02}") } else { String::new() };
        let row = |n| format!("Person {n};0221 669669{n:02};{}\n", mobile(n));
        format!("Name;Telefon;Mobil\n{}", rows.map(row).collect::<String>())
    };
    let rig = Rig::bare().await;
    assert_eq!(report(import(&rig, &file(0..10, 10), false).await).numbers, 20);
    assert_eq!(report(import(&rig, &file(0..9, 10), false).await).contacts, 9, "one of ten goes");
    let fewer = question(import(&rig, &file(0..7, 10), false).await);
    assert_eq!((fewer.standing, fewer.kept, fewer.numbers_standing, fewer.numbers_kept), (9, 7, 18, 14));
    let without_mobiles = question(import(&rig, &file(0..9, 0), false).await);
    assert_eq!((without_mobiles.kept, without_mobiles.numbers_standing, without_mobiles.numbers_kept), (9, 18, 9));
    assert_eq!(report(import(&rig, &file(0..9, 6), false).await).numbers, 15, "three of eighteen numbers go");
    assert_eq!(report(import(&rig, &file(0..4, 0), true).await).contacts, 4);
}

#[tokio::test]
async fn the_report_counts_what_is_stored_and_names_what_is_not() {
    let rig = Rig::bare().await;
    let file = "Stand 30.11.2026;;;;\nName;Firma;Zentrale;Mobil;Kunden-Nummer\n\
        Müller;Beispiel AG;0221 66966-0;0171 5555551;2211234567\n\
        Müller;Beispiel AG;0221 66966-0;0171 5555552;2211234568\n\
        Müller;Beispiel AG;0221 66966-0;0171 5555552;2211234568\n\
        Lenz;;4,91716E+12;0171 5555553;\n";
    let report = report(import(&rig, file, false).await);
    assert_eq!((report.contacts, report.numbers, report.skipped_total, report.unread_total), (3, 5, 2, 1));
    let skipped: Vec<_> = report.skipped.iter().map(|row| (row.line, row.code.as_str())).collect();
    assert_eq!(skipped, [(1, "above_headings"), (5, "row_repeated")]);
    let unread = &report.unread[0];
    assert_eq!((unread.line, unread.column.as_str(), unread.text.as_str()), (6, "Zentrale", "4,91716E+12"));
    let unknown: Vec<_> = report.columns.iter().filter(|it| it.holds.is_none()).map(|it| it.heading.as_str()).collect();
    assert_eq!(unknown, ["Kunden-Nummer"]);
    for number in ["0171 5555551", "0171 5555552"] {
        let (found, total, _) = listed(&rig, number, 10).await;
        assert_eq!((found[0].name.as_str(), total), ("Müller", 1), "{number}");
    }
}

#[tokio::test]
async fn everybody_is_listed_from_a_to_z_and_found_by_a_name_that_is_nearly_right() {
    let rig = Rig::bare().await;
    import(&rig, GOOD, false).await;
    let (first, total, all) = listed(&rig, "", 2).await;
    assert_eq!((first.len(), total, all), (2, 4, 4));
    assert_eq!(first.iter().map(|it| it.initial.as_str()).collect::<Vec<_>>(), ["E", "J"]);
    let (found, total, all) = listed(&rig, "jahna beischpiel", 10).await;
    assert_eq!((found[0].name.as_str(), found[0].similar, total, all), ("Jana Beispiel", true, 1, 4));
    let (exact, ..) = listed(&rig, "jana", 10).await;
    assert!(!exact[0].similar);
    let Reply::Palette { hits } = rig.call(Request::Palette { text: "jahna".to_owned(), limit: 5 }).await.unwrap()
    else {
        panic!("no hits")
    };
    assert_eq!((hits[0].title.as_str(), hits[0].similar), ("Jana Beispiel", true));
}

#[tokio::test]
async fn the_demos_contacts_are_listed_too() {
    let mut rig = Rig::bare().await;
    rig.call(Request::StartDemo {}).await.unwrap();
    rig.until_online().await;
    let (demo, total, _) = listed(&rig, "", 10_000).await;
    assert!(total > 0);
    assert_eq!(demo.len() as u32, total);
    let ids: std::collections::BTreeSet<_> = demo.iter().map(|contact| &contact.id).collect();
    assert_eq!(ids.len(), demo.len(), "each has an id of its own");
}

#[tokio::test]
async fn the_palette_finds_everybody_on_the_board() {
    let mut rig = Rig::bare_beside(ringside_exchange::Options::demo()).await;
    rig.call(Request::StartDemo {}).await.unwrap();
    rig.until_online().await;
    let is_there = |snapshot: &ringside_api::view::Snapshot| snapshot.lines.iter().any(|line| line.name == "Dana Katz");
    let board = rig.eventually("everybody", is_there).await;
    for line in board.lines.iter().filter(|line| !line.name.is_empty()) {
        let palette = Request::Palette { text: line.name.clone(), limit: 20 };
        let Reply::Palette { hits } = rig.call(palette).await.unwrap() else { panic!("no hits") };
        assert!(hits.iter().any(|hit| hit.line.as_ref() == Some(&line.id)), "{}: {hits:?}", line.name);
    }
}
