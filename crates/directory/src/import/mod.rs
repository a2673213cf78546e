//! Imports contacts from a CSV file as spreadsheets, address books and CRMs write it.

mod columns;
mod decode;
mod records;
mod row;

use std::io::Read;

use ringside_domain::number::NumberError;
use ringside_domain::{Contact, Label, NumberPlan, Problem};

use crate::fold::fold;
pub use columns::Column;
use columns::Columns;
use records::Records;

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
    /// The file has more than half a million contacts; the rest was left out.
    pub cut: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct RowProblem {
    /// The line of the file on which the row begins, from 1.
    pub line: u64,
    pub reason: RowReason,
}

/// Why a row or a number was left out.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RowReason {
    /// No name and no company.
    NoName,
    /// No number in any of the number columns.
    NoNumber,
    /// None of its numbers could be read; this is why the first could not.
    Number(NumberError),
    /// A number that is reached only from its own network, such as an extension or `116117`.
    NotPublic,
    /// More than 64 kB, or more than 512 fields.
    TooLong,
    /// A quotation mark is never closed.
    OpenQuote,
}

impl RowReason {
    /// Stable, snake_case.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoName => "no_name",
            Self::NoNumber => "no_number",
            Self::Number(error) => error.code(),
            Self::NotPublic => "not_public",
            Self::TooLong => "row_too_long",
            Self::OpenQuote => "open_quote",
        }
    }

    /// One English sentence.
    pub fn message(self) -> String {
        let text = match self {
            Self::NoName => "There is neither a name nor a company.",
            Self::NoNumber => "There is no telephone number.",
            Self::Number(error) => return error.message(),
            Self::NotPublic => "The number is not one of the public network.",
            Self::TooLong => "The row is too long.",
            Self::OpenQuote => "A quotation mark is opened and never closed.",
        };
        text.to_owned()
    }
}

/// Why nothing could be imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("the file cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    #[error("the file is empty")]
    Empty,
    #[error("no column holds telephone numbers")]
    NoNumberColumn,
    #[error("no column holds names or companies")]
    NoNameColumn,
    #[error("this is no CSV file")]
    NotText,
}

impl ImportError {
    /// Stable, snake_case.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "import_unreadable",
            Self::Empty => "import_empty",
            Self::NoNumberColumn => "import_no_number_column",
            Self::NoNameColumn => "import_no_name_column",
            Self::NotText => "import_not_text",
        }
    }

    /// The way out, in one English sentence.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "Check that the file exists and that you may read it.",
            Self::Empty => "Export the contacts again, with a first line that names the columns.",
            Self::NoNumberColumn => "Name a column Phone, Mobile, Telefon or Mobil in the first line.",
            Self::NoNameColumn => "Name a column Name, Company or Firma in the first line.",
            Self::NotText => "Save the spreadsheet as CSV.",
        }
    }
}

impl From<&ImportError> for Problem {
    fn from(error: &ImportError) -> Self {
        Self::new(error.code(), format!("Nothing was imported: {error}."), error.hint())
    }
}

/// Reads a CSV file row by row: UTF-8 or Windows-1252, or UTF-16 with a mark; commas, semicolons or tabs; a first row of
/// headings in English, German, French or Italian. A row that cannot be used is reported and does no harm to the others.
///
/// National numbers are read by the plan; extensions are no contacts' numbers.
pub fn import_csv(reader: impl Read, plan: &NumberPlan) -> Result<ImportReport, ImportError> {
    let mut records = Records::new(decode::without_mark(reader)?)?;
    let heading = loop {
        match records.next_record()? {
            None => return Err(ImportError::Empty),
            Some((_, Ok(fields))) if fields.iter().any(|field| field.contains('\0')) => {
                return Err(ImportError::NotText);
            }
            Some((_, Ok(fields))) if fields.iter().any(|field| !field.trim().is_empty()) => break fields,
            Some(_) => {}
        }
    };
    let columns = Columns::of(&heading)?;
    let mut report = ImportReport { columns: columns.recognised(&heading), ..ImportReport::default() };
    let plan = NumberPlan { extension_digits: 0, ..plan.clone() };
    while let Some((line, record)) = records.next_record()? {
        let row = match record {
            Ok(fields) if fields.iter().all(|field| field.trim().is_empty()) => continue,
            Ok(fields) => row::contact(&fields, &columns, &plan),
            Err(reason) => Err(reason),
        };
        match row {
            Ok(_) if report.contacts.len() >= MAX_CONTACTS => {
                report.cut = true;
                break;
            }
            Ok((contact, unread)) => {
                report.contacts.push(contact);
                let room = MAX_PROBLEMS.saturating_sub(report.unread.len());
                report.unread.extend(unread.into_iter().take(room).map(|reason| RowProblem { line, reason }));
            }
            Err(reason) => {
                report.skipped_count += 1;
                if report.skipped.len() < MAX_PROBLEMS {
                    report.skipped.push(RowProblem { line, reason });
                }
            }
        }
    }
    Ok(report)
}

/// A key for a contact of a source that has none: the same at the next import while name, company and first number
/// stay.
pub fn key_of(contact: &Contact) -> String {
    let number = contact.numbers.first().map_or("", |number| number.number.e164());
    format!("{}|{}|{number}", fold(contact.name.as_str()), fold(contact.company.as_str()))
}

#[cfg(test)]
#[path = "import_tests.rs"]
mod tests;
