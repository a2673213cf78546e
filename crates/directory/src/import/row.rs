//! One row to one contact.

use ringside_domain::number::{CellReading, read_cell};
use ringside_domain::{Contact, ContactNumber, Label, NumberPlan};

use super::cells::{Look, bare, look, without_fraction};
use super::columns::{Column, Columns, NumberCell};
use super::{LeftOut, RowReason};
use crate::fold::fold;

/// A contact has at most this many numbers.
const MAX_NUMBERS: usize = 64;

/// The contact, and which of its numbers were left out.
pub(super) fn contact(
    fields: &[String],
    columns: &Columns,
    plan: &NumberPlan,
) -> Result<(Contact, Vec<LeftOut>), LeftOut> {
    let name = name(fields, columns);
    let company = Label::new(columns.text(fields, Column::Company));
    if name.is_empty() && company.is_empty() {
        return Err(RowReason::NoName.into());
    }
    let (numbers, unread) = numbers(fields, columns, plan);
    if numbers.is_empty() {
        return Err(unread.into_iter().next().unwrap_or_else(|| RowReason::NoNumber.into()));
    }
    let vip = is_yes(columns.text(fields, Column::Vip));
    let note = Label::new(columns.text(fields, Column::Note));
    Ok((Contact { name, company, numbers, vip, note }, unread))
}

fn name(fields: &[String], columns: &Columns) -> Label {
    let whole = columns.text(fields, Column::Name);
    let (first, last) = (columns.text(fields, Column::FirstName), columns.text(fields, Column::LastName));
    let within = |part: &str| {
        let (whole, part) = (fold(whole), fold(part));
        format!(" {whole} ").contains(&format!(" {part} "))
    };
    Label::new(&match (first, last) {
        ("", "") => whole.to_owned(),
        // "Name" is the family name beside "Vorname" and "Prénom", and the given name beside "Cognome" and "Surname".
        (first, "") if !within(first) => format!("{first} {whole}"),
        ("", last) if !within(last) => format!("{whole} {last}"),
        (_, "") | ("", _) => whole.to_owned(),
        (first, last) => format!("{first} {last}"),
    })
}

fn numbers(fields: &[String], columns: &Columns, plan: &NumberPlan) -> (Vec<ContactNumber>, Vec<LeftOut>) {
    let (mut numbers, mut unread) = (Vec::<ContactNumber>::new(), Vec::new());
    for cell in columns.numbers(fields) {
        let left_out = |text: &str, reason| LeftOut { column: cell.kind.clone(), text: LeftOut::cut(text), reason };
        let reading = in_cell(&cell, plan);
        for number in reading.numbers {
            if numbers.iter().any(|known| known.number == number) {
                continue;
            }
            if numbers.len() == MAX_NUMBERS {
                unread.push(left_out(number.e164(), RowReason::TooMany));
                continue;
            }
            numbers.push(ContactNumber { number, kind: Some(cell.kind.clone()).filter(|kind| !kind.is_empty()) });
        }
        for left in reading.left_out {
            unread.push(left_out(&left.text, RowReason::Cell(left.why)));
        }
    }
    for text in columns.beyond(fields).iter().filter(|text| look(text, plan) == Look::Number) {
        unread.push(LeftOut { column: Label::default(), text: LeftOut::cut(text), reason: RowReason::NoHeading });
    }
    (numbers, unread)
}

/// A cell's numbers; behind what stands in the columns of its codes where it does not begin with a code itself.
fn in_cell(cell: &NumberCell<'_>, plan: &NumberPlan) -> CellReading {
    let (text, whole) = (bare(cell.text), without_fraction(bare(cell.text)));
    let written = with_codes(cell, whole);
    let has_code = text.starts_with(['+', '0']) || text.starts_with("(0") || text.starts_with("(+");
    let alone = || std::iter::once(whole.to_owned());
    let tried: Vec<String> = if has_code || is_mobile(cell.kind) {
        alone().chain(written).collect()
    } else {
        written.into_iter().chain(alone()).collect()
    };
    let mut first = None;
    for text in tried {
        let reading = read_cell(&text, plan);
        if !reading.numbers.is_empty() {
            return reading;
        }
        first.get_or_insert(reading);
    }
    // What the user is told is the cell, whatever was put before it.
    let mut reading = first.unwrap_or_default();
    reading.left_out.truncate(1);
    for left in &mut reading.left_out {
        text.clone_into(&mut left.text);
    }
    reading
}

fn with_codes(cell: &NumberCell<'_>, text: &str) -> Vec<String> {
    let digits = |text: &str| without_fraction(bare(text)).chars().filter(char::is_ascii_digit).collect::<String>();
    let (country, area) = (digits(cell.country), digits(cell.area));
    let (country, area) = (country.trim_start_matches('0'), area.as_str());
    match (country, area) {
        ("", "") => Vec::new(),
        ("", area) if area.starts_with('0') => vec![format!("{area} {text}")],
        ("", area) if cell.area.trim_start().starts_with('+') => vec![format!("+{area} {text}")],
        // A table program took the zero, or none is dialled.
        ("", area) => vec![format!("0{area} {text}"), format!("{area} {text}")],
        (country, area) => {
            let national = format!("{area} {text}");
            let national = national.trim_start();
            let without_zero = national.strip_prefix('0').unwrap_or(national);
            vec![format!("+{country} {without_zero}"), format!("+{country} {national}")]
        }
    }
}

/// The area of a telephone is not its mobile's.
fn is_mobile(heading: &Label) -> bool {
    const WORDS: [&str; 11] =
        ["mobil", "handy", "cell", "natel", "gsm", "movil", "celular", "portable", "komork", "נייד", "סלולר"];
    let folded = fold(heading.as_str());
    WORDS.iter().any(|word| folded.contains(word))
}

fn is_yes(text: &str) -> bool {
    matches!(text, "*" | "★" | "✓")
        || matches!(
            fold(text).as_str(),
            "1" | "x" | "ja" | "j" | "yes" | "y" | "true" | "wahr" | "vip" | "oui" | "si" | "vrai" | "כן"
        )
}
