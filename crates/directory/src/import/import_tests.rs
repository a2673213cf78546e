use proptest::prelude::*;

use super::*;

fn import(bytes: &[u8]) -> ImportReport {
    import_csv(bytes, &NumberPlan::default()).unwrap()
}

/// "name/company: numbers" of each contact.
fn shown(report: &ImportReport) -> Vec<String> {
    let contacts = report.contacts.iter();
    contacts
        .map(|contact| {
            let numbers: Vec<_> = contact.numbers.iter().map(|number| number.number.e164()).collect();
            format!("{}/{}: {}", contact.name, contact.company, numbers.join(" "))
        })
        .collect()
}

fn problems(problems: &[RowProblem]) -> Vec<(u64, &'static str)> {
    problems.iter().map(|problem| (problem.line, problem.reason.code())).collect()
}

const ANNA: [&str; 1] = ["Anna Muster/Muster GmbH: +4922166966966"];

#[test]
fn headings_and_delimiters_of_many_programs() {
    for file in [
        "Name,Firma,Telefon\nAnna Muster,Muster GmbH,0221 66966966\n",
        "Vorname;Nachname;Firma;Telefon\r\nAnna;Muster;Muster GmbH;+49 (0) 221 66966966\r\n",
        "Vorname;Name;Firma;Rufnummer\nAnna;Muster;Muster GmbH;0221/66966966",
        "First Name\tLast Name\tCompany\tBusiness Phone\nAnna\tMuster\tMuster GmbH\t+49-221-66966966",
        "sep=;\nName;Company;Mobile\nAnna Muster;Muster GmbH;0221 66966966\n",
        "\n\nNAME | COMPANY NAME | Phone 1 - Value | Phone 1 - Type\nAnna Muster|Muster GmbH|022166966966|Work\n",
        "\"Name\",\"Organization 1 - Name\",\"Phone\"\n\"Anna Muster\",\"Muster GmbH\",\"+49 221 66966966\"\n",
        "Prénom;Nom;Société;Téléphone\rAnna;Muster;Muster GmbH;0221 66966966\r",
        "\u{feff}Name;Firma;Mobiltelefon\nAnna Muster;Muster GmbH;0221 66966966\n",
        "Kundennummer;Name;Firma;Tel.\n0221;Anna Muster;Muster GmbH;0221 66966966\n",
    ] {
        let report = import(file.as_bytes());
        assert_eq!(shown(&report), ANNA, "{file:?}");
        assert_eq!((report.skipped_count, report.unread.len(), report.cut), (0, 0, false), "{file:?}");
    }
}

#[test]
fn every_known_field_is_taken() {
    let report = import(
        "Name;Firma;Telefon;Mobil;Fax;VIP;Notiz;Geburtstag\nAnna;Muster;0221 1234567;0171 5555555;;ja;ruft oft an;1.2.80\n"
            .as_bytes(),
    );
    let anna = &report.contacts[0];
    let kinds: Vec<_> = anna.numbers.iter().map(|n| n.kind.as_ref().unwrap().as_str()).collect();
    assert_eq!((kinds, anna.vip, anna.note.as_str()), (vec!["Telefon", "Mobil"], true, "ruft oft an"));
    let columns: Vec<_> = report.columns.iter().map(|(_, column)| column.map_or("-", Column::code)).collect();
    assert_eq!(columns, ["name", "company", "number", "number", "number", "vip", "note", "-"]);
    assert_eq!(key_of(anna), "anna|muster|+492211234567");
}

#[test]
fn every_encoding_a_spreadsheet_writes() {
    let text = "Name;Firma;Telefon\nJörg Groß;Žižka – Café €;0221 66966966\n";
    let expected = ["Jörg Groß/Žižka – Café €: +4922166966966"];
    let windows: Vec<u8> = text
        .chars()
        .map(|c| match c {
            'Ž' => 0x8e,
            'ž' => 0x9e,
            '–' => 0x96,
            '€' => 0x80,
            c => u8::try_from(u32::from(c)).unwrap(),
        })
        .collect();
    let little: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let big: Vec<u8> = [0xfe, 0xff].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    for bytes in [text.as_bytes(), &windows, &little, &big] {
        assert_eq!(shown(&import(bytes)), expected);
    }
}

#[test]
fn a_bad_row_costs_one_row_and_is_named_by_its_line() {
    let report = import(
        "Name;Firma;Telefon;Mobil\n\
         Anna;;0221 66966966;\n\
         ;;0221 66966967;\n\
         Bert;;;\n\
         Carl;;kein Telefon;\n\
         \n\
         Dora;;31;\n\
         Emil;;112;\n\
         \"Fritz\n Frei\";;0221 66966968;\n\
         Gina;;kaputt;0171 5555555\n\
         Hans\n\
         Ida;;0221 66966969;;;;too many\n"
            .as_bytes(),
    );
    assert_eq!(
        shown(&report),
        ["Anna/: +4922166966966", "Fritz Frei/: +4922166966968", "Gina/: +491715555555", "Ida/: +4922166966969",]
    );
    assert_eq!(
        problems(&report.skipped),
        [
            (3, "no_name"),
            (4, "no_number"),
            (5, "number_has_letters"),
            (7, "number_too_short"),
            (8, "not_public"),
            (12, "no_number"),
        ]
    );
    assert_eq!((report.skipped_count, problems(&report.unread)), (6, vec![(11, "number_has_letters")]));
}

#[test]
fn quotation_marks_as_people_use_them() {
    let file = |rows: &str| format!("Name;Firma;Telefon\n{rows}");
    for (rows, expected, skipped) in [
        ("\"Anna \"\"A.\"\" Muster\";x;0221 66966966\n", vec!["Anna \"A.\" Muster/x: +4922166966966"], vec![]),
        ("5\" Rohre;x;0221 66966966\n", vec!["5\" Rohre/x: +4922166966966"], vec![]),
        ("\"a;b\" ;x; \"0221 66966966\"\n", vec!["a;b/x: +4922166966966"], vec![]),
        ("\"Anna;x;0221 1\nBert;x;0221 66966966\n", vec!["Bert/x: +4922166966966"], vec![(2, "open_quote")]),
        (
            "\"Anna;x;0221 1\nBert;x;0221 66966966\n\"Carl\";x;0221 66966967\n",
            vec!["Bert/x: +4922166966966", "Carl/x: +4922166966967"],
            vec![(2, "open_quote")],
        ),
        ("Bert;x;0221 66966966\n\"Anna", vec!["Bert/x: +4922166966966"], vec![(3, "open_quote")]),
    ] {
        let report = import(file(rows).as_bytes());
        assert_eq!(
            (shown(&report), problems(&report.skipped)),
            (expected.into_iter().map(str::to_owned).collect(), skipped),
            "{rows:?}"
        );
    }
}

#[test]
fn several_numbers_in_one_field_are_all_taken() {
    let report = import(b"Name;Telefon\nAnna;0221 66966966 / 0171 5555555\nBert;+49 221 1234567, +49 (0)30 23125000\n");
    assert_eq!(shown(&report), ["Anna/: +4922166966966 +491715555555", "Bert/: +492211234567 +493023125000"]);
}

#[test]
fn hostile_text_becomes_one_harmless_line() {
    let long = "x".repeat(50_000);
    let row = format!("\"=cmd|' /C calc'!A0\u{202e}\n<b>\";{long};0221 66966966\n");
    let report = import(format!("Name;Firma;Telefon\n{row}").as_bytes());
    assert_eq!(report.contacts[0].name.as_str(), "=cmd|' /C calc'!A0 <b>");
    assert_eq!(report.contacts[0].company.as_str().chars().count(), Label::MAX_CHARS);
}

#[test]
fn endless_rows_do_not_take_the_others_with_them() {
    let mut file = b"Name;Telefon\n".to_vec();
    file.extend(std::iter::repeat_n(b'x', 3_000_000));
    file.extend_from_slice(b"\nAnna;0221 66966966\n");
    file.extend(std::iter::repeat_n(b';', 2_000));
    file.extend_from_slice(b"\nBert;0221 66966967");
    let report = import(&file);
    assert_eq!(shown(&report), ["Anna/: +4922166966966", "Bert/: +4922166966967"]);
    assert_eq!(problems(&report.skipped), [(2, "row_too_long"), (4, "row_too_long")]);
}

#[test]
fn files_that_bring_nothing_say_why() {
    for (file, code) in [
        (&b""[..], "import_empty"),
        (b"\n \n;;\n", "import_empty"),
        (b"Name;Ort\nAnna;Bonn\n", "import_no_number_column"),
        (b"Kundennummer;Telefon\n1;0221 66966966\n", "import_no_name_column"),
        (b"\x89PNG\r\n\x1a\n\0\0", "import_not_text"),
        (b"PK\x03\x04\0\0;Name;Telefon\n", "import_not_text"),
        (b"Name;Telefon\n", ""),
    ] {
        let result = import_csv(file, &NumberPlan::default());
        assert_eq!(result.as_ref().map_or_else(ImportError::code, |_| ""), code, "{:?}", String::from_utf8_lossy(file));
    }
}

#[test]
fn thousands_of_rows_stream_through() {
    let rows = (0..5_000).map(|n| format!("Person {n};Muster;0221 {}\n", 1_000_000 + n)).collect::<String>();
    let report = import(format!("Name;Firma;Telefon\n{rows}").as_bytes());
    assert_eq!((report.contacts.len(), report.skipped_count), (5_000, 0));
    let bad = "Person;Muster;\n".repeat(5_000);
    let report = import(format!("Name;Firma;Telefon\n{bad}").as_bytes());
    assert_eq!((report.skipped.len(), report.skipped_count), (MAX_PROBLEMS, 5_000));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_imported_or_refused(tail in prop::collection::vec(any::<u8>(), 0..400)) {
        let file = [&b"Name;Firma;Telefon\n"[..], &tail, &b"\nAnna;x;0221 66966966\n"[..]].concat();
        let report = import(&file);
        let lines = file.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u64 + 1;
        prop_assert!(report.skipped.iter().all(|problem| (2..=lines).contains(&problem.line)));
        let _ = import_csv(tail.as_slice(), &NumberPlan::default());
    }

    #[test]
    fn what_is_written_well_is_read_whole(
        rows in prop::collection::vec(("[\\p{L}=&<][\\p{L}0-9 ;,'|\"<-]{0,20}", "[^\\p{C}]{0,20}", 1_000_000_u32..9_999_999), 1..20)
    ) {
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let body: String =
            rows.iter().map(|(name, note, n)| format!("{},{},0221{n}\n", quoted(name), quoted(note))).collect();
        let report = import(format!("Name,Note,Phone\n{body}").as_bytes());
        prop_assert_eq!(report.contacts.len(), rows.len());
        for (contact, (name, _, n)) in report.contacts.iter().zip(&rows) {
            prop_assert_eq!(&contact.name, &Label::new(name));
            let expected = format!("+49221{n}");
            prop_assert_eq!(contact.numbers[0].number.e164(), expected.as_str());
        }
    }
}
