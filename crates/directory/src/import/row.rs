//! One row to one contact.

use ringside_domain::number::{CellReading, LeftOutReason, read_cell};
use ringside_domain::{Contact, ContactNumber, Label, NumberPlan};

use super::cells::{Look, bare, look, without_fraction};
use super::columns::{Column, Columns, NumberCell, is_mobile};
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
        // As they are written there: 王小明.
        (first, last) if is_chinese(first) && is_chinese(last) => format!("{last}{first}"),
        (first, last) => format!("{first} {last}"),
    })
}

fn is_chinese(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '\u{3005}' | '\u{3400}'..='\u{9fff}'))
}

fn numbers(fields: &[String], columns: &Columns, plan: &NumberPlan) -> (Vec<ContactNumber>, Vec<LeftOut>) {
    let (mut numbers, mut unread) = (Vec::<ContactNumber>::new(), Vec::new());
    for cell in columns.numbers(fields) {
        let left_out = |text: &str, reason| LeftOut { column: cell.kind.clone(), text: LeftOut::cut(text), reason };
        let mut reading = in_cell(&cell, plan);
        if let Some((text, heading)) = cell.end {
            unread.extend(end(&mut reading, &cell, text, plan).map(|reason| LeftOut {
                column: heading.clone(),
                text: LeftOut::cut(text),
                reason,
            }));
        }
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

/// Puts the end of a number behind it, in place of a switchboard's zero. Why it was left out where it is none.
fn end(reading: &mut CellReading, cell: &NumberCell<'_>, end: &str, plan: &NumberPlan) -> Option<RowReason> {
    let is_between = |c: char| c.is_whitespace() || matches!(c, '-' | '–' | '/' | '.' | '(' | ')');
    let digits = without_fraction(bare(end)).trim_matches(is_between);
    let digits = digits.trim_start_matches(|c: char| c.is_alphabetic() || is_between(c));
    if !(1..=5).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let own = read_cell(bare(end), plan);
        let why = own.left_out.first().map(|left| RowReason::Cell(left.why));
        reading.numbers.extend(own.numbers);
        return why;
    }
    let written = without_fraction(bare(cell.text)).trim_end_matches(is_between);
    let trunk = match written.rsplit_once(is_between) {
        Some((_, last)) if last == digits => return None,
        Some((trunk, "0")) => trunk.trim_end_matches(is_between),
        _ => written,
    };
    let of_text = |text: &str| in_cell(&NumberCell { text, end: None, ..*cell }, plan);
    // A slash before the zero parts two numbers.
    let base = of_text(trunk);
    let Some(number) =
        [&base, &*reading].into_iter().find_map(|it| it.numbers.first().filter(|_| it.numbers.len() == 1))
    else {
        return Some(RowReason::Cell(LeftOutReason::NotPublic));
    };
    // Elsewhere numbers have one length, and an extension is dialled when somebody has answered.
    let has_no_end = is_landline_of_any_length(number.e164()) && (trunk != written || !has_end(written));
    if !has_no_end {
        return Some(RowReason::Cell(LeftOutReason::NotDialled));
    }
    let whole = of_text(&format!("{trunk}-{digits}"));
    match &whole.numbers[..] {
        [number] if number.e164().ends_with(digits) => *reading = whole,
        _ => return Some(RowReason::Cell(LeftOutReason::NotDialled)),
    }
    None
}

/// Numbers of Germany and Austria, of which each company decides how long they are.
fn is_landline_of_any_length(e164: &str) -> bool {
    let is_mobile = |national: &str, areas: &[&str]| areas.iter().any(|area| national.starts_with(area));
    const AUSTRIAN: [&str; 18] = [
        "650", "651", "652", "653", "655", "657", "659", "660", "661", "663", "664", "665", "666", "667", "668", "67",
        "68", "69",
    ];
    match e164.split_at_checked(3) {
        Some(("+49", national)) => !is_mobile(national, &["15", "16", "17"]),
        Some(("+43", national)) => !is_mobile(national, &AUSTRIAN),
        _ => false,
    }
}

/// `0221 669669-44`: somebody's end stands there already.
fn has_end(written: &str) -> bool {
    written.rsplit_once(['-', '–']).is_some_and(|(trunk, end)| {
        let is_apart = trunk.trim().contains([' ', '/', '-', '–', ')']);
        is_apart && (2..=5).contains(&end.len()) && end.bytes().all(|byte| byte.is_ascii_digit())
    })
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

fn is_yes(text: &str) -> bool {
    matches!(text, "*" | "★" | "✓")
        || matches!(
            fold(text).as_str(),
            "1" | "x" | "ja" | "j" | "yes" | "y" | "true" | "wahr" | "vip" | "oui" | "si" | "vrai" | "כן"
        )
}
