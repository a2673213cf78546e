//! What the words in front of digits say of them.

use super::text::Text;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Hint {
    /// "Tel.", "mobile": what follows is dialled.
    Phone,
    /// "Invoice no.": what follows is not dialled, however it looks.
    Reference,
    /// "Invoice": what follows is not dialled, unless it is plainly a telephone number.
    PerhapsReference,
    None,
}

/// Looks at the last three words of the line before a place, the nearest first.
pub(super) fn hint(text: &Text, start: usize) -> Hint {
    let mut numbered = false;
    let mut hint = Hint::None;
    for word in words_before(text, start) {
        match kind(&word) {
            Kind::Phone => return if hint == Hint::None { Hint::Phone } else { hint },
            Kind::Reference if hint == Hint::None => {
                hint = if numbered { Hint::Reference } else { Hint::PerhapsReference };
            }
            Kind::ReferenceNumber => return Hint::Reference,
            Kind::Number => numbered = true,
            Kind::Reference | Kind::Other => {}
        }
    }
    if hint == Hint::None && numbered { Hint::PerhapsReference } else { hint }
}

fn words_before(text: &Text, start: usize) -> Vec<String> {
    const FARTHEST: usize = 48;
    let mut words = Vec::new();
    let mut word = Vec::new();
    for at in (start.saturating_sub(FARTHEST)..start).rev() {
        let c = text.get(at);
        if c.is_alphabetic() {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if words.len() == 3 || matches!(c, '\n' | ',' | ';' | '!' | '?' | '|') || c.is_ascii_digit() {
            break;
        }
    }
    if !word.is_empty() && words.len() < 3 {
        words.push(word);
    }
    words.into_iter().map(|word| word.into_iter().rev().collect::<String>().to_lowercase()).collect()
}

/// Whether a word is one for a telephone; `None` for those that say neither yes nor no of it.
pub(super) fn is_telephone(word: &str) -> Option<bool> {
    match kind(word) {
        Kind::Phone => Some(true),
        Kind::Number => Some(false),
        Kind::Other if matches!(word, "nummer" | "number") => Some(false),
        Kind::Reference | Kind::ReferenceNumber | Kind::Other => None,
    }
}

/// Whether a word says where a number rings, which at the edge of an entry belongs to the number.
pub(super) fn is_kind(word: &str) -> bool {
    const WORDS: [&str; 24] = [
        "büro",
        "buero",
        "privat",
        "dienstlich",
        "geschäftlich",
        "firma",
        "arbeit",
        "direkt",
        "office",
        "work",
        "home",
        "private",
        "direct",
        "main",
        "bureau",
        "domicile",
        "privé",
        "ufficio",
        "casa",
        "privato",
        "משרד",
        "בית",
        "ישיר",
        "פקס",
    ];
    WORDS.contains(&word)
}

/// Whether a letter stands for such a word. An O that no colon follows may be a zero.
pub(super) fn is_letter(word: &str, behind: &str) -> bool {
    match word {
        "o" => behind.starts_with(':'),
        "t" | "m" | "f" | "h" | "p" | "w" | "c" | "d" => behind.starts_with([':', '.', ' ', '\u{a0}']),
        _ => false,
    }
}

enum Kind {
    Phone,
    Reference,
    ReferenceNumber,
    /// "No.": of what, another word says.
    Number,
    Other,
}

fn kind(word: &str) -> Kind {
    const PHONE: [&str; 44] = [
        "tel",
        "tél",
        "telefon",
        "telephone",
        "phone",
        "fon",
        "telefonnummer",
        "rufnummer",
        "mobil",
        "mobile",
        "mobilnummer",
        "handy",
        "handynummer",
        "natel",
        "cell",
        "fax",
        "telefax",
        "faxnummer",
        "durchwahl",
        "dw",
        "ext",
        "extension",
        "nebenstelle",
        "intern",
        "hotline",
        "notruf",
        "emergency",
        "call",
        "ruf",
        "anruf",
        "anrufen",
        "dial",
        "dialling",
        "téléphone",
        "telefono",
        "cellulare",
        "portable",
        "whatsapp",
        "zentrale",
        "callback",
        "rückruf",
        "טלפון",
        "טל",
        "נייד",
    ];
    const REFERENCE: [&str; 60] = [
        "rechnung",
        "rg",
        "re",
        "invoice",
        "inv",
        "facture",
        "fattura",
        "bestellung",
        "best",
        "order",
        "po",
        "commande",
        "ordine",
        "auftrag",
        "kunde",
        "kunden",
        "kd",
        "customer",
        "cliente",
        "ticket",
        "case",
        "vorgang",
        "aktenzeichen",
        "az",
        "vertrag",
        "contract",
        "police",
        "artikel",
        "art",
        "item",
        "sku",
        "beleg",
        "lieferschein",
        "angebot",
        "offerte",
        "quote",
        "gutschrift",
        "mahnung",
        "steuer",
        "ust",
        "vat",
        "uid",
        "hrb",
        "hra",
        "blz",
        "bic",
        "konto",
        "iban",
        "plz",
        "ref",
        "referenz",
        "reference",
        "zeichen",
        "id",
        "projekt",
        "isbn",
        "ean",
        "pin",
        "tan",
        "code",
    ];
    const NUMBER: [&str; 6] = ["nr", "no", "num", "numéro", "numero", "n"];
    if PHONE.contains(&word) || word.ends_with("telefon") || word.ends_with("phone") {
        Kind::Phone
    } else if matches!(word, "nummer" | "number") {
        Kind::Other
    } else if NUMBER.contains(&word) {
        Kind::Number
    } else if REFERENCE.contains(&word) {
        Kind::Reference
    } else if (word.ends_with("nummer") || word.ends_with("nr")) && word.len() > 3 {
        Kind::ReferenceNumber
    } else {
        Kind::Other
    }
}
