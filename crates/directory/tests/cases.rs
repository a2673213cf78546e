//! Files as people have them: who must be found under which number stands in `cases/expected.tsv` and, for more files
//! of the same kinds, in `cases/more.tsv`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ringside_directory::{ImportReport, Index, SourceId, import_csv, keyed};
use ringside_domain::{NumberPlan, Party, PhoneNumber};

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

fn import(file: &str, region: &str) -> ImportReport {
    let plan = NumberPlan { region: region.to_owned(), ..NumberPlan::default() };
    let file = std::fs::File::open(cases().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    import_csv(file, &plan).unwrap()
}

/// The rows of a table of expectations: file, contact, numbers.
fn rows(table: &str) -> Vec<[String; 3]> {
    let text = std::fs::read_to_string(cases().join(table)).unwrap();
    let rows = text.lines().skip(1).filter(|line| !line.is_empty()).map(|line| {
        let mut fields = line.split('\t').map(str::to_owned);
        [0; 3].map(|_| fields.next().unwrap_or_default())
    });
    rows.collect()
}

/// `+492…` of "at least" and "and each of"; what stands in brackets says which region is meant, or what is welcome.
fn wanted(numbers: &str) -> (Vec<&str>, &str) {
    let (numbers, aside) = numbers.split_once('(').unwrap_or((numbers, ""));
    let region = aside.split_once("region ").and_then(|(_, rest)| rest.get(..2)).unwrap_or("DE");
    (numbers.split_whitespace().filter(|word| word.starts_with('+')).collect(), region)
}

fn check(table: &str) {
    let mut by_file: BTreeMap<String, Vec<[String; 3]>> = BTreeMap::new();
    for row in rows(table) {
        by_file.entry(row[0].clone()).or_default().push(row);
    }
    assert!(!by_file.is_empty());
    for (file, rows) in by_file {
        // Expectations of one file may be of several regions.
        for [_, contact, numbers] in rows {
            let (numbers, region) = wanted(&numbers);
            let report = import(&file, region);
            let name = contact.split(" (").next().unwrap_or_default();
            let mut index = Index::new();
            index.replace_source(&SourceId::new("csv:case"), report.contacts.clone());
            let found: Vec<_> = report.contacts.iter().filter(|known| known.name.as_str() == name).collect();
            if numbers.is_empty() {
                assert!(found.is_empty(), "{file}: {name} has no number: {found:?}");
                if name != "-" {
                    assert!(report.skipped_count > 0, "{file}: {name} is named as left out");
                }
                continue;
            }
            assert!(!found.is_empty(), "{file}: {name} is missing: {:?} {:?}", report.contacts, report.skipped);
            let wanted: Vec<_> = numbers.iter().map(|number| PhoneNumber::from_e164(number).unwrap()).collect();
            for number in &wanted {
                let hits = index.lookup(&Party::Number(number.clone()), None);
                let names: Vec<_> = hits.best.iter().chain(&hits.others).map(|hit| hit.name.as_str()).collect();
                assert!(names.contains(&name), "{file}: {number:?} finds {names:?}, not {name}");
            }
            let allowed: &[&str] = if file == "slash.csv" { &["+4922166966967", "+4922166966968"] } else { &[] };
            let strange = found.iter().flat_map(|known| &known.numbers).map(|known| &known.number);
            let strange: Vec<_> = strange.filter(|n| !wanted.contains(n) && !allowed.contains(&n.e164())).collect();
            assert!(strange.is_empty(), "{file}: {name} has {strange:?} too");
        }
    }
}

#[test]
fn everybody_is_found_under_their_numbers() {
    check("expected.tsv");
}

#[test]
fn more_files_of_the_same_kinds_are_read() {
    check("more.tsv");
}

#[test]
fn what_is_left_out_is_named_with_its_reason() {
    let named = |report: &ImportReport| {
        let all = report.skipped.iter().chain(&report.unread);
        all.map(|it| (it.line, it.column.to_string(), it.text.to_string(), it.reason.code())).collect::<Vec<_>>()
    };
    let said = |line, column: &str, text: &str, code| (line, column.to_owned(), text.to_owned(), code);
    let report = import("one-number-unread.csv", "DE");
    let [left] = &named(&report)[..] else { panic!("{report:?}") };
    assert_eq!((left.0, left.1.as_str(), left.2.as_str()), (2, "Mobil", "4,91716E+12"));
    assert_eq!(named(&import("title-row.csv", "DE")), [said(1, "", "", "above_headings")]);
    assert_eq!(named(&import("floats.csv", "DE")), [said(5, "", "", "no_number")]);
    let report = import("customer-numbers.csv", "DE");
    assert_eq!(named(&report), [said(3, "", "", "no_number")]);
    let unknown: Vec<_> =
        report.columns.iter().filter(|(_, column)| column.is_none()).map(|(it, _)| it.as_str()).collect();
    assert_eq!(unknown, ["Kunden-Nummer", "Vertrag Nummer", "Immobilien-ID", "Letztes Telefonat"]);
    let report = import("repeated-rows.csv", "DE");
    assert_eq!(named(&report), [said(3, "", "", "row_repeated")]);
    let report = import("only-headings.csv", "DE");
    assert_eq!((report.contacts.len(), report.skipped_count), (0, 0));
}

#[test]
fn contacts_of_one_name_and_switchboard_have_keys_of_their_own() {
    let contacts = import("same-name-same-switchboard.csv", "DE").contacts;
    let keys = |contacts| keyed(contacts).into_iter().map(|(key, _)| key).collect::<std::collections::BTreeSet<_>>();
    let in_order = keys(contacts.clone());
    assert_eq!(in_order.len(), 3);
    assert_eq!(keys(contacts.into_iter().rev().collect()), in_order, "the order of the rows changes no key");
}

/// The numbers of the first contact, and the headings of the columns that were left out.
fn read(text: &str) -> (Vec<String>, Vec<String>) {
    let report = import_csv(text.as_bytes(), &NumberPlan::default()).unwrap_or_else(|error| panic!("{text}: {error}"));
    let numbers = report.contacts[0].numbers.iter().map(|it| it.number.e164().to_owned()).collect();
    let left_out = report.columns.iter().filter(|(_, column)| column.is_none());
    (numbers, left_out.map(|(heading, _)| heading.to_string()).collect())
}

#[test]
fn beside_a_telephone_column_another_heading_is_none() {
    for heading in
        "Auftrag|Aktenzeichen|Ticket #|Regierungs-Nr.|Debitor|Kreditor|Matchcode|Referenz|Policennr|Mitglied|\
        Barcode|EAN|Nr.|Bestellung|Account|Beleg|Vorgang|Zähler|Objekt|Artikel|User 1|Customer|Ref|Case|Order|Invoice|\
        SSN|Passport|Vertrag|Kennung|Lieferant|Sozialversicherung|ח.פ.|Código|Codice fiscale|Partita IVA|Klantnummer|\
        BTW|NIP|PESEL|Billing Information|Government ID Number"
            .split('|')
    {
        for telephone in ["Telefon", "Durchwahl", "Büro"] {
            let file = format!("Name;{heading};{telephone}\nJana Beispiel;0301588580;0221 66966966\n");
            let expected = (vec!["+4922166966966".to_owned()], vec![heading.to_owned()]);
            assert_eq!(read(&file), expected, "{file}");
        }
    }
    for heading in ["Büro", "Privat", "Privatnummer", "Weitere Nummer", "Phone 2", "Durchwahl", ""] {
        let file = format!("Name;Telefon;{heading}\nJana Beispiel;0221 66966966;030 1588580\n");
        assert_eq!(read(&file).0, ["+4922166966966", "+49301588580"], "{file}");
    }
    let written_with_a_plus = "Name;Telefon;WhatsApp\nJana Beispiel;0221 66966966;+49 171 5555551\n";
    assert_eq!(read(written_with_a_plus).0, ["+4922166966966", "+491715555551"]);
    assert_eq!(read("Name;Telefon;Nummer\nJana Beispiel;;0221 66966966\n").0, ["+4922166966966"]);
}

#[test]
fn the_end_of_a_number_is_put_behind_it_and_not_behind_an_area_code() {
    for heading in ["Durchwahl", "Direktwahl", "DDI"] {
        let file = format!("Name;Vorwahl;Rufnummer;{heading}\nJana;0221;669669;66\nUwe;0221;669669;-67\n");
        assert_eq!(read(&file), (vec!["+4922166966966".to_owned()], vec![]), "{file}");
    }
    assert_eq!(read("Name;Vorwahl;Durchwahl\nJana;0221;66966966\n").0, ["+4922166966966"]);
}
