use proptest::prelude::*;
use ringside_domain::{Contact, ContactNumber, Extension, PhoneNumber};

use super::*;
use crate::SourceId;

fn contact(name: &str, company: &str, note: &str, numbers: &[&str]) -> Contact {
    let numbers =
        numbers.iter().map(|e164| ContactNumber { number: PhoneNumber::from_e164(e164).unwrap(), kind: None });
    Contact { name: name.into(), company: company.into(), note: note.into(), numbers: numbers.collect(), vip: false }
}

fn index() -> Index {
    let mut index = Index::new();
    index.replace_source(
        &SourceId::new("demo"),
        [
            contact("Ruedi Zürcher", "Zürcher & Söhne AG", "", &["+41446681800", "+41791234567"]),
            contact("Ayşe Yıldız", "Işık Ltd.", "", &["+4922166966966"]),
            contact("", "Musterbau GmbH", "calls on Mondays", &["+492216696690"]),
            contact("Anna Muster", "Beispiel AG", "", &["+493023125000"]),
            contact("Hanna Ostermann", "Baumuster KG", "", &["+493023125001"]),
            contact("Łukasz Øster", "Straße 8", "", &["+48221234567"]),
            contact("Sinéad O’Brien", "Núñez SA", "", &["+35312345678"]),
            contact("חיים אזולאי", "", "", &["+972501234567"]),
        ],
    );
    index.replace_extensions(
        &"office".into(),
        &[
            Extension {
                id: "31".into(),
                name: "Anna Berg".into(),
                email: Some("berg@example.com".into()),
                group: Some("Verkauf".into()),
            },
            Extension { id: "312".into(), name: "Emil Falk".into(), email: None, group: None },
        ],
    );
    index
}

fn found(text: &str) -> Vec<String> {
    index().search(text, 20).into_iter().map(|hit| hit.name.to_string()).collect()
}

#[test]
fn marks_and_spellings_make_no_difference() {
    for text in ["Zürcher", "zurcher", "Zuercher", "ZÜRCHER", "Zu\u{308}rcher", "ruedi zür", "sohne", "Soehne"] {
        assert_eq!(found(text).first().map(String::as_str), Some("Ruedi Zürcher"), "{text}");
    }
    for (text, name) in [
        ("Yildiz", "Ayşe Yıldız"),
        ("yıldız", "Ayşe Yıldız"),
        ("YILDIZ", "Ayşe Yıldız"),
        ("YILDIZ ayse", "Ayşe Yıldız"),
        ("isik", "Ayşe Yıldız"),
        ("lukasz", "Łukasz Øster"),
        ("oster l", "Łukasz Øster"),
        ("strasse", "Łukasz Øster"),
        ("obrien", "Sinéad O’Brien"),
        ("o'brien", "Sinéad O’Brien"),
        ("Sinead", "Sinéad O’Brien"),
        ("nunez", "Sinéad O’Brien"),
        ("אזולאי", "חיים אזולאי"),
        ("ｙｉｌｄｉｚ", "Ayşe Yıldız"),
    ] {
        assert_eq!(found(text), [name], "{text}");
    }
}

#[test]
fn every_field_shown_is_searched_and_beginnings_come_first() {
    assert_eq!(found("anna"), ["Anna Berg", "Anna Muster", "Hanna Ostermann"]);
    assert_eq!(found("muster"), ["Musterbau GmbH", "Anna Muster", "Hanna Ostermann"]);
    assert_eq!(found("verkauf"), ["Anna Berg"]);
    assert_eq!(found("berg@example"), ["Anna Berg"]);
    assert_eq!(found("mondays"), ["Musterbau GmbH"]);
    assert_eq!(found("anna beispiel"), ["Anna Muster"]);
    assert_eq!(found("anna zürcher"), [""; 0]);
    assert_eq!(found(""), [""; 0]);
    assert_eq!(found(" - "), [""; 0]);
}

#[test]
fn numbers_are_found_however_they_are_typed() {
    assert_eq!(found("31").first().map(String::as_str), Some("Anna Berg"));
    assert_eq!(found("0221 669 669-6"), ["Ayşe Yıldız"]);
    assert_eq!(found("+49 (0) 221 66966"), ["Ayşe Yıldız", "Musterbau GmbH"]);
    assert_eq!(found("0049221 6696"), ["Ayşe Yıldız", "Musterbau GmbH"]);
    assert_eq!(found("(0221) 669-0"), [""; 0]);
    assert_eq!(found("anna 030"), ["Anna Muster", "Hanna Ostermann"]);
    let hits = index().search("079 123", 20);
    assert_eq!(
        hits.iter().map(|hit| hit.number.clone().unwrap().e164().to_owned()).collect::<Vec<_>>(),
        ["+41791234567"]
    );
}

#[test]
fn an_entry_is_found_once_for_each_of_its_numbers_up_to_the_limit() {
    let index = index();
    let numbers = |limit| index.search("ruedi", limit).into_iter().filter_map(|hit| hit.number).count();
    assert_eq!((numbers(20), numbers(1), numbers(0)), (2, 1, 0));
    assert_eq!(index.search("a", 3).len(), 3);
    assert_eq!(index.search("emil", 5)[0].line.as_ref().unwrap().to_string(), "office/312");
}

fn similar(text: &str) -> Vec<String> {
    let hits = index().search(text, 20).into_iter().filter(|hit| hit.similar);
    hits.map(|hit| hit.name.to_string()).collect()
}

#[test]
fn a_name_is_found_by_its_sound_and_with_a_letter_wrong_in_five() {
    let mut index = Index::new();
    let names = ["Miriam Lenz", "Thomas Maier", "Jörg Schmitt", "Stefan Müller", "Käthe Becker", "דנה לדוגמה"];
    index.replace_source(
        &SourceId::new("x"),
        names.map(|name| contact(name, "Orthopädie Lindenhof", "", &["+493023125000"])),
    );
    let found = |text: &str| {
        let hits = index.search(text, 3);
        hits.first().map(|hit| (hit.name.to_string(), hit.similar))
    };
    for (text, name) in [
        ("mirjam lens", "Miriam Lenz"),
        ("lens mirjam", "Miriam Lenz"),
        ("Myriam", "Miriam Lenz"),
        ("mriiam", "Miriam Lenz"),
        ("meyer", "Thomas Maier"),
        ("tomas mayer", "Thomas Maier"),
        ("Schmidt", "Jörg Schmitt"),
        ("scmitt", "Jörg Schmitt"),
        ("stephan", "Stefan Müller"),
        ("beker", "Käthe Becker"),
        ("kaete beck", "Käthe Becker"),
        ("miriam lindenhoff", "Miriam Lenz"),
        ("לדוגנה", "דנה לדוגמה"),
    ] {
        assert_eq!(found(text), Some((name.to_owned(), true)), "{text}");
    }
    assert_eq!(found("miriam"), Some(("Miriam Lenz".to_owned(), false)));
    for nobody in ["xaver", "miroslav", "lan", "miriam xaver", "0301", "me"] {
        assert_eq!(found(nobody), None, "{nobody}");
    }
}

#[test]
fn what_was_typed_comes_before_what_is_like_it() {
    let mut index = Index::new();
    let names = ["Anna Maier", "Bert Meyer", "Carla Meier", "Doris Meierhof", "Emil Mayer"];
    index.replace_source(&SourceId::new("x"), names.map(|name| contact(name, "", "", &["+493023125000"])));
    let shown: Vec<_> = index.search("meier", 9).into_iter().map(|hit| (hit.name.to_string(), hit.similar)).collect();
    let wanted = [
        ("Carla Meier", false),
        ("Doris Meierhof", false),
        ("Anna Maier", true),
        ("Bert Meyer", true),
        ("Emil Mayer", true),
    ];
    assert_eq!(shown, wanted.map(|(name, similar)| (name.to_owned(), similar)));
    assert_eq!(index.people("meier", 2).total, 2);
    assert_eq!(index.people("meier", 9).total, 5);
    assert_eq!(similar("anna berk"), [""; 0], "k and g are not alike");
    assert_eq!(similar("emiel falck"), ["Emil Falk"], "colleagues too");
}

#[test]
fn without_a_text_all_contacts_are_listed_from_a_to_z() {
    let mut index = index();
    index.replace_source(
        &SourceId::new("more"),
        [contact("Öztürk", "", "", &["+493023125002"]), contact("3M", "", "", &["+493023125003"])],
    );
    let list = index.people("", 100);
    let shown: Vec<_> = list.people.iter().map(|it| (it.initial, it.hits[0].name.to_string())).collect();
    let wanted = [
        ('#', "3M"),
        ('A', "Anna Muster"),
        ('A', "Ayşe Yıldız"),
        ('H', "Hanna Ostermann"),
        ('L', "Łukasz Øster"),
        ('M', "Musterbau GmbH"),
        ('O', "Öztürk"),
        ('R', "Ruedi Zürcher"),
        ('S', "Sinéad O’Brien"),
        ('ח', "חיים אזולאי"),
    ];
    assert_eq!(shown, wanted.map(|(initial, name)| (initial, name.to_owned())));
    assert_eq!(list.total, 10);
    assert_eq!(list.people[7].hits.len(), 2, "with every number");
    let first = index.people(" ", 3);
    assert_eq!((first.people.len(), first.total), (3, 10));
}

#[test]
fn titles_are_no_part_of_the_name_that_files_a_person() {
    let mut index = Index::new();
    let names = [
        "Dr. Miriam Lenz",
        "Prof. Dr. h. c. Zoe Abel",
        "Dipl.-Ing. Karl Busch",
        "Frau Ute Carl",
        "Mr Tom Dale",
        "ד\"ר דנה כהן",
        "Dr.",
        "Ing Chen",
        "Magda Ott",
    ];
    index.replace_source(&SourceId::new("x"), names.map(|name| contact(name, "", "", &[])));
    index.replace_source(&SourceId::new("y"), [contact("", "Dr. Oetker", "", &["+493023125002"])]);
    let list = index.people("", 100);
    let shown: Vec<_> = list.people.iter().map(|it| (it.initial, it.hits[0].name.as_str())).collect();
    let wanted = [
        ('D', "Dr."),
        ('D', "Dr. Oetker"),
        ('I', "Ing Chen"),
        ('K', "Dipl.-Ing. Karl Busch"),
        ('M', "Magda Ott"),
        ('M', "Dr. Miriam Lenz"),
        ('T', "Mr Tom Dale"),
        ('U', "Frau Ute Carl"),
        ('Z', "Prof. Dr. h. c. Zoe Abel"),
        ('ד', "ד\"ר דנה כהן"),
    ];
    assert_eq!(shown, wanted);
    assert_eq!(index.search("dr miriam", 5).len(), 1, "titles are searched");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whoever_is_listed_is_found_by_name(name in "[\\p{L}][\\p{L}\\p{M} '’-]{0,20}", noise in "\\PC{0,30}") {
        let mut index = Index::new();
        index.replace_source(&SourceId::new("x"), [contact(&name, &noise, "", &["+493023125000"]), contact(&noise, "", &name, &[])]);
        prop_assert!(fold(&name).is_empty() || !index.search(&name, 5).is_empty());
        index.search(&noise, 5);
    }
}
