//! What a file's headings mean.

use ringside_domain::Label;

use super::ImportError;
use crate::fold::fold;

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Column {
    Name,
    FirstName,
    LastName,
    Company,
    /// A telephone number; the heading is its kind.
    Number,
    Vip,
    Note,
}

impl Column {
    /// Stable, snake_case.
    pub fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::FirstName => "first_name",
            Self::LastName => "last_name",
            Self::Company => "company",
            Self::Number => "number",
            Self::Vip => "vip",
            Self::Note => "note",
        }
    }

    fn of(heading: &str) -> Option<Self> {
        const FIRST: [&str; 7] = ["vorname", "first name", "firstname", "given name", "prenom", "rufname", "first"];
        const LAST: [&str; 10] = [
            "nachname",
            "last name",
            "lastname",
            "family name",
            "surname",
            "nom de famille",
            "cognome",
            "zuname",
            "familienname",
            "last",
        ];
        const NAME: [&str; 13] = [
            "name",
            "full name",
            "fullname",
            "display name",
            "displayname",
            "anzeigename",
            "contact",
            "kontakt",
            "person",
            "ansprechpartner",
            "nom",
            "nome",
            "contact name",
        ];
        const COMPANY: [&str; 14] = [
            "company",
            "company name",
            "firma",
            "firmenname",
            "unternehmen",
            "organisation",
            "organization",
            "societe",
            "entreprise",
            "azienda",
            "ditta",
            "account",
            "organization 1 name",
            "organization name",
        ];
        const NOTE: [&str; 12] = [
            "note",
            "notes",
            "notiz",
            "notizen",
            "bemerkung",
            "bemerkungen",
            "comment",
            "comments",
            "kommentar",
            "remarque",
            "nota",
            "info",
        ];
        const VIP: [&str; 4] = ["vip", "wichtig", "important", "key account"];
        let folded = fold(heading);
        let is = |words: &[&str]| words.contains(&folded.as_str());
        if is(&FIRST) {
            Some(Self::FirstName)
        } else if is(&LAST) {
            Some(Self::LastName)
        } else if is(&NAME) {
            Some(Self::Name)
        } else if is(&COMPANY) {
            Some(Self::Company)
        } else if is(&NOTE) {
            Some(Self::Note)
        } else if is(&VIP) {
            Some(Self::Vip)
        } else {
            holds_numbers(&folded).then_some(Self::Number)
        }
    }
}

fn holds_numbers(folded: &str) -> bool {
    const WORDS: [&str; 15] = [
        "tel",
        "fon",
        "phone",
        "mobil",
        "mobile",
        "handy",
        "natel",
        "cell",
        "fax",
        "durchwahl",
        "nummer",
        "number",
        "zentrale",
        "portable",
        "cellulare",
    ];
    const WITHIN: [&str; 6] = ["telefon", "telephon", "telefax", "rufnummer", "phone", "mobil"];
    // Google's "Phone 1 - Type" holds the kind, not the number.
    const NOT: [&str; 8] = ["type", "typ", "label", "art", "kundennummer", "hausnummer", "email", "mail"];
    let words = || folded.split(' ');
    !words().any(|word| NOT.contains(&word))
        && (words().any(|word| WORDS.contains(&word)) || WITHIN.iter().any(|part| folded.contains(part)))
        && !matches!(folded, "house number" | "customer number" | "order number" | "account number" | "id number")
}

pub(super) struct Columns {
    columns: Vec<Option<Column>>,
    kinds: Vec<Label>,
}

impl Columns {
    /// Needs a column of numbers, and one of names or companies.
    pub fn of(heading: &[String]) -> Result<Self, ImportError> {
        let columns: Vec<_> = heading.iter().map(|text| Column::of(text)).collect();
        let has = |wanted: &[Column]| columns.iter().flatten().any(|column| wanted.contains(column));
        if !has(&[Column::Number]) {
            return Err(ImportError::NoNumberColumn);
        }
        if !has(&[Column::Name, Column::FirstName, Column::LastName, Column::Company]) {
            return Err(ImportError::NoNameColumn);
        }
        Ok(Self { kinds: heading.iter().map(|text| Label::new(text)).collect(), columns })
    }

    pub fn recognised(&self, heading: &[String]) -> Vec<(Label, Option<Column>)> {
        heading.iter().map(|text| Label::new(text)).zip(self.columns.iter().copied()).collect()
    }

    /// The first field of this kind that holds something.
    pub fn text<'a>(&self, fields: &'a [String], wanted: Column) -> &'a str {
        let mut texts = fields.iter().zip(&self.columns).filter(|(_, column)| **column == Some(wanted));
        texts.find(|(text, _)| !text.trim().is_empty()).map_or("", |(text, _)| text.trim())
    }

    /// The fields that hold numbers, with their kinds.
    pub fn numbers<'a>(&'a self, fields: &'a [String]) -> impl Iterator<Item = (&'a str, &'a Label)> {
        fields
            .iter()
            .zip(&self.columns)
            .zip(&self.kinds)
            .filter(|((text, column), _)| **column == Some(Column::Number) && !text.trim().is_empty())
            .map(|((text, _), kind)| (text.trim(), kind))
    }
}
