//! Imports contacts from a CSV file as spreadsheets, address books and CRMs write it.

mod cells;
mod columns;
mod decode;
mod foreign;
mod headings;
mod keys;
mod layout;
mod pages;
mod records;
mod row;

use std::io::Read;

use ringside_domain::number::LeftOutReason;
use ringside_domain::{Contact, Label, NumberPlan, Problem};

pub use columns::Column;
use columns::Columns;
use keys::Seen;
pub use keys::{key_of, keyed};
use layout::Layout;

/// Contacts beyond these are left out.
const MAX_CONTACTS: usize = 500_000;
/// Problems beyond these are counted only.
const MAX_PROBLEMS: usize = 1_000;

/// What an import brought.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ImportReport {
    pub contacts: Vec<Contact>,
    /// The columns of the file, each with its heading and what it was taken for; `None` for those not understood.
    pub columns: Vec<(Label, Option<Column>)>,
    /// Rows left out, the first thousand of them.
    pub skipped: Vec<RowProblem>,
    /// How many rows were left out in all.
    pub skipped_count: usize,
    /// Numbers left out of rows that were taken, the first thousand of them.
    pub unread: Vec<RowProblem>,
    /// How many numbers were left out of rows that were taken in all.
    pub unread_count: usize,
    /// The file has more than half a million contacts, or more than 256 MB; the rest was left out.
    pub cut: bool,
    /// A name beyond ASCII where nothing but its words tells how the file is written: they may have told wrong.
    pub sample: Option<Label>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct RowProblem {
    /// The line of the file on which the row begins, from 1.
    pub line: u64,
    /// The heading of the column; empty where the row itself is meant.
    pub column: Label,
    /// What stands there, cut.
    pub text: Label,
    pub reason: RowReason,
}

/// Why a row or a number was left out.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RowReason {
    /// No name and no company.
    NoName,
    /// No number in any of the number columns.
    NoNumber,
    /// Something in a column of numbers that became none; of a row left out, the first.
    Cell(LeftOutReason),
    /// More numbers than a contact may have.
    TooMany,
    /// A number behind the last heading.
    NoHeading,
    /// More than 64 kB, or more than 512 fields.
    TooLong,
    /// A quotation mark is never closed.
    OpenQuote,
    /// A line above the headings.
    AboveHeadings,
    /// Duplicate of a row above.
    Repeated,
}

impl RowReason {
    /// Stable, snake_case.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoName => "no_name",
            Self::NoNumber => "no_number",
            Self::Cell(why) => why.code(),
            Self::TooMany => "too_many_numbers",
            Self::NoHeading => "no_heading",
            Self::TooLong => "row_too_long",
            Self::OpenQuote => "open_quote",
            Self::AboveHeadings => "above_headings",
            Self::Repeated => "row_repeated",
        }
    }

    /// One English sentence.
    pub fn message(self) -> String {
        let text = match self {
            Self::NoName => "Name and company are missing.",
            Self::NoNumber => "The phone number is missing.",
            Self::Cell(why) => return why.message(),
            Self::TooMany => "A contact has at most 64 numbers.",
            Self::NoHeading => "The column has no heading.",
            Self::TooLong => "The row is too long.",
            Self::OpenQuote => "A quotation mark is never closed.",
            Self::AboveHeadings => "The line is above the headings.",
            Self::Repeated => "Duplicate of a row above.",
        };
        text.to_owned()
    }
}

/// What was left out of a row, or the row itself.
struct LeftOut {
    column: Label,
    text: Label,
    reason: RowReason,
}

impl LeftOut {
    /// So much of a cell tells which it is.
    const MAX_CHARS: usize = 40;

    fn cut(text: &str) -> Label {
        match text.char_indices().nth(Self::MAX_CHARS) {
            Some((end, _)) => Label::new(&format!("{}…", &text[..end])),
            None => Label::new(text),
        }
    }

    fn at(self, line: u64) -> RowProblem {
        RowProblem { line, column: self.column, text: self.text, reason: self.reason }
    }
}

impl From<RowReason> for LeftOut {
    fn from(reason: RowReason) -> Self {
        Self { column: Label::default(), text: Label::default(), reason }
    }
}

/// Why nothing could be imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("the file cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    #[error("the file is empty")]
    Empty,
    #[error("no column holds phone numbers")]
    NoNumberColumn,
    #[error("no column holds names or companies")]
    NoNameColumn,
    #[error("the columns could not be told apart")]
    ColumnsUnclear,
    #[error("this is not a text file")]
    NotText,
    #[error("this is a vCard file")]
    VCard,
    #[error("this is not a CSV file")]
    NotCsv,
}

impl ImportError {
    /// Stable, snake_case.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "import_unreadable",
            Self::Empty => "import_empty",
            Self::NoNumberColumn => "import_no_number_column",
            Self::NoNameColumn => "import_no_name_column",
            Self::ColumnsUnclear => "import_columns_unclear",
            Self::NotText => "import_not_text",
            Self::VCard => "import_vcard",
            Self::NotCsv => "import_not_csv",
        }
    }

    /// The way out, in one English sentence.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "Check that the file exists and that you may read it.",
            Self::Empty => "Export the contacts again, with a first line that names the columns.",
            Self::NoNumberColumn => "Name a column Phone, Mobile, Telefon or Mobil in the line of headings.",
            Self::NoNameColumn => "Name a column Name, Company or Firma in the line of headings.",
            Self::ColumnsUnclear => "Save with commas or semicolons.",
            Self::NotText => "Save the spreadsheet as CSV.",
            Self::VCard | Self::NotCsv => "Export the contacts as CSV.",
        }
    }
}

impl From<&ImportError> for Problem {
    fn from(error: &ImportError) -> Self {
        Self::new(error.code(), format!("Nothing was imported: {error}."), error.hint())
    }
}

/// Reads a CSV file row by row: in UTF-8, UTF-16 or a code page; with commas, semicolons, tabs or bars; with headings in
/// many languages, under a title or without one. What a column holds is judged by its heading and its cells. A row that
/// cannot be used is reported and does no harm to the others.
///
/// National numbers are read by the plan; extensions are no contacts' numbers.
pub fn import_csv(reader: impl Read, plan: &NumberPlan) -> Result<ImportReport, ImportError> {
    let (bytes, cut) = decode::whole(reader)?;
    if let Some(error) = foreign::binary(&bytes) {
        return Err(error);
    }
    let (bytes, is_told_by_words) = decode::utf8(bytes);
    if let Some(error) = foreign::text(&bytes) {
        return Err(error);
    }
    let plan = NumberPlan { extension_digits: 0, ..plan.clone() };
    let layout = Layout::of(&bytes, &plan).ok_or(ImportError::Empty)?;
    if layout.headings.iter().any(|field| field.contains('\0')) {
        return Err(ImportError::NotText);
    }
    let columns = Columns::of(&layout, &plan)?;
    let mut report = ImportReport { columns: columns.recognised(), cut, ..ImportReport::default() };
    for line in &layout.above {
        report.skip(*line, RowReason::AboveHeadings.into());
    }
    let mut seen = Seen::default();
    for (line, record) in layout.rows() {
        let row = match record {
            Ok(fields) if fields.iter().all(|field| field.trim().is_empty()) => continue,
            Ok(fields) => row::contact(&fields, &columns, &plan),
            Err(reason) => Err(reason.into()),
        };
        match row {
            Ok(_) if report.contacts.len() >= MAX_CONTACTS => {
                report.cut = true;
                break;
            }
            Ok((contact, _)) if seen.has(&contact, &report.contacts) => report.skip(line, RowReason::Repeated.into()),
            Ok((contact, unread)) => {
                seen.add(&contact, report.contacts.len());
                report.contacts.push(contact);
                report.unread_count += unread.len();
                let room = MAX_PROBLEMS.saturating_sub(report.unread.len());
                report.unread.extend(unread.into_iter().take(room).map(|left| left.at(line)));
            }
            Err(left) => report.skip(line, left),
        }
    }
    if is_told_by_words {
        let mut names = report.contacts.iter().flat_map(|contact| [&contact.name, &contact.company]);
        report.sample = names.find(|name| !name.as_str().is_ascii()).cloned();
    }
    Ok(report)
}

impl ImportReport {
    fn skip(&mut self, line: u64, left: LeftOut) {
        self.skipped_count += 1;
        if self.skipped.len() < MAX_PROBLEMS {
            self.skipped.push(left.at(line));
        }
    }
}

#[cfg(test)]
#[path = "import_tests.rs"]
mod tests;
