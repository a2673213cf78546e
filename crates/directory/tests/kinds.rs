//! Kinds of files and columns that people have, each in several variants, beside what only looks like them.

use ringside_directory::{ImportError, ImportReport, import_csv};
use ringside_domain::NumberPlan;

fn import(bytes: &[u8]) -> Result<ImportReport, ImportError> {
    import_csv(bytes, &NumberPlan::default())
}

fn code(bytes: &[u8]) -> &'static str {
    import(bytes).as_ref().map_or_else(ImportError::code, |_| "")
}

const CARDS: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Berger;Anna;;;\r\nFN:Anna Berger\r\nORG:Nord GmbH;Vertrieb\r\n\
    TEL;TYPE=CELL:+49 171 5555555\r\nTEL;TYPE=WORK:0221 66966966\r\nEND:VCARD\r\n\
    BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Jörg Öz\r\nTEL;TYPE=WORK:0221 66966967\r\nEND:VCARD\r\n";

/// The text as files have it: with a mark, in two bytes a letter, in a code page, below empty lines.
fn written(text: &str) -> Vec<Vec<u8>> {
    let little = || text.encode_utf16().flat_map(u16::to_le_bytes);
    let western = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
    vec![
        text.as_bytes().to_vec(),
        format!("\u{feff}{text}").into_bytes(),
        format!("\n \r\n{text}").into_bytes(),
        [0xff, 0xfe].into_iter().chain(little()).collect(),
        little().collect(),
        [0xfe, 0xff].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect(),
        western,
    ]
}

#[test]
fn cards_are_told_from_tables() {
    for cards in [CARDS.to_owned(), CARDS.replace("\r\n", "\n"), CARDS.to_lowercase(), CARDS.replace("3.0", "2.1")] {
        for bytes in written(&cards) {
            assert_eq!(code(&bytes), "import_vcard", "{:?}", String::from_utf8_lossy(&bytes[..40]));
        }
    }
    let about_cards = format!("Name;Telefon;Notiz\nAnna;0221 66966966;\"{}\"\n", CARDS.replace(";", ","));
    assert_eq!(code(about_cards.as_bytes()), "");
}

#[test]
fn what_is_no_table_is_called_so() {
    for text in [
        "{\"name\": \"Jörg\", \"phone\": \"0221 66966966\"}\n",
        "[\n  {\n    \"name\": \"Jörg\",\n    \"phone\": \"0221 66966966\"\n  }\n]\n",
        "[[\"name\",\"phone\"],[\"Jörg\",\"0221 66966966\"]]",
        "{\"name\":\"Jörg\",\"phone\":\"0221 66966966\"}\n{\"name\":\"Uwe\",\"phone\":\"0221 66966967\"}\n",
        "<?xml version=\"1.0\"?>\n<contacts><contact name=\"Jörg\" phone=\"0221 66966966\"/></contacts>\n",
        "<!DOCTYPE html>\n<html><body>Jörg, 0221 66966966</body></html>",
        "<table>\n<tr><td>Name</td><td>Phone</td></tr>\n<tr><td>Jörg</td><td>0221 66966966</td></tr>\n</table>\n",
        "<!-- export --><list><Name>Jörg</Name></list>\n",
        "version: 1\n\n# Jörg\ndn: cn=Anna Berger,dc=example,dc=com\ncn: Anna Berger\ntelephoneNumber: 0221 66966966\n",
        "dn: cn=Jörg,mail=joerg@example.com\nobjectclass: top\nmobile: +49 171 5555555\n",
        "BEGIN:VCALENDAR\nSUMMARY:Jörg, 0221 66966966\nEND:VCALENDAR\n",
        "{\\rtf1\\ansi Name;Jörg\\par}\n",
        "INSERT INTO contacts VALUES ('Jörg', '0221 66966966');\n",
    ] {
        for bytes in written(text) {
            assert_eq!(code(&bytes), "import_not_csv", "{:?}", String::from_utf8_lossy(&bytes));
        }
    }
    assert_eq!(
        code(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nstream\n\0\x01;,;\0\n"),
        "import_not_csv"
    );
    for binary in [
        &b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0Name;Telefon\nAnna;0221 66966966\n"[..],
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\0",
        b"\xff\xd8\xff\xe0\0\x10JFIF\0",
        b"\x1f\x8b\x08\0\0\0\0\0Name,Phone\n",
    ] {
        assert_eq!(code(binary), "import_not_text", "{:?}", String::from_utf8_lossy(binary));
    }
}

#[test]
fn tables_with_brackets_are_tables() {
    for headings in
        ["[Name];[Telefon]", "<Name>;<Telefon>", "{Name};{Telefon}", "\"Name\";\"Telefon\"", "dn;Name;Telefon"]
    {
        let row = if headings.starts_with("dn") { "cn=Anna;Anna;0221 66966966" } else { "Anna;0221 66966966" };
        let report = import(format!("{headings}\n{row}\n").as_bytes()).unwrap();
        assert_eq!(report.contacts.len(), 1, "{headings}");
    }
}

/// "name: numbers" of each contact.
fn shown(report: &ImportReport) -> Vec<String> {
    let numbers = |it: &ringside_domain::Contact| it.numbers.iter().map(|it| it.number.e164().to_owned()).collect();
    let contacts = report.contacts.iter();
    contacts
        .map(|it| (it, numbers(it)))
        .map(|(it, numbers): (_, Vec<_>)| format!("{}: {}", it.name, numbers.join(" ")))
        .collect()
}

fn of_region(region: &str, text: &str) -> ImportReport {
    let plan = NumberPlan { region: region.to_owned(), ..NumberPlan::default() };
    import_csv(text.as_bytes(), &plan).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn unused(report: &ImportReport) -> Vec<&str> {
    report.columns.iter().filter(|(_, column)| column.is_none()).map(|(heading, _)| heading.as_str()).collect()
}

#[test]
fn the_end_of_a_number_stands_in_a_column_of_its_own() {
    for heading in ["DW", "Durchwahl", "Direktwahl", "Klappe", "Kl.", "DW-Nr.", "Durchwahlnummer", "DDI"] {
        for (region, rows, expected) in [
            ("DE", "Jana;0221 669669-0;66\nUwe;0221 669669-0;67\n", ["Jana: +4922166966966", "Uwe: +4922166966967"]),
            (
                "DE",
                "Jana;0221/669669/0;-66\nUwe;+49 221 669669 0;- 67\n",
                ["Jana: +4922166966966", "Uwe: +4922166966967"],
            ),
            ("DE", "Jana;0221 669669-;66\nUwe;0221 669669;67\n", ["Jana: +4922166966966", "Uwe: +4922166966967"]),
            ("DE", "Jana;0221 669669-0;66.0\nUwe;0221 669669-0;\n", ["Jana: +4922166966966", "Uwe: +492216696690"]),
            ("AT", "Jana;01 58858;22\nUwe;+43 1 58858-0;101\n", ["Jana: +4315885822", "Uwe: +43158858101"]),
            ("AT", "Jana;0662 588580-0;22\nUwe;01 58858-0;44\n", ["Jana: +4366258858022", "Uwe: +4315885844"]),
            ("AT", "Jana;01 58858;22\nUwe;01 58858-44;44\n", ["Jana: +4315885822", "Uwe: +4315885844"]),
        ] {
            let report = of_region(region, &format!("Name;Telefon;{heading}\n{rows}"));
            assert_eq!(shown(&report), expected, "{heading}: {rows}");
            assert_eq!((unused(&report), report.unread_count), (vec![], 0), "{heading}: {rows}");
        }
    }
    let whole = "Name;Telefon;DW\nJana;0221 66966966;66\nUwe;0221 66966967;67\nEva;0221 669669-0;68\n";
    let report = of_region("DE", whole);
    assert_eq!(
        (shown(&report)[0].as_str(), unused(&report)),
        ("Jana: +4922166966966", vec!["DW"]),
        "the ends are there"
    );
    for row in ["Jana;0221 669669-44;66", "Jana;+41 44 6681800;66", "Jana;0171 5555555;66"] {
        let report = of_region("DE", &format!("Name;Telefon;DW\n{row}\n"));
        assert_eq!(report.unread.iter().map(|it| it.reason.code()).collect::<Vec<_>>(), ["not_dialled"], "{row}");
        assert_eq!(report.contacts[0].numbers.len(), 1, "{row}");
    }
    let alone = "Name;Telefon;DW;Mobil\nJana;;66;0171 5555555\nUwe;;0221 66966967;\nEva;0221 669669-0;68;\n";
    let report = of_region("DE", alone);
    let expected = ["Jana: +491715555555", "Uwe: +4922166966967", "Eva: +4922166966968"];
    assert_eq!(shown(&report), expected, "without a switchboard");
    assert_eq!(report.unread.iter().map(|it| (it.line, it.text.as_str())).collect::<Vec<_>>(), [(2, "66")]);
    let report = of_region("DE", "Name;DW;Mobil;Zentrale\nJana;66;0171 5555555;0221 669669-0\n");
    assert_eq!(shown(&report), ["Jana: +491715555555 +4922166966966"], "a mobile has no end");
    let report = of_region("DE", "Name;Telefon;DW;Fax;DW\nJana;0221 669669-0;66;0221 669669-0;99\n");
    assert_eq!(shown(&report), ["Jana: +4922166966966 +4922166966999"], "each number has its own");
    let report =
        of_region("DE", "Name;Telefon;DW\nJana;0221 669669-0;Empfang\nUwe;0221 669669-0;67\nEva;0221 669669-0;68\n");
    assert_eq!(shown(&report)[0], "Jana: +492216696690");
    assert_eq!(report.unread.iter().map(|it| it.text.as_str()).collect::<Vec<_>>(), ["Empfang"]);
    let short = of_region("DE", "Name;Telefon;Klappe\nJana;01 58858;22\n");
    assert_eq!((shown(&short).len(), short.skipped_count), (0, 1), "named, for it is too short in this region");
}

#[test]
fn an_extension_beside_a_switchboard_is_not_dialled_and_loses_nobody() {
    for heading in ["Nebenstelle", "Nst.", "Extension", "Ext.", "Nebenstellennummer", "Poste", "Interno"] {
        let report = of_region("DE", &format!("Name;Telefon;{heading}\nJana;0221 669669-0;66\nUwe;0221 669669-0;67\n"));
        assert_eq!(shown(&report), ["Jana: +492216696690", "Uwe: +492216696690"], "{heading}");
        assert_eq!(unused(&report), [heading]);
        let report =
            of_region("DE", &format!("Firma;Telefon;{heading}\nNord AG;0221 669669-0;66\nNord AG;0221 669669-0;67\n"));
        assert!(report.contacts.len() + report.skipped_count == 2, "{heading}: {report:?}");
    }
}

#[test]
fn what_is_said_of_a_telephone_is_none() {
    for heading in
        "Phone Verified At|Phone Verified|Phone Status|Phone Type|Mobile Opt-in|Phone Consent|Mobile IMEI|Mobile ICCID|\
        Phone Provider|Mobile Carrier|Phone Country|Phone Timezone|Phone Count|Phone ID|Phone Confirmed|\
        Mobile Opt Out|Phone Created At|Phone Updated|Phone Last Checked|Phone valid|Phone extension|SMS consent mobile|\
        Telefon geprüft am|Telefon geprüft|Telefon Status|Telefonstatus|Telefontyp|Telefonanbieter|Telefon Typ|\
        Mobil Anbieter|Telefon Land|Telefon bestätigt am|Telefon Einwilligung|Telefon gültig|Mobilfunkanbieter|\
        Mobilfunkvertrag|Handy-Vertrag|Handymodell|Telefonmodell|Phone Model|Phone Plan|Phone Source|Telefon geändert am|\
        Tarif Mobil|SIM-Karte Mobil|Mobile PIN|Telefon Notiz|Phone Notes"
            .split('|')
    {
        for cell in ["0221444444", "2026-01-02 10:11:12", "1764565260", "+49"] {
            let report = of_region("DE", &format!("Name;Phone;{heading}\nJana;0221 66966966;{cell}\n"));
            assert_eq!(shown(&report), ["Jana: +4922166966966"], "{heading}: {cell}");
            if heading.contains("Not") {
                continue;
            }
            assert_eq!(unused(&report), [heading]);
        }
    }
    for heading in
        "Phone 2|Mobile Phone|Phone (work)|Telephone No.|Phone Number|Phone #|Cell|Work Phone 2|Telefon am Arbeitsplatz|\
        Telefon (Büro)|Phone - Home|Primary Phone|Assistant's Phone|Main Line Phone|Telefon privat|Mobile (private)|\
        Contact Phone|Phone Main|Callback Phone|Telefonnummer geschäftlich|Phone 1 - Value|Handy-Nr.|Company Main Phone"
            .split('|')
    {
        let report = of_region("DE", &format!("Name;Fax;{heading}\nJana;0221 66966999;0221 66966966\n"));
        assert_eq!(shown(&report), ["Jana: +4922166966999 +4922166966966"], "{heading}");
    }
}

#[test]
fn names_are_put_together_in_many_languages() {
    for (headings, row, expected) in [
        ("Имя;Фамилия;Компания;Мобильный", "Иван;Петров;Север", "Иван Петров"),
        ("Ім'я;Прізвище;Організація;Телефон", "Олена;Шевченко;Північ", "Олена Шевченко"),
        ("Keresztnév;Vezetéknév;Cég;Telefonszám", "László;Nagy;Észak Kft.", "László Nagy"),
        ("Prenume;Nume;Firmă;Telefon", "Ana;Popescu;Nord SRL", "Ana Popescu"),
        ("Ime;Prezime;Tvrtka;Mobitel", "Ana;Horvat;Sjever d.o.o.", "Ana Horvat"),
        ("Etunimi;Sukunimi;Yritys;Puhelin", "Aino;Virtanen;Pohjoinen Oy", "Aino Virtanen"),
        ("Όνομα;Επώνυμο;Εταιρεία;Κινητό", "Μαρία;Νικολάου;Βορράς", "Μαρία Νικολάου"),
        ("الاسم الأول;اسم العائلة;الشركة;الجوال", "محمد;علي;النور", "محمد علي"),
        ("名;姓;公司;手机", "小明;王;北京公司", "王小明"),
        ("名;姓;会社名;電話番号", "太郎;田中;サンプル", "田中太郎"),
        ("Име;Фамилия;Фирма;Телефон", "Мария;Иванова;Север", "Мария Иванова"),
        ("Meno;Priezvisko;Spoločnosť;Mobil", "Jana;Nováková;Sever", "Jana Nováková"),
        ("Ime;Priimek;Podjetje;Telefonska številka", "Ana;Novak;Sever", "Ana Novak"),
        ("Fornavn;Etternavn;Firma;Tlf. arbeid", "Kari;Nordmann;Nord AS", "Kari Nordmann"),
    ] {
        let report = of_region("DE", &format!("{headings}\n{row};0221 66966966\n"));
        assert_eq!(shown(&report), [format!("{expected}: +4922166966966")], "{headings}");
        let company = row.rsplit(';').next().unwrap_or_default();
        assert_eq!(report.contacts[0].company.as_str(), company, "{headings}");
    }
}

#[test]
fn columns_are_told_apart_by_their_cells_or_called_unclear() {
    for headings in ["Telefon;Name", "Telefon;Firma", "Mobil;Nachname", "Rufnummer;Kontakt"] {
        let report = of_region("DE", &format!("{headings}\nJana;0221 66966966\nUwe;+49 171 5555555\n"));
        let contact = &report.contacts[0];
        assert_eq!((report.contacts.len(), report.skipped_count), (2, 0), "{headings}");
        assert_eq!(format!("{}{}", contact.name, contact.company), "Jana", "{headings}");
        let kind = contact.numbers[0].kind.as_ref().map(ToString::to_string);
        assert_eq!(kind.as_deref(), headings.split(';').next(), "{headings}: the kind is a telephone's");
    }
    for file in [
        "Name^Telefon\nJana^0221 66966966\nUwe^0221 66966967\n",
        "Name~Telefon\nJana~0221 66966966\n",
        "Name:Telefon\nJana:0221 66966966\n",
        "Name      Telefon\nJana      0221 66966966\nUwe       0221 66966967\n",
        "Jana Beispiel   0221 66966966\nUwe Muster      0221 66966967\n",
        "First Name^Last Name^Phone\nJana^Beispiel^0221 66966966\n",
        "Telefon;Name\nJana 7;0221 66966966\nUwe;0221 66966967\n",
    ] {
        assert_eq!(code(file.as_bytes()), "import_columns_unclear", "{file}");
    }
    for (file, expected) in [
        ("Telefon\n0221 66966966\n", "import_no_name_column"),
        ("Name\nJana\nUwe\n", "import_no_number_column"),
        ("Name;Ort\nAnna;Bonn\n", "import_no_number_column"),
        ("Kundennummer;Telefon\n1;0221 66966966\n", "import_no_name_column"),
        ("Name;Telefon\nJana;Uwe\n", ""),
        ("Name;Telefon\n", ""),
        ("Telefon;Name\nJana;0221 66966966\n0221 66966967;Uwe\n", ""),
    ] {
        assert_eq!(code(file.as_bytes()), expected, "{file}");
    }
}

#[test]
fn single_quotation_marks_around_every_cell_are_no_text() {
    let all = "'Name';'Firma';'Telefon'\n'Jana';'Nord AG';'0221 66966966'\n'O'Brien';'';'0221 66966967'\n";
    let report = of_region("DE", all);
    assert_eq!(shown(&report), ["Jana: +4922166966966", "O'Brien: +4922166966967"]);
    assert_eq!(report.contacts[0].company.as_str(), "Nord AG");
    assert_eq!(report.contacts[0].numbers[0].kind.as_ref().map(ToString::to_string).as_deref(), Some("Telefon"));
    assert_eq!(report.columns[0].0.as_str(), "Name");
    let some = "Name;Telefon\n'Jana';0221 66966966\nO'Brien;0221 66966967\n'n Sandwich;0221 66966968\n";
    let expected = ["'Jana': +4922166966966", "O'Brien: +4922166966967", "'n Sandwich: +4922166966968"];
    assert_eq!(shown(&of_region("DE", some)), expected);
    let alone = "Name;Telefon\n'n Sandwich;'0221 66966968\n";
    assert_eq!(shown(&of_region("DE", alone)), ["'n Sandwich: +4922166966968"]);
    let parted = "'Name','Telefon'\n'Berger, Anna','0221 66966966'\n'Öz','0221 66966967'\n";
    assert_eq!(shown(&of_region("DE", parted)), ["Berger, Anna: +4922166966966", "Öz: +4922166966967"]);
}

#[test]
fn a_file_whose_words_tell_how_it_is_written_shows_one_of_them() {
    let sample = |bytes: &[u8]| import(bytes).ok().and_then(|it| it.sample).map(|name| name.to_string());
    let told = b"Name;Firma;Telefon\nAnna;Nord;0221 66966966\nJ\xf6rg;Nord;0221 66966967\n";
    assert_eq!(sample(told).as_deref(), Some("Jörg"));
    assert_eq!(sample(b"Name;Firma;Telefon\nAnna;L\xf6we;0221 66966966\n").as_deref(), Some("Löwe"));
    assert_eq!(sample("Name;Telefon\nJÃ¶rg;0221 66966966\n".as_bytes()).as_deref(), Some("Jörg"));
    for written in ["Name;Telefon\nJörg;0221 66966966\n", "Name;Telefon\nAnna;0221 66966966\n"] {
        assert_eq!(sample(written.as_bytes()), None, "{written}");
    }
    assert_eq!(sample(b"Name;Stra\xdfe;Telefon\nAnna;Weg;0221 66966966\n"), None);
}
