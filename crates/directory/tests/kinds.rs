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
